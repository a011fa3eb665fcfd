"""What a comment may hold, until when it may be changed, and the number its author is given."""

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.comments.forms import CommentForm
from consult.comments.rules import (
    CHANGES,
    MAX_DEPTH,
    Spot,
    body_hash,
    change_of,
    check_change,
    check_differs,
    check_editable,
    check_mandate,
    check_own,
    check_unsigned,
    check_words,
    clean_body,
    kind_of,
    receipt_number,
    spot_of_reply,
)
from consult.errors import Invalid, NotAllowed

NOW = datetime(2026, 9, 7, 4, 0, tzinfo=UTC)
WINDOW = timedelta(minutes=15)


def check(body: str = "Words.", proposed: str = "", **more: str) -> None:
    known = {"kind": "substantive", "stance": "neutral"}
    check_words(body, proposed, **known | more, most=100)


@given(st.text())
def test_words_are_cleaned_once_and_for_all(text: str) -> None:
    clean = clean_body(text)
    assert clean_body(clean) == clean


@given(st.text())
def test_kept_words_hold_no_control_characters(text: str) -> None:
    kept = clean_body(text)
    assert not [c for c in kept if c not in "\n\t" and unicodedata.category(c) == "Cc"]


def test_line_ends_of_every_system_become_one_kind() -> None:
    assert clean_body("one\r\ntwo\rthree\nfour") == "one\ntwo\nthree\nfour"


def test_letters_typed_in_two_strokes_are_composed() -> None:
    assert clean_body("и\u0306од") == "йод"


@pytest.mark.parametrize("nothing", ["", "\u200b", "\u200b \u2060", "\u00ad"])
def test_a_comment_of_which_nothing_can_be_seen_is_refused(nothing: str) -> None:
    with pytest.raises(Invalid, match="write your comment") as refusal:
        check(clean_body(nothing))
    assert refusal.value.field == "body"


def test_the_longest_comment_is_taken_and_one_letter_more_is_not() -> None:
    check("ө" * 100)
    with pytest.raises(Invalid, match="101 characters, at most 100"):
        check("ө" * 101)


def test_a_proposed_wording_may_be_as_long_as_a_comment() -> None:
    with pytest.raises(Invalid) as refusal:
        check("See below.", "x" * 101)
    assert refusal.value.field == "proposed"


def propose(change: str, proposed: str = "", *, kind: str = "wording", wid: str = "art_1") -> str:
    """The change that is kept."""
    change = change_of(change, proposed)
    check_change(change, proposed, kind=kind, wid=wid)
    return change


def test_a_comment_about_wording_proposes_one() -> None:
    assert propose("", "In every village.") == "replacement"
    assert propose("insertion", "In every village.") == "insertion"
    for change in ("", "replacement", "insertion"):
        with pytest.raises(Invalid, match="wording you propose") as refusal:
            propose(change)
        assert refusal.value.field == "proposed"


def test_without_words_only_a_deletion_is_proposed() -> None:
    assert propose("", kind="substantive") == ""
    assert propose("deletion") == "deletion"
    for change in ("replacement", "insertion"):
        with pytest.raises(Invalid, match="wording you propose") as refusal:
            propose(change, kind="substantive")
        assert refusal.value.field == "proposed"


def test_whatever_proposes_a_change_is_about_wording_unless_it_is_called_editorial() -> None:
    for change in CHANGES[1:]:
        assert kind_of("substantive", change) == kind_of("question", change) == "wording"
        assert kind_of("editorial", change) == "editorial"
        assert kind_of("no such kind", change) == "no such kind"
    assert kind_of("substantive", "") == "substantive"


def test_a_proposal_differs_from_the_text_in_more_than_spaces() -> None:
    check_differs("Open five days.", "Open six days.")
    with pytest.raises(Invalid, match="reads so already") as refusal:
        check_differs("Open five days.", " Open  five\ndays. ")
    assert refusal.value.field == "proposed"


def test_who_wants_words_gone_says_which_and_gives_no_others() -> None:
    for mistake, field in (({"wid": ""}, "change"), ({"proposed": "Six days."}, "proposed")):
        with pytest.raises(Invalid) as refusal:
            propose("deletion", **mistake)
        assert refusal.value.field == field


