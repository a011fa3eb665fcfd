"""[pure] A month as people write it: 2026-11, 11.2026, 15.11.2026, «ноябрь 2026», Nov-26."""

import re
from datetime import date

from babel.dates import get_month_names

from consult.errors import Invalid
from consult.i18n.catalogues import LOCALES

YEARS = range(2000, 2100)
SHORTEST = 3  # letters of a month's name that tell it from the others
YEAR_FIRST = re.compile(r"(\d{4})[-./](\d{1,2})(?:[-./]\d{1,2})?(?:[ T][\d:.]+)?")
YEAR_LAST = re.compile(r"(?:\d{1,2}[-./])?(\d{1,2})[-./](\d{4})")


def _names() -> dict[str, int]:
    """The names of the months in every language, whole and short, in both their forms."""
    return {
        name.casefold().rstrip("."): number
        for locale in LOCALES.values()
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for number, name in get_month_names(width, context, locale).items()
    }


NAMES = _names()


def read_month(text: str) -> date:
    """The first day of the month that is meant; raises Invalid where it is not clear."""
    said = " ".join(text.split())
    if match := YEAR_FIRST.fullmatch(said):
        year, month = int(match[1]), int(match[2])
    elif match := YEAR_LAST.fullmatch(said):
        year, month = int(match[2]), int(match[1])
    else:
        year, month = _year(said), _month(said)
    if year not in YEARS or not 1 <= month <= 12:
        raise Invalid("Please enter a month, for example 2026-11.", field="month")
    return date(year, month, 1)


def _year(said: str) -> int:
    """The only number in it; of two digits, one of this century. 0 if there is none or several."""
    numbers = re.findall(r"\d+", said)
    if len(numbers) != 1 or len(numbers[0]) not in {2, 4}:
        return 0
    return int(numbers[0]) + (2000 if len(numbers[0]) == 2 else 0)


def _month(said: str) -> int:
    """The only month that is named, with any ending (ноября, қарашада); else 0."""
    words = [w for w in re.findall(r"[^\W\d_]+", said.casefold()) if len(w) >= SHORTEST]
    found = {
        number
        for word in words
        for name, number in NAMES.items()
        if word.startswith(name) or name.startswith(word)
    }
    return found.pop() if len(found) == 1 else 0
