"""The waiting hall: answers HTTP on a socket until somebody else takes the socket over.

Comes in: a listening socket and a way to the page of the moment. Goes out: the same socket, still listening, so that no
connection is ever refused. Refuses to know: what the visitors wait for.
"""

import socket
import threading
from socketserver import ThreadingMixIn
from typing import Any, Callable
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from zoowsgi import Application

# Seconds for which a visitor may be slow.
_PATIENCE = 10
# Bytes of a body that are read before the connection is closed over the rest.
_LARGEST_REST = 1024 * 1024


class _Handler(WSGIRequestHandler):
    timeout = _PATIENCE

    def log_message(self, format: str, *values: Any) -> None:
        """Visitors who wait are no news."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def shutdown_request(self, request: Any) -> None:
        """Reads what is still coming: closing over unread bytes would make the visitor lose the answer."""
        try:
            request.shutdown(socket.SHUT_WR)
            request.settimeout(1)
            rest = _LARGEST_REST
            while rest > 0:
                size = len(request.recv(65536))
                rest = rest - size if size else 0
        except OSError:
            pass
        self.close_request(request)


class WaitingHall:
    """Answers each request with the page of its time, whatever was asked."""

    def __init__(self, listener: socket.socket, page: Callable[[], Application]) -> None:
        self._server = _Server(listener.getsockname(), _Handler, bind_and_activate=False)
        self._server.socket.close()
        self._server.socket = listener
        self._server.server_name, self._server.server_port = listener.getsockname()[:2]
        self._server.setup_environ()
        self._server.set_app(lambda environ, start_response: page()(environ, start_response))
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={'poll_interval': 0.1}, name='zoo-hall', daemon=True
        )

    def open(self) -> None:
        """Begins to answer."""
        self._thread.start()

    def close(self) -> None:
        """Takes no further connections; those that are being answered go on. The socket stays open."""
        self._server.shutdown()
        self._thread.join()
