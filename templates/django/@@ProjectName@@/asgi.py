"""The entry point for ASGI servers: `application`. IIS and Zookit's host use wsgi.py."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "@@ProjectName@@.settings")

application = get_asgi_application()
