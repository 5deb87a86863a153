"""The site's WSGI application (PEP 3333); needs nothing but the standard library."""

import platform
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import quote

TEMPLATE_VERSION = "0.1.0"

PAGE = Template((Path(__file__).parent / "start.html").read_text(encoding="utf-8"))


def application(environ, start_response):
    """Answers the start page at the site's root, and that there is nothing elsewhere."""
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return answer(
            start_response, "405 Method Not Allowed", "This page can only be read.\n", [("Allow", "GET, HEAD")]
        )
    if environ.get("PATH_INFO", "") not in ("", "/"):
        return answer(start_response, "404 Not Found", "There is nothing here.\n")
    return answer(start_response, "200 OK", start_page(environ), content_type="text/html")


def start_page(environ):
    # SCRIPT_NAME is the site's own prefix, as bytes in a Latin-1 string.
    prefix = quote(environ.get("SCRIPT_NAME", "").encode("latin-1"))
    return PAGE.substitute(
        static=escape(prefix + "/static"),
        python=escape(platform.python_version()),
        server=escape(environ.get("SERVER_SOFTWARE") or "not told by the server"),
        template=TEMPLATE_VERSION,
    )


def answer(start_response, status, text, headers=(), content_type="text/plain"):
    body = text.encode("utf-8")
    start_response(
        status,
        [
            ("Content-Type", f"{content_type}; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("X-Content-Type-Options", "nosniff"),
            *headers,
        ],
    )
    return [body]
