"""What is kept of the brief of a bill: its figures, rounds, disputed provisions, issues, duties.

Not the comments it quotes: they are people's words, and may be taken back.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from consult.consultations.queries import rounds_by_draft
from consult.errors import N_
from consult.exports.queries import OUTCOMES
from consult.i18n.catalogues import in_languages
from consult.law.queries import law_of
from consult.procedure.packs import RulePack
from consult.snapshots.rules import Cell, Column, Measure, Table
from consult.statistics.brief import Brief, brief_of
from consult.statistics.metrics import metrics
from consult.statistics.rules import most_disputed
from drafts.models import Draft
from drafts.queries import place_names, provisions, versions

DISPUTED = 5
NO_ANSWER = N_("Awaiting an answer")
STANDINGS: Mapping[str, str] = {
    "on_time": N_("Fulfilled on time"),
    "late": N_("Fulfilled late"),
    "overdue": N_("Overdue"),
    "to_come": N_("Still to come"),
}


def brief_tables(session: Session, draft: Draft, *, pack: RulePack, now: datetime) -> list[Table]:
    """The tables of one bill; those without a row are left out."""
    rounds = rounds_by_draft(session, draft.id or 0)
    brief = brief_of(session, draft, rounds, law=law_of(session, pack), now=now)
    tables = (
        _figures(brief),
        _rounds(brief),
        _places(session, draft, brief),
        _issues(brief),
        _duties(brief, pack),
    )
    return [table for table in tables if table.rows]


def _figures(brief: Brief) -> Table:
    rows: list[list[Cell]] = [
        [metric.names.model_dump(), Measure(figure.value, metric.unit, code, metric.version)]
        for code, figure in brief.counts.figures.items()
        if (metric := metrics().get(code))
    ]
    columns = [Column(in_languages(N_("Figure"))), Column(in_languages(N_("Number")), "count")]
    return Table(in_languages(N_("Figures")), columns, rows)


def _rounds(brief: Brief) -> Table:
    columns = [
        Column(in_languages(N_("Round"))),
        Column(in_languages(N_("Days open")), "days"),
        Column(in_languages(N_("Days the law asks for at least")), "days"),
    ]
    rows: list[list[Cell]] = [[str(one.round), one.days, one.minimum] for one in brief.held]
    return Table(in_languages(N_("Rounds of discussion")), columns, rows)


def _places(session: Session, draft: Draft, brief: Brief) -> Table:
    """The provisions most disputed, by the names they have in the newest text that has them."""
    named: dict[str, str] = {}
    for version in versions(session, draft.id or 0):
        named |= place_names(provisions(session, version.id or 0, version.langs[0]))
    columns = [
        Column(in_languages(N_("Provision"))),
        Column(in_languages(N_("Voices for")), "count"),
        Column(in_languages(N_("Voices against")), "count"),
    ]
    rows: list[list[Cell]] = [
        [named.get(place.wid) or place.wid, place.voices_for, place.voices_against]
        for place in most_disputed(brief.counts.places, DISPUTED)
    ]
    return Table(in_languages(N_("Provisions most disputed")), columns, rows)


def _issues(brief: Brief) -> Table:
    columns = [
        Column(in_languages(N_("Issue"))),
        Column(in_languages(N_("Comments")), "count"),
        Column(in_languages(N_("Outcome"))),
    ]
    other = in_languages(N_("Other comments"))
    rows: list[list[Cell]] = [
        [issue.title or other, issue.comments, in_languages(OUTCOMES.get(issue.outcome, NO_ANSWER))]
        for issue in brief.issues
    ]
    return Table(in_languages(N_("Main issues")), columns, rows)


def _duties(brief: Brief, pack: RulePack) -> Table:
    columns = [
        Column(in_languages(N_("Duty"))),
        Column(in_languages(N_("State"))),
        Column(in_languages(N_("Number")), "count"),
    ]
    rows: list[list[Cell]] = [
        [
            pack.duties[row.duty].names.model_dump() if row.duty in pack.duties else row.duty,
            in_languages(STANDINGS[row.standing]),
            row.n,
        ]
        for row in brief.counts.duties
    ]
    return Table(in_languages(N_("Duties met and owed")), columns, rows)
