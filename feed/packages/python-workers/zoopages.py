"""The short pages that a worker sends on its own behalf.

Comes in: a status and sentences. Goes out: small WSGI applications, or status, headers and body. Refuses to know: why.
"""

import html
import secrets
from dataclasses import dataclass
from typing import Any, Iterable, List, Tuple

# Seconds after which a visitor may try again while a deploy runs.
RETRY_AFTER = 5

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>%(title)s</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:42em;margin:4em auto;padding:0 1em;color:#222}
h1{font-size:1.5em}pre{background:#f4f4f4;padding:1em;overflow:auto;font-size:.85em}</style></head>
<body><h1>%(title)s</h1>
%(body)s
</body>
</html>
"""


@dataclass(frozen=True)
class Page:
    """A whole answer; as an application it gives the same to everyone."""

    status: str
    headers: List[Tuple[str, str]]
    body: bytes

    def __call__(self, environ: Any, start_response: Any) -> List[bytes]:
        start_response(self.status, list(self.headers))
        return [self.body]


def new_reference() -> str:
    """A number that a visitor can tell and that stands in the log beside the reason."""
    return secrets.token_hex(4).upper()


def page(status: str, title: str, sentences: Iterable[str], details: str = '', retry_after: int = 0) -> Page:
    """An HTML page; all text is escaped. It is never stored by caches."""
    parts = ['<p>%s</p>' % html.escape(sentence) for sentence in sentences]
    if details:
        parts.append('<pre>%s</pre>' % html.escape(details))
    text = _PAGE % {'title': html.escape(title), 'body': '\n'.join(parts)}
    body = text.encode('utf-8', 'replace')
    headers = [
        ('Content-Type', 'text/html; charset=utf-8'),
        ('Content-Length', str(len(body))),
        ('Cache-Control', 'no-store'),
    ]
    if retry_after:
        headers.append(('Retry-After', str(retry_after)))
    return Page(status, headers, body)


def deploying_page() -> Page:
    """While the deploy script runs or the application is being imported."""
    return page(
        '503 Service Unavailable',
        'This site is being deployed',
        ['It will be there in a moment. Please try again in a few seconds.'],
        retry_after=RETRY_AFTER,
    )


def failure_page(reference: str, details: str = '') -> Page:
    """For an error of the application in one request."""
    return page(
        '500 Internal Server Error',
        'Something went wrong',
        ['The site could not answer this request.', 'Reference: %s' % reference],
        details,
    )


def broken_page(reference: str, what: str, details: str = '') -> Page:
    """For a site that cannot run at all; `what` is a sentence without secrets and without paths."""
    return page(
        '500 Internal Server Error',
        'This site cannot be started',
        [what, 'The reason stands in the log of the site.', 'Reference: %s' % reference],
        details,
    )


def bad_request_page() -> Page:
    """For a request whose body broke off."""
    return page('400 Bad Request', 'Incomplete request', ['The request broke off before its end.'])
