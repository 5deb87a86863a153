"""Records to requests: what is answered at once, what is ignored, what makes a request."""

import io
import tempfile
import unittest
from unittest import mock

from support import parameters, request_bytes

import zooprotocol as protocol
import zoorequest
from zoobody import Body
from zooprotocol import ProtocolError, Record, RecordReader
from zoorequest import RequestAssembler


def accept_all(assembler, data):
    return b''.join(assembler.accept(record) for record in RecordReader().feed(data))


class Requests(unittest.TestCase):
    def test_parameters_and_body(self):
        assembler = RequestAssembler()
        replies = accept_all(assembler, request_bytes(parameters('/a?b=1', 'POST'), b'x' * 20000, keep=True))
        self.assertEqual(replies, b'')
        request = assembler.ready
        self.assertEqual(request.parameters['PATH_INFO'], '/a')
        self.assertEqual(request.body.open().read(), b'x' * 20000)
        self.assertTrue(request.keep_connection)

    def test_a_pair_may_span_records(self):
        stream = protocol.encode_pairs([(b'LONG', b'v' * 1000), (b'X', b'\xe4')])
        for cut in (1, 4, 5, 6, 100, len(stream) - 1):
            assembler = RequestAssembler()
            assembler.accept(Record(protocol.BEGIN_REQUEST, 1, b'\0\1\0\0\0\0\0\0'))
            for piece in (stream[:cut], stream[cut:], b''):
                assembler.accept(Record(protocol.PARAMS, 1, piece))
            assembler.accept(Record(protocol.STDIN, 1, b''))
            self.assertEqual(assembler.ready.parameters, {'LONG': 'v' * 1000, 'X': '\xe4'})

    def test_of_a_doubled_name_the_last_counts(self):
        stream = protocol.encode_pairs([(b'SCRIPT_NAME', b'/x'), (b'SCRIPT_NAME', b'')])
        assembler = RequestAssembler()
        assembler.accept(Record(protocol.BEGIN_REQUEST, 1, b'\0\1\0\0\0\0\0\0'))
        for content in (stream, b''):
            assembler.accept(Record(protocol.PARAMS, 1, content))
        assembler.accept(Record(protocol.STDIN, 1, b''))
        self.assertEqual(assembler.ready.parameters, {'SCRIPT_NAME': ''})

    def test_other_roles_are_refused(self):
        for role in (2, 3, 99):
            assembler = RequestAssembler()
            reply = accept_all(assembler, request_bytes(parameters(), role=role))
            (end,) = RecordReader().feed(reply)
            self.assertEqual(protocol.decode_end(end.content), (0, protocol.UNKNOWN_ROLE))
            self.assertTrue(assembler.refused)
            self.assertIsNone(assembler.ready)

    def test_a_second_request_within_the_first_is_refused_and_the_first_goes_on(self):
        data = request_bytes(parameters('/first'), b'body', keep=True)
        assembler = RequestAssembler()
        replies = b''
        for number, record in enumerate(RecordReader().feed(data)):
            if number == 2:
                replies += accept_all(assembler, request_bytes(parameters('/second'), b'other', request_id=2))
            replies += assembler.accept(record)
        (end,) = RecordReader().feed(replies)
        self.assertEqual((end.request_id, protocol.decode_end(end.content)), (2, (0, protocol.CANNOT_MULTIPLEX)))
        self.assertEqual(assembler.ready.parameters['PATH_INFO'], '/first')
        self.assertEqual(assembler.ready.body.open().read(), b'body')

    def test_an_abort_while_it_arrives_ends_it(self):
        assembler = RequestAssembler()
        assembler.accept(Record(protocol.BEGIN_REQUEST, 1, b'\0\1\1\0\0\0\0\0'))
        reply = assembler.accept(Record(protocol.ABORT_REQUEST, 1, b''))
        (end,) = RecordReader().feed(reply)
        self.assertEqual(protocol.decode_end(end.content), (0, protocol.REQUEST_COMPLETE))
        self.assertFalse(assembler.busy)
        self.assertFalse(assembler.refused)

    def test_strange_records_are_ignored(self):
        assembler = RequestAssembler()
        for record in (
            Record(protocol.STDIN, 9, b'nobody'),
            Record(protocol.ABORT_REQUEST, 9, b''),
            Record(77, 3, b'?'),
            Record(protocol.DATA, 1, b'filter'),
        ):
            self.assertEqual(assembler.accept(record), b'')
        self.assertFalse(assembler.busy)

    def test_too_long_parameters_are_refused(self):
        assembler = RequestAssembler()
        assembler.accept(Record(protocol.BEGIN_REQUEST, 1, b'\0\1\0\0\0\0\0\0'))
        with mock.patch.object(zoorequest, 'LARGEST_PARAMETERS', 100):
            with self.assertRaises(ProtocolError):
                assembler.accept(Record(protocol.PARAMS, 1, b'x' * 101))


class Management(unittest.TestCase):
    def test_get_values_answers_what_was_asked_and_is_known(self):
        asked = protocol.encode_pairs([(b'FCGI_MPXS_CONNS', b''), (b'FCGI_MAX_CONNS', b''), (b'ELSE', b'')])
        (record,) = RecordReader().feed(RequestAssembler(7).accept(Record(protocol.GET_VALUES, 0, asked)))
        self.assertEqual((record.kind, record.request_id), (protocol.GET_VALUES_RESULT, 0))
        self.assertEqual(protocol.decode_pairs(record.content), [(b'FCGI_MPXS_CONNS', b'0'), (b'FCGI_MAX_CONNS', b'7')])

    def test_unknown_types_are_named(self):
        for kind in (12, 200, protocol.BEGIN_REQUEST):
            (record,) = RecordReader().feed(RequestAssembler().accept(Record(kind, 0, b'')))
            self.assertEqual((record.kind, record.content[0], len(record.content)), (protocol.UNKNOWN_TYPE, kind, 8))


class Bodies(unittest.TestCase):
    def test_small_ones_stay_in_memory(self):
        body = Body(memory_limit=10)
        body.append(b'0123456789')
        self.assertIsInstance(body.open(), io.BytesIO)

    def test_large_ones_go_to_disk_and_are_whole(self):
        body = Body(memory_limit=10)
        for number in range(100):
            body.append(b'%08d' % number)
        file = body.open()
        self.assertNotIsInstance(file, io.BytesIO)
        self.assertEqual(file.read(), b''.join(b'%08d' % number for number in range(100)))
        body.close()

    def test_longer_than_stated_is_cut(self):
        body = Body()
        body.append(b'abcdef')
        self.assertEqual(body.open(4).read(), b'abcd')

    def test_a_forbidden_folder_is_kept_as_failure(self):
        body = Body(memory_limit=4)
        with mock.patch.object(tempfile, 'TemporaryFile', side_effect=PermissionError(13, 'no')):
            body.append(b'12345')
            body.append(b'more')
        self.assertIsInstance(body.failure, PermissionError)


if __name__ == '__main__':
    unittest.main()
