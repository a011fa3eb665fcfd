"""[pure] What is indexed, what may be asked, what comes back, and what every engine can do.

Knows no engine and no database: who indexes makes `Document`s, who asks gets a `Page`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Literal, Protocol

# What a search is narrowed by. The last two are of comments, `stage` is not: it would move.
FACETS = ("agency", "act_type", "topic", "stage", "lang", "year", "comment_kind", "stance")

Unit = Literal["draft", "provision", "comment"]
UNITS: tuple[Unit, ...] = ("draft", "provision", "comment")
Order = Literal["best", "newest"]


@dataclass(frozen=True, slots=True)
class Document:
    """One searchable text in one language: a draft with its summary, a provision, a comment.

    `id` begins with the kind: "draft:12:ky", "provision:12:ky:art_3", "comment:345". `title` is
    the draft's, "" on a comment. The documents of one group differ in no facet but `lang`.
    """

    id: str
    draft_id: int
    wid: str = ""  # of a provision, or that a comment was made on; "" for the draft itself
    lang: str = "ky"
    agency: str = ""
    act_type: str = ""
    topic: str = ""
    stage: str = ""
    year: int = 0
    comment_kind: str = ""
    stance: str = ""
    at: int = 0  # since when it is public, in seconds since 1970: newer ones come first
    title: str = ""
    heading: str = ""  # of the provision, with its number as printed
    body: str = ""

    @property
    def kind(self) -> str:
        """What it is: "draft", "provision", "comment"."""
        return self.id.partition(":")[0]

    @property
    def comment_id(self) -> int:
        """The number of the comment; 0 for all else."""
        return int(self.id.partition(":")[2]) if self.kind == "comment" else 0

    @property
    def group(self) -> str:
        """What it is replaced with: "draft:12" with its provisions, or "comment:345" alone."""
        return self.id if self.kind == "comment" else f"draft:{self.draft_id}"

    def facet_values(self) -> tuple[str, ...]:
        """What it counts for, in the order of FACETS; "" counts for nothing."""
        of_draft = (self.agency, self.act_type, self.topic, self.stage, self.lang)
        return (*of_draft, str(self.year or ""), self.comment_kind, self.stance)


@dataclass(frozen=True, slots=True)
class Query:
    """What a person asks. Words are all required; "a phrase"; a beginning: мыйз*; title:word.

    `lang` is the interface's: it only ranks, texts in every language are found. `unit` is what is
    found and counted: drafts (by any of their texts), provisions or comments. `draft_id` keeps to
    one draft. `filters` maps a facet to the values allowed, any of them. An empty text asks for
    all, newest first; a `limit` of 0 for the total alone. `also` maps the text of a clause, or
    those of neighbouring words with spaces, to what will do as well, though less, each with its
    language, "" for any (widening.py).
    """

    text: str = ""
    lang: str = "ky"
    filters: Mapping[str, Collection[str]] = field(default_factory=dict)
    limit: int = 20
    offset: int = 0
    unit: Unit = "draft"
    draft_id: int | None = None
    order: Order = "best"
    also: Mapping[str, Collection[tuple[str, str]]] = field(default_factory=dict)


Pieces = tuple[tuple[str, bool], ...]  # plain text in pieces; True: a word that was asked for


@dataclass(frozen=True, slots=True)
class Hit:
    """What was found: a draft, by itself or by the best of its provisions, a provision, a comment.

    With kind "provision" the reader is to be taken to `wid`. `title` and `snippet` are in `lang`;
    a comment has no title here.
    """

    draft_id: int
    wid: str
    kind: str
    lang: str
    title: str
    heading: str
    snippet: Pieces
    score: float
    matches: int  # how many texts of it were found, in the language shown
    comment_id: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """`total` and `facets` ({facet: {value: n}}) count what `Query.unit` says.

    A facet is counted as if it were not filtered by itself, so that another value can be chosen.
    `lost`: there is no index now; it is rebuilt by itself in a while. The last three are for who
    puts queries to an engine: the text that was asked instead, what may have been meant, and what
    was looked for too.
    """

    total: int = 0
    hits: tuple[Hit, ...] = ()
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    lost: bool = False
    corrected: str = ""
    meant: str = ""
    also: tuple[str, ...] = ()


Groups = Mapping[str, Sequence[Document]]  # by group all its documents; none: it is gone


@dataclass(frozen=True, slots=True)
class Batch:
    """Some groups of a rebuild. `mark` says where to go on once it is written."""

    groups: Groups
    mark: str
    place: str  # where the events are to be followed from, as `SearchEngine.place` has it


class SearchEngine(Protocol):
    """The index is a cache of the database: any engine may lose it, none may fail because of that.

    Safe to share among threads; any number of processes may read while one writes.
    """

    def search(self, query: Query) -> Page:
        """Never raises for anything a person can type. A lost index answers with nothing."""

    def words(self, most: int) -> Sequence[tuple[str, int]]:
        """The commonest words of drafts, none of comments, so many at `most`.

        Each is normalised, of letters alone, and has the number of texts it is in.

        Takes long (seconds for a large index): to be kept for as long as `version` is the same.
        """

    def version(self) -> str:
        """Another text after each change; "" while the index is lost."""

    def replace(
        self, groups: Groups, place: str | None = None, *, since: str | None = None
    ) -> None:
        """These documents and no others now stand for these groups, in one commit. Repeatable.

        `place` is kept with them. Nothing is changed if the index is not at `since` any more. A
        lost index stays lost: it needs a rebuild. Raises Conflict if another writer holds it for
        too long.
        """

    def place(self) -> str:
        """What was last given to `replace` or by `rebuild`, "" while there is nothing."""

    def following(self) -> AbstractContextManager[None]:
        """Hold the right to follow events; raises Conflict at once if another process does."""

    def rebuild(self, read: Callable[[str], Iterable[Batch]], *, anew: bool = False) -> None:
        """Build anew beside the live index, then take its place. Searches go on meanwhile.

        `read` is given the mark of the last batch that was written before an interruption, "" if
        all is to be read (always if `anew`), and hands over all batches after it. Every group may
        come again. Raises Conflict if a rebuild is going on already.
        """

    def needs_rebuild(self) -> bool:
        """Is the index lost, damaged, never completed, or made by other rules than today's?"""
