"""The starter under HttpPlatformHandler: the waiting hall, the front, and, where waitress is, the whole process."""

import http.client
import importlib.util
import os
import socket
import threading
import unittest
from io import StringIO
from unittest import mock

from support import PATIENCE, SiteCase, free_port, until

from zoofront import Front
from zoohall import WaitingHall
from zoolife import Life
from zoolog import Log
from zoopages import deploying_page
from zooresponder import Served

HAS_WAITRESS = importlib.util.find_spec('waitress') is not None


def listener():
    result = socket.socket()
    result.bind(('127.0.0.1', 0))
    result.listen(50)
    return result


def ask(port, path='/', method='GET', body=None, headers=None):
    connection = http.client.HTTPConnection('127.0.0.1', port, timeout=PATIENCE)
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


class Halls(unittest.TestCase):
    def test_it_answers_and_gives_the_socket_back_open(self):
        with listener() as here:
            port = here.getsockname()[1]
            hall = WaitingHall(here, deploying_page)
            hall.open()
            for method in ('GET', 'POST', 'HEAD'):
                response, body = ask(port, '/any', method, b'x' * 200000 if method == 'POST' else None)
                self.assertEqual((response.status, response.headers['Retry-After']), (503, '5'))
                self.assertEqual(method == 'HEAD', body == b'')
            slow = socket.create_connection(('127.0.0.1', port))
            self.addCleanup(slow.close)
            hall.close()
            # Nobody answers now, and nobody is refused: the next connection waits for the next owner of the socket.
            waiting = socket.create_connection(('127.0.0.1', port), PATIENCE)
            self.addCleanup(waiting.close)
            accepted, _ = here.accept()
            accepted.close()


