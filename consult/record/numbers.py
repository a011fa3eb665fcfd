"""[pure] Which receipt somebody means who types its number as it is printed, or near enough."""

import re
import unicodedata
from dataclasses import dataclass

_BETWEEN = re.compile(r"[\W_]+")  # spaces, hyphens of any length, the sign of a number
_ASKED = re.compile(r"(?:NO? ?)?(?:K ?)?(?:(?P<year>\d{4}) ?)?(?P<n>\d{6,9})")
_CYRILLIC = str.maketrans("К№", "KN")


@dataclass(frozen=True, slots=True)
class Asked:
    """The running number, which no two comments share, and the year if one was given."""

    n: int
    year: int | None

    @property
    def ending(self) -> str:
        """What the number on the receipt ends with; all of it if the year is known."""
        return f"K-{self.year}-{self.n:06d}" if self.year else f"-{self.n:06d}"


def asked_for(text: str) -> Asked | None:
    """What "№ K-2026-000101", "К-2026-000101" (Cyrillic), "k 2026 000101", "K2026000101" and
    "000101" ask for; None if it is no number of a receipt."""
    letters = unicodedata.normalize("NFC", text).upper().translate(_CYRILLIC)
    found = _ASKED.fullmatch(_BETWEEN.sub(" ", letters).strip())
    if found is None:
        return None
    return Asked(int(found["n"]), int(found["year"]) if found["year"] else None)
