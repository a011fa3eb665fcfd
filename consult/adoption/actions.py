"""What is done after the report: how a draft ended, how far promises are, problems of an act."""

from dataclasses import fields, replace
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from consult import outbox
from consult.access import Actor, check_agency, check_right
from consult.accounts.models import Person
from consult.adoption.models import (
    ActOutcome,
    Commitment,
    CommitmentStep,
    Problem,
    ProblemEcho,
)
from consult.adoption.queries import outcome_of, reported_at, was_in_parliament
from consult.adoption.rules import (
    REASON_MAX,
    Decided,
    Met,
    Reply,
    Step,
    check_met,
    check_outcome,
    check_reply,
    check_step,
)
from consult.comments.rules import clean_body
from consult.db import affected, upsert
from consult.errors import N_, Conflict, Invalid, NotAllowed, NotFound
from consult.events import (
    CommitmentChanged,
    OutcomeRecorded,
    ProblemAnswered,
    ProblemHidden,
    ProblemReported,
)
from consult.moderation.actions import log_hidden_problem
from consult.moderation.rules import check_independent, check_reason
from consult.procedure.acts import check_parliament
from consult.procedure.deadlines import local_day
from consult.procedure.packs import RulePack
from consult.procedure.stages import Stage, Verb, check_allowed
from drafts.actions import hold, publish_version, set_stage
from drafts.models import Draft, DraftVersion
from drafts.queries import provision_texts

MEANWHILE = N_("Somebody else has just changed this. Please look again.")


def submit_to_parliament(session: Session, *, actor: Actor, draft: Draft, now: datetime) -> None:
    """The draft goes to parliament; raises NotAllowed before the report or after the end."""
    _begin(session, actor, draft, Verb.SUBMIT)
    set_stage(session, draft.id or 0, Stage.IN_PARLIAMENT, now, actor_id=actor.id)


def record_outcome(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    said: Decided,
    version_id: int | None,
    pack: RulePack,
    now: datetime,
) -> ActOutcome:
    """Write down how the way of a draft ended; everybody interested is told.

    `version_id` is the version that holds the final text, None if that is still to be imported.
    Raises Invalid, NotAllowed; Conflict while that version cannot become public.
    """
    _begin(session, actor, draft, Verb.RECORD_OUTCOME)
    _check(session, draft, said, pack.tz, now)
    if said.outcome == "adopted":
        check_parliament(pack.acts.get(draft.act_type), was_there=was_in_parliament(session, draft))
    row = ActOutcome(
        draft_id=draft.id or 0,
        recorded_by=actor.id,
        recorded_at=now,
        **{field.name: getattr(said, field.name) for field in fields(said)},
    )
    if version_id is not None and said.outcome == "adopted":
        row.version_id = _public_version(session, draft, version_id, now).id
        row.final_at = now
    session.add(row)
    set_stage(session, draft.id or 0, Stage(said.outcome), now, actor_id=actor.id)
    outbox.record(session, OutcomeRecorded(draft.id or 0), now)
    return row


def correct_outcome(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    said: Decided,
    why: str,
    tz: tzinfo,
    now: datetime,
) -> None:
    """Put right what was entered wrongly; what it was stays public, with the reason `why`.

    An act that was adopted cannot become one that was rejected. Raises Invalid.
    """
    row = _begun_outcome(session, actor, draft, Verb.CORRECT_OUTCOME)
    said = Decided(row.outcome, *(getattr(said, field.name) for field in fields(said)[1:]))
    _check(session, draft, said, tz, now)
    names = [field.name for field in fields(said)]
    was = {name: getattr(row, name) for name in names if getattr(row, name) != getattr(said, name)}
    if not was:
        raise Invalid("Nothing is different from what is recorded.", field="number")
    _note(row, was, why, now)
    for name in was:
        setattr(row, name, getattr(said, name))
    session.add(row)
    if "decided_on" in was:  # terms run from it; nobody is told of the outcome twice
        outbox.record(session, OutcomeRecorded(draft.id or 0), now)


