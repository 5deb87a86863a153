"""The server's side of PEP 3333: runs an application and turns its answer into CGI text.

Comes in: an application and its environ. Goes out: bytes, headers first (`Status:`, names, an empty line), each piece
of the body as soon as the application gives it. Refuses to know: how bytes travel, what an error page looks like.
"""

import re
from typing import Any, Callable, Dict, List, Optional, Tuple
from wsgiref.util import is_hop_by_hop

Headers = List[Tuple[str, str]]
Application = Callable[..., Any]

_STATUS = re.compile(r'[1-9][0-9]{2}( [^\x00-\x1f\x7f]*)?\Z')
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+\Z")
_CONTROL = re.compile(r'[\x00-\x08\x0a-\x1f\x7f]')


class ContractError(Exception):
    """The application broke PEP 3333; the message says how."""


class Answer:
    """One answer. `headers_sent` tells whether it can still be replaced by another, `complete` whether all of it went
    out."""

    def __init__(self, send: Callable[[bytes], None], method: str) -> None:
        self._send = send
        self._is_head = method == 'HEAD'
        self._status = ''
        self._headers: Headers = []
        self._has_body = True
        self._room: Optional[int] = None
        self.headers_sent = False
        self.complete = False
        self.excess = 0

    def run(
        self, application: Application, environ: Dict[str, Any], interrupted: Callable[[], bool] = lambda: False
    ) -> None:
        """Calls the application and sends what it gives. `interrupted` is asked before each piece; when it says yes,
        the rest is left. `close` of the result is called in any case. Errors of the application come through."""
        result = application(environ, self.start_response)
        try:
            single = _length(result) == 1
            for piece in result:
                if interrupted():
                    return
                self._write(piece, len(piece) if single else None)
                if self.headers_sent and not self._has_body:
                    break
            if not self.headers_sent:
                self._send(self._take_headers(0))
            self.complete = True
        finally:
            close = getattr(result, 'close', None)
            if close is not None:
                close()

    def start_response(self, status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], None]:
        """PEP 3333's callable. Raises ContractError for a status or header that must not be sent."""
        if exc_info:
            try:
                if self.headers_sent:
                    raise exc_info[1].with_traceback(exc_info[2])
            finally:
                exc_info = None
        elif self._status:
            raise ContractError('start_response was called a second time without exc_info')
        _check_status(status)
        _check_headers(headers)
        self._status = status
        self._headers = list(headers)
        return self.write

    def write(self, data: bytes) -> None:
        """PEP 3333's old way of sending a body."""
        self._write(data, None)

    @property
    def missing(self) -> int:
        """Bytes that Content-Length promised and that never came."""
        return self._room or 0

    def _write(self, data: bytes, length: Optional[int]) -> None:
        if not isinstance(data, bytes):
            raise ContractError('the body must be bytes, it is %s' % type(data).__name__)
        if not self._status:
            raise ContractError('the application gave its body before it called start_response')
        if not data:
            return
        head = b'' if self.headers_sent else self._take_headers(length)
        if not self._has_body:
            data = b''
        elif self._room is not None:
            self.excess += max(0, len(data) - self._room)
            data = data[: self._room]
            self._room -= len(data)
        if head or data:
            self._send(head + data)

    def _take_headers(self, length: Optional[int]) -> bytes:
        """The headers as bytes; `length` is the body's size where the server knows it and the application says none."""
        if not self._status:
            raise ContractError('the application returned without calling start_response')
        self.headers_sent = True
        code = self._status[:3]
        bare = code.startswith('1') or code in ('204', '304')
        self._has_body = not self._is_head and not bare
        headers = [pair for pair in self._headers if not (bare and code != '304' and _is_length(pair))]
        stated = [value for name, value in headers if name.lower() == 'content-length']
        # A HEAD answer without a body says nothing about the size that GET would have.
        if not stated and length is not None and not bare and (length or not self._is_head):
            headers.append(('Content-Length', str(length)))
            stated = [str(length)]
        if self._has_body and stated and stated[0].strip().isdecimal():
            self._room = int(stated[0])
        lines = ['Status: ' + self._status] + ['%s: %s' % pair for pair in headers]
        return ('\r\n'.join(lines) + '\r\n\r\n').encode('latin-1')


def _length(result: Any) -> Optional[int]:
    try:
        return len(result)
    except (TypeError, NotImplementedError):
        return None


def _is_length(pair: Tuple[str, str]) -> bool:
    return pair[0].lower() == 'content-length'


def _check_status(status: Any) -> None:
    if type(status) is not str or not _STATUS.match(status) or not _is_latin1(status):
        raise ContractError("the status must be text like '200 OK', it is %r" % (status,))


def _check_headers(headers: Any) -> None:
    if type(headers) is not list:
        raise ContractError('the headers must be a list, they are %s' % type(headers).__name__)
    for pair in headers:
        if type(pair) is not tuple or len(pair) != 2 or type(pair[0]) is not str or type(pair[1]) is not str:
            raise ContractError('a header must be a tuple of two texts, one is %r' % (pair,))
        name, value = pair
        if not _TOKEN.match(name) or name.lower() == 'status':
            raise ContractError('%r cannot be the name of a header' % name)
        if is_hop_by_hop(name):
            raise ContractError("the header '%s' belongs to the web server" % name)
        # The value itself may be a secret, so only its name is told.
        if _CONTROL.search(value) or not _is_latin1(value):
            raise ContractError("the value of the header '%s' has characters that cannot be sent" % name)


def _is_latin1(text: str) -> bool:
    return all(ord(letter) < 256 for letter in text)
