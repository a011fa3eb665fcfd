"""Worked cases, each reasoned in its last column: cases/*.csv, one a line, a theme a file.

An event is given with its offset; `worked`, `off` and `feasts` are days changed by decree,
`pauses` days on which the clock stood still, both ends included. In extensions.csv `most` is what
the rule allows, `asked` when the extension was asked for, `late` "yes" where the rule can still be
extended when it has run out; "refused" stands for the date where there is none.
"""

import csv
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from consult.errors import Invalid
from consult.procedure.calendars import Calendar, DayKind
from consult.procedure.deadlines import Computation, DeadlineRule, Pause, check_extension, compute
from consult.procedure.packs import RulePack, load_pack

Case = dict[str, str]

FOLDER = Path(__file__).parent / "cases"
CHANGED = {"worked": DayKind.WORKING, "off": DayKind.DAY_OFF, "feasts": DayKind.HOLIDAY}


def _read() -> list[tuple[str, Case]]:
    found = []
    for table in sorted(FOLDER.glob("*.csv")):
        with table.open(encoding="utf-8", newline="") as lines:
            found += [(table.stem, case) for case in csv.DictReader(lines)]
    return found


TABLE = _read()
CASES = [pytest.param(case, id=f"{name}-{n}") for n, (name, case) in enumerate(TABLE)]


def _rule(case: Case) -> DeadlineRule:
    given: dict[str, Any] = {key: case[key] for key in ("unit", "starts", "end_shift")}
    return DeadlineRule(
        code="case",
        jurisdiction=case["jurisdiction"],
        term="answer",
        trigger="consultation_closed",
        amount=int(case["amount"]),
        max_extension=int(case.get("most") or 0),
        extend_after_expiry=case.get("late") == "yes",
        citation="-",
        citation_lang="en",
        source="-",
        valid_from=date(2000, 1, 1),
        **given,
    )


def _calendar(case: Case, pack: RulePack) -> Calendar:
    decreed = {
        date.fromisoformat(day): kind
        for column, kind in CHANGED.items()
        for day in case.get(column, "").split()
    }
    return pack.calendar(decreed)


def _pauses(case: Case) -> list[Pause]:
    spans = [span.split("..") for span in case.get("pauses", "").split()]
    return [Pause(date.fromisoformat(first), date.fromisoformat(last)) for first, last in spans]


def _computed(case: Case, extra: int) -> Computation:
    pack = load_pack(case["jurisdiction"])
    event = datetime.fromisoformat(case["event"])
    return compute(_rule(case), event, _calendar(case, pack), pack.tz, _pauses(case), extra)


@pytest.mark.parametrize("case", CASES)
def test_a_term_ends_on_the_day_a_lawyer_finds(case: Case) -> None:
    extra = int(case.get("extension") or 0)
    if asked := case.get("asked"):
        expired = datetime.fromisoformat(asked) >= _computed(case, 0).due_at
        if case["due_on"] == "refused":
            with pytest.raises(Invalid):
                check_extension(_rule(case), extra, expired=expired)
            return
        check_extension(_rule(case), extra, expired=expired)
    computed = _computed(case, extra)
    assert computed.due_on == date.fromisoformat(case["due_on"]), case["why"]
    midnight = computed.due_at.astimezone(load_pack(case["jurisdiction"]).tz)
    assert midnight.time().isoformat() == "00:00:00"


def test_there_are_cases_enough_each_reasoned_and_none_is_there_twice() -> None:
    keys = [tuple(sorted(item for item in case.items() if item[0] != "why")) for _, case in TABLE]
    assert len(keys) == len(set(keys)) >= 300
    assert all(len(case["why"]) > 10 for _, case in TABLE)


@pytest.mark.parametrize("jurisdiction", ["kg", "kz"])
def test_the_cases_cover_five_years_of_both_countries(jurisdiction: str) -> None:
    years = {case["event"][:4] for _, case in TABLE if case["jurisdiction"] == jurisdiction}
    assert {"2023", "2024", "2025", "2026", "2027"} <= years
