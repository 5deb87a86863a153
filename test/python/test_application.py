"""From a site to its application, each in a process of its own, since it changes the process."""

import os
import subprocess
import sys
import unittest

from support import WORKERS, SiteCase

# Imports the application as a worker does and says what happened.
PROGRAM = """
import os, sys
sys.path.insert(0, %r)
import zooenvironment
from zooapplication import ApplicationError, load_application, prepare_process
from zoosite import SiteError, open_site
zooenvironment.shared_environment = lambda: sys.argv[2]
site = open_site(sys.argv[1], os.environ)
before = sys.prefix
try:
    prepare_process(site)
    entered = sys.prefix if sys.prefix != before else ''
    application = load_application(site)
except (ApplicationError, SiteError) as error:
    print('error: %%s' %% error)
else:
    print('entered ' + entered)
    print(b''.join(application({}, lambda status, headers: None)).decode('utf-8'))
""" % WORKERS

APPLICATION = "def application(environ, start_response):\n    start_response('200 OK', [])\n    return [b'mine']\n"


class Case(SiteCase):
    def load(self, shared='', **more):
        command = [sys.executable, '-c', PROGRAM, self.folder, shared or os.path.join(self.folder, 'shared')]
        run = subprocess.run(
            command, cwd=os.path.dirname(self.folder), env=self.environ(**more), stdout=subprocess.PIPE, timeout=300
        )
        self.assertEqual(run.returncode, 0)
        return run.stdout.decode('utf-8')


class Applications(Case):
    def test_wsgi_app(self):
        self.settings(WSGI_APP='wsgi.application')
        self.write('wsgi.py', APPLICATION)
        self.assertEqual(self.load(), 'entered \nmine\n')
        self.settings(WSGI_APP='pack.deep.wsgi:application', PYTHONPATH='%APPL_PHYSICAL_PATH%\\lib;%PYTHONPATH%')
        self.write('lib/pack/deep/wsgi.py', APPLICATION)
        self.write('lib/pack/__init__.py', '')
        self.assertEqual(self.load(), 'entered \nmine\n')

    def test_the_site_hides_modules_of_the_worker_and_not_the_other_way_round(self):
        self.settings(WSGI_APP='zoopages.application')
        self.write('zoohttp.py', APPLICATION)
        self.settings(WSGI_APP='zoohttp.application')
        self.assertEqual(self.load(), 'entered \nmine\n')

    def test_settings_come_before_wsgi_app_and_may_be_a_path(self):
        self.write(
            'django/core/wsgi.py',
            'import os\n'
            + APPLICATION.replace("b'mine'", "os.environ['DJANGO_SETTINGS_MODULE'].encode()")
            + 'def get_wsgi_application():\n    __import__(os.environ["DJANGO_SETTINGS_MODULE"])\n    return application\n',
        )
        self.write('project/settings.py', '')
        self.settings(DJANGO_SETTINGS_MODULE='project.settings', WSGI_APP='not.there')
        self.assertEqual(self.load(), 'entered \nproject.settings\n')
        self.settings(DJANGO_SETTINGS_MODULE='%APPL_PHYSICAL_PATH%\\project\\settings.py')
        self.assertEqual(self.load(), 'entered \nsettings\n')
        self.settings(DJANGO_SETTINGS_MODULE=os.path.join(self.folder, 'project', 'settings'))
        self.assertEqual(self.load(), 'entered \nsettings\n')

    def test_what_is_wrong_is_told_with_file_and_reason(self):
        self.write('broken.py', 'import json\nimport no_such_module\n')
        self.write('syntax.py', 'x = 1\ndef (\n')
        self.write('leaves.py', 'raise SystemExit(4)\n')
        self.write('wsgi.py', 'application = 5\n')
        cases = {
            'missing.application': r"WSGI_APP 'missing\.application' cannot be imported: ModuleNotFoundError: .*'missing'",
            'broken.application': r"no_such_module' \(.*broken\.py, line 2\)",
            'syntax.application': r'SyntaxError: .*\(syntax\.py, line 2\)',
            'leaves.application': r'SystemExit: 4 \(.*leaves\.py, line 1\)',
            'wsgi.other': r"the module 'wsgi' \(.*wsgi\.py\) has no 'other'",
            'wsgi.application': r'no WSGI application: it cannot be called',
            'wsgi.py': r"names a file; write .* like wsgi\.application",
            'wsgi': r"is no module\.attribute",
        }
        for value, pattern in cases.items():
            self.settings(WSGI_APP=value)
            self.assertRegex(self.load(), pattern)

    def test_without_an_application_a_page_tells_what_to_set_and_no_secret(self):
        self.settings(DB_PASSWORD='hidden-value', ERROR_LOG_DIR='log')
        page = self.load()
        self.assertIn('WSGI_APP = (not set)', page)
        self.assertIn('DB_PASSWORD is set', page)
        self.assertNotIn('hidden-value', page)


