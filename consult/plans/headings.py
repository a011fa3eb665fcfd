"""[pure] How the columns of a plan are headed in a spreadsheet. Words only: adding one is easy.

Words are beginnings of words, in small letters; the first role one of whose words stands in a
heading is the column's. Of two letters, the word is the whole of it.
"""

import re
from typing import NamedTuple

ROLES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "month",
        (
            *("срок", "месяц", "дата", "когда"),
            *("мөөнөт", "ай", "айы", "күнү", "качан"),
            *("мерзім", "күні", "қашан"),
            *("month", "expected", "when", "date"),
        ),
    ),
    (
        "summary",
        (
            *("кратк", "содержан", "описан", "аннотац", "суть"),
            *("кыскача", "мазмун", "сүрөттө"),
            *("қысқаша", "мазмұн", "сипаттама"),
            *("summary", "about", "description"),
        ),
    ),
    ("act_type", (*("вид", "тип"), "түрү", "түрі", *("type", "kind"))),
    ("topic", (*("тема", "сфера", "отрасл"), "тармак", *("тақырып", "сала"), "topic")),
    (
        "title",
        (
            *("назван", "наименован", "заголов", "проект", "законопроект"),
            *("аталыш", "аты", "долбоор"),
            *("атау", "жоба"),
            *("title", "name"),
        ),
    ),
)

LANGS = {
    "ky": ("ky", "кырг", "kyr", "kir", "қырғ"),
    "ru": ("ru", "рус", "орус", "орыс", "rus"),
    "kk": ("kk", "каз", "қаз", "kaz"),
    "en": ("en", "анг", "ағыл", "eng"),
}


class Column(NamedTuple):
    """What a column holds; `lang` is "" where the heading names no language."""

    role: str
    lang: str = ""


def column_of(heading: str) -> Column | None:
    """What a column with this heading holds; None when its words are not known."""
    words = re.findall(r"[^\W\d_]+", heading.casefold())
    role = next((role for role, known in ROLES if _named(words, known)), None)
    if role is None:
        return None
    if role not in {"title", "summary"}:
        return Column(role)
    return Column(role, next((code for code, known in LANGS.items() if _named(words, known)), ""))


def _named(words: list[str], known: tuple[str, ...]) -> bool:
    return any(
        word == name or (len(name) > 2 and word.startswith(name))
        for word in words
        for name in known
    )
