"""[pure] How Russian legal texts name and number their provisions. Words only, no rules."""

from drafts.grammar.language import Head, Language

GRAMMAR = Language(
    code="ru",
    number_first=False,
    heads=(
        Head("часть", "part", 1),
        Head("раздел", "section", 2),
        Head("подраздел", "section", 3),
        Head("глава", "chapter", 4),
        Head("параграф", "section", 5),
        Head("§", "section", 5),
        Head("статья", "article", 6),
    ),
    annexes=("приложение",),
    annex_of=r"к(?:о)?\b",
    tables=("таблица",),
    notes=(r"сноска", r"примечани[ея](?:\s+\w{3,5})?", r"ссылка"),
    contents=("оглавление", "содержание"),
    alphabets=(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "абвгдежзийклмнопрстуфхцчшщэюя",
        "абвгдежзиклмнопрстуфхцчшщэюя",
    ),
)
