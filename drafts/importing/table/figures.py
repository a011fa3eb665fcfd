"""[pure] Figures as people write them in tables, and as a text in a language has them."""

import re
from decimal import Decimal

GAPS = re.compile(r"[\s\u00a0\u202f'’]")
GROUPED = re.compile(r"-?\d{1,3}(?:[,.]\d{3})+")
PLAIN = re.compile(r"-?\d{1,15}(?:\.\d{1,6})?", re.ASCII)
FIGURE = re.compile(r"[\u2212-]?\d[\d\u00a0\u202f]*(?:[.,]\d+)*")
MINUS = "\u2212"
NO_BREAK = "\u00a0"
MARKS = {"en": (",", ".")}  # between thousands, before decimals; elsewhere a gap and a comma


def number_in(text: str, lang: str) -> Decimal | None:
    """The number a cell says; None if it says none.

    Of a point and a comma the later one stands before the decimals. A comma alone does, but in
    English before three figures; a point alone does unless there are several.

    >>> number_in("1 234,50", "ru"), number_in("1,234", "en")
    (Decimal('1234.50'), Decimal('1234'))
    """
    said = GAPS.sub("", text).replace(MINUS, "-")
    if "," in said and "." in said:
        decimal, other = (",", ".") if said.rindex(",") > said.rindex(".") else (".", ",")
        said = said.replace(other, "").replace(decimal, ".")
    elif GROUPED.fullmatch(said) and (
        said.count(".") > 1 or said.count(",") > 1 or ("," in said and lang == "en")
    ):
        said = said.replace(",", "").replace(".", "")
    else:
        said = said.replace(",", ".")
    return Decimal(said) if PLAIN.fullmatch(said) else None


def written(number: Decimal, lang: str) -> str:
    """A number as a text in that language has it; `number_in` reads it back.

    >>> written(Decimal("1234.5"), "en")
    '1,234.5'
    """
    between, before = MARKS.get(lang, (NO_BREAK, ","))
    whole, _, decimals = f"{abs(number):,f}".partition(".")
    said = whole.replace(",", between) + (before + decimals if decimals else "")
    return MINUS + said if number < 0 else said


def is_figure(cell: str) -> bool:
    """Whether a cell of a table holds nothing but a number."""
    return FIGURE.fullmatch(cell) is not None
