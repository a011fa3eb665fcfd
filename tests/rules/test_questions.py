"""Rules of questions: what is refused, and which questions come near each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.access import Actor, Role
from consult.errors import Conflict, Invalid, NotAllowed
from consult.questions.rules import (
    KINDS,
    NEAR,
    check_answer,
    check_kind,
    check_move,
    check_question,
    check_return,
    check_room,
    kinds_open_to,
    nearest,
    nearness,
    words_of,
)

WORDS = st.frozensets(st.sampled_from(["school", "road", "water", "price", "bread", "tax"]))


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        (Role.CITIZEN, ["person"]),
        (Role.ORGANISATION, ["person"]),
        (Role.PARLIAMENTARIAN, ["deputy"]),
        (Role.COUNCILLOR, ["council"]),
        (Role.OFFICER, []),
    ],
)
def test_each_asks_as_what_they_are(role: Role, kinds: list[str]) -> None:
    actor = Actor(id=1, roles=frozenset({Role.VISITOR, role}))
    assert kinds_open_to(actor) == kinds
    for kind in KINDS:
        if kind in kinds:
            check_kind(actor, kind)
        else:
            with pytest.raises(NotAllowed):
                check_kind(actor, kind)
    with pytest.raises(Invalid):
        check_kind(actor, "king")


@pytest.mark.parametrize(
    ("title", "body", "field"),
    [
        ("?!", "Why?", "title"),
        ("", "Why?", "title"),
        ("x" * 201, "Why?", "title"),
        ("Why", " … ", "body"),
        ("Why", "x" * 51, "body"),
    ],
)
def test_a_question_needs_words_but_not_too_many(title: str, body: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_question(title, body, most=50)
    assert refusal.value.field == field
    check_question("Why", "x" * 50, most=50)


def test_few_questions_wait_at_one_body() -> None:
    check_room(1, 2)
    with pytest.raises(Conflict):
        check_room(2, 2)


def test_an_answer_and_giving_it_back_need_words() -> None:
    for check, field in ((check_answer, "body"), (check_return, "note")):
        check("Because.")
        for words in ("", "x" * 10_001):
            with pytest.raises(Invalid) as refusal:
                check(words)
            assert refusal.value.field == field


def test_a_question_is_passed_on_elsewhere_for_a_reason_but_never_a_councils() -> None:
    check_move("deputy", "It is theirs.", same=False)
    for kind, reason, same, error in (
        ("person", "", False, Invalid),
        ("person", "x" * 1001, False, Invalid),
        ("person", "It is theirs.", True, Invalid),
        ("council", "It is theirs.", False, Conflict),
    ):
        with pytest.raises(error):
            check_move(kind, reason, same=same)


@given(WORDS, WORDS)
def test_nearness_is_the_same_both_ways_and_a_share(
    one: frozenset[str], other: frozenset[str]
) -> None:
    found = nearness(one, other)
    assert found == nearness(other, one)
    assert 0 <= found <= 1
    assert (found == 1) == (len(one & other) >= 2 and (one <= other or other <= one))


@given(WORDS, st.lists(WORDS, max_size=8), st.integers(0, 4))
def test_the_nearest_come_first_and_no_more_than_asked_for(
    asked: frozenset[str], known: list[frozenset[str]], most: int
) -> None:
    found = nearest(asked, enumerate(known), most)
    scores = [nearness(asked, known[number]) for number in found]
    assert scores == sorted(scores, reverse=True)
    assert all(score >= NEAR for score in scores)
    near = sum(nearness(asked, words) >= NEAR for words in known)
    assert len(found) == min(most, near)


@pytest.mark.parametrize(
    ("lang", "one", "other", "near"),
    [
        ("ky", "Мектепке барчу жол качан оңдолот?", "Мектепке жолду оңдоо качан башталат?", True),
        (
            "ru",
            "Когда отремонтируют дорогу к школе?",
            "Когда начнётся ремонт дороги в школу?",
            True,
        ),
        ("ru", "Когда отремонтируют дорогу к школе?", "Почему подорожал проезд?", False),
        ("kk", "Мектепке баратын жол қашан жөнделеді?", "Нан бағасы неге өсті?", False),
        ("en", "When is the road repaired?", "When will the repair of the road begin?", True),
    ],
)
def test_words_in_another_form_are_the_same_words(
    lang: str, one: str, other: str, near: bool
) -> None:
    score = nearness(words_of(one, "", lang), words_of(other, "", lang))
    assert (score >= NEAR) == near
