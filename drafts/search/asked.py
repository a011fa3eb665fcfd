"""[pure] What a query asks of any engine, and how what was found is shown. Knows no index."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from drafts.search.analyzers import Token, fold, readings, tokens
from drafts.search.interface import Document, Hit, Query
from drafts.search.snippets import snippet
from drafts.search.syntax import Clause
from drafts.search.widening import Part, parts

SHORTEST_BEGINNING, LONGEST_BEGINNING = 2, 12

# What a word is worth by where it stands. Spelt as asked it outweighs any number of folded ones.
BOOST_TEXT, BOOST_HEAD = 1.0, 3.0
BOOST_EXACT = 2.0
BOOST_BEGINNING = 2.0
BOOST_LANGUAGE = 1.2  # a text in the language of the interface
BOOST_ALSO = 0.4  # a word that was not asked for, but will do


@dataclass(frozen=True, slots=True)
class Reading:
    """A word or a phrase as one language reads it, and what it is worth beside the others."""

    tokens: tuple[Token, ...]
    worth: float

    @property
    def folded(self) -> list[str]:
        return [token.folded for token in self.tokens]


class One:
    """A clause: any of its readings will do, or a word of a heading with its beginning."""

    def __init__(self, clause: Clause, worth: float = 1.0) -> None:
        self.field = clause.field
        self.readings = [
            Reading(read, worth) for read in readings(clause.text, clause.lang) if read
        ]
        start = fold(clause.text)[:LONGEST_BEGINNING]
        is_beginning = clause.kind == "prefix" and len(start) >= SHORTEST_BEGINNING
        self.beginning = start if is_beginning else ""
        self._folded = {token.folded for one in self.readings for token in one.tokens}

    def wants(self, token: Token) -> bool:
        """Is this a word that was asked for?"""
        if token.folded in self._folded:
            return True
        return bool(self.beginning) and fold(token.word).startswith(self.beginning)


class Asked:
    """A part of a query: every one of `clauses` must be found, or any one of `also`."""

    def __init__(self, part: Part) -> None:
        self.clauses = [One(clause) for clause in part.clauses]
        self.also = [One(clause, BOOST_ALSO) for clause in part.also]

    def stands_in(self, found: Sequence[Token]) -> bool:
        """Do these words answer it, in whatever order?"""

        def has(one: One) -> bool:
            return any(map(one.wants, found))

        return all(map(has, self.clauses)) or any(map(has, self.also))


def asked(query: Query) -> list[Asked] | None:
    """What must be found; nothing if nothing is asked, None if nothing but signs is."""
    wanted = [Asked(part) for part in parts(query)]
    return None if query.text.strip() and not wanted else wanted


def favour(reading: Reading, lang: str) -> float:
    """What a reading is worth to somebody who reads the pages in `lang`."""
    is_own = any(token.folded.startswith(f"{lang}:") for token in reading.tokens)
    return reading.worth * (BOOST_LANGUAGE if is_own else 1.0)


def beginnings(word: str) -> list[str]:
    """What a person may have typed of a word so far, on any keyboard."""
    longest = min(len(word), LONGEST_BEGINNING)
    return [fold(word[:length]) for length in range(SHORTEST_BEGINNING, longest + 1)]


def has_all(document: Document, clauses: Sequence[Asked]) -> bool:
    """Does a draft hold every word by itself? Otherwise its provisions hold them together."""
    found = list(tokens(f"{document.title} {document.body}", document.lang))
    return all(clause.stands_in(found) for clause in clauses)


def hit(clauses: Sequence[Asked], document: Document, score: float, matches: int) -> Hit:
    """A document as it is shown to who asked."""
    return Hit(
        draft_id=document.draft_id,
        wid=document.wid,
        kind=document.kind,
        lang=document.lang,
        title=document.title,
        heading=document.heading,
        snippet=snippet(document.body, document.lang, _wanted(clauses)),
        score=score,
        matches=matches,
        comment_id=document.comment_id,
    )


def _wanted(clauses: Sequence[Asked]) -> Callable[[Token], bool]:
    wanted = [one for clause in clauses for one in (*clause.clauses, *clause.also)]
    folded = {token.folded for one in wanted for read in one.readings for token in read.tokens}
    starts = tuple(one.beginning for one in wanted if one.beginning)

    def is_wanted(token: Token) -> bool:
        return token.folded in folded or bool(starts and fold(token.word).startswith(starts))

    return is_wanted
