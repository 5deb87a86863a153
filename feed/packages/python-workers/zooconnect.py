"""FastCGI towards a host that listens: the worker opens the connections and keeps them.

Comes in: the host's address. Goes out: answers, one request at a time on each connection. Refuses to know: how an
application is imported. It connects only when the site is up, so the host knows by the connections which workers are
ready. A host that closes an idle connection wants this worker to end.
"""

import sys
import threading
import traceback
from typing import List

from zooaddress import Address, AddressError, connect
from zooconversation import Conversation, Rules
from zooenviron import Mode
from zoolife import Life, leave_when_stopped, stop_on_signals
from zoolog import Log
from zooresponder import Responder
from zoostartup import Startup
from zoostream import Stream


def serve_host(address: Address, connections: int, startup: Startup, life: Life, log: Log, show_errors: bool) -> int:
    """Brings the site up, connects and answers until the worker is to stop. Returns the exit status: 0 to be started
    again, 1 when the site cannot run."""
    stop_on_signals(life)
    startup.run()
    if startup.failure:
        print('error: %s' % startup.failure, file=sys.stderr)
        return 1
    if life.stopping:
        return 0
    mode = Mode(multithread=connections > 1)
    responder = Responder(startup.served, log, mode, show_errors)
    try:
        streams = [connect(address, life) for _ in range(connections)]
    except AddressError as error:
        log.error(str(error))
        return 1
    if not all(stream.interruptible for stream in streams):
        leave_when_stopped(life)
    links = [Link(address, stream, responder, life, log) for stream in streams]
    threads = [threading.Thread(target=link.run, name='zoo-link', daemon=True) for link in links]
    for thread in threads:
        thread.start()
    life.wait_for_stop()
    log.info('worker ends: %s' % life.reason)
    _finish(threads, life)
    return 0


class Link:
    """One place at the host: a connection, and the next one when the host broke it off in the middle of a request."""

    def __init__(self, address: Address, stream: Stream, responder: Responder, life: Life, log: Log) -> None:
        self._address = address
        self._stream = stream
        self._responder = responder
        self._life = life
        self._log = log

    def run(self) -> None:
        """Serves until the worker is to stop."""
        while True:
            conversation = Conversation(self._stream, self._responder, self._life, self._log, Rules())
            try:
                conversation.serve()
            except Exception:
                # A place that dies in silence would be missing at the host for as long as this worker lives.
                self._log.error('a connection failed', traceback.format_exc())
            finally:
                self._stream.close()
            if conversation.closed_idle:
                self._life.stop('the host closed a connection', restart=True)
            if self._life.stopping:
                return
            try:
                self._stream = connect(self._address, self._life)
            except AddressError as error:
                self._life.stop(str(error), restart=True)
                return


def _finish(threads: List[threading.Thread], life: Life) -> None:
    life.wait_until_idle()
    for thread in threads:
        thread.join(1.0)
