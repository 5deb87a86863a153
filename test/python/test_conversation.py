"""FastCGI over a real socket pair: keeping, cutting, aborting, errors; every split of the input gives the same output."""

import hashlib
import os
import socket
import threading
import unittest

from support import PATIENCE, Client, Reply, connection_pair, parameters, request_bytes

import zooprotocol as protocol
from zooconversation import Conversation, Rules
from zooenviron import Mode
from zoolife import Life
from zoolog import Log
from zooprotocol import RecordReader
from zooresponder import Responder, Served
from zoostream import DescriptorStream, SocketStream


class Silent(Log):
    def __init__(self):
        super().__init__(None)
        self.entries = []

    def _add(self, level, text, details):
        self.entries.append((level, text, details))


def echo(environ, start_response):
    body = environ['wsgi.input'].read()
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [('%s %s ' % (environ['REQUEST_METHOD'], environ['PATH_INFO'])).encode('latin-1') + body]


class Server:
    """A conversation in a thread."""

    def __init__(self, connection, application, rules=None, show_errors=False):
        self.life = Life()
        self.log = Silent()
        responder = Responder(Served(application), self.log, Mode(False), show_errors)
        self.stream = SocketStream(connection, self.life)
        self.conversation = Conversation(self.stream, responder, self.life, self.log, rules or Rules())
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        self.conversation.serve()
        self.stream.close()

    def end(self):
        """For a test's end: the other side must be closed."""
        self.life.stop('the test is over')
        self.thread.join()
        self.life.close()


class Case(unittest.TestCase):
    def serve(self, application=echo, **options):
        one, other = socket.socketpair()
        server = Server(other, application, **options)
        self.addCleanup(server.end)
        self.addCleanup(one.close)
        return Client(one), server


class Keeping(Case):
    def test_several_requests_on_one_connection(self):
        client, _ = self.serve()
        for number in range(3):
            reply = client.ask(parameters('/%d' % number, 'POST'), b'body')
            self.assertEqual((reply.status, reply.body), ('200 OK', b'POST /%d body' % number))
            self.assertEqual(reply.end, (0, protocol.REQUEST_COMPLETE))

    def test_without_the_flag_the_connection_ends(self):
        client, _ = self.serve()
        self.assertEqual(client.ask(parameters('/x'), keep=False).body, b'GET /x ')
        self.assertTrue(client.is_closed())

    def test_pipelined_requests_are_answered_in_turn(self):
        client, _ = self.serve()
        client.send(
            request_bytes(parameters('/a'), keep=True) + request_bytes(parameters('/b'), keep=True, request_id=2)
        )
        self.assertEqual(client.reply().body, b'GET /a ')
        self.assertEqual(Reply(client.records(), 2).body, b'GET /b ')

    def test_management_between_requests(self):
        client, _ = self.serve()
        client.send(protocol.encode_record(protocol.GET_VALUES, 0, protocol.encode_pairs([(b'FCGI_MAX_REQS', b'')])))
        client.send(protocol.encode_record(42, 0))
        records = self.read(client, 2)
        self.assertEqual([record.kind for record in records], [protocol.GET_VALUES_RESULT, protocol.UNKNOWN_TYPE])
        self.assertEqual(client.ask(parameters('/after')).body, b'GET /after ')

    @staticmethod
    def read(client, count):
        reader, records = RecordReader(), []
        while len(records) < count:
            records += reader.feed(client.connection.recv(65536))
        return records

    def test_another_role_is_refused_and_the_connection_closed(self):
        client, _ = self.serve()
        client.send(request_bytes(parameters(), role=2))
        self.assertEqual(client.reply().end, (0, protocol.UNKNOWN_ROLE))
        self.assertTrue(client.is_closed())

    def test_no_fastcgi_closes_the_connection(self):
        client, server = self.serve()
        client.send(b'GET / HTTP/1.1\r\n\r\n')
        self.assertTrue(client.is_closed())
        server.thread.join()
        self.assertEqual(server.log.entries[0][0], 'WARNING')

    def test_an_idle_end_is_told_apart_from_one_within_a_request(self):
        for data, wanted in ((b'', True), (request_bytes(parameters())[:40], False)):
            client, server = self.serve()
            client.send(data)
            client.connection.shutdown(socket.SHUT_WR)
            server.thread.join()
            self.assertEqual(server.conversation.closed_idle, wanted)

    def test_a_stop_ends_an_idle_connection_and_finishes_a_running_one(self):
        client, server = self.serve()
        client.ask(parameters())
        server.life.stop('test')
        self.assertTrue(client.is_closed())

        entered, leave = threading.Event(), threading.Event()

        def slow(environ, start_response):
            entered.set()
            leave.wait()
            return echo(environ, start_response)

        client, server = self.serve(slow)
        client.send(request_bytes(parameters('/slow'), keep=True))
        entered.wait()
        server.life.stop('test')
        self.assertFalse(server.life.wait_until_idle(0.05))
        leave.set()
        self.assertEqual(client.reply().body, b'GET /slow ')
        self.assertTrue(client.is_closed())
        self.assertTrue(server.life.wait_until_idle())


