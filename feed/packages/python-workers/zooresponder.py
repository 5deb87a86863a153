"""One request in, one answer out.

Comes in: a whole request and the way back. Goes out: the application's answer, or an error page with a reference
number while the log has the traceback. Refuses to know: records, how the application came to be.
"""

import traceback
from typing import Any, Callable, Dict, Mapping, Optional

from zooenviron import BadRequest, Mode, build_environ, content_length, is_forwarded, missing_parameters
from zoolog import Log
from zoopages import Page, bad_request_page, failure_page, new_reference
from zoorequest import Request
from zoostream import ConnectionLost
from zoowsgi import Answer, Application


class Served:
    """What requests are answered with, as it stands at the moment: `application`, the URL `prefix` that its site is
    known by, and `base`, the variables below each request's own."""

    def __init__(self, application: Application, prefix: Optional[str] = None) -> None:
        self.application = application
        self.prefix = prefix
        self.base: Dict[str, str] = {}


class Responder:
    """Answers requests. `prepare`, if there is one, sees each request's parameters first and may change what is
    served."""

    def __init__(
        self,
        served: Served,
        log: Log,
        mode: Mode,
        show_errors: bool = False,
        prepare: Optional[Callable[[Mapping[str, str]], None]] = None,
    ) -> None:
        self._served = served
        self._prepare = prepare
        self._log = log
        self._mode = mode
        self._show_errors = show_errors
        self._told_missing = False

    def answer(
        self, request: Request, send: Callable[[bytes], None], errors: Any, interrupted: Callable[[], bool]
    ) -> bool:
        """Sends the whole answer. False: it broke off after its headers, so its reader must not take it for whole.
        Raises ConnectionLost when nobody reads it."""
        if self._prepare is not None:
            self._prepare(request.parameters)
        if request.body.failure is not None:
            return _send_page(self._refuse_unkept(request.body.failure), request.parameters, send)
        try:
            environ = self._environ(request, errors)
        except BadRequest as error:
            self._log.warning('request refused: %s' % error)
            return _send_page(bad_request_page(), request.parameters, send)
        answer = Answer(send, environ['REQUEST_METHOD'])
        try:
            answer.run(self._served.application, environ, interrupted)
        except (ConnectionLost, KeyboardInterrupt):
            raise
        except BaseException as error:  # an application may even raise SystemExit; the worker lives on
            page = self._report(environ, error)
            if answer.headers_sent:
                return answer.complete
            return _send_page(page, environ, send)
        self._check_length(environ, answer)
        return answer.complete and not answer.missing

    def _environ(self, request: Request, errors: Any) -> Dict[str, Any]:
        parameters = request.parameters
        missing = missing_parameters(parameters)
        if missing and not self._told_missing:
            self._told_missing = True
            self._log.warning('the web server does not send %s' % ', '.join(missing))
        length = content_length(parameters, request.body.size)
        served = self._served
        body = request.body.open(length)
        environ = build_environ(parameters, body, errors, served.prefix, self._mode, served.base)
        if length:
            environ['CONTENT_LENGTH'] = str(length)
        elif not environ.get('CONTENT_LENGTH', '').isdecimal():
            environ.pop('CONTENT_LENGTH', None)
        return environ

    def _refuse_unkept(self, failure: OSError) -> Page:
        reference = new_reference()
        self._log.error('%s the body of a request cannot be kept in the temporary folder: %s' % (reference, failure))
        return failure_page(reference)

    def _report(self, environ: Dict[str, Any], error: BaseException) -> Page:
        reference = new_reference()
        text = ''.join(traceback.format_exception(type(error), error, error.__traceback__))
        self._log.error('%s %s %s' % (reference, environ['REQUEST_METHOD'], environ['PATH_INFO']), text)
        show = self._show_errors and not is_forwarded(environ)
        return failure_page(reference, text if show else '')

    def _check_length(self, environ: Dict[str, Any], answer: Answer) -> None:
        difference = answer.missing or answer.excess
        if difference:
            self._log.warning(
                'the answer to %s %s is %d bytes %s than its Content-Length'
                % (
                    environ['REQUEST_METHOD'],
                    environ['PATH_INFO'],
                    difference,
                    'shorter' if answer.missing else 'longer',
                )
            )


def _send_page(page: Page, environ: Any, send: Callable[[bytes], None]) -> bool:
    Answer(send, environ.get('REQUEST_METHOD', 'GET')).run(page, {})
    return True
