"""Checks the public record of Kenesh offline, trusting nobody: python3 verify.py FILE…

A FILE is a receipt, a proof, or a head (the fingerprint of it all) that you kept; all must agree.
The rules: RFC 9162, sections 2.1.3.2 and 2.1.4.2, with SHA-256. Needs nothing but Python 3.9."""

import json
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def need(holds: bool, otherwise: str) -> None:
    if not holds:
        sys.exit(f"DOES NOT HOLD: {otherwise}.")


def climb(hashes: list[bytes], here: int, last: int) -> list[str]:
    """Where a path of fingerprints leads: the root of the entries up to `here`, that of all."""
    old = new = hashes[0]
    for step in hashes[1:]:
        need(last > 0, "a proof is longer than it should be")
        if here & 1 or here == last:
            old, new = (sha256(b"\1" + step + right).digest() for right in (old, new))
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            new = sha256(b"\1" + new + step).digest()
        here, last = here >> 1, last >> 1
    return [old.hex(), new.hex()] if last == 0 else []


def check(proof: dict[str, Any], known: dict[int, str]) -> None:
    heads = [(head["size"], head["root"]) for head in proof["heads"]]
    for n, root in heads:
        need(known.setdefault(n, root) == root, f"there are two records of {n} entries")
    (m, old), (size, root) = heads[0], heads[-1]
    if m < size:  # the record as it was, and as it is
        path = [bytes.fromhex(step) for step in ([] if m & (m - 1) else [old]) + proof["path"]]
        full = (m & -m).bit_length() - 1  # the level of the last full tree in the smaller one
        same = climb(path, (m - 1) >> full, (size - 1) >> full) == [old, root]
        need(same, f"the first {m} entries were changed")
    for entry in proof.get("entries", []):
        n, text, said = entry["number"], entry["payload"], json.loads(entry["payload"])
        path = [sha256(b"\0" + text.encode()).digest(), *map(bytes.fromhex, entry["path"])]
        need(n < size and climb(path, n, size - 1)[1:] == [root], f"entry {n} is not in the record")
        print(f"Entry {n} is in the record: {said['kind']} {said['row']}, {said['at']}")
        for name, part in entry["opened"].items():
            told = bytes.fromhex(part["salt"]) + canonical(part["value"]).encode()
            need(sha256(told).hexdigest() == said["hashes"][name], f"entry {n}: other {name}")
            print(f"  {name}: {canonical(part['value'])}")


if __name__ == "__main__":
    kept: dict[int, str] = {}
    for file in sys.argv[1:]:
        check(json.loads(Path(file).read_text("utf-8")), kept)
    print("Everything holds.", *(f"Head: {n} entries, {root}" for n, root in kept.items()))
