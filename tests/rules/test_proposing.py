"""What a proposed wording does to a text, and the difference that is shown of it."""

from hypothesis import given
from hypothesis import strategies as st

from drafts.versions.proposing import AROUND, applied, brief, edit_of, pieces

LAW = "The school is open. The school is warm. It is near the river."
SOME = ("a", "school", "is", "warm", "near", "the", "river", ".")
WORDS = st.lists(st.sampled_from(SOME), max_size=8)
TEXTS = WORDS.map(" ".join)
CHANGES = st.sampled_from(("replacement", "insertion", "deletion"))


def old(shown: list[tuple[str, str]] | tuple[tuple[str, str], ...]) -> str:
    return "".join(words for op, words in shown if op != "ins")


def new(shown: list[tuple[str, str]] | tuple[tuple[str, str], ...]) -> str:
    return "".join(words for op, words in shown if op != "del")


def change(how: str, proposed: str, quote: str = "", near: int = 0) -> str:
    return applied(edit_of(how, proposed, LAW, quote, near), LAW)


def test_a_replacement_takes_the_place_of_the_quoted_words() -> None:
    found = change("replacement", "cold", "warm")
    assert found == "The school is open. The school is cold. It is near the river."
    assert "The school is the river. It" in change("replacement", "the river", "warm")


def test_of_words_that_stand_twice_those_meant_are_changed() -> None:
    found = change("replacement", "The house", "The school", near=20)
    assert found.startswith("The school is open. The house is warm.")


def test_a_whole_provision_written_anew_replaces_it_whatever_was_quoted() -> None:
    whole = "The school is open. The school is cold. It is near the river."
    assert change("replacement", whole, "warm") == whole


def test_without_a_quote_the_whole_provision_is_replaced_or_goes() -> None:
    assert change("replacement", "There is no school.") == "There is no school."
    assert change("deletion", "") == ""


def test_words_are_added_after_the_quoted_ones_or_at_the_end() -> None:
    assert "is warm and dry. It is" in change("insertion", "and dry", "warm")
    assert "is warm, and dry. It is" in change("insertion", ", and dry", "warm")
    assert change("insertion", "It has a roof.").endswith("the river. It has a roof.")
    assert change("insertion", "very", "The school is", 20).count("The school is very warm") == 1


def test_quoted_words_go() -> None:
    assert (
        change("deletion", "", " The school is warm.")
        == "The school is open.  It is near the river."
    )


@given(TEXTS, CHANGES, TEXTS, st.data())
def test_what_is_shown_is_what_becomes_of_the_text(
    text: str, how: str, proposed: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    quote = text[start : data.draw(st.integers(start, len(text)))].strip()
    edit = edit_of(how, proposed, text, quote, start)
    after = applied(edit, text)
    shown = pieces(how, proposed, text, quote, start)
    head, tail = text[: edit.start], text[edit.end :]
    assert after == head + edit.words + tail
    assert (
        head.endswith(old(shown))
        if how == "insertion"
        else old(shown) == text[edit.start : edit.end]
    )
    assert (
        (head + edit.words).endswith(new(shown)) if how == "insertion" else new(shown) == edit.words
    )
    if how == "insertion":
        assert proposed in after
        assert after.replace(edit.words, "", 1) == text or edit.words.strip() in text
    if how == "deletion":
        assert after == head + tail


def test_words_that_do_not_stand_in_the_text_are_changed_as_they_were_quoted() -> None:
    assert pieces("deletion", "", LAW, "гимназия") == (("del", "гимназия"),)
    assert pieces("replacement", "лицей", "", "гимназия") == (("del", "гимназия"), ("ins", "лицей"))


def test_a_wording_for_no_provision_is_all_new_and_none_is_nothing() -> None:
    assert pieces("replacement", "A new law.", "") == (("ins", "A new law."),)
    assert pieces("", "", LAW) == ()


def test_in_brief_only_unchanged_words_are_left_out() -> None:
    long = " ".join(f"word{n}" for n in range(200))
    shown = pieces("insertion", "And this.", long)
    (op, words), (_, added) = brief(shown)
    assert (op, added.strip()) == ("same", "And this.")
    assert words.startswith("… ")
    assert words.endswith("word199")
    assert len(words) <= AROUND + 2
    assert brief(pieces("deletion", "", long)) == [("del", long)]


@given(TEXTS, CHANGES, TEXTS)
def test_what_changes_is_never_left_out_nor_is_anything_of_a_short_text(
    text: str, how: str, proposed: str
) -> None:
    few = pieces(how, proposed, text[:AROUND])
    assert brief(few) == list(few)
    whole = pieces(how, proposed, text * 20)
    short = brief(whole)
    assert [p for p in short if p[0] != "same"] == [p for p in whole if p[0] != "same"]
