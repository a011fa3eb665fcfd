"""Answers to questions: each is a provision that its question's code names for ever."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from consult.procedure.packs import load_pack
from drafts.answering.rules import ANSWER_MAX, answers_of, cleaned, problems, text_of
from drafts.exporting.akn.writing import write
from drafts.exporting.document import Document
from drafts.importing.akn.reading import read

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ACT = load_pack("kg").acts["concept"]
CODES = [question.code for question in ACT.question]
FULL = {code: f"What we say of {code}." for code in CODES}
text = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), max_size=40)


@given(st.fixed_dictionaries(dict.fromkeys(CODES, text.map(cleaned))))
def test_the_text_gives_back_the_answers(answers: dict[str, str]) -> None:
    found = answers_of(ACT, text_of(ACT, answers, "ky").walk())
    assert found == {code: said for code, said in answers.items() if said}


@given(st.text())
def test_an_answer_that_is_clean_stays_so(typed: str) -> None:
    assert cleaned(cleaned(typed)) == cleaned(typed)


def test_a_question_keeps_its_place_whatever_else_is_answered() -> None:
    whole = {node.number: node.wid for node in text_of(ACT, FULL, "ky").walk()}
    some = text_of(ACT, {"cost": "Nothing."}, "ru")
    assert [node.wid for node in some.walk()] == [whole["cost"]] == ["art_cost"]
    assert some.nodes[0].heading == "Сколько это будет стоить?"


def test_each_question_that_has_to_be_is_answered() -> None:
    assert list(problems(ACT, FULL)) == []
    wrong = list(problems(ACT, FULL | {"cost": "…", "ways": "a" * (ANSWER_MAX + 1)}))
    assert [one.field for one in wrong] == ["answer_ways", "answer_cost"]


def test_paragraphs_stay_apart() -> None:
    assert cleaned(" One\r\n\r\n\n two \t words ") == "One\ntwo words"


def test_a_form_survives_being_taken_away_as_akoma_ntoso() -> None:
    tree = text_of(ACT, FULL | {"cost": "One.\nTwo."}, "en")
    told = Document(tree, "A concept", 1, 1, "MOJ", "concept", "kg", NOW, NOW, "https://x.kg/1")
    assert read(write(told), "en").tree == tree
