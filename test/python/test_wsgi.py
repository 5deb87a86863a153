"""PEP 3333, the server's side: what is sent, in which order, and what is refused."""

import sys
import unittest
from io import BytesIO, StringIO
from wsgiref.validate import validator

from support import parameters

from zooenviron import Mode, build_environ
from zoowsgi import Answer, ContractError


class Recorder:
    """An application's result that notes what happens to it."""

    def __init__(self, pieces, events):
        self._pieces = iter(pieces)
        self.events = events

    def __iter__(self):
        return self

    def __next__(self):
        self.events.append('next')
        piece = next(self._pieces)
        if isinstance(piece, Exception):
            raise piece
        return piece

    def close(self):
        self.events.append('close')


def environ_for(method='GET', path='/', body=b'', **more):
    given = parameters(path, method, **more)
    if body:
        given['CONTENT_LENGTH'] = str(len(body))
    return build_environ(given, BytesIO(body), StringIO(), None, Mode(True, False))


def run(application, method='GET', **more):
    """The answer's pieces as they were sent, and the answer."""
    sent = []
    answer = Answer(sent.append, method)
    answer.run(application, environ_for(method, **more))
    return sent, answer


def giving(result, status='200 OK', headers=()):
    def application(environ, start_response):
        start_response(status, list(headers))
        return result

    return application


class Sending(unittest.TestCase):
    def test_headers_go_with_the_first_piece_and_each_piece_at_once(self):
        events = []
        sent = []
        answer = Answer(lambda data: (events.append('send'), sent.append(data)), 'GET')
        answer.run(giving(Recorder([b'', b'a', b'', b'b'], events), headers=[('X', 'y')]), environ_for())
        self.assertEqual(sent, [b'Status: 200 OK\r\nX: y\r\n\r\na', b'b'])
        self.assertEqual(events, ['next', 'next', 'send', 'next', 'next', 'send', 'next', 'close'])

    def test_no_piece_at_all_still_sends_headers(self):
        sent, _ = run(giving([]))
        self.assertEqual(sent, [b'Status: 200 OK\r\nContent-Length: 0\r\n\r\n'])

    def test_a_list_of_one_gets_its_length(self):
        sent, _ = run(giving([b'hello']))
        self.assertEqual(sent, [b'Status: 200 OK\r\nContent-Length: 5\r\n\r\nhello'])

    def test_a_list_of_two_gets_none(self):
        sent, _ = run(giving([b'he', b'llo']))
        self.assertEqual(b''.join(sent), b'Status: 200 OK\r\n\r\nhello')

    def test_a_stated_length_is_kept_and_not_passed(self):
        sent, answer = run(giving([b'abc', b'def'], headers=[('Content-Length', '4')]))
        self.assertEqual(b''.join(sent), b'Status: 200 OK\r\nContent-Length: 4\r\n\r\nabcd')
        self.assertEqual((answer.excess, answer.missing), (2, 0))

    def test_too_little_is_noticed(self):
        _, answer = run(giving([b'abc'], headers=[('Content-Length', '10')]))
        self.assertEqual(answer.missing, 7)

    def test_head_has_the_headers_of_get_and_no_body(self):
        events = []
        sent, _ = run(giving(Recorder([b'abc', b'def'], events), headers=[('Content-Length', '6')]), 'HEAD')
        self.assertEqual(sent, [b'Status: 200 OK\r\nContent-Length: 6\r\n\r\n'])
        self.assertEqual(events, ['next', 'close'])
        sent, _ = run(giving([b'abc']), 'HEAD')
        self.assertEqual(sent, [b'Status: 200 OK\r\nContent-Length: 3\r\n\r\n'])

    def test_an_empty_answer_to_head_claims_no_length(self):
        for result in ([], [b'']):
            sent, _ = run(giving(result), 'HEAD')
            self.assertEqual(sent, [b'Status: 200 OK\r\n\r\n'])

    def test_204_and_304_have_no_body(self):
        sent, _ = run(giving([b'x'], '204 No Content', [('Content-Length', '1')]))
        self.assertEqual(sent, [b'Status: 204 No Content\r\n\r\n'])
        sent, _ = run(giving([b''], '304 Not Modified', [('ETag', '"a"')]))
        self.assertEqual(sent, [b'Status: 304 Not Modified\r\nETag: "a"\r\n\r\n'])

    def test_write_sends_at_once(self):
        def application(environ, start_response):
            write = start_response('200 OK', [])
            write(b'one')
            return [b'two']

        sent, _ = run(application)
        self.assertEqual(sent, [b'Status: 200 OK\r\n\r\none', b'two'])

    def test_start_response_may_come_with_the_first_piece(self):
        def application(environ, start_response):
            start_response('200 OK', [])
            yield b'late'

        sent, _ = run(application)
        self.assertEqual(b''.join(sent), b'Status: 200 OK\r\n\r\nlate')

    def test_headers_are_latin1(self):
        sent, _ = run(giving([], headers=[('X', '\xe4')]))
        self.assertIn(b'X: \xe4\r\n', sent[0])

    def test_an_interruption_closes_the_result(self):
        events = []
        answer = Answer(lambda data: None, 'GET')
        asked = iter([False, True])
        answer.run(giving(Recorder([b'a', b'b', b'c'], events)), environ_for(), lambda: next(asked))
        self.assertEqual(events, ['next', 'next', 'close'])
        self.assertFalse(answer.complete)


