"""What the tests of the workers share: the modules' folder, a FastCGI client, sites in temporary folders."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

WORKERS = os.path.join(
    os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), 'feed', 'packages', 'python-workers'
)
sys.path.insert(0, WORKERS)
sys.dont_write_bytecode = True

import zooprotocol as protocol  # noqa: E402

# Seconds after which a test that waits for something gives up.
PATIENCE = 90


def request_bytes(parameters, body=b'', request_id=1, keep=False, role=protocol.RESPONDER):
    """A whole request as a web server sends it."""
    pairs = [(name.encode('latin-1'), value.encode('latin-1')) for name, value in parameters.items()]
    parts = [
        protocol.encode_begin(request_id, role, protocol.KEEP_CONNECTION if keep else 0),
        protocol.encode_stream(protocol.PARAMS, request_id, protocol.encode_pairs(pairs)),
        protocol.encode_record(protocol.PARAMS, request_id),
        protocol.encode_stream(protocol.STDIN, request_id, body),
        protocol.encode_record(protocol.STDIN, request_id),
    ]
    return b''.join(parts)


def parameters(path='/', method='GET', **more):
    """What nginx sends when it is told about SCRIPT_NAME and PATH_INFO."""
    values = {
        'REQUEST_METHOD': method,
        'SCRIPT_NAME': '',
        'PATH_INFO': path.partition('?')[0],
        'REQUEST_URI': path,
        'QUERY_STRING': path.partition('?')[2],
        'SERVER_NAME': 'localhost',
        'SERVER_PORT': '80',
        'SERVER_PROTOCOL': 'HTTP/1.1',
    }
    values.update(more)
    return values


class Reply:
    """An answer taken apart: `head` is CGI text, `end` is (application status, protocol status) or None."""

    def __init__(self, records, request_id=1):
        mine = [record for record in records if record.request_id == request_id]
        output = b''.join(record.content for record in mine if record.kind == protocol.STDOUT)
        self.errors = b''.join(record.content for record in mine if record.kind == protocol.STDERR)
        head, _, self.body = output.partition(b'\r\n\r\n')
        self.head = head.decode('latin-1').split('\r\n')
        self.status = self.head[0][len('Status: ') :]
        self.headers = {line.partition(': ')[0].lower(): line.partition(': ')[2] for line in self.head[1:]}
        ends = [record for record in mine if record.kind == protocol.END_REQUEST]
        self.end = protocol.decode_end(ends[-1].content) if ends else None


class Client:
    """A web server's side of one connection."""

    def __init__(self, connection):
        self.connection = connection
        connection.settimeout(PATIENCE)
        self._reader = protocol.RecordReader()
        self._records = []

    def send(self, data):
        self.connection.sendall(data)

    def ask(self, values, body=b'', keep=True):
        """One request and its answer."""
        self.send(request_bytes(values, body, keep=keep))
        return self.reply()

    def reply(self):
        """Everything up to the next END_REQUEST, or to the end of the connection."""
        return Reply(self.records())

    def records(self):
        found = []
        while True:
            while self._records:
                record = self._records.pop(0)
                found.append(record)
                if record.kind == protocol.END_REQUEST:
                    return found
            data = self.connection.recv(65536)
            if not data:
                return found
            self._records.extend(self._reader.feed(data))

    def is_closed(self):
        """Waits for the other side's end; False when it sends something instead."""
        return self.connection.recv(1) == b''

    def close(self):
        self.connection.close()


class SiteCase(unittest.TestCase):
    """A test with a site in a temporary folder."""

    def setUp(self):
        self.folder = os.path.realpath(tempfile.mkdtemp(prefix='zoo-test-'))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        return path

    def read(self, name):
        with open(os.path.join(self.folder, name), encoding='utf-8') as file:
            return file.read()

    def log(self):
        try:
            return self.read('log/worker.log')
        except FileNotFoundError:
            return ''

    def settings(self, **variables):
        """web.config of the fastcgi form."""
        rows = ''.join('<add key="%s" value="%s"/>' % pair for pair in variables.items())
        self.write('web.config', '<configuration><appSettings>%s</appSettings></configuration>' % rows)

    def environ(self, **more):
        """The process environment without what would name another site's application."""
        environ = {name: value for name, value in os.environ.items() if name not in _SITE_NAMES}
        environ['PYTHONDONTWRITEBYTECODE'] = '1'
        environ.update(more)
        return environ

    def start(self, script, *arguments, **options):
        """A worker's process, ended with the test."""
        command = [sys.executable, os.path.join(WORKERS, script)] + list(arguments)
        options.setdefault('env', self.environ())
        options.setdefault('stdin', subprocess.DEVNULL)
        options.setdefault('stdout', subprocess.DEVNULL)
        options.setdefault('stderr', subprocess.PIPE)
        process = subprocess.Popen(command, cwd=self.folder, **options)
        self.addCleanup(self._end, process)
        return process

    @staticmethod
    def _end(process):
        if process.poll() is None:
            process.kill()
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


_SITE_NAMES = ('PYTHONPATH', 'DJANGO_SETTINGS_MODULE', 'WSGI_APP', 'APPL_PHYSICAL_PATH', 'VIRTUAL_ENV')


def free_port():
    """A port of loopback below 32768: the system gives those to nobody, so it is free still when a worker asks for it."""
    for port in range(10000 + os.getpid() * 37 % 20000, 32768):
        with socket.socket() as here:
            try:
                here.bind(('127.0.0.1', port))
                return port
            except OSError:
                continue
    raise AssertionError('no port is free')


def until(condition, what):
    """Waits until `condition()` is true and returns its value."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError('waited in vain for %s' % what)


@contextlib.contextmanager
def connection_pair():
    one, other = socket.socketpair()
    try:
        yield one, other
    finally:
        one.close()
        other.close()
