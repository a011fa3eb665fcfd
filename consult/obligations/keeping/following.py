"""Duties follow what happens to a consultation, a draft, an act: planned, set running, fulfilled.

Duties owed for each comment or group of comments: per_comment.py; recurrent ones: recurring.py;
what a person does with a duty: actions.py.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from consult.consultations.models import Consultation
from consult.consultations.queries import rounds_by_draft
from consult.errors import N_
from consult.law.queries import Law
from consult.obligations.keeping.asked import (
    OPEN,
    TICKING,
    evidence_of,
    in_states,
    new_duty,
    owe,
)
from consult.obligations.ledger.rules import Kind, Stored, fold
from consult.obligations.models import Obligation
from consult.obligations.queries import last_comment_at, ledger
from consult.obligations.writing import begin, rule_of, write
from consult.procedure.deadlines import Trigger
from consult.procedure.duties import Evidence, Per
from consult.procedure.stages import Stage
from drafts.models import Draft, StageChange

# Owed to those who commented: where nobody did, nobody is owed it.
TO_COMMENTERS = frozenset({Evidence.RECEIPT, Evidence.ANSWER, Evidence.NOTICE})
NOBODY = N_("Nobody commented, so nobody is owed this.")

# Why the duties for a draft end with it, and what is owed all the same: to tell people of their
# answers, and of a rejected draft the decision, which the rejection is.
ENDED: Mapping[str, tuple[str, frozenset[Evidence]]] = {
    Stage.WITHDRAWN: (N_("The draft was withdrawn."), frozenset({Evidence.NOTICE})),
    Stage.REJECTED: (
        N_("The draft was rejected."),
        frozenset({Evidence.NOTICE, Evidence.DECISION}),
    ),
}


def ended_at(session: Session, draft: Draft) -> datetime | None:
    """When a draft was withdrawn or rejected; None if it was not."""
    if draft.stage not in ENDED:
        return None
    query = select(StageChange.changed_at).where(
        StageChange.draft_id == draft.id, StageChange.new == draft.stage
    )
    return session.exec(query.order_by(col(StageChange.id).desc()).limit(1)).first()


def follow_consultation(
    session: Session, law: Law, draft: Draft, consultation: Consultation, now: datetime
) -> None:
    """Bring the duties owed once for a consultation up to how far it has come.

    Everything is read off the consultation's own instants, so it does not matter how late this is
    done, how often, or in which order the events arrive: a slow worker makes nobody late.
    """
    opened_at, closed_at = consultation.opened_at, consultation.closed_at
    if opened_at is None:
        return
    plan_duties(session, law, draft, consultation, now)
    trigger_duties(session, law, consultation, Trigger.CONSULTATION_OPENED, opened_at, now)
    page = f"/drafts/{draft.id}"
    fulfil_by_evidence(session, law, consultation, Evidence.ANNOUNCEMENT, page, opened_at, now)
    for earlier in rounds_by_draft(session, consultation.draft_id):
        if earlier.round < consultation.round:
            end_decision(session, law, draft, earlier, now)
    if closed_at is None:
        return
    if last_at := last_comment_at(session, consultation.id or 0):
        trigger_duties(session, law, consultation, Trigger.COMMENT_SUBMITTED, last_at, now)
        talk = f"{page}/discussion"
        fulfil_by_evidence(session, law, consultation, Evidence.RECEIPT, talk, last_at, now)
    else:
        cancel_duties(session, law, consultation, TO_COMMENTERS, NOBODY, closed_at, now)
    trigger_duties(session, law, consultation, Trigger.CONSULTATION_CLOSED, closed_at, now)
    reported_at = consultation.reported_at
    if reported_at is None:
        return
    report = f"{page}/report/{consultation.round}"
    for evidence in (Evidence.ANSWER, Evidence.REPORT):
        fulfil_by_evidence(session, law, consultation, evidence, report, reported_at, now)
    trigger_duties(session, law, consultation, Trigger.REPORT_PUBLISHED, reported_at, now)
    owe_for_draft(session, law, draft, Trigger.REPORT_PUBLISHED, reported_at, now)
    end_decision(session, law, draft, consultation, now)


def end_decision(
    session: Session, law: Law, draft: Draft, consultation: Consultation, now: datetime
) -> None:
    """The way to parliament is the decision after a round, or to ask the people again.

    Whichever came first fulfils the duty, late if it was late. An outcome does too: settle_draft.
    """
    reported_at = consultation.reported_at
    if reported_at is None:
        return
    steps = (_asked_again_at(session, consultation), _sent_at(session, draft, reported_at))
    if taken := [at for at in steps if at is not None]:
        page = f"/drafts/{draft.id}"
        fulfil_by_evidence(session, law, consultation, Evidence.DECISION, page, min(taken), now)


def _asked_again_at(session: Session, consultation: Consultation) -> datetime | None:
    """When the round after this one was opened; None if none was."""
    query = select(Consultation.opened_at).where(
        Consultation.draft_id == consultation.draft_id,
        col(Consultation.round) > consultation.round,
        col(Consultation.opened_at).is_not(None),
    )
    return session.exec(query.order_by(col(Consultation.round)).limit(1)).first()


def _sent_at(session: Session, draft: Draft, since: datetime) -> datetime | None:
    """When the draft first went to parliament from then on; None if it did not."""
    query = select(StageChange.changed_at).where(
        StageChange.draft_id == draft.id,
        StageChange.new == Stage.IN_PARLIAMENT.value,
        col(StageChange.changed_at) >= since,
    )
    return session.exec(query.order_by(col(StageChange.id)).limit(1)).first()


def plan_duties(
    session: Session, law: Law, draft: Draft, consultation: Consultation, now: datetime
) -> None:
    """Write down what will be owed once for a consultation; done twice, nothing is added."""
    opened_at = consultation.opened_at or consultation.opens_at
    query = select(Obligation.key).where(
        Obligation.consultation_id == consultation.id, Obligation.subject == ""
    )
    known = set(session.exec(query).all())
    for duty in law.pack.duty:
        key = f"{duty.code}:{consultation.id}"
        if duty.per is Per.CONSULTATION and key not in known:
            owed = new_duty(law, duty, key, "", opened_at, draft=draft)
            owed.consultation_id = consultation.id
            begin(session, law, owed, opened_at, now)


def trigger_duties(
    session: Session,
    law: Law,
    consultation: Consultation,
    trigger: Trigger,
    at: datetime,
    now: datetime,
) -> None:
    """Set running the duties of a consultation that begin with `trigger`, with their due dates."""
    for obligation in _duties(session, consultation, Stored.PLANNED):
        if rule_of(session, law, obligation).trigger is trigger:
            write(session, law, obligation, Kind.TRIGGERED, at, {}, now=now)


def fulfil_by_evidence(
    session: Session,
    law: Law,
    consultation: Consultation,
    evidence: Evidence,
    path: str,
    at: datetime,
    now: datetime,
) -> None:
    """Fulfil the running duties of a consultation that this kind of evidence shows to be done."""
    for obligation in _duties(session, consultation, *TICKING):
        if evidence_of(law.pack, obligation) is evidence:
            write(session, law, obligation, Kind.FULFILLED, at, {"evidence": path}, now=now)


def cancel_duties(
    session: Session,
    law: Law,
    consultation: Consultation,
    kinds: Collection[Evidence],
    reason: str,
    at: datetime,
    now: datetime,
) -> None:
    """Cancel the planned duties of some kinds; `reason` is a translatable sentence."""
    for obligation in _duties(session, consultation, Stored.PLANNED):
        if evidence_of(law.pack, obligation) in kinds:
            write(session, law, obligation, Kind.CANCELLED, at, {"reason": reason}, now=now)


def _duties(session: Session, consultation: Consultation, *states: Stored) -> list[Obligation]:
    query = select(Obligation).where(
        Obligation.consultation_id == consultation.id, Obligation.subject == "", in_states(states)
    )
    return list(session.exec(query.order_by(col(Obligation.id))).all())


# For a draft as such, and for the act it became.


def owe_for_draft(
    session: Session, law: Law, draft: Draft, trigger: Trigger, at: datetime, now: datetime
) -> None:
    """Set running what is owed once for a draft from `trigger` on; done twice, nothing is added."""
    owe(session, law, Per.DRAFT, trigger, f"draft:{draft.id}", at, now, draft=draft)


def correct_beginning(
    session: Session,
    law: Law,
    draft: Draft,
    trigger: Trigger,
    at: datetime,
    reason: str,
    now: datetime,
) -> None:
    """Let what runs for a draft from `trigger` on run from `at`, unless a person set its beginning.

    Done twice, nothing is added; `reason` is a translatable sentence.
    """
    data = {"trigger_at": at.isoformat(), "reason": reason}
    for obligation in _of_draft(session, draft, TICKING):
        if obligation.subject or rule_of(session, law, obligation).trigger is not trigger:
            continue
        lines = ledger(session, obligation.id or 0)
        by_hand = any("trigger_at" in line.data and line.actor_id is not None for line in lines)
        if not by_hand and fold(lines).trigger_at != at:
            write(session, law, obligation, Kind.CORRECTED, now, data, now=now)


def settle_draft(
    session: Session,
    law: Law,
    draft: Draft,
    evidence: Evidence,
    path: str,
    at: datetime,
    now: datetime,
) -> None:
    """Fulfil what is owed for a draft, or once for a round of it, and this kind of evidence shows.

    Only what runs: call it from the handler of an event, so that earlier events were seen to.
    """
    for obligation in _of_draft(session, draft, TICKING):
        if not obligation.subject and evidence_of(law.pack, obligation) is evidence:
            write(session, law, obligation, Kind.FULFILLED, at, {"evidence": path}, now=now)


def cancel_draft(
    session: Session,
    law: Law,
    draft: Draft,
    reason: str,
    at: datetime,
    now: datetime,
    spared: Collection[Evidence] = (),
) -> None:
    """Cancel whatever is still owed for a draft, but for what these kinds of evidence show."""
    for obligation in _of_draft(session, draft, OPEN):
        if evidence_of(law.pack, obligation) not in spared:
            write(session, law, obligation, Kind.CANCELLED, at, {"reason": reason}, now=now)


def _of_draft(session: Session, draft: Draft, states: Collection[Stored]) -> list[Obligation]:
    query = select(Obligation).where(Obligation.draft_id == draft.id, in_states(states))
    return list(session.exec(query.order_by(col(Obligation.id))).all())
