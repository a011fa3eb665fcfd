"""Files that were made, kept in memory up to a limit. Nothing of what they are made from."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock


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
