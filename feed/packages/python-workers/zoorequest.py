"""From FastCGI records to whole requests.

Comes in: records in the order of arrival. Goes out: at most one complete request at a time, and the records that must
be answered at once. Refuses to know: where records come from, what a request is answered with.
"""

from typing import Dict, List, Optional

import zooprotocol as protocol
from zoobody import Body
from zooprotocol import ProtocolError, Record

# Bytes of all parameters together; the servers in front stop at some 64 KB of headers.
LARGEST_PARAMETERS = 4 * 1024 * 1024


class Request:
    """One request for the responder role. Parameters are text decoded as latin-1, as PEP 3333 wants it."""

    def __init__(self, request_id: int, keep_connection: bool) -> None:
        self.request_id = request_id
        self.keep_connection = keep_connection
        self.parameters: Dict[str, str] = {}
        self.body = Body()
        self.aborted = False


class RequestAssembler:
    """Takes records and builds the one request that a connection carries at a time.

    `ready` is the request whose parameters and body are complete; `finish` makes room for the next. `refused` is set
    when a request was turned away and its sender did not ask to keep the connection.
    """

    def __init__(self, connections: int = 1) -> None:
        self._connections = connections
        self._current: Optional[Request] = None
        self._pieces: List[bytes] = []
        self._pieces_size = 0
        self._has_parameters = False
        self.ready: Optional[Request] = None
        self.refused = False

    def accept(self, record: Record) -> bytes:
        """Takes the next record and returns the bytes to send in answer, mostly none.

        Raises ProtocolError when the record cannot be what it says.
        """
        if record.request_id == protocol.MANAGEMENT:
            return self._answer_management(record)
        if record.kind == protocol.BEGIN_REQUEST:
            return self._begin(record)
        current = self._current
        # Records of a request that was refused, or that has ended, may still be on their way: they mean nothing.
        if current is None or record.request_id != current.request_id:
            return b''
        if record.kind == protocol.ABORT_REQUEST:
            return self._abort(current)
        if record.kind == protocol.PARAMS and not self._has_parameters:
            self._take_parameters(current, record.content)
        elif record.kind == protocol.STDIN and self._has_parameters:
            self._take_body(current, record.content)
        return b''

    def finish(self) -> None:
        """The current request is answered, or will never be."""
        if self._current is not None:
            self._current.body.close()
        self._current = self.ready = None
        self._pieces = []
        self._pieces_size = 0
        self._has_parameters = False

    @property
    def busy(self) -> bool:
        """Whether a request has begun and is not finished."""
        return self._current is not None

    def _begin(self, record: Record) -> bytes:
        role, flags = protocol.decode_begin(record.content)
        keep_connection = bool(flags & protocol.KEEP_CONNECTION)
        if self._current is not None:
            return protocol.encode_end(record.request_id, 0, protocol.CANNOT_MULTIPLEX)
        if role != protocol.RESPONDER:
            self.refused = not keep_connection
            return protocol.encode_end(record.request_id, 0, protocol.UNKNOWN_ROLE)
        self._current = Request(record.request_id, keep_connection)
        return b''

    def _abort(self, current: Request) -> bytes:
        current.aborted = True
        if self.ready is current:
            return b''
        self.refused = not current.keep_connection
        self.finish()
        return protocol.encode_end(current.request_id, 0, protocol.REQUEST_COMPLETE)

    def _take_parameters(self, current: Request, content: bytes) -> None:
        if content:
            self._pieces.append(content)
            self._pieces_size += len(content)
            if self._pieces_size > LARGEST_PARAMETERS:
                raise ProtocolError('the parameters of a request are longer than %d bytes' % LARGEST_PARAMETERS)
            return
        # A pair may span records, so nothing is decoded before the stream's end. Of a name that comes twice the last
        # counts: nginx sends what a site overrides after what it includes.
        for name, value in protocol.decode_pairs(b''.join(self._pieces)):
            current.parameters[name.decode('latin-1')] = value.decode('latin-1')
        self._pieces = []
        self._has_parameters = True

    def _take_body(self, current: Request, content: bytes) -> None:
        if self.ready is not None:
            return
        if content:
            current.body.append(content)
        else:
            self.ready = current

    def _answer_management(self, record: Record) -> bytes:
        if record.kind != protocol.GET_VALUES:
            return protocol.encode_unknown_type(record.kind)
        limit = str(self._connections).encode('ascii')
        known = {b'FCGI_MAX_CONNS': limit, b'FCGI_MAX_REQS': limit, b'FCGI_MPXS_CONNS': b'0'}
        asked = [name for name, _ in protocol.decode_pairs(record.content)]
        pairs = [(name, known[name]) for name in asked if name in known]
        return protocol.encode_record(protocol.GET_VALUES_RESULT, protocol.MANAGEMENT, protocol.encode_pairs(pairs))