class Fronts(unittest.TestCase):
    def setUp(self):
        self.life = Life()
        self.addCleanup(self.life.close)
        self.seen = {}
        self.served = Served(self.application, '/shop')
        self.text = StringIO()
        self.started = []

    def application(self, environ, start_response):
        self.seen = dict(environ)
        if environ['PATH_INFO'] == '/error':
            raise ValueError('detail')
        start_response('200 OK', [])
        if environ['PATH_INFO'] == '/late':
            return self.late()
        return [b'ok']

    @staticmethod
    def late():
        yield b''
        raise ValueError('late detail')

    def start_response(self, status, headers, exc_info=None):
        self.started.append(status)

    def call(self, path, show_errors=False, **more):
        front = Front(self.served, self.life, Log(None, self.text), show_errors)
        result = front(
            dict({'PATH_INFO': path, 'SCRIPT_NAME': '', 'REQUEST_METHOD': 'GET'}, **more), self.start_response
        )
        body = b''.join(result)
        if hasattr(result, 'close'):
            result.close()
        return body

    def test_the_prefix_is_parted(self):
        for path, wanted in (('/shop/a', ('/shop', '/a')), ('/Shop', ('/Shop', '')), ('/other', ('', '/other'))):
            self.call(path)
            self.assertEqual((self.seen['SCRIPT_NAME'], self.seen['PATH_INFO']), wanted)
        self.served.prefix = ''
        self.call('/shop/a')
        self.assertEqual((self.seen['SCRIPT_NAME'], self.seen['PATH_INFO']), ('', '/shop/a'))

    def test_private_headers_do_not_reach_the_application(self):
        names = ('HTTP_X_IIS_WINDOWSAUTHTOKEN', 'HTTP_PROXY', 'HTTP_MS_ASPNETCORE_TOKEN')
        self.call('/a', **{name: 'x' for name in names})
        self.assertFalse(set(names) & set(self.seen))

    def test_errors_are_pages_and_end_their_request(self):
        for path in ('/shop/error', '/shop/late'):
            body = self.call(path)
            self.assertIn(b'Reference', body)
            self.assertNotIn(b'detail', body)
            self.assertEqual(self.started[-1], '500 Internal Server Error')
        self.assertIn('late detail', self.text.getvalue())
        self.assertTrue(self.life.wait_until_idle(0))
        self.assertIn(b'detail', self.call('/shop/error', show_errors=True))
        self.assertNotIn(b'detail', self.call('/shop/error', show_errors=True, HTTP_X_FORWARDED_FOR='1.2.3.4'))

    def test_a_request_is_in_progress_until_its_result_is_closed(self):
        front = Front(self.served, self.life, Log(None, self.text))
        result = front({'PATH_INFO': '/', 'SCRIPT_NAME': '', 'REQUEST_METHOD': 'GET'}, self.start_response)
        self.assertEqual(len(result), 1)
        self.assertFalse(self.life.wait_until_idle(0))
        result.close()
        self.assertTrue(self.life.wait_until_idle(0))

    def test_only_a_result_that_knows_its_pieces_has_a_length(self):
        # waitress calls len() of whatever has it: a generator's answer would become its error 500.
        self.served.application = lambda environ, start_response: iter([b'a', b'b'])
        front = Front(self.served, self.life, Log(None, self.text))
        result = front({'PATH_INFO': '/', 'SCRIPT_NAME': '', 'REQUEST_METHOD': 'GET'}, self.start_response)
        self.assertFalse(hasattr(result, '__len__'))
        self.assertEqual(list(result), [b'a', b'b'])
        result.close()
        self.assertTrue(self.life.wait_until_idle(0))

    def test_shutdown_needs_the_token(self):
        with mock.patch.dict(os.environ, {'HTTP_PLATFORM_TOKEN': 'right'}):
            self.call('/', HTTP_MS_ASPNETCORE_EVENT='shutdown', HTTP_MS_ASPNETCORE_TOKEN='wrong')
            self.assertFalse(self.life.stopping)
            self.call('/', HTTP_MS_ASPNETCORE_EVENT='shutdown', HTTP_MS_ASPNETCORE_TOKEN='right')
        self.assertTrue(self.life.stopping)
        self.assertIn(b'being deployed', self.call('/'))

    def test_without_a_token_nobody_can_shut_down(self):
        self.call('/', HTTP_MS_ASPNETCORE_EVENT='shutdown', HTTP_MS_ASPNETCORE_TOKEN='')
        self.assertFalse(self.life.stopping)


APPLICATION = """
import os, time
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
    start_response('200 OK', [])
    if path == '/stream':
        return (piece for piece in [b'one, ', b'two'])
    return [repr([environ['SCRIPT_NAME'], path, environ['REMOTE_ADDR'], environ['wsgi.url_scheme']]).encode('ascii')]
"""