class Errors(unittest.TestCase):
    def test_close_is_called_after_an_error(self):
        events = []
        with self.assertRaises(ZeroDivisionError):
            run(giving(Recorder([b'a', ZeroDivisionError()], events)))
        self.assertEqual(events, ['next', 'next', 'close'])

    def test_close_is_called_when_nobody_reads(self):
        events = []

        def send(data):
            raise OSError('gone')

        with self.assertRaises(OSError):
            Answer(send, 'GET').run(giving(Recorder([b'a'], events)), environ_for())
        self.assertEqual(events, ['next', 'close'])

    def test_exc_info_replaces_headers_that_are_not_sent(self):
        def application(environ, start_response):
            start_response('200 OK', [('A', '1')])
            try:
                raise KeyError('x')
            except KeyError:
                start_response('500 Oops', [('B', '2')], sys.exc_info())
            return [b'page']

        sent, _ = run(application)
        self.assertEqual(b''.join(sent), b'Status: 500 Oops\r\nB: 2\r\nContent-Length: 4\r\n\r\npage')

    def test_exc_info_after_the_headers_raises_again(self):
        def application(environ, start_response):
            start_response('200 OK', [])
            yield b'begun'
            try:
                raise KeyError('x')
            except KeyError:
                start_response('500 Oops', [], sys.exc_info())

        with self.assertRaises(KeyError):
            run(application)

    def test_what_breaks_the_contract_is_refused(self):
        def twice(environ, start_response):
            start_response('200 OK', [])
            start_response('200 OK', [])

        applications = [
            twice,
            lambda environ, start_response: [b'no start'],
            lambda environ, start_response: [],
            giving(['text']),
            giving('text'),
            giving([bytearray(b'x')]),
            giving([], status='200'[:2]),
            giving([], status=200),
            giving([], status='OK 200'),
            giving([], status='200 O\r\nK'),
            giving([], status='200 \u20ac'),
            giving([], headers=[('Connection', 'close')]),
            giving([], headers=[('Transfer-Encoding', 'chunked')]),
            giving([], headers=[('Status', '200')]),
            giving([], headers=[('X Y', 'z')]),
            giving([], headers=[('X:', 'z')]),
            giving([], headers=[('X', 'a\r\nSet-Cookie: b')]),
            giving([], headers=[('X', 'a\nb')]),
            giving([], headers=[('X', '\u20ac')]),
            giving([], headers=[('X', 1)]),
            giving([], headers=[['X', 'y']]),
            lambda environ, start_response: start_response('200 OK', (('X', 'y'),)) and [],
        ]
        for application in applications:
            with self.assertRaises(ContractError):
                run(application)

    def test_a_refused_value_is_not_told(self):
        with self.assertRaises(ContractError) as caught:
            run(giving([], headers=[('X-Key', 'secret\n')]))
        self.assertNotIn('secret', str(caught.exception))


class Validated(unittest.TestCase):
    """The standard library's own referee between server and application."""

    def check(self, application, method='GET', **more):
        sent, answer = run(validator(application), method, **more)
        self.assertTrue(answer.complete)
        return b''.join(sent)

    def test_methods_and_bodies(self):
        plain = [('Content-Type', 'text/plain')]

        def echo(environ, start_response):
            body = environ['wsgi.input'].read(int(environ.get('CONTENT_LENGTH') or 0))
            lines = environ['wsgi.errors']
            lines.write('note')
            lines.flush()
            start_response('200 OK', plain)
            return [body or b'empty']

        for method in ('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'):
            self.assertTrue(self.check(echo, method).endswith(b'empty'))
        self.assertTrue(self.check(echo, 'POST', body=b'x' * 1000).endswith(b'x' * 1000))

    def test_reading_by_lines(self):
        def lines(environ, start_response):
            source = environ['wsgi.input']
            first = source.readline()
            some = source.readlines(3)
            rest = list(source)
            start_response('200 OK', [('Content-Type', 'text/plain')])
            return [repr((first, some, rest, source.read(1))).encode('ascii')]

        answer = self.check(lines, 'POST', body=b'one\ntwo\nthree\nfour')
        self.assertTrue(answer.endswith(b"(b'one\\n', [b'two\\n'], [b'three\\n', b'four'], b'')"), answer)

    def test_prefixes(self):
        def where(environ, start_response):
            start_response('200 OK', [('Content-Type', 'text/plain')])
            return [(environ['SCRIPT_NAME'] + '|' + environ['PATH_INFO']).encode('latin-1')]

        prefix = {'SCRIPT_NAME': '/shop', 'PATH_INFO': '', 'REQUEST_URI': '/shop'}
        self.assertTrue(self.check(where, **prefix).endswith(b'/shop|'))
        self.assertTrue(self.check(where, path='/a').endswith(b'|/a'))

    def test_no_body(self):
        def application(environ, start_response):
            start_response('204 No Content', [])
            return [b'']

        self.assertEqual(self.check(application), b'Status: 204 No Content\r\n\r\n')


if __name__ == '__main__':
    unittest.main()
