"""How a comment holds on to the words it is about when the text changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult import errors
from drafts.versions.anchoring import Quote, Resolution, find_quote, make_quote, resolve

OLD = (
    "The agency publishes the draft on the portal. Comments are taken for thirty days. "
    "The agency answers every comment within ten working days. The answer is published."
)


def quoted(exact: str, text: str = OLD) -> Quote:
    quote = find_quote(text, exact)
    assert quote is not None
    return quote


def standing(resolution: Resolution, text: str) -> tuple[str, str]:
    return resolution.state, text[resolution.start : resolution.end]


def test_a_quote_keeps_the_words_their_place_and_what_stands_around_them() -> None:
    quote = make_quote(OLD, 46, 55)
    assert quote == Quote(
        exact="Comments",
        prefix=" publishes the draft on the portal. "[-32:],
        suffix=" are taken for thirty days. The agency"[:32],
        start=46,
        end=54,
    )


@pytest.mark.parametrize(("start", "end"), [(5, 5), (9, 4), (3, 4), (900, 950), (-5, 0)])
def test_a_quote_without_words_is_refused(start: int, end: int) -> None:
    with pytest.raises(errors.Invalid):
        make_quote(OLD, start, end)


def test_a_quote_is_found_however_its_lines_are_broken() -> None:
    assert quoted(" draft\n on   the portal").exact == "draft on the portal"


def test_words_typed_by_hand_are_found_whatever_their_capital_letters() -> None:
    typed = quoted("the AGENCY answers Every comment")
    assert typed.exact == "The agency answers every comment"
    assert quoted("СЕЛОЛУК  кеңеш", "Аны селолук Кеңеш чечет.").exact == "селолук Кеңеш"
    here = find_quote("The School. the school. The School.", "the school", near=30)
    assert here is not None
    assert here.start == 12  # the very letters come first


@given(st.text(max_size=20), st.text("aAıİiIßẞςσΣſsKk", min_size=1, max_size=5), st.data())
def test_whatever_letters_are_typed_a_quote_is_what_stands_in_the_text(
    before: str, word: str, data: st.DataObject
) -> None:
    text = before + word
    typed = data.draw(st.sampled_from([word.upper(), word.lower(), word.title(), word.swapcase()]))
    quote = find_quote(text, typed)
    assert quote is None or text[quote.start : quote.end] == quote.exact
    assert quote is not None or len(typed) != len(word) or typed.casefold() != word.casefold()


def test_of_several_places_the_one_nearest_to_the_hint_is_quoted() -> None:
    assert quoted("The agency").start == 0
    second = find_quote(OLD, "The agency", near=70)
    assert second is not None
    assert second.start == 82


@pytest.mark.parametrize("words", ["", "  ", "never said"])
def test_words_that_are_not_there_make_no_quote(words: str) -> None:
    assert find_quote(OLD, words) is None
    assert find_quote(OLD, f"{OLD} {OLD}") is None


def test_a_quote_made_on_another_text_is_refused() -> None:
    with pytest.raises(errors.Conflict):
        resolve(quoted("portal"), "Another text.", "Another text.")


def test_an_unchanged_text_leaves_the_quote_exact() -> None:
    quote = quoted("thirty days")
    assert resolve(quote, OLD, OLD) == Resolution("exact", quote.start, quote.end)


def test_a_sentence_put_in_before_it_leaves_the_quote_exact() -> None:
    new = "This Law applies to all. " + OLD
    assert standing(resolve(quoted("thirty days"), OLD, new), new) == ("exact", "thirty days")


def test_a_repeated_quote_stays_with_its_own_sentence() -> None:
    quote = find_quote(OLD, "The agency", near=80)
    assert quote is not None
    new = OLD.replace("The agency publishes the draft on the portal. ", "")
    assert resolve(quote, OLD, new) == Resolution("exact", 36, 46)


def test_the_other_occurrence_of_a_deleted_quote_is_never_taken_for_it() -> None:
    new = OLD.replace("The agency publishes the draft on the portal. ", "")
    assert resolve(quoted("The agency"), OLD, new) == Resolution("text_deleted")


def test_one_of_two_like_sentences_deleted_is_no_exact_place() -> None:
    old, new = "Repealed. Repealed.", "Repealed."
    for near in (0, 10):
        quote = find_quote(old, "Repealed", near=near)
        assert quote is not None
        assert resolve(quote, old, new).state != "exact"


def test_a_sentence_moved_as_it_is_makes_its_quote_shifted() -> None:
    sentence = "Comments are taken for thirty days. "
    new = OLD.replace(sentence, "") + " " + sentence.strip()
    assert standing(resolve(quoted("for thirty days"), OLD, new), new) == (
        "shifted",
        "for thirty days",
    )


def test_the_same_words_broken_over_lines_are_shifted_and_not_changed() -> None:
    new = OLD.replace("for thirty days", "for\nthirty days")
    assert standing(resolve(quoted("for thirty days"), OLD, new), new) == (
        "shifted",
        "for\nthirty days",
    )


def test_changed_words_are_weakly_found_with_what_replaced_them() -> None:
    new = OLD.replace("ten working days", "five working days")
    assert standing(resolve(quoted("within ten working days"), OLD, new), new) == (
        "weak",
        "within five working days",
    )


def test_a_sentence_moved_and_changed_is_weakly_found() -> None:
    sentence = "Comments are taken for thirty days. "
    new = OLD.replace(sentence, "") + " Comments are taken for sixty days."
    assert standing(resolve(quoted(sentence.strip()), OLD, new), new) == (
        "weak",
        "Comments are taken for sixty days.",
    )


def test_when_too_little_is_left_only_the_provision_remains() -> None:
    quote = quoted("The agency answers every comment within ten working days")
    new = OLD.replace(quote.exact, "The agency answers nobody unless a court so decides")
    assert resolve(quote, OLD, new) == Resolution("provision_only")


def test_words_that_are_gone_entirely_are_deleted() -> None:
    new = OLD.replace(" Comments are taken for thirty days.", "")
    assert resolve(quoted("Comments are taken"), OLD, new) == Resolution("text_deleted")


def test_a_quote_in_a_deleted_provision_is_an_orphan() -> None:
    assert resolve(quoted("portal"), OLD, None) == Resolution("orphan")


# Each word occurs once, so that the right place of every word is known.
UNIQUE = [f"сөз{n}" for n in range(60)]


@st.composite
def edits(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """A text of unique words and what a few insertions, deletions and moves made of it."""
    new = list(UNIQUE)
    for n in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(new)))
        length = draw(st.integers(1, 8))
        match draw(st.sampled_from(["insert", "delete", "replace", "move"])):
            case "insert":
                new[at:at] = [f"жаңы{n}-{k}" for k in range(length)]
            case "delete":
                del new[at : at + length]
            case "replace":
                new[at : at + length] = [f"башка{n}-{k}" for k in range(length)]
            case "move":
                moved = new[at : at + length]
                del new[at : at + length]
                to = draw(st.integers(0, len(new)))
                new[to:to] = moved
    return UNIQUE, new


PASSAGES = st.tuples(st.integers(0, 55), st.integers(1, 12))


@given(edits(), PASSAGES)
def test_exact_and_shifted_are_said_only_of_the_very_words(
    texts: tuple[list[str], list[str]], passage: tuple[int, int]
) -> None:
    old, new = (" ".join(words) for words in texts)
    quote = quoted(" ".join(UNIQUE[passage[0] : sum(passage)]), old)
    resolution = resolve(quote, old, new)
    if resolution.state in {"exact", "shifted"}:
        assert new[resolution.start : resolution.end] == quote.exact


@given(edits(), PASSAGES)
def test_words_left_in_long_enough_surroundings_stay_exact_where_they_are(
    texts: tuple[list[str], list[str]], passage: tuple[int, int]
) -> None:
    words, changed = texts
    old, new = " ".join(words), " ".join(changed)
    first, last = passage[0], min(sum(passage), 60)
    quote = quoted(" ".join(words[first:last]), old)
    if " ".join(words[max(0, first - 6) : last + 6]) in new:
        resolution = resolve(quote, old, new)
        assert standing(resolution, new) in (("exact", quote.exact), ("shifted", quote.exact))
        untouched_order = [word for word in changed if word in set(words)]
        if untouched_order == sorted(untouched_order, key=words.index):
            assert resolution.state == "exact"


# A few words in every order: the hardest text to keep one's place in.
FEW = st.lists(st.sampled_from(["а", "бап", "мыйзам", "."]), min_size=1, max_size=25).map(" ".join)


@given(FEW, FEW, st.data())
def test_every_state_tells_whether_it_has_a_place(old: str, new: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(old) - 1))
    end = data.draw(st.integers(start + 1, len(old)))
    if not old[start:end].strip():
        return
    quote = make_quote(old, start, end)
    resolution = resolve(quote, old, new)
    placed = resolution.state in {"exact", "shifted", "weak"}
    assert (resolution.start is not None) == (resolution.end is not None) == placed
    if resolution.state == "exact":
        assert new[resolution.start : resolution.end] == quote.exact
    if quote.exact not in new:
        assert resolution.state != "exact"


@given(FEW, FEW, FEW)
def test_whatever_changes_behind_it_a_long_quote_stays_exact(
    before: str, old_after: str, new_after: str
) -> None:
    passage = " Токтом жарыяланган күндөн тартып күчүнө кирет. "
    old, new = before + passage + old_after, before + passage + new_after
    quote = quoted(passage.strip(), old)
    resolution = resolve(quote, old, new)
    assert resolution == Resolution("exact", quote.start, quote.end)
