"""Reads of appeals: what may be appealed against, until when, what waits for the oversight body."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from consult.accounts.models import Agency
from consult.comments.models import Comment
from consult.errors import NotFound
from consult.law.queries import Law
from consult.moderation.models import Appeal, ModerationAct, Redaction
from consult.moderation.rules import AGAINST, still_standing
from consult.procedure.deadlines import Computation, Term, compute, local_day
from consult.procedure.duties import Per
from consult.procedure.packs import RulePack
from drafts.models import Draft


@dataclass(frozen=True, slots=True)
class Standing:
    """An act that still has effect. `until` is the last day to appeal, None where there is none."""

    act: ModerationAct
    until: date | None
    in_time: bool
    appeal: Appeal | None


@dataclass(frozen=True, slots=True)
class Case:
    """An appeal with what it is about; `due` is the day by which it is owed a decision."""

    appeal: Appeal
    act: ModerationAct
    comment: Comment
    draft: Draft
    due: Computation | None

    def is_late(self, now: datetime) -> bool:
        return self.due is not None and self.due.due_at <= now


def appeal_term(law: Law, draft: Draft, acted_at: datetime) -> Computation | None:
    """Until when an act may be appealed against; None where the rules give no time."""
    return _counted(law, draft, Term.APPEAL, acted_at)


def _counted(law: Law, draft: Draft, term: Term, at: datetime) -> Computation | None:
    on = local_day(at, law.tz)
    try:
        rule = law.pack.rule_for(term, draft.act_type, on, draft.attributes)
    except NotFound:
        return None
    return compute(rule, at, law.calendar, law.tz)


def standing_acts(session: Session, law: Law, comment: Comment, now: datetime) -> list[Standing]:
    """The acts on a comment that still have effect, with the time to appeal against each."""
    acts = effective_acts(session, comment)
    if not acts:
        return []
    appeals = session.exec(select(Appeal).where(Appeal.comment_id == comment.id)).all()
    made = {appeal.act_id: appeal for appeal in appeals}
    draft = session.get_one(Draft, comment.draft_id)
    return [_standing(law, draft, act, made.get(act.id or 0), now) for act in acts]


def effective_acts(session: Session, comment: Comment) -> list[ModerationAct]:
    """The acts on a comment that still have effect, the first first; in two queries."""
    acts = session.exec(
        select(ModerationAct)
        .where(ModerationAct.comment_id == comment.id, col(ModerationAct.act) != "keep")
        .order_by(col(ModerationAct.id))
    ).all()
    if not acts:
        return []
    redacting = session.exec(
        select(Redaction.act_id).where(Redaction.comment_id == comment.id).distinct()
    ).all()
    standing = still_standing([(act.id or 0, act.act) for act in acts], set(redacting))
    return [act for act in acts if act.id in standing]


def _standing(
    law: Law, draft: Draft, act: ModerationAct, appeal: Appeal | None, now: datetime
) -> Standing:
    term = appeal_term(law, draft, act.acted_at)
    if term is None:
        return Standing(act, None, False, appeal)
    return Standing(act, term.due_on, now < term.due_at, appeal)


def shown_on_appeal_at(session: Session, comment: Comment) -> datetime | None:
    """When the oversight body last decided that words held or hidden are shown; None if never."""
    query = (
        select(func.max(Appeal.decided_at))
        .join(ModerationAct, col(ModerationAct.id) == col(Appeal.act_id))
        .where(
            Appeal.comment_id == comment.id,
            Appeal.decision == "overturned",
            col(ModerationAct.act).in_(("hold", "hide")),
        )
    )
    return session.exec(query).one()


def act_to_appeal(session: Session, act_id: int) -> tuple[ModerationAct, Comment]:
    """An act on a comment; raises NotFound."""
    act = session.get(ModerationAct, act_id)
    if act is None or act.comment_id is None or act.act not in AGAINST:
        raise NotFound("There is nothing to appeal against here.")
    return act, session.get_one(Comment, act.comment_id)


def appeal_by_id(session: Session, law: Law, appeal_id: int) -> Case:
    """One appeal with what it is about; raises NotFound."""
    query = _cases().where(Appeal.id == appeal_id)
    row = session.execute(query).first()
    if row is None:
        raise NotFound("There is no such appeal.")
    return _case(law, *row)


def appeals(
    session: Session, law: Law, *, decided: bool, before: int | None = None, limit: int = 30
) -> list[Case]:
    """Those that wait, the first first; or those decided, newest first. One more than `limit`."""
    done = col(Appeal.decision) != ""
    query = _cases().where(done if decided else ~done).limit(limit + 1)
    if decided:
        query = query.where(col(Appeal.id) < before) if before else query
        query = query.order_by(col(Appeal.id).desc())
    else:
        query = query.where(col(Appeal.id) > before) if before else query
        query = query.order_by(col(Appeal.id))
    return [_case(law, *row) for row in session.execute(query).all()]


def _cases() -> Any:
    return (
        select(Appeal, ModerationAct, Comment, Draft)
        .join(ModerationAct, col(ModerationAct.id) == col(Appeal.act_id))
        .join(Comment, col(Comment.id) == col(Appeal.comment_id))
        .join(Draft, col(Draft.id) == col(Comment.draft_id))
    )


def _case(law: Law, appeal: Appeal, act: ModerationAct, comment: Comment, draft: Draft) -> Case:
    due = None
    if not appeal.decision:
        due = _counted(law, draft, Term.APPEAL_DECISION, appeal.appealed_at)
    return Case(appeal, act, comment, draft, due)


def removed_words(session: Session, act_id: int) -> list[str]:
    """What a redaction took out, as long as it is kept, for those who decide about it."""
    query = select(Redaction.words).where(
        Redaction.act_id == act_id, col(Redaction.erased_at).is_(None)
    )
    return list(session.exec(query.order_by(col(Redaction.id))).all())


def appeal_kinds(pack: RulePack) -> list[str]:
    """The kinds of body that owe decisions on appeals; none where the rules know no appeal."""
    return [kind for duty in pack.duty if duty.per is Per.APPEAL for kind in duty.agency_kinds]


def oversight_agency(session: Session, pack: RulePack, other_than: int) -> Agency | None:
    """The body that decides about the drafts of another agency; None if there is none."""
    of_kind = col(Agency.kind).in_(appeal_kinds(pack))
    query = select(Agency).where(of_kind, Agency.id != other_than).order_by(col(Agency.id))
    return session.exec(query.limit(1)).first()
