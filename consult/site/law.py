"""A law and its contents as the reading page shows them. Rendered once for all who read the same.

A published text never changes, and what is said about it changes seldom beside how often it is
read: so the HTML is kept for everything it is made of, and is right by construction. A long law is
shown in parts: only the words of the part that is shown are read.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlalchemy import Row
from sqlmodel import Session

from consult.errors import NotFound
from consult.site.contents import contents, name_of
from consult.site.views import DraftPage
from consult.templating import environment
from drafts.models import Provision
from drafts.reading.outline import first_row, outline, words_of
from drafts.reading.parts import Unit, cut, interleave, part_with, weight
from drafts.tree import has_heading, heading_levels

KEPT = 128  # pieces; some 300 kB for a part of the largest law
CELLS = 300  # letters' worth of HTML: what the cells of a row take beside their words

Words = Mapping[tuple[str, str], str]  # by (language, wid)


@dataclass(frozen=True, slots=True)
class Wish:
    """What of a text is asked for: a part by its number or by a provision in it, or everything."""

    part: int = 1
    at: str = ""
    beside: str = ""
    everything: bool = False


class Side(NamedTuple):
    """A provision in a second language."""

    lang: str
    label: str
    heading: str
    text: str


class Line(NamedTuple):
    """A provision as components/provision.html shows it, with how much is said about it."""

    wid: str
    eid: str
    kind: str
    label: str
    heading: str
    text: str
    lang: str  # when it is not the text's
    level: int
    said: int
    heat: int
    other: Side | None = None


class Cells(NamedTuple):
    """A row of a table; without a wid it only repeats what the columns are called."""

    wid: str
    sides: tuple[tuple[str, tuple[str, ...]], ...]  # (language, cells)
    said: int = 0
    heat: int = 0


class Grid(NamedTuple):
    """Rows of one table as components/law_table.html shows them."""

    name: str
    columns: int
    head: Cells | None
    rows: tuple[Cells, ...]
    kind: str = "rows"


@dataclass(frozen=True, slots=True)
class Text:
    """The outline of a text in one language, or in two laid together, and how it is cut."""

    page: DraftPage
    langs: tuple[str, ...]
    sides: Mapping[str, Mapping[str, Row[Any]]]  # by language and wid
    rows: Sequence[Row[Any]]
    levels: Sequence[int]
    parts: Sequence[range]

    @property
    def asked(self) -> dict[str, Hashable]:
        """What an address within this text must say, so that it leads to the same text again."""
        page = self.page
        return {
            "text": page.lang if len(page.version.langs) > 1 else "",
            "version": page.version.n if page.version.n != page.versions[-1].n else 0,
            "beside": self.langs[1] if len(self.langs) > 1 else "",
        }

    def has(self, wid: str) -> bool:
        return any(wid in side for side in self.sides.values())


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reading page shows: a part (`n` of `names`), or everything (`n` is 0)."""

    law: Markup
    contents: Markup  # empty for a text without headings
    n: int
    names: Sequence[str]
    first: str  # the wid it begins with
    beside: str


def open_text(session: Session, page: DraftPage, beside: str = "") -> Text:
    """The text of the page's version, with that in a second language if it has one."""
    two = beside in page.version.langs and beside != page.lang
    langs = (page.lang, beside) if two else (page.lang,)
    found = outline(session, page.version.id or 0, langs)
    sides = {lang: {row.wid: row for row in rows} for lang, rows in found.items()}
    order = interleave(*(list(sides[lang]) for lang in langs)) if two else list(sides[page.lang])
    rows = [next(sides[lang][wid] for lang in langs if wid in sides[lang]) for wid in order]
    headed = [has_heading(row.kind, row.label, row.heading) for row in rows]
    levels = heading_levels(zip((row.depth for row in rows), headed, strict=True))
    return Text(page, langs, sides, rows, levels, cut(list(_units(rows, headed, sides))))


def _units(
    rows: Sequence[Row[Any]],
    headed: Sequence[bool],
    sides: Mapping[str, Mapping[str, Row[Any]]],
) -> Iterator[Unit]:
    above = ""  # the table whose rows come
    columns = 0
    for row, has_one in zip(rows, headed, strict=True):
        same = [side[row.wid] for side in sides.values() if row.wid in side]
        length = sum([one.length for one in same])
        letters = length + sum([len(one.label) + len(one.heading) for one in same])
        if row.kind == "row":
            if row.parent_eid != above:
                above, columns = row.parent_eid, letters
            letters += columns + CELLS  # on a phone each cell says what its column is called
        yield Unit(row.depth, weight(letters), has_one, bare=has_one and not length)


def read_text(session: Session, text: Text, wish: Wish, lang: str, zone: ZoneInfo) -> Reading:
    """The part that is asked for, in the interface language `lang`; raises NotFound.

    A provision that is asked for must stand in the text.
    """
    n = wish.part
    if wish.at:
        n = part_with(text.parts, [row.wid for row in text.rows].index(wish.at))
    if n > len(text.parts):
        raise NotFound("This text has no such part.")
    everything = wish.everything or len(text.parts) == 1
    shown = range(len(text.rows)) if everything else text.parts[n - 1]
    words = _words(session, text, None if everything else shown)
    parts = text.parts if everything else [shown]
    html = [_part_html(text, part, words, lang, zone, whole=everything) for part in parts]
    entries = contents(text.rows, text.parts, shown, text.page)
    listed = _rendered(
        *("site/_contents.html", lang, zone),
        entries=entries,
        text_lang=text.page.lang,
        draft_id=text.page.draft.id,
        asked=tuple(text.asked.items()),
    )
    return Reading(
        law=Markup().join(html),
        contents=listed if entries else Markup(),
        n=0 if everything else n,
        names=[name_of(text.rows, part) for part in text.parts],
        first=text.rows[shown.start].wid if shown else "",
        beside=str(text.asked["beside"]),
    )


