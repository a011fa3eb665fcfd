"""What the rules of the Kyrgyz and Kazakh stemmers are worth: `--stems`.

They are compared with no stemming and with keeping the first letters of a word only, and each group
of endings is left out alone. Measured are: how many of the generated forms of nouns
(tests/inflecting.py) meet their noun; how many nouns of the synonyms are taken for another; what
becomes of the judged queries of the language (consult/demo/relevance.toml); and the index.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from consult.demo.relevance import ask_all, fill, judged_set
from drafts.search import analyzers, stemming_kk, stemming_ky
from drafts.search.analyzers import tokens
from drafts.search.judging import score
from drafts.search.synonyms.queries import beginning
from drafts.search.whoosh_engine import WhooshEngine
from drafts.search.widening import Thesaurus
from tests.bench.report import table
from tests.inflecting import NOUNS, forms

TABLES = {"ky": stemming_ky, "kk": stemming_kk}
SHOWN = 40  # characters of a group of endings


@dataclass(frozen=True, slots=True)
class Beginning:
    """A stemmer that keeps so many letters, however long the word."""

    letters: int

    def stem(self, word: str) -> str:
        """The first letters."""
        return word[: self.letters]


def measure() -> str:
    """A table for each language."""
    return "\n\n".join(_of_language(lang) for lang in TABLES)


def _of_language(lang: str) -> str:
    rules = TABLES[lang]
    whole = analyzers.Turkic(rules.ENDINGS, rules.ROOTS, rules.WORN)
    rows = [_row("the rules", lang, whole)]
    rows += [_row("no stemming", lang, Beginning(analyzers.LONGEST_WORD))]
    rows += [_row(f"first {n} letters", lang, Beginning(n)) for n in (3, 4, 5)]
    rows += [_row("without roots", lang, analyzers.Turkic(rules.ENDINGS, "", rules.WORN))]
    rows += [_row("without worn roots", lang, analyzers.Turkic(rules.ENDINGS, rules.ROOTS, {}))]
    for number, (after, alike) in enumerate(rules.ENDINGS):
        fewer = rules.ENDINGS[:number] + rules.ENDINGS[number + 1 :]
        name = f"without {alike} after {after}"[:SHOWN]
        rows.append(_row(name, lang, analyzers.Turkic(fewer, rules.ROOTS, rules.WORN)))
    head = [f"{lang}", "forms met", "nouns mixed", "nDCG@10", "recall", "wrong", "stems", "index"]
    return table(head, rows)


def _row(name: str, lang: str, stemmer: object) -> list[str]:
    with _instead(lang, stemmer):
        met, mixed = _forms_met(lang), _nouns_mixed(lang)
        judged = judged_set()
        own = replace(judged, queries=tuple(one for one in judged.queries if one.lang == lang))
        with tempfile.TemporaryDirectory(prefix="kenesh-stems-") as name_of_folder:
            folder = Path(name_of_folder)
            engine = WhooshEngine(folder)
            fill(engine, own)
            thesaurus = Thesaurus(one.group for one in beginning().values())
            found = score(ask_all(engine, own, thesaurus))
            size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        texts = [one for documents in judged.drafts.values() for one in documents]
        stems = {
            token.folded
            for one in texts
            if one.lang == lang
            for text in (one.title, one.heading, one.body)
            for token in tokens(text, lang)
        }
    figures = [f"{met:.3f}", f"{mixed:.3f}", f"{found.ndcg:.3f}", f"{found.recall:.3f}"]
    return [name, *figures, str(found.wrong), str(len(stems)), f"{size / 1000:.0f} kB"]


def _folded(word: str, lang: str) -> str:
    return next(tokens(word, lang)).folded


def _forms_met(lang: str) -> float:
    pairs = [(noun, form) for noun in NOUNS[lang].split() for _, form in forms(noun, lang)]
    return sum(_folded(noun, lang) == _folded(form, lang) for noun, form in pairs) / len(pairs)


def _nouns_mixed(lang: str) -> float:
    """The share of the words of the synonyms that cannot be told from another of them."""
    said = (word for one in beginning().values() for word in one.words.get(lang, ()))
    words = {word for word in (*said, *NOUNS[lang].split()) if " " not in word and "-" not in word}
    stems = Counter(_folded(word, lang) for word in words)
    return sum(stems[_folded(word, lang)] > 1 for word in words) / len(words)


@contextmanager
def _instead(lang: str, stemmer: object) -> Iterator[None]:
    kept = analyzers.TURKIC[lang]
    analyzers.TURKIC[lang] = stemmer  # type: ignore[assignment]
    analyzers._forms.cache_clear()
    try:
        yield
    finally:
        analyzers.TURKIC[lang] = kept
        analyzers._forms.cache_clear()
