"""Variables with %NAMES% inside, as Helicon Zoo had them, and paths written for Windows.

Comes in: names and values as web.config or the process environment have them. Goes out: expanded values and lists of
paths that this system understands. Refuses to know: what a variable is for.
"""

import os
import re
from typing import Dict, Iterable, List, Mapping, Tuple

_REFERENCE = re.compile(r'%([^%\s=;]+)%')
_DRIVE = re.compile(r'[A-Za-z]:[\\/]|[\\/]{2}')


def expand(text: str, scope: Mapping[str, str]) -> str:
    """`text` with each %NAME% of `scope` (upper-case names) replaced; an unknown one stays as it is written."""
    return _REFERENCE.sub(lambda match: scope.get(match.group(1).upper(), match.group(0)), text)


def expand_all(pairs: Iterable[Tuple[str, str]], scope: Mapping[str, str]) -> Dict[str, str]:
    """Variables in the order of their definition: each sees `scope` and those above it. Names ignore case, so the
    result has them in upper case; of a name that comes twice the last counts."""
    known = dict(scope)
    result: Dict[str, str] = {}
    for name, value in pairs:
        result[name.upper()] = known[name.upper()] = expand(value, known)
    return result


def expand_in_place(variables: Mapping[str, str], scope: Mapping[str, str]) -> Dict[str, str]:
    """Variables that came through the process environment, where nobody expanded what only a Zoo module knew. A
    reference to itself means a value from before, which is gone."""
    result = {}
    for name, value in variables.items():
        around = {known: text for known, text in scope.items() if known != name.upper()}
        result[name.upper()] = expand(value, around)
    return result


def has_unknown(text: str) -> bool:
    """Whether a reference is left that nothing could expand."""
    return _REFERENCE.search(text) is not None


def native_path(text: str, folder: str) -> str:
    """A path as this system writes it, absolute from `folder`. On POSIX a backslash parts folders too; a Windows path
    with a drive stays what it is, since it names nothing here."""
    text = text.strip().strip('"')
    if os.name != 'nt' and not _DRIVE.match(text):
        text = text.replace('\\', '/')
    return os.path.normpath(os.path.join(folder, text))


def path_list(text: str, folder: str) -> List[str]:
    """The folders of a search path, without those that hold an unknown reference, without empty and doubled ones.
    A semicolon parts them everywhere, the system's own sign only where no semicolon is used."""
    if ';' in text or os.name == 'nt' or _DRIVE.match(text):
        parts = text.split(';')
    else:
        parts = text.split(os.pathsep)
    paths = [native_path(part, folder) for part in parts if part.strip() and not has_unknown(part)]
    return list(dict.fromkeys(paths))
