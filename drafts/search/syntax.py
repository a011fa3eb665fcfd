"""[pure] What a person types into the search box, taken apart. Nothing typed is an error.

Words are all required, «"a phrase"» in any quotation marks keeps its order, «мыйз*» is a beginning.
What other signs join (8-1-берене, веб-сайт) is a phrase too.
"""

import re
from dataclasses import dataclass
from typing import Literal

from drafts.search.analyzers import fold, words
from drafts.search.function_words import FUNCTION_WORDS

LONGEST_QUERY = 300  # characters; the rest is not read
MOST_CLAUSES = 12

_CHUNK = re.compile(r'["«»“”„](?P<phrase>[^"«»“”„]*)["»“”]|(?P<other>[^\s"«»“”„]+)')


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing that must be found; `text` has one word, or several if it is a phrase."""

    kind: Literal["word", "phrase", "prefix"]
    text: str


def parse(text: str) -> tuple[Clause, ...]:
    """The clauses of a query, without repetition; none if it has no letter and no digit.

    Words that only serve grammar are left out where something else is asked.
    """
    found: dict[Clause, None] = {}
    for chunk in _CHUNK.finditer(text[:LONGEST_QUERY]):
        clause = _clause(chunk["phrase"] or chunk["other"] or "", starred=bool(chunk["other"]))
        if clause:
            found[clause] = None
    telling = [clause for clause in found if not _only_grammar(clause)]
    return tuple(telling or found)[:MOST_CLAUSES]


def _clause(chunk: str, *, starred: bool) -> Clause | None:
    count = len(words(chunk))
    if count == 1 and starred and chunk.endswith("*"):
        return Clause("prefix", words(chunk)[0])
    if count:
        return Clause("phrase" if count > 1 else "word", " ".join(words(chunk)))
    return None


def _only_grammar(clause: Clause) -> bool:
    return clause.kind == "word" and fold(clause.text) in FUNCTION_WORDS
