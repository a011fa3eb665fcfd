"""The table of contents of a text, and what its parts are called. Rows in, entries out."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row

from consult.site.views import HEAT_STEPS, DraftPage
from drafts.tree import has_heading

IN_CONTENTS = frozenset({"part", "section", "chapter", "article", "annex"})
CONTENTS_MAX = 150  # beyond it less is listed: what is above articles, of other parts their names


class Entry(NamedTuple):
    """An entry of the contents as components/toc.html shows it."""

    wid: str
    label: str
    heading: str
    depth: int
    here: bool  # on the page that is shown
    n: int
    heat: int


def contents(
    rows: Sequence[Row[Any]], parts: Sequence[range], shown: range, page: DraftPage
) -> tuple[Entry, ...]:
    """The chapters of the text, and the articles of what is shown of it.

    Each with how much it is discussed; what is below it and not listed itself counts for it.
    """
    listed = [
        (place, "")
        for part in parts
        for place in part
        if rows[place].kind in IN_CONTENTS and (place in shown or rows[place].kind != "article")
    ]
    others = [part for part in parts if part and part.start not in shown]
    if len(listed) > CONTENTS_MAX and others:
        listed = [(place, "") for place, _ in listed if place in shown]
    if len(listed) > CONTENTS_MAX:
        listed = [(p, "") for p, _ in listed if rows[p].kind != "article"] or listed
    told = {part for part in others if any(place in part for place, _ in listed)}
    listed += [(part.start, name_of(rows, part)) for part in others if part not in told]
    return _counted(rows, sorted(listed), shown, page)


def _counted(
    rows: Sequence[Row[Any]], listed: Sequence[tuple[int, str]], shown: range, page: DraftPage
) -> tuple[Entry, ...]:
    totals = dict.fromkeys((rows[place].eid for place, _ in listed), 0)
    by_wid = {row.wid: row for row in rows}
    parents = {row.eid: row.parent_eid for row in rows}
    for wid, count in page.counts.items():
        eid = by_wid[wid].eid if wid in by_wid else ""
        while eid and eid not in totals:
            eid = parents.get(eid, "")
        if eid:
            totals[eid] += count.comments
    most = max(totals.values(), default=0)
    return tuple(
        Entry(
            wid=(row := rows[place]).wid,
            label="" if name else row.label,
            heading=name or row.heading,
            depth=row.depth,
            here=place in shown,
            n=totals[row.eid],
            heat=-(-totals[row.eid] * HEAT_STEPS // most) if most else 0,
        )
        for place, name in listed
    )


def name_of(rows: Sequence[Row[Any]], part: range) -> str:
    """What a part is called: by its highest heading, or by the first and the last of them."""
    headed = [rows[p] for p in part if has_heading(rows[p].kind, rows[p].label, rows[p].heading)]
    if not headed:
        return str(rows[part.start].label) if part else ""
    top = min(row.depth for row in headed)
    first, *others = (row for row in headed if row.depth == top)
    if others:
        return f"{_short(first)} – {_short(others[-1])}"
    return f"{first.label} {first.heading}".strip()


def _short(row: Row[Any]) -> str:
    return str(row.label).rstrip(". ") or str(row.heading)
