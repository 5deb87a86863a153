"""The body of a request while it arrives.

Comes in: pieces of any size. Goes out: a file object that ends where the body ends, in memory while it is small,
in a temporary file when it is not. Refuses to know: records and HTTP.
"""

import io
import tempfile
from typing import IO, Optional

# Bytes; forms and small uploads stay in memory, so that many of them cost no disk.
MEMORY_LIMIT = 1024 * 1024


class Body:
    """Collects a request's body; memory does not grow with its size."""

    def __init__(self, memory_limit: int = MEMORY_LIMIT) -> None:
        self._file: IO[bytes] = io.BytesIO()
        self._memory_limit = memory_limit
        self._in_memory = True
        self.size = 0
        self.failure: Optional[OSError] = None

    def append(self, data: bytes) -> None:
        """Adds the next piece. A full or forbidden temporary folder is kept in `failure`, and the rest is dropped:
        the bytes must be taken from the connection all the same, or the server would wait for ever."""
        if self.failure is not None:
            return
        try:
            if self._in_memory and self.size + len(data) > self._memory_limit:
                self._move_to_disk()
            self._file.write(data)
        except OSError as error:
            self.failure = error
            self.close()
            return
        self.size += len(data)

    def open(self, length: Optional[int] = None) -> IO[bytes]:
        """The body from its beginning, cut to `length` bytes when it is longer."""
        if length is not None and length < self.size:
            self._file.truncate(length)
            self.size = length
        self._file.seek(0)
        return self._file

    def close(self) -> None:
        """Frees memory and disk; may be called again."""
        self._file.close()

    def _move_to_disk(self) -> None:
        file = tempfile.TemporaryFile(prefix='zoo-body-')
        file.write(self._file.getvalue())  # type: ignore[attr-defined]
        self._file.close()
        self._file = file
        self._in_memory = False
