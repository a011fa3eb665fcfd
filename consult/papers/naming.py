"""[pure] Which provision of a draft a line of somebody's paper is about, if it names one.

«Статья 5», «к ст. 5», «5-берене», «5-бапка», «пункт 2 статьи 7»: nouns and numbers are read
by the grammar of every language (drafts/grammar) and the words of letters (words.py), whatever
languages the draft has, and count only where it has such a provision.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from consult.papers.words import NO_WORDS, PART_OF_ARTICLE, WORDS
from drafts.grammar.language import Language, grammar_of
from drafts.grammar.marks import NUMBER
from drafts.grammar.numbering import in_one_script, readings
from drafts.tree import HEADED

LEAD = re.compile(r"(?:\d{1,3}[.)]|[-–—•·*])\s+")  # a list of remarks numbers or dots them
SMALL_NUMBER = rf"(?:{NUMBER}|[^\W\d_](?:[-–‑]\d{{1,2}})?)(?![^\W_])"
NUMBERED = re.compile(r"\d|[IVXLCDMІХ]{2}")  # surely a number; «Part I think» may be none
CLOSED = re.compile(r"\s*[.:;]?\s*$|\s*:")  # nothing more is said on the line, or a colon
JOINT = re.compile(  # «1, 2 и 3 статьи 7»: the first counts
    r"(?:\s*(?:,|и|and)\s*\d{1,3}(?![\w.)–‑-]))*[\s,]*(?:of\s+(?:the\s+)?)?", re.IGNORECASE
)
ARTICLE_RANK = 6
ANNEX_RANK = 0
Alphabets = tuple[str, ...]
VOICED = {"п": "[пб]", "к": "[кг]", "қ": "[қғ]"}  # «бап», «бабы»; «бөлүк», «бөлүгү»


@dataclass(frozen=True, slots=True)
class Named:
    """A provision as one text of the draft has it; `above` are the wids of what it stands in."""

    wid: str
    lang: str
    kind: str
    number: str
    label: str = ""
    heading: str = ""
    above: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What a line names: the provision, and whether the line says nothing but its name."""

    wid: str
    bare: bool


@dataclass(frozen=True, slots=True)
class Unit:
    """One noun with its number: "статьи 7". `kind` is "" for a part of an article."""

    kind: str
    number: str
    rank: int
    ending: str


@dataclass(frozen=True, slots=True)
class Noun:
    """How a kind of provision is called, as patterns; `kind` is "" for a part of an article."""

    stem: str
    ending: str
    kind: str
    rank: int


@dataclass(frozen=True, slots=True)
class Said:
    """What a line in this language speaks of, and where that ends."""

    units: list[Unit]
    lang: str
    end: int


