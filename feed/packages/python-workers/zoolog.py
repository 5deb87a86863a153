"""The worker's own log.

Comes in: sentences, tracebacks, what the application prints. Goes out: lines in a file that rotates by itself, shared
by all workers of a site; the file is opened for each entry, since Windows renames no open file. Refuses to know: what
the lines mean. A log that cannot be written never stops a request.
"""

import io
import os
import re
import sys
import threading
import time
from typing import Any, Optional

from zoolock import FileLock

# Bytes of one file, and how many old ones are kept.
LARGEST_FILE = 1024 * 1024
OLD_FILES = 5
# A visitor chooses parts of an entry: they must not look like an entry of their own, nor speak to a terminal.
_CONTROL = re.compile('[\x00-\x08\x0b-\x1f\x7f-\x9f]')


class Log:
    """A log file and, for people who watch, an echo on a stream. Without a path there is only the echo."""

    def __init__(self, path: Optional[str], echo: Optional[Any] = None, largest: int = LARGEST_FILE) -> None:
        self.path = path
        self._echo = echo
        self._largest = largest
        self._lock = threading.Lock()

    def info(self, text: str, details: str = '') -> None:
        """Something that went as it should."""
        self._add('INFO', text, details)

    def warning(self, text: str, details: str = '') -> None:
        """Something that an administrator may want to mend."""
        self._add('WARNING', text, details)

    def error(self, text: str, details: str = '') -> None:
        """Something that failed; `details` is a traceback or the like."""
        self._add('ERROR', text, details)

    def _add(self, level: str, text: str, details: str) -> None:
        now = time.time()
        stamp = time.strftime('%Y-%m-%d %H:%M:%S', time.localtime(now)) + '.%03d' % (now * 1000 % 1000)
        first, *others = text.splitlines() or ['']
        pieces = ['[%s] [pid %d] %s %s' % (stamp, os.getpid(), level, first)]
        pieces += ['    ' + line for line in others + details.rstrip().splitlines()]
        lines = ''.join(_CONTROL.sub(_escape, piece) + '\n' for piece in pieces)
        with self._lock:
            written = self._append(lines)
            if self._echo is not None or not written:
                _print(self._echo or sys.__stderr__, lines)

    def _append(self, lines: str) -> bool:
        if self.path is None:
            return self._echo is not None
        try:
            os.makedirs(os.path.dirname(self.path), exist_ok=True)
            rotate(self.path, self._largest)
            with open(self.path, 'a', encoding='utf-8', errors='backslashreplace', newline='\n') as file:
                file.write(lines)
        except OSError:
            return False
        return True


class PrintStream(io.TextIOBase):
    """Takes the place of sys.stdout and sys.stderr where the process has none of its own."""

    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log
        self._pieces = threading.local()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return 'utf-8'

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        rest = getattr(self._pieces, 'text', '') + text
        whole, newline, rest = rest.rpartition('\n')
        self._pieces.text = rest
        if newline:
            self._log.info('printed', whole)
        return len(text)

    def flush(self) -> None:
        rest = getattr(self._pieces, 'text', '')
        self._pieces.text = ''
        if rest:
            self._log.info('printed', rest)


def rotate(path: str, largest: int = LARGEST_FILE, old_files: int = OLD_FILES) -> None:
    """Renames a file that has grown past `largest` bytes: log, log.1, log.2 ... One process does it, the others go on
    writing. Raises OSError only when the file's size cannot be known."""
    if not _is_full(path, largest):
        return
    lock = FileLock(path + '.lock')
    try:
        if not lock.acquire(wait=False):
            return
        try:
            if _is_full(path, largest):
                for number in range(old_files - 1, 0, -1):
                    if os.path.exists('%s.%d' % (path, number)):
                        os.replace('%s.%d' % (path, number), '%s.%d' % (path, number + 1))
                os.replace(path, path + '.1')
        finally:
            lock.release()
    except OSError:
        # Somebody reads it just now (Windows) or the folder is read-only: the next entry tries again.
        return


def _escape(found: 're.Match[str]') -> str:
    return '\\x%02x' % ord(found.group())


def _is_full(path: str, largest: int) -> bool:
    try:
        return os.path.getsize(path) >= largest
    except FileNotFoundError:
        return False


def _print(stream: Optional[Any], text: str) -> None:
    try:
        if stream is not None:
            stream.write(text)
            stream.flush()
    except (OSError, ValueError):
        # Nobody reads it any more.
        return
