"""Worked cases, each reasoned by hand in its last column: cases/deadlines.csv, one a line.

An event at 10:00 local time is given with its offset; `worked` and `off` are days changed by
decree, `pauses` days on which the clock stood still, both ends included.
"""

import csv
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from consult.procedure.calendars import DayKind
from consult.procedure.deadlines import DeadlineRule, Pause, compute
from consult.procedure.packs import load_pack

TABLE = Path(__file__).parent / "cases" / "deadlines.csv"
CASES = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))


def _rule(case: dict[str, str]) -> DeadlineRule:
    given: dict[str, Any] = {key: case[key] for key in ("unit", "starts", "end_shift", "amount")}
    return DeadlineRule(
        code="case",
        jurisdiction=case["jurisdiction"],
        term="answer",
        trigger="consultation_closed",
        citation="-",
        citation_lang="en",
        source="-",
        valid_from=date(2000, 1, 1),
        **given,
    )


def _days(text: str, kind: DayKind) -> dict[date, DayKind]:
    return {date.fromisoformat(day): kind for day in text.split()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['event']}+{case['amount']}")
def test_a_term_ends_on_the_day_a_lawyer_finds(case: dict[str, str]) -> None:
    pack = load_pack(case["jurisdiction"])
    decreed = _days(case["worked"], DayKind.WORKING) | _days(case["off"], DayKind.DAY_OFF)
    spans = [span.split("..") for span in case["pauses"].split()]
    computed = compute(
        _rule(case),
        datetime.fromisoformat(case["event"]),
        pack.calendar(decreed),
        pack.tz,
        [Pause(date.fromisoformat(first), date.fromisoformat(last)) for first, last in spans],
        int(case["extension"] or 0),
    )
    assert computed.due_on == date.fromisoformat(case["due_on"]), case["why"]
    assert computed.due_at.astimezone(pack.tz).time().isoformat() == "00:00:00"


def test_there_are_cases_enough_and_none_is_there_twice() -> None:
    keys = [tuple(value for name, value in case.items() if name != "why") for case in CASES]
    assert len(keys) == len(set(keys)) >= 60
