"""The site's Flask application: `application` is what WSGI servers import.

Variables: SITE_HTTPS=1 sends cookies by HTTPS only; SITE_SECRET_KEY wins over data/secret.key.
"""

import os
import platform
from importlib.metadata import version
from pathlib import Path

from flask import Flask, render_template, request

TEMPLATE_VERSION = "0.1.0"


def read_secret_key(path: Path) -> str:
    try:
        key = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        key = ""
    if not key:
        raise RuntimeError(f"'{path}' is missing or empty; `python deploy.py` makes it")
    return key


application = Flask(__name__)
application.config.update(
    SECRET_KEY=os.environ.get("SITE_SECRET_KEY") or read_secret_key(Path(__file__).parent / "data" / "secret.key"),
    SESSION_COOKIE_SAMESITE="Lax",
    SESSION_COOKIE_SECURE=os.environ.get("SITE_HTTPS") == "1",
)


@application.get("/")
def index() -> str:
    """The start page. Replace it by your own."""
    return render_template(
        "index.html",
        flask=version("flask"),
        python=platform.python_version(),
        server=request.environ.get("SERVER_SOFTWARE") or "not told by the server",
        template=TEMPLATE_VERSION,
    )
