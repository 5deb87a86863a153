"""What stands between waitress and the application under HttpPlatformHandler.

Comes in: waitress' environ. Goes out: the application's, with its prefix, without headers that only the handler may
use; errors become pages with a reference number. Refuses to know: waitress.
"""

import hmac
import os
import sys
import traceback
from typing import Any, Iterator, Optional

from zoolife import Life
from zoolog import Log
from zoopages import deploying_page, failure_page, new_reference
from zooresponder import Served
from zoourl import cut_prefix

# The Windows user's token is a handle of this process, for whoever closes it; the others speak to the process itself.
_PRIVATE = ('HTTP_X_IIS_WINDOWSAUTHTOKEN', 'HTTP_MS_ASPNETCORE_TOKEN', 'HTTP_MS_ASPNETCORE_EVENT', 'HTTP_PROXY')


class Front:
    """A WSGI application around the site's."""

    def __init__(self, served: Served, life: Life, log: Log, show_errors: bool = False) -> None:
        self._served = served
        self._life = life
        self._log = log
        self._show_errors = show_errors
        self._token = os.environ.get('HTTP_PLATFORM_TOKEN', '')

    def __call__(self, environ: Any, start_response: Any) -> Any:
        if self._asks_for_shutdown(environ):
            self._life.stop('the handler asked for it')
            start_response('202 Accepted', [('Content-Length', '0')])
            return [b'']
        if self._life.stopping:
            # The handler starts a new process as soon as this one is gone.
            return deploying_page()(environ, start_response)
        # Before the headers are stripped: waitress' forwarded ones count, too.
        forwarded = any(name.startswith(('HTTP_FORWARDED', 'HTTP_X_FORWARDED')) for name in environ)
        for name in _PRIVATE:
            environ.pop(name, None)
        cut = cut_prefix(environ.get('PATH_INFO', ''), self._served.prefix or '')
        if cut is not None:
            environ['SCRIPT_NAME'], environ['PATH_INFO'] = cut[0], cut[1] or ('' if cut[0] else '/')
        return _Result(self, environ, start_response, self._show_errors and not forwarded)

    def _asks_for_shutdown(self, environ: Any) -> bool:
        """The newer handlers' request, which proves itself by the token that this process was started with."""
        if not self._token or environ.get('HTTP_MS_ASPNETCORE_EVENT') != 'shutdown':
            return False
        given = environ.get('HTTP_MS_ASPNETCORE_TOKEN', '')
        return hmac.compare_digest(given.encode('latin-1', 'replace'), self._token.encode('utf-8'))

    def application(self, environ: Any, start_response: Any) -> Any:
        """What is served now."""
        return self._served.application(environ, start_response)

    def report(self, environ: Any, error: BaseException, show: bool) -> Any:
        """Logs an error; the page for it."""
        reference = new_reference()
        text = ''.join(traceback.format_exception(type(error), error, error.__traceback__))
        path = environ.get('SCRIPT_NAME', '') + environ.get('PATH_INFO', '')
        self._log.error('%s %s %s' % (reference, environ.get('REQUEST_METHOD'), path), text)
        return failure_page(reference, text if show else '')

    def begin(self) -> Any:
        """Marks a request as in progress until the returned context is left."""
        return self._life.request()


class _Result:
    """An application's result, in progress until it is closed."""

    def __init__(self, front: Front, environ: Any, start_response: Any, show: bool) -> None:
        self._front = front
        self._environ = environ
        self._start_response = start_response
        self._show = show
        self._progress = front.begin()
        self._progress.__enter__()
        try:
            self._result = front.application(environ, start_response)
        except (Exception, SystemExit) as error:
            self._result = self._replace(error)

    def __iter__(self) -> Iterator[bytes]:
        try:
            for piece in self._result:
                yield piece
        except (Exception, SystemExit) as error:
            for piece in self._replace(error):
                yield piece

    def __len__(self) -> int:
        return len(self._result)

    def close(self) -> None:
        """Waitress calls it in any case."""
        progress, self._progress = self._progress, None
        try:
            close = getattr(self._result, 'close', None)
            if close is not None:
                close()
        finally:
            if progress is not None:
                progress.__exit__(None, None, None)

    def _replace(self, error: BaseException) -> Any:
        """The error page; after the headers are sent start_response raises the error again, and waitress cuts the
        connection."""
        page = self._front.report(self._environ, error, self._show)
        try:
            self._start_response(page.status, page.headers, sys.exc_info())
        except BaseException:
            self.close_progress()
            raise
        return [page.body]

    def close_progress(self) -> None:
        """Ends the progress when there will be no result to close."""
        progress = self._progress  # type: Optional[Any]
        if progress is not None and not hasattr(self, '_result'):
            self._progress = None
            progress.__exit__(None, None, None)