class Names:
    """The provisions of one version, in all its languages, to look them up by what they are called.

    `named` are in reading order, each language by itself.
    """

    def __init__(self, named: Sequence[Named]) -> None:
        self._texts: dict[str, list[Named]] = {}
        for one in named:
            self._texts.setdefault(one.lang, []).append(one)
        self._above = {one.wid: one.above for one in named}
        self._headings = {
            squeezed: one for one in named for squeezed in _printed(one) if one.kind in HEADED
        }

        self._langs = tuple(dict.fromkeys((*self._texts, *WORDS)))

    def is_within(self, wid: str, outer: str) -> bool:
        """Whether a provision stands in another."""
        return outer in self._above.get(wid, ())

    def read(self, line: str, current: str = "") -> Found | None:
        """The provision a line begins by naming, `current` being what the lines above are about."""
        line = line.strip()
        if printed := self._headings.get(_squeezed(line)):
            return Found(printed.wid, bare=True)
        for said in self._said(line):
            if one := self._resolve(said.units, said.lang, current):
                return Found(one.wid, bare=_says_no_more(line[said.end :], one))
        return None

    def names_nothing(self, line: str, current: str = "") -> bool:
        """Whether a line reads like the name of a provision, and the draft has none like it."""
        line = line.strip()
        if self.read(line, current):
            return False
        return any(
            CLOSED.match(line, said.end) or any(NUMBERED.search(one.number) for one in said.units)
            for said in self._said(line)
        )

    def _said(self, line: str) -> Iterator[Said]:
        """What the line begins by speaking of, in any language, those of the draft first."""
        for start in _starts(line):
            for lang in self._langs:
                spelled = in_one_script(line, grammar_of(lang))  # «Cтатья» with a Latin letter
                units, end = _reference(spelled, start, lang)
                if units and not _only_mentioned(spelled, start, units, end, lang):
                    yield Said(units, lang, end)

    def _resolve(self, units: Sequence[Unit], said_in: str, current: str) -> Named | None:
        """In the text of the language it is said in, if there is one, else in any."""
        for lang in sorted(self._texts, key=lambda lang: lang != said_in):
            alphabets = grammar_of(said_in).alphabets + grammar_of(lang).alphabets
            if one := self._innermost(units, self._texts[lang], alphabets, current):
                return one
        return None

    def _innermost(
        self, units: Sequence[Unit], text: Sequence[Named], alphabets: Alphabets, current: str
    ) -> Named | None:
        """From the outermost to the innermost; the last that is there, if the first is."""
        scope: Named | None = None
        for unit in sorted(_as_meant(units), key=lambda unit: unit.rank):
            inner = self._find(unit, text, alphabets, scope, current)
            if inner is None:
                break
            scope = inner
        return scope

    def _find(
        self,
        unit: Unit,
        text: Sequence[Named],
        alphabets: Alphabets,
        scope: Named | None,
        current: str,
    ) -> Named | None:
        if scope is not None:
            text = [one for one in text if scope.wid in one.above]
        if unit.kind:
            heads = [one for one in text if one.kind == unit.kind]
            found = [one for one in heads if _same(one.number, unit.number, alphabets)]
            if found or unit.kind != "part":
                return found[0] if found else None
        small = [
            one
            for one in text
            if one.kind not in HEADED and _same(one.number, unit.number, alphabets)
        ]
        if scope is None:
            small = list(self._near(small, text, current))
        return min(small, key=lambda one: len(one.above), default=None)

    def _near(self, small: Sequence[Named], text: Sequence[Named], current: str) -> Iterator[Named]:
        """Of parts of articles those in the article that is spoken of; all, if there is none."""
        if not any(one.kind == "article" for one in text):
            yield from small
            return
        for outer in (current, *reversed(self._above.get(current, ()))):
            here = [one for one in small if outer and outer in one.above]
            if here:
                yield from here
                return


def _printed(one: Named) -> Iterator[str]:
    """A heading as the draft prints it, with its label and without; a label without a number."""
    if one.label and not one.number:
        yield _squeezed(one.label)
    if one.heading:
        yield _squeezed(f"{one.label} {one.heading}")
    if len(one.heading) > 1:
        yield _squeezed(one.heading)


def _squeezed(text: str) -> str:
    return " ".join(text.split()).strip(" .:").casefold()


def _starts(line: str) -> Iterator[int]:
    """Where a name may begin: at the beginning, or behind the number or dash of a list."""
    yield 0
    if lead := LEAD.match(line):
        yield lead.end()


def _reference(line: str, start: int, lang: str) -> tuple[list[Unit], int]:
    """The units a line begins with, and where they end."""
    words = WORDS.get(lang, NO_WORDS)
    opening = _opening(words.before, words.within).match(line, start)
    at = opening.end() if opening else start
    units: list[Unit] = []
    end = at
    while found := _unit(lang).match(line, at):
        units.append(_as_unit(found, lang))
        end = found.end()
        joint = JOINT.match(line, end)
        at = joint.end() if joint else end
    return units, end


@cache
def _opening(before: str, within: str) -> re.Pattern[str]:
    return re.compile(rf"(?P<within>{within})|{before}", re.IGNORECASE)


def _only_mentioned(line: str, start: int, units: Sequence[Unit], end: int, lang: str) -> bool:
    """Whether the line only says where something is found («В статье 5 сказано …», "5-беренеде").

    So does one that names the article of another act.
    """
    words = WORDS.get(lang, NO_WORDS)
    if re.compile(words.elsewhere, re.IGNORECASE).match(line, end):
        return True
    opening = _opening(words.before, words.within).match(line, start)
    told = units[-1] if grammar_of(lang).number_first else units[0]
    within = (opening and opening["within"]) or re.fullmatch(
        words.within_ending, told.ending, re.IGNORECASE
    )
    return bool(within) and not CLOSED.match(line, end)


