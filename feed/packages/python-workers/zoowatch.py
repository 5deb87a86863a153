"""Tells when a file of a site has changed.

Comes in: a folder, masks, and what to do. Goes out: one call, after the last change of a series. Refuses to know: what
a change is good for. It looks at times and sizes instead of asking the system for events, which network folders and
containers do not deliver.
"""

import fnmatch
import os
import re
import threading
import time
from typing import Callable, Dict, List, Optional, Tuple

# Seconds without a further change before a series counts as over: editors and uploads write many files.
DEBOUNCE = 0.5
# Seconds between two looks; a look may take at most a tenth of the time.
INTERVAL = 1.0

# Folders at the top of a site that the site itself writes to, or that a web server sends.
_WRITTEN = frozenset(('data', 'log', 'logs', 'media', 'static'))
_SKIPPED = frozenset(('__pycache__', 'node_modules'))

Snapshot = Dict[str, Tuple[int, int]]


def parse_masks(text: str) -> List[str]:
    """`*.py;*.html` as a list."""
    return [mask.strip().replace('\\', '/') for mask in re.split('[;,|]', text) if mask.strip()]


def take_snapshot(folder: str, masks: List[str]) -> Snapshot:
    """Time and size of each file below `folder` whose name or relative path fits a mask. Environments, dot folders and
    what the site itself writes are left out."""
    snapshot: Snapshot = {}
    fits = re.compile('|'.join(fnmatch.translate(mask) for mask in masks) or r'(?!)', re.IGNORECASE)
    pending = ['']
    while pending:
        below = pending.pop()
        try:
            entries = list(os.scandir(os.path.join(folder, below)))
        except OSError:
            continue
        for entry in entries:
            path = below + entry.name
            try:
                if entry.is_dir(follow_symlinks=False):
                    if _is_watched(entry.path, entry.name, below):
                        pending.append(path + '/')
                elif fits.match(entry.name) or fits.match(path):
                    status = entry.stat()
                    snapshot[path] = (status.st_mtime_ns, status.st_size)
            except OSError:
                # Removed between two looks.
                continue
    return snapshot


def changes(before: Snapshot, after: Snapshot) -> List[str]:
    """Relative names of the files that came, went or changed."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


class Watch:
    """Looks again and again, in a thread of its own; calls `on_change` once with the names and ends."""

    def __init__(
        self,
        folder: str,
        masks: List[str],
        on_change: Callable[[List[str]], None],
        debounce: float = DEBOUNCE,
        interval: float = INTERVAL,
    ) -> None:
        self._folder = folder
        self._masks = masks
        self._on_change = on_change
        self._debounce = debounce
        self._interval = interval
        # Taken at once, so that a file which changes while the application is being imported is not missed.
        self._before = take_snapshot(folder, masks)

    def start(self) -> None:
        """Begins to look."""
        threading.Thread(target=self._run, name='zoo-watch', daemon=True).start()

    def _run(self) -> None:
        latest = self._before
        changed_at: Optional[float] = None
        while True:
            began = time.monotonic()
            now = take_snapshot(self._folder, self._masks)
            if now != latest:
                latest, changed_at = now, began
            elif changed_at is not None and began - changed_at >= self._debounce:
                names = changes(self._before, now)
                if names:
                    self._on_change(names)
                    return
                # Everything is again as it was: written and taken back.
                changed_at = None
            pause = self._interval if changed_at is None else min(self._interval, self._debounce / 2)
            time.sleep(max(pause, (time.monotonic() - began) * 10))


class RestartBudget:
    """At most `limit` restarts within `window` seconds, over all processes of a site: their times stand in a file."""

    def __init__(self, path: str, limit: int = 5, window: float = 60.0) -> None:
        self._path = path
        self._limit = limit
        self._window = window

    def delay(self, now: float) -> float:
        """Seconds to wait before the next restart."""
        recent = self._recent(now)
        return 0.0 if len(recent) < self._limit else recent[-self._limit] + self._window - now

    def spend(self, now: float) -> None:
        """Notes a restart; a folder that cannot be written makes the budget forgetful, not fatal."""
        times = self._recent(now) + [now]
        try:
            with open(self._path, 'w', encoding='ascii') as file:
                file.write(''.join('%.3f\n' % moment for moment in times))
        except OSError:
            return

    def _recent(self, now: float) -> List[float]:
        try:
            with open(self._path, encoding='ascii') as file:
                times = [float(line) for line in file]
        except (OSError, ValueError):
            return []
        return sorted(moment for moment in times if 0 <= now - moment < self._window)


def _is_watched(path: str, name: str, below: str) -> bool:
    if name.startswith('.') or name in _SKIPPED or (not below and name.lower() in _WRITTEN):
        return False
    return not os.path.exists(os.path.join(path, 'pyvenv.cfg'))
