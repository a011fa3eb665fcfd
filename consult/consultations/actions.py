"""What is done with consultations: set the dates, open, close, count."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from consult import outbox
from consult.access import Actor, check_agency
from consult.consultations.models import Consultation, ConsultationExtension, Tally
from consult.consultations.queries import current_round
from consult.consultations.rules import (
    Act,
    ActWith,
    check_extension,
    check_term,
    last_minute,
)
from consult.db import affected, upsert
from consult.errors import Conflict, Invalid
from consult.events import (
    ConsultationClosed,
    ConsultationExtended,
    ConsultationOpened,
    ConsultationScheduled,
)
from consult.law.queries import Law
from consult.procedure.deadlines import Computation, Term, local_day, minimum_close
from consult.procedure.stages import Stage, Verb, allows, check_allowed
from drafts.actions import hold, publish_version, set_stage
from drafts.models import Draft, DraftVersion
from drafts.queries import latest_version


def schedule(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    opens_at: datetime,
    closes_at: datetime,
    exception: str,
    law: Law,
    now: datetime,
    attributes: Collection[str] | None = None,
) -> Consultation:
    """Set or move the dates of the next round; the text becomes public at once.

    `attributes` are codes of the rule pack that the act has from now on; None leaves them.
    Raises Invalid with the rule's citation when the term is below the legal minimum.
    """
    check_agency(actor, "prepare", draft.agency_id)
    hold(session, draft)
    stage = Stage(draft.stage)
    new_round = allows(stage, Verb.START_ROUND)
    if not (new_round or allows(stage, Verb.SCHEDULE)):
        raise Conflict("The dates can no longer be changed.")
    version = latest_version(session, draft.id or 0)
    if version is None:
        raise Invalid("Import a text first.", field="opens_at")
    if opens_at < now:
        raise Invalid("The opening must not lie in the past.", field="opens_at")
    if attributes is not None:
        draft.attributes = _known(law, attributes)
    minimum = earliest_close(law, draft, opens_at)
    check_term(opens_at, closes_at, minimum, exception)
    consultation = _upcoming_round(session, draft) or Consultation(
        draft_id=draft.id or 0,
        version_id=version.id or 0,
        round=_next_number(session, draft),
        opens_at=opens_at,
        closes_at=closes_at,
        created_by=actor.id,
    )
    consultation.version_id = version.id or 0
    consultation.opens_at, consultation.closes_at = opens_at, closes_at
    consultation.next_transition_at = opens_at
    consultation.dates_n, consultation.dates_set_at = consultation.dates_n + 1, now
    consultation.exception_basis, consultation.minimum_at = exception, last_minute(minimum)
    session.add(consultation)
    session.flush()
    _announce(session, actor, draft, version, consultation, now)
    return consultation


def _known(law: Law, attributes: Collection[str]) -> list[str]:
    """Attributes of an act, in the order of the rule pack; raises Invalid for any it lacks."""
    if not law.pack.attributes.keys() >= set(attributes):
        raise Invalid("Please choose one of the options.", field="attributes")
    return [code for code in law.pack.attributes if code in attributes]


def _announce(
    session: Session,
    actor: Actor,
    draft: Draft,
    version: DraftVersion,
    consultation: Consultation,
    now: datetime,
) -> None:
    """From now on everybody can read the text and see when its discussion begins."""
    publish_version(session, draft, version, now)
    stage = Stage(draft.stage)
    if stage is not Stage.SCHEDULED:
        again = allows(stage, Verb.START_ROUND)
        set_stage(session, draft.id or 0, Stage.SCHEDULED, now, actor_id=actor.id, new_round=again)
    event = ConsultationScheduled(consultation.id or 0, draft.id or 0)
    outbox.record(session, event, now)


def open_at_once(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    law: Law,
    now: datetime,
    attributes: Collection[str] | None = None,
) -> Consultation:
    """Open a discussion now for the shortest lawful term; `attributes` as for `schedule`."""
    having = draft.attributes if attributes is None else list(attributes)
    closes_at = last_minute(earliest_close(law, ActWith(draft.act_type, having), now))
    consultation = schedule(
        session,
        actor=actor,
        draft=draft,
        opens_at=now,
        closes_at=closes_at,
        exception="",
        law=law,
        now=now,
        attributes=attributes,
    )
    advance(session, consultation, now)
    return consultation


def extend(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    closes_at: datetime,
    reason: str,
    now: datetime,
) -> Consultation:
    """Let an open discussion close later than was announced; everybody can read why.

    Never earlier: who was told a day may count on it. Raises Conflict once it is over, Invalid
    for an earlier closing or without a reason.
    """
    check_agency(actor, "prepare", draft.agency_id)
    hold(session, draft)
    check_allowed(Stage(draft.stage), Verb.EXTEND)
    consultation = current_round(session, draft.id or 0)
    if consultation is None or now >= consultation.closes_at:
        raise Conflict("This discussion is closed.")
    check_extension(consultation, closes_at, reason)
    session.add(
        ConsultationExtension(
            consultation_id=consultation.id or 0,
            old_closes_at=consultation.closes_at,
            new_closes_at=closes_at,
            reason=reason.strip(),
            extended_by=actor.id,
            extended_at=now,
        )
    )
    consultation.closes_at = consultation.next_transition_at = closes_at
    consultation.dates_n, consultation.dates_set_at = consultation.dates_n + 1, now
    session.add(consultation)
    session.flush()
    outbox.record(
        session, ConsultationExtended(consultation.id or 0, draft.id or 0, closes_at), now
    )
    return consultation


def withdraw_draft(session: Session, *, actor: Actor, draft: Draft, now: datetime) -> None:
    """Take a draft back; raises Conflict while people who commented on it wait for answers."""
    check_agency(actor, "prepare", draft.agency_id)
    hold(session, draft)
    check_allowed(Stage(draft.stage), Verb.WITHDRAW_DRAFT)
    latest = current_round(session, draft.id or 0)
    if latest and latest.opened_at and not latest.reported_at:
        raise Conflict(
            "People have been asked about this draft. Answer them and publish the report first."
        )
    if latest and latest.opened_at is None:
        latest.next_transition_at = None
        session.add(latest)
    set_stage(session, draft.id or 0, Stage.WITHDRAWN, now, actor_id=actor.id)


def earliest_close(law: Law, act: Act, opens_at: datetime) -> Computation:
    """The earliest lawful closing of a consultation on such an act that opens then."""
    on = local_day(opens_at, law.tz)
    rule = law.pack.rule_for(Term.CONSULTATION, act.act_type, on, act.attributes)
    return minimum_close(rule, opens_at, law.calendar, law.tz)


def _upcoming_round(session: Session, draft: Draft) -> Consultation | None:
    """The round that has dates but has not opened yet."""
    latest = current_round(session, draft.id or 0)
    return latest if latest and latest.opened_at is None else None


def _next_number(session: Session, draft: Draft) -> int:
    latest = current_round(session, draft.id or 0)
    return latest.round + 1 if latest else 1


def advance(session: Session, consultation: Consultation, now: datetime) -> bool:
    """Open or close a round whose instant has come; returns whether this call did it.

    Claimed by a conditional update: of two workers one does it.
    """
    hold(session, session.get_one(Draft, consultation.draft_id))  # first, as everybody does
    session.refresh(consultation)  # its dates may have been moved since it was found due
    if consultation.next_transition_at is None or consultation.next_transition_at > now:
        return False
    opening = consultation.opened_at is None
    following = consultation.closes_at if opening else None
    claimed = session.execute(
        update(Consultation)
        .where(
            col(Consultation.id) == consultation.id,
            col(Consultation.next_transition_at) == consultation.next_transition_at,
        )
        .values(
            next_transition_at=following,
            # The law knows the announced instant; how late a worker came moves no term.
            **(
                {"opened_at": consultation.opens_at}
                if opening
                else {"closed_at": consultation.closes_at}
            ),
        )
    )
    if affected(claimed) != 1:
        return False
    session.refresh(consultation)
    draft_id, round_id = consultation.draft_id, consultation.id or 0
    if opening:
        set_stage(session, draft_id, Stage.OPEN, now)
        event = ConsultationOpened(round_id, draft_id, consultation.round)
        outbox.record(session, event, now)
    else:
        set_stage(session, draft_id, Stage.CLOSED, now)
        outbox.record(session, ConsultationClosed(round_id, draft_id), now)
    return True


def count(
    session: Session,
    *,
    draft_id: int,
    version_id: int,
    wid: str,
    comments: int = 0,
    votes_for: int = 0,
    votes_against: int = 0,
    identified: bool = False,
) -> None:
    """Add to the counts of a place, in one statement, so that two at once lose nothing.

    `identified`: the votes are of somebody of whom it is known who they are.
    """
    more = {
        "comments_n": comments,
        "for_n": votes_for,
        "against_n": votes_against,
        "identified_for_n": votes_for if identified else 0,
        "identified_against_n": votes_against if identified else 0,
    }
    session.execute(
        upsert(session, Tally)
        .values(version_id=version_id, wid=wid, draft_id=draft_id, **more)
        .on_conflict_do_update(
            index_elements=["version_id", "wid"],
            set_={name: getattr(Tally, name) + n for name, n in more.items()},
        )
    )
