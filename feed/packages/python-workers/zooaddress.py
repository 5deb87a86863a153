"""Addresses of connections: text to sockets and pipes.

Comes in: `HOST:PORT`, `unix:PATH`, `pipe:NAME`. Goes out: listeners, and streams to a host. Refuses to know: what is
spoken over them.
"""

import os
import socket
import stat
import time
from typing import NamedTuple

from zoolife import Life
from zoostream import DescriptorStream, SocketStream, Stream

# Connections that the system keeps waiting while all are being taken.
BACKLOG = 512
# Seconds to try for a pipe whose instances are all taken at the moment.
_PIPE_PATIENCE = 5.0
_ERROR_PIPE_BUSY = 231


class AddressError(Exception):
    """The address cannot be used; the message says why."""


class Address(NamedTuple):
    """`kind` is `tcp`, `unix` or `pipe`; `name` a host, path or pipe name."""

    kind: str
    name: str
    port: int = 0

    def __str__(self) -> str:
        if self.kind != 'tcp':
            return '%s:%s' % (self.kind, self.name)
        return '%s:%d' % ('[%s]' % self.name if ':' in self.name else self.name, self.port)


def parse_address(text: str) -> Address:
    """Raises AddressError with what was wanted."""
    kind, _, rest = text.partition(':')
    if kind in ('unix', 'pipe') and rest:
        return Address(kind, rest)
    host, _, port = text.rpartition(':')
    if not host or not port.isdecimal() or int(port) > 65535:
        raise AddressError("'%s' is no address; wanted HOST:PORT, unix:PATH or pipe:NAME" % text)
    return Address('tcp', host.strip('[]'), int(port))


def open_listener(address: Address, mode: int) -> socket.socket:
    """A listening socket; a Unix socket gets the permissions `mode`. Raises AddressError."""
    if address.kind == 'pipe':
        raise AddressError('a worker does not listen on a named pipe; wanted HOST:PORT or unix:PATH')
    try:
        return _listen_unix(address, mode) if address.kind == 'unix' else _listen_tcp(address)
    except OSError as error:
        raise AddressError('cannot listen on %s: %s' % (address, error.strerror or error)) from error


def connect(address: Address, life: Life) -> Stream:
    """A stream to whoever listens there. Raises AddressError."""
    try:
        if address.kind == 'pipe':
            return DescriptorStream(_open_pipe(address.name), life)
        if address.kind == 'unix':
            connection = _unix_socket()
            try:
                connection.connect(address.name)
            except OSError:
                connection.close()
                raise
            return SocketStream(connection, life)
        return SocketStream(socket.create_connection((address.name, address.port)), life)
    except OSError as error:
        raise AddressError('cannot connect to %s: %s' % (address, error.strerror or error)) from error


def _listen_tcp(address: Address) -> socket.socket:
    family = socket.AF_INET6 if ':' in address.name else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        # On Windows SO_REUSEADDR would let others take the port away.
        option = getattr(socket, 'SO_EXCLUSIVEADDRUSE', socket.SO_REUSEADDR)
        listener.setsockopt(socket.SOL_SOCKET, option, 1)
        listener.bind((address.name, address.port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _listen_unix(address: Address, mode: int) -> socket.socket:
    _remove_stale(address.name)
    listener = _unix_socket()
    before = os.umask(0o777 & ~mode)
    try:
        listener.bind(address.name)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    finally:
        os.umask(before)
    return listener


def _remove_stale(path: str) -> None:
    """Takes away a socket file that a dead worker left; nothing else is ever removed."""
    try:
        if not stat.S_ISSOCK(os.stat(path).st_mode):
            raise AddressError("'%s' is there and is no socket" % path)
    except FileNotFoundError:
        return
    probe = _unix_socket()
    try:
        probe.connect(path)
    except ConnectionRefusedError:
        os.unlink(path)
        return
    finally:
        probe.close()
    raise AddressError("another process listens on '%s'" % path)


def _unix_socket() -> socket.socket:
    family = getattr(socket, 'AF_UNIX', None)
    if family is None:
        raise AddressError('this system has no Unix sockets; wanted HOST:PORT or pipe:NAME')
    return socket.socket(family, socket.SOCK_STREAM)


def _open_pipe(name: str) -> int:
    """A named pipe of Windows, opened in both directions."""
    path = name if name.startswith('\\\\') else '\\\\.\\pipe\\' + name
    end = time.monotonic() + _PIPE_PATIENCE
    while True:
        try:
            return os.open(path, os.O_RDWR | getattr(os, 'O_BINARY', 0) | getattr(os, 'O_NOINHERIT', 0))
        except OSError as error:
            if getattr(error, 'winerror', None) != _ERROR_PIPE_BUSY or time.monotonic() > end:
                raise
        time.sleep(0.05)
