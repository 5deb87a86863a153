"""The life of a worker: requests in progress, and when to stop.

Comes in: the wish to stop, from a signal, a watched file, Windows' shutdown event or a closed connection. Goes out:
the same wish to everyone who waits, and the word when the last request is finished. Refuses to know: what a request is.
"""

import os
import select
import signal
import socket
import sys
import threading
import time
from contextlib import contextmanager
from typing import Any, Iterator

# Seconds that running requests get after the worker was asked to stop.
GRACE = 30.0


class Life:
    """Counts requests and carries one wish to stop. `wake` becomes readable with it, for those who select."""

    def __init__(self) -> None:
        # Condition's own lock is re-entrant, so a signal handler may call `stop` at any point.
        self._condition = threading.Condition()
        self._busy = 0
        self.stopping = False
        self.restart = False
        self.reason = ''
        self.wake, self._waker = socket.socketpair()

    def stop(self, reason: str, restart: bool = False) -> None:
        """Asks everyone to finish what is running and begin nothing new; only the first wish counts. `restart`: the
        worker is to be there again afterwards."""
        with self._condition:
            if self.stopping:
                return
            self.stopping = True
            self.restart = restart
            self.reason = reason
            self._condition.notify_all()
        self._waker.send(b'!')

    @contextmanager
    def request(self) -> Iterator[None]:
        """Marks one request as in progress."""
        with self._condition:
            self._busy += 1
        try:
            yield
        finally:
            with self._condition:
                self._busy -= 1
                self._condition.notify_all()

    def close(self) -> None:
        """Gives back what `wake` needs; nobody may wait any more."""
        self.wake.close()
        self._waker.close()

    def wait_for_stop(self) -> None:
        """Returns when the worker was asked to stop."""
        with self._condition:
            while not self.stopping:
                # Windows handles no Ctrl-C while a lock is waited for without end.
                self._condition.wait(1.0 if os.name == 'nt' else None)

    def wait_until_idle(self, seconds: float = GRACE) -> bool:
        """Returns when no request is in progress: True; or when the time is over: False."""
        end = time.monotonic() + seconds
        with self._condition:
            while self._busy:
                remaining = end - time.monotonic()
                if remaining <= 0:
                    return False
                self._condition.wait(remaining)
        return True


def stop_on_signals(life: Life) -> None:
    """SIGTERM, Ctrl-C and Windows' Ctrl-Break stop gracefully; the second one ends the process at once."""
    names = [name for name in ('SIGTERM', 'SIGINT', 'SIGBREAK') if hasattr(signal, name)]

    def handle(number: int, _frame: Any) -> None:
        for name in names:
            signal.signal(getattr(signal, name), signal.SIG_DFL)
        life.stop('signal %d' % number)

    for name in names:
        signal.signal(getattr(signal, name), handle)


def stop_on_windows_event(life: Life) -> None:
    """IIS's FastCgiModule passes an event that it sets some seconds before it ends the process
    (`signalBeforeTerminateSeconds`); its handle stands in `_FCGI_SHUTDOWN_EVENT_`."""
    handle = os.environ.get('_FCGI_SHUTDOWN_EVENT_', '')
    if sys.platform != 'win32' or not handle.isdigit():
        return
    import ctypes

    kernel32 = ctypes.WinDLL('kernel32')
    kernel32.WaitForSingleObject.argtypes = (ctypes.c_void_p, ctypes.c_uint32)
    endless, signalled = 0xFFFFFFFF, 0

    def wait() -> None:
        if kernel32.WaitForSingleObject(int(handle), endless) == signalled:
            life.stop('shutdown event of the web server')

    threading.Thread(target=wait, name='zoo-shutdown-event', daemon=True).start()


def leave_when_stopped(life: Life) -> None:
    """Ends the process after a stop as soon as it is idle, from a thread of its own: for a main thread that is blocked
    in a read which nothing can wake (a synchronous pipe of Windows)."""

    def wait() -> None:
        life.wait_for_stop()
        life.wait_until_idle()
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        os._exit(0)

    threading.Thread(target=wait, name='zoo-leave', daemon=True).start()


def can_select(descriptor: int) -> bool:
    """Whether one can wait for the descriptor together with others: everything on POSIX, only sockets on Windows."""
    if os.name != 'nt':
        return True
    try:
        select.select([descriptor], [], [], 0)
    except OSError:
        return False
    return True
