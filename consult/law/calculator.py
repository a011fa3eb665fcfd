"""[pure] A term counted for whoever asks: a question in words, its answer day by day.

The page and the command line ask here; how days are counted is procedure/deadlines.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Any

from consult.errors import Invalid
from consult.procedure.calendars import Calendar
from consult.procedure.deadlines import (
    Computation,
    DeadlineRule,
    EndShift,
    Pause,
    Starts,
    Term,
    Trigger,
    Unit,
    compute,
)

MOST = 10_000  # days or months, as for any rule
MOST_PAUSES = 20
NOON = time(12)  # any time of a day would do; this one exists on every day, in every time zone


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: by which rule, from the event on which day, with which pauses.

    `extra` prolongs the term in the unit of the rule.
    """

    rule: DeadlineRule
    on: date
    pauses: tuple[Pause, ...] = ()
    extra: int = 0


def answer(question: Question, calendar: Calendar, tz: tzinfo) -> Computation:
    """When the term ends. Raises Invalid if it cannot be counted.

    Whether the rule may be extended by so much is asked elsewhere: deadlines.check_extension.
    """
    _check_number(question.extra, "extra", least=0)
    event = datetime.combine(question.on, NOON, tz)
    return compute(question.rule, event, calendar, tz, question.pauses, question.extra)


def free_rule(
    jurisdiction: str, amount: int, unit: Unit, starts: Starts, end_shift: EndShift
) -> DeadlineRule:
    """A term that no rule sets, to count with.

    Raises Invalid (field "amount") for an amount no rule could have.
    """
    _check_number(amount, "amount", least=1)
    return DeadlineRule(
        code="free",
        jurisdiction=jurisdiction,
        term=Term.ANSWER,
        trigger=Trigger.CONSULTATION_CLOSED,
        amount=amount,
        unit=unit,
        starts=starts,
        end_shift=end_shift,
        citation="-",
        citation_lang="en",
        source="-",
        valid_from=date.min,
    )


def _check_number(number: int, field: str, least: int) -> None:
    if not least <= number <= MOST:
        raise Invalid(
            "Please enter a number from {least} to {most}.", field=field, least=least, most=MOST
        )


def parse_day(text: str) -> date:
    """A day as 2026-12-31. Raises Invalid."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("Please enter a date, for example 2026-12-31.") from error


def parse_pauses(text: str) -> tuple[Pause, ...]:
    """Pauses as somebody types them: 2026-03-01..2026-03-10, one a line or after a comma.

    Both days belong to the pause; a single day may stand alone. Raises Invalid.
    """
    words = text.replace(",", " ").replace(";", " ").split()
    if len(words) > MOST_PAUSES:
        raise Invalid("At most {most} pauses can be given.", most=MOST_PAUSES)
    return tuple(_pause(word) for word in words)


def _pause(text: str) -> Pause:
    first, _, last = text.partition("..")
    try:
        pause = Pause(date.fromisoformat(first), date.fromisoformat(last or first))
    except ValueError as error:
        raise Invalid(
            "Write a pause as 2026-03-01..2026-03-10, not as “{text}”.", text=text[:60]
        ) from error
    if pause.last < pause.first:
        raise Invalid("The pause {text} ends before it begins.", text=text)
    return pause


def trace_days(
    trace: Sequence[Mapping[str, Any]], calendar: Calendar, holiday_language: str
) -> list[dict[str, Any]]:
    """The days of `Computation.trace_data`, for people: [{on, counted, text, params}].

    Feasts are named in a language of the `holidays` library, where it knows their names in it.
    """
    return [_day(day, calendar, holiday_language) for day in trace]


def _day(day: Mapping[str, Any], calendar: Calendar, holiday_language: str) -> dict[str, Any]:
    on, params = date.fromisoformat(day["on"]), day["params"]
    if "name" in params and holiday_language:
        params = {"name": calendar.holiday_name(on, holiday_language) or params["name"]}
    return {"on": on, "counted": day["counted"], "text": day["text"], "params": params}
