"""Which provision a row of a comparative table is about: by its words, its place, its name."""

from typing import Any

from drafts.comparative.linking import suggest
from drafts.comparative.rows import Words
from drafts.tree import Node, Tree, identify

AMENDING = identify(
    Tree(
        "ru",
        (
            Node(
                "article", "1", "Статья 1.", "", "Внести в Закон следующие изменения:",
                (
                    Node("paragraph", "1", "1)", "", "в статье 12 слово «пять» заменить;"),
                    Node(
                        "paragraph", "2", "2)", "", "статью 13 изложить в следующей редакции:",
                        (Node("text", text="«Библиотека открыта шесть дней, кроме праздников.»"),),
                    ),
                    Node("paragraph", "3", "3)", "", "в статьях 120 и 121 слова исключить."),
                ),
            ),
            Node("article", "2", "Статья 2.", "", "Закон вступает в силу."),
        ),
    )
)  # fmt: skip


def test_a_row_is_linked_to_the_provision_that_makes_the_change() -> None:
    wids = {node.label or "text": node.wid for node in AMENDING.walk()}
    proposed = "Библиотека открыта шесть дней, кроме праздников."
    rows = {
        Words("Закон «О библиотеках»"): "",
        Words("Статья 12, часть 2", "пять", "шесть"): wids["1)"],
        Words("Статья 13", "пять", proposed): wids["text"],
        Words("", "пять", proposed): wids["text"],
        Words("статья 2", "", "вступает завтра"): wids["Статья 2."],
        Words("Статья 99", "", "нет такой"): "",
        Words("Преамбула", "", "нет такой"): "",
        Words("ст", "", ""): "",
    }
    assert suggest(list(rows), AMENDING) == list(rows.values())


def test_in_kyrgyz_the_number_comes_first() -> None:
    tree = identify(
        Tree(
            "ky",
            (
                Node("paragraph", "1", "1.", "", "12-берененин 2-бөлүгү алынып салынсын."),
                Node("paragraph", "2", "2.", "", "112-беренеде сөздөр алмаштырылсын."),
            ),
        )
    )
    assert suggest([Words("12-берене", "а", "б")], tree) == [tree.nodes[0].wid]


class Told:
    """A provision that counts how often its words are asked for."""

    kind, number = "paragraph", ""

    def __init__(self, n: int) -> None:
        self.wid, self.asked, self.words = f"p_{n}", 0, f"{n}) в статье {n} слова исключить;"

    @property
    def text(self) -> str:
        self.asked += 1
        return self.words


class Law:
    """As much of a tree as suggesting needs."""

    lang = "ru"

    def __init__(self) -> None:
        self.nodes = [Told(n) for n in range(5)]

    def walk(self) -> list[Told]:
        return self.nodes


def test_each_provision_is_read_as_often_whatever_the_number_of_rows() -> None:
    def asked(rows: int) -> int:
        law: Any = Law()
        said = "слова о библиотеке, которых нигде нет"
        links = suggest([Words(f"Статья {n % 5}", "а", f"{said} {n}") for n in range(rows)], law)
        assert links == [f"p_{n % 5}" for n in range(rows)]
        return sum(node.asked for node in law.nodes)

    assert asked(100) == asked(1)


def test_a_row_is_linked_by_how_its_wording_begins_where_it_goes_on_otherwise() -> None:
    begins = "Библиотека каждого села открыта шесть дней, кроме праздников"
    one, two = (Node("text", text=f"Часть {n}. {begins}, и {n} час утром.") for n in (1, 2))
    rows = [
        Words("", "пять", f"{begins.upper()} – и всё."),
        Words("", "пять", begins),
        Words("", "пять", f"Совсем иначе. {begins}."),
        Words("", "пять", begins[:20]),
    ]
    alone = identify(Tree("ru", (one,)))
    wid = alone.nodes[0].wid
    assert suggest(rows, alone) == [wid, wid, "", ""]
    assert suggest(rows, identify(Tree("ru", (one, two)))) == [""] * 4