def publish_final_text(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    version_id: int,
    why: str = "",
    now: datetime,
) -> None:
    """Say which version is the act as it was adopted; it becomes public if it was not.

    Taking another one later needs a reason, and is told in public like every correction.
    """
    row = _begun_outcome(session, actor, draft, Verb.PUBLISH_FINAL_TEXT)
    version = _public_version(session, draft, version_id, now)
    if row.version_id == version.id:
        return
    if row.version_id is not None:
        _note(row, {"version": session.get_one(DraftVersion, row.version_id).n}, why, now)
    row.version_id, row.final_at = version.id, row.final_at or now
    session.add(row)
    outbox.record(session, OutcomeRecorded(draft.id or 0), now)


def _begin(session: Session, actor: Actor, draft: Draft, verb: Verb) -> None:
    """Raise unless this officer may do this now; until it is done, nobody else does."""
    check_agency(actor, "prepare", draft.agency_id)
    hold(session, draft)
    check_allowed(Stage(draft.stage), verb)


def _begun_outcome(session: Session, actor: Actor, draft: Draft, verb: Verb) -> ActOutcome:
    _begin(session, actor, draft, verb)
    row = outcome_of(session, draft.id or 0)
    if row is None:
        raise NotFound("No outcome of this draft is recorded.")
    session.refresh(row)
    return row


def _check(session: Session, draft: Draft, said: Decided, tz: tzinfo, now: datetime) -> None:
    reported_on = local_day(reported_at(session, draft.id or 0), tz)
    check_outcome(said, reported_on=reported_on, today=local_day(now, tz))


def _public_version(session: Session, draft: Draft, version_id: int, now: datetime) -> DraftVersion:
    version = session.get(DraftVersion, version_id)
    if version is None or version.draft_id != draft.id:
        raise Invalid("There is no such version of this draft.", field="version")
    publish_version(session, draft, version, now)
    return version


def _note(row: ActOutcome, was: dict[str, Any], why: str, now: datetime) -> None:
    """Keep what something was until now; dates as a row of JSON can hold them."""
    if not why:
        raise Invalid("Please give the reason: everybody can read it.", field="why")
    if len(why) > REASON_MAX:
        raise Invalid("This is too long: at most {most} characters.", field="why", most=REASON_MAX)
    kept = {
        name: value.isoformat() if isinstance(value, date) else value for name, value in was.items()
    }
    row.corrections = [*row.corrections, {"at": now.isoformat(), "why": why, "was": kept}]


def change_commitment(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    commitment: Commitment,
    seen: str,
    step: Step,
    now: datetime,
) -> CommitmentStep:
    """Say how far the agency is with what it accepted; `seen` is the state its officer saw.

    Raises Invalid while the step lacks its reason or evidence, Conflict when somebody was faster.
    """
    check_agency(actor, "answer", draft.agency_id)
    check_allowed(Stage(draft.stage), Verb.TRACK)
    if commitment.state != seen:
        raise Conflict(MEANWHILE)
    check_step(seen, step)
    claimed = session.execute(
        update(Commitment)
        .where(col(Commitment.id) == commitment.id, col(Commitment.state) == seen)
        .values(state=step.state, changed_at=now)
    )
    if affected(claimed) != 1:
        raise Conflict(MEANWHILE)
    session.refresh(commitment)
    row = CommitmentStep(
        commitment_id=commitment.id or 0,
        state=step.state,
        note=step.note,
        evidence=step.evidence,
        actor_id=actor.id,
        changed_at=now,
    )
    session.add(row)
    session.flush()
    outbox.record(session, CommitmentChanged(commitment.id or 0, row.id or 0), now)
    return row


