"""[pure] What is told of a sitting, and of the appeals a body considered; what of it is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from consult.chambers.rules import WORDS_MAX, check_length, check_link, check_not_to_come
from consult.errors import N_, Invalid

TITLE_MAX = 300
ITEM_MAX = 500
RESULT_MAX = 2000
TEXT_MAX = 20_000
MOST_ITEMS = 100
MOST_COUNTS = 60
NOT_COUNTED = N_("Line {line}: please write kind; outcome; number.")


@dataclass(frozen=True, slots=True)
class Convened:
    """That a body sat: under what title, on what day."""

    title: str
    held_on: date
    lang: str


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the agenda and its result; the draft it was about, if any."""

    title: str
    result: str
    draft_id: int | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """So many appeals of a kind had this outcome."""

    kind: str
    outcome: str
    n: int


@dataclass(frozen=True, slots=True)
class Considered:
    """What people wrote to a body from one day to another, and what became of it."""

    since_on: date
    until_on: date
    lang: str
    text: str
    counts: Sequence[Count]
    url: str = ""


def check_convened(said: Convened, today: date) -> None:
    """Refuse a sitting without a title, or on a day to come."""
    if not said.title:
        raise Invalid("Please fill this in.", field="title")
    check_length(said.title, "title", TITLE_MAX)
    check_not_to_come(said.held_on, today, "held_on")


def check_item(said: Item, there: int) -> None:
    """Refuse an item without words or result, or one more than a sitting has; `there` so far."""
    if not said.title:
        raise Invalid("Please fill this in.", field="title")
    if not said.result:
        raise Invalid("Please say what came of it.", field="result")
    check_length(said.title, "title", ITEM_MAX)
    check_length(said.result, "result", RESULT_MAX)
    if there >= MOST_ITEMS:
        raise Invalid("There are at most {most} items.", field="title", most=MOST_ITEMS)


def check_results(results: str, url: str, items: int) -> None:
    """Refuse results that say nothing."""
    if not results and not items:
        raise Invalid("Please add an item of the agenda, or write the results.", field="results")
    check_length(results, "results", TEXT_MAX)
    check_link(url)


def counts_in(text: str) -> list[Count]:
    """The lines of a text, "kind; outcome; number" each. Raises Invalid with the line."""
    found = []
    for n, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        parts = [part.strip() for part in line.split(";")]
        number = "".join(parts[-1].split())
        plain = len(parts) == 3 and number.isascii() and number.isdigit() and len(number) < 9
        if not plain or not parts[0] or not parts[1]:
            raise Invalid(NOT_COUNTED, field="counts", line=n)
        if len(parts[0]) > ITEM_MAX or len(parts[1]) > ITEM_MAX:
            raise Invalid(NOT_COUNTED, field="counts", line=n)
        found.append(Count(parts[0], parts[1], int(number)))
    return found


def check_considered(said: Considered, today: date) -> None:
    """Refuse a report of a period that is not over, or that says nothing."""
    if said.until_on < said.since_on:
        raise Invalid("The last day is before the first.", field="until_on")
    if said.until_on >= today:
        raise Invalid("This period is not over yet.", field="until_on")
    if not said.counts:
        raise Invalid("Please fill this in.", field="counts")
    if len(said.counts) > MOST_COUNTS:
        raise Invalid("There are at most {most} lines.", field="counts", most=MOST_COUNTS)
    check_length(said.text, "text", WORDS_MAX)
    check_link(said.url)
