"""The deploy script of a site, run once.

Comes in: a site. Goes out: the script's success, its log, and a note outside the tracked files that it is done.
Refuses to know: what the script does, and the environment it makes: it runs under the base interpreter.

    python zoodeploy.py [--site DIR] [--packages] [--force]

runs what is not done (with --force also what is) and exits with the script's status. The workers call the same code
before they import the application; they do not run again what has failed: its administrator does, or a change of the
script.
"""

import argparse
import os
import subprocess
import sys
import time
from typing import Any, Callable, Dict, List, Optional, Tuple

from zoodone import Record, fingerprint, read_record, write_record
from zooenvironment import base_executable
from zoolock import FileLock
from zoolog import Log, rotate
from zoosite import Site, SiteError, open_site

# Exit status of a process that Ctrl-C ended on Windows (STATUS_CONTROL_C_EXIT).
_CONTROL_C = 0xC000013A


class DeployError(Exception):
    """The deploy script failed, now or before; `status` is its exit status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def deploy(
    site: Site,
    log: Log,
    force: bool = False,
    packages: bool = False,
    retry: bool = False,
    on_request: bool = False,
    echo: Optional[Callable[[str], None]] = None,
) -> bool:
    """Runs the site's deploy script unless it is done; True when it ran.

    `force` runs it in any case, `retry` also if it has failed before, `packages` lets it install packages; `echo` gets
    each line of its output; `on_request` tells the script that a visitor waits. One process of the machine runs it,
    others wait for that one. Raises DeployError, and SiteError when the lock or the log cannot be written.
    """
    script = site.deploy_file
    if script is None:
        return False
    if force:
        _take_back_name(script)
    elif not _is_due(site, retry):
        return False
    try:
        os.makedirs(os.path.dirname(_lock_path(site)), exist_ok=True)
        lock = FileLock(_lock_path(site), lambda: log.info('another process deploys this site: waiting'))
        lock.acquire()
    except OSError as error:
        raise SiteError("the folder '%s' cannot be written: %s" % (os.path.dirname(_lock_path(site)), error)) from error
    try:
        # Whoever had the lock before may have done it.
        if not force and not _is_due(site, retry):
            return False
        told = _told(packages, on_request)
        _run_and_note(site, script, log, told, echo, lock.descriptor)
    finally:
        lock.release()
    return True


def _is_due(site: Site, retry: bool) -> bool:
    """Whether the script is there and neither done nor, unless `retry`, failed. Raises DeployError for the latter."""
    script = site.deploy_file
    if script is None or not os.path.isfile(script):
        return False
    record = read_record(site.data_folder)
    if record is None or record.fingerprint != fingerprint(site.folder, script):
        return True
    if record.status != 0:
        if retry:
            return True
        raise DeployError(_failure(site, record.status), record.status)
    # A script of the zoo form is renamed when it is done: that it has its old name again means once more.
    return record.renamed


def _run_and_note(
    site: Site, script: str, log: Log, told: Dict[str, str], echo: Optional[Callable[[str], None]], lock: int
) -> None:
    if not os.path.isfile(script):
        raise SiteError("the deploy script '%s' is not there" % script)
    mark = fingerprint(site.folder, script)
    log.info('deploy begins: %s' % script)
    status, last_words = _run(site, script, told, echo, lock)
    if status < 0 or status == _CONTROL_C:
        # Ended from outside, which says nothing about the script: the next start tries again.
        raise DeployError('the deploy script was ended before it was done', 128 - status if status < 0 else 1)
    renamed = status == 0 and site.form == 'zoo' and _rename(script, log)
    try:
        write_record(site.data_folder, Record(mark, status, renamed))
    except OSError as error:
        log.warning('the deploy cannot be noted, so it will run at each start: %s' % error)
    if status != 0:
        log.error(_failure(site, status, last_words))
        raise DeployError(_failure(site, status, last_words), status)
    log.info('deploy finished')


def _run(
    site: Site, script: str, told: Dict[str, str], echo: Optional[Callable[[str], None]], lock: int
) -> Tuple[int, str]:
    """Runs the script with its output in the deploy log and returns its exit status and its last line."""
    last_words = ''
    with _open_log(site) as log:

        def tell(line: str) -> None:
            log.write(line + '\n')
            log.flush()
            if echo is not None:
                echo(line)

        log.write(_stamp() + ' --== Deploy begin ==--\n')
        with subprocess.Popen(
            [base_executable(), script],
            cwd=site.folder,
            env=_environment(site, told),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # The lock lives as long as the script, even when this process is killed.
            pass_fds=() if os.name == 'nt' else (lock,),
        ) as process:
            for raw in process.stdout or ():
                line = raw.decode('utf-8', 'replace').rstrip('\r\n')
                last_words = line.strip() or last_words
                tell(line)
        status = process.returncode
        if status != 0:
            tell('The deploy script ended with exit status %d.' % status)
        log.write(_stamp() + ' --== Deploy finished ==--\n')
    return status, last_words


def _open_log(site: Site) -> Any:
    """The deploy log, or the one in the log folder when its place is a mistake (a virtual path, say)."""
    fallback = os.path.join(os.path.dirname(_lock_path(site)), 'deploy.log')
    for path in (site.deploy_log, fallback):
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            rotate(path)
            return open(path, 'a', encoding='utf-8', errors='backslashreplace', newline='\n')
        except OSError as error:
            problem = error
    raise SiteError("the deploy log '%s' cannot be written: %s" % (fallback, problem))


def _environment(site: Site, told: Dict[str, str]) -> Dict[str, str]:
    """The script's environment: ours and the site's variables, without what belongs to our connection or to an
    environment that we may be running in."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith('_FCGI_')}
    environment.update(site.exports())
    environment.pop('__PYVENV_LAUNCHER__', None)
    environment.setdefault('PYTHONUTF8', '1')
    environment['PYTHONUNBUFFERED'] = '1'
    environment.update(told)
    return environment


