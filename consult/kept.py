"""Files that were made, kept in memory up to a limit; and what tells that they would be others.

Nothing of what they are made from.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from threading import Lock

from consult.templating import ROOT


class Kept:
    """Files by what they were made from: `most` bytes in all, what was asked for last stays."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._files: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> bytes | None:
        with self._lock:
            if key in self._files:
                self._files.move_to_end(key)
            return self._files.get(key)

    def put(self, key: Hashable, content: bytes) -> None:
        with self._lock:
            self._files[key] = content
            self._files.move_to_end(key)
            while sum(map(len, self._files.values())) > self.most:
                self._files.popitem(last=False)


KEPT = Kept(64_000_000)  # bytes: some twenty of the largest files


def digest_of(patterns: Sequence[str]) -> str:
    """What these files of the project hold, told in a few letters.

    A stamp with the digest of whatever writes a file changes when the writers do: whoever changes
    them need not think of it.
    """
    digest = hashlib.sha256()
    for path in sorted(path for pattern in patterns for path in ROOT.glob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()
