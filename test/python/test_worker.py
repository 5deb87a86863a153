"""The worker as a process: standard input, a listening socket, a host's socket."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

from support import PATIENCE, Client, SiteCase, parameters, until

APPLICATION = """
import os, time
print('hello from the import')
def application(environ, start_response):
    path = environ['PATH_INFO']
    if path == '/slow':
        open('entered', 'w').close()
        for _ in range(3000):
            if os.path.exists('leave'):
                break
            time.sleep(0.01)
    if path == '/error':
        raise ValueError('the reason')
    if path == '/print':
        print('printed')
        os.system('cat')
    start_response('200 OK', [('X-Threads', str(environ['wsgi.multithread'])), ('X-Pid', str(os.getpid()))])
    return [('%s|%s' % (environ['SCRIPT_NAME'], path)).encode('latin-1')]
"""


class Case(SiteCase):
    def setUp(self):
        super().setUp()
        self.settings(WSGI_APP='wsgi.application')
        self.write('wsgi.py', APPLICATION)

    def finish(self, process, status=0):
        self.assertEqual(process.wait(PATIENCE), status)


@unittest.skipIf(os.name == 'nt', 'a socket cannot be standard input there')
class StandardInput(Case):
    def connect(self, *arguments, **options):
        one, other = socket.socketpair()
        process = self.start('zoofcgi.py', *arguments, stdin=other, **options)
        other.close()
        self.addCleanup(one.close)
        return Client(one), process

    def test_requests_one_after_another_until_the_pipe_is_closed(self):
        client, process = self.connect('--site', self.folder, stdout=subprocess.PIPE)
        for number in range(3):
            reply = client.ask(parameters('/%d' % number))
            self.assertEqual((reply.status, reply.body), ('200 OK', b'|/%d' % number))
            self.assertEqual(reply.headers['x-threads'], 'False')
        client.close()
        self.finish(process)
        self.assertEqual(process.stdout.read() + process.stderr.read(), b'')
        self.assertIn('hello from the import', self.log())

    def test_what_is_printed_goes_to_the_log_and_children_cannot_reach_the_pipe(self):
        client, _ = self.connect('--site', self.folder)
        reply = client.ask(parameters('/print'))
        self.assertEqual((reply.body, reply.errors), (b'|/print', b''))
        self.assertIn('    printed', self.log())

    def test_iis_tells_the_site_with_the_request(self):
        elsewhere = tempfile.mkdtemp(prefix='zoo-test-')
        self.addCleanup(os.rmdir, elsewhere)
        one, other = socket.socketpair()
        self.addCleanup(one.close)
        from support import WORKERS

        process = subprocess.Popen(
            [sys.executable, os.path.join(WORKERS, 'zoofcgi.py')], cwd=elsewhere, env=self.environ(), stdin=other
        )
        self.addCleanup(self._end, process)
        other.close()
        client = Client(one)
        given = parameters('/shop/a', APPL_PHYSICAL_PATH=self.folder + os.sep, APPL_MD_PATH='/LM/W3SVC/1/ROOT/shop')
        self.assertEqual(client.ask(given).body, b'/shop|/a')
        reply = client.ask(parameters('/b', APPL_PHYSICAL_PATH=elsewhere))
        self.assertEqual(reply.status, '500 Internal Server Error')
        self.assertIn(b'shared with another', reply.body)
        self.assertEqual(process.wait(PATIENCE), 0)
        self.assertIn('give each site a pool of its own', self.log())

    def test_a_site_that_nobody_names(self):
        os.remove(os.path.join(self.folder, 'web.config'))
        client, _ = self.connect()
        self.assertIn(b'folder is not known', client.ask(parameters()).body)

    def test_an_import_error_is_a_page_for_each_request_and_one_entry_in_the_log(self):
        self.write('wsgi.py', 'import no_such_thing\n')
        client, _ = self.connect('--site', self.folder)
        for _ in range(2):
            reply = client.ask(parameters())
            self.assertEqual(reply.status, '500 Internal Server Error')
            self.assertNotIn(b'no_such_thing', reply.body)
        self.assertEqual(self.log().count('ERROR'), 1)
        self.assertRegex(self.log(), r'no_such_thing.*wsgi\.py, line 1')

    def test_errors_are_shown_only_when_asked_for(self):
        self.write('wsgi.py', 'import no_such_thing\n')
        client, _ = self.connect('--site', self.folder, '--show-errors')
        self.assertIn(b'no_such_thing', client.ask(parameters()).body)
        self.assertNotIn(b'no_such_thing', client.ask(parameters(HTTP_FORWARDED='for=x')).body)

    def test_a_deploy_that_failed_is_a_page_and_runs_no_second_time(self):
        self.settings(WSGI_APP='wsgi.application', DEPLOY_FILE='deploy.py')
        self.write('deploy.py', "open('runs', 'a').write('x')\nraise SystemExit(3)")
        for _ in range(2):
            client, process = self.connect('--site', self.folder)
            for _ in range(2):
                self.assertIn(b'deployment failed', client.ask(parameters()).body)
            client.close()
            self.finish(process)
        self.assertEqual(self.read('runs'), 'x')

    def test_a_broken_web_config_is_a_page(self):
        self.write('web.config', '<configuration>')
        client, _ = self.connect('--site', self.folder)
        self.assertIn(b'configuration cannot be read', client.ask(parameters()).body)

    def test_a_signal_ends_an_idle_worker_and_lets_a_running_request_finish(self):
        client, process = self.connect('--site', self.folder)
        client.ask(parameters())
        process.send_signal(signal.SIGTERM)
        self.finish(process)
        client, process = self.connect('--site', self.folder)
        from support import request_bytes

        client.send(request_bytes(parameters('/slow'), keep=True))
        until(lambda: os.path.exists(os.path.join(self.folder, 'entered')), 'the request')
        process.send_signal(signal.SIGTERM)
        self.write('leave', '')
        self.assertEqual(client.reply().body, b'|/slow')
        self.finish(process)

    def test_a_changed_file_ends_an_idle_worker(self):
        self.settings(WSGI_APP='wsgi.application', WATCH_FILE_CHANGES_MASK='*.py')
        client, process = self.connect('--site', self.folder)
        client.ask(parameters())
        self.write('other.py', '')
        self.finish(process)
        self.assertIn('changed: other.py', self.log())

    def test_no_connection_at_all_is_told(self):
        process = self.start('zoofcgi.py')
        self.finish(process, 1)
        self.assertIn(b'--listen', process.stderr.read())


class Listening(Case):
    def listen(self, *arguments, **options):
        process = self.start('zoofcgi.py', '--site', self.folder, '--listen', '127.0.0.1:0', *arguments, **options)
        line = process.stderr.readline().decode('utf-8')
        self.assertIn('listening on 127.0.0.1:', line)
        self.port = int(line.rpartition(':')[2])
        return process

    def client(self):
        connection = socket.create_connection(('127.0.0.1', self.port), PATIENCE)
        self.addCleanup(connection.close)
        return Client(connection)

    def ready(self):
        """Asks until the application answers, and returns its process id."""

        def ask():
            reply = self.client().ask(parameters())
            return reply.headers.get('x-pid') if reply.status == '200 OK' else None

        return until(ask, 'the application')

    def test_connections_side_by_side(self):
        self.listen()
        self.ready()
        slow, quick = self.client(), self.client()
        from support import request_bytes

        slow.send(request_bytes(parameters('/slow')))
        until(lambda: os.path.exists(os.path.join(self.folder, 'entered')), 'the request')
        reply = quick.ask(parameters('/quick'))
        self.assertEqual((reply.body, reply.headers['x-threads']), (b'|/quick', 'True'))
        self.write('leave', '')
        self.assertEqual(slow.reply().body, b'|/slow')

    def test_while_the_deploy_runs_the_answer_is_503(self):
        self.settings(WSGI_APP='wsgi.application', DEPLOY_FILE='deploy.py')
        self.write('deploy.py', "import os, time\nfor _ in range(3000):\n    if os.path.exists('go'):\n        break\n    time.sleep(0.01)\n")
        self.listen()
        reply = self.client().ask(parameters())
        self.assertEqual((reply.status, reply.headers['retry-after']), ('503 Service Unavailable', '5'))
        self.write('go', '')
        self.ready()

    def test_an_import_error_is_a_page(self):
        self.write('wsgi.py', 'raise KeyError("x")\n')
        self.listen()
        until(lambda: self.client().ask(parameters()).status.startswith('500'), 'the page')

    @unittest.skipIf(os.name == 'nt', 'signals of POSIX')
    def test_a_signal_finishes_running_requests(self):
        process = self.listen()
        self.ready()
        idle, slow = self.client(), self.client()
        idle.ask(parameters())
        from support import request_bytes

        slow.send(request_bytes(parameters('/slow')))
        until(lambda: os.path.exists(os.path.join(self.folder, 'entered')), 'the request')
        process.send_signal(signal.SIGTERM)
        self.assertTrue(idle.is_closed())
        self.assertIsNone(process.poll())
        self.write('leave', '')
        self.assertEqual(slow.reply().body, b'|/slow')
        self.finish(process)

    @unittest.skipIf(os.name == 'nt', 'the supervisor starts it again there')
    def test_a_changed_file_brings_the_new_code_on_the_same_socket_and_process(self):
        self.settings(WSGI_APP='wsgi.application', WATCH_FILE_CHANGES_MASK='*.py')
        process = self.listen()
        self.assertEqual(int(self.ready()), process.pid)
        self.write('wsgi.py', APPLICATION.replace("'%s|%s'", "'new %s|%s'"))
        until(lambda: self.client().ask(parameters()).body == b'new |/', 'the new code')
        self.write('second.py', APPLICATION.replace("'%s|%s'", "'second %s|%s'"))
        self.settings(WSGI_APP='second.application', WATCH_FILE_CHANGES_MASK='*.py')
        until(lambda: self.client().ask(parameters()).body == b'second |/', 'the new application')
        self.assertIsNone(process.poll())

    @unittest.skipUnless(hasattr(socket, 'AF_UNIX'), 'no Unix sockets')
    def test_a_unix_socket_with_its_mode_taken_over_from_a_dead_worker_only(self):
        path = os.path.join(self.folder, 'worker.sock')
        arguments = ('--site', self.folder, '--listen', 'unix:' + path, '--socket-mode', '600')
        process = self.start('zoofcgi.py', *arguments)
        self.assertIn(b'listening on unix:', process.stderr.readline())
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        second = self.start('zoofcgi.py', *arguments)
        self.finish(second, 1)
        self.assertIn(b'another process listens', second.stderr.read())
        process.kill()
        process.wait()
        third = self.start('zoofcgi.py', *arguments)
        self.assertIn(b'listening on unix:', third.stderr.readline())
        third.send_signal(signal.SIGTERM)
        self.finish(third)
        self.assertFalse(os.path.exists(path))
        self.write('worker.sock', 'a file of somebody')
        self.finish(self.start('zoofcgi.py', *arguments), 1)
        self.assertEqual(self.read('worker.sock'), 'a file of somebody')

    def test_wrong_usage(self):
        socket_mode = ['--listen', 'unix:x', '--socket-mode']
        for arguments in (
            ['--listen', 'nonsense'],
            ['--listen', 'a:1', '--connect', 'b:2'],
            ['--connections', '0'],
            socket_mode + ['-660'],
            socket_mode + ['4777'],
            socket_mode + ['rw'],
        ):
            self.finish(self.start('zoofcgi.py', *arguments), 2)

    @unittest.skipIf(os.name == 'nt', 'sockets are no descriptors there')
    def test_a_listener_on_standard_input_as_spawners_pass_it(self):
        with socket.socket() as listener:
            listener.bind(('127.0.0.1', 0))
            listener.listen(5)
            self.port = listener.getsockname()[1]
            self.start('zoofcgi.py', '--site', self.folder, stdin=listener)
        self.ready()


@unittest.skipUnless(hasattr(socket, 'AF_UNIX'), 'no Unix sockets')
class Connecting(Case):
    def setUp(self):
        super().setUp()
        self.path = os.path.join(self.folder, 'host.sock')
        self.host = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.addCleanup(self.host.close)
        self.host.bind(self.path)
        self.host.listen(10)
        self.host.settimeout(PATIENCE)

    def connect(self, connections=2, **options):
        arguments = ('--site', self.folder, '--connect', 'unix:' + self.path, '--connections', str(connections))
        return self.start('zoofcgi.py', *arguments, **options)

    def accept(self):
        connection, _ = self.host.accept()
        self.addCleanup(connection.close)
        return Client(connection)

    def test_each_connection_serves_and_is_kept(self):
        process = self.connect()
        clients = [self.accept(), self.accept()]
        for client in clients + clients:
            reply = client.ask(parameters('/x', SCRIPT_NAME='/shop'))
            self.assertEqual((reply.body, reply.headers['x-threads']), (b'/shop|/x', 'True'))
        clients[0].close()
        self.finish(process)

    def test_a_connection_that_breaks_within_a_request_is_made_again(self):
        process = self.connect(1)
        client = self.accept()
        from support import request_bytes

        client.send(request_bytes(parameters('/x'), keep=True)[:-8])
        client.close()
        self.assertEqual(self.accept().ask(parameters('/again')).body, b'|/again')
        self.assertIsNone(process.poll())

    def test_it_connects_only_when_the_deploy_is_done(self):
        self.settings(WSGI_APP='wsgi.application', DEPLOY_FILE='deploy.py')
        self.write(
            'deploy.py',
            "import os, time\nopen('begun', 'w').close()\nfor _ in range(3000):\n    if os.path.exists('go'):\n        break\n    time.sleep(0.01)\n",
        )
        self.connect(1)
        until(lambda: os.path.exists(os.path.join(self.folder, 'begun')), 'the deploy')
        self.host.settimeout(0.2)
        self.assertRaises(socket.timeout, self.host.accept)
        self.host.settimeout(PATIENCE)
        self.write('go', '')
        self.assertEqual(self.accept().ask(parameters('/x')).body, b'|/x')

    def test_what_cannot_run_exits_with_1_and_its_reason(self):
        self.write('wsgi.py', 'import no_such_thing\n')
        process = self.connect()
        self.finish(process, 1)
        self.assertRegex(process.stderr.read().decode('utf-8'), r'(?m)^error: .*no_such_thing.*wsgi\.py, line 1')
        self.assertIn('no_such_thing', self.log())

    def test_no_host_exits_with_1(self):
        self.host.close()
        os.unlink(self.path)
        process = self.connect()
        self.finish(process, 1)
        self.assertIn(b'cannot connect', process.stderr.read())

    def test_a_changed_file_asks_for_a_new_start(self):
        self.settings(WSGI_APP='wsgi.application', WATCH_FILE_CHANGES_MASK='*.py')
        process = self.connect(1)
        client = self.accept()
        client.ask(parameters())
        self.write('new.py', '')
        self.assertTrue(client.is_closed())
        self.finish(process)

    def test_variables_of_the_process_come_before_web_config(self):
        self.write('second.py', APPLICATION.replace("'%s|%s'", "'second %s|%s'"))
        self.connect(1, env=self.environ(WSGI_APP='second.application'))
        self.assertEqual(self.accept().ask(parameters('/x')).body, b'second |/x')


if __name__ == '__main__':
    unittest.main()
