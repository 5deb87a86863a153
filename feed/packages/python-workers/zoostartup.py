"""Brings a site up: deploy, environment, application; and keeps what visitors see meanwhile.

Comes in: a site. Goes out: `served`, which is a page at first and the application at the end, or a page that says the
site cannot be started. Refuses to know: which transport asks.
"""

import threading
import traceback
from typing import Any, Callable, List, Optional

from zooapplication import ApplicationError, load_application, prepare_process
from zoodeploy import DeployError, deploy
from zooenviron import is_forwarded, process_environ
from zoolife import Life
from zoolog import Log
from zoopages import broken_page, deploying_page, new_reference
from zooresponder import Served
from zoosite import Site, SiteError, open_site
from zoowatch import DEBOUNCE, Watch, parse_masks
from zoowsgi import Application


class Startup:
    """The steps from a folder to an application. They never raise: what goes wrong is logged once, becomes the page
    that every request gets, and stands in `failure`."""

    def __init__(self, log: Log, life: Life, show_errors: bool = False) -> None:
        self.served = Served(deploying_page())
        self.site: Optional[Site] = None
        self.failure = ''
        self.on_change: Callable[[List[str]], None] = self._stop_for
        self.watch_config = True
        self.debounce = DEBOUNCE
        self._log = log
        self._life = life
        self._show_errors = show_errors
        self._deploying: Optional[threading.Thread] = None
        self._loaded = False

    def open(self, folder: str, environ: Any) -> None:
        """First: the site's variables and its log."""
        try:
            site = open_site(folder, environ)
        except SiteError as error:
            self.fail('Its configuration cannot be read.', str(error))
            return
        self.site = site
        self.served.prefix = site.prefix
        self._log.path = site.log_file

    def run(self) -> None:
        """All further steps, in this thread."""
        self._deploy()
        self._load()

    def advance(self, seconds: float) -> None:
        """All further steps without blocking for more than some seconds while the deploy script runs: to be called
        with each request until it is done. The application itself is imported in the caller's thread."""
        if self._loaded:
            return
        if self._deploying is None:
            self._deploying = threading.Thread(target=self._deploy, name='zoo-deploy', daemon=True)
            self._deploying.start()
        self._deploying.join(seconds)
        if not self._deploying.is_alive():
            self._load()

    def fail(self, what: str, reason: str, details: str = '') -> None:
        """The site cannot run: `what` is for visitors, the rest for the log, and for the page only where errors may be
        shown."""
        reference = new_reference()
        self.failure = reason
        self._log.error('%s %s' % (reference, reason), details)

        def broken(environ: Any, start_response: Any) -> Any:
            show = self._show_errors and not is_forwarded(environ)
            shown = '%s\n\n%s' % (reason, details) if show else ''
            return broken_page(reference, what, shown)(environ, start_response)

        self.served.application = broken

    def _deploy(self) -> None:
        if self.site is None or self.failure:
            return
        try:
            deploy(self.site, self._log, on_request=True)
        except (DeployError, SiteError) as error:
            self.fail('Its deployment failed.', str(error))
        except Exception as error:
            self.fail('Its deployment failed.', str(error), traceback.format_exc())

    def _load(self) -> None:
        self._loaded = True
        site = self.site
        if site is None:
            return
        # From before the import on, so that nothing which changes meanwhile is missed; and also for a site that
        # failed, since a changed file is how it is mended.
        self._watch(site)
        if self.failure or self._life.stopping:
            return
        try:
            prepare_process(site)
            self.served.application = self._import(site)
            self.served.base = process_environ()
        except ApplicationError as error:
            cause = error.__cause__ or error
            text = ''.join(traceback.format_exception(type(cause), cause, cause.__traceback__))
            self.fail('Its application cannot be imported.', str(error), text if error.__cause__ else '')
        except SiteError as error:
            self.fail('Its Python environment cannot be used.', str(error))
        except Exception as error:
            self.fail('It cannot be started.', str(error), traceback.format_exc())

    def _import(self, site: Site) -> Application:
        application = load_application(site)
        self._log.info('the application of %s is ready' % site.folder)
        return application

    def _watch(self, site: Site) -> None:
        masks = parse_masks(site.watch_mask)
        if masks and self.watch_config:
            masks.append('web.config')
        if masks:
            Watch(site.folder, masks, self.on_change, self.debounce).start()

    def _stop_for(self, names: List[str]) -> None:
        self._life.stop(describe_change(names), restart=True)


def describe_change(names: List[str]) -> str:
    """For the log."""
    rest = ' and %d more' % (len(names) - 3) if len(names) > 3 else ''
    return 'changed: %s%s' % (', '.join(names[:3]), rest)
