"""How answers to questions beside a draft are counted, and what of it nobody can compute."""

from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.errors import Conflict, Invalid
from consult.polls.rules import (
    KINDS,
    LEAST,
    MOST,
    OPTIONS_MOST,
    Asked,
    Counted,
    Part,
    Row,
    check_changeable,
    check_questions,
    chosen,
    counted,
    mean,
)

CELLS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=2, max_size=5)


def rows_of(cells: Sequence[tuple[int, int]]) -> list[Row]:
    """Rows of a question with one answer a person: (identified, others) by option."""
    return [
        Row(1 << option, known, n)
        for option, cell in enumerate(cells)
        for known, n in zip((True, False), cell, strict=True)
        if n
    ]


def possible(part: Part) -> range:
    return range(part.identified, part.identified + 1) if part.is_split else range(part.n + 1)


@given(CELLS)
def test_the_parts_add_up_to_the_whole_and_each_part_to_its_halves(
    cells: list[tuple[int, int]],
) -> None:
    told = counted("single", len(cells), rows_of(cells))
    if told is None:
        assert sum(map(sum, cells)) < LEAST
        return
    assert told.whole.n == sum(part.n for part in told.parts) == sum(map(sum, cells))
    for part, (known, others) in zip(told.parts, cells, strict=True):
        assert part.n == known + others
        assert part.identified in (None, known)
        assert part.unidentified in (None, others)


@given(CELLS)
def test_no_small_part_is_shown_unless_all_who_answered_are_alike(
    cells: list[tuple[int, int]],
) -> None:
    told = counted("single", len(cells), rows_of(cells))
    if told is None or 0 in (sum(known for known, _ in cells), sum(n for _, n in cells)):
        return
    for part in (told.whole, *told.parts):
        assert not any(0 < n < LEAST for n in (part.identified or 0, part.unidentified or 0))


@given(CELLS)
def test_no_small_part_follows_from_what_is_shown(cells: list[tuple[int, int]]) -> None:
    """Every division of the hidden parts that fits what is shown is looked at."""
    told = counted("single", len(cells), rows_of(cells))
    if told is None or all(part.is_split for part in told.parts):
        return
    fitting = [
        split
        for split in product(*map(possible, told.parts))
        if not told.whole.is_split or sum(split) == told.whole.identified
    ]
    for option, part in enumerate(told.parts):
        if part.n and not part.is_split:
            assert len({split[option] for split in fitting}) > 1


@given(st.lists(st.tuples(st.integers(1, 7), st.booleans(), st.integers(1, 9)), max_size=8))
def test_whoever_chose_several_answers_counts_once_in_the_whole(
    given_: list[tuple[int, bool, int]],
) -> None:
    rows = [Row(choices, known, n) for choices, known, n in given_]
    told = counted("multiple", 3, rows)
    if told is None:
        return
    assert told.whole.n == sum(row.n for row in rows)
    assert max(part.n for part in told.parts) <= told.whole.n
    assert sum(part.n for part in told.parts) == sum(
        row.n * row.choices.bit_count() for row in rows
    )


def test_too_few_answers_are_no_result_and_nobody_is_no_data() -> None:
    assert counted("single", 2, [Row(1, False, LEAST - 1)]) is None
    assert counted("single", 2, []) is None
    assert mean([Part(0, 0, 0)] * 5) is None


def test_a_total_is_shown_and_its_small_division_is_not() -> None:
    told = counted("single", 3, [*rows_of([(2, 20), (9, 9), (7, 8)])])
    assert told == Counted(
        Part(55, 18, 37), (Part(22, None, None), Part(18, 9, 9), Part(15, None, None))
    )


def test_the_mean_of_a_scale_begins_at_one() -> None:
    told = counted("scale", 5, [Row(1, False, 5), Row(16, False, 5)])
    assert told is not None
    assert mean(told.parts) == 3.0


@pytest.mark.parametrize(
    ("kind", "given_", "bits"),
    [
        ("single", ["1"], 2),
        ("single", [], 0),
        ("multiple", ["0", "2"], 5),
        ("multiple", ["2", "2"], 4),
        ("scale", ["4"], 16),
    ],
)
def test_what_is_ticked_is_kept_as_bits(kind: str, given_: list[str], bits: int) -> None:
    assert chosen(kind, 5, given_, "q1") == bits


@pytest.mark.parametrize(
    ("kind", "given_"),
    [("single", ["0", "1"]), ("single", ["5"]), ("multiple", ["-1"]), ("scale", ["x"])],
)
def test_what_cannot_be_ticked_is_refused(kind: str, given_: list[str]) -> None:
    with pytest.raises(Invalid):
        chosen(kind, 5, given_, "q1")


def ask(kind: str, *options: str, words: str = "Why?") -> Asked:
    return Asked(1, kind, {"ky": words, "ru": words}, [{"ky": one, "ru": one} for one in options])


@pytest.mark.parametrize(
    "asked",
    [
        ask("single", "Yes"),
        ask("single", "Yes", "yes "),
        ask("single", *map(str, range(OPTIONS_MOST + 1))),
        ask("scale", "Bad"),
        ask("scale", "Bad", "Fair", "Good"),
        ask("ranking", "A", "B"),
        ask("open", words=""),
        ask("open", words="x" * 301),
        ask("single", "A", "x" * 151),
        Asked(1, "single", {"ky": "Why?", "ru": ""}, [{"ky": "A", "ru": "A"}] * 2),
        Asked(1, "single", {"ky": "?", "ru": "?"}, [{"ky": "A", "ru": "A"}, {"ky": "B"}]),
    ],
)
def test_a_question_nobody_could_answer_is_refused_with_its_field(asked: Asked) -> None:
    with pytest.raises(Invalid) as refusal:
        check_questions([asked], ("ky", "ru"))
    assert refusal.value.field


def test_five_good_questions_are_taken_and_a_sixth_is_not() -> None:
    good = [ask("single", "A", "B"), ask("multiple", "A", "B"), ask("scale", "Bad", "Good")]
    good += [ask("open")] * (MOST - len(good))
    check_questions(good, ("ky", "ru"))
    with pytest.raises(Invalid):
        check_questions([*good, ask("open")], ("ky", "ru"))
    assert {one.kind for one in good} == set(KINDS)


def test_questions_stay_once_answered_or_over() -> None:
    check_changeable(0, closed=False)
    for answers, closed in ((1, False), (0, True)):
        with pytest.raises(Conflict):
            check_changeable(answers, closed=closed)