class Starter(SiteCase):
    def setUp(self):
        super().setUp()
        self.settings(WSGI_APP='wsgi.application', DEPLOY_FILE='deploy.py', WATCH_FILE_CHANGES_MASK='*.py')
        self.write('wsgi.py', APPLICATION)
        self.write('deploy.py', "import os, time\nfor _ in range(3000):\n    if os.path.exists('go'):\n        break\n    time.sleep(0.01)\n")

    def begin(self, prefix='/shop'):
        self.port = free_port()
        env = self.environ(HTTP_PLATFORM_PORT=str(self.port), HTTP_PLATFORM_APPL_PATH=prefix)
        process = self.start('zoohttp.py', env=env)
        until(self.is_listening, 'the listener')
        return process

    def is_listening(self):
        try:
            socket.create_connection(('127.0.0.1', self.port), 1).close()
            return True
        except OSError:
            return False

    def ready(self):
        until(lambda: ask(self.port, '/shop/')[0].status == 200, 'the application')

    def test_it_listens_before_the_deploy_is_done(self):
        process = self.begin()
        response, _ = ask(self.port)
        self.assertEqual((response.status, response.headers['Retry-After']), (503, '5'))
        self.assertIsNone(process.poll())

    def test_a_failed_deploy_stays_a_page_until_a_file_changes(self):
        self.write('deploy.py', 'raise SystemExit(2)')
        process = self.begin()
        until(lambda: b'deployment failed' in ask(self.port)[1], 'the page')
        self.assertIsNone(process.poll())
        self.write('deploy.py', 'print(1)')
        self.assertEqual(process.wait(PATIENCE), 0)
        self.assertIn('changed: deploy.py', self.log())

    @unittest.skipIf(HAS_WAITRESS, 'waitress is here')
    def test_without_waitress_the_page_says_so(self):
        self.write('go', '')
        self.begin()
        until(lambda: b'no waitress' in ask(self.port)[1], 'the page')
        self.assertIn('zookit deploy', self.log())

    def test_no_port_is_wrong_usage(self):
        env = self.environ()
        env.pop('HTTP_PLATFORM_PORT', None)
        self.assertEqual(self.start('zoohttp.py', env=env).wait(PATIENCE), 2)

    def test_a_taken_port_is_told(self):
        with listener() as here:
            process = self.start('zoohttp.py', '--port', str(here.getsockname()[1]))
            self.assertEqual(process.wait(PATIENCE), 1)
        self.assertIn(b'cannot listen', process.stderr.read())

    @unittest.skipUnless(HAS_WAITRESS, 'waitress is not here')
    def test_the_same_socket_passes_to_waitress_without_a_refusal(self):
        self.begin()
        refused, answers = [], []

        def visit():
            while 200 not in answers[-5:]:
                try:
                    answers.append(ask(self.port, '/shop/')[0].status)
                except ConnectionRefusedError as error:
                    refused.append(error)
                    return

        visitors = [threading.Thread(target=visit) for _ in range(4)]
        for visitor in visitors:
            visitor.start()
        until(lambda: 503 in answers, 'the hall')
        self.write('go', '')
        for visitor in visitors:
            visitor.join(PATIENCE)
        self.assertEqual(refused, [])
        self.assertEqual(set(answers), {200, 503})
        response, body = ask(
            self.port, '/SHOP/a%20b?c', headers={'X-Forwarded-For': '203.0.113.7', 'X-Forwarded-Proto': 'https'}
        )
        self.assertEqual(body, b"['/SHOP', '/a b', '203.0.113.7', 'https']")
        self.assertEqual(ask(self.port, '/shop/', 'POST', b'x' * 3000000)[0].status, 200)
        response, body = ask(self.port, '/shop/stream')
        self.assertEqual((response.status, body), (200, b'one, two'))
        response, body = ask(self.port, '/shop/error')
        self.assertEqual(response.status, 500)
        self.assertIn(b'Reference', body)
        self.assertIn('ValueError: the reason', self.log())

    @unittest.skipUnless(HAS_WAITRESS and os.name != 'nt', 'waitress is not here')
    def test_a_signal_finishes_the_running_request(self):
        self.write('go', '')
        process = self.begin()
        self.ready()
        answers = []
        visitor = threading.Thread(target=lambda: answers.append(ask(self.port, '/shop/slow')[1]))
        visitor.start()
        until(lambda: os.path.exists(os.path.join(self.folder, 'entered')), 'the request')
        process.terminate()
        until(lambda: ask(self.port, '/shop/')[0].status == 503, 'the stop')
        self.write('leave', '')
        visitor.join(PATIENCE)
        self.assertEqual(answers, [b"['/shop', '/slow', '127.0.0.1', 'http']"])
        self.assertEqual(process.wait(PATIENCE), 0)

    @unittest.skipUnless(HAS_WAITRESS, 'waitress is not here')
    def test_a_changed_file_ends_the_process_and_counts(self):
        self.write('go', '')
        process = self.begin()
        self.ready()
        self.write('wsgi.py', APPLICATION + '\n')
        self.assertEqual(process.wait(PATIENCE), 0)
        self.assertEqual(len(self.read('log/restarts').splitlines()), 1)


if __name__ == '__main__':
    unittest.main()
