"""[pure] What a person types into the search box, taken apart. Nothing typed is an error.

Words are all required, «"a phrase"» in any quotation marks keeps its order, «мыйз*» is a beginning.
What other signs join (8-1-берене, веб-сайт) is a phrase too. «title:суу» is looked for in titles
and headings only, «text:суу» only beneath them; each may be named in any of the languages.
"""

import re
from dataclasses import dataclass
from typing import Literal

from drafts.search.analyzers import fold, normalised, words
from drafts.search.function_words import FUNCTION_WORDS

LONGEST_QUERY = 300  # characters; the rest is not read
MOST_CLAUSES = 12

Field = Literal["", "title", "text"]
FIELDS: dict[str, Field] = {
    **dict.fromkeys(("title", "аталыш", "аталышы", "название", "атау", "атауы"), "title"),
    **dict.fromkeys(("text", "текст", "мәтін", fold("мәтін")), "text"),
}
_CHUNK = re.compile(
    rf"(?:(?P<field>{'|'.join(FIELDS)}):\s*)?"
    r'(?:["«»“”„](?P<phrase>[^"«»“”„]*)["»“”]|(?P<other>[^\s"«»“”„]+))',
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing that must be found; `text` has one word, or several if it is a phrase."""

    kind: Literal["word", "phrase", "prefix"]
    text: str
    field: Field = ""  # where alone it counts
    quoted: bool = False  # a phrase in quotation marks, not one that a hyphen joins
    lang: str = ""  # whose words they are; a person does not say


def parse(text: str) -> tuple[Clause, ...]:
    """The clauses of a query, without repetition; none if it has no letter and no digit.

    Words that only serve grammar are left out where something else is asked.
    """
    found: dict[Clause, None] = {}
    for chunk in _CHUNK.finditer(text[:LONGEST_QUERY]):
        field = FIELDS[normalised(chunk["field"])] if chunk["field"] else ""
        clause = _clause(chunk["phrase"] or chunk["other"] or "", bool(chunk["phrase"]), field)
        if clause:
            found[clause] = None
    telling = [clause for clause in found if not only_grammar(clause)]
    return tuple(telling or found)[:MOST_CLAUSES]


def only_grammar(clause: Clause) -> bool:
    """Is it a word like «and»?"""
    return clause.kind == "word" and fold(clause.text) in FUNCTION_WORDS


def _clause(chunk: str, quoted: bool, field: Field) -> Clause | None:
    said = words(chunk)
    if len(said) == 1 and chunk.endswith("*") and not quoted:
        return Clause("prefix", said[0], field)
    if said:
        return Clause("phrase" if len(said) > 1 else "word", " ".join(said), field, quoted)
    return None
