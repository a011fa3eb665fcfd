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


def check_entry(entry: dict[str, Any], size: int, root: str) -> list[str]:
    """Check what is said of an entry in the record of this size and root; returns what is not."""
    n, said, opened = entry["number"], json.loads(entry["payload"]), entry["opened"]
    path = [sha256(b"\0" + entry["payload"].encode()).digest(), *map(bytes.fromhex, entry["path"])]
    need(0 <= n < size and climb(path, n, size - 1)[1:] == [root], f"entry {n} is not recorded")
    print(f"Entry {n} is in the record: {said['kind']} {said['row']}, {said['at']}")
    for name, part in opened.items():
        told = bytes.fromhex(part["salt"]) + canonical(part["value"]).encode()
        need(sha256(told).hexdigest() == said["hashes"][name], f"entry {n}: other {name}")
        print(f"  {name}: {canonical(part['value'])}")
    if said["kind"] == "comment" and "words" in opened and not said["facts"]["redacted_at"]:
        value = {**opened["words"]["value"], **opened.get("private", {"value": {}})["value"]}
        how = {said["facts"]["change"]} - {"", "replacement"}
        parts = [value["body"], value["proposed"], *how]
        mail = sha256("\n\x1f\n".join(parts).encode()).hexdigest()
        need(mail == value.get("body_hash", mail), f"entry {n}: the mail proves other words")
        print(f"  SHA-256 of these words, as in the mail: {mail}")
    return [f"the words of entry {n}"] * ("words" in said.get("hashes", {}).keys() - opened.keys())


def check(proof: dict[str, Any], known: dict[int, str]) -> list[str]:
    """Check all that a file says; returns what it leaves open. `known`: the roots by size."""
    heads, entries = [(h["size"], h["root"]) for h in proof["heads"]], proof.get("entries", [])
    for n, root in heads:
        need(n > 0 and len(bytes.fromhex(root)) == 32, f"no {n} entries have the root {root}")
        need(known.setdefault(n, root) == root, f"there are two records of {n} entries")
    (m, old), (size, root) = heads[0], heads[-1]
    if m < size:  # the record as it was, and as it is
        path = [bytes.fromhex(step) for step in ([] if m & (m - 1) else [old]) + proof["path"]]
        full = (m & -m).bit_length() - 1  # the level of the last full tree in the smaller one
        same = climb(path, (m - 1) >> full, (size - 1) >> full) == [old, root]
        need(same, f"the first {m} entries were changed")
    said = {json.loads(entry["payload"])["facts"].get("receipt") for entry in entries} - {None}
    need("receipt" not in proof or said == {proof["receipt"]}, "the receipt has another number")
    return [gap for entry in entries for gap in check_entry(entry, size, root)]


if __name__ == "__main__":
    known: dict[int, str] = {}
    files: list[dict[str, Any]] = []
    gaps: list[str] = []
    for name in sys.argv[1:]:
        try:
            files.append(json.loads(Path(name).read_text("utf-8")))
            gaps += check(files[-1], known)
        except (AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError) as error:
            sys.exit(f"CANNOT BE READ: {name} ({error!r})")
    # these were shown to be the beginning of another, or to be the same
    older = {file["heads"][0]["size"] for file in files if len(file["heads"]) > 1}
    if not older and not any(file.get("entries") for file in files):
        sys.exit("NOTHING WAS CHECKED: name a receipt or a proof; a head alone proves nothing.")
    loose = sorted(known.keys() - older - {max(known)})
    gaps += [f"whether the record begins with the {n} entries of the head you kept" for n in loose]
    print(*(f"Head: {n} entries, {root}" for n, root in known.items()), sep="\n")
    print("This holds. NOT CHECKED:" if gaps else "Everything holds.", *gaps, sep="\n- ")
