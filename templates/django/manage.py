#!/usr/bin/env python
"""Django's command-line utility for administrative tasks."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "@@ProjectName@@.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise ImportError(
            "Django is not installed for this Python. Use the site's own: `zookit python --env . manage.py`"
        ) from error
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
