"""[pure] From a text to the words a search compares. Every engine is fed from here, none analyses.

A word is stemmed by the language of its text, and its stem says which ("ky:мыйзам"). Bare letters
do not tell whether a query is Kyrgyz, Russian or Kazakh, so `readings` stems it by all three; the
mark keeps a stem made by Russian rules from matching a Kyrgyz text. The interface language only
ranks. No index and no query syntax here.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

import Stemmer

from drafts.search import stemming_kk, stemming_ky

LANGUAGES = ("ky", "ru", "kk", "en")
SHORTEST_STEM = 3
LONGEST_WORD = 60  # letters; engines set limits to a word, and nobody types more of it

# Letters and digits, and what may hang on or hide between them: accents, soft hyphens, joiners.
_MARKS = "\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff"
_RUN = rf"[^\W_]+(?:[{_MARKS}]+[^\W_]*)*"
_WORD = re.compile(rf"{_RUN}(?:['’]{_RUN})*")
_DROPPED = re.compile(f"[{_MARKS}]")
_CYRILLIC = re.compile("[\u0400-\u052f]")

_FOLDED = str.maketrans("өүңқғәіұһё", "оункгаиухе")
_VOICELESS = {"б": "п", "г": "к", "ғ": "қ"}  # китеп, китеби; құқық, құқығы


class Token(NamedTuple):
    """One word of a text: where it stands in it, and the two forms it is compared by."""

    start: int
    end: int
    word: str  # normalised
    exact: str  # language and stem as spelt: "ky:кеңеш"
    folded: str  # the same on any keyboard: "ky:кенеш"


def normalised(word: str) -> str:
    """NFKC, casefold, no combining accents, soft hyphens or joiners; ’ is '; cut if endless."""
    word = unicodedata.normalize("NFKC", word[:LONGEST_WORD]).casefold()
    return _DROPPED.sub("", unicodedata.normalize("NFKC", word)).replace("’", "'")


def fold(word: str) -> str:
    """A normalised word without the letters many keyboards lack, one letter for one letter."""
    return word.translate(_FOLDED)


def tokens(text: str, lang: str) -> Iterator[Token]:
    """The words of a text in `lang`, in order.

    A word in another script is stemmed by that script's language: English in a Kyrgyz text by
    English, Russian in an English one by Russian. A number has no language.
    """
    for match in _WORD.finditer(text):
        yield Token(match.start(), match.end(), *_forms(match[0][:LONGEST_WORD], lang))


def words(text: str) -> list[str]:
    """The words of a text, normalised, in order."""
    return [normalised(match[0]) for match in _WORD.finditer(text)]


def replace_words(text: str, instead: Mapping[str, str]) -> str:
    """The text with some of its words, named normalised, exchanged for others."""
    return _WORD.sub(lambda match: instead.get(normalised(match[0]), match[0]), text)


def readings(text: str, lang: str = "") -> list[tuple[Token, ...]]:
    """A query's words as each language would stem them, without repetition; or `lang` alone."""
    langs = (lang,) if lang else LANGUAGES
    return list(dict.fromkeys(tuple(tokens(text, lang)) for lang in langs))


def stem(word: str, lang: str) -> str:
    """What is left of a normalised word without its inflection; itself in an unknown language.

    Never shorter than three letters. For ky and kk a second stemming changes nothing.
    """
    if table := TURKIC.get(lang):
        return table.stem(word)
    if lang in _SNOWBALL:
        with _SNOWBALL_IN_USE:
            shorter = str(_SNOWBALL[lang].stemWord(word))
        return shorter if len(shorter) >= SHORTEST_STEM else word
    return word


@lru_cache(maxsize=1 << 18)  # some 100 MB at most: what a rebuild of a national index needs
def _forms(printed: str, lang: str) -> tuple[str, str, str]:
    word = normalised(printed)
    lang = _language(word, lang)
    shorter, bare = stem(word, lang), fold(word)
    folded = fold(shorter if bare == word else stem(bare, lang))
    return word, f"{lang}:{shorter}", f"{lang}:{folded}"


def _language(word: str, lang: str) -> str:
    if _CYRILLIC.search(word):
        return "ru" if lang == "en" else lang
    return "en" if any(letter.isalpha() for letter in word) else ""


class Turkic:
    """Strips the endings of a table, the longest that fits first, until none fits."""

    def __init__(self, endings: tuple[tuple[str, str], ...], roots: str, worn: dict[str, str]):
        self._after: dict[str, set[str]] = {}
        for after, alike in endings:
            for ending in alike.split():
                self._after.setdefault(ending, set()).update(after)
        self._longest = max(map(len, self._after))
        self._roots = {fold(root) for root in roots.split()}
        self._worn = {fold(inflected): root for inflected, root in worn.items()}

    def stem(self, word: str) -> str:
        rest = fold(word)
        while shorter := self._without_ending(rest):
            rest = shorter
        if whole := self._worn.get(rest):
            return whole
        kept = word[: len(rest)]
        return kept[:-1] + _VOICELESS.get(kept[-1:], kept[-1:])

    def _without_ending(self, word: str) -> str:
        if word in self._roots:
            return ""
        fitting = ""
        for cut in range(max(SHORTEST_STEM, len(word) - self._longest), len(word)):
            after = self._after.get(word[cut:])
            if after and word[:cut] in self._roots:
                return word[:cut]
            if after and not fitting and word[cut - 1] in after:
                fitting = word[:cut]
        return fitting


TURKIC = {
    "ky": Turkic(stemming_ky.ENDINGS, stemming_ky.ROOTS, stemming_ky.WORN),
    "kk": Turkic(stemming_kk.ENDINGS, stemming_kk.ROOTS, stemming_kk.WORN),
}
_SNOWBALL = {"ru": Stemmer.Stemmer("russian", 0), "en": Stemmer.Stemmer("english", 0)}
_SNOWBALL_IN_USE = Lock()  # a stemmer keeps its last word in itself

_RULES = [(table.ENDINGS, table.ROOTS, table.WORN) for table in (stemming_ky, stemming_kk)]
# Changes whenever an index made by these rules would no longer fit the queries made by them.
FINGERPRINT = hashlib.sha256(repr([_RULES, _FOLDED, Stemmer.version()]).encode()).hexdigest()[:12]
