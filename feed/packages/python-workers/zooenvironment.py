"""The Python environment of a site, entered by a worker that runs under the hosting Python.

Comes in: a site. Goes out: a process whose imports, PATH and sys.executable are those of the environment. Refuses to
know: how environments are made.

An environment cannot be moved and holds compiled modules for one Python, so it is entered only if the Python in its
pyvenv.cfg is this one and the minor version fits. Order: VIRTUAL_ENV of the site, its `.venv`, the shared one.
"""

import os
import site as site_module
import sys
from typing import Dict, List, NamedTuple, Optional

from zoosite import Site, SiteError

_WINDOWS = os.name == 'nt'
_SCRIPTS = 'Scripts' if _WINDOWS else 'bin'


class Environment(NamedTuple):
    """A folder with a pyvenv.cfg; `trouble` says why this Python cannot use it, empty when it can."""

    folder: str
    trouble: str
    sees_system: bool


def base_executable() -> str:
    """The interpreter that made the environment we may be running in, or this one."""
    return getattr(sys, '_base_executable', None) or sys.executable


def read_environment(folder: str) -> Optional[Environment]:
    """What stands in the folder's pyvenv.cfg; None when the folder is no environment."""
    try:
        with open(os.path.join(folder, 'pyvenv.cfg'), encoding='utf-8-sig', errors='replace') as file:
            values = _parse(file.read())
    except OSError:
        return None
    return Environment(folder, _trouble(values), values.get('include-system-site-packages', '') == 'true')


def enter_environment(site: Site) -> str:
    """Enters the environment that fits and returns its folder, empty when the site has none. Raises SiteError when the
    site's own environment cannot be used and no other is there."""
    own = os.path.join(site.folder, '.venv')
    named = site.environment
    folders = [folder for folder in (named, own, shared_environment()) if folder]
    troubles: List[str] = []
    for folder in folders:
        if _same(folder, sys.prefix) and sys.prefix != sys.base_prefix:
            return folder
        found = read_environment(folder)
        if found is None:
            continue
        if not found.trouble:
            _enter(found)
            return folder
        if folder in (named, own):
            troubles.append("the environment '%s' %s" % (folder, found.trouble))
    if troubles:
        raise SiteError('%s; make it anew with: zookit deploy "%s"' % ('; '.join(troubles), site.folder))
    return ''


def shared_environment() -> str:
    """The environment of all sites: beside the folder in which the workers are installed."""
    return os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'environments', 'default')


def site_packages(folder: str) -> str:
    """Where an environment of this Python keeps its packages."""
    if _WINDOWS:
        return os.path.join(folder, 'Lib', 'site-packages')
    return os.path.join(folder, 'lib', 'python%d.%d' % sys.version_info[:2], 'site-packages')


def _parse(text: str) -> Dict[str, str]:
    values = {}
    for line in text.splitlines():
        name, equals, value = line.partition('=')
        if equals:
            values[name.strip().lower()] = value.strip()
    return values


def _trouble(values: Dict[str, str]) -> str:
    """`version` is venv's word, `version_info` that of virtualenv and uv."""
    version = values.get('version') or values.get('version_info', '')
    wanted = '%d.%d' % sys.version_info[:2]
    if '.'.join(version.split('.')[:2]) != wanted:
        return 'is for Python %s, the worker runs under %s' % (version or 'unknown', wanted)
    home = values.get('home', '')
    if not os.path.isdir(home):
        return "was made by a Python in '%s' that is gone" % home
    if not _is_home(home):
        return "was made by the Python in '%s', the worker runs under '%s'" % (home, base_executable())
    return ''


def _is_home(home: str) -> bool:
    """Whether this process's Python lies in `home`; links count as what they point to."""
    here = base_executable()
    if _same(home, os.path.dirname(here)) or _same(home, sys.base_exec_prefix):
        return True
    names = ('python%d.%d' % sys.version_info[:2], 'python3', 'python', os.path.basename(here))
    return any(_same(os.path.join(home, name), here) for name in names)


def _same(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False


def _enter(environment: Environment) -> None:
    """What starting the environment's own interpreter would have done to this process."""
    folder = environment.folder
    if not environment.sees_system:
        foreign = {os.path.normcase(path) for path in site_module.getsitepackages()}
        foreign.add(os.path.normcase(site_module.getusersitepackages()))
        sys.path[:] = [path for path in sys.path if os.path.normcase(path) not in foreign]
    before = list(sys.path)
    site_module.addsitedir(site_packages(folder))
    if environment.sees_system:
        added = [path for path in sys.path if path not in before]
        first = [path for path in before if not path.endswith(('site-packages', 'dist-packages'))]
        sys.path[:] = first + added + [path for path in before if path not in first]
    sys.prefix = sys.exec_prefix = folder
    scripts = os.path.join(folder, _SCRIPTS)
    executable = os.path.join(scripts, 'python.exe' if _WINDOWS else 'python')
    if os.path.isfile(executable):
        sys.executable = executable
    os.environ['VIRTUAL_ENV'] = folder
    os.environ['PATH'] = os.pathsep.join([scripts, os.environ.get('PATH', os.defpath)])
    os.environ.pop('PYTHONHOME', None)
