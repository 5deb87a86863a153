"""The deploy script: once for all processes, failures kept, its log, its name in the zoo form."""

import json
import os
import signal
import subprocess
import unittest
from unittest import mock

from support import SiteCase, until

import zoodeploy
from zoodeploy import DeployError, deploy
from zoodone import fingerprint, read_record
from zoolock import FileLock
from zoolog import Log
from zoosite import SiteError, open_site

# Notes each run; a slow one, so that two processes meet.
SLOW = """
import os, time
with open('runs', 'a') as file:
    file.write('begin\\n')
time.sleep(0.5)
with open('runs', 'a') as file:
    file.write('end\\n')
print('d\\u00e9ployed')
"""


class Case(SiteCase):
    def site(self):
        return open_site(self.folder, {})

    def setUp(self):
        super().setUp()
        self.settings(DEPLOY_FILE='deploy.py', DEPLOY_LOG='log\\deploy.log', NAME='%APPL_PHYSICAL_PATH%')
        sink = open(os.devnull, 'w')
        self.addCleanup(sink.close)
        self.quiet = Log(None, sink)

    def run_deploy(self, **options):
        return deploy(self.site(), self.quiet, **options)


class Once(Case):
    def test_two_processes_run_it_once_one_after_the_other(self):
        self.write('deploy.py', SLOW)
        processes = [self.start('zoodeploy.py', '--site', self.folder, stdout=subprocess.PIPE) for _ in range(3)]
        outputs = [process.communicate()[0].decode('utf-8') for process in processes]
        self.assertEqual([process.returncode for process in processes], [0, 0, 0])
        self.assertEqual(self.read('runs'), 'begin\nend\n')
        self.assertEqual(sorted('d\xe9ployed' in output for output in outputs), [False, False, True])

    def test_done_is_done_until_script_requirements_or_machine_change(self):
        self.write('deploy.py', "open('runs', 'a').write('x')")
        self.assertTrue(self.run_deploy())
        self.assertFalse(self.run_deploy())
        self.write('requirements.txt', 'Django==5.2\n')
        self.assertTrue(self.run_deploy())
        self.write('deploy.py', "open('runs', 'a').write('y')")
        self.assertTrue(self.run_deploy())
        with mock.patch('platform.node', return_value='elsewhere'):
            self.assertTrue(self.run_deploy())
        self.assertTrue(self.run_deploy(force=True))
        self.assertEqual(self.read('runs'), 'xxyyy')

    def test_without_a_script_there_is_nothing_to_do(self):
        self.assertFalse(self.run_deploy())
        self.settings()
        self.assertFalse(self.run_deploy(force=True))

    def test_the_note(self):
        script = self.write('deploy.py', '')
        self.run_deploy()
        note = json.loads(self.read('data/deploy.json'))
        self.assertEqual(sorted(note), ['machine', 'renamed', 'sha256', 'status', 'time'])
        self.assertEqual(read_record(os.path.join(self.folder, 'data')).fingerprint, fingerprint(self.folder, script))
        self.write('data/deploy.json', '{"sha256": 1}')
        self.assertTrue(self.run_deploy())

    def test_the_script_gets_variables_and_folder_and_no_connection(self):
        self.write(
            'deploy.py',
            "import os, sys\n"
            "print([os.getcwd() == os.environ['NAME'], sys.stdin.read(), os.environ.get('DEPLOY_PACKAGES'),"
            " os.environ.get('DEPLOY_ON_REQUEST'), any(name.startswith('_FCGI') for name in os.environ)])",
        )
        lines = []
        with mock.patch.dict(os.environ, {'_FCGI_X_PIPE_': 'x'}):
            self.run_deploy(echo=lines.append)
            self.run_deploy(echo=lines.append, force=True, packages=True)
            self.run_deploy(echo=lines.append, force=True, on_request=True)
        self.assertEqual(
            lines, ["[True, '', None, None, False]", "[True, '', '1', None, False]", "[True, '', None, '1', False]"]
        )

    def test_the_log_is_framed(self):
        self.write('deploy.py', "import sys\nprint('out')\nprint('err', file=sys.stderr)")
        self.run_deploy()
        lines = self.read('log/deploy.log').splitlines()
        self.assertRegex(lines[0], r'^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d --== Deploy begin ==--$')
        self.assertEqual(lines[1:3], ['out', 'err'])
        self.assertRegex(lines[3], r'--== Deploy finished ==--$')

    def test_a_log_in_an_impossible_place_goes_to_the_log_folder(self):
        self.write('file', '')
        self.settings(DEPLOY_FILE='deploy.py', DEPLOY_LOG='file\\deploy.log')
        self.write('deploy.py', "print('out')")
        self.run_deploy()
        self.assertIn('out', self.read('log/deploy.log'))

    def test_a_log_folder_that_cannot_be_made_is_told(self):
        self.write('file', '')
        self.settings(DEPLOY_FILE='deploy.py', ERROR_LOG_DIR='file')
        self.write('deploy.py', '')
        with self.assertRaisesRegex(SiteError, 'cannot be written'):
            self.run_deploy()


