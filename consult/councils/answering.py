"""What an agency answers to an opinion: an officer writes it, another person publishes it."""

from datetime import datetime

from sqlmodel import Session

from consult import outbox
from consult.access import Actor, check_agency
from consult.comments.rules import clean_body
from consult.councils.models import CouncilOpinion, OpinionAnswer
from consult.councils.queries import answer_to
from consult.councils.rules import check_answer, check_second_person
from consult.errors import Conflict
from consult.procedure.stages import Stage, Verb, check_allowed
from consult.voice_events import OpinionAnswered
from drafts.models import Draft


def write_answer(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    opinion: CouncilOpinion,
    text: str,
    taken: str,
    lang: str,
    now: datetime,
) -> None:
    """An officer says what is taken up and why the rest is not; public once it is approved."""
    check_agency(actor, "answer", draft.agency_id)
    _check_open(session, draft, opinion)
    text = clean_body(text)
    check_answer(text, taken)
    answer = answer_to(session, opinion.id or 0) or OpinionAnswer(
        opinion_id=opinion.id or 0, text="", lang=lang, taken=taken, written_at=now
    )
    answer.text, answer.taken, answer.lang = text, taken, lang
    answer.written_by, answer.written_at = actor.person_id, now
    session.add(answer)
    session.flush()


def publish_answer(
    session: Session, *, actor: Actor, draft: Draft, opinion: CouncilOpinion, now: datetime
) -> None:
    """A second person of the agency approves the answer: from now on everybody reads it."""
    check_agency(actor, "approve", draft.agency_id)
    _check_open(session, draft, opinion)
    answer = answer_to(session, opinion.id or 0)
    if answer is None:
        raise Conflict("There is no answer yet that could be published.")
    check_second_person(answer.written_by, actor.person_id)
    answer.published_by, answer.published_at = actor.person_id, now
    session.add(answer)
    outbox.record(session, OpinionAnswered(opinion.id or 0, draft.id or 0), now)


def _check_open(session: Session, draft: Draft, opinion: CouncilOpinion) -> None:
    """Of two who act on one answer at once the second sees what the first has done."""
    check_allowed(Stage(draft.stage), Verb.ANSWER_OPINION)
    session.refresh(opinion, with_for_update=True)
    if opinion.state != "given":
        raise Conflict("This opinion is not given yet.")
    answer = answer_to(session, opinion.id or 0)
    if answer is not None:
        session.refresh(answer)
    if answer is not None and answer.published_at is not None:
        raise Conflict("This opinion was answered already.")