def _told(packages: bool, on_request: bool) -> Dict[str, str]:
    """What the script is told by its environment; the names are a contract with every deploy.py."""
    told = {}
    if packages:
        told['DEPLOY_PACKAGES'] = '1'
    if on_request:
        told['DEPLOY_ON_REQUEST'] = '1'
    return told


def _rename(script: str, log: Log) -> bool:
    """deploy.py becomes deploy_done.py, as Helicon Zoo 3 did; where that is forbidden the note alone must do."""
    try:
        os.replace(script, _done_name(script))
    except OSError as error:
        log.info('the deploy script keeps its name: %s' % error)
        return False
    return True


def _take_back_name(script: str) -> None:
    if not os.path.exists(script) and os.path.exists(_done_name(script)):
        os.replace(_done_name(script), script)


def _done_name(script: str) -> str:
    stem, extension = os.path.splitext(script)
    return stem + '_done' + extension


def _failure(site: Site, status: int, last_words: str = '') -> str:
    return "the deploy script failed with exit status %d%s; see '%s', then run: zookit deploy \"%s\"" % (
        status,
        ' (%s)' % last_words[:300] if last_words else '',
        site.deploy_log,
        site.folder,
    )


def _lock_path(site: Site) -> str:
    return os.path.join(site.log_folder or os.path.join(site.folder, 'log'), 'deploy.lock')


def _stamp() -> str:
    return time.strftime('%Y-%m-%d %H:%M:%S')


def main(arguments: Optional[List[str]] = None) -> int:
    """The command; returns its exit status."""
    parser = argparse.ArgumentParser(prog='zoodeploy', description='Runs the deploy script of a site once.')
    parser.add_argument('--site', default='.', metavar='DIR', help='the folder of the site (default: this one)')
    parser.add_argument('--packages', action='store_true', help='let the script install packages')
    parser.add_argument('--force', action='store_true', help='run it even if it is done')
    options = parser.parse_args(arguments)
    try:
        site = open_site(options.site, os.environ)
        ran = deploy(
            site,
            Log(site.log_file),
            options.force,
            options.packages,
            retry=True,
            echo=lambda line: print(line, flush=True),
        )
    except DeployError as error:
        print('error: %s' % error, file=sys.stderr)
        return error.status
    except SiteError as error:
        print('error: %s' % error, file=sys.stderr)
        return 3
    if not ran:
        print('Nothing to do: the site is deployed.')
    return 0


if __name__ == '__main__':
    sys.exit(main())
