"""From the `database` part of data/site.json to Django's DATABASES["default"].

A variable SITE_DATABASE_ENGINE, _NAME, _USER, _PASSWORD, _HOST or _PORT wins over the file.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

KEYS = ("engine", "name", "user", "password", "host", "port")

# Nobody should wait longer than this many seconds for a server that is not there.
CONNECT_TIMEOUT = 10


def read_database(data: Path, environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """The value of DATABASES["default"]; says in words what is missing or wrong."""
    site = read_site(data / "site.json", required="SITE_DATABASE_ENGINE" not in environment)
    given = {key: environment.get(f"SITE_DATABASE_{key.upper()}") for key in KEYS}
    database = {**site, **{key: value for key, value in given.items() if value is not None}}
    engine = str(database.get("engine", ""))
    if engine not in ENGINES:
        raise ImproperlyConfigured(f"The database engine is '{engine}'; it must be one of: {', '.join(ENGINES)}")
    if engine == "sqlite":
        return sqlite(data)
    return {**common(database), **ENGINES[engine](database)}


def read_site(path: Path, required: bool) -> Mapping[str, Any]:
    try:
        database = json.loads(path.read_text(encoding="utf-8-sig"))["database"]
        if not isinstance(database, dict):
            raise TypeError
        return database
    except FileNotFoundError:
        if not required:
            return {}
        raise ImproperlyConfigured(f"'{path}' is missing; README.md tells what it holds") from None
    except PermissionError:
        raise ImproperlyConfigured(f"'{path}' cannot be read by the user that runs the site") from None
    except (ValueError, KeyError, TypeError):
        raise ImproperlyConfigured(f"'{path}' is no JSON object with a 'database' in it") from None


def common(database: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "NAME": database.get("name", ""),
        "USER": database.get("user", ""),
        "PASSWORD": database.get("password", ""),
        "HOST": database.get("host", ""),
        "PORT": str(database.get("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def sqlite(data: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": data / "db.sqlite3",
        # Writers wait for each other instead of failing with "database is locked".
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE"},
    }


def postgresql(database: Mapping[str, Any]) -> dict[str, Any]:
    return {"ENGINE": "django.db.backends.postgresql", "OPTIONS": {"connect_timeout": CONNECT_TIMEOUT}}


def mysql(database: Mapping[str, Any]) -> dict[str, Any]:
    """MySQL and MariaDB; mysqlclient when it is installed, else PyMySQL in its place."""
    try:
        import MySQLdb  # noqa: F401
    except ImportError:
        try:
            import pymysql
        except ImportError:
            raise ImproperlyConfigured("Neither PyMySQL nor mysqlclient is installed") from None
        pymysql.install_as_MySQLdb()
    return {
        "ENGINE": "django.db.backends.mysql",
        "OPTIONS": {"charset": "utf8mb4", "connect_timeout": CONNECT_TIMEOUT},
    }


def mssql(database: Mapping[str, Any]) -> dict[str, Any]:
    """Without a user the Windows account that runs the site connects."""
    encrypt = "yes" if database.get("encrypt", True) else "no"
    trust = "yes" if database.get("trust_server_certificate", False) else "no"
    return {
        "ENGINE": "mssql",
        "OPTIONS": {
            "driver": "ODBC Driver 18 for SQL Server",
            "extra_params": f"Encrypt={encrypt};TrustServerCertificate={trust}",
            "connection_timeout": CONNECT_TIMEOUT,
        },
    }


def oracle(database: Mapping[str, Any]) -> dict[str, Any]:
    """`name` is a service name; Django would take it for a SID if host and port stood apart."""
    address = str(database.get("name", ""))
    if database.get("host"):
        address = f"{database['host']}:{database.get('port') or 1521}/{address}"
    return {"ENGINE": "django.db.backends.oracle", "NAME": address, "HOST": "", "PORT": ""}


ENGINES = {"sqlite": sqlite, "postgresql": postgresql, "mysql": mysql, "mssql": mssql, "oracle": oracle}
