"""The templates' deploy.py: its pure parts, and the files it makes. (What it does with Django needs packages.)"""

import importlib.util
import os
import re
import stat
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest import mock

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


def load(path):
    spec = importlib.util.spec_from_file_location("deploy_under_test", str(path))
    module = importlib.util.module_from_spec(spec)
    with mock.patch.object(sys, "dont_write_bytecode", True):
        spec.loader.exec_module(module)
    module.say = lambda line: None
    return module


deploy = load(TEMPLATES / "shared" / "deploy.py")


class RequirementsTests(unittest.TestCase):
    def pins(self, text):
        return [tuple(pin) for pin in deploy.parse_requirements(text)]

    def test_pins_with_extras_hashes_and_comments(self):
        text = (
            "# what we use\n"
            "Django==5.2.19\n"
            "psycopg[binary] == 3.3.9  # the driver\n"
            "asgiref==3.13.0 \\\n    --hash=sha256:00ff \\\n    --hash=sha256:11ee\n"
            "mssql_django===2.0.0\n"
        )
        wanted = [("Django", "5.2.19"), ("psycopg", "3.3.9"), ("asgiref", "3.13.0"), ("mssql_django", "2.0.0")]
        self.assertEqual(self.pins(text), [(name, version, False) for name, version in wanted])

    def test_ranges_and_bare_names_are_wanted_in_any_version(self):
        text = "waitress\nDjango>=5.2,<6\nFlask==3.*\nBottle==0.13,!=0.13.1\n"
        self.assertEqual(self.pins(text), [(name, None, False) for name in ("waitress", "Django", "Flask", "Bottle")])

    def test_a_marker_makes_it_optional(self):
        text = 'tzdata==2026.6 ; sys_platform == "win32"\ncolorama;os_name=="nt"\n'
        self.assertEqual(self.pins(text), [("tzdata", "2026.6", True), ("colorama", None, True)])

    def test_options_files_and_addresses_are_left_to_the_installer(self):
        text = "-r more.txt\n--no-binary :all:\n-e .\n./wheels/a-1.0-py3-none-any.whl\n"
        text += "a-1.0-py3-none-any.whl\ngit+https://example.invalid/a.git\nhttps://example.invalid/a.zip\n\n"
        self.assertEqual(self.pins(text), [])

    def test_differences_are_told_in_words(self):
        pins = deploy.parse_requirements("Foo.Bar==1.0\nDjango==5.2\nPillow==13.0.0\nabsent==1\ntzdata==1;a=='b'\n")
        installed = {"foo-bar": "1", "django": "5.2.0", "pillow": "12.3.0"}
        self.assertEqual(
            deploy.differences(pins, installed),
            ["'Pillow' is 12.3.0 where requirements.txt wants 13.0.0", "'absent' is not installed"],
        )

    def test_ten_is_not_one(self):
        pins = deploy.parse_requirements("a==10\nb==1.10\n")
        self.assertEqual(len(deploy.differences(pins, {"a": "1", "b": "1.1"})), 2)


class InstallCommandTests(unittest.TestCase):
    def test_pip_comes_first_online_because_it_knows_the_administrator_s_mirror(self):
        command = deploy.install_command({"DEPLOY_UV": "/opt/uv"}, True)
        self.assertEqual(command[:5], [deploy.base_python(), "-m", "pip", "--python", str(deploy.PYTHON)])
        self.assertNotIn("--no-index", command)
        self.assertEqual(command[-2:], ["-r", "requirements.txt"])

    def test_uv_comes_first_offline(self):
        environment = {
            "DEPLOY_UV": "/opt/uv",
            "DEPLOY_OFFLINE": "1",
            "DEPLOY_FIND_LINKS": os.pathsep.join(["/one two", "/three"]),
        }
        command = deploy.install_command(environment, True)
        self.assertEqual(command[0], "/opt/uv")
        self.assertIn("--no-index", command)
        links = [command[index + 1] for index, part in enumerate(command) if part == "--find-links"]
        self.assertEqual(links, ["/one two", "/three"])

    def test_uv_serves_where_there_is_no_pip(self):
        self.assertEqual(deploy.install_command({"DEPLOY_UV": "/opt/uv"}, False)[0], "/opt/uv")

    def test_packages_go_into_the_site_wherever_pip_usually_installs(self):
        usual = {"PIP_USER": "1", "PIP_TARGET": "/elsewhere", "PIP_REQUIRE_VIRTUALENV": "1"}
        seen = {}
        with mock.patch.dict(os.environ, usual), mock.patch.object(
            deploy, "check_run", lambda what, command: seen.update(os.environ)
        ), mock.patch.object(deploy, "has_pip", lambda: True):
            deploy.install_packages(False)
        self.assertEqual([seen[name] for name in usual], ["0", "", "0"])

    def test_neither_is_told_in_words(self):
        with self.assertRaisesRegex(deploy.DeployError, "neither pip nor uv"):
            deploy.install_command({}, False)


