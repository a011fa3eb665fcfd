"""[pure] How Kyrgyz legal texts name and number their provisions. Words only, no rules."""

from drafts.grammar.language import Head, Language

GRAMMAR = Language(
    code="ky",
    number_first=True,
    heads=(
        Head("бөлүк", "part", 1),
        Head("бөлүм", "section", 2),
        Head("бөлүмчө", "section", 3),
        Head("глава", "chapter", 4),
        Head("параграф", "section", 5),
        Head("берене", "article", 6),
    ),
    annexes=("тиркеме", "тиркемеси"),
    annex_of=r"(?:[нтд][ыиуү]н|[гк][аеоө]|[нс][аеоө])",
    tables=("таблица", "таблицасы"),
    notes=(r"эскертүү(?:лөр)?", r"эскертме(?:лер)?", r"шилтеме", r"сноска"),
    contents=("мазмуну",),
    alphabets=(
        "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюя",
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "абвгдежзийклмнопрстуфхцчшщэюя",
        "абвгдежзиклмнопрстуфхцчшщэюя",
    ),
)
