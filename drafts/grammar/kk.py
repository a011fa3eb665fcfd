"""[pure] How Kazakh legal texts name and number their provisions. Words only, no rules."""

from drafts.grammar.language import Head, Language

GRAMMAR = Language(
    code="kk",
    number_first=True,
    heads=(
        Head("бөлік", "part", 1),
        Head("бөлім", "section", 2),
        Head("кіші бөлім", "section", 3),
        Head("тарау", "chapter", 4),
        Head("параграф", "section", 5),
        Head("бап", "article", 6),
    ),
    annexes=("қосымша", "қосымшасы"),
    annex_of=r"(?:[нтд][ыі]ң|[ғқгк][ае]|[н][ае])",
    tables=("кесте", "кестесі"),
    notes=(r"ескерту(?:лер)?", r"ескертпе(?:лер)?", r"\w{3,5}-ның\s+ескертпесі", r"сілтеме"),
    contents=("мазмұны",),
    alphabets=(
        "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя",
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "абвгдежзийклмнопрстуфхцчшщэюя",
        "абвгдежзиклмнопрстуфхцчшщэюя",
    ),
)
