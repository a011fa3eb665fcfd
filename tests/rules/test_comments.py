"""What a comment may hold, until when it may be changed, and the number its author is given."""

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.comments.forms import CommentForm
from consult.comments.rules import (
    body_hash,
    check_editable,
    check_own,
    check_words,
    clean_body,
    receipt_number,
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


def test_a_comment_about_wording_proposes_one() -> None:
    check(kind="wording", proposed="In every village.")
    with pytest.raises(Invalid) as refusal:
        check(kind="wording")
    assert refusal.value.field == "proposed"


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


@pytest.mark.parametrize(
    ("typed", "start"),
    [("0", 0), ("17", 17), ("", None), ("-1", None), ("x", None), ("٣", None), ("9" * 9, None)],
)
def test_where_a_quote_begins_is_a_hint_that_may_be_nonsense(typed: str, start: int | None) -> None:
    assert CommentForm(quote_start=typed).start == start
