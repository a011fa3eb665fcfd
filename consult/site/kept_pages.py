"""What is kept of each page of figures: tables that explain themselves. No HTTP.

Figures only: a snapshot can never be forgotten, so nobody's name and nobody's words stand in one.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from pydantic import ValidationError
from sqlmodel import Session

from consult.access import VISITOR
from consult.accounts.queries import agencies
from consult.errors import N_, NotFound
from consult.i18n.catalogues import in_languages
from consult.openness.computing import computed_for
from consult.openness.indicators import telling as indicator_telling
from consult.openness.indicators.queries import indicators, standings
from consult.openness.scorecard import telling as score_telling
from consult.openness.scorecard.queries import year_score, years_scored
from consult.procedure.deadlines import local_day
from consult.procedure.packs import RulePack
from consult.site.kept_brief import brief_tables
from consult.snapshots.actions import keep
from consult.snapshots.models import Snapshot
from consult.snapshots.queries import newest_of
from consult.snapshots.rules import KIND_NAMES, Cell, Column, Measure, Table, content_of
from consult.statistics.asked import Asked, AskedOfAgencies, chosen
from consult.statistics.counting import Measured, figures, figures_by, years_with_drafts
from consult.statistics.metrics import chapters, metrics
from drafts.queries import draft_for

Wish = Mapping[str, str]
Kept = tuple[str, dict[str, Any]]  # subject, content
Maker = Callable[[Session, RulePack, datetime, Wish], Kept]

FIGURE, VALUE, BY, PART = N_("Figure"), N_("Number"), N_("By"), N_("Part")
BY_ITSELF = ("overall", "agencies")
AGENCY, YEAR, FEW = N_("Agency"), N_("Year"), N_("too few to show")


def keep_page(
    session: Session, kind: str, wish: Wish, *, pack: RulePack, now: datetime
) -> Snapshot:
    """Keep what a page says now; `wish` is what it is narrowed to. Raises NotFound."""
    subject, content = page_now(session, kind, wish, pack=pack, now=now)
    return keep(session, kind, subject, content, now)


def page_now(session: Session, kind: str, wish: Wish, *, pack: RulePack, now: datetime) -> Kept:
    """What there is to keep of a page: counted at once, which may take seconds."""
    if kind not in MAKERS:
        raise NotFound("There is no such page of figures.")
    return MAKERS[kind](session, pack, now, wish)


def year_waits(session: Session, pack: RulePack, now: datetime) -> list[tuple[str, Wish]]:
    """The pages of the last year to keep by themselves in January, as far as none was kept yet."""
    today = local_day(now, pack.tz)
    last = today.year - 1
    if today.month != 1 or last not in years_with_drafts(session, pack.tz):
        return []
    wish = {"year": str(last)}
    return [(kind, wish) for kind in BY_ITSELF if newest_of(session, kind, urlencode(wish)) is None]


def _asked(wish: Wish, *names: str, kind: type[Asked] = Asked) -> Asked:
    """What is asked for by these fields; raises NotFound where that can be nothing."""
    try:
        return kind(**{name: wish.get(name, "") for name in names})
    except ValidationError:
        raise NotFound("Nothing was found here.") from None


def _titles(kind: str, *more: str) -> dict[str, str]:
    said = in_languages(KIND_NAMES[kind])
    return {lang: ", ".join((words, *filter(None, more))) for lang, words in said.items()}


def _overall(session: Session, pack: RulePack, now: datetime, wish: Wish) -> Kept:
    asked = _asked(wish, "agency", "topic", "act_type", "year")
    counted = figures(session, chosen(session, asked, pack).scope, pack=pack, now=now)
    tables = [*_by_chapter(counted), _parts(counted)]
    page = f"/statistics{asked.data}"
    titles = _titles("overall", *asked.narrowed.values())
    return urlencode(asked.narrowed), content_of(tables, page=page, titles=titles)


def _by_chapter(counted: Sequence[Measured]) -> list[Table]:
    """A table for each chapter, a row for each figure."""
    columns = [Column(in_languages(FIGURE)), Column(in_languages(VALUE), "count")]
    found = {one.code: one for one in counted}
    tables = []
    for chapter in chapters().values():
        rows: list[list[Cell]] = [
            [metric.names.model_dump(), _measure(found[metric.code])]
            for metric in chapter.metric
            if metric.code in found
        ]
        tables.append(Table(chapter.names.model_dump(), columns, rows))
    return [table for table in tables if table.rows]


def _measure(one: Measured) -> Measure:
    return Measure(one.value, one.unit, one.code, one.version)


def _parts(counted: Sequence[Measured]) -> Table:
    """Into what the figures divide; a part of too few people has no number."""
    few, unsaid = in_languages(FEW), in_languages(N_("Not stated"))
    columns = [Column(in_languages(FIGURE)), *(Column(in_languages(one)) for one in (BY, PART))]
    rows: list[list[Cell]] = [
        [metrics()[one.code].names.model_dump(), name, part or unsaid, few if n is None else n]
        for one in counted
        for name, parts in one.by.items()
        for part, n in parts.items()
    ]
    return Table(in_languages(N_("Parts")), [*columns, Column(in_languages(VALUE), "count")], rows)


def _agencies(session: Session, pack: RulePack, now: datetime, wish: Wish) -> Kept:
    asked = _asked(wish, "topic", "act_type", "year", kind=AskedOfAgencies)
    found = chosen(session, asked, pack)
    counted = figures_by(session, found.scope, "agency", pack=pack, now=now)
    named = {id_: found.bodies[id_].names for id_ in counted}
    order = sorted(counted, key=lambda id_: found.bodies[id_].code)
    tables = _compared(in_languages(AGENCY), "text", [(named[i], counted[i]) for i in order])
    page, titles = (
        f"/statistics/agencies{asked.data}",
        _titles("agencies", *asked.narrowed.values()),
    )
    return urlencode(asked.narrowed), content_of(tables, page=page, titles=titles)


def _years(session: Session, pack: RulePack, now: datetime, wish: Wish) -> Kept:
    asked = _asked(wish, "agency", "topic", "act_type")
    scope = chosen(session, asked, pack).scope
    counted = figures_by(session, scope, "year", pack=pack, now=now)
    tables = _compared(in_languages(YEAR), "year", [(one, counted[one]) for one in sorted(counted)])
    page, titles = f"/statistics/years{asked.data}", _titles("years", *asked.narrowed.values())
    return urlencode(asked.narrowed), content_of(tables, page=page, titles=titles)


def _compared(
    heading: Mapping[str, str], unit: str, rows: Sequence[tuple[Cell, Sequence[Measured]]]
) -> list[Table]:
    """A table for each chapter, a column for each figure, a row for each of what is compared."""
    values = [(cell, {one.code: one for one in counted}) for cell, counted in rows]
    tables = []
    for chapter in chapters().values():
        codes = [m for m in chapter.metric if any(m.code in found for _, found in values)]
        columns = [Column(m.names.model_dump(), m.unit, m.code, m.version) for m in codes]
        lines = [
            [cell, *(found[m.code].value if m.code in found else None for m in codes)]
            for cell, found in values
        ]
        if codes:
            tables.append(
                Table(chapter.names.model_dump(), [Column(heading, unit), *columns], lines)
            )
    return tables


def _brief(session: Session, pack: RulePack, now: datetime, wish: Wish) -> Kept:
    number = wish.get("draft", "")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise NotFound("There is no such draft.")
    draft = draft_for(session, int(number), VISITOR)  # what everybody may see
    tables = brief_tables(session, draft, pack=pack, now=now)
    said = {lang: words for lang, words in draft.titles.items() if words}
    titles = {lang: f"{_titles('brief')[lang]}: {words}" for lang, words in said.items()}
    return f"draft:{draft.id}", content_of(tables, page=f"/drafts/{draft.id}/brief", titles=titles)


def _scorecard(session: Session, _pack: RulePack, _now: datetime, wish: Wish) -> Kept:
    listed = years_scored(session)
    year = wish.get("year", "") or str(listed[0] if listed else 0)
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        raise NotFound("No openness score has been loaded yet.")
    score = year_score(session, int(year))
    said = {words: in_languages(words) for words in score_telling.HEADINGS}
    named = {body.code: body.names for body in agencies(session).values()}
    content = content_of(
        [score_telling.snapshot_table(score, said, named)],
        page=f"/openness?year={year}",
        titles=_titles("scorecard", year),
    )
    return f"year={year}", content


def _indicators(session: Session, pack: RulePack, now: datetime, _wish: Wish) -> Kept:
    listed = indicators(session)
    computed = computed_for(session, listed, pack=pack, now=now)
    found = standings(session, listed, computed, local_day(now, pack.tz).year)
    said = {words: in_languages(words) for words in indicator_telling.HEADINGS}
    table = indicator_telling.snapshot_table(found, said)
    return "", content_of([table], page="/indicators", titles=_titles("indicators"))


MAKERS: Mapping[str, Maker] = {
    "overall": _overall,
    "agencies": _agencies,
    "years": _years,
    "brief": _brief,
    "scorecard": _scorecard,
    "indicators": _indicators,
}
