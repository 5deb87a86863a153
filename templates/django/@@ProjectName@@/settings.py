"""Settings of this site. What differs from place to place comes from variables and from the folder data/:

SITE_HOSTS    further host names, parted by commas
SITE_HTTPS=1  the site is served by HTTPS only: redirect, HSTS, secure cookies
SITE_DEBUG=1  error pages with all details, for development only
data/         secret.key (made by deploy.py) and site.json (the database, see database.py)
"""

import os
import socket
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from .database import read_database

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = BASE_DIR / "data"
LOG_DIR = BASE_DIR / "log"


def switched_on(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() in {"1", "true", "yes", "on"}


def read_secret_key(path: Path) -> str:
    try:
        key = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        key = ""
    except PermissionError:
        raise ImproperlyConfigured(f"'{path}' cannot be read by the user that runs the site") from None
    if not key:
        raise ImproperlyConfigured(f"'{path}' is missing or empty; `python deploy.py` makes it")
    return key


# ---------------------------------------------------------------- security

SECRET_KEY = os.environ.get("SITE_SECRET_KEY") or read_secret_key(DATA_DIR / "secret.key")
DEBUG = switched_on("SITE_DEBUG")

ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    socket.gethostname(),
    socket.getfqdn(),
    *os.environ.get("SITE_HOSTS", "").replace(",", " ").split(),
]

if switched_on("SITE_HTTPS"):
    # No SECURE_PROXY_SSL_HEADER: the server tells the scheme itself (wsgi.url_scheme), and anybody can send a header.
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# ---------------------------------------------------------------- application

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "welcome",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

if switched_on("SITE_REMOTE_USER"):
    # The web server knows its visitors (IIS: `--auth windows`): who comes for the first time gets a user without rights.
    MIDDLEWARE.insert(
        MIDDLEWARE.index("django.contrib.auth.middleware.AuthenticationMiddleware") + 1,
        "django.contrib.auth.middleware.RemoteUserMiddleware",
    )
    AUTHENTICATION_BACKENDS = [
        "django.contrib.auth.backends.RemoteUserBackend",
        "django.contrib.auth.backends.ModelBackend",
    ]

ROOT_URLCONF = "@@ProjectName@@.urls"
WSGI_APPLICATION = "@@ProjectName@@.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# ---------------------------------------------------------------- database

DATABASES = {"default": read_database(DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ---------------------------------------------------------------- language, time, files

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# Relative: Django puts the site's own prefix before them, so the site works below any address.
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "static"
MEDIA_URL = "media/"
MEDIA_ROOT = BASE_DIR / "media"

# ---------------------------------------------------------------- log

# One plain file: on Windows a file that several processes hold cannot be renamed, so nothing rotates here.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {
        "file": {
            "class": "logging.FileHandler",
            "filename": LOG_DIR / "django.log",
            "encoding": "utf-8",
            "delay": True,
            "formatter": "line",
        },
    },
    "root": {"handlers": ["file"], "level": "WARNING"},
}
