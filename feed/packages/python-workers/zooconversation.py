"""FastCGI spoken over one stream: read a whole request, answer it, and again while the connection is kept.

Comes in: a stream and a responder. Goes out: records. Refuses to know: which transport it is, what an answer holds.
While an answer is under way nothing is read from a stream that cannot be polled: on a synchronous pipe of Windows a
pending read would block the writing.
"""

import io
from collections import deque
from typing import Any, Deque, Optional

import zooprotocol as protocol
from zoolife import Life
from zoolog import Log
from zooprotocol import ProtocolError, Record, RecordReader
from zoorequest import Request, RequestAssembler
from zooresponder import Responder
from zoostream import ConnectionLost, Stream

# Records that are read ahead while an answer is under way; a sender that goes on has to wait.
_READ_AHEAD = 64


class Rules:
    """What differs between transports.

    `connections`: how many the worker takes at once, as told to GET_VALUES. `error_records`: whether what the
    application writes to wsgi.errors also goes to the server (IIS turns any such record into a 500).
    `cut_broken`: whether a connection is closed in a way that cannot be taken for an end when an answer breaks off,
    since nginx and Apache do not look at the application status; elsewhere the status 1 says so.
    """

    def __init__(self, connections: int = 1, error_records: bool = False, cut_broken: bool = False) -> None:
        self.connections = connections
        self.error_records = error_records
        self.cut_broken = cut_broken


class Conversation:
    """One connection. `closed_idle` tells afterwards that the other side ended it between two requests."""

    def __init__(self, stream: Stream, responder: Responder, life: Life, log: Log, rules: Rules) -> None:
        self._stream = stream
        self._responder = responder
        self._life = life
        self._log = log
        self._rules = rules
        self._reader = RecordReader()
        self._assembler = RequestAssembler(rules.connections)
        self._waiting: Deque[Record] = deque()
        self.closed_idle = False

    def serve(self) -> None:
        """Answers requests until the connection ends, is not to be kept, or the worker is asked to stop."""
        keep = True
        try:
            while keep and (self._waiting or self._stream.wait()):
                with self._life.request():
                    keep = self._exchange()
        except ConnectionLost:
            # Nobody reads the answer; the application's result is closed by now.
            pass
        except ProtocolError as error:
            self._log.warning('connection closed: %s' % error)
        finally:
            self._assembler.finish()

    def _exchange(self) -> bool:
        """Takes what has come, up to one whole request with its answer; False when nothing more will follow."""
        assembler = self._assembler
        if not self._waiting and not self._read():
            return False
        while True:
            while self._waiting:
                reply = assembler.accept(self._waiting.popleft())
                if reply:
                    self._stream.write(reply)
                if assembler.ready is not None:
                    return self._answer(assembler.ready)
            if assembler.refused:
                return False
            if not assembler.busy and not self._reader.partial:
                # Only what has begun is worth waiting for here; idle waiting is `serve`'s.
                return True
            if not self._read():
                return False

    def _read(self) -> bool:
        data = self._stream.read()
        if not data:
            self.closed_idle = not self._assembler.busy
            return False
        self._waiting.extend(self._reader.feed(data))
        return True

    def _answer(self, request: Request) -> bool:
        errors = ErrorStream(self._log, self._send_error if self._rules.error_records else None)
        try:
            whole = self._responder.answer(request, self._send, errors, self._is_aborted)
            errors.flush()
            if not whole and self._rules.cut_broken and not request.aborted:
                self._stream.write(protocol.BREAK)
                return False
            status = 0 if whole or request.aborted else 1
            end = protocol.encode_record(protocol.STDOUT, request.request_id)
            end += protocol.encode_end(request.request_id, status, protocol.REQUEST_COMPLETE)
            self._stream.write(end)
            return request.keep_connection
        finally:
            self._assembler.finish()

    def _send(self, data: bytes) -> None:
        request = self._assembler.ready
        if request is not None:
            self._stream.write(protocol.encode_stream(protocol.STDOUT, request.request_id, data))

    def _send_error(self, text: str) -> None:
        request = self._assembler.ready
        if request is not None:
            data = text.encode('utf-8', 'replace')
            self._stream.write(protocol.encode_stream(protocol.STDERR, request.request_id, data))

    def _is_aborted(self) -> bool:
        """Looks, without waiting, whether the server gave the running request up. Raises ConnectionLost when it is
        gone."""
        request = self._assembler.ready
        while request is not None and len(self._waiting) < _READ_AHEAD and self._stream.pending():
            if not self._read():
                raise ConnectionLost('the web server closed the connection')
            for record in [record for record in self._waiting if _aborts(record, request)]:
                request.aborted = True
                self._waiting.remove(record)
        return request is not None and request.aborted


class ErrorStream(io.TextIOBase):
    """wsgi.errors of one request: whole lines go to the log, and to the server where that is allowed."""

    def __init__(self, log: Log, send: Optional[Any]) -> None:
        super().__init__()
        self._log = log
        self._send = send
        self._pieces = ''

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._pieces += text
        if '\n' in self._pieces:
            whole, _, self._pieces = self._pieces.rpartition('\n')
            self._pass_on(whole)
        return len(text)

    def flush(self) -> None:
        rest, self._pieces = self._pieces, ''
        if rest:
            self._pass_on(rest)

    def _pass_on(self, text: str) -> None:
        self._log.info('application', text)
        if self._send is not None:
            self._send(text + '\n')


def _aborts(record: Record, request: Request) -> bool:
    return record.kind == protocol.ABORT_REQUEST and record.request_id == request.request_id
