"""The figures of all drafts, or of one agency's, each divided by agency where that can be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    exists,
    func,
    or_,
    select,
    true,
)
from sqlmodel import Session, col

from consult.accounts.models import Person
from consult.answers.models import Disposition
from consult.answers.rules import OUTCOMES
from consult.answers.standing import count_outcomes
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.comments.rules import CHANNELS, KINDS
from consult.consultations.models import Consultation, Tally
from consult.obligations.models import Obligation
from consult.procedure.deadlines import local_day
from consult.statistics.participants import (
    ACCOUNTS,
    IDENTITIES,
    PARTICIPANTS,
    account,
    identity,
    took_part,
)
from consult.statistics.queries import (
    NO_REPLY,
    OWED,
    STANDINGS,
    SUBSTANCE,
    beginnings,
    bucket,
    duty_figures,
    duty_standing,
    in_order,
    pairs,
)
from consult.statistics.rules import (
    EARLIER,
    Figure,
    Figures,
    counted,
    from_first,
    months_before,
    share,
    sum_over,
)
from consult.votes.models import Vote
from drafts.models import Draft
from drafts.queries import PUBLIC_STAGES

MONTHS = 24


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """The figures of one agency's drafts, as a table shows them; shares may be None: no data."""

    code: str
    drafts: int
    drafts_silent: int
    comments: int
    answers: int
    share_answered: float | None
    on_time: int
    late: int
    overdue: int
    share_on_time: float | None
    share_identical: float | None


@dataclass(frozen=True, slots=True)
class Overall:
    """The figures by code, and the row of each agency that has a public draft."""

    figures: Figures
    rows: Sequence[AgencyRow]


@dataclass(frozen=True, slots=True)
class _Scope:
    """What is counted: all drafts (`agency_id` None), or those of one agency."""

    session: Session
    codes: Mapping[int, str]
    agency_id: int | None

    def narrowed(self, query: Any) -> Select[Any]:
        """The query, which must know Draft, for the drafts of this scope."""
        published = and_(col(Draft.stage).in_(PUBLIC_STAGES), col(Draft.published_at).is_not(None))
        own = col(Draft.agency_id) == self.agency_id if self.agency_id else true()
        narrowed: Select[Any] = query.where(published, own)
        return narrowed

    def rows(self, query: Any) -> Sequence[Row[Any]]:
        return self.session.execute(self.narrowed(query)).all()

    def by_agency(self, counts: Mapping[int, int]) -> dict[str, int]:
        """Counts by agency id as counts by code, with 0 for an agency of this scope without any."""
        return {code: counts.get(id_, 0) for id_, code in self.codes.items()}


def overall_figures(
    session: Session,
    codes: Mapping[int, str],
    *,
    agency_id: int | None = None,
    tz: tzinfo,
    now: datetime,
) -> Overall:
    """Everything that is counted over many drafts; `codes` are the agencies counted, by id."""
    scope = _Scope(session, codes, agency_id)
    standings = _duties(scope, now)
    duties = {
        standing: scope.by_agency({a: n for (a, s), n in standings.items() if s == standing})
        for standing in STANDINGS
    }
    figures: dict[str, Figure] = {
        "people": _people(scope),
        **_drafts(scope),
        **_comments(scope, tz, now),
        "answers": _answers(scope),
        **duty_figures({standing: sum(by.values()) for standing, by in duties.items()}),
    }
    figures["share_answered"] = Figure(
        share(figures["answers"].value, figures["answers_owed"].value)
    )
    identical = _identical(scope)
    figures["share_identical"] = Figure(
        share(sum(same for same, _ in identical.values()), sum(n for _, n in identical.values()))
    )
    return Overall(figures, _agency_rows(scope, figures, duties, identical))


def _is_silent() -> ColumnElement[bool]:
    """Whether a draft's discussion was opened, and nobody said or voted anything."""
    opened = and_(
        col(Consultation.draft_id) == col(Draft.id), col(Consultation.opened_at).is_not(None)
    )
    said = or_(col(Tally.comments_n) > 0, col(Tally.for_n) > 0, col(Tally.against_n) > 0)
    return and_(exists().where(opened), ~exists().where(col(Tally.draft_id) == col(Draft.id), said))


def silent_drafts(session: Session, agency_id: int | None, limit: int = 20) -> list[Draft]:
    """The newest drafts without participation."""
    scope = _Scope(session, {}, agency_id)
    newest = (col(Draft.published_at).desc(), col(Draft.id).desc())
    rows = scope.rows(select(Draft).where(_is_silent()).order_by(*newest).limit(limit))
    return [row[0] for row in rows]


def _drafts(scope: _Scope) -> dict[str, Figure]:
    rows = scope.rows(
        select(col(Draft.agency_id), col(Draft.stage), func.count().label("n")).group_by(
            col(Draft.agency_id), col(Draft.stage)
        )
    )
    silent = scope.rows(
        select(col(Draft.agency_id), func.count().label("n"))
        .where(_is_silent())
        .group_by(col(Draft.agency_id))
    )
    return {
        "drafts": counted(
            agency=scope.by_agency(sum_over(rows, "agency_id")),
            stage=in_order(PUBLIC_STAGES, sum_over(rows, "stage")),
        ),
        "drafts_silent": counted(agency=scope.by_agency(sum_over(silent, "agency_id"))),
    }


