"""The note that a site is deployed, kept outside its tracked files.

Comes in and goes out: data/deploy.json. Refuses to know: how a deploy runs. The note is worth nothing on another
machine or for another script, so both are part of its fingerprint: a copied site is deployed anew.
"""

import hashlib
import json
import os
import platform
import time
from typing import NamedTuple, Optional

_NAME = 'deploy.json'


class Record(NamedTuple):
    """The last deploy: what it was, how it ended (0 is success), whether its script was renamed afterwards."""

    fingerprint: str
    status: int
    renamed: bool


def fingerprint(folder: str, script: str) -> str:
    """Names the script's and requirements.txt's contents and this machine."""
    digest = hashlib.sha256()
    for path in (script, os.path.join(folder, 'requirements.txt')):
        try:
            with open(path, 'rb') as file:
                content = file.read()
        except FileNotFoundError:
            content = b''
        # Each with its length, so that no text can move from one file into the other unseen.
        digest.update(b'%d\n' % len(content) + content)
    return '%s@%s' % (digest.hexdigest(), platform.node())


def read_record(folder: str) -> Optional[Record]:
    """The note in the data folder; None when there is none that can be understood."""
    try:
        with open(os.path.join(folder, _NAME), encoding='utf-8') as file:
            values = json.load(file)
        digest, machine, status = values['sha256'], values['machine'], values['status']
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not isinstance(status, int):
        return None
    return Record('%s@%s' % (digest, machine), status, bool(values.get('renamed')))


def write_record(folder: str, record: Record) -> None:
    """Replaces the note in one step. Raises OSError."""
    if not os.path.isdir(folder):
        os.makedirs(folder, mode=0o700)
    digest, _, machine = record.fingerprint.partition('@')
    values = {
        'sha256': digest,
        'machine': machine,
        'status': record.status,
        'renamed': record.renamed,
        'time': time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime()),
    }
    path = os.path.join(folder, _NAME)
    temporary = '%s.%d.tmp' % (path, os.getpid())
    with open(temporary, 'w', encoding='utf-8', newline='\n') as file:
        json.dump(values, file, indent=2)
        file.write('\n')
    os.replace(temporary, path)