class Splits(unittest.TestCase):
    """Two requests, cut at every place: the output is the same to the byte."""

    data = (
        protocol.encode_record(protocol.GET_VALUES, 0, protocol.encode_pairs([(b'FCGI_MAX_CONNS', b'')]))
        + request_bytes({'REQUEST_METHOD': 'POST', 'PATH_INFO': '/a', 'L': 'x' * 130}, b'hello', keep=True)
        + request_bytes({'REQUEST_METHOD': 'GET', 'PATH_INFO': '/b'}, keep=False)
    )

    def output(self, pieces):
        with connection_pair() as (one, other):
            server = Server(other, echo)
            for piece in pieces:
                one.sendall(piece)
            result = b''
            while True:
                data = one.recv(65536)
                if not data:
                    break
                result += data
            server.end()
        return result

    def test_every_cut(self):
        whole = self.output([self.data])
        self.assertIn(b'POST /a hello', whole)
        self.assertIn(b'GET /b ', whole)
        for position in range(1, len(self.data)):
            self.assertEqual(self.output([self.data[:position], self.data[position:]]), whole, position)

    def test_single_bytes(self):
        pieces = [bytes((byte,)) for byte in self.data]
        self.assertEqual(self.output(pieces), self.output([self.data]))


class Bodies(Case):
    def test_a_huge_body_is_whole_and_on_disk(self):
        size = 20 * 1024 * 1024
        block = os.urandom(65536)
        seen = {}

        def digest(environ, start_response):
            source = environ['wsgi.input']
            seen['kind'] = type(source).__name__
            result = hashlib.sha256()
            for piece in iter(lambda: source.read(65536), b''):
                result.update(piece)
            start_response('200 OK', [])
            return [result.hexdigest().encode('ascii')]

        client, _ = self.serve(digest)
        expected = hashlib.sha256()
        head = request_bytes(parameters('/up', 'POST', CONTENT_LENGTH=str(size)))
        client.send(head[:-8])
        for _ in range(size // len(block)):
            expected.update(block)
            client.send(protocol.encode_stream(protocol.STDIN, 1, block))
        client.send(head[-8:])
        self.assertEqual(client.reply().body.decode('ascii'), expected.hexdigest())
        self.assertNotEqual(seen['kind'], 'BytesIO')

    def test_a_body_without_stated_length_gets_one(self):
        def length(environ, start_response):
            start_response('200 OK', [])
            return [environ.get('CONTENT_LENGTH', 'none').encode('ascii')]

        client, _ = self.serve(length)
        self.assertEqual(client.ask(parameters(method='POST'), b'12345').body, b'5')
        self.assertEqual(client.ask(parameters(method='POST', CONTENT_LENGTH='-1'), b'1234').body, b'4')
        self.assertEqual(client.ask(parameters()).body, b'none')
        self.assertEqual(client.ask(parameters(CONTENT_LENGTH='0')).body, b'0')

    def test_a_body_that_broke_off_never_reaches_the_application(self):
        called = []
        client, _ = self.serve(lambda environ, start_response: called.append(1))
        reply = client.ask(parameters(method='POST', CONTENT_LENGTH='100'), b'half')
        self.assertEqual(reply.status, '400 Bad Request')
        self.assertEqual(called, [])

    def test_a_large_answer_streams(self):
        def stream(environ, start_response):
            start_response('200 OK', [])
            for _ in range(100):
                yield b'x' * 50000

        client, _ = self.serve(stream)
        self.assertEqual(len(client.ask(parameters()).body), 5000000)


class Failing(Case):
    def test_an_error_is_a_page_with_a_reference_and_the_worker_lives_on(self):
        def application(environ, start_response):
            if environ['PATH_INFO'] == '/bad':
                raise ValueError('secret detail')
            return echo(environ, start_response)

        client, server = self.serve(application)
        reply = client.ask(parameters('/bad'))
        self.assertEqual(reply.status, '500 Internal Server Error')
        self.assertNotIn(b'secret', reply.body)
        level, text, details = server.log.entries[-1]
        reference = text.split()[0]
        self.assertIn(reference.encode('ascii'), reply.body)
        self.assertIn('ValueError: secret detail', details)
        self.assertEqual(client.ask(parameters('/good')).body, b'GET /good ')

    def test_leaving_by_exit_is_an_error_too(self):
        def application(environ, start_response):
            raise SystemExit(3)

        client, _ = self.serve(application)
        self.assertEqual(client.ask(parameters()).status, '500 Internal Server Error')
        self.assertEqual(client.ask(parameters()).status, '500 Internal Server Error')

    def test_details_only_when_asked_for_and_never_through_a_proxy(self):
        def application(environ, start_response):
            raise ValueError('<detail>')

        client, _ = self.serve(application, show_errors=True)
        self.assertIn(b'ValueError: &lt;detail&gt;', client.ask(parameters()).body)
        for name in ('HTTP_X_FORWARDED_FOR', 'HTTP_FORWARDED', 'HTTP_X_FORWARDED_HOST'):
            self.assertNotIn(b'detail', client.ask(parameters(**{name: '1.2.3.4'})).body)

    def test_an_error_after_the_headers_is_status_1_or_a_cut(self):
        def application(environ, start_response):
            start_response('200 OK', [])
            yield b'begun'
            raise ValueError('later')

        client, _ = self.serve(application)
        reply = client.ask(parameters())
        self.assertEqual((reply.status, reply.body, reply.end), ('200 OK', b'begun', (1, 0)))
        self.assertEqual(client.ask(parameters()).end, (1, 0))
        client, _ = self.serve(application, rules=Rules(cut_broken=True))
        with self.assertRaises(protocol.ProtocolError):
            client.ask(parameters())

    def test_an_error_in_close_does_not_spoil_a_whole_answer(self):
        class Result(list):
            def close(self):
                raise ValueError('in close')

        def application(environ, start_response):
            start_response('200 OK', [])
            return Result([b'whole'])

        client, server = self.serve(application)
        reply = client.ask(parameters())
        self.assertEqual((reply.body, reply.end), (b'whole', (0, 0)))
        self.assertIn('in close', server.log.entries[-1][2])

    def test_errors_stream_goes_to_the_log_and_only_where_allowed_to_the_server(self):
        def application(environ, start_response):
            environ['wsgi.errors'].write('note this')
            return echo(environ, start_response)

        for rules, wanted in ((Rules(), b''), (Rules(error_records=True), b'note this\n')):
            client, server = self.serve(application, rules=rules)
            self.assertEqual(client.ask(parameters()).errors, wanted)
            self.assertIn(('INFO', 'application', 'note this'), server.log.entries)


class Aborting(Case):
    def test_an_abort_stops_a_running_answer_and_closes_it(self):
        closed = threading.Event()

        def endless(environ, start_response):
            start_response('200 OK', [])
            try:
                while True:
                    yield b'x' * 1000
            finally:
                closed.set()

        client, _ = self.serve(endless)
        client.send(request_bytes(parameters(), keep=True))
        client.connection.recv(10)
        client.send(protocol.encode_record(protocol.ABORT_REQUEST, 1))
        data = b''
        while protocol.encode_end(1, 0, 0) not in data:
            data += client.connection.recv(65536)
        self.assertTrue(closed.wait(PATIENCE))

    def test_a_server_that_goes_away_closes_the_result(self):
        closed = threading.Event()

        def endless(environ, start_response):
            start_response('200 OK', [])
            try:
                while True:
                    yield b'x' * 1000
            finally:
                closed.set()

        client, server = self.serve(endless)
        client.send(request_bytes(parameters()))
        client.connection.recv(10)
        client.close()
        self.assertTrue(closed.wait(PATIENCE))
        server.thread.join()
        self.assertEqual([entry for entry in server.log.entries if entry[0] == 'ERROR'], [])

    def test_an_abort_before_the_body_is_whole(self):
        client, _ = self.serve()
        client.send(request_bytes(parameters('/x', 'POST'), b'abc', keep=True)[:-8])
        client.send(protocol.encode_record(protocol.ABORT_REQUEST, 1))
        self.assertEqual(client.reply().end, (0, 0))
        self.assertEqual(client.ask(parameters('/next')).body, b'GET /next ')


@unittest.skipIf(os.name == 'nt', 'a socket has no descriptor of its own there')
class Strictly(unittest.TestCase):
    """A stream that cannot be polled, like a synchronous pipe: never read while an answer is under way."""

    def test_reads_and_writes_take_turns(self):
        events = []

        class Pipe(DescriptorStream):
            interruptible = False

            def wait(self):
                return True

            def pending(self):
                return False

            def read(self):
                events.append('read')
                return super().read()

            def write(self, data):
                events.append('write')
                super().write(data)

        def stream(environ, start_response):
            start_response('200 OK', [])
            yield b'one'
            yield b'two'

        with connection_pair() as (one, other):
            life = Life()
            log = Silent()
            pipe = Pipe(os.dup(other.fileno()), life)
            responder = Responder(Served(stream), log, Mode(False))
            thread = threading.Thread(target=Conversation(pipe, responder, life, log, Rules()).serve, daemon=True)
            thread.start()
            client = Client(one)
            self.assertEqual(client.ask(parameters()).body, b'onetwo')
            self.assertEqual(client.ask(parameters()).body, b'onetwo')
            one.shutdown(socket.SHUT_WR)
            thread.join()
            pipe.close()
            life.close()
        turn = ['read', 'write', 'write', 'write']
        self.assertEqual(events, turn + turn + ['read'])


if __name__ == '__main__':
    unittest.main()