def _comments(scope: _Scope, tz: tzinfo, now: datetime) -> dict[str, Figure]:
    starts = months_before(local_day(now, tz), MONTHS)
    month = bucket(col(Comment.created_at), beginnings(starts, tz)).label("month_n")
    reply = case((NO_REPLY, 0), else_=1).label("is_reply")
    owed = case((col(Consultation.closed_at).is_(None), 0), else_=1).label("is_owed")
    parts = (col(Draft.agency_id), col(Comment.kind), col(Comment.channel))
    rows = scope.rows(
        select(*parts, month, reply, owed, func.count().label("n"))
        .join(Draft, col(Draft.id) == col(Comment.draft_id))
        .join(Consultation, col(Consultation.id) == col(Comment.consultation_id))
        .where(*public())
        .group_by(*parts, "month_n", "is_reply", "is_owed")
    )
    comments = [row for row in rows if not row.is_reply]
    replies = [row for row in rows if row.is_reply]
    by_kind = in_order(KINDS, sum_over(comments, "kind"))
    found = sum_over(comments, "month_n")
    names = (EARLIER, *(start.isoformat()[:7] for start in starts))
    return {
        "comments": counted(
            agency=scope.by_agency(sum_over(comments, "agency_id")),
            kind=by_kind,
            channel=in_order(CHANNELS, sum_over(comments, "channel")),
            month=from_first({name: found.get(i, 0) for i, name in enumerate(names)}),
        ),
        "replies": counted(agency=scope.by_agency(sum_over(replies, "agency_id"))),
        "answers_owed": counted(
            agency=scope.by_agency(sum_over((r for r in rows if r.is_owed), "agency_id"))
        ),
        "share_substance": Figure(
            share(sum(by_kind[kind] for kind in SUBSTANCE), sum(by_kind.values()))
        ),
    }


def _people(scope: _Scope) -> Figure:
    said = scope.narrowed(
        select(col(Comment.author_id), col(Comment.organisation_id)).join(
            Draft, col(Draft.id) == col(Comment.draft_id)
        )
    ).where(*public())
    voters = scope.narrowed(
        select(col(Vote.person_id)).join(Draft, col(Draft.id) == col(Vote.draft_id))
    )
    who = took_part(said, voters)
    query = select(
        who.c.participant,
        account(),
        identity(who.c.participant == "organisation"),
        func.count().label("n"),
    )
    query = query.join(who, who.c.person_id == col(Person.id))
    rows = scope.session.execute(query.group_by(who.c.participant, "account", "identity")).all()
    return counted(
        kind=in_order(PARTICIPANTS, sum_over(rows, "participant")),
        identity=in_order(IDENTITIES, sum_over(rows, "identity")),
        account=in_order(ACCOUNTS, sum_over(rows, "account")),
    )


def _answers(scope: _Scope) -> Figure:
    reported = scope.narrowed(
        select(col(Consultation.id), col(Draft.agency_id))
        .join(Draft, col(Draft.id) == col(Consultation.draft_id))
        .where(col(Consultation.reported_at).is_not(None))
    )
    agency_of = pairs(scope.session, reported)
    if not agency_of:
        return counted(outcome=dict.fromkeys(OUTCOMES, 0), agency=scope.by_agency({}))
    found = count_outcomes(scope.session, reported.with_only_columns(col(Consultation.id)))
    by_agency: dict[int, int] = {}
    for consultation_id, outcomes in found.items():
        agency_id = agency_of[consultation_id]
        by_agency[agency_id] = by_agency.get(agency_id, 0) + outcomes.total()
    totals = {name: sum(outcomes[name] for outcomes in found.values()) for name in OUTCOMES}
    return counted(outcome=totals, agency=scope.by_agency(by_agency))


def _duties(scope: _Scope, now: datetime) -> dict[tuple[int, str], int]:
    """The duties that follow from drafts, by agency and by how they stand."""
    rows = scope.rows(
        select(col(Draft.agency_id), duty_standing(now).label("standing"), func.count().label("n"))
        .join(Obligation, col(Obligation.draft_id) == col(Draft.id))
        .where(OWED)
        .group_by(col(Draft.agency_id), "standing")
    )
    return sum_over(rows, "agency_id", "standing")


def _identical(scope: _Scope) -> dict[int, tuple[int, int]]:
    """By agency: published answers whose reason another one repeats, and those with a reason."""
    reasons = scope.narrowed(
        select(col(Draft.agency_id), func.count().label("n"))
        .join(Consultation, col(Consultation.draft_id) == col(Draft.id))
        .join(Disposition, col(Disposition.consultation_id) == col(Consultation.id))
        .where(col(Disposition.state) == "published", col(Disposition.reason) != "")
        .group_by(col(Draft.agency_id), col(Disposition.reason))
    ).subquery()
    repeated = func.sum(case((reasons.c.n > 1, reasons.c.n), else_=0))
    rows = scope.session.execute(
        select(reasons.c.agency_id, repeated, func.sum(reasons.c.n)).group_by(reasons.c.agency_id)
    ).all()
    return {agency_id: (int(same), int(n)) for agency_id, same, n in rows}


def _agency_rows(
    scope: _Scope,
    figures: Figures,
    duties: Mapping[str, Mapping[str, int]],
    identical: Mapping[int, tuple[int, int]],
) -> list[AgencyRow]:
    """A row for each agency with a public draft, the one with the most drafts first."""
    rows = []
    for agency_id, code in scope.codes.items():
        part = {name: figure.part("agency", code) for name, figure in figures.items()}
        kept = {standing: by[code] for standing, by in duties.items()}
        row = AgencyRow(
            code=code,
            drafts=part["drafts"],
            drafts_silent=part["drafts_silent"],
            comments=part["comments"],
            answers=part["answers"],
            share_answered=share(part["answers"], part["answers_owed"]),
            on_time=kept["on_time"],
            late=kept["late"],
            overdue=kept["overdue"],
            share_on_time=duty_figures(kept)["share_on_time"].value,
            share_identical=share(*identical.get(agency_id, (0, 0))),
        )
        rows.append(row)
    return sorted((row for row in rows if row.drafts), key=lambda row: (-row.drafts, row.code))
