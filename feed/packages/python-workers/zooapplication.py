"""The WSGI application of a site.

Comes in: a site. Goes out: its application, imported. Refuses to know: how requests reach it.
DJANGO_SETTINGS_MODULE comes before WSGI_APP, as it did in Helicon Zoo; with neither a page tells what to set.
"""

import importlib
import os
import platform
import sys
import traceback
from types import TracebackType
from typing import Any, Optional

from zooenvironment import enter_environment
from zoopages import page
from zoosite import KNOWN_VARIABLES, Site
from zoovariables import native_path
from zoowsgi import Application


class ApplicationError(Exception):
    """The application cannot be imported; the message names the file and the reason, the cause has the traceback."""


def prepare_process(site: Site) -> None:
    """Current folder, variables, environment and search path as the application expects them. The workers' own folder
    comes last, so that none of its modules hides one of the site's. Raises SiteError."""
    os.chdir(site.folder)
    os.environ.update(site.exports())
    enter_environment(site)
    paths = site.search_path
    own = os.path.dirname(os.path.abspath(__file__))
    rest = [path for path in sys.path if path and path not in paths and not _is_folder(path, own)]
    sys.path[:] = paths + rest + [own]


def load_application(site: Site) -> Application:
    """Imports the site's application. Raises ApplicationError."""
    settings = site.get('DJANGO_SETTINGS_MODULE')
    target = site.get('WSGI_APP')
    try:
        if settings:
            os.environ['DJANGO_SETTINGS_MODULE'] = settings_module(settings, site.folder)
            from django.core.wsgi import get_wsgi_application

            return get_wsgi_application()
        if target:
            return _import(target)
    except ApplicationError:
        raise
    except BaseException as error:  # a module may even leave by SystemExit
        what = "DJANGO_SETTINGS_MODULE '%s'" % settings if settings else "WSGI_APP '%s'" % target
        raise ApplicationError('%s cannot be imported: %s' % (what, explain(error, site.folder))) from error
    return built_in_page(site)


def settings_module(value: str, folder: str) -> str:
    """The module's name; a path of a file or folder, which Zoo allowed, puts its parent on the search path."""
    if not any(sign in value for sign in '/\\') and not value.endswith('.py'):
        return value
    path = native_path(value, folder)
    parent, name = os.path.split(path)
    if parent not in sys.path:
        sys.path.insert(0, parent)
    return name[:-3] if name.endswith('.py') else name


def explain(error: BaseException, folder: str) -> str:
    """One line: what went wrong, in which file and line; a file of the site is preferred to a library's."""
    reason = '%s: %s' % (type(error).__name__, error) if str(error) else type(error).__name__
    if isinstance(error, SyntaxError):
        return '%s' % reason
    place = _place(error.__traceback__, folder)
    return '%s (%s)' % (reason, place) if place else reason


def built_in_page(site: Site) -> Application:
    """What a site without an application answers: that Python works, and what to set. Values are shown only of
    variables that hold no secrets."""
    sentences = [
        'Python %s answers here, and no application is set.' % platform.python_version(),
        'Set DJANGO_SETTINGS_MODULE to the settings module of a Django project, or WSGI_APP to a module and the name '
        'of its application, like wsgi.application, among the variables in web.config.',
    ]
    lines = ['%s = %s' % (name, site.get(name) or '(not set)') for name in KNOWN_VARIABLES]
    others = sorted(set(site.variables).difference(KNOWN_VARIABLES))
    lines += ['%s is set' % name for name in others]
    return page('200 OK', 'Python works', sentences, '\n'.join(lines))


def _import(target: str) -> Application:
    module_name, _, attribute = target.replace(':', '.').rpartition('.')
    if not module_name:
        raise ApplicationError("WSGI_APP '%s' is no module.attribute, like wsgi.application" % target)
    if attribute == 'py':
        raise ApplicationError(
            "WSGI_APP '%s' names a file; write the module and its application, like %s.application"
            % (target, module_name)
        )
    module = importlib.import_module(module_name)
    application: Any = getattr(module, attribute, None)
    if application is None:
        raise ApplicationError("the module '%s' (%s) has no '%s'" % (module_name, module.__file__, attribute))
    if not callable(application):
        raise ApplicationError("'%s' is no WSGI application: it cannot be called" % target)
    return application


def _place(trace: Optional[TracebackType], folder: str) -> str:
    frames = [frame for frame in traceback.extract_tb(trace) if not frame.filename.startswith('<')]
    own = [frame for frame in frames if frame.filename.startswith(folder + os.sep)]
    environment = os.path.join(folder, '.venv') + os.sep
    own = [frame for frame in own if not frame.filename.startswith(environment)] or frames
    return '%s, line %s' % (own[-1].filename, own[-1].lineno) if own else ''


def _is_folder(path: str, folder: str) -> bool:
    return os.path.normcase(os.path.abspath(path)) == os.path.normcase(folder)
