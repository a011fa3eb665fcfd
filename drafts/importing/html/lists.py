"""[pure] The numbers a browser prints before the items of an HTML list."""

import re
from dataclasses import dataclass

from lxml import etree

from drafts.importing.counting import LATIN, MOST_ROMAN, in_letters, in_roman

KINDS = {"1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman"} | {
    "I": "upper-roman"
}
STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([\w-]+)", re.IGNORECASE)
BULLETS = ("disc", "circle", "square")
NUMBER = re.compile(r"\s*([+-]?\d{1,6})(?!\d)")


@dataclass(slots=True)
class Listing:
    """A list and the number of its last item."""

    kind: str  # as CSS names it
    last: int = 0

    @property
    def counts(self) -> bool:
        """Whether its items have numbers."""
        return self.kind not in (*BULLETS, "none")

    def label(self, item: etree._Element) -> str:
        """What is printed before the next item, with what parts it from the text."""
        told = NUMBER.match(item.get("value", ""))
        self.last = int(told[1]) if told and self.counts else self.last + 1
        if not self.counts:
            return "" if self.kind == "none" else "• "
        return f"{_printed(self.last, self.kind)}. "


def listing(element: etree._Element) -> Listing:
    """What an <ol> or <ul> says of its items."""
    ordered = element.tag == "ol"
    start = NUMBER.match(element.get("start", "")) if ordered else None
    styled = STYLE.search(element.get("style", ""))
    kind = "decimal" if ordered else "disc"
    if styled:
        kind = styled[1].lower()
    elif ordered:
        kind = KINDS.get(element.get("type", ""), kind)
    return Listing(kind, int(start[1]) - 1 if start else 0)


def _printed(number: int, kind: str) -> str:
    if kind in ("lower-alpha", "lower-latin", "upper-alpha", "upper-latin"):
        text = in_letters(number, LATIN)
    elif kind in ("lower-roman", "upper-roman") and 0 < number <= MOST_ROMAN:
        text = in_roman(number)
    else:
        text = f"{number:02}" if kind == "decimal-leading-zero" else str(number)
    return text.upper() if kind.startswith("upper") else text
