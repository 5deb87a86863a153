"""What the start page tells: versions, the database, and the server in front."""

import logging
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import django
from django.db import connection

TEMPLATE_VERSION = "0.1.0"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Status:
    django: str
    python: str
    template: str
    server: str
    database: str
    database_works: bool


def site_status(request_meta: Mapping[str, Any]) -> Status:
    """Takes a request's META: SERVER_SOFTWARE is the server's own name."""
    database, works = database_status()
    return Status(
        django=django.get_version(),
        python=platform.python_version(),
        template=TEMPLATE_VERSION,
        server=request_meta.get("SERVER_SOFTWARE") or "not told by the server",
        database=database,
        database_works=works,
    )


def database_status() -> tuple[str, bool]:
    """The engine's name, and whether it answers; why not is in the log, not on the page."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1" + connection.features.bare_select_suffix)
        return connection.display_name, True
    except Exception as error:  # whatever the driver raises, the page must come up
        logger.error("The database cannot be used: %s", error)
        return connection.vendor, False
