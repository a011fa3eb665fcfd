"""[pure] What is indexed, what may be asked, what comes back, and what every engine can do.

Knows no engine and no database: who indexes makes `Document`s, who asks gets a `Page`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

FACETS = ("agency", "act_type", "topic", "stage", "lang", "year")


@dataclass(frozen=True, slots=True)
class Document:
    """One searchable text in one language: a draft with its summary, or one of its provisions.

    `id` begins with the kind: "draft:12:ky", "provision:345". `title` is the draft's on all.
    """

    id: str
    draft_id: int
    wid: str = ""  # of a provision; "" for the draft itself
    lang: str = "ky"
    agency: str = ""
    act_type: str = ""
    topic: str = ""
    stage: str = ""
    year: int = 0
    title: str = ""
    heading: str = ""  # of the provision, with its number as printed
    body: str = ""

    @property
    def kind(self) -> str:
        """What it is: "draft", "provision"."""
        return self.id.partition(":")[0]

    def facet_values(self) -> tuple[str, ...]:
        """What it counts for, in the order of FACETS; "" counts for nothing."""
        year = str(self.year or "")
        return (self.agency, self.act_type, self.topic, self.stage, self.lang, year)


@dataclass(frozen=True, slots=True)
class Query:
    """What a person asks. Words are all required; "a phrase"; a beginning: мыйз*.

    `lang` is the interface's: it only ranks, texts in every language are found. `filters` maps a
    facet to the values allowed, any of them. An empty text asks for all drafts, newest first.
    """

    text: str = ""
    lang: str = "ky"
    filters: Mapping[str, Collection[str]] = field(default_factory=dict)
    limit: int = 20
    offset: int = 0


Pieces = tuple[tuple[str, bool], ...]  # plain text in pieces; True: a word that was asked for


@dataclass(frozen=True, slots=True)
class Hit:
    """A draft that was found, by itself or by the best of its provisions.

    With kind "provision" the reader is to be taken to `wid`. `title` and `snippet` are in `lang`.
    """

    draft_id: int
    wid: str
    kind: str
    lang: str
    title: str
    heading: str
    snippet: Pieces
    score: float
    matches: int  # how many texts of this draft were found


@dataclass(frozen=True, slots=True)
class Page:
    """`total` and `facets` ({facet: {value: n}}) count drafts.

    A facet is counted as if it were not filtered by itself, so that another value can be chosen.
    """

    total: int = 0
    hits: tuple[Hit, ...] = ()
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


class SearchEngine(Protocol):
    """The index is a cache of the database: any engine may lose it, none may fail because of that.

    Safe to share among threads; any number of processes may read while one writes.
    """

    def search(self, query: Query) -> Page:
        """Never raises for anything a person can type. A lost index answers with nothing."""

    def replace_draft(self, draft_id: int, documents: Iterable[Document]) -> None:
        """These documents and no others now stand for the draft. Can be repeated.

        Raises Conflict if another writer holds the index for too long.
        """

    def remove_draft(self, draft_id: int) -> None:
        """Nothing stands for the draft any more. Can be repeated. Raises as `replace_draft`."""

    def rebuild(self, documents: Iterable[Document]) -> None:
        """Build anew beside the live index, then take its place. Searches go on meanwhile, and
        drafts replaced meanwhile stay replaced. The documents of one draft follow one another.

        Raises Conflict if a rebuild is going on already.
        """

    def needs_rebuild(self) -> bool:
        """Is the index lost, damaged, never completed, or made by other rules than today's?"""
