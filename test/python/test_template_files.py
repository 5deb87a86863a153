"""What the templates' own Python reads: requirements.txt as Windows programs write it, data/site.json as people do."""

import importlib.util
import os
import sys
import types
import unittest
from pathlib import Path
from unittest import mock

from support import WORKERS, SiteCase

TEMPLATES = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(WORKERS))), 'templates')


def load(*names):
    specification = importlib.util.spec_from_file_location('loaded', os.path.join(TEMPLATES, *names))
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


class Requirements(unittest.TestCase):
    def test_the_marks_of_windows_programs_hide_no_package(self):
        deploy = load('shared', 'deploy.py')
        text = 'Django==5.2\r\nwaitress==3.0\r\n'
        for encoding in ('utf-8', 'utf-8-sig', 'utf-16'):
            pins = deploy.parse_requirements(deploy.decode_requirements(text.encode(encoding)))
            self.assertEqual([(pin.name, pin.version) for pin in pins], [('Django', '5.2'), ('waitress', '3.0')], encoding)
        big = b'\xfe\xff' + text.encode('utf-16-be')
        self.assertEqual(len(deploy.parse_requirements(deploy.decode_requirements(big))), 2)
        old = deploy.decode_requirements(b'# f\xfcr uns\nDjango==5.2\n')
        self.assertEqual([pin.name for pin in deploy.parse_requirements(old)], ['Django'])


class Wrong(Exception):
    """Stands in for Django's ImproperlyConfigured: no Django is needed to read a file."""


@unittest.skipIf(sys.version_info < (3, 10), 'the Django that it is for needs 3.10')
class Database(SiteCase):
    def setUp(self):
        super().setUp()
        exceptions = types.ModuleType('django.core.exceptions')
        exceptions.ImproperlyConfigured = Wrong
        modules = {'django': types.ModuleType('django'), 'django.core': types.ModuleType('django.core')}
        with mock.patch.dict(sys.modules, {**modules, 'django.core.exceptions': exceptions}):
            self.database = load('django', '@@ProjectName@@', 'database.py')

    def read(self, text):
        self.write('site.json', text)
        return self.database.read_database(Path(self.folder), {})

    def test_a_file_without_a_database_is_told_in_words(self):
        for text in ('{"database": null}', '{"database": []}', '{"database": "sqlite"}', '{}', '[]', 'null', '{'):
            with self.assertRaisesRegex(Wrong, "is no JSON object with a 'database' in it"):
                self.read(text)

    def test_a_database(self):
        self.assertEqual(self.read('{"database": {"engine": "sqlite"}}')['NAME'], Path(self.folder) / 'db.sqlite3')


if __name__ == '__main__':
    unittest.main()
