"""[pure] How a line begins: with the head of a provision, a number, a letter, a dash, or none.

Only the line itself is looked at; what it means among its neighbours is for pieces.py and
growing.py to say.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from drafts.grammar.language import Language
from drafts.grammar.numbering import in_one_script, roman
from drafts.grammar.shape import LONG_HEADING, heading_shaped, title_shaped
from drafts.tree import Kind

NUMBER = r"(?:\d{1,4}[A-ZА-Я]?(?:[-–‑.]\d{1,3})*[⁰¹²³⁴-⁹]*|[IVXLCDMІХ]{1,8}(?:[-–‑]\d{1,3})?(?!\w))"
SMALL = r"\d{1,3}(?:[-–‑]\d{1,3})?"
LETTER = r"(?:[^\W\d_](?:[-–‑]\d{1,2})?|[ivx]{2,5})"
LISTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (style, re.compile(rf"(?P<label>{label})(?P<rest>.*)", re.DOTALL))
    for style, label in (
        ("1.1", r"(?P<number>\d{1,3}(?:\.\d{1,3}(?:[-–‑]\d{1,3})?)+)(?:\.(?!\d)|(?=\s))"),
        ("1.", rf"(?P<number>{SMALL})\.(?!\d)"),
        ("1)", rf"(?P<number>{SMALL})\)"),
        ("(1)", rf"\((?P<number>{SMALL})\)"),
        ("a)", rf"(?P<number>{LETTER})\)"),
        ("(a)", rf"\((?P<number>{LETTER})\)"),
        ("I.", r"(?P<number>[IVXLCDMІХ]{1,7})\.(?!\w)"),
        ("a.", r"(?P<number>[^\W\d_])\.(?=\s)"),
        ("-", r"(?P<number>)(?:[-–—*](?=\s)|[•·▪■●○◦‣∙\uf0b7\uf0a7\uf02d])"),
    )
)
DOUBTFUL = ("I.", "a.")  # initials look like them: they count only where a numbering goes on


@dataclass(frozen=True, slots=True)
class Mark:
    """What a line begins with. `rest` is what stands after it; `sure` is False where the same
    letters could as well be ordinary text, so that only the neighbours can tell."""

    style: str
    number: str
    label: str
    rest: str
    kind: Kind = "text"
    rank: int = 0
    sure: bool = True


def read_mark(text: str, language: Language) -> Mark | None:
    """What the line begins with, if with anything."""
    text = text.strip()
    first = text[:1]
    if not first:
        return None
    if first.isdigit() or first.isupper() or first in "№§[«“":
        spelled = in_one_script(text, language)
        named = _head(spelled, language) or _annex(spelled, language) or _note(spelled, language)
        if named:
            return named if spelled == text else _as_printed(named, text)
    return _list(text)


def _as_printed(mark: Mark, text: str) -> Mark:
    """The mark with its label and rest as they stand in the line, letter for letter as long."""
    rest = text[len(text) - len(mark.rest) :] if mark.rest else ""
    return replace(mark, label=text[: len(mark.label)], rest=rest)


def read_caption(text: str, language: Language) -> Mark | None:
    """The caption of a table: «1-таблица», "Table 2. Indicators"."""
    found = _named(language.tables, language.number_first).match(text.strip())
    if found and _stands_apart(found):
        return Mark("table", found["number"], found["label"], found["rest"].strip(), "table")
    return None


def _head(text: str, language: Language) -> Mark | None:
    nouns = tuple(head.noun for head in language.heads)
    found = _named(nouns, language.number_first).match(text)
    if not found or not _stands_apart(found):
        return None
    head = next(each for each in language.heads if each.noun == found["noun"].lower())
    rest = found["rest"].strip()
    return Mark("head", found["number"], found["label"], rest, head.kind, head.rank)


def _stands_apart(found: re.Match[str]) -> bool:
    """No cross-reference: nothing follows, or a stop does, or a title that is no sentence."""
    rest = found["rest"]
    titled = rest[:1].isspace() and heading_shaped(rest, LONG_HEADING)
    return titled or not rest.strip() or bool(found["stop"])


def _annex(text: str, language: Language) -> Mark | None:
    if not any(noun in text.lower() for noun in language.annexes):
        return None
    before = _annex_before(language).fullmatch(text) if language.number_first else None
    if before:
        return Mark("annex", before["number"] or before["only"] or "", text, "", "annex")
    found = _annex_after(language).match(text)
    if not found:
        return None
    rest = found["rest"].strip()
    joined = not language.number_first and re.match(rf"\s+{language.annex_of}", found["rest"])
    if joined and not title_shaped(rest, LONG_HEADING):
        return None
    if not rest or joined or (found["number"] and _stands_apart(found)):
        return Mark("annex", found["number"] or "", found["label"], rest, "annex")
    return None


def _note(text: str, language: Language) -> Mark | None:
    found = _note_words(language).match(text)
    if not found:
        return None
    number = found["label"].strip("[]") if text[0] == "[" else ""
    return Mark("note", number, found["label"], found["rest"].strip(), "note")


def _list(text: str) -> Mark | None:
    for style, pattern in LISTS:
        found = pattern.match(text)
        if found and _is_number(style, found["number"]):
            label, number = found["label"], found["number"]
            capital = style == "a)" and number.isupper()
            sure = style not in DOUBTFUL and (style != "1.1" or label.endswith("."))
            rest = found["rest"].strip()
            return Mark("A)" if capital else style, number, label, rest, sure=sure)
    return None


def _is_number(style: str, number: str) -> bool:
    if style == "I.":
        return roman(number) > 0
    return style != "a." or number.islower()


def _spelled(nouns: Iterable[str], *, low: bool) -> str:
    spellings = {noun.upper() for noun in nouns} | {noun.capitalize() for noun in nouns}
    spellings |= set(nouns) if low else set()
    return "|".join(sorted(map(re.escape, spellings), key=len, reverse=True))


@cache
def _named(nouns: tuple[str, ...], number_first: bool) -> re.Pattern[str]:
    noun = f"(?P<noun>{_spelled(nouns, low=number_first)})"
    number = rf"(?:№\s*)?(?P<number>{NUMBER})"
    label = rf"{number}\s*[-–‑]?\s*{noun}" if number_first else rf"{noun}\s*{number}"
    dash = r"(?:\s+[-–—](?=\s))?"  # «Статья 5 – Понятия»
    return re.compile(rf"(?P<label>{label}(?P<stop>[.:]?){dash})(?!\w)(?P<rest>.*)", re.DOTALL)


@cache
def _annex_after(language: Language) -> re.Pattern[str]:
    noun = _spelled(language.annexes, low=False)
    label = rf"(?:{noun})(?:\s*(?:№\s*)?(?P<number>{NUMBER}))?(?P<stop>[.:]?)"
    return re.compile(rf"(?P<label>{label})(?!\w)(?P<rest>.*)", re.DOTALL)


@cache
def _annex_before(language: Language) -> re.Pattern[str]:
    act = rf"[^;:!?]{{2,400}}{language.annex_of}\s+"
    number = rf"(?:№\s*)?(?P<number>{NUMBER})\s*[-–‑]?\s*"
    noun = _spelled(language.annexes, low=True)
    only = number.replace("<number>", "<only>")
    return re.compile(rf"(?:{act}(?:{number})?|{only})(?:{noun})\.?", re.DOTALL)


@cache
def _note_words(language: Language) -> re.Pattern[str]:
    words = "|".join(language.notes)
    return re.compile(
        rf"(?P<label>(?:{words})(?:\s*№?\s*\d+)?\s*[.:!]|\[\d{{1,3}}\])\s*(?P<rest>.*)",
        re.DOTALL | re.IGNORECASE,
    )
