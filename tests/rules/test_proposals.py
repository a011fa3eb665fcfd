"""Proposals as rules: how one stands, what it needs, when two are one, when there are enough."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.access import Actor, Role
from consult.errors import Conflict, DomainError, Invalid, NotAllowed
from consult.procedure.levels import level_of, level_problems
from consult.procedure.packs import load_pack
from consult.proposals.rules import (
    BODY_MAX,
    SIMILAR,
    TITLE_MAX,
    Said,
    Standing,
    State,
    check_gathering,
    check_joining,
    check_known,
    check_link,
    check_said,
    is_copy,
    is_enough,
    likeness,
    similar_to,
)

UNTIL = datetime(2026, 6, 1, tzinfo=UTC)
GOOD = Said(
    "change",
    "A crossing",
    "Children run across four lanes.",
    "Paint a crossing there, please.",
    "en",
)
WORDS = st.text(alphabet="абвгдеж ", min_size=20, max_size=200)
BRIDGE = Said(
    "change",
    "Көпүрөнү оңдоо керек",
    "Айылыбыздын көпүрөсү былтыркы селден кийин жарым-жартылай кулап калды, машина өтпөйт.",
    "Көпүрөнү ушул жылы оңдоп, жөө жүргүнчүлөр үчүн өзүнчө жол чыгаруу зарыл.",
    "ky",
)


@given(st.lists(st.none() | st.datetimes(timezones=st.just(UTC)), min_size=5, max_size=5))
def test_what_was_taken_away_hides_what_came_of_it(moments: list[datetime | None]) -> None:
    supported, answered, withdrawn, hidden, joined = moments
    state = Standing(UNTIL, supported, answered, withdrawn, hidden, joined).state(UNTIL)
    assert (state is State.HIDDEN) == (hidden is not None)
    if not (hidden or withdrawn or joined):
        assert (state is State.ANSWERED) == (answered is not None)
        assert (state is State.LAPSED) == (answered is None and supported is None)


def test_a_proposal_gathers_until_its_term_has_run_out() -> None:
    assert Standing(UNTIL).state(UNTIL - timedelta(seconds=1)) is State.GATHERING
    assert Standing(UNTIL).state(UNTIL) is State.LAPSED
    assert Standing(UNTIL, supported_at=UNTIL).state(UNTIL) is State.REACHED


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "wish"}, "kind"),
        ({"title": " … "}, "title"),
        ({"title": "x" * (TITLE_MAX + 1)}, "title"),
        ({"body": "Too few words."}, "body"),
        ({"body": "word " * BODY_MAX}, "body"),
        ({"wanted": "More."}, "wanted"),
    ],
)
def test_a_proposal_without_the_words_it_needs_is_refused(
    change: dict[str, str], field: str
) -> None:
    said = Said(**({name: getattr(GOOD, name) for name in Said.__slots__} | change))
    with pytest.raises(Invalid) as refusal:
        check_said(said)
    assert refusal.value.field == field


def test_a_problem_may_leave_open_what_should_change() -> None:
    check_said(GOOD)
    check_said(Said("problem", GOOD.title, GOOD.body, "", "en"))


def test_only_somebody_who_is_known_proposes() -> None:
    check_known(Actor(id=1, roles=frozenset({Role.CITIZEN}), is_identified=True))
    with pytest.raises(NotAllowed):
        check_known(Actor(id=1, roles=frozenset({Role.CITIZEN})))


@given(st.integers(1, 50), st.integers(0, 50), st.integers(0, 50))
def test_enough_is_counted_of_those_the_law_says(needed: int, identified: int, more: int) -> None:
    supporters = identified + more
    assert is_enough("identified", needed, supporters, identified) == (identified >= needed)
    assert is_enough("all", needed, supporters, identified) == (supporters >= needed)


@pytest.mark.parametrize("state", [state for state in State if state is not State.GATHERING])
def test_what_is_decided_gathers_nothing_more(state: State) -> None:
    check_gathering(State.GATHERING)
    with pytest.raises(Conflict):
        check_gathering(state)


@given(WORDS, WORDS)
def test_likeness_is_the_same_both_ways_and_whole_for_the_same(one: str, other: str) -> None:
    a, b = (Said("problem", "", text, "", "ky") for text in (one, other))
    assert likeness(a, b) == likeness(b, a)
    assert 0 <= likeness(a, b) <= 1
    assert is_copy(a, a)
    assert similar_to(a, {1: a}).is_copy


def test_the_same_in_other_words_is_like_it_and_something_else_is_not() -> None:
    other_words = Said(
        "problem",
        "Көпүрө кулап жатат",
        "Селден кийин айылдагы көпүрө кулап калды, машиналар өтө албайт, жөө өткөнгө жол жок.",
        "",
        "ky",
    )
    library = Said(
        "problem", "Китепкана", "Китепкана кечинде жабык, окуучулар китеп ала албайт.", "", "ky"
    )
    assert likeness(BRIDGE, other_words) >= SIMILAR
    assert not is_copy(BRIDGE, other_words)
    assert similar_to(other_words, {7: BRIDGE, 8: library}).ids == (7,)
    assert similar_to(library, {7: BRIDGE}).ids == ()


def test_a_copy_with_a_few_words_changed_is_a_copy() -> None:
    copied = Said(
        "change", BRIDGE.title, BRIDGE.body.replace("машина", "унаа"), BRIDGE.wanted, "ky"
    )
    found = similar_to(copied, {3: BRIDGE})
    assert (found.ids, found.is_copy) == ((3,), True)
    assert found.unseen([])
    assert not found.unseen([3])


def test_what_is_joined_gathers_support_from_the_same_body() -> None:
    both = State.GATHERING, State.GATHERING
    check_joining(*both, same=False, same_agency=True)
    refused: list[tuple[tuple[State, State], bool, bool]] = [
        (both, True, True),
        (both, False, False),
        ((State.GATHERING, State.REACHED), False, True),
        ((State.LAPSED, State.GATHERING), False, True),
    ]
    for states, same, same_agency in refused:
        with pytest.raises(DomainError):
            check_joining(*states, same=same, same_agency=same_agency)


def test_only_what_was_accepted_leads_to_a_draft_of_the_agency() -> None:
    check_link("accepted_in_part", same_agency=True)
    for outcome, own in (("rejected", True), ("", True), ("accepted", False)):
        with pytest.raises(DomainError):
            check_link(outcome, same_agency=own)


@pytest.mark.parametrize("code", ["kg", "kz", "uk", "eu"])
def test_every_pack_says_whom_people_may_ask_and_nothing_of_it_is_confirmed(code: str) -> None:
    pack = load_pack(code)
    assert pack.level
    assert list(level_problems(pack.level, pack.duty, pack.agency_kinds)) == []
    assert all(level.note and level.citation for level in pack.level)


def test_the_newest_level_of_a_kind_of_body_counts() -> None:
    old = next(level for level in load_pack("kg").level if level.code == "local")
    new = old.model_copy(update={"code": "new", "valid_from": date(2026, 1, 1), "support": 30})
    assert level_of([old, new], "akimat", date(2025, 12, 31)) is old
    assert level_of([old, new], "akimat", date(2026, 1, 1)) is new
    assert level_of([old, new], "council", date(2026, 1, 1)) is None


def test_levels_that_do_not_fit_together_are_named() -> None:
    pack = load_pack("kg")
    local = next(level for level in pack.level if level.code == "local")
    twin = local.model_copy(update={"code": "twin"})
    said = list(level_problems([local, twin], [], ["akimat"]))
    assert said == [
        "level local, agency_kinds: 'kenesh' is not among those of the pack",
        "levels local and twin: both are of 'akimat' from the same day on",
        "level twin, agency_kinds: 'kenesh' is not among those of the pack",
        "levels local and twin: both are of 'kenesh' from the same day on",
        "level: no duty per = 'proposal' says what is owed to what people support",
    ]
