"""[pure] The rows of a comparative table: what they say, hold at most, and go by in a form."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields

from consult.errors import Invalid, TooLarge
from drafts.versions.diffing import word_pieces

CELL_MAX = 20_000  # characters
ROWS_MAX = 1_000
LEAST_COMMON = 0.2  # of the shorter wording; less is another text, not a changed one
TABLE_MAX = 400_000  # characters of all cells together: what a form can carry


@dataclass(frozen=True, slots=True)
class Words:
    """What one row says. One that only has a `place` is a heading: the law that is amended."""

    place: str = ""
    current: str = ""
    proposed: str = ""
    reason: str = ""
    wid: str = ""

    @property
    def is_heading(self) -> bool:
        return bool(self.place) and not (self.current or self.proposed or self.reason)

    @property
    def stamp(self) -> str:
        """Changes when anything of the row does."""
        return _stamp([self])


def stamp_of(rows: Sequence[Words]) -> str:
    """Changes when anything of the table does, the order of its rows included."""
    return _stamp(rows)


def _stamp(rows: Sequence[Words]) -> str:
    told = json.dumps([astuple(row) for row in rows], ensure_ascii=False)
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:20]


def check_words(words: Words) -> None:
    """Refuse a row that says nothing, or more than a row can. Raises Invalid."""
    for field in fields(Words):
        if len(getattr(words, field.name)) > CELL_MAX:
            raise Invalid(
                "This is too long: at most {max_length} characters.",
                field=field.name,
                max_length=CELL_MAX,
            )
    if not (words.place or words.current or words.proposed or words.reason):
        raise Invalid("Please fill in at least one of the columns.", field="place")


def check_table(rows: Sequence[Words]) -> None:
    """Refuse more rows or words than a page can show. Raises TooLarge, Invalid."""
    letters = sum(len(text) for row in rows for text in astuple(row))
    if len(rows) > ROWS_MAX or letters > TABLE_MAX:
        raise TooLarge(
            "The table is too large: at most {rows} rows and {letters} characters.",
            field="file",
            rows=ROWS_MAX,
            letters=TABLE_MAX,
        )
    for row in rows:
        check_words(row)


def differences(words: Words) -> list[tuple[str, str]] | None:
    """The two wordings word by word (same | ins | del, words); None where little is common."""
    if not (words.current and words.proposed):
        return None
    pieces = word_pieces(words.current, words.proposed)
    common = sum(len(text) for op, text in pieces if op == "same")
    shorter = min(len(words.current), len(words.proposed))
    return pieces if common >= LEAST_COMMON * shorter else None


def to_json(rows: Sequence[Words]) -> str:
    """Rows as a form carries them from the preview to the button that takes them over."""
    return json.dumps([astuple(row) for row in rows], ensure_ascii=False)


def from_json(told: str) -> list[Words]:
    """The rows a form has carried. Raises Invalid, TooLarge for anything else."""
    try:
        found = json.loads(told)
    except (ValueError, RecursionError) as error:
        raise Invalid("This was not understood.", field="rows") from error
    if not isinstance(found, list) or not all(map(_is_row, found)):
        raise Invalid("This was not understood.", field="rows")
    rows = [Words(*row) for row in found]
    check_table(rows)
    return rows


def _is_row(row: object) -> bool:
    cells = row if isinstance(row, list) else []
    return len(cells) == len(fields(Words)) and all(isinstance(cell, str) for cell in cells)