def _words(session: Session, text: Text, shown: range | None) -> Words:
    """The words of what is shown (None: everything), and what the columns of its tables are."""
    version_id = text.page.version.id or 0
    if shown is None:
        return words_of(session, version_id, text.langs)
    wids = {text.rows[place].wid for place in shown}
    if shown and text.rows[shown.start].kind == "row":
        wids.add(_first_in_table(text, shown.start).wid)
    return words_of(session, version_id, text.langs, wids)


def _part_html(
    text: Text, part: range, words: Words, lang: str, zone: ZoneInfo, *, whole: bool
) -> Markup:
    page = text.page
    return _rendered(
        *("site/_law.html", lang, zone),
        above=() if whole else _above(text, part),
        blocks=tuple(_blocks(text, part, words)),
        address=f"/drafts/{page.draft.id}/provisions/",
        query=f"?text={page.lang}" if len(page.version.langs) > 1 else "",
        text_lang=page.lang,
        can_comment=page.is_open,
    )


def _above(text: Text, part: range) -> tuple[tuple[int, str, str], ...]:
    """The headings a part stands under that an earlier part has shown: (level, label, heading)."""
    rows = text.rows
    depth = rows[part.start].depth if part else 0
    found = []
    for place in range(part.start - 1, -1, -1):
        row = rows[place]
        if row.depth < depth:
            depth = row.depth
            if has_heading(row.kind, row.label, row.heading):
                found.append((text.levels[place], row.label, row.heading))
    return tuple(reversed(found))


def _blocks(text: Text, part: range, words: Words) -> Iterator[Line | Grid]:
    def table_of(place: int) -> str:
        row = text.rows[place]
        return f"in {row.parent_eid}" if row.kind == "row" else ""

    for table, places in groupby(part, table_of):
        if table:
            yield _grid(text, list(places), words)
        else:
            yield from (_line(text, place, words) for place in places)


def _line(text: Text, place: int, words: Words) -> Line:
    row, page = text.rows[place], text.page
    second = text.sides[text.langs[-1]].get(row.wid)
    other = None
    if second and second.lang != row.lang:
        other = Side(second.lang, second.label, second.heading, words[second.lang, row.wid])
    return Line(
        *(row.wid, row.eid, row.kind, row.label, row.heading, words[row.lang, row.wid]),
        lang="" if row.lang == page.lang else row.lang,
        level=text.levels[place],
        said=page.count(row.wid).comments,
        heat=page.heat(row.wid),
        other=other,
    )


def _first_in_table(text: Text, place: int) -> Row[Any]:
    parent = text.rows[place].parent_eid
    return next(row for row in text.rows if row.kind == "row" and row.parent_eid == parent)


def _grid(text: Text, places: Sequence[int], words: Words) -> Grid:
    page = text.page

    def cells(row: Row[Any], wid: str) -> Cells:
        sides = tuple(
            (lang, tuple(words[lang, row.wid].split("\t")))
            for lang in text.langs
            if (lang, row.wid) in words
        )
        return Cells(wid, sides, page.count(wid).comments if wid else 0, page.heat(wid))

    rows = [cells(text.rows[place], text.rows[place].wid) for place in places]
    first = _first_in_table(text, places[0])
    if first.wid != rows[0].wid:  # the table goes on from the part before
        rows.insert(0, cells(first, ""))
    table = next((row for row in text.rows if row.eid == first.parent_eid), None)
    return _as_grid(rows, table.label or table.heading if table else "")


def _as_grid(rows: Sequence[Cells], name: str) -> Grid:
    """The first row names the columns, unless it is the only one or has but one cell."""
    columns = max(len(side) for row in rows for _, side in row.sides)
    named = len(rows) > 1 and all(sum(map(bool, side)) > 1 for _, side in rows[0].sides)
    if named or not rows[0].wid:
        return Grid(name, columns, rows[0] if named else None, tuple(rows[1:]))
    return Grid(name, columns, None, tuple(rows))


def row_html(session: Session, row: Provision, lang: str, zone: ZoneInfo) -> Markup:
    """One row of a table with what its columns are called, as the page about it shows it."""
    first = first_row(session, row)
    rows = [
        Cells(one.wid if one is row else "", ((row.lang, tuple(one.text.split("\t"))),))
        for one in ((row,) if first.wid == row.wid else (first, row))
    ]
    return _rendered(
        *("site/_law.html", lang, zone),
        above=(),
        blocks=(_as_grid(rows, ""),),
        address="",
        query="",
        text_lang=row.lang,
        can_comment=False,
    )


@lru_cache(maxsize=KEPT)
def _rendered(name: str, lang: str, zone: ZoneInfo, **parts: Hashable) -> Markup:
    html = environment(lang, zone).get_template(name).render(parts)
    return Markup(html)  # noqa: S704 - the template escaped what it was given