class Environments(Case):
    def setUp(self):
        super().setUp()
        self.settings(WSGI_APP='wsgi.application')
        self.write(
            'wsgi.py',
            'import os, sys, only_there\n'
            + APPLICATION.replace(
                "b'mine'",
                "repr([only_there.NAME, sys.executable,"
                " os.environ['VIRTUAL_ENV'], [path for path in sys.path if 'base-packages' in path]]).encode()",
            ),
        )

    def make(self, folder, name):
        environment = os.path.join(self.folder, folder)
        subprocess.run([sys.executable, '-m', 'venv', '--without-pip', environment], check=True, timeout=300)
        packages = 'Lib/site-packages' if os.name == 'nt' else 'lib/python%d.%d/site-packages' % sys.version_info[:2]
        self.write('%s/%s/only_there.py' % (folder, packages), 'NAME = %r\n' % name)
        return environment

    def configure(self, folder, old, new):
        path = '%s/pyvenv.cfg' % folder
        lines = [new if line.startswith(old) else line for line in self.read(path).splitlines()]
        self.write(path, '\n'.join(lines) + '\n')

    def test_its_own_is_entered(self):
        environment = self.make('.venv', 'own')
        answer = self.load()
        self.assertIn("entered %s\n['own', '%s" % (environment, os.path.join(environment, 'bin')), answer)
        self.assertIn("'%s', []" % environment, answer)

    def test_the_one_that_is_named_comes_first(self):
        self.make('.venv', 'own')
        named = self.make('named', 'named')
        self.settings(WSGI_APP='wsgi.application', VIRTUAL_ENV='%APPL_PHYSICAL_PATH%\\named')
        self.assertIn("entered %s\n['named'," % named, self.load())

    def test_the_one_that_a_person_has_activated_is_not_the_one_of_the_site(self):
        environment = self.make('.venv', 'own')
        self.assertIn('entered %s\n' % environment, self.load(VIRTUAL_ENV=self.make('named', 'named')))

    def test_a_dead_one_gives_way_to_the_shared_one(self):
        self.make('.venv', 'own')
        shared = self.make('common', 'shared')
        for old, new, reason in (
            ('home', 'home = /gone/python', "that is gone"),
            ('version', 'version = 2.7.18', 'is for Python 2.7.18'),
            ('version', 'version_info = 3.99.0', 'is for Python 3.99.0'),
        ):
            with self.subTest(new):
                self.configure('.venv', old, new)
                self.assertIn("['shared',", self.load(shared))
                self.assertRegex(self.load(), "error: the environment '.*' .*%s.*zookit deploy" % reason)

    def test_one_of_another_python_is_refused(self):
        self.make('.venv', 'own')
        self.configure('.venv', 'home', 'home = %s' % self.folder)
        self.assertIn('the worker runs under', self.load())

    def test_system_packages_only_where_the_environment_says_so(self):
        self.make('.venv', 'own')
        self.write('wsgi.py', 'import sys\n' + APPLICATION.replace("b'mine'", "'\\n'.join(sys.path).encode()"))
        import site

        system = site.getsitepackages()[0]
        if not os.path.isdir(system):
            self.skipTest('this Python has no site-packages')
        self.assertNotIn(system + '\n', self.load())
        self.configure('.venv', 'include-system-site-packages', 'include-system-site-packages = true')
        answer = self.load()
        self.assertLess(answer.index(os.path.join(self.folder, '.venv')), answer.index(system + '\n'))


if __name__ == '__main__':
    unittest.main()
