"""A FastCGI worker for Python web applications: under IIS, Helicon Zoo's module, zookit, nginx and Apache.

    python zoofcgi.py [--site DIR] [--show-errors]
        on standard input, as IIS's FastCgiModule and Helicon's module start it
    python zoofcgi.py --site DIR --listen HOST:PORT|unix:PATH
        for nginx and Apache
    python zoofcgi.py --site DIR --connect unix:PATH|pipe:NAME [--connections 4]
        under `zookit serve`; exit status 0 means: start me again

Which application runs, and all else about the site, stands in the process environment or in the site's web.config.
This file only reads the command line and picks the transport.
"""

import argparse
import os
import re
import sys
from typing import List, Optional, Tuple

from zooaddress import Address, AddressError, open_listener, parse_address
from zooconnect import serve_host
from zoolife import Life
from zoolisten import inherited_listener, serve_listener
from zoolog import Log
from zoostartup import Startup
from zoostdin import is_connection, serve_standard_input


def main(arguments: Optional[List[str]] = None) -> int:
    """Runs a worker and returns its exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    life = Life()
    try:
        return _run(options, life)
    except AddressError as error:
        print('error: %s' % error, file=sys.stderr)
        return 1


def _run(options: argparse.Namespace, life: Life) -> int:
    folder = _site_folder(options.site)
    if options.connect is not None:
        log, startup = _begin(life, options)
        startup.open(folder or os.curdir, os.environ)
        return serve_host(options.connect, options.connections, startup, life, log, options.show_errors)
    listener = inherited_listener()
    if listener is None and options.listen is not None:
        listener = open_listener(options.listen, options.socket_mode)
    if listener is not None:
        log, startup = _begin(life, options)
        startup.open(folder or os.curdir, os.environ)
        return serve_listener(listener, startup, life, log, options.show_errors)
    if not is_connection(0):
        raise AddressError('standard input is no FastCGI connection; give --listen or --connect')
    log = Log(None)
    startup = Startup(log, life, options.show_errors)
    return serve_standard_input(folder, startup, life, log, options.show_errors)


def _begin(life: Life, options: argparse.Namespace) -> Tuple[Log, Startup]:
    log = Log(None, sys.stderr)
    return log, Startup(log, life, options.show_errors)


def _site_folder(option: Optional[str]) -> Optional[str]:
    """What the command line says, or Helicon's module, or the current folder when it is a site; otherwise only a
    request can tell."""
    folder = option or os.environ.get('APPL_PHYSICAL_PATH')
    if folder:
        return os.path.abspath(folder)
    here = os.getcwd()
    is_site = any(name.lower() == 'web.config' for name in os.listdir(here))
    return here if is_site else None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog='zoofcgi', description='Runs the Python application of a site as a FastCGI worker.'
    )
    parser.add_argument('--site', metavar='DIR', help='the folder of the site (default: this one)')
    transport = parser.add_mutually_exclusive_group()
    transport.add_argument('--listen', type=_address, metavar='ADDRESS', help='HOST:PORT or unix:PATH')
    transport.add_argument('--connect', type=_address, metavar='ADDRESS', help='unix:PATH, pipe:NAME or HOST:PORT')
    parser.add_argument('--connections', type=_count, default=4, metavar='N', help='with --connect (default: 4)')
    parser.add_argument(
        '--socket-mode', type=_mode, default=0o660, metavar='OCTAL', help='with --listen unix: (default: 660)'
    )
    parser.add_argument('--show-errors', action='store_true', help='show tracebacks to visitors without a proxy')
    return parser


def _address(text: str) -> Address:
    try:
        return parse_address(text)
    except AddressError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError('wanted a number from 1 to 64')
    return int(text)


def _mode(text: str) -> int:
    if not re.match(r'[0-7]{3,4}\Z', text) or int(text, 8) > 0o777:
        raise argparse.ArgumentTypeError('wanted an octal number like 660')
    return int(text, 8)


if __name__ == '__main__':
    sys.exit(main())