def test_an_unknown_change_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        propose("whatever", "Words.")
    assert refusal.value.field == "change"


def test_an_organisation_says_in_a_line_on_whose_behalf_it_speaks() -> None:
    check_mandate("ө" * 300, is_organisation=True)
    check_mandate("", is_organisation=False)
    for mandate, is_organisation in (("ө" * 301, True), ("412 members", False)):
        with pytest.raises(Invalid) as refusal:
            check_mandate(mandate, is_organisation=is_organisation)
        assert refusal.value.field == "mandate"


def test_words_that_somebody_signed_stand() -> None:
    check_unsigned(0)
    with pytest.raises(NotAllowed, match="Others have signed these words"):
        check_unsigned(1)


@given(st.lists(st.integers(0, 50), max_size=30))
def test_a_thread_is_never_deeper_than_it_may_be_and_nobody_is_lost(answers: list[int]) -> None:
    """Each reply of a thread answers one of those before it; the thread begins with comment 1."""
    spots: dict[int, Spot | None] = {1: None}
    for n, choice in enumerate(answers, start=2):
        asked = 1 + choice % (n - 1)
        there = spots[asked]
        spot = spot_of_reply(asked, *(there[:3] if there else ()))
        above = spots[spot.parent_id]
        assert spot.depth == (above.depth if above else 0) + 1 <= MAX_DEPTH
        assert spot.root_id == 1
        assert (spot.reply_to_id or spot.parent_id) == asked
        assert (spot.reply_to_id is None) == ((there.depth if there else 0) < MAX_DEPTH)
        spots[n] = spot


def test_a_reply_to_the_deepest_stands_beside_it() -> None:
    assert spot_of_reply(9, 8, 1, MAX_DEPTH) == Spot(8, 1, MAX_DEPTH, reply_to_id=9)


@pytest.mark.parametrize("field", ["kind", "stance"])
def test_a_comment_is_of_a_known_kind_and_stance(field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check(**{field: "whatever"})
    assert refusal.value.field == field


def test_only_the_author_may_change_a_comment() -> None:
    check_own(7, 7)
    with pytest.raises(NotAllowed):
        check_own(7, 8)


def test_a_comment_may_be_changed_until_the_window_ends_and_not_at_its_end() -> None:
    check_editable(NOW, NOW + WINDOW - timedelta(microseconds=1), WINDOW)
    with pytest.raises(NotAllowed, match="15 minutes"):
        check_editable(NOW, NOW + WINDOW, WINDOW)


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_no_two_comments_get_the_same_receipt(one: int, other: int) -> None:
    assert (receipt_number(one, NOW) == receipt_number(other, NOW)) == (one == other)


def test_a_receipt_names_the_year_and_can_be_read_out() -> None:
    assert receipt_number(4127, NOW) == "K-2026-004127"


def test_the_fingerprint_tells_the_comment_from_the_wording_it_proposes() -> None:
    assert body_hash("ab", "c") != body_hash("a", "bc")
    assert len(body_hash("ab", "c")) == 64


def test_receipts_given_before_there_were_several_changes_hold() -> None:
    older = "5b5018ada8da43826e3b7320697b6c1e0200d3557b501e059a0984887d7ab747"
    assert body_hash("ab", "c", "") == body_hash("ab", "c", "replacement") == older


@given(st.text(), st.text(), st.text(), st.text())
def test_the_fingerprint_tells_every_change_from_every_other(
    body: str, proposed: str, other_body: str, other_proposed: str
) -> None:
    one = (clean_body(body), clean_body(proposed))
    other = (clean_body(other_body), clean_body(other_proposed))
    prints = {body_hash(*said, change) for said in (one, other) for change in CHANGES[1:]}
    assert len(prints) == 3 * len({one, other})


@pytest.mark.parametrize(
    ("typed", "start"),
    [("0", 0), ("17", 17), ("", None), ("-1", None), ("x", None), ("٣", None), ("9" * 9, None)],
)
def test_where_a_quote_begins_is_a_hint_that_may_be_nonsense(typed: str, start: int | None) -> None:
    assert CommentForm(quote_start=typed).start == start
