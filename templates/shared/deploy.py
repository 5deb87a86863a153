"""Brings this site up to date: private files, packages, database, static files.

Run it as `python deploy.py`; `zookit deploy` and the worker do the same, one at a time, and keep its output in
log/deploy.log. It may run again and again: what is done already stays as it is. It works with any Python from 3.8 on
and needs nothing but the standard library, because it runs before the site's packages are there.

Variables:
  DEPLOY_PACKAGES=1     make .venv and install packages; without it they are only checked
  DEPLOY_UV             absolute path of uv, taken when offline or where there is no pip
  DEPLOY_PIP            absolute path of a wheel of pip, taken where there is neither pip nor uv
  DEPLOY_FIND_LINKS     folders with package files, parted as in PATH
  DEPLOY_OFFLINE=1      install from those folders only
  DEPLOY_ON_REQUEST=1   a visitor waits: databases that cannot undo a half-done migration are only checked
  DJANGO_SUPERUSER_USERNAME, _PASSWORD, _EMAIL   make this administrator unless there is one of that name
"""

from __future__ import annotations

import codecs
import json
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

SITE = Path(__file__).resolve().parent
VENV = SITE / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
SECRET_KEY = SITE / "data" / "secret.key"
FOLDERS = ("data", "log", "media", "static")

# In these two the web server sends the files itself, told so by a web.config of their own; this is its original.
PLAIN_FOLDERS = ("media", "static")
PLAIN_FOLDER_CONFIG = SITE / "static.web.config"

ANSWER = "deploy-answer: "


class DeployError(Exception):
    """Why the site cannot be brought up to date, in words."""


class Pin(NamedTuple):
    """A line of requirements.txt; without a version any will do, an optional one may be missing (it has a marker)."""

    name: str
    version: Optional[str]
    optional: bool


def main() -> int:
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        os.chdir(SITE)
        make_folders()
        make_secret_key(SECRET_KEY)
        python = prepare_environment()
        if (SITE / "manage.py").is_file():
            deploy_django(python)
        keep_folder_configs()
    except DeployError as error:
        say(f"Deploy failed: {error}")
        return 1
    except OSError as error:
        say(f"Deploy failed: {error.strerror or error}" + (f": '{error.filename}'" if error.filename else ""))
        return 1
    say("The site is up to date.")
    return 0


# ---------------------------------------------------------------- private files and folders


def make_folders() -> None:
    for name in FOLDERS:
        folder = SITE / name
        if not folder.is_dir():
            folder.mkdir(mode=0o700 if name == "data" else 0o755)
            say(f"Made the folder '{name}'.")


