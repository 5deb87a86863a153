"""The starter of a Python web application under IIS's HttpPlatformHandler, with waitress.

    python zoohttp.py [--site DIR] [--port N] [--show-errors]

The handler starts it in the site's folder with HTTP_PLATFORM_PORT and HTTP_PLATFORM_APPL_PATH in the environment, and
ends a process that does not listen within startupTimeLimit. So it listens first and answers 503 with Retry-After, then
deploys and imports, then gives the same socket to the waitress of the site's environment.
"""

import _thread
import argparse
import os
import signal
import socket
import sys
import threading
import time
from typing import Any, Callable, Dict, List, Optional

from zooaddress import Address, AddressError, open_listener
from zoofront import Front
from zoohall import WaitingHall
from zoolife import GRACE, Life
from zoolog import Log, PrintStream
from zoopages import deploying_page
from zoostartup import Startup, describe_change
from zoowatch import RestartBudget

# Requests at once in this process.
THREADS = 8
# Seconds without a further change: each exit counts against the handler's rapidFailsPerMinute.
DEBOUNCE = 2.0


def main(arguments: Optional[List[str]] = None) -> int:
    """Runs the starter and returns its exit status."""
    parser = argparse.ArgumentParser(prog='zoohttp', description='Runs a Python site under HttpPlatformHandler.')
    parser.add_argument('--site', default=os.curdir, metavar='DIR', help='the folder of the site (default: this one)')
    parser.add_argument('--port', default=os.environ.get('HTTP_PLATFORM_PORT'), help='default: HTTP_PLATFORM_PORT')
    parser.add_argument('--show-errors', action='store_true', help='show tracebacks to visitors without a proxy')
    options = parser.parse_args(arguments)
    if not (options.port or '').isdecimal():
        parser.error('there is no port: HTTP_PLATFORM_PORT is not set, give --port')
    try:
        listener = open_listener(Address('tcp', '127.0.0.1', int(options.port)), 0)
    except AddressError as error:
        print('error: %s' % error, file=sys.stderr)
        return 1
    return run(listener, os.path.abspath(options.site), options.show_errors)


def run(listener: socket.socket, folder: str, show_errors: bool) -> int:
    """Serves the site on the listener until it is to be started again."""
    log = Log(None)
    sys.stdout = sys.stderr = PrintStream(log)  # type: ignore[assignment]
    life = Life()
    leaving = threading.Event()
    _stop_on_signals(life, leaving)
    startup = Startup(log, life, show_errors)
    startup.watch_config = False  # IIS itself restarts the site for that
    startup.debounce = DEBOUNCE
    startup.open(folder, os.environ)
    startup.on_change = _within_budget(startup, life)
    # Never the application itself: it is for waitress, with its prefix and its visitors' addresses.
    hall = WaitingHall(listener, lambda: startup.served.application if startup.failure else deploying_page())
    hall.open()
    startup.run()
    create_server = _find_waitress(startup)
    if create_server is None:
        # The page with the reason stays until a file changes: a process that ends would be started in a loop.
        life.wait_for_stop()
    elif not life.stopping:
        hall.close()
        front = Front(startup.served, life, log, show_errors)
        _serve(create_server, listener, front, life, leaving)
    log.info('worker ends: %s' % life.reason)
    return 0


def _find_waitress(startup: Startup) -> Optional[Callable[..., Any]]:
    """waitress.server.create_server of the site's environment; None, and a page, when the site cannot run."""
    if startup.failure:
        return None
    try:
        from waitress.server import create_server
    except ImportError as error:
        startup.fail(
            'Its environment has no waitress.',
            'waitress cannot be imported (%s); install it into the environment of the site: add it to '
            'requirements.txt, then run: zookit deploy' % error,
        )
        return None
    return create_server  # type: ignore[no-any-return]


def _serve(
    create_server: Callable[..., Any], listener: socket.socket, front: Front, life: Life, leaving: threading.Event
) -> None:
    channels: Dict[int, Any] = {}
    server = create_server(
        front,
        map=channels,
        sockets=[listener],
        threads=THREADS,
        ident=None,
        # The handler connects from this machine and tells who the visitor is; others are not believed.
        trusted_proxy='127.0.0.1',
        trusted_proxy_headers={'x-forwarded-for', 'x-forwarded-proto'},
        clear_untrusted_proxy_headers=True,
    )
    threading.Thread(target=_finish, args=(life, channels, leaving), name='zoo-finish', daemon=True).start()
    server.run()


def _finish(life: Life, channels: Dict[int, Any], leaving: threading.Event) -> None:
    """After a stop: waits for running requests and for answers that are still being sent, then ends waitress' loop."""
    life.wait_for_stop()
    life.wait_until_idle()
    end = time.monotonic() + GRACE
    while time.monotonic() < end and any(_unsent(channel) for channel in list(channels.values())):
        time.sleep(0.05)
    leaving.set()
    _thread.interrupt_main()


def _unsent(channel: Any) -> int:
    """Bytes of answers that waitress still holds for a connection, requests that it has not begun."""
    return getattr(channel, 'total_outbufs_len', 0) + len(getattr(channel, 'requests', ()) or ())


def _stop_on_signals(life: Life, leaving: threading.Event) -> None:
    """Waitress ends its loop for SystemExit only; it is raised when everything is finished."""

    def handle(number: int, _frame: Any) -> None:
        if leaving.is_set():
            raise SystemExit(0)
        life.stop('signal %d' % number)

    for name in ('SIGTERM', 'SIGINT', 'SIGBREAK'):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), handle)


def _within_budget(startup: Startup, life: Life) -> Callable[[List[str]], None]:
    """Stops for changed files, but not more often than the handler bears."""

    def stop(names: List[str]) -> None:
        site = startup.site
        if site is not None and site.log_folder is not None:
            budget = RestartBudget(os.path.join(site.log_folder, 'restarts'))
            time.sleep(budget.delay(time.time()))
            budget.spend(time.time())
        life.stop(describe_change(names), restart=True)

    return stop


if __name__ == '__main__':
    sys.exit(main())
