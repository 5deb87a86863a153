"""FastCGI on standard input, as IIS's FastCgiModule and Helicon's module start a worker: one connected, two-way pipe,
one request at a time, one thread that reads and writes.

Comes in: the inherited pipe. Goes out: answers on it. Refuses to know: how an application is imported.
IIS tells the site only with a request, and gives the same process to all applications of a pool: a request of another
site is refused and ends the process.
"""

import os
import stat
import sys
from typing import Mapping, Optional

from zooconversation import Conversation, Rules
from zooenviron import Mode
from zoolife import Life, leave_when_stopped, stop_on_signals, stop_on_windows_event
from zoolog import Log, PrintStream
from zoopages import broken_page, new_reference
from zooresponder import Responder
from zoostartup import Startup
from zoostream import DescriptorStream

# Seconds that a first request waits for a running deploy before its visitor is asked to come again.
PATIENCE = 20.0
_FILE_TYPE_PIPE = 3


class PipeSite:
    """The site behind a pipe: known at the start, or told by the first request."""

    def __init__(self, startup: Startup, life: Life, log: Log) -> None:
        self._startup = startup
        self._life = life
        self._log = log

    def prepare(self, parameters: Mapping[str, str]) -> None:
        """Before each request: brings the site up, refuses another's request."""
        startup = self._startup
        folder = _physical_path(parameters)
        if startup.site is None and not startup.failure:
            if folder is None:
                startup.fail('Its folder is not known.', 'neither --site nor APPL_PHYSICAL_PATH names the site')
            else:
                startup.open(folder, os.environ)
        elif startup.site is not None and folder is not None and not _is_same(folder, startup.site.folder):
            self._refuse(folder, startup.site.folder)
            return
        startup.advance(PATIENCE)

    def _refuse(self, folder: str, own: str) -> None:
        reference = new_reference()
        self._log.error(
            "%s a request for '%s' came to the worker of '%s'; give each site a pool of its own"
            % (reference, folder, own)
        )
        what = 'Its pool is shared with another Python site.'
        self._startup.served.application = broken_page(reference, what)
        self._life.stop('it was asked for another site')


def is_connection(descriptor: int) -> bool:
    """Whether the descriptor can be a two-way connection: a socket, or a pipe on Windows."""
    try:
        if sys.platform != 'win32':
            return stat.S_ISSOCK(os.fstat(descriptor).st_mode)
        import ctypes
        import msvcrt

        kernel32 = ctypes.WinDLL('kernel32')
        kernel32.GetFileType.argtypes = (ctypes.c_void_p,)
        return bool(kernel32.GetFileType(msvcrt.get_osfhandle(descriptor)) == _FILE_TYPE_PIPE)
    except OSError:
        return False


def serve_standard_input(folder: Optional[str], startup: Startup, life: Life, log: Log, show_errors: bool) -> int:
    """Answers requests until the web server closes the pipe or wants the worker to stop; returns the exit status."""
    descriptor = take_standard_input(log)
    stop_on_signals(life)
    stop_on_windows_event(life)
    if folder is not None:
        startup.open(folder, os.environ)
    site = PipeSite(startup, life, log)
    responder = Responder(startup.served, log, Mode(multithread=False), show_errors, site.prepare)
    stream = DescriptorStream(descriptor, life)
    if not stream.interruptible:
        leave_when_stopped(life)
    Conversation(stream, responder, life, log, Rules()).serve()
    log.info('worker ends: %s' % (life.reason or 'the web server closed the pipe'))
    return 0


def take_standard_input(log: Log) -> int:
    """Moves the pipe away from descriptor 0, where child processes and `input()` would find it, and sends what the
    application prints to the log: IIS gives no standard output, and takes a word on standard error for a failure."""
    descriptor = os.dup(0)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    for number in (1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.dup2(null, number)
    if null > 2:
        os.close(null)
    if sys.platform == 'win32':
        import ctypes
        import msvcrt

        msvcrt.setmode(descriptor, os.O_BINARY)
        # A pipe of messages would give an error for each message that is longer than what was asked for.
        bytes_and_wait = ctypes.c_uint32(0)
        handle = ctypes.c_void_p(msvcrt.get_osfhandle(descriptor))
        ctypes.WinDLL('kernel32').SetNamedPipeHandleState(handle, ctypes.byref(bytes_and_wait), None, None)
    sys.stdout = sys.stderr = PrintStream(log)  # type: ignore[assignment]
    return descriptor


def _physical_path(parameters: Mapping[str, str]) -> Optional[str]:
    text = parameters.get('APPL_PHYSICAL_PATH', '')
    if not text:
        return None
    data = text.encode('latin-1')
    try:
        return data.decode('utf-8')
    except UnicodeDecodeError:
        return os.fsdecode(data) if os.name != 'nt' else data.decode('mbcs', 'replace')


def _is_same(one: str, other: str) -> bool:
    return os.path.normcase(os.path.abspath(one)) == os.path.normcase(os.path.abspath(other))
