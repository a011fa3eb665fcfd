"""Parliament and keneshes: what a roll-call, a list, a table of amendments may say; readings."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.chambers.bills.reading import Ground, read_amendments
from consult.chambers.bills.rules import (
    OUTCOMES,
    Change,
    Decided,
    Held,
    Spoken,
    check_change,
    check_decided,
    check_held,
    check_spoken,
)
from consult.chambers.deputies.reading import read_deputies
from consult.chambers.deputies.rules import Seat, nearest
from consult.chambers.rules import noted
from consult.chambers.sittings.rules import counts_in
from consult.chambers.tables import text_of
from consult.chambers.voting.reading import Setting, read_roll_call
from consult.chambers.voting.rules import CHOICES, WORDS, choice_in, tallied, total
from consult.errors import Conflict, DomainError, Invalid, TooLarge
from consult.spreadsheets import csv_text

DAY = date(2026, 9, 10)
BISHKEK = timezone(timedelta(hours=6))
SEATS = (
    Seat(1, "Асанов Бакыт", "Бирдик", date(2025, 1, 1), None),
    Seat(2, "Петрова Ольга", "Наш край", date(2025, 1, 1), None),
    Seat(3, "Старый Депутат", "Бирдик", date(2020, 1, 1), date(2025, 1, 1)),
)
SETTING = Setting(SEATS, DAY, BISHKEK)
HEAD = "deputy,vote,time\n"
names = st.text(st.characters(categories=("L",)), min_size=1, max_size=20)


def refused(rows: str) -> list[str]:
    read = read_roll_call(HEAD + rows, SETTING)
    return [str(problem) for problem in read.problems]


def test_a_roll_call_in_order_is_read_to_the_minute() -> None:
    rows = "Асанов Бакыт,за,14:05\nпетрова  ольга,воздержалась,2026-09-10T14:06:30+06:00\n"
    ballots = read_roll_call(HEAD + rows, SETTING).rows
    assert [(one.deputy_id, one.choice, one.faction) for one in ballots] == [
        (1, "for", "Бирдик"),
        (2, "abstained", "Наш край"),
    ]
    assert ballots[0].voted_at == datetime(2026, 9, 10, 8, 5, tzinfo=UTC)


def test_json_says_the_same_as_a_table() -> None:
    said = '[{"deputy": "Асанов Бакыт", "vote": "за", "time": "14:05"}]'
    table = read_roll_call(HEAD + "Асанов Бакыт;за;14:05".replace(";", ","), SETTING)
    assert read_roll_call(said, SETTING) == table
    assert read_roll_call(f'{{"votes": {said}}}', SETTING) == table


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Асанов Бакит,за,14:05", "Perhaps “Асанов Бакыт” is meant"),
        ("Zzz,за,14:05", "no deputy is called “Zzz”."),
        ("Старый Депутат,за,14:05", "was not in office on 2026-09-10"),
        ("Асанов Бакыт,maybe,14:05", "“maybe” is no vote"),
        ("Асанов Бакыт,за,later", "“later” is no time"),
        ("Асанов Бакыт,за,", "“” is no time"),
        ("Асанов Бакыт,за,11.09.2026 14:05", "not on the day of the reading"),
        ("Асанов Бакыт,за,2026-09-10T23:00:00-06:00", "not on the day of the reading"),
        ("Асанов Бакыт,за,9999-12-31T23:59:00-10:00", "is no time"),
    ],
)
def test_a_wrong_line_is_named_with_what_is_wrong(row: str, said: str) -> None:
    (problem,) = refused(f"{row}\nПетрова Ольга,за,14:05\n")
    assert problem.startswith("Line 2:")
    assert said in problem


def test_every_wrong_line_is_said_at_once_and_in_order() -> None:
    rows = (
        "Асанов Бакыт,за,14:05\nКто-то,за,14:05\nАсанов Бакыт,против,14:06\nПетрова Ольга,?,14:05"
    )
    problems = refused(rows)
    assert [problem.partition(":")[0] for problem in problems] == ["Line 3", "Line 4", "Line 5"]
    assert "has voted already, on line 2" in problems[1]


def test_who_was_absent_needs_no_time() -> None:
    (ballot,) = read_roll_call(HEAD + "Асанов Бакыт,отсутствовал,\n", SETTING).rows
    assert ballot.voted_at is None


@pytest.mark.parametrize("data", [b"", b"  \n", b"\xef\xbb\xbf", "Асанов".encode("cp1251")])
def test_a_file_that_is_empty_or_in_no_utf_8_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid, match=r"is empty|not in UTF-8"):
        text_of(data)


@pytest.mark.parametrize("text", ["[]", "{}", "[1]", "{", '{"votes": 5}', "deputy,vote,time\n"])
def test_what_holds_no_rows_is_refused(text: str) -> None:
    with pytest.raises(DomainError):
        read_roll_call(text, SETTING)


def test_half_a_letter_in_json_is_told_and_not_taken() -> None:
    (problem,) = read_deputies(b'[{"name": "\\ud83d", "since": "2026-01-01"}]').problems
    assert "letters were lost" in str(problem)


def test_a_list_in_json_is_no_longer_than_a_table_may_be() -> None:
    row = '{"deputy": "x", "vote": "for", "time": "14:05"}'
    with pytest.raises(TooLarge):
        read_roll_call(f"[{','.join([row] * 2001)}]", SETTING)
    with pytest.raises(TooLarge):
        read_roll_call(f"[{row}]{' ' * 2_000_000}", SETTING)


def test_a_missing_column_is_named() -> None:
    assert "no column “time”" in str(read_roll_call("deputy,vote\nx,за", SETTING).problems[0])


@given(st.dictionaries(names, st.sampled_from(sorted(WORDS)), min_size=1))
def test_what_a_spreadsheet_saves_is_read_as_it_was(votes: dict[str, str]) -> None:
    seats = [Seat(n, name, "", date(2025, 1, 1), None) for n, name in enumerate(votes)]
    rows = [(name, word, "10:00") for name, word in votes.items()]
    read = read_roll_call(csv_text(("deputy", "vote", "time"), rows).removeprefix("\ufeff"),
                          Setting(seats, DAY, BISHKEK))  # fmt: skip
    if not read.problems:
        assert [one.choice for one in read.rows] == [WORDS[word] for word in votes.values()]


@given(st.text())
def test_a_word_is_a_choice_or_none(word: str) -> None:
    assert choice_in(word) in (*CHOICES, None)


@given(st.lists(st.tuples(names, st.sampled_from(CHOICES), st.integers(0, 9))))
def test_factions_together_are_everybody(votes: list[tuple[str, str, int]]) -> None:
    found = tallied(votes)
    assert sum(total(found).numbers) == sum(n for _, _, n in votes)
    assert len({one.faction for one in found}) == len(found)


@given(st.lists(names, min_size=1, unique=True))
def test_a_name_is_nearest_to_itself(known: list[str]) -> None:
    assert nearest(known[0], known).casefold() != ""


def test_a_list_of_deputies_is_taken_whole_or_not_at_all() -> None:
    good = "name,faction,since,until\nАсанов Бакыт,Бирдик,2025-01-01,\n"
    (deputy,) = read_deputies(good.encode()).rows
    assert (deputy.name, deputy.since_on) == ("Асанов Бакыт", date(2025, 1, 1))
    bad = good + "Асанов  бакыт,Бирдик,01.01.2025,\n,x,2025-01-01,\nБ,x,,\nВ,x,2025-02-30,\n"
    bad += "Г,x,2025-02-03,2025-02-01\n"
    lines = sorted(str(one).partition(":")[0] for one in read_deputies(bad.encode()).problems)
    assert lines == ["Line 3", "Line 4", "Line 5", "Line 6", "Line 7"]


GROUND = Ground(SEATS, {"art_1": "Article 1"}, {"art_1": "It is open."}, frozenset({"9"}), "ru")


def test_a_table_of_amendments_knows_provisions_and_deputies() -> None:
    table = "number,author,provision,place,proposed,decision,reason\n"
    table += "1,Асанов Бакыт,article 1,,It is open daily.,принята,\n"
    table += "2,Government,,after article 1,A new one.,rejected,It costs too much.\n"
    first, second = read_amendments(table.encode(), GROUND).rows
    assert (first.change.wid, first.change.deputy_id) == ("art_1", 1)
    assert (second.change.place, second.change.author) == ("after article 1", "Government")
    assert second.decided == Decided("rejected", "", "It costs too much.")


def test_every_wrong_line_of_amendments_is_said() -> None:
    table = "number,author,provision,place,proposed,decision,reason\n"
    table += "9,A,art_1,,x,,\n,A,art_1,,x,,\n3,A,art_7,,x,,\n4,A,art_1,,It is open.,,\n"
    table += "5,A,art_1,,x,maybe,\n6,A,art_1,,x,rejected,\n7,,art_1,,x,,\n"
    problems = read_amendments(table.encode(), GROUND).problems
    lines = sorted(str(one).partition(":")[0] for one in problems)
    assert lines == [f"Line {n}" for n in range(2, 9)]


def test_an_amendment_is_of_somebody_and_changes_something() -> None:
    check_change(Change("1", "", "ru", wid="art_1", author="A"), "It goes.")  # a deletion
    for wrong in (
        Change("", "x", "ru", wid="art_1", author="A"),
        Change("1", "x", "ru", author="A"),
        Change("1", "", "ru", place="after 1", author="A"),
        Change("1", "x", "ru", wid="art_1"),
        Change("1", "x", "ru", wid="art_1", author="A", deputy_id=1),
        Change("1", "same", "ru", wid="art_1", author="A"),
    ):
        with pytest.raises(Invalid):
            check_change(wrong, "same")


held = st.builds(
    Held,
    n=st.integers(0, 12),
    held_on=st.dates(date(2026, 8, 1), date(2026, 10, 1)),
    outcome=st.sampled_from((*OUTCOMES, "lost")),
)


@given(held, st.lists(held, max_size=3))
def test_readings_that_are_taken_are_in_order(said: Held, others: list[Held]) -> None:
    registered_on = date(2026, 8, 10)
    try:
        check_held(said, registered_on=registered_on, others=others, today=DAY)
    except DomainError:
        return
    assert registered_on <= said.held_on <= DAY
    assert all((one.n < said.n) == (one.held_on < said.held_on)
               for one in others if one.held_on != said.held_on)  # fmt: skip
    assert said.n not in {one.n for one in others}


def test_a_reading_is_recorded_once() -> None:
    first = Held(1, DAY, "passed")
    with pytest.raises(Conflict, match="already"):
        check_held(first, registered_on=DAY, others=[first], today=DAY)


def test_somebody_spoke_or_nobody() -> None:
    check_spoken(Spoken("Yes.", "ru", guest="A minister"))
    for wrong in (Spoken("Yes.", "ru"), Spoken("", "ru", guest="A"), Spoken("x", "ru", "loud", 1)):
        with pytest.raises(Invalid):
            check_spoken(wrong)
    with pytest.raises(Invalid, match="reason"):
        check_decided(Decided("rejected"))


def test_a_correction_has_a_reason_and_something_to_correct() -> None:
    now = datetime(2026, 9, 10, tzinfo=UTC)
    assert noted({"held_on": DAY}, "A slip.", now)["was"] == {"held_on": "2026-09-10"}
    for was, why in (({"n": 1}, ""), ({}, "A slip."), ({"n": 1}, "x" * 2000)):
        with pytest.raises(Invalid):
            noted(was, why, now)


@pytest.mark.parametrize("text", ["Water; settled", "Water; settled; many", "; x; 1", "a;b;-1"])
def test_a_line_of_numbers_that_is_none_is_named(text: str) -> None:
    with pytest.raises(Invalid, match="Line 2"):
        counts_in(f"Roads; forwarded; 1 200\n{text}")


def test_numbers_of_appeals_are_read() -> None:
    (one,) = counts_in("Roads; forwarded; 1 200\n\n")
    assert (one.kind, one.outcome, one.n) == ("Roads", "forwarded", 1200)