class WordsTests(unittest.TestCase):
    def test_the_driver_s_reason_in_one_line_without_the_password(self):
        error = Exception(1045, "Access denied\n\tfor 'shop' with s3cret")
        self.assertEqual(deploy.short_reason(error, "s3cret"), "Access denied for 'shop' with ***")
        self.assertEqual(deploy.short_reason(ValueError(), ""), "ValueError")
        self.assertEqual(len(deploy.short_reason(Exception("x" * 5000), "")), 300)

    def test_a_database_as_a_person_would_say_it(self):
        settings = {"ENGINE": "django.db.backends.postgresql", "NAME": "shop", "HOST": "db", "PORT": "5432"}
        self.assertEqual(deploy.database_label(settings), "the postgresql database 'shop' on 'db:5432'")
        self.assertEqual(deploy.database_label({"ENGINE": "mssql", "NAME": "a"}), "the mssql database 'a'")

    def test_the_last_words_of_a_command(self):
        trace = [
            "Traceback (most recent call last):",
            "  File x",
            "django.db.utils.OperationalError: no such table",
            "more",
        ]
        self.assertEqual(deploy.last_words(trace), "no such table")
        self.assertEqual(deploy.last_words(["error: No folder", "  cause: gone"]), "No folder")
        self.assertEqual(deploy.last_words(["one", " two "]), "two")
        self.assertEqual(deploy.last_words([]), "")


class FileTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.site = Path(folder.name)

    def test_the_key_is_made_once_whoever_comes_first(self):
        key = self.site / "secret.key"
        with ThreadPoolExecutor(16) as pool:
            keys = list(pool.map(lambda _: (deploy.make_secret_key(key), key.read_bytes())[1], range(64)))
        self.assertEqual(len(set(keys)), 1)
        self.assertGreaterEqual(len(keys[0].strip()), 50)
        self.assertEqual(os.listdir(str(self.site)), ["secret.key"])

    @unittest.skipIf(os.name == "nt", "rights are the folder's there")
    def test_only_the_owner_reads_the_key(self):
        key = self.site / "secret.key"
        deploy.make_secret_key(key)
        self.assertEqual(stat.S_IMODE(key.stat().st_mode), 0o600)

    def test_an_empty_key_is_not_replaced_silently(self):
        key = self.site / "secret.key"
        key.write_bytes(b"\n")
        with self.assertRaisesRegex(deploy.DeployError, "is empty"):
            deploy.make_secret_key(key)
        self.assertEqual(key.read_bytes(), b"\n")

    def test_the_plain_folders_get_their_web_config_back_but_keep_their_own(self):
        (self.site / "static").mkdir()
        (self.site / "media").mkdir()
        (self.site / "media" / "web.config").write_text("my own")
        (self.site / "static.web.config").write_text("<configuration/>")
        with mock.patch.multiple(deploy, SITE=self.site, PLAIN_FOLDER_CONFIG=self.site / "static.web.config"):
            deploy.keep_folder_configs()
        self.assertEqual((self.site / "static" / "web.config").read_text(), "<configuration/>")
        self.assertEqual((self.site / "media" / "web.config").read_text(), "my own")
        self.assertEqual(os.listdir(str(self.site / "static")), ["web.config"])


class WholeTests(unittest.TestCase):
    """deploy.py as it is started, in a site without packages."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.site = Path(folder.name)
        (self.site / "deploy.py").write_bytes((TEMPLATES / "shared" / "deploy.py").read_bytes())
        (self.site / "static.web.config").write_text("<configuration/>")

    def run_deploy(self, **variables):
        result = subprocess.run(
            [sys.executable, "deploy.py"],
            cwd=str(self.site),
            env={**os.environ, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        return result.returncode, result.stdout.decode("utf-8")

    def snapshot(self):
        files = [path for path in self.site.rglob("*") if path.is_file()]
        return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}

    def test_a_second_run_changes_nothing(self):
        status, text = self.run_deploy()
        self.assertEqual((status, text.splitlines()[-1]), (0, "The site is up to date."))
        first = self.snapshot()
        self.assertIn(str(self.site / "media" / "web.config"), first)
        self.assertEqual(self.run_deploy(), (0, "The site is up to date.\n"))
        self.assertEqual(self.snapshot(), first)

    def test_missing_packages_fail_in_words(self):
        (self.site / "requirements.txt").write_text("Django==5.2.19\n")
        status, text = self.run_deploy(DEPLOY_PACKAGES="0")
        self.assertEqual(status, 1)
        self.assertRegex(text.splitlines()[-1], r"^Deploy failed: '\.venv' is missing .*zookit deploy")
        self.assertNotIn("Traceback", text)

    def test_a_folder_that_cannot_be_made_fails_in_words(self):
        (self.site / "log").write_text("a file is in the way")
        status, text = self.run_deploy()
        self.assertEqual(status, 1)
        self.assertRegex(text.splitlines()[-1], r"^Deploy failed: .*log")
        self.assertNotIn("Traceback", text)


class TemplateTests(unittest.TestCase):
    def test_the_start_pages_look_the_same_everywhere(self):
        styles = {path.read_bytes() for path in TEMPLATES.rglob("start.css")}
        self.assertEqual(len(styles), 1)

    def test_no_template_has_a_deploy_script_of_its_own(self):
        self.assertEqual([path.parent.name for path in TEMPLATES.rglob("deploy.py")], ["shared"])

    def test_the_version_on_a_start_page_is_the_feed_s(self):
        feed = (TEMPLATES.parent / "feed" / "feed.xml").read_text(encoding="utf-8")
        for folder, file in (("django", "welcome/status.py"), ("wsgi", "wsgi.py"), ("flask", "wsgi.py")):
            entries = [entry for entry in feed.split("<entry>") if '"../templates/%s/"' % folder in entry]
            declared = [re.findall("<version>(.+?)</version>", entry)[0] for entry in entries]
            source = (TEMPLATES / folder / file).read_text(encoding="utf-8")
            self.assertEqual(declared, re.findall('TEMPLATE_VERSION = "(.+?)"', source), folder)


if __name__ == "__main__":
    unittest.main()