def _says_no_more(rest: str, one: Named) -> bool:
    return _squeezed(rest.strip(" .:;,–—-")) in ("", _squeezed(one.heading))


def _as_meant(units: Sequence[Unit]) -> list[Unit]:
    """«Часть 2 статьи 7» is a part of the article, not of the act."""
    in_article = any(unit.rank == ARTICLE_RANK for unit in units)
    return [
        Unit("", unit.number, PART_OF_ARTICLE, unit.ending)
        if unit.kind == "part" and in_article
        else unit
        for unit in units
    ]


def _same(one: str, said: str, alphabets: Alphabets) -> bool:
    """Whether two numbers are one: «5-1» and «5.1», «IV» and «iv»; of «5–7» the first counts."""
    if one.casefold() == said.casefold():
        return True
    first, _, last = re.sub("[–‑]", "-", said).partition("-")
    if first.isdecimal() and last.isdecimal() and int(last) > int(first) and one == first:
        return True
    return bool(set(readings(one, alphabets)) & set(readings(said, alphabets)))


@cache
def _nouns(lang: str) -> list[Noun]:
    """What the language calls provisions, in full and for short, the longest name first."""
    language, words = grammar_of(lang), WORDS.get(lang, NO_WORDS)
    small = {noun: ("", rank) for noun, rank in words.small}
    heads = {head.noun: (str(head.kind), head.rank) for head in language.heads}
    annexes = dict.fromkeys(language.annexes, ("annex", ANNEX_RANK))
    meant = small | annexes | heads
    found = {noun: Noun(_stem(noun, language), _ending(language), *meant[noun]) for noun in meant}
    for short, noun in words.short:
        found[short] = Noun(_short(short, language), _stop(language), *meant[noun])
    return [found[name] for name in sorted(found, key=len, reverse=True)]


def _as_unit(found: re.Match[str], lang: str) -> Unit:
    nouns = _nouns(lang)
    at = next(at for at in range(len(nouns)) if found[f"noun{at}"] is not None)
    number, ending = found["number"] or found["letter"] or "", found[f"ending{at}"] or ""
    return Unit(nouns[at].kind, number, nouns[at].rank, ending)


@cache
def _unit(lang: str) -> re.Pattern[str]:
    """A noun in any of its cases with its number, as the language orders them."""
    noun = "|".join(
        f"(?P<noun{at}>{one.stem})(?P<ending{at}>{one.ending})"
        for at, one in enumerate(_nouns(lang))
    )
    number = rf"[«“\"(]?(?:(?P<number>{NUMBER})|(?P<letter>{SMALL_NUMBER}))[»”\"]?\)?"
    if grammar_of(lang).number_first:
        return re.compile(rf"(?:№\s*)?{number}\s*[-–‑]?\s*(?:{noun})(?!\w)", re.IGNORECASE)
    return re.compile(rf"(?:{noun})(?:\s*(?:№\s*)?{number}(?!\w))", re.IGNORECASE)


def _stem(noun: str, language: Language) -> str:
    """What all cases of a noun have in common."""
    if language.number_first:
        return re.escape(noun[:-1]) + VOICED.get(noun[-1], re.escape(noun[-1]))
    stem = noun if noun.isascii() or not noun.isalpha() else noun.rstrip("аяьеи")
    return re.escape(stem)


def _ending(language: Language) -> str:
    return r"[^\W\d_]*" if language.number_first else r"[^\W\d_]{0,3}"


def _short(short: str, language: Language) -> str:
    """An abbreviation; behind a number it is joined to it: «5-б.», for «2 т.» are two tonnes."""
    joined = r"(?<=[-–‑])" if language.number_first else ""
    return joined + re.escape(short).replace(r"\.", r"\.\s*")


def _stop(language: Language) -> str:
    """What ends an abbreviation: a stop; without one, the end of the line or a number in digits."""
    return r"\.|(?=\s*(?::|$))" if language.number_first else r"\.|(?=\s*(?:№\s*)?\d)"
