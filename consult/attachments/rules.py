"""[pure] Rules of attachments: what one is called, where it lies, how many there may be."""

import re
import unicodedata
from collections.abc import Sequence
from pathlib import PurePosixPath

from consult.errors import Invalid

MOST = 5  # files of one comment
LONGEST = 100  # characters of a name; of Cyrillic letters 200 bytes, and 255 is what disks take
NAMELESS = "file"
UNFIT = re.compile(r'[<>:"|?*\s]+')  # no file is called so somewhere
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})  # with them letters stand in another order
DIGEST = re.compile(r"[0-9a-f]{64}")


def clean_name(name: str, endings: Sequence[str]) -> str:
    """What a file is called here: no folder, no hidden letters, and an ending that is true."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(c for c in last if c.isspace() or unicodedata.category(c) not in INVISIBLE)
    plain = UNFIT.sub(" ", seen).strip(" .")
    ending = next((one for one in endings if plain.lower().endswith(one)), "")
    stem = plain[: -len(ending)] if ending else plain
    ending = plain[-len(ending) :] if ending else endings[0]
    return (stem[: LONGEST - len(ending)].strip(" .") or NAMELESS) + ending


def stored_path(sha256: str) -> PurePosixPath:
    """Where the bytes with this digest (hexadecimal) lie within the folder of attachments.

    Nothing that anybody typed comes into it; raises ValueError for what is no digest.
    """
    if not DIGEST.fullmatch(sha256):
        raise ValueError(f"not a digest: {sha256[:80]!r}")
    return PurePosixPath(sha256[:2], sha256[2:])


def check_count(count: int) -> None:
    """Refuse more files than a comment may have."""
    if count > MOST:
        raise Invalid("At most {most} files can be attached.", field="files", most=MOST)
