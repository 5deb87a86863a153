"""Records and bytes: every cut gives the same records, what is broken is refused."""

import unittest

import support  # noqa: F401
import zooprotocol as protocol
from zooprotocol import ProtocolError, RecordReader


def sample():
    """One of everything, with paddings from 0 to 7, four-byte lengths and unknown types."""
    pairs = [(b'A', b''), (b'', b'x'), (b'n' * 127, b'v' * 128), (b'N' * 300, b'V' * 70000)]
    return b''.join(
        [
            protocol.encode_record(protocol.GET_VALUES, 0, protocol.encode_pairs([(b'FCGI_MAX_CONNS', b'')])),
            protocol.encode_begin(1, protocol.RESPONDER, protocol.KEEP_CONNECTION),
            protocol.encode_stream(protocol.PARAMS, 1, protocol.encode_pairs(pairs)),
            protocol.encode_record(protocol.PARAMS, 1),
            protocol.encode_record(200, 7, b'unknown'),
            protocol.encode_record(protocol.STDIN, 65535, b'12345'),
            protocol.encode_record(protocol.STDIN, 1),
        ]
    )


class Records(unittest.TestCase):
    def test_single_bytes_give_the_records_of_the_whole(self):
        data = sample()
        reader = RecordReader()
        pieces = [record for byte in data for record in reader.feed(bytes((byte,)))]
        self.assertEqual(pieces, RecordReader().feed(data))
        self.assertFalse(reader.partial)

    def test_every_cut_in_two_gives_the_records_of_the_whole(self):
        data = (
            protocol.encode_begin(1, 1, 0)
            + protocol.encode_record(5, 1, b'abc')
            + protocol.encode_record(9, 0, b'x' * 20)
        )
        whole = RecordReader().feed(data)
        for position in range(len(data) + 1):
            reader = RecordReader()
            self.assertEqual(reader.feed(data[:position]) + reader.feed(data[position:]), whole, position)

    def test_pieces_of_each_size(self):
        data = sample()
        whole = RecordReader().feed(data)
        for size in (2, 3, 7, 8, 9, 16, 1000, 8191, 8192, 8193, 65536):
            reader = RecordReader()
            records = []
            for start in range(0, len(data), size):
                records += reader.feed(data[start : start + size])
            self.assertEqual(records, whole, size)

    def test_contents_survive(self):
        records = RecordReader().feed(sample())
        stream = b''.join(record.content for record in records if record.kind == protocol.PARAMS)
        pairs = protocol.decode_pairs(stream)
        self.assertEqual([(len(name), len(value)) for name, value in pairs], [(1, 0), (0, 1), (127, 128), (300, 70000)])

    def test_the_longest_record(self):
        data = protocol.encode_record(protocol.STDIN, 1, b'z' * 65535)
        self.assertEqual(len(data) % 8, 0)
        (record,) = RecordReader().feed(data)
        self.assertEqual(len(record.content), 65535)

    def test_another_version_is_refused(self):
        with self.assertRaisesRegex(ProtocolError, 'version 71'):
            RecordReader().feed(b'GET / HTTP/1.1\r\n\r\n')

    def test_no_data_is_no_record(self):
        self.assertEqual(protocol.encode_stream(protocol.STDOUT, 1, b''), b'')

    def test_long_output_is_cut_into_records_of_8192_bytes(self):
        data = protocol.encode_stream(protocol.STDOUT, 1, b'x' * 20000)
        sizes = [len(record.content) for record in RecordReader().feed(data)]
        self.assertEqual(sizes, [8184, 8184, 3632])


class Pairs(unittest.TestCase):
    def test_each_truncation_is_refused_or_shorter(self):
        data = protocol.encode_pairs([(b'NAME', b'value'), (b'n' * 200, b'v' * 200)])
        first = len(protocol.encode_pairs([(b'NAME', b'value')]))
        for length in range(1, len(data)):
            if length == first:
                self.assertEqual(protocol.decode_pairs(data[:length]), [(b'NAME', b'value')])
            else:
                with self.assertRaises(ProtocolError, msg=length):
                    protocol.decode_pairs(data[:length])

    def test_a_length_beyond_the_stream_is_refused(self):
        with self.assertRaises(ProtocolError):
            protocol.decode_pairs(b'\xff\xff\xff\xff\x01ab')

    def test_a_short_begin_is_refused(self):
        with self.assertRaises(ProtocolError):
            protocol.decode_begin(b'\x00\x01')


if __name__ == '__main__':
    unittest.main()
