"""What changed between two wordings, word by word."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult import errors
from drafts.versions.diffing import Piece, apply, diff_words, similarity, words

WORDS = st.sampled_from(
    ["the", "fee", "бөлүм", "ғылым", "3-1", "10,5", "e\u0301tat", ".", ",", "«", ")"]
)
SPACES = st.sampled_from(["", " ", "\n", "  ", "\t", "\u00a0"])
TEXTS = st.lists(st.one_of(WORDS, SPACES), max_size=40).map("".join) | st.text(max_size=30)


def marked(a: str, b: str) -> str:
    """The difference as a line: [what was deleted] and {what was inserted}."""
    form = {"same": "{}", "delete": "[{}]", "insert": "{{{}}}"}
    return "".join(form[op].format(text) for op, text in diff_words(a, b))


@given(TEXTS, TEXTS)
def test_the_difference_turns_the_old_text_into_the_new_one(a: str, b: str) -> None:
    assert apply(diff_words(a, b), a) == b


@given(TEXTS, TEXTS)
def test_what_is_deleted_and_what_stays_is_the_old_text(a: str, b: str) -> None:
    assert "".join(piece.text for piece in diff_words(a, b) if piece.op != "insert") == a


@given(TEXTS, TEXTS)
def test_pieces_are_merged_and_a_deletion_precedes_its_insertion(a: str, b: str) -> None:
    diff = diff_words(a, b)
    assert all(piece.text for piece in diff)
    neighbours = [(one.op, two.op) for one, two in pairwise(diff)]
    assert all(one != two for one, two in neighbours)
    assert ("insert", "delete") not in neighbours


@given(TEXTS)
def test_an_unchanged_text_is_one_piece(a: str) -> None:
    assert diff_words(a, a) == ((Piece("same", a),) if a else ())


def test_a_difference_is_refused_by_another_text() -> None:
    with pytest.raises(errors.Conflict):
        apply(diff_words("one", "two"), "three")


@pytest.mark.parametrize(
    ("a", "b", "seen"),
    [
        ("within five days", "within ten days", "within [five]{ten} days"),
        ("Article 3-1 applies", "Article 3-2 applies", "Article [3-1]{3-2} applies"),
        ("10,5 пайыз", "10,6 пайыз", "[10,5]{10,6} пайыз"),
        ("a\nb", "a b", "a[\n]{ }b"),
        ("", "жаңы", "{жаңы}"),
    ],
)
def test_a_change_is_shown_in_whole_words(a: str, b: str, seen: str) -> None:
    assert marked(a, b) == seen


def test_a_short_word_between_two_changes_is_part_of_the_change() -> None:
    old = "The minister shall publish the draft"
    new = "The president shall issue the draft"
    assert marked(old, new) == "The [minister shall publish]{president shall issue} the draft"


def test_unlike_sentences_are_replaced_and_not_riddled() -> None:
    old = "The Government shall appoint the head of the agency on a proposal by the minister."
    new = "Fees are paid by the applicant to the account of the agency at the time of filing."
    assert marked(old, new) == f"[{old[:-1]}]{{{new[:-1]}}}."


def test_words_put_in_singly_leave_the_words_between_them_alone() -> None:
    assert marked("The man ran far.", "The old man ran very far.") == (
        "The{ old} man ran{ very} far."
    )


def test_an_inserted_sentence_begins_where_a_sentence_begins() -> None:
    assert marked("The cat. The dog.", "The cat. The cow. The dog.") == (
        "The cat.{ The cow.} The dog."
    )


def test_in_a_text_too_long_for_words_the_paragraphs_are_matched_first() -> None:
    paragraphs = [" ".join(f"w{n}x{k}" for k in range(60)) for n in range(400)]
    changed = [p.replace("x7 ", "x7 new ") if n % 100 == 5 else p for n, p in enumerate(paragraphs)]
    old, new = "\n".join(paragraphs), "\n".join(changed[:-1])
    diff = diff_words(old, new)
    assert apply(diff, old) == new
    assert [piece.text for piece in diff if piece.op == "insert"] == [" new"] * 4
    assert [piece.text for piece in diff if piece.op == "delete"] == ["\n" + paragraphs[-1]]


def test_in_a_paragraph_too_long_for_words_the_sentences_are_matched_first() -> None:
    sentences = [" ".join(f"w{n}x{k}" for k in range(40)) + "." for n in range(400)]
    changed = [s.replace("x7 ", "x7 new ") if n % 100 == 5 else s for n, s in enumerate(sentences)]
    diff = diff_words(" ".join(sentences), " ".join(changed))
    assert [piece.text for piece in diff if piece.op != "same"] == [" new"] * 4


def test_a_single_paragraph_beyond_all_measure_is_replaced_between_its_common_ends() -> None:
    old, new = ("begin " + f"{word} " * 12_000 + "end" for word in ("one", "two"))
    assert [piece.text.strip() for piece in diff_words(old, new) if piece.op == "same"] == [
        "begin",
        "end",
    ]


@given(TEXTS, TEXTS)
def test_similarity_is_symmetric_and_one_only_for_the_same_words(a: str, b: str) -> None:
    left, right = words(a), words(b)
    assert similarity(left, right) == similarity(right, left)
    assert 0 <= similarity(left, right) <= 1
    assert (similarity(left, right) == 1) == (left == right)


def test_similarity_is_twice_the_common_words_in_all_words() -> None:
    assert similarity(words("a b c d"), words("a x c d")) == 0.75
    assert similarity(words("a b"), words("b a")) == 0.5


@given(TEXTS)
def test_words_leave_out_nothing_but_white_space(text: str) -> None:
    assert "".join(words(text)) == "".join(text.split())