def make_secret_key(path: Path) -> None:
    """Makes the key unless there is one. Two at once get the same key: only the first one's file takes the name."""
    if path.exists():
        if not path.read_text(encoding="ascii", errors="replace").strip():
            raise DeployError(f"'{path}' is empty; delete it and a new key is made")
        return
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(str(draft), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii", newline="\n") as stream:
            stream.write(secrets.token_urlsafe(50) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        if rename_unless_taken(draft, path):
            say("Made the secret key.")
    finally:
        if draft.exists():
            draft.unlink()


def rename_unless_taken(source: Path, target: Path) -> bool:
    """Gives `source` the name of `target` in one step; False when another process was first."""
    try:
        if os.name == "nt":
            os.rename(source, target)
        else:
            os.link(source, target)  # a rename would replace
    except FileExistsError:
        return False
    except OSError:
        if os.name == "nt" or target.exists():
            raise
        os.rename(source, target)  # a file system without links
    return True


def keep_folder_configs() -> None:
    """Puts back the web.config that `collectstatic --clear`, or a clone of the repository, left out."""
    if not PLAIN_FOLDER_CONFIG.is_file():
        return
    for name in PLAIN_FOLDERS:
        target = SITE / name / "web.config"
        if not target.exists():
            draft = target.with_name("web.config.new")
            draft.write_bytes(PLAIN_FOLDER_CONFIG.read_bytes())
            os.replace(draft, target)
            say(f"Put '{name}/web.config' in its place.")


# ---------------------------------------------------------------- environment and packages


def prepare_environment() -> str:
    """Sees to it that the pinned packages are there; returns the interpreter that has them."""
    file = SITE / "requirements.txt"
    pins = parse_requirements(decode_requirements(file.read_bytes())) if file.is_file() else []
    installed = installed_packages()
    missing = differences(pins, installed or {})
    if pins and (installed is None or missing):
        if os.environ.get("DEPLOY_PACKAGES") != "1":
            state = "; ".join(missing) if installed is not None else "'.venv' is missing or its Python is gone"
            raise DeployError(f'{state}; install the packages with `zookit deploy "{SITE}"`')
        install_packages(make_environment=installed is None)
        missing = differences(pins, installed_packages() or {})
        if missing:
            raise DeployError("; ".join(missing))
    if pins:
        say(f"Packages: all {len(pins)} as requirements.txt wants them.")
    return str(PYTHON) if pins or installed is not None else base_python()


def decode_requirements(data: bytes) -> str:
    """As pip does: Notepad and `pip freeze >` of PowerShell begin a file with a mark that tells its encoding."""
    is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return data.decode("utf-16" if is_wide else "utf-8-sig", "replace")


def parse_requirements(text: str) -> List[Pin]:
    """The packages that requirements.txt names. Options, files and addresses are the installer's own business."""
    pins = []
    for line in re.sub(r"\\\r?\n", " ", text).splitlines():
        line = re.sub(r"(^|\s)#.*", "", line).strip()
        line = re.sub(r"\s--hash[=\s]\S+", "", line)
        found = re.match(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(?:===?\s*([^\s;,*]+)\s*(?=;|$))?", line)
        if found and not re.match(r"[A-Za-z+]+://|\S*\.(whl|zip|tar\.gz)(\s|$)", line):
            pins.append(Pin(found.group(1), found.group(2), ";" in line))
    return pins


def installed_packages() -> Optional[Dict[str, str]]:
    """Names and versions in .venv; None when it is missing, dead, or made for another version of Python."""
    code = (
        "import importlib.metadata as metadata, json, sys\n"
        "packages = {each.metadata['Name'] or '': each.version for each in metadata.distributions()}\n"
        "print(json.dumps(['%d.%d' % sys.version_info[:2], packages]))"
    )
    try:
        config = (VENV / "pyvenv.cfg").read_text(encoding="utf-8")
        result = subprocess.run([str(PYTHON), "-I", "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        version, packages = json.loads(result.stdout)
    except (OSError, ValueError):
        return None
    made_for = re.search(r"^version(?:_info)?\s*=\s*(\d+\.\d+)", config, re.MULTILINE)
    if made_for and made_for.group(1) != version:
        return None
    return {normal_name(name): found for name, found in packages.items()}


def differences(pins: Sequence[Pin], installed: Mapping[str, str]) -> List[str]:
    """What is not as it is pinned, each in words."""
    words = []
    for pin in pins:
        found = installed.get(normal_name(pin.name))
        if found is None:
            if not pin.optional:
                words.append(f"'{pin.name}' is not installed")
        elif pin.version and normal_version(found) != normal_version(pin.version):
            words.append(f"'{pin.name}' is {found} where requirements.txt wants {pin.version}")
    return words


def normal_name(name: str) -> str:
    """PEP 503: `Foo.Bar` and `foo-bar` are one package."""
    return re.sub(r"[-_.]+", "-", name).lower()


def normal_version(version: str) -> str:
    """PEP 440, as far as pins need it: 5.2 is 5.2.0."""
    return re.sub(r"(\.0+)+$", "", version.lower())


def install_packages(make_environment: bool) -> None:
    if make_environment:
        say("Making the environment '.venv'.")
        # Without pip: some systems have no ensurepip, and nothing here needs pip inside.
        check_run("making '.venv'", [base_python(), "-m", "venv", "--clear", "--without-pip", str(VENV)])
    # Where somebody lets pip install usually, by variables or files, is no place of a site; what is empty counts as not said.
    os.environ.update(PIP_REQUIRE_VIRTUALENV="0", PIP_USER="0", PIP_TARGET="", PIP_PREFIX="", PIP_ROOT="")
    check_run("installing the packages", install_command(os.environ, has_pip()))


def has_pip() -> bool:
    command = [base_python(), "-m", "pip", "--version"]
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def install_command(environment: Mapping[str, str], with_pip: bool) -> List[str]:
    """uv does not read pip's configuration (mirror, proxy), so it comes first only where nothing is fetched."""
    uv = environment.get("DEPLOY_UV", "")
    offline = environment.get("DEPLOY_OFFLINE") == "1"
    if uv and (offline or not with_pip):
        command = [uv, "pip", "install", "--python", str(PYTHON), "--link-mode", "copy", "--compile-bytecode"]
        command += ["--no-python-downloads"] + (["--offline"] if offline else [])
    elif with_pip:
        command = [base_python(), "-m", "pip", "--python", str(PYTHON), "install", "--no-input"]
        command += ["--disable-pip-version-check", "--progress-bar", "off"]
    elif environment.get("DEPLOY_PIP"):
        # A wheel of pip can run itself, under the very Python that it installs for.
        command = [str(PYTHON), os.path.join(environment["DEPLOY_PIP"], "pip"), "install", "--no-input"]
        command += ["--disable-pip-version-check", "--progress-bar", "off"]
    else:
        raise DeployError("there is neither pip nor uv to install packages with; install one (Debian: python3-pip)")
    folders = environment.get("DEPLOY_FIND_LINKS", "").split(os.pathsep)
    command += [part for folder in folders if folder for part in ("--find-links", folder)]
    return command + (["--no-index"] if offline else []) + ["-r", "requirements.txt"]


def base_python() -> str:
    """The interpreter below any environment: a new environment must not rest on an old one."""
    return getattr(sys, "_base_executable", None) or sys.executable


# ---------------------------------------------------------------- Django


def deploy_django(python: str) -> None:
    report = ask_django(python, "report_database")
    if report["problem"]:
        raise DeployError(report["problem"])
    migrate(python, undoable=report["undoable"])
    check_run("`manage.py collectstatic`", [python, "manage.py", "collectstatic", "--noinput"])
    name = os.environ.get("DJANGO_SUPERUSER_USERNAME")
    if name and os.environ.get("DJANGO_SUPERUSER_PASSWORD"):
        made = ask_django(python, "make_administrator", with_password=True)["made"]
        say(f"Made the administrator '{name}'." if made else f"The user '{name}' is there already.")


def migrate(python: str, undoable: bool) -> None:
    if os.environ.get("DEPLOY_ON_REQUEST") == "1" and not undoable:
        # A server may stop this process at any time, and such a database would keep half of a migration.
        status, _ = run([python, "manage.py", "migrate", "--check"])
        if status:
            raise DeployError(f'migrations wait; apply them with `zookit deploy "{SITE}"`')
        return
    check_run("`manage.py migrate`", [python, "manage.py", "migrate", "--noinput"])


def ask_django(python: str, function: str, with_password: bool = False) -> Dict[str, Any]:
    """Calls a function of this file inside Django; its answer is marked, because the site may print things too."""
    code = f"import {Path(__file__).stem} as deploy; deploy.{function}()"
    command = [python, "manage.py", "shell", "--verbosity", "0", "--command", code]
    environment = child_environment(with_password)
    result = subprocess.run(command, cwd=str(SITE), env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    lines = result.stdout.decode("utf-8", "replace").rstrip().splitlines()
    answers = [line[len(ANSWER) :] for line in lines if line.startswith(ANSWER)]
    if result.returncode == 0 and answers:
        return json.loads(answers[-1])
    for line in lines:
        say(f"  {line}")
    reason = last_words(lines) or f"exit status {result.returncode}"
    if "libodbc" in reason:
        reason += " (install unixODBC, for example `apt-get install unixodbc`, and Microsoft's ODBC Driver 18)"
    raise DeployError(f"Django does not start: {reason}")


def answer(value: Mapping[str, object]) -> None:
    print(f"\n{ANSWER}{json.dumps(value)}", flush=True)


def report_database() -> None:
    """Runs inside Django: why the default database cannot be used, and whether it can undo half a migration."""
    from django.db import connections

    settings = connections.settings["default"]
    undoable = True
    problem = ""
    try:
        connections["default"].ensure_connection()
        undoable = connections["default"].features.can_rollback_ddl
    except Exception as error:  # drivers raise whatever they like
        problem = f"{database_label(settings)} cannot be used: {short_reason(error, str(settings.get('PASSWORD', '')))}"
    answer({"problem": problem, "undoable": undoable})


def make_administrator() -> None:
    """Runs inside Django: makes the user unless there is one; the e-mail address may be left out, unlike in Django."""
    from django.contrib.auth import get_user_model

    user = get_user_model()
    given = {
        name: os.environ.get(f"DJANGO_SUPERUSER_{name.upper()}", "")
        for name in (user.USERNAME_FIELD, *user.REQUIRED_FIELDS, "password")
    }
    given[user.USERNAME_FIELD] = name = os.environ["DJANGO_SUPERUSER_USERNAME"]
    exists = user._default_manager.filter(**{user.USERNAME_FIELD: name}).exists()
    if not exists:
        user._default_manager.create_superuser(**given)
    answer({"made": not exists})


def database_label(settings: Mapping[str, object]) -> str:
    """Which database, as a person would say it."""
    engine = str(settings.get("ENGINE", "")).rpartition(".")[2]
    host, port = settings.get("HOST"), settings.get("PORT")
    place = f" on '{host}:{port}'" if host and port else f" on '{host}'" if host else ""
    return f"the {engine} database '{settings.get('NAME', '')}'{place}"


def short_reason(error: BaseException, password: str) -> str:
    """The driver's own words in one line, without its numbers, class names and the password."""
    last = error.args[-1] if error.args else None
    text = " ".join((last if isinstance(last, str) else str(error) or type(error).__name__).split())
    text = text.replace(password, "***") if password else text
    return text if len(text) <= 300 else text[:297] + "..."


# ---------------------------------------------------------------- running and telling


def child_environment(with_password: bool = False) -> Dict[str, str]:
    """What a command gets: nothing of another environment, and the administrator's password only if it needs it."""
    dropped = {"PYTHONHOME", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__"}
    if not with_password:
        dropped.add("DJANGO_SUPERUSER_PASSWORD")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return {**kept, "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}


def run(command: Sequence[str]) -> Tuple[int, List[str]]:
    """Runs a command, tells each line as it comes; returns its exit status and lines."""
    say("> " + " ".join(command))
    lines = []
    with subprocess.Popen(
        command,
        cwd=str(SITE),
        env=child_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        for raw in process.stdout or ():
            line = raw.decode("utf-8", "replace").rstrip()
            if line:
                say(f"  {line}")
                lines.append(line)
    return process.returncode, lines


def check_run(what: str, command: Sequence[str]) -> None:
    status, lines = run(command)
    if status:
        raise DeployError(f"{what} failed: {last_words(lines) or f'exit status {status}'}")


def last_words(lines: Sequence[str]) -> str:
    """The message of the exception that a command ended with, or its own line of error, else its last line."""
    for line in reversed(lines):
        message = re.match(r"(?:(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Configured)|error|ERROR): (.+)", line)
        if message:
            return message.group(1)
    return lines[-1].strip() if lines else ""


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
