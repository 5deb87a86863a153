"""One lock for all processes of a machine.

Comes in: the path of a file. Goes out: a lock that the system takes back when its process ends, however it ends.
Refuses to know: what is protected.
"""

import os
import sys
import time
from types import TracebackType
from typing import Callable, Optional, Type

# Seconds between two attempts while another process holds the lock.
_PAUSE = 0.2

if sys.platform == 'win32':
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        # Far behind the end of the file: Windows' locks forbid reading, and the file's text is for people.
        os.lseek(descriptor, 1 << 30, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        # flock, not lockf: a child that inherits the descriptor keeps the lock when its parent is killed.
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


class FileLock:
    """A context manager that waits for the lock; `descriptor` is the open file. Raises OSError when the file cannot be
    opened."""

    def __init__(self, path: str, on_wait: Optional[Callable[[], None]] = None) -> None:
        self._path = path
        self._on_wait = on_wait
        self.descriptor = -1

    def acquire(self, wait: bool = True) -> bool:
        """Takes the lock; False when another has it and `wait` is false."""
        flags = os.O_RDWR | os.O_CREAT | getattr(os, 'O_NOINHERIT', 0)
        descriptor = os.open(self._path, flags, 0o660)
        told = False
        try:
            while not _try_lock(descriptor):
                if not wait:
                    os.close(descriptor)
                    return False
                if not told and self._on_wait is not None:
                    self._on_wait()
                told = True
                time.sleep(_PAUSE)
        except BaseException:
            os.close(descriptor)
            raise
        self.descriptor = descriptor
        return True

    def release(self) -> None:
        """Gives the lock back. The file stays: a removed one could be locked twice."""
        descriptor, self.descriptor = self.descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def __enter__(self) -> 'FileLock':
        self.acquire()
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.release()