def report_problem(
    session: Session, *, actor: Actor, draft: Draft, met: Met, most: int, now: datetime
) -> Problem:
    """Take a problem with the act in force; it is public at once. `most` is in characters.

    The same words of the same person about the same place are one: the first is returned.
    """
    check_right(actor, "comment")
    check_allowed(Stage(draft.stage), Verb.REPORT_PROBLEM)
    met = replace(met, body=clean_body(met.body))
    check_met(met, most=most)
    if met.wid:
        _check_place(session, draft, met.wid)
    session.get_one(Person, actor.person_id, with_for_update={"key_share": True})  # of two, one
    twin = select(Problem).where(
        Problem.author_id == actor.person_id,
        col(Problem.organisation_id).is_not_distinct_from(actor.organisation_id),
        Problem.draft_id == draft.id,
        Problem.wid == met.wid,
        Problem.kind == met.kind,
        Problem.body == met.body,
    )
    if known := session.exec(twin).first():
        return known
    row = Problem(
        draft_id=draft.id or 0,
        wid=met.wid,
        kind=met.kind,
        lang=met.lang,
        body=met.body,
        author_id=actor.person_id,
        organisation_id=actor.organisation_id,
        created_at=now,
    )
    session.add(row)
    session.flush()
    outbox.record(session, ProblemReported(row.id or 0, draft.id or 0), now)
    return row


def _check_place(session: Session, draft: Draft, wid: str) -> None:
    outcome = outcome_of(session, draft.id or 0)
    final = outcome.version_id if outcome else None
    if final is None or not provision_texts(session, final, [wid]):
        raise Invalid("There is no such provision in this text.", field="wid")


def answer_problem(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    problem: Problem,
    reply: Reply,
    now: datetime,
) -> None:
    """The agency answers, once, and says what follows; the person who reported it is told."""
    check_agency(actor, "answer", draft.agency_id)
    reply = replace(reply, text=clean_body(reply.text))
    check_reply(reply)
    claimed = session.execute(
        update(Problem)
        .where(
            col(Problem.id) == problem.id,
            col(Problem.answered_at).is_(None),
            col(Problem.hidden_at).is_(None),
        )
        .values(
            answer=reply.text,
            answer_lang=reply.lang,
            follows=reply.follows,
            follows_link=reply.link,
            answered_by=actor.id,
            answered_at=now,
        )
    )
    if affected(claimed) != 1:
        raise Conflict(MEANWHILE)
    session.refresh(problem)
    outbox.record(session, ProblemAnswered(problem.id or 0, draft.id or 0), now)


def echo_problem(
    session: Session, *, actor: Actor, draft: Draft, problem: Problem, now: datetime
) -> None:
    """Say that one met with the same; said twice, it counts once."""
    check_right(actor, "vote")
    check_allowed(Stage(draft.stage), Verb.REPORT_PROBLEM)
    if problem.author_id == actor.person_id:
        raise NotAllowed("This is your own report: others can say that they met with the same.")
    if problem.hidden_at is not None:
        raise Conflict("This is not shown any more.")
    row = {"problem_id": problem.id, "person_id": actor.person_id, "echoed_at": now}
    session.execute(upsert(session, ProblemEcho).values(row).on_conflict_do_nothing())


def unecho_problem(session: Session, *, actor: Actor, draft: Draft, problem: Problem) -> None:
    """Take that back."""
    check_right(actor, "vote")
    check_allowed(Stage(draft.stage), Verb.REPORT_PROBLEM)
    mine = delete(ProblemEcho).where(
        col(ProblemEcho.problem_id) == problem.id, col(ProblemEcho.person_id) == actor.person_id
    )
    session.execute(mine)


def hide_problem(
    session: Session, *, actor: Actor, draft: Draft, problem: Problem, reason: str, now: datetime
) -> None:
    """Hide the words, for a reason of moderation/rules.REASONS; a marked gap stays."""
    check_moderator(actor, draft)
    check_reason(reason, "")
    claimed = session.execute(
        update(Problem)
        .where(col(Problem.id) == problem.id, col(Problem.hidden_at).is_(None))
        .values(hidden_by=actor.id, hidden_at=now, hidden_reason=reason)
    )
    if affected(claimed) != 1:
        raise Conflict(MEANWHILE)
    session.refresh(problem)
    log_hidden_problem(session, actor, draft.id or 0, problem.id or 0, reason, now)
    outbox.record(session, ProblemHidden(problem.id or 0, draft.id or 0), now)


def check_moderator(actor: Actor, draft: Draft) -> None:
    """Raise NotAllowed for whoever may not hide what is said of this act: its agency, above all."""
    check_right(actor, "moderate")
    check_allowed(Stage(draft.stage), Verb.MODERATE)
    check_independent(actor, draft.agency_id)
