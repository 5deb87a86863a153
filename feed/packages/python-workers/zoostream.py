"""Two-way byte streams: a socket, or one descriptor that is both read and written.

Comes in: a connected socket or descriptor. Goes out: reading, writing, and waiting that a stop can interrupt.
Refuses to know: what the bytes mean.
"""

import os
import selectors
import socket
from typing import Optional

from zoolife import Life, can_select

# Bytes asked for in one read.
READ_SIZE = 65536

# Poll needs no descriptor of its own and knows no limit of 1024; Windows has only select.
_Selector = getattr(selectors, 'PollSelector', selectors.SelectSelector)


class ConnectionLost(OSError):
    """The other side is gone; what was to be sent has no reader."""


class Stream:
    """What both kinds share: waiting for bytes and for a stop at once."""

    def __init__(self, descriptor: int, life: Life) -> None:
        self._selector: Optional[selectors.BaseSelector] = None
        self._descriptor = descriptor
        self._life = life
        if can_select(descriptor):
            self._selector = _Selector()
            self._selector.register(descriptor, selectors.EVENT_READ)
            self._selector.register(life.wake, selectors.EVENT_READ)

    @property
    def interruptible(self) -> bool:
        """Whether `wait` ends when a stop is asked; if not, the reader stays blocked until bytes come."""
        return self._selector is not None

    def wait(self) -> bool:
        """Returns True when bytes (or the end) can be read, False when a stop was asked and nothing is there."""
        if self._selector is None:
            return not self._life.stopping
        return self._ready(None)

    def pending(self) -> bool:
        """Whether bytes (or the end) are there now; never waits, and says False where that cannot be known."""
        return self._selector is not None and self._ready(0)

    def _ready(self, timeout: Optional[float]) -> bool:
        if self._selector is None:
            return False
        return any(key.fd == self._descriptor for key, _ in self._selector.select(timeout))

    def read(self) -> bytes:
        """The next bytes; empty at the end of the stream, also when the other side broke it off."""
        raise NotImplementedError

    def write(self, data: bytes) -> None:
        """Sends all of `data`. Raises ConnectionLost."""
        raise NotImplementedError

    def close(self) -> None:
        """Ends the stream."""
        if self._selector is not None:
            self._selector.close()


class SocketStream(Stream):
    """A connected socket, which the stream then owns."""

    def __init__(self, connection: socket.socket, life: Life) -> None:
        connection.setblocking(True)
        self._connection = connection
        super().__init__(connection.fileno(), life)

    def read(self) -> bytes:
        try:
            return self._connection.recv(READ_SIZE)
        except OSError:
            return b''

    def write(self, data: bytes) -> None:
        try:
            self._connection.sendall(data)
        except OSError as error:
            raise ConnectionLost(*error.args) from error

    def close(self) -> None:
        """Also reads what is there already: closing over unread bytes would make the other side lose our last ones."""
        try:
            self._connection.shutdown(socket.SHUT_WR)
            while self.pending() and self._connection.recv(READ_SIZE):
                pass
        except OSError:
            pass
        super().close()
        self._connection.close()


class DescriptorStream(Stream):
    """One descriptor for both directions: the inherited pipe of IIS and Helicon Zoo, or a named pipe."""

    def read(self) -> bytes:
        try:
            return os.read(self._descriptor, READ_SIZE)
        except OSError:
            return b''

    def write(self, data: bytes) -> None:
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError as error:
            raise ConnectionLost(*error.args) from error

    def close(self) -> None:
        super().close()
        os.close(self._descriptor)
