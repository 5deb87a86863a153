"""The environ of a WSGI application, as PEP 3333 wants it.

Comes in: a request's parameters and body. Goes out: one dictionary. Refuses to know: FastCGI records, the answer.
"""

import os
import re
import sys
from typing import IO, Any, Dict, List, Mapping, NamedTuple, Optional
from wsgiref.util import FileWrapper

from zoourl import query_of, split_url

# Of the process environment these never reach an application: a variable of the machine must not pass for
# something that the web server said.
_FOREIGN = re.compile(
    r'HTTP_|HTTPS$|REMOTE_|REQUEST_|SERVER_|CONTENT_|SCRIPT_|PATH_|AUTH_|DOCUMENT_|_FCGI_|FCGI_|wsgi\.'
    r'|QUERY_STRING$|GATEWAY_INTERFACE$|UNENCODED_URL$',
    re.IGNORECASE,
)
# Names under which a proxy tells of the visitor: their presence means that the visitor is not the one who connects.
_FORWARDED = ('HTTP_FORWARDED', 'HTTP_X_FORWARDED', 'HTTP_X_REAL_IP', 'HTTP_VIA')
# Of a stated length: enough for any body.
_MOST_DIGITS = 18


class BadRequest(Exception):
    """The request cannot be given to an application; the message is for the log."""


class Mode(NamedTuple):
    """How the worker runs requests."""

    multithread: bool
    multiprocess: bool = True


def process_environ() -> Dict[str, str]:
    """The process environment in PEP 3333's kind of text, without what only a web server may say."""
    return {
        os.fsencode(name).decode('latin-1'): os.fsencode(value).decode('latin-1')
        for name, value in os.environ.items()
        if not _FOREIGN.match(name)
    }


def is_forwarded(environ: Mapping[str, Any]) -> bool:
    """Whether the request came through a proxy that says so."""
    return any(name.startswith(_FORWARDED) for name in environ)


def build_environ(
    parameters: Mapping[str, str],
    body: IO[bytes],
    errors: Any,
    prefix: Optional[str],
    mode: Mode,
    base: Optional[Mapping[str, str]] = None,
) -> Dict[str, Any]:
    """The environ of one request; what a server left out gets the value that harms least."""
    environ: Dict[str, Any] = dict(base or {})
    environ.update(parameters)
    # A header `Proxy:` would become HTTP_PROXY, which libraries take for a setting (CVE-2016-1000110).
    for name in ('HTTP_PROXY', 'HTTP_CONTENT_TYPE', 'HTTP_CONTENT_LENGTH'):
        environ.pop(name, None)
    for name in ('CONTENT_TYPE', 'CONTENT_LENGTH'):
        if not environ.get(name):
            environ.pop(name, None)
    environ['SCRIPT_NAME'], environ['PATH_INFO'] = split_url(parameters, prefix)
    if 'QUERY_STRING' not in parameters:
        environ['QUERY_STRING'] = query_of(parameters.get('UNENCODED_URL') or parameters.get('REQUEST_URI', ''))
    scheme = _scheme(parameters)
    for name, value in _defaults(parameters, scheme).items():
        if not environ.get(name):
            environ[name] = value
    environ.update(
        {
            'wsgi.version': (1, 0),
            'wsgi.url_scheme': scheme,
            'wsgi.input': body,
            'wsgi.input_terminated': True,
            'wsgi.errors': errors,
            'wsgi.multithread': mode.multithread,
            'wsgi.multiprocess': mode.multiprocess,
            'wsgi.run_once': False,
            'wsgi.file_wrapper': FileWrapper,
        }
    )
    return environ


def content_length(parameters: Mapping[str, str], received: int) -> int:
    """Bytes of the body that count: what the server stated, else what came (chunked bodies have no length before they
    are there, and IIS says -1). Raises BadRequest when the body broke off."""
    stated = parameters.get('CONTENT_LENGTH', '').strip()
    if not re.match(r'[0-9]+\Z', stated):
        return received
    # Python 3.11 and newer turn no text of thousands of digits into a number.
    length = int(stated) if len(stated) <= _MOST_DIGITS else sys.maxsize
    if length > received:
        raise BadRequest('the body has %d bytes of the %s that were stated' % (received, stated[:_MOST_DIGITS]))
    return length


def missing_parameters(parameters: Mapping[str, str]) -> List[str]:
    """What CGI demands and the server did not send."""
    wanted = ('REQUEST_METHOD', 'SERVER_NAME', 'SERVER_PORT', 'SERVER_PROTOCOL')
    return [name for name in wanted if not parameters.get(name)]


def _scheme(parameters: Mapping[str, str]) -> str:
    secure = parameters.get('HTTPS', '').lower() in ('on', '1', 'true')
    return 'https' if secure or parameters.get('REQUEST_SCHEME', '').lower() == 'https' else 'http'


def _defaults(parameters: Mapping[str, str], scheme: str) -> Dict[str, str]:
    host = parameters.get('HTTP_HOST', '')
    named = re.match(r'(\[[^\]]*\]|[^:]*)(?::([0-9]+))?\Z', host)
    return {
        'REQUEST_METHOD': 'GET',
        'SERVER_NAME': (named.group(1) if named else '') or 'localhost',
        'SERVER_PORT': (named.group(2) if named else None) or ('443' if scheme == 'https' else '80'),
        'SERVER_PROTOCOL': 'HTTP/1.1',
    }
