"""Whatever tree is written out as plain text, the grammar reads the same tree from it again."""

from itertools import chain
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drafts.grammar.line import lines_of
from drafts.grammar.parse import parse
from drafts.grammar.render import render
from drafts.importing.coverage import coverage
from drafts.tree import Node, Tree, identify

WORDS = {
    "ky": "мыйзам өкмөт жаран берене укук тартип ушул мезгил маалымат жөнүндө чечим кеңеш",
    "ru": "закон орган гражданин порядок проект статья срок решение раздел право отзыв",
    "kk": "заң үкімет азамат тәртіп құқық жоба мерзім шешім ақпарат бап туралы кеңес",
    "en": "law body citizen order draft article term decision section right answer",
}
LABELS = {
    "ky": ("{} бөлүм.", "{}-глава.", "{}-берене.", "{}-тиркеме", "Эскертүү.", "{}-таблица"),
    "ru": ("Раздел {}.", "Глава {}.", "Статья {}.", "Приложение {}", "Сноска.", "Таблица {}."),
    "kk": ("{} бөлім.", "{}-тарау.", "{}-бап.", "№ {} қосымша", "Ескерту.", "{}-кесте"),
    "en": ("Section {}.", "Chapter {}.", "Article {}.", "Annex {}", "Footnote.", "Table {}."),
}
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
LETTERS = {"ky": "абвгд", "ru": "абвгд", "kk": "абвгд", "en": "abcde"}


class Grove:
    """Draws trees in one language in the shape the grammar gives to texts."""

    def __init__(self, draw: Any, lang: str) -> None:
        self.draw, self.lang = draw, lang
        self.section, self.chapter, self.article, self.annex, self.note, self.table = LABELS[lang]
        self.articles = 0

    def tree(self) -> Tree:
        preamble = [Node("text", text=self.sentence()) for _ in range(self.up_to(2))]
        body = self.draw(st.sampled_from([self.sections, self.chapters, self.article_run]))()
        annexes = [self.annexed(number) for number in self.numbers(self.up_to(2))]
        return Tree(self.lang, tuple(chain(preamble, body, annexes)))

    def sections(self) -> list[Node]:
        return [
            Node("section", number, self.section.format(number), self.title(), "", tuple(inner))
            for number in ROMAN[: self.up_to(3)]
            for inner in [self.draw(st.sampled_from([self.chapters, self.article_run]))()]
        ]

    def chapters(self) -> list[Node]:
        return [
            Node(
                "chapter", number, self.chapter.format(number), self.title(), "",
                tuple(self.article_run()),
            )
            for number in self.numbers(self.up_to(3))
        ]  # fmt: skip

    def article_run(self) -> list[Node]:
        run = []
        for inserted in self.draw(st.lists(st.booleans(), min_size=1, max_size=3)):
            self.articles += 1
            run.append(self.one_article(str(self.articles)))
            if inserted:
                run.append(self.one_article(f"{self.articles}-1"))
        return run

    def one_article(self, number: str) -> Node:
        heading = self.draw(st.sampled_from(["", self.title()]))
        text, children = self.draw(st.sampled_from([self.plain, self.listed, self.paragraphs]))()
        notes = [Node("note", "", self.note, "", self.sentence()) for _ in range(self.up_to(2))]
        tables = [self.one_table()] if self.up_to(4) == 4 else []
        if tables and children and children[-1].kind == "paragraph":
            tables = []  # a table behind a paragraph belongs to it
        label = self.article.format(number)
        return Node("article", number, label, heading, text, (*children, *tables, *notes))

    def plain(self) -> tuple[str, list[Node]]:
        more = [Node("text", text=self.sentence()) for _ in range(self.up_to(2))]
        return self.sentence(), more

    def listed(self) -> tuple[str, list[Node]]:
        flush = [Node("text", text=self.sentence()) for _ in range(self.up_to(1))]
        return self.sentence(":"), [*self.subparagraphs(), *flush]

    def paragraphs(self) -> tuple[str, list[Node]]:
        shapes = [self.plain, self.listed, self.itemised, self.introduced, self.quoted]
        found = []
        for number in self.numbers(self.up_to(3)):
            text, children = self.draw(st.sampled_from(shapes))()
            found.append(Node("paragraph", number, f"{number}.", "", text, tuple(children)))
        return "", found

    def itemised(self) -> tuple[str, list[Node]]:
        return self.sentence(":"), [Node("item", "", "-", "", self.clause(";")) for _ in "ab"]

    def introduced(self) -> tuple[str, list[Node]]:
        """Passages that each introduce a list of their own."""
        lists = [
            Node("text", text=self.sentence(":"), children=tuple(self.subparagraphs()))
            for _ in range(self.up_to(2))
        ]
        return self.sentence(), lists

    def quoted(self) -> tuple[str, list[Node]]:
        """An amending paragraph with the article it quotes."""
        lines = (f"«{self.article.format(7)} {self.title()}", f"1. {self.sentence('')}.»;")
        return self.sentence(":"), [Node("text", text=line) for line in lines]

    def subparagraphs(self) -> list[Node]:
        found = []
        for number in self.numbers(1 + self.up_to(3)):
            deeper = self.up_to(3) == 3
            letters = LETTERS[self.lang][: 2 + self.up_to(2)] if deeper else ""
            children = tuple(
                Node("subparagraph", letter, f"{letter})", "", self.clause("."))
                for letter in letters
            )
            text = self.clause(":" if deeper else ".")
            found.append(Node("subparagraph", number, f"{number})", "", text, children))
        return found

    def annexed(self, number: str) -> Node:
        children: tuple[Node, ...] = (*self.paragraphs()[1], self.one_table())
        if len(children) > 1:
            children = children[:-1]
        return Node("annex", number, self.annex.format(number), self.title(), "", children)

    def one_table(self) -> Node:
        width = 2 + self.up_to(2)
        rows = tuple(
            Node("row", text="\t".join(self.word() for _ in range(width)))
            for _ in range(1 + self.up_to(2))
        )
        return Node("table", "1", self.table.format(1), self.title(), "", rows)

    def numbers(self, count: int) -> list[str]:
        """1, 2, 2-1, 3 …"""
        found = []
        for number in range(1, count + 1):
            found.append(str(number))
            if self.up_to(5) == 5:
                found.append(f"{number}-1")
        return found

    def up_to(self, most: int) -> int:
        return int(self.draw(st.integers(0, most)))

    def word(self) -> str:
        return str(self.draw(st.sampled_from(WORDS[self.lang].split())))

    def clause(self, end: str) -> str:
        return " ".join(self.word() for _ in range(2 + self.up_to(4))) + end

    def sentence(self, end: str = ".") -> str:
        return self.clause(end).capitalize()

    def title(self) -> str:
        return self.sentence("")


