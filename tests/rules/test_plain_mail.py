"""The plain text of a mail: its lines, its links, what it quotes."""

from hypothesis import given
from hypothesis import strategies as st

from notifications.plain import SUBJECT_MAX, WIDTH, laid_out, subject_line
from tests.told import flowed_back

LINK = "https://kenesh.example.kg/drafts/1"


def test_a_link_stands_on_a_line_of_its_own() -> None:
    text = laid_out(f"Read the draft: {LINK}\n\nSee {LINK} and then stop.")
    assert text == f"Read the draft:\n{LINK}\n\nSee\n{LINK}\nand then stop.\n"


def test_a_long_paragraph_is_broken_and_can_be_put_together_again() -> None:
    said = " ".join(["Комментарий"] * 40)
    text = laid_out(said)
    assert max(map(len, text.splitlines())) <= WIDTH + 1
    assert flowed_back(text) == [said]


def test_a_quotation_is_one_on_each_of_its_lines() -> None:
    said = " ".join(["жооп"] * 60)
    lines = laid_out(f"> {said}\n> Two").splitlines()
    assert all(line.startswith("> ") for line in lines)
    assert flowed_back("\n".join(lines)) == [f"> {said}", "> Two"]


def test_a_link_somebody_wrote_stays_in_the_quotation() -> None:
    assert laid_out(f"> look at {LINK} now") == f"> look at {LINK} now\n"


def test_an_empty_line_of_a_quotation_does_not_go_on() -> None:
    assert laid_out("> a\n> \n> b") == "> a\n>\n> b\n"


def test_the_signature_stays_what_it_is() -> None:
    assert laid_out("Hello\n\n\n\n-- \nKenesh") == "Hello\n\n-- \nKenesh\n"


def test_nothing_in_it_is_taken_for_a_new_mail_or_a_quotation() -> None:
    assert laid_out("From here on\n>x") == " From here on\n >x\n"


def test_what_moves_a_terminal_is_taken_out() -> None:
    assert laid_out("a\x1b[2Jb\x00\x07c") == "a [2Jb  c\n"


@given(st.text())
def test_no_word_is_lost_and_no_two_lines_are_empty(said: str) -> None:
    text = laid_out(said)
    shown = "".join(c for c in said if c.isprintable() and not c.isspace())
    assert "".join(c for c in text if c.isprintable() and not c.isspace()) == shown
    assert "\n\n\n" not in text
    assert text.endswith("\n")


@given(st.text(max_size=400))
def test_a_subject_is_one_short_line(said: str) -> None:
    line = subject_line(said)
    assert len(line) <= SUBJECT_MAX
    assert len(line.splitlines()) <= 1
    assert line == line.strip()


def test_a_long_subject_is_cut_between_words() -> None:
    assert subject_line("закон " * 40) == "закон " * 24 + "закон…"
