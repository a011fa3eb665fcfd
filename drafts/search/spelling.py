"""[pure] Typing errors: the word that stands in a draft and is nearest to one that stands nowhere.

Letters are compared folded, so a keyboard without them makes no error. Two letters that changed
places are one error (Damerau 1964, in its restricted form).
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from drafts.search.analyzers import LANGUAGES, fold, replace_words, stem
from drafts.search.interface import Query
from drafts.search.syntax import Clause, parse

SHORTEST = 4  # letters of a word that may be mistyped; shorter ones are near to far too many
SHORTEST_BEGINNING = 5
MOST_MISSPELT = 4  # words of one query
LONG = 6  # letters from which on two errors are looked for, and not one


class Words:
    """The words of all drafts, each with the number of texts it stands in."""

    def __init__(self, words: Iterable[tuple[str, int]]) -> None:
        self._texts: Counter[str] = Counter()
        self._spelt: dict[str, tuple[int, str]] = {}  # the commonest spelling of a folded word
        for word, texts in words:
            if len(word) < SHORTEST or not word.isalpha():
                continue
            folded = fold(word)
            self._texts[folded] += texts
            self._spelt[folded] = max(self._spelt.get(folded, (0, "")), (texts, word))
        self._all = list(self._texts)
        self._by_letter: dict[str, list[str]] = {}
        for word in self._all:
            self._by_letter.setdefault(word[0], []).append(word)

    def nearest(self, word: str) -> str:
        """The word it may be a misspelling of, as most drafts spell it; "" if there is none.

        Of equally near ones the commonest.
        """
        folded = fold(word)
        if len(folded) < SHORTEST or not folded.isalpha():
            return ""
        near = _near(folded, self._all) or self._near_in_another_form(folded)
        ranked = [(distance, -self._texts[one], one) for distance, one in near if one != folded]
        return self._spelt[min(ranked)[2]][1] if ranked else ""

    def _near_in_another_form(self, folded: str) -> list[tuple[int, str]]:
        """Words that begin nearly as the word does without its ending, where that tells enough.

        Their first letters are the same: few err in it, and all words would take too long.
        """
        words = self._by_letter.get(folded[0], [])
        found: list[tuple[int, str]] = []
        for begun in {fold(stem(folded, lang)) for lang in LANGUAGES}:
            for length in (len(begun), len(begun) + 1) if len(begun) >= SHORTEST_BEGINNING else ():
                near = {
                    start: far for far, start in _near(begun, {word[:length] for word in words})
                }
                found += [(near[word[:length]], word) for word in words if word[:length] in near]
        return found


def _near(word: str, others: Collection[str]) -> list[tuple[int, str]]:
    most = 1 if len(word) < LONG else 2
    found = process.extract(word, others, scorer=OSA.distance, score_cutoff=most, limit=None)
    return [(int(distance), other) for other, distance, _ in found]


def corrected(query: Query, words: Words, stands: Callable[[Clause], bool]) -> str:
    """The text of the query with its misspelt words put right; "" if there is nothing to put right.

    `stands` says whether anything at all is found by a clause. With very many words that stand
    nowhere it is left as it is: to look for each takes a moment, and it is no slip of a finger.
    """
    instead: dict[str, str] = {}
    for clause in parse(query.text):
        if clause.kind == "prefix" or stands(clause):
            continue
        for word in clause.text.split():
            if clause.kind == "word" or not stands(Clause("word", word)):
                instead[word] = ""
    if len(instead) > MOST_MISSPELT:
        return ""
    instead = {word: words.nearest(word) for word in instead}
    instead = {word: nearest for word, nearest in instead.items() if nearest}
    return replace_words(query.text, instead) if instead else ""