@st.composite
def trees(draw: Any, lang: str) -> Tree:
    return Grove(draw, lang).tree()


@pytest.mark.parametrize("lang", ["ky", "ru", "kk", "en"])
@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_tree_written_out_is_read_again_as_it_was(lang: str, data: st.DataObject) -> None:
    tree = data.draw(trees(lang))
    assert parse(lines_of(render(tree)), lang) == tree


@given(lines=st.lists(st.text(max_size=60), max_size=30), lang=st.sampled_from(sorted(WORDS)))
@settings(max_examples=150, deadline=None)
def test_no_letter_of_any_text_is_dropped(lines: list[str], lang: str) -> None:
    text = "\n".join(lines)
    assert coverage(text, parse(lines_of(text), lang)) == 1.0


SCRAPS = [
    "1.", "2. Текст", "3-1)", "а)", "б) текст;", "- тире", "Статья 5.", "5-берене", "Article 5",
    "I. Часть", "1.1. Два", "«Статья 5. Так", "так».", "\tячейка", "\t", "", "Приложение 1",
    "1-тиркеме", "№ 1 қосымша", "Сноска. Так", "Оглавление", "Глава 1 ..... 5", "Глава 2\t7",
    "Таблица 1", "а\tб\tв", "[1] Сноска", "слово без конца", "Заголовок", "12. Прыжок", "(i) i",
    "Кыргыз Республикасынын", "программасынын", "Раздел II", "Введение:", "2024-жыл", "§ 3", '"',
]  # fmt: skip


@given(lines=st.lists(st.sampled_from(SCRAPS), max_size=40), lang=st.sampled_from(sorted(WORDS)))
@settings(max_examples=300, deadline=None)
def test_no_letter_of_a_muddled_act_is_dropped_and_every_eid_is_unique(
    lines: list[str], lang: str
) -> None:
    text = "\n".join(lines)
    tree = identify(parse(lines_of(text), lang))
    assert coverage(text, tree) == 1.0
    eids = [node.eid for node in tree.walk()]
    assert len(eids) == len(set(eids))
