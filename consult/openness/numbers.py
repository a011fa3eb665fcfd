"""[pure] Decimal numbers as tables write them, and as they are shown: points, means, shares."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from consult.errors import N_, Invalid

MOST_DECIMALS = 4
_WRITTEN = re.compile(r"-?\d{1,12}(\.\d+)?", re.ASCII)
_SPACES = re.compile(r"[\s\u00a0\u202f]")

NO_NUMBER = N_("“{text}” is no number.")
TOO_FINE = N_("“{text}” has too many digits after the point: at most {most} are taken.")


def number_in(text: str) -> Decimal:
    """The number a cell says, with a point or a comma; raises Invalid. Nothing is guessed.

    >>> number_in("1 234,50")
    Decimal('1234.50')
    """
    said = _SPACES.sub("", text)
    if said.count(",") == 1 and "." not in said:
        said = said.replace(",", ".")
    if not _WRITTEN.fullmatch(said):
        raise Invalid(NO_NUMBER, text=text)
    if len(said.partition(".")[2]) > MOST_DECIMALS:
        raise Invalid(TOO_FINE, text=text, most=MOST_DECIMALS)
    return Decimal(said)


def decimals_of(number: Decimal) -> int:
    """How many digits after the point a number needs: 0 for 90.0, 2 for 53.66."""
    exponent = number.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def rounded(number: Decimal, digits: int = 2) -> Decimal:
    """To so many digits, a half away from zero, as people do on paper."""
    return number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def mean(numbers: Sequence[Decimal]) -> Decimal | None:
    """The arithmetic mean; None of nothing."""
    return sum(numbers, Decimal(0)) / len(numbers) if numbers else None


def percent_of(part: Decimal, whole: Decimal) -> Decimal | None:
    """A part in per cent of a whole; None when there is no whole."""
    return part * 100 / whole if whole else None


def plain(number: Decimal | None, digits: int = 2) -> float | int | None:
    """A number as JSON has it, rounded; whole ones without a point."""
    if number is None:
        return None
    short = rounded(number, digits)
    return int(short) if short == short.to_integral_value() else float(short)
