"""Failures of one connection: the place at the host is taken again, the listener goes on."""

import socket
import threading
import unittest
from io import StringIO
from unittest import mock

from support import PATIENCE, Client, parameters, until

from zooaddress import Address, connect
from zooconnect import Link
from zooenviron import Mode
from zoolife import Life
from zoolisten import Acceptor
from zoolog import Log
from zooresponder import Responder, Served


def application(environ, start_response):
    start_response('200 OK', [('Content-Length', '2')])
    return [b'ok']


class FailsOnce(Responder):
    failed = False

    def answer(self, request, send, errors, interrupted):
        if not self.failed:
            self.failed = True
            raise RuntimeError('a defect of ours')
        return super().answer(request, send, errors, interrupted)


class Places(unittest.TestCase):
    def setUp(self):
        self.life = Life()
        self.addCleanup(self.life.close)
        self.text = StringIO()
        self.log = Log(None, self.text)
        self.host = socket.socket()
        self.addCleanup(self.host.close)
        self.host.settimeout(PATIENCE)
        self.host.bind(('127.0.0.1', 0))
        self.host.listen(5)
        self.port = self.host.getsockname()[1]

    def test_a_place_at_the_host_is_taken_again_after_an_error_of_our_own(self):
        address = Address('tcp', '127.0.0.1', self.port)
        responder = FailsOnce(Served(application, ''), self.log, Mode(multithread=False))
        link = Link(address, connect(address, self.life), responder, self.life, self.log)
        thread = threading.Thread(target=link.run, daemon=True)
        thread.start()
        first = Client(self.host.accept()[0])
        self.addCleanup(first.close)
        self.assertIsNone(first.ask(parameters()).end)
        second = Client(self.host.accept()[0])
        self.addCleanup(second.close)
        self.assertEqual(second.ask(parameters()).body, b'ok')
        self.assertIn('a defect of ours', self.text.getvalue())
        self.life.stop('the test is over')
        thread.join(PATIENCE)
        self.assertFalse(thread.is_alive())

    def test_a_system_without_threads_ends_one_connection_not_the_listener(self):
        acceptor = Acceptor(
            self.host, Responder(Served(application, ''), self.log, Mode(multithread=True)), self.life, self.log
        )
        acceptor.start()
        with mock.patch.object(threading.Thread, 'start', side_effect=RuntimeError("can't start new thread")):
            refused = Client(socket.create_connection(('127.0.0.1', self.port), PATIENCE))
            self.addCleanup(refused.close)
            self.assertTrue(refused.is_closed())
        until(lambda: 'cannot be served' in self.text.getvalue(), 'the entry')
        served = Client(socket.create_connection(('127.0.0.1', self.port), PATIENCE))
        self.addCleanup(served.close)
        self.assertEqual(served.ask(parameters()).body, b'ok')
        self.life.stop('the test is over')
        acceptor.finish()


if __name__ == '__main__':
    unittest.main()
