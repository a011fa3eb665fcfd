"""The preview as a whole, and how coverage is measured."""

from hypothesis import given
from hypothesis import strategies as st

from drafts.grammar.line import said_place
from drafts.importing.coverage import coverage
from drafts.importing.preview import import_bytes
from drafts.tree import Node, Tree


def one(text: str) -> Tree:
    return Tree("ru", (Node("text", text=text),))


@given(st.text(max_size=80), st.text(max_size=80))
def test_coverage_is_one_only_when_nothing_is_missing(kept: str, lost: str) -> None:
    whole = coverage(f"{kept}{lost}", one(f"{kept}\n{lost}"))
    assert whole == 1.0
    assert (coverage(f"{kept}щ{lost}", one(kept + lost)) < 1) or "щ" in lost


def test_coverage_counts_what_is_lost_and_not_what_is_added() -> None:
    source = "Статья первая о порядке. Колонтитул. Статья вторая о сроках и прочем."
    kept = "1) Статья первая о порядке. 2) Статья вторая о сроках и прочем."
    letters = len("".join(source.split()))
    assert coverage(source, one(kept)) == (letters - len("Колонтитул.")) / letters


def test_words_put_in_another_order_are_not_all_covered() -> None:
    assert coverage("первое предложение, второе предложение", one("второе, первое")) < 1


def test_the_title_is_what_stands_before_the_first_provision() -> None:
    text = "ЗАКОН\nО публичных слушаниях\n\nСтатья 1. Предмет\nТекст."
    preview = import_bytes(text.encode(), "a.txt", "ru")
    assert preview.title == "ЗАКОН О публичных слушаниях"
    assert import_bytes("Статья 1. Предмет\nТекст.".encode(), "О шуме.txt", "ru").title == "О шуме"


def test_a_text_in_another_language_is_kept_and_told() -> None:
    preview = import_bytes(b"Article 1\nText.", "a.txt", "ru")
    assert preview.coverage == 1.0
    assert "Is the language right?" in str(preview.warnings[0])


def test_warnings_do_not_pile_up_without_end() -> None:
    text = "".join(f"{number}. Так.\n" for number in range(1, 900, 2))
    warnings = import_bytes(text.encode(), "a.txt", "ru").warnings
    assert len(warnings) == 201
    assert "249 more" in str(warnings[-1])


def test_a_place_is_said_by_a_translatable_template() -> None:
    assert said_place("line 12") == ("line {number}", {"number": "12"})
    assert said_place("file")[0] == "the whole file"
