"""[pure] What a reader hands to the grammar, and what the grammar says back: lines and warnings.

How a file becomes lines is the business of drafts/importing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from consult.errors import N_

Hint = Literal[
    "",  # nothing but the text is known
    "heading",  # the file says that this is a heading (a Word style)
    "row",  # one row of a table, cells separated by tabs
    "note",  # a footnote
    "contents",  # a line of a generated table of contents
]


PLACES = {
    "line": N_("line {number}"),
    "page": N_("page {number}"),
    "paragraph": N_("paragraph {number}"),
    "table": N_("table {number}"),
    "file": N_("the whole file"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line or paragraph of a file.

    `style` is the paragraph style of the file; it is empty where a line is only what stood on
    one line of paper, so that a sentence may go on in the next one. `level` is the outline level
    from 1. `place` is where a person finds it: "line 12", "page 3",
    "paragraph 40", "table 2", "file"; `said_place` says it in their language.
    """

    text: str
    style: str = ""
    level: int | None = None
    kind_hint: Hint = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Warning_:  # noqa: N801 - the plain name belongs to a builtin
    """Something a person should look at before committing; `message` is a translatable template.

    `at` is the provision it is about, counted in reading order from 0, where that is known.
    """

    message: str
    place: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    at: int | None = None

    def __str__(self) -> str:
        return self.message.format(**self.params)


def said_place(place: str) -> tuple[str, dict[str, object]]:
    """A place as a translatable template and its values: "line 12" → "line {number}", 12."""
    unit, _, number = place.partition(" ")
    return PLACES.get(unit, place), {"number": number}


def lines_of(text: str) -> tuple[Line, ...]:
    """The lines of a plain text, each with its number."""
    return tuple(
        Line(line, place=f"line {number}") for number, line in enumerate(text.splitlines(), start=1)
    )
