"""FastCGI on a listening socket, for nginx, Apache and others: a thread for each connection.

Comes in: a listener. Goes out: answers, from the first moment on: while the site is being deployed they are 503 with
Retry-After. Refuses to know: how an application is imported.
After a watched file has changed the process replaces itself and keeps the listener, so that no connection is refused.
"""

import os
import selectors
import socket
import sys
import threading
import time
from typing import Dict, List, NamedTuple, Optional, Set

from zooconversation import Conversation, Rules
from zooenviron import Mode
from zoolife import GRACE, Life, stop_on_signals
from zoolog import Log
from zooresponder import Responder
from zoostartup import Startup
from zoostream import SocketStream

# Connections at once; further ones wait with the system.
MOST_CONNECTIONS = 512
# Tells the process that takes over which descriptor the listener has.
_INHERITED = 'ZOOFCGI_LISTENER'


class Acceptor:
    """Takes connections until the worker is asked to stop."""

    def __init__(self, listener: socket.socket, responder: Responder, life: Life, log: Log) -> None:
        self._listener = listener
        self._responder = responder
        self._life = life
        self._log = log
        self._rules = Rules(MOST_CONNECTIONS, error_records=True, cut_broken=True)
        self._room = threading.BoundedSemaphore(MOST_CONNECTIONS)
        self._threads: Set[threading.Thread] = set()
        self._thread = threading.Thread(target=self._run, name='zoo-accept', daemon=True)

    def start(self) -> None:
        """Begins to take connections."""
        self._listener.setblocking(False)
        self._thread.start()

    def finish(self) -> None:
        """After the stop: takes what still waits with the system (unless a successor will) and lets all end."""
        self._thread.join()
        if not self._life.restart:
            while self._accept():
                pass
        end = time.monotonic() + GRACE
        for thread in list(self._threads):
            thread.join(max(0.0, end - time.monotonic()))

    def _run(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            selector.register(self._life.wake, selectors.EVENT_READ)
            while True:
                selector.select()
                if self._life.stopping:
                    return
                self._accept()

    def _accept(self) -> bool:
        try:
            connection, _ = self._listener.accept()
        except (BlockingIOError, InterruptedError, ConnectionError):
            return False
        except OSError as error:
            # Too many open files, most likely: others will be closed in a moment.
            self._log.warning('a connection cannot be taken: %s' % error)
            time.sleep(0.1)
            return False
        while not self._room.acquire(timeout=1.0):
            if self._life.stopping:
                connection.close()
                return False
        thread = threading.Thread(target=self._serve, args=(connection,), name='zoo-connection', daemon=True)
        self._threads.add(thread)
        try:
            thread.start()
        except RuntimeError as error:
            # The system has no thread left; the one that takes connections must not end of it.
            self._log.warning('a connection cannot be served: %s' % error)
            self._threads.discard(thread)
            self._room.release()
            connection.close()
        return True

    def _serve(self, connection: socket.socket) -> None:
        try:
            stream = SocketStream(connection, self._life)
            try:
                Conversation(stream, self._responder, self._life, self._log, self._rules).serve()
            finally:
                stream.close()
        finally:
            self._room.release()
            self._threads.discard(threading.current_thread())


def serve_listener(listener: socket.socket, startup: Startup, life: Life, log: Log, show_errors: bool) -> int:
    """Answers on the listener until the worker is asked to stop; the site must be open. Returns the exit status."""
    beginning = _beginning()
    stop_on_signals(life)
    mode = Mode(multithread=True, multiprocess=False)
    acceptor = Acceptor(listener, Responder(startup.served, log, mode, show_errors), life, log)
    acceptor.start()
    log.info('listening on %s' % describe(listener))
    startup.run()
    life.wait_for_stop()
    log.info('worker ends: %s' % life.reason)
    acceptor.finish()
    if life.restart and os.name != 'nt':
        _replace_process(listener, beginning)
    _remove_name(listener)
    listener.close()
    return 0


def inherited_listener() -> Optional[socket.socket]:
    """The listener that the process before us left, or the one on standard input that spawn-fcgi and others pass."""
    number = os.environ.pop(_INHERITED, '')
    if number.isdecimal():
        listener = socket.socket(fileno=int(number))
        listener.set_inheritable(False)
        return listener
    if os.name == 'nt':
        return None
    try:
        candidate = socket.socket(fileno=os.dup(0))
    except OSError:
        return None
    try:
        if candidate.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            return candidate
    except OSError:
        # macOS asks differently; a listener there comes by --listen.
        pass
    candidate.close()
    return None


def describe(listener: socket.socket) -> str:
    """The listener's address as `--listen` takes it."""
    name = listener.getsockname()
    if isinstance(name, tuple):
        return '%s:%d' % ('[%s]' % name[0] if ':' in name[0] else name[0], name[1])
    return 'unix:%s' % name


class Beginning(NamedTuple):
    """How this process was started: the site's application changes most of it, and a successor must begin as we did."""

    interpreter: str
    arguments: List[str]
    folder: str
    environ: Dict[str, str]


def _beginning() -> Beginning:
    arguments = getattr(sys, 'orig_argv', sys.argv)  # with the interpreter's own options since Python 3.10
    rest = arguments[1:] if hasattr(sys, 'orig_argv') else arguments
    return Beginning(sys.executable, list(rest), os.getcwd(), dict(os.environ))


def _replace_process(listener: socket.socket, beginning: Beginning) -> None:
    listener.set_inheritable(True)
    os.chdir(beginning.folder)
    environ = dict(beginning.environ, **{_INHERITED: str(listener.fileno())})
    os.execve(beginning.interpreter, [beginning.interpreter] + beginning.arguments, environ)


def _remove_name(listener: socket.socket) -> None:
    name = listener.getsockname()
    if isinstance(name, str) and name:
        try:
            os.unlink(name)
        except OSError:
            pass