class Failures(Case):
    def test_a_failure_is_kept_and_not_run_again_by_workers(self):
        self.write('deploy.py', "open('runs', 'a').write('x')\nraise SystemExit(7)")
        for _ in range(3):
            with self.assertRaisesRegex(DeployError, 'exit status 7') as caught:
                self.run_deploy()
            self.assertEqual(caught.exception.status, 7)
        self.assertEqual(self.read('runs'), 'x')
        self.assertIn('ended with exit status 7', self.read('log/deploy.log'))

    def test_a_failure_is_told_in_the_scripts_own_last_words(self):
        self.write('deploy.py', "print('the database is gone\\n')\nraise SystemExit(3)")
        with self.assertRaisesRegex(DeployError, r'exit status 3 \(the database is gone\)'):
            self.run_deploy()

    def test_a_changed_script_or_an_administrator_tries_again(self):
        self.write('deploy.py', 'raise SystemExit(7)')
        with self.assertRaises(DeployError):
            self.run_deploy()
        with self.assertRaises(DeployError):
            self.run_deploy(retry=True)
        self.write('deploy.py', 'print(1)')
        self.assertTrue(self.run_deploy())

    def test_the_command_exits_with_the_status_of_the_script(self):
        self.write('deploy.py', "print('no database')\nraise SystemExit(7)")
        for _ in range(2):
            process = self.start('zoodeploy.py', '--site', self.folder, stdout=subprocess.PIPE)
            output, errors = process.communicate()
            self.assertEqual(process.returncode, 7)
            self.assertIn(b'no database', output)
            self.assertIn(b'exit status 7', errors)

    def test_wrong_usage_and_a_broken_site(self):
        process = self.start('zoodeploy.py', '--nonsense')
        self.assertEqual(process.wait(), 2)
        self.write('web.config', '<configuration>')
        process = self.start('zoodeploy.py', '--site', self.folder)
        self.assertEqual(process.wait(), 3)

    @unittest.skipIf(os.name == 'nt', 'signals of POSIX')
    def test_an_ended_script_is_not_a_failed_one(self):
        self.write('deploy.py', 'import os, signal\nos.kill(os.getpid(), signal.SIGKILL)')
        for _ in range(2):
            with self.assertRaisesRegex(DeployError, 'ended before'):
                self.run_deploy()
        self.assertFalse(os.path.exists(os.path.join(self.folder, 'data')))

    @unittest.skipIf(os.name == 'nt', 'the job ends the script with its parent there')
    def test_the_script_keeps_the_lock_when_its_parent_is_killed(self):
        self.write('deploy.py', "import os, time\nopen('pid', 'w').write(str(os.getpid()))\ntime.sleep(30)")
        parent = self.start('zoodeploy.py', '--site', self.folder, stdout=subprocess.DEVNULL)
        pid = int(until(lambda: os.path.exists(os.path.join(self.folder, 'pid')) and self.read('pid'), 'the script'))
        parent.kill()
        parent.wait()
        lock = FileLock(os.path.join(self.folder, 'log', 'deploy.lock'))
        self.assertFalse(lock.acquire(wait=False))
        os.kill(pid, signal.SIGKILL)
        until(lambda: lock.acquire(wait=False), 'the lock')
        lock.release()


class ZooForm(Case):
    def setUp(self):
        super().setUp()
        self.write(
            'web.config',
            '<configuration><system.webServer><heliconZoo><application name="a"><environmentVariables>'
            '<add name="DEPLOY_FILE" value="deploy.py"/></environmentVariables></application></heliconZoo>'
            '</system.webServer></configuration>',
        )

    def names(self):
        return sorted(name for name in os.listdir(self.folder) if name.startswith('deploy'))

    def test_the_script_is_renamed_and_named_back_it_runs_again(self):
        self.write('deploy.py', "open('runs', 'a').write('x')")
        self.assertTrue(self.run_deploy())
        self.assertEqual(self.names(), ['deploy_done.py'])
        self.assertFalse(self.run_deploy())
        os.rename(os.path.join(self.folder, 'deploy_done.py'), os.path.join(self.folder, 'deploy.py'))
        self.assertTrue(self.run_deploy())
        self.assertTrue(self.run_deploy(force=True))
        self.assertEqual(self.read('runs'), 'xxx')

    def test_after_a_failure_it_keeps_its_name(self):
        self.write('deploy.py', 'raise SystemExit(1)')
        with self.assertRaises(DeployError):
            self.run_deploy()
        self.assertEqual(self.names(), ['deploy.py'])

    def test_where_it_cannot_be_renamed_the_note_must_do(self):
        self.write('deploy.py', "open('runs', 'a').write('x')")
        real = os.replace

        def replace(source, target):
            if source.endswith('deploy.py'):
                raise PermissionError(13, 'read-only')
            real(source, target)

        with mock.patch.object(zoodeploy.os, 'replace', replace):
            self.assertTrue(self.run_deploy())
        self.assertEqual(self.names(), ['deploy.py'])
        self.assertFalse(self.run_deploy())
        self.assertEqual(self.read('runs'), 'x')


if __name__ == '__main__':
    unittest.main()
