"""[pure] Synonyms: which words of a query may be answered by others, and what must then be found.

A group is words and phrases of any language that may stand for one another. They are looked for
when a query is asked, never indexed, so a new group serves at once. What was put in quotation marks
or typed as a beginning is meant as it stands and is not widened.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from drafts.search.analyzers import LANGUAGES, fold, tokens, words
from drafts.search.interface import Query
from drafts.search.syntax import Clause, only_grammar, parse

Group = tuple[tuple[str, str], ...]  # (language, word or phrase)
MOST_ALSO = 24  # alternatives to one part of a query


@dataclass(frozen=True, slots=True)
class Part:
    """Must be found: every one of `clauses`, or any one of `also`, which is worth less."""

    clauses: tuple[Clause, ...]
    also: tuple[Clause, ...] = ()


def parts(query: Query) -> tuple[Part, ...]:
    """All of what must be found; none if nothing is asked that has a letter or a digit.

    A key of `query.also` is the text of a clause, or those of neighbouring ones with spaces.
    """
    clauses = parse(query.text)
    longest = max((key.count(" ") + 1 for key in query.also), default=1)
    made: list[Part] = []
    at = 0
    while at < len(clauses):
        spans = (clauses[at : at + n] for n in range(longest, 0, -1))
        span = next((one for one in spans if _key(one) in query.also), clauses[at : at + 1])
        also = query.also.get(_key(span), ())
        made.append(Part(span, tuple(_clause(lang, text, span[0]) for lang, text in also)))
        at += len(span)
    return tuple(made)


class Thesaurus:
    """All groups, ready to be asked which of them a query touches."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self._groups = tuple(groups)
        self._by_stems: dict[tuple[str, ...], set[int]] = {}
        for number, group in enumerate(self._groups):
            for lang, text in group:
                self._by_stems.setdefault(_stems(lang, text), set()).add(number)
        self._longest = max(map(len, self._by_stems), default=0)

    def also(self, text: str) -> dict[str, Group]:
        """What does as well for which words of a query: `Query.also`."""
        clauses = parse(text)
        found: dict[str, Group] = {}
        at = 0
        while at < len(clauses):
            spans = (clauses[at : at + n] for n in range(self._longest, 0, -1))
            span, others = next(
                ((one, others) for one in spans if (others := self._others(one))), (clauses[:1], ())
            )
            if others:
                found[_key(span)] = others
            at += len(span)
        return found

    def _others(self, span: tuple[Clause, ...]) -> Group:
        if not _key(span) or any(clause.field != span[0].field for clause in span):
            return ()
        numbers: set[int] = set()
        for lang in LANGUAGES:
            stems = tuple(token.folded for clause in span for token in tokens(clause.text, lang))
            numbers |= self._by_stems.get(stems, set())
        asked = fold(_key(span))
        members = (member for number in sorted(numbers) for member in self._groups[number])
        return tuple(dict.fromkeys(one for one in members if fold(one[1]) != asked))[:MOST_ALSO]


def _key(span: tuple[Clause, ...]) -> str:
    """The words of a span that may be widened, "" of any other."""
    if any(clause.quoted or clause.kind == "prefix" for clause in span):
        return ""
    return " ".join(clause.text for clause in span)


def _clause(lang: str, text: str, instead: Clause) -> Clause:
    said = words(text)
    kind: Literal["word", "phrase"] = "phrase" if len(said) > 1 else "word"
    return Clause(kind, " ".join(said), instead.field, lang=lang)


def _stems(lang: str, text: str) -> tuple[str, ...]:
    """The words of a member, without those that a query is not asked for either."""
    said = list(tokens(text, lang))
    telling = [token for token in said if not only_grammar(Clause("word", token.word))]
    return tuple(token.folded for token in telling or said)
