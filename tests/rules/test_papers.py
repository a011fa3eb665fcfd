"""Papers: which line names which provision, and that cutting a text loses and adds no letter."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.errors import Invalid
from consult.papers.naming import Named, Names
from consult.papers.rules import (
    MOST_PARTS,
    TEXT_MAX,
    Part,
    cut,
    join,
    lines_to_cut_at,
    nameless,
    split,
    text_of,
)
from drafts.tree import Node, Tree

HEADING = {5: "Понятия"}


def provisions(lang: str, letter: str) -> list[Named]:
    """Chapter 2 with articles 1 to 8 and 5-1, each of two points with a subpoint; an annex."""
    found = [Named("chp_2", lang, "chapter", "2")]
    for n in ("1", "2", "3", "4", "5", "5-1", "6", "7", "8"):
        article = f"art_{n}"
        heading = "Понятия" if lang == "ru" and n == "5" else ""
        found.append(Named(article, lang, "article", n, "", heading, ("chp_2",)))
        for m in ("1", "2"):
            point = f"{article}__para_{m}"
            found.append(Named(point, lang, "paragraph", m, "", "", ("chp_2", article)))
            above = ("chp_2", article, point)
            found.append(Named(f"{point}__a", lang, "subparagraph", letter, "", "", above))
    return [*found, Named("att_1", lang, "annex", "1")]


LAW = Names([*provisions("ru", "а"), *provisions("ky", "а"), *provisions("en", "a")])
RUSSIAN = Names(provisions("ru", "а"))
KAZAKH = Names([*provisions("kk", "а"), *provisions("ru", "а")])
DECREE = Names([Named(f"para_{n}", "ru", "paragraph", str(n)) for n in (1, 2, 3)])

NAMING = [
    ("Статья 5", "art_5"),
    ("СТАТЬЯ 5.", "art_5"),
    ("Статья 5. Понятия", "art_5"),
    ("Понятия", "art_5"),
    ("Cтатья 5 (with a Latin letter)", "art_5"),
    ("к статье 5", "art_5"),
    ("К статье 5: слишком мало.", "art_5"),
    ("По статье 5-1 предлагаем исключить слово.", "art_5-1"),
    ("Замечания к статье 5", "art_5"),
    ("1. К статье 7", "art_7"),
    ("— Статья 7", "art_7"),
    ("Статью 5 исключить.", "art_5"),
    ("Статьи 5 и 6 повторяют друг друга.", "art_5"),
    ("Статьи 5–7", "art_5"),
    ("пункт 2 статьи 7", "art_7__para_2"),
    ("Пункт 2 статьи 7 изложить в следующей редакции:", "art_7__para_2"),
    ("часть 2 статьи 7", "art_7__para_2"),
    ("подпункт «а» пункта 2 статьи 7", "art_7__para_2__a"),
    ("подпункт а) пункта 2 статьи 7", "art_7__para_2__a"),
    ("пункт 9 статьи 7", "art_7"),  # as far as the draft has it
    ("Глава 2", "chp_2"),
    ("К приложению 1", "att_1"),
    ("к статье 5 законопроекта", "art_5"),
    ("В статье 5:", "art_5"),
    ("5-берене", "art_5"),
    ("5-берене. Китепкана", "art_5"),
    ("5-беренеге", "art_5"),
    ("5-беренеси боюнча сунуш", "art_5"),
    ("5-беренени алып салуу керек", "art_5"),
    ("7-берененин 2-пункту", "art_7__para_2"),
    ("7-берененин 2-пунктунун а) пунктчасы", "art_7__para_2__a"),
    ("2-глава", "chp_2"),
    ("1-тиркеме", "att_1"),
    ("Article 5", "art_5"),
    ("On Article 5: too little.", "art_5"),
    ("Comments on article 5", "art_5"),
    ("Paragraph 2 of Article 7", "art_7__para_2"),
    ("Article 7, paragraph 2, subparagraph a)", "art_7__para_2__a"),
]
NOT_NAMING = [
    "",
    "Мы за этот закон.",
    "2. Мы предлагаем другое.",
    "Статья 99",  # the draft has none
    "статьи 12 Трудового кодекса",
    "Статья 5 Конституции говорит иначе.",
    "Статья 5 Закона «О связи» говорит иначе.",
    "В статье 5 сказано иначе.",
    "Статьей 5 предусмотрено другое.",
    "5-беренеде көрсөтүлгөн талаптар",
    "In Article 5 it is said otherwise.",
    "Article 5 of the Constitution says otherwise.",
    "пункт 2",  # of which article?
    "The particle 5 of dust",
    "ст. 5 ТК говорит иначе",
    "в ст. 5 сказано иначе",
    "По закону так нельзя.",  # «п» is no point here
    "5-б классынын окуучулары",
    "2 т. көмүр керек",
]


@pytest.mark.parametrize(("line", "wid"), NAMING)
def test_a_line_names_its_provision(line: str, wid: str) -> None:
    found = LAW.read(line)
    assert (found.wid if found else "") == wid


ABBREVIATED = [
    ("ст. 6", "art_6"),
    ("Ст.6", "art_6"),
    ("ст 6", "art_6"),
    ("к ст. 5-1: мало", "art_5-1"),
    ("ст.ст. 5 и 6", "art_5"),
    ("ч. 2 ст. 7", "art_7__para_2"),
    ("п.2 ст.7", "art_7__para_2"),
    ("пп. «а» п. 2 ст. 7", "art_7__para_2__a"),
    ("пп. 1, 2 и 3 ст. 7", "art_7__para_1"),
    ("подп. а) п. 2 ст. 7", "art_7__para_2__a"),
    ("Гл. 2", "chp_2"),
    ("прил. 1", "att_1"),
    ("Art. 5", "art_5"),
    ("Arts. 5 and 6", "art_5"),
    ("para. 2 of art. 7", "art_7__para_2"),
    ("Ch. 2", "chp_2"),
    ("5-б.", "art_5"),
    ("5-б", "art_5"),
    ("5-б.: аз", "art_5"),
    ("7-б. 2-п.", "art_7__para_2"),
]


@pytest.mark.parametrize(("line", "wid"), ABBREVIATED)
def test_a_provision_may_be_named_for_short(line: str, wid: str) -> None:
    found = LAW.read(line)
    assert (found.wid if found else "") == wid


@pytest.mark.parametrize(
    ("line", "wid"),
    [
        ("Article 3", "art_3"),
        ("On Article 5: too little.", "art_5"),
        ("Article 7, paragraph 2, subparagraph a)", "art_7__para_2__a"),
        ("5-берене", "art_5"),
        ("5-беренеге", "art_5"),
        ("7-берененин 2-пункту", "art_7__para_2"),
        ("5-бап", "art_5"),
        ("7-баптың 2-тармағы", "art_7__para_2"),
        ("1-қосымша", "att_1"),
        ("5-беренеде көрсөтүлгөн талаптар", ""),
    ],
)
def test_a_draft_in_one_language_is_spoken_of_in_any(line: str, wid: str) -> None:
    found = RUSSIAN.read(line)
    assert (found.wid if found else "") == wid


@pytest.mark.parametrize(
    "line", ["Статья 99", "Статья 99. Иное", "к ст. 99", "Article 99", "99-берене", "Глава V"]
)
def test_a_line_like_a_heading_that_names_nothing_is_told(line: str) -> None:
    part = Part("art_5", f"К статье 5\n{line}\nЭто важно.\n{line}")
    assert nameless(part, LAW) == [line]


@pytest.mark.parametrize(
    "line",
    ["Статья 7", "Мы за этот закон.", "Part I think is missing", "статьи 12 Трудового кодекса"],
)
def test_other_lines_are_not_told(line: str) -> None:
    assert nameless(Part("", line), LAW) == []


def test_a_heading_that_was_given_its_provision_is_not_told() -> None:
    part = Part("", "Статья 99\nЭто важно.")
    assert nameless(part, LAW) == ["Статья 99"]
    assert nameless(replace(part, wid="art_5"), LAW) == []


@pytest.mark.parametrize("line", NOT_NAMING)
def test_other_lines_name_nothing(line: str) -> None:
    assert LAW.read(line) is None


@pytest.mark.parametrize(
    ("line", "wid"),
    [
        ("5-бап", "art_5"),
        ("5-бапка", "art_5"),
        ("5-бапқа ұсыныс", "art_5"),
        ("5-бабы бойынша", "art_5"),
        ("7-баптың 2-тармағы", "art_7__para_2"),
        ("7-баптың 2-тармағының а) тармақшасы", "art_7__para_2__a"),
        ("2-тарау", "chp_2"),
        ("1-қосымша", "att_1"),
        ("5-бабында көзделген талаптар", ""),
        ("Статья 5", "art_5"),
    ],
)
def test_a_line_in_kazakh_names_its_provision(line: str, wid: str) -> None:
    found = KAZAKH.read(line)
    assert (found.wid if found else "") == wid


def test_a_point_by_itself_belongs_to_the_article_that_is_spoken_of() -> None:
    for spoken_of in ("art_3", "art_3__para_1", "art_3__para_1__a"):
        found = LAW.read("пункт 2", spoken_of)
        assert found
        assert found.wid == "art_3__para_2"


def test_an_act_without_articles_is_named_by_its_points() -> None:
    found = DECREE.read("Пункт 2 исключить")
    assert found
    assert found.wid == "para_2"


def test_an_annex_begins_its_own_numbering() -> None:
    names = Names(
        [
            Named("art_1", "ru", "article", "1"),
            Named("art_1__para_1", "ru", "paragraph", "1", above=("art_1",)),
            Named("att_1", "ru", "annex", "1"),
            Named("att_1__para_1", "ru", "paragraph", "1", above=("att_1",)),
        ]
    )
    found = names.read("пункт 1 приложения 1")
    assert found
    assert found.wid == "att_1__para_1"


def test_a_text_is_cut_where_it_names_a_provision() -> None:
    text = (
        "Мы союз библиотек.\n\nК статье 5\nМало.\n\n"
        "Пункт 2 исключить.\n5-беренеге: аз.\nArticle 7. No."
    )
    assert [(part.wid, part.text) for part in split(text, LAW)] == [
        ("", "Мы союз библиотек."),
        ("art_5", "К статье 5\nМало."),
        ("art_5__para_2", "Пункт 2 исключить."),
        ("art_5", "5-беренеге: аз."),
        ("art_7", "Article 7. No."),
    ]


def test_a_heading_alone_goes_with_what_is_named_beneath_it() -> None:
    text = "Глава 2\nСтатья 5. Понятия\n\nпункт 2\nСлишком мало.\nСтатья 6\nХорошо."
    assert [part.wid for part in split(text, LAW)] == ["art_5__para_2", "art_6"]


def test_a_provision_named_again_goes_on() -> None:
    assert [part.wid for part in split("Статья 5\nраз\nК статье 5\nдва", LAW)] == ["art_5"]


def squeezed(text: str) -> str:
    return "".join(text.split())


words = st.sampled_from([line for line, _ in NAMING] + NOT_NAMING) | st.text(max_size=40)
texts = st.lists(words, max_size=30).map("\n".join)


@given(texts)
def test_the_parts_together_are_the_text(text: str) -> None:
    parts = split(text, LAW)
    assert squeezed("".join(part.text for part in parts)) == squeezed(text)
    assert all(part.text for part in parts)


@given(texts, st.data())
def test_joining_and_cutting_lose_no_letter(text: str, data: st.DataObject) -> None:
    parts = split(text, LAW)
    if not parts:
        return
    at = data.draw(st.integers(0, len(parts) - 1))
    if at:
        joined = join(parts, at)
        assert len(joined) == len(parts) - 1
        assert joined[at - 1].wid == parts[at - 1].wid
        assert squeezed("".join(part.text for part in joined)) == squeezed(text)
    if lines := lines_to_cut_at(parts[at].text):
        halves = cut(parts, at, data.draw(st.sampled_from(lines)))
        assert len(halves) == len(parts) + 1
        assert squeezed("".join(part.text for part in halves)) == squeezed(text)


def test_a_part_is_cut_only_before_a_line_it_has() -> None:
    with pytest.raises(Invalid) as refused:
        cut([Part("", "one\ntwo")], 0, "three")
    assert refused.value.field == "cut-0"


def test_the_first_part_has_none_above_it() -> None:
    with pytest.raises(Invalid):
        join([Part("", "one")], 0)


def test_no_more_parts_than_one_can_look_through() -> None:
    text = "\n".join(f"Статья {1 + n % 2}\nнет" for n in range(MOST_PARTS + 1))
    with pytest.raises(Invalid) as refused:
        split(text, LAW)
    assert refused.value.field == "text"


def test_a_text_that_is_a_book_is_refused() -> None:
    with pytest.raises(Invalid):
        split("a" * (TEXT_MAX + 1), LAW)


def test_a_file_that_was_read_is_lines_again() -> None:
    below = (Node("subparagraph", "1", "1)", text="Первое."), Node("text", text="Конец."))
    tree = Tree("ru", (Node("article", "5", "Статья 5.", "Понятия", "Здесь:", below),))
    assert text_of(tree) == "Статья 5. Понятия\nЗдесь:\n1) Первое.\nКонец."
