"""Rules of moderation: nobody moderates their own critics; words taken out can be put back."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from consult.access import GRANTED, Actor, Role
from consult.errors import Invalid
from consult.marks import PERSONAL_DATA, beginning, mark, split
from consult.moderation.redacting import MOST, check_pieces, holds, pieces_of, put_back, without
from consult.moderation.rules import ACTS, AGAINST, is_independent, still_standing
from consult.moderation.signals import is_disposable

CRITICISED = 7
agencies = st.dictionaries(
    st.sampled_from(GRANTED), st.frozensets(st.integers(1, 9), min_size=1), max_size=6
)
words = st.text(alphabet="абв -", min_size=2, max_size=6).filter(lambda text: text.strip() == text)
texts = st.lists(
    st.one_of(st.text(alphabet="абв -", max_size=20), st.integers(1, 99).map(mark)), max_size=6
).map("".join)


def actor(held: dict[Role, frozenset[int]], everywhere: frozenset[Role]) -> Actor:
    """As accounts.queries makes it: what is held everywhere is held for no agency apart."""
    apart = {role: ids for role, ids in held.items() if role not in everywhere}
    roles = frozenset({*apart, *everywhere, Role.VISITOR})
    return Actor(id=1, roles=roles, agencies=apart, bodies=frozenset().union(*held.values()))


@given(agencies, st.sampled_from(GRANTED), st.frozensets(st.sampled_from(GRANTED)))
def test_no_grant_of_the_agency_criticised_leaves_anybody_independent(
    held: dict[Role, frozenset[int]], role: Role, everywhere: frozenset[Role]
) -> None:
    """Whatever other role is held, wherever: for holding, hiding, redacting, deciding appeals."""
    held = held | {role: held.get(role, frozenset()) | {CRITICISED}}
    assert not is_independent(actor(held, everywhere), CRITICISED)


@given(agencies, st.sampled_from([Role.OFFICER, Role.APPROVER]))
def test_whoever_works_for_all_agencies_works_for_each(
    held: dict[Role, frozenset[int]], role: Role
) -> None:
    assert not is_independent(actor(held, frozenset({role})), CRITICISED)


@given(agencies, st.frozensets(st.sampled_from([Role.MODERATOR, Role.OVERSIGHT])))
def test_grants_of_other_agencies_do_no_harm(
    held: dict[Role, frozenset[int]], everywhere: frozenset[Role]
) -> None:
    assume(not any(CRITICISED in ids for ids in held.values()))
    assert is_independent(actor(held, everywhere), CRITICISED)


@given(texts, words, st.integers(100, 999))
def test_words_taken_out_stand_nowhere_and_can_be_put_back(
    text: str, cut: str, number: int
) -> None:
    left = without(text, cut, number)
    assert put_back(left, cut, number) == text
    assert not any(cut in part for part in split(left)[::2])
    assert (mark(number) in left) == holds(text, cut)


@given(texts, st.lists(words, min_size=1, max_size=4))
def test_several_pieces_are_put_back_the_last_first(text: str, pieces: list[str]) -> None:
    numbered = list(enumerate(pieces_of("\n".join(pieces)), start=100))
    left = text
    for number, cut in numbered:
        left = without(left, cut, number)
    for number, cut in reversed(numbered):
        left = put_back(left, cut, number)
    assert left == text


def test_the_words_of_a_mark_are_not_taken_out_of_it() -> None:
    text = f"His personal data: {mark(1)}"
    assert without(text, "personal", 2) == f"His {mark(2)} data: {mark(1)}"


def test_a_mark_reads_in_every_place_a_text_goes() -> None:
    assert mark(12) == "[personal data removed 12]"
    assert PERSONAL_DATA == "[personal data removed]"
    assert split(f"a{mark(1)}b{mark(2)}") == ["a", mark(1), "b", mark(2), ""]


def test_pieces_are_lines_the_longest_first() -> None:
    assert pieces_of("Asan\n\n Asan Uson \nAsan") == ["Asan Uson", "Asan"]


@pytest.mark.parametrize(
    "pieces", [[], ["x"], ["not there"], ["Asan Uson", "Uson"], ["Asan"] * (MOST + 1)]
)
def test_what_cannot_be_taken_out_is_refused(pieces: list[str]) -> None:
    """The second stands in the longer piece only, which has gone when it is looked for."""
    with pytest.raises(Invalid):
        check_pieces(pieces, ["Call Asan Uson."])


acts = st.lists(st.sampled_from(ACTS), max_size=8).map(
    lambda names: list(enumerate(names, start=1))
)


@given(acts)
def test_of_hiding_and_showing_the_last_act_stands(history: list[tuple[int, str]]) -> None:
    standing = still_standing(history, {id_ for id_, act in history if act == "redact"})
    moved = [(id_, act) for id_, act in history if act in ("hold", "hide", "restore")]
    last = [id_ for id_, act in moved[-1:] if act in AGAINST]
    redacted = [id_ for id_, act in history if act == "redact"]
    assert standing == [*redacted, *last]


def test_a_redaction_whose_words_are_back_stands_no_more() -> None:
    assert still_standing([(1, "redact"), (2, "redact"), (3, "put_back")], {2}) == [2]


def test_a_throw_away_mailbox_is_known_by_its_domain_or_one_above() -> None:
    assert is_disposable("mailinator.com")
    assert is_disposable("MAIL.Mailinator.com")
    assert not is_disposable("example.org")
    assert not is_disposable("com")


@given(st.text(alphabet="ab .\n"), st.text(alphabet="ab .\n"), st.integers(1, 60))
def test_a_shortened_text_holds_a_mark_whole_or_not_at_all(
    before: str, after: str, most: int
) -> None:
    cut = beginning(f"{before}{mark(7)}{after}", lambda text: text[:most])
    assert cut.replace(mark(7), "·") == f"{before}·{after}"[:most]
