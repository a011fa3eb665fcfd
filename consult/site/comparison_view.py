"""The rows of a comparison as its page shows them: chosen, cut into parts, rendered once for all.

Here too the HTML is kept for everything it is made of: a published text never changes.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, groupby
from typing import Any, Literal, NamedTuple
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from markupsafe import Markup

from consult.templating import environment
from drafts.compared import Compared
from drafts.reading.parts import Unit, cut, weight
from drafts.tree import Node
from drafts.versions.aligning import ChangeKind
from drafts.versions.comparing import Comparison, cells
from drafts.versions.diffing import word_pieces

KEPT = 64  # pieces of HTML, each of a part at most: some 200 kB
PART = 160_000  # weight of a part: with both texts beside each other a page of 300 kB
LISTED = 800  # changes that are named above a comparison in parts


@dataclass(frozen=True, slots=True)
class Look:
    """How a comparison is looked at. Every combination has an address; `base` is where it stands.

    Inline is what one gets without asking: one text to read, which fits a phone and paper.
    """

    view: Literal["inline", "side"] = "inline"
    only: Literal["changes", "all"] = "changes"
    kind: ChangeKind | None = None
    part: int = 1
    everything: bool = False
    text: str = ""
    base: str = ""

    def to(self, at: str = "", **other: Any) -> str:
        """The address with this changed, leading to a provision; other rows begin at part 1."""
        wanted = replace(self, **(other if other.keys() <= {"view"} else {"part": 1, **other}))
        usual = {"view": "inline", "only": "changes", "kind": None, "part": 1, "text": ""}
        query = {name: getattr(wanted, name) for name in usual}
        asked = [(name, value) for name, value in query.items() if value != usual[name]]
        asked += [
            (name, value) for name, value in (("all", int(wanted.everything)), ("at", at)) if value
        ]
        place = f"#{quote(at)}" if at else ""
        return f"{self.base}{'?' if asked else ''}{urlencode(asked)}{place}"

    def chooses(self, row: Comparison) -> bool:
        if self.kind:
            return row.kind == self.kind
        return self.only == "all" or row.kind != "same"


class Words(NamedTuple):
    """A provision in one version."""

    wid: str
    place: str
    kind: str
    label: str
    heading: str
    text: str


class Shown(NamedTuple):
    """A row; `ids` are the names under which links look for it, its own first."""

    kind: ChangeKind
    ids: tuple[str, ...]
    old: tuple[Words, ...]
    new: tuple[Words, ...]
    moved: bool
    renumbered: bool

    @property
    def place(self) -> str:
        """What it is called now, or was; of a split provision all parts."""
        return "; ".join(words.place for words in self.new or self.old)

    @property
    def wordings(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """Heading and text of each side; of several provisions all words, as one text."""
        if max(len(self.old), len(self.new)) > 1:
            old, new = ("\n".join(_lines(side)) for side in (self.old, self.new))
            return ("", old), ("", new)
        old_title, new_title = (side[0].heading if side else "" for side in (self.old, self.new))
        old, new = (side[0].text if side else "" for side in (self.old, self.new))
        return (old_title, old), (new_title, new)

    @property
    def in_table(self) -> bool:
        """Whether its words are the cells of a row."""
        sides = (*self.old, *self.new)
        return len(sides) < 3 and all(words.kind == "row" for words in sides)

    @property
    def elsewhere(self) -> bool:
        """Whether it stands in another place: what is called by its words has not moved by them."""
        if not (self.old and self.new):
            return False
        named = any(letter.isalnum() for letter in self.new[0].label)
        other = named and self.old[0].place != self.new[0].place
        return other or self.moved or self.renumbered or len(self.old) + len(self.new) > 2


class Fold(NamedTuple):
    """Unchanged provisions one after another."""

    rows: tuple[Shown, ...]
    kind: str = "fold"


class Entry(NamedTuple):
    """A change in the list of all of them, and the number of the part it stands in."""

    wid: str
    place: str
    n: int


class Part(NamedTuple):
    """What a page shows of the rows that were asked for; `changes` lists them if it is not all.

    Its `rows` are in runs, each as much as a part holds: more than one where everything is shown.
    """

    n: int
    of: int
    rows: Sequence[Sequence[Shown]]
    changes: Sequence[Entry]


def part_of(found: Compared, wanted: Look, at: str = "") -> Part:
    """A part of a comparison by its number, or the one in which the provision `at` stands."""
    shown = list(_shown(found, list(filter(wanted.chooses, found.rows))))
    parts = cut([Unit(0, weight(_letters(row))) for row in shown], PART)
    runs = [shown[part.start : part.stop] for part in parts]
    if wanted.everything:
        return Part(1, 1, runs, ())
    number = {place: n for n, part in enumerate(parts, start=1) for place in part}
    there = next((place for place, row in enumerate(shown) if at and at in row.ids), -1)
    n = min(number.get(there, wanted.part), len(parts))
    changes = [
        Entry(row.ids[0] if row.ids else "", row.place, number[place])
        for place, row in enumerate(shown)
        if row.kind != "same" and len(parts) > 1
    ]
    return Part(n, len(parts), runs[n - 1 : n], changes[:LISTED])


def body_html(found: Compared, part: Part, side_by_side: bool, lang: str, zone: ZoneInfo) -> Markup:
    """The rows in the interface language `lang`; one version under the other or beside it.

    Rendered and kept run by run, so that no piece that is kept is larger than a part.
    """
    return Markup().join(
        _rendered(
            lang,
            zone,
            blocks=tuple(_blocks(run)),
            side_by_side=side_by_side,
            draft_id=found.after.draft_id,
            numbers=(found.before.n, found.after.n),
            text_lang=found.lang,
        )
        for run in part.rows
    )


@lru_cache(maxsize=KEPT)
def _rendered(lang: str, zone: ZoneInfo, **parts: Hashable) -> Markup:
    template = environment(lang, zone).get_template("site/_comparison.html")
    html = template.render(parts, pieces=word_pieces, cells=cells)
    return Markup(html)  # noqa: S704 - the template escaped what it was given


def _shown(found: Compared, chosen: Sequence[Comparison]) -> Iterator[Shown]:
    """The rows with their names. Each wid leads to one of them only; that of an article which is
    not among them leads to the first one inside it.
    """
    then = _above(chain(*(row.old for row in found.rows)))
    now = _above(chain(*(row.new for row in found.rows)))
    own = {row.wid for row in chosen}
    taken: set[str] = set()
    for row in chosen:
        names = [row.wid, *(node.wid for node in (*row.old, *row.new))]
        above = now if row.new else then
        while over := above.get(names[-1]):
            names.append(over)
        ids = [n for n in dict.fromkeys(names) if n not in taken and (n == row.wid or n not in own)]
        taken.update(ids)
        yield Shown(
            kind=row.kind,
            ids=tuple(ids),
            old=_words(row.old, found.old_places),
            new=_words(row.new, found.new_places),
            moved=row.moved,
            renumbered=row.renumbered,
        )


def _above(nodes: Iterable[Node]) -> dict[str, str]:
    """The wid each provision stands under."""
    return {child.wid: node.wid for node in nodes for child in node.children}


def _words(nodes: Sequence[Node], places: Mapping[str, str]) -> tuple[Words, ...]:
    return tuple(
        Words(node.wid, places[node.wid], node.kind, node.label, node.heading, node.text)
        for node in nodes
    )


def _lines(side: Sequence[Words]) -> Iterator[str]:
    for words in side:
        yield from filter(None, (words.heading, words.text))


def _letters(row: Shown) -> int:
    return sum(len(words.heading) + len(words.text) for words in (*row.old, *row.new))


def _blocks(rows: Sequence[Shown]) -> Iterator[Shown | Fold]:
    """Changes as they are; what did not change between them folded."""
    for unchanged, run in groupby(rows, lambda row: row.kind == "same"):
        if unchanged:
            yield Fold(tuple(run))
        else:
            yield from run
