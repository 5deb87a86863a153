"""FastCGI 1.0 records and the bytes they are made of.

Comes in: bytes as they arrive, cut anywhere. Goes out: whole records, and the bytes of records to send.
Refuses to know: sockets, requests, WSGI. The format is the FastCGI Specification 1.0, sections 3 to 6 and 8.
"""

import struct
from typing import Iterable, List, NamedTuple, Tuple

BEGIN_REQUEST = 1
ABORT_REQUEST = 2
END_REQUEST = 3
PARAMS = 4
STDIN = 5
STDOUT = 6
STDERR = 7
DATA = 8
GET_VALUES = 9
GET_VALUES_RESULT = 10
UNKNOWN_TYPE = 11

RESPONDER = 1
KEEP_CONNECTION = 1

REQUEST_COMPLETE = 0
CANNOT_MULTIPLEX = 1
OVERLOADED = 2
UNKNOWN_ROLE = 3

# Records with this id speak of the worker, not of a request.
MANAGEMENT = 0

# 8 KB with the header: what the readers of old pipe modules were made for; a multiple of 8, so padding is rare.
LARGEST_CONTENT = 8184

# No record of any version: whoever reads it gives the answer up. For nginx a closed connection alone is an ordinary
# end.
BREAK = bytes(8)

_VERSION = 1
_HEADER = struct.Struct('>BBHHBx')
_BEGIN = struct.Struct('>HB5x')
_END = struct.Struct('>LB3x')
_LONG_LENGTH = 0x80000000


class ProtocolError(Exception):
    """The bytes are not FastCGI 1.0; nothing that follows them on the connection can be understood."""


class Record(NamedTuple):
    """One record without its padding; `kind` may be a type that nobody knows."""

    kind: int
    request_id: int
    content: bytes


class RecordReader:
    """Gathers bytes and gives the records that are complete."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> List[Record]:
        """All records that `data` completes, in order. Raises ProtocolError for any other version than 1."""
        buffer = self._buffer
        buffer += data
        records = []
        start = 0
        while len(buffer) - start >= _HEADER.size:
            version, kind, request_id, length, padding = _HEADER.unpack_from(buffer, start)
            if version != _VERSION:
                raise ProtocolError('version %d of FastCGI is not spoken here' % version)
            content = start + _HEADER.size
            if len(buffer) < content + length + padding:
                break
            records.append(Record(kind, request_id, bytes(buffer[content : content + length])))
            start = content + length + padding
        del buffer[:start]
        return records

    @property
    def partial(self) -> bool:
        """Whether a record has begun and is not complete."""
        return bool(self._buffer)


def encode_record(kind: int, request_id: int, content: bytes = b'') -> bytes:
    """One record, padded to a multiple of 8 bytes; `content` holds at most 65535 bytes."""
    padding = -len(content) % 8
    return _HEADER.pack(_VERSION, kind, request_id, len(content), padding) + content + bytes(padding)


def encode_stream(kind: int, request_id: int, data: bytes) -> bytes:
    """`data` as records of a stream; nothing for no data, since an empty record would end the stream."""
    return b''.join(
        encode_record(kind, request_id, data[start : start + LARGEST_CONTENT])
        for start in range(0, len(data), LARGEST_CONTENT)
    )


def encode_begin(request_id: int, role: int, flags: int) -> bytes:
    """The record that opens a request."""
    return encode_record(BEGIN_REQUEST, request_id, _BEGIN.pack(role, flags))


def decode_begin(content: bytes) -> Tuple[int, int]:
    """Role and flags of a BEGIN_REQUEST. Raises ProtocolError when it is too short."""
    if len(content) < _BEGIN.size:
        raise ProtocolError('BEGIN_REQUEST has %d bytes, wanted 8' % len(content))
    role, flags = _BEGIN.unpack_from(content)
    return role, flags


def encode_end(request_id: int, application_status: int, protocol_status: int) -> bytes:
    """The record that closes a request."""
    return encode_record(END_REQUEST, request_id, _END.pack(application_status & 0xFFFFFFFF, protocol_status))


def decode_end(content: bytes) -> Tuple[int, int]:
    """Application status and protocol status of an END_REQUEST."""
    application_status, protocol_status = _END.unpack_from(content)
    return application_status, protocol_status


def encode_unknown_type(kind: int) -> bytes:
    """The answer to a management record of a type that is not known."""
    return encode_record(UNKNOWN_TYPE, MANAGEMENT, bytes((kind,)) + bytes(7))


def encode_pairs(pairs: Iterable[Tuple[bytes, bytes]]) -> bytes:
    """Name-value pairs: lengths under 128 take one byte, others four with the top bit set."""
    parts = []
    for name, value in pairs:
        for text in (name, value):
            length = len(text)
            parts.append(struct.pack('>B', length) if length < 128 else struct.pack('>L', length | _LONG_LENGTH))
        parts += (name, value)
    return b''.join(parts)


def decode_pairs(data: bytes) -> List[Tuple[bytes, bytes]]:
    """Name-value pairs of a whole stream, in order. Raises ProtocolError when a length reaches past the end."""
    pairs = []
    position = 0
    while position < len(data):
        name_length, position = _read_length(data, position)
        value_length, position = _read_length(data, position)
        value_start = position + name_length
        end = value_start + value_length
        if end > len(data):
            raise ProtocolError('a name-value pair reaches past the end of its stream')
        pairs.append((data[position:value_start], data[value_start:end]))
        position = end
    return pairs


def _read_length(data: bytes, position: int) -> Tuple[int, int]:
    if position < len(data) and data[position] < 128:
        return data[position], position + 1
    if position + 4 > len(data):
        raise ProtocolError('a name-value pair ends within its length')
    (length,) = struct.unpack_from('>L', data, position)
    return length & ~_LONG_LENGTH, position + 4
