"""Reads of parliament: committees, the bills before them, what is counted of each bill.

Whatever the number of bills, the number of queries is the same.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from consult.accounts.models import Agency
from consult.accounts.queries import agencies
from consult.answers.models import Disposition
from consult.answers.rules import ACCEPTING
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.consultations.actions import earliest_close
from consult.consultations.models import Consultation
from consult.consultations.queries import comment_totals, rounds_of
from consult.errors import NotFound
from consult.law.queries import Law
from consult.obligations.models import Obligation
from consult.parliament.models import Referral
from consult.procedure.deadlines import last_day, local_day
from consult.statistics.participants import took_part
from consult.statistics.queries import OWED, duty_standing
from consult.votes.models import Vote
from drafts.models import Draft
from drafts.queries import PUBLIC_STAGES
from notifications.models import Subscription


@dataclass(frozen=True, slots=True)
class Committee:
    """A body of parliament, how deep it stands in the tree, and how many bills are before it."""

    agency: Agency
    depth: int
    bills: int


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill in a list of such: its facts and what is counted of it.

    `days` it was, or will have been, open in its newest round, of which the law asks for `minimum`;
    both None before there are dates. `duties` by standing (statistics); `report` is the newest
    round with a report, 0 for none; `changes` are provisions changed because of comments.
    """

    draft: Draft
    agency: Agency
    consultation: Consultation | None
    days: int | None
    minimum: int | None
    comments: int = 0
    people: int = 0
    organisations: int = 0
    duties: Mapping[str, int] = field(default_factory=dict)
    report: int = 0
    changes: int = 0
    referrals: Sequence[Referral] = ()

    @property
    def overdue(self) -> int:
        return self.duties.get("overdue", 0)

    @property
    def to_come(self) -> int:
        return self.duties.get("to_come", 0)

    def days_left(self, now: datetime) -> int | None:
        """Full days until the discussion closes; None where none is open."""
        term = self.consultation
        if term is None or not term.opens_at <= now < term.closes_at:
            return None
        return (term.closes_at - now).days


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which bills: at a stage, of an agency; those no longer before the committee instead."""

    stage: str = ""
    agency_id: int | None = None
    ended: bool = False


def committees(session: Session) -> list[Committee]:
    """The open bodies of parliament, each after the one it belongs to. Two queries."""
    bodies = {
        id_: body
        for id_, body in agencies(session).items()
        if body.kind == "parliament" and body.closed_on is None
    }
    counts = dict(
        session.execute(
            sa_select(col(Referral.committee_id), func.count())
            .where(col(Referral.ended_at).is_(None))
            .group_by(col(Referral.committee_id))
        ).all()
    )
    found: list[Committee] = []

    def add(parent: int | None, depth: int) -> None:
        for body in sorted(bodies.values(), key=lambda one: one.code):
            above = body.parent_id if body.parent_id in bodies else None
            if above == parent:
                found.append(Committee(body, depth, counts.get(body.id or 0, 0)))
                add(body.id, depth + 1)

    add(None, 0)
    return found


def committee_by_code(session: Session, code: str) -> Agency:
    """A body of parliament; raises NotFound for any other."""
    body = session.exec(select(Agency).where(Agency.code == code)).first()
    if body is None or body.kind != "parliament":
        raise NotFound("There is no committee with this code.")
    return body


def running_referral(session: Session, committee_id: int, draft_id: int) -> Referral | None:
    """That a bill is before a committee now."""
    query = select(Referral).where(
        Referral.committee_id == committee_id,
        Referral.draft_id == draft_id,
        col(Referral.ended_at).is_(None),
    )
    return session.exec(query).one_or_none()


def bodies_beneath(every: Collection[Committee], committee: Agency) -> list[int]:
    """The committee itself and all that belong to it."""
    ids = [committee.id or 0]
    for one in every:  # each stands after the one it belongs to
        if one.agency.parent_id in ids:
            ids.append(one.agency.id or 0)
    return ids


def bills_before(
    session: Session, committee_ids: Collection[int], wanted: Wanted, *, limit: int, offset: int = 0
) -> list[int]:
    """The bills (their ids) before some committees, those referred last first; one more than
    `limit` tells that there are others."""
    ended = col(Referral.ended_at)
    last = func.max(col(Referral.id)).label("last")
    running = sa_select(col(Referral.draft_id)).where(
        col(Referral.committee_id).in_(committee_ids), ended.is_(None)
    )
    query = (
        sa_select(col(Referral.draft_id), last)
        .join(Draft, col(Draft.id) == col(Referral.draft_id))
        .where(
            col(Referral.committee_id).in_(committee_ids),
            col(Draft.stage).in_(PUBLIC_STAGES),
            col(Draft.id).not_in(running) if wanted.ended else ended.is_(None),
        )
    )
    if wanted.stage:
        query = query.where(col(Draft.stage) == wanted.stage)
    if wanted.agency_id:
        query = query.where(col(Draft.agency_id) == wanted.agency_id)
    query = query.group_by(col(Referral.draft_id)).order_by(last.desc())
    return [row[0] for row in session.execute(query.limit(limit + 1).offset(offset)).all()]


def bills_followed(session: Session, person_id: int, limit: int) -> list[int]:
    """The public drafts a person follows, those followed last first."""
    query = select(Subscription.target).where(
        Subscription.person_id == person_id, col(Subscription.target).startswith("draft:")
    )
    targets = session.exec(query.order_by(col(Subscription.id).desc()).limit(limit)).all()
    return [int(target.partition(":")[2]) for target in targets]


def bills(session: Session, draft_ids: Sequence[int], *, law: Law, now: datetime) -> list[Bill]:
    """What is counted of some bills, in their order; those not public are left out."""
    rows = session.execute(
        sa_select(Draft, Agency)
        .join(Agency, col(Agency.id) == col(Draft.agency_id))
        .where(
            col(Draft.id).in_(draft_ids),
            col(Draft.stage).in_(PUBLIC_STAGES),
            col(Draft.published_at).is_not(None),
        )
    ).all()
    found = {draft.id or 0: (draft, agency) for draft, agency in rows}
    rounds, comments = rounds_of(session, draft_ids), comment_totals(session, draft_ids)
    people, duties = _people(session, draft_ids), _duties(session, draft_ids, now)
    reports, changes = _reports(session, draft_ids), _changes(session, draft_ids)
    referred = _referrals(session, draft_ids)
    told = []
    for id_ in draft_ids:
        if id_ not in found:
            continue
        draft, agency = found[id_]
        days, minimum = _days(rounds.get(id_), draft, law)
        told.append(
            Bill(
                draft=draft,
                agency=agency,
                consultation=rounds.get(id_),
                days=days,
                minimum=minimum,
                comments=comments.get(id_, 0),
                people=people.get((id_, "person"), 0),
                organisations=people.get((id_, "organisation"), 0),
                duties=duties[id_],
                report=reports.get(id_, 0),
                changes=changes.get(id_, 0),
                referrals=referred[id_],
            )
        )
    return told


def _days(term: Consultation | None, draft: Draft, law: Law) -> tuple[int | None, int | None]:
    if term is None:
        return None, None
    first = local_day(term.opens_at, law.tz)
    least = earliest_close(law, draft, term.opens_at).due_on
    return (last_day(term.closes_at, law.tz) - first).days, (least - first).days


def _people(session: Session, draft_ids: Sequence[int]) -> dict[tuple[int, str], int]:
    """Who took part in each, by "person" and "organisation": as the figures of a draft count."""
    who = took_part(
        sa_select(
            col(Comment.draft_id), col(Comment.author_id), col(Comment.organisation_id)
        ).where(col(Comment.draft_id).in_(draft_ids), *public()),
        sa_select(col(Vote.draft_id), col(Vote.person_id)).where(col(Vote.draft_id).in_(draft_ids)),
        keys=1,
    )
    draft, kind = who.c[0], who.c.participant
    rows = session.execute(sa_select(draft, kind, func.count()).group_by(draft, kind)).all()
    return {(row[0], row[1]): row[2] for row in rows}


def _duties(session: Session, draft_ids: Sequence[int], now: datetime) -> dict[int, dict[str, int]]:
    standing = duty_standing(now).label("standing")
    query = sa_select(col(Obligation.draft_id), standing, func.count())
    query = query.where(col(Obligation.draft_id).in_(draft_ids), OWED)
    told: dict[int, dict[str, int]] = defaultdict(dict)
    for draft_id, name, n in session.execute(query.group_by(col(Obligation.draft_id), "standing")):
        told[draft_id][name] = n
    return told


def _reports(session: Session, draft_ids: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        sa_select(col(Consultation.draft_id), func.max(col(Consultation.round)))
        .where(
            col(Consultation.draft_id).in_(draft_ids), col(Consultation.reported_at).is_not(None)
        )
        .group_by(col(Consultation.draft_id))
    ).all()
    return {row[0]: row[1] for row in rows}


def _changes(session: Session, draft_ids: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        sa_select(col(Consultation.draft_id), func.count(col(Disposition.changed_wid).distinct()))
        .join(Disposition, col(Disposition.consultation_id) == col(Consultation.id))
        .where(
            col(Consultation.draft_id).in_(draft_ids),
            col(Consultation.reported_at).is_not(None),
            col(Disposition.state) == "published",
            col(Disposition.outcome).in_(ACCEPTING),
            col(Disposition.changed_wid) != "",
            col(Disposition.text_before) != col(Disposition.text_after),
        )
        .group_by(col(Consultation.draft_id))
    ).all()
    return {row[0]: row[1] for row in rows}


def _referrals(session: Session, draft_ids: Sequence[int]) -> dict[int, list[Referral]]:
    query = select(Referral).where(col(Referral.draft_id).in_(draft_ids))
    told: dict[int, list[Referral]] = defaultdict(list)
    for row in session.exec(query.order_by(col(Referral.id))).all():
        told[row.draft_id].append(row)
    return told


def bill_json(bill: Bill, codes: Mapping[int, str], now: datetime) -> dict[str, Any]:
    """A bill as open data. The keys are a promise."""
    term = bill.consultation
    return {
        "draft": bill.draft.id,
        "titles": bill.draft.titles,
        "agency": bill.agency.code,
        "act_type": bill.draft.act_type,
        "stage": bill.draft.stage,
        "opens_at": term.opens_at.isoformat() if term else None,
        "closes_at": term.closes_at.isoformat() if term else None,
        "days_open": bill.days,
        "days_minimum": bill.minimum,
        "days_left": bill.days_left(now),
        "comments": bill.comments,
        "people": bill.people,
        "organisations": bill.organisations,
        "duties_overdue": bill.overdue,
        "duties_to_come": bill.to_come,
        "report_round": bill.report or None,
        "changed_provisions": bill.changes,
        "committees": [
            {
                "committee": codes.get(one.committee_id, ""),
                "referred_at": one.referred_at.isoformat(),
                "ended_at": one.ended_at.isoformat() if one.ended_at else None,
            }
            for one in bill.referrals
        ],
    }
