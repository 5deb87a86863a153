"""A site: its folder, its variables, the files they name.

Comes in: a folder and the process environment. Goes out: one value that every other part asks. Refuses to know:
requests, and how the application is imported.

The variables come from the process environment when it says which application to run, else from web.config.
"""

import os
import sys
from typing import Dict, List, Mapping, Optional, Tuple

from zoovariables import expand_all, expand_in_place, has_unknown, native_path, path_list
from zoowebconfig import WebConfigError, read_web_config

# What a worker understands; a web.config may name more, which is for the application.
KNOWN_VARIABLES = (
    'PYTHONPATH',
    'DJANGO_SETTINGS_MODULE',
    'WSGI_APP',
    'DJANGO.ROOT',
    'DEPLOY_FILE',
    'DEPLOY_LOG',
    'DEPLOY_PACKAGES',
    'ERROR_LOG_DIR',
    'WATCH_FILE_CHANGES_MASK',
)
_APPLICATION = ('DJANGO_SETTINGS_MODULE', 'WSGI_APP')


class SiteError(Exception):
    """The site cannot be used; the message is for its administrator."""


class Site:
    """Immutable once made. `variables` has upper-case names; `form` is that of web.config, or empty."""

    def __init__(self, folder: str, form: str, variables: Mapping[str, str], prefix: Optional[str]) -> None:
        self.folder = folder
        self.form = form
        self.variables = dict(variables)
        self._handler_prefix = prefix

    def get(self, name: str) -> str:
        """A variable's value, empty when it is not set."""
        return self.variables.get(name.upper(), '').strip()

    @property
    def log_folder(self) -> Optional[str]:
        """Where logs and locks lie; None when the log is switched off with `NULL`."""
        value = self.get('ERROR_LOG_DIR')
        if value.upper() == 'NULL':
            return None
        return self._path(value) or os.path.join(self.folder, 'log')

    @property
    def log_file(self) -> Optional[str]:
        """The worker's own log."""
        return None if self.log_folder is None else os.path.join(self.log_folder, 'worker.log')

    @property
    def data_folder(self) -> str:
        """The private folder, which no web server sends."""
        return os.path.join(self.folder, 'data')

    @property
    def deploy_file(self) -> Optional[str]:
        """The deploy script, whether it exists or not."""
        return self._path(self.get('DEPLOY_FILE'))

    @property
    def deploy_log(self) -> str:
        """The log of the deploy script; a folder, which some sites name, gets a file inside."""
        path = self._path(self.get('DEPLOY_LOG'))
        if path is None or os.path.isdir(path):
            return os.path.join(path or self.log_folder or os.path.join(self.folder, 'log'), 'deploy.log')
        return path

    @property
    def environment(self) -> Optional[str]:
        """The Python environment that the site itself names."""
        return self._path(self.get('VIRTUAL_ENV'))

    @property
    def search_path(self) -> List[str]:
        """Where the application's modules are found: PYTHONPATH, then the site itself."""
        paths = path_list(self.get('PYTHONPATH'), self.folder)
        return paths if self.folder in paths else paths + [self.folder]

    @property
    def watch_mask(self) -> str:
        """Which files restart the worker when they change."""
        return self.get('WATCH_FILE_CHANGES_MASK')

    @property
    def prefix(self) -> Optional[str]:
        """The URL's part before the application, when the site or its handler says so."""
        root = self.get('DJANGO.ROOT')
        return root if root and not has_unknown(root) else self._handler_prefix

    def exports(self) -> Dict[str, str]:
        """The variables as the process and its children get them: search paths in this system's own spelling."""
        result = dict(self.variables)
        if 'PYTHONPATH' in result:
            result['PYTHONPATH'] = os.pathsep.join(self.search_path)
        return result

    def _path(self, value: str) -> Optional[str]:
        return native_path(value, self.folder) if value and not has_unknown(value) else None


def open_site(folder: str, environ: Mapping[str, str]) -> Site:
    """The site in `folder`. Raises SiteError when the folder or its web.config cannot be read."""
    folder = os.path.abspath(folder)
    try:
        form, declared = read_web_config(folder)
    except WebConfigError as error:
        raise SiteError(str(error)) from error
    prefix = _handler_prefix(environ)
    scope = {name.upper(): value for name, value in environ.items()}
    scope.update(_module_variables(folder, prefix or ''))
    if any(environ.get(name) for name in _APPLICATION):
        variables = _from_process(environ, declared, scope)
    else:
        variables = expand_all(declared, scope)
    return Site(folder, form, variables, prefix)


def _from_process(
    environ: Mapping[str, str], declared: List[Tuple[str, str]], scope: Mapping[str, str]
) -> Dict[str, str]:
    names = {name.upper() for name, _ in declared}.union(KNOWN_VARIABLES)
    return expand_in_place({name: value for name, value in environ.items() if name.upper() in names}, scope)


def _handler_prefix(environ: Mapping[str, str]) -> Optional[str]:
    """HttpPlatformHandler and Helicon's module tell the application's path; the root is `/` for one, empty for the
    other."""
    for name in ('HTTP_PLATFORM_APPL_PATH', 'APPL_VIRTUAL_PATH'):
        if name in environ:
            return environ[name].rstrip('/')
    return None


def _module_variables(folder: str, prefix: str) -> Dict[str, str]:
    """What only Helicon's module sets; a root has an empty virtual path, a folder no separator at its end."""
    return {'APPL_PHYSICAL_PATH': folder, 'APPL_PHYSICAL_SHORT_PATH': _short_path(folder), 'APPL_VIRTUAL_PATH': prefix}


def _short_path(folder: str) -> str:
    if sys.platform != 'win32':
        return folder
    import ctypes

    buffer = ctypes.create_unicode_buffer(1024)
    length = ctypes.windll.kernel32.GetShortPathNameW(folder, buffer, len(buffer))
    return buffer.value if 0 < length < len(buffer) else folder
