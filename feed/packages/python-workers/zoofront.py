"""What stands between waitress and the application under HttpPlatformHandler.

Comes in: waitress' environ. Goes out: the application's, with its prefix, without headers that only the handler may
use; errors become pages with a reference number. Refuses to know: waitress.
"""

import hmac
import os
import sys
import traceback
from contextlib import ExitStack
from typing import Any, Iterator

from zooenviron import is_forwarded
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
        for name in _PRIVATE:
            environ.pop(name, None)
        cut = cut_prefix(environ.get('PATH_INFO', ''), self._served.prefix or '')
        if cut is not None:
            environ['SCRIPT_NAME'], environ['PATH_INFO'] = cut[0], cut[1] or ('' if cut[0] else '/')
        with ExitStack() as progress:
            progress.enter_context(self._life.request())
            try:
                result = self._served.application(environ, start_response)
            except (Exception, SystemExit) as error:
                result = self.replace(environ, start_response, error)
            kind = _CountedResult if hasattr(result, '__len__') else _Result
            return kind(result, self, environ, start_response, progress.pop_all())

    def replace(self, environ: Any, start_response: Any, error: BaseException) -> Any:
        """Logs an error and answers with its page. After the headers are sent start_response raises the error again,
        and waitress cuts the connection."""
        reference = new_reference()
        text = ''.join(traceback.format_exception(type(error), error, error.__traceback__))
        path = environ.get('SCRIPT_NAME', '') + environ.get('PATH_INFO', '')
        self._log.error('%s %s %s' % (reference, environ.get('REQUEST_METHOD'), path), text)
        page = failure_page(reference, text if self._show_errors and not is_forwarded(environ) else '')
        start_response(page.status, page.headers, sys.exc_info())
        return [page.body]

    def _asks_for_shutdown(self, environ: Any) -> bool:
        """The newer handlers' request, which proves itself by the token that this process was started with."""
        if not self._token or environ.get('HTTP_MS_ASPNETCORE_EVENT') != 'shutdown':
            return False
        given = environ.get('HTTP_MS_ASPNETCORE_TOKEN', '')
        return hmac.compare_digest(given.encode('latin-1', 'replace'), self._token.encode('utf-8'))


class _Result:
    """An application's result; its request is in progress until it is closed, which waitress does in any case."""

    def __init__(self, result: Any, front: Front, environ: Any, start_response: Any, progress: ExitStack) -> None:
        self._result = result
        self._front = front
        self._environ = environ
        self._start_response = start_response
        self._progress = progress

    def __iter__(self) -> Iterator[bytes]:
        try:
            for piece in self._result:
                yield piece
        except (Exception, SystemExit) as error:
            for piece in self._front.replace(self._environ, self._start_response, error):
                yield piece

    def close(self) -> None:
        with self._progress:
            close = getattr(self._result, 'close', None)
            if close is not None:
                close()


class _CountedResult(_Result):
    """A result that knows its pieces: waitress tells the length of a single one. It asks whatever has `__len__`, so
    the result of a generator must not have it."""

    def __len__(self) -> int:
        return len(self._result)
