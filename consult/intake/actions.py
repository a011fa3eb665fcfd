"""What an officer enters: contributions that came on paper, by mail or at a hearing."""

from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from consult.access import Actor, check_agency
from consult.accounts.founding import found
from consult.accounts.models import Organisation, Person
from consult.accounts.rules import clean_line
from consult.comments.actions import Place, Words, register_comment
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.consultations.queries import current_round
from consult.errors import N_, Conflict, Invalid, NotAllowed
from consult.hearings.queries import held_about
from consult.intake.models import Provenance
from consult.intake.queries import same_words
from consult.intake.rules import check_brought, check_named, check_received
from consult.procedure.deadlines import last_day, local_day
from consult.procedure.stages import Stage, Verb, check_allowed
from drafts.actions import keep_stage
from drafts.models import Draft

CAME_BEFORE = N_("The same words came already in this round. Look at them below.")


@dataclass(frozen=True, slots=True)
class Contributor:
    """Who said it, as the paper says. `contact` is for the agency alone, as is a hidden name."""

    name: str
    organisation: str = ""
    region: str = ""
    contact: str = ""
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Arrival:
    """How it came: by which way, on which local day, under which number or at which hearing.

    `hearing_id`: the hearing was announced here; then the day is that of the hearing.
    """

    channel: str
    received_on: date
    reference: str = ""
    hearing_id: int | None = None


def enter_comment(
    session: Session,
    *,
    actor: Actor,
    consultation: Consultation,
    contributor: Contributor,
    arrival: Arrival,
    place: Place,
    words: Words,
    lang: str,
    most: int,
    tz: tzinfo,
    confirmed: bool = False,
    now: datetime,
) -> Comment:
    """Register what somebody without an account said, and how it came to the agency.

    `confirmed`: the officer says that the same words which came already are others'. Those of the
    same contributor are one comment, with its receipt. Raises NotAllowed, Invalid, Conflict.
    """
    _check_may_enter(session, actor, consultation)
    arrival = _arrived(session, consultation, arrival, tz, now)
    author = _author(session, consultation, contributor, lang, now)
    comment = register_comment(
        session,
        consultation=consultation,
        author_id=author.id or 0,
        organisation_id=author.acts_for_id,
        place=place,
        words=words,
        lang=lang,
        most=most,
        channel=arrival.channel,
        now=now,
    )
    if session.get(Provenance, comment.id):
        return comment  # the form was sent twice
    _check_not_come_before(session, comment, confirmed=confirmed)
    session.add(
        Provenance(
            comment_id=comment.id or 0,
            received_on=arrival.received_on,
            reference=clean_line(arrival.reference),
            hearing_id=arrival.hearing_id,
            contact=clean_line(contributor.contact),
            entered_by=actor.person_id,
            entered_at=now,
        )
    )
    return comment


def _check_not_come_before(session: Session, comment: Comment, *, confirmed: bool) -> None:
    if not confirmed and (same := same_words(session, comment)):
        listed = [(one.id, one.receipt) for one in same]
        raise Conflict(CAME_BEFORE, field="confirmed", comments=listed)


def _check_may_enter(session: Session, actor: Actor, consultation: Consultation) -> None:
    draft = session.get_one(Draft, consultation.draft_id)
    check_agency(actor, "answer", draft.agency_id)
    keep_stage(session, draft)
    check_allowed(Stage(draft.stage), Verb.ENTER_COMMENT)
    if current_round(session, consultation.draft_id) != consultation:
        raise NotAllowed("This discussion is closed.")


def _arrived(
    session: Session, consultation: Consultation, arrival: Arrival, tz: tzinfo, now: datetime
) -> Arrival:
    """How it came: what was said at a hearing that is known, by it and on its day. Or Invalid."""
    if arrival.hearing_id is not None:
        known = {one.id: one for one in held_about(session, consultation.draft_id, now)}
        if arrival.hearing_id not in known:
            raise Invalid("Choose a hearing about this draft that has begun.", field="hearing")
        on = local_day(known[arrival.hearing_id].starts_at, tz)
        arrival = replace(arrival, channel="hearing", received_on=on)
    check_brought(arrival.channel)
    opens_on = local_day(consultation.opens_at, tz)
    closes_on = last_day(consultation.closes_at, tz)
    check_received(arrival.received_on, opens_on, closes_on, local_day(now, tz))
    return arrival


def _author(
    session: Session, consultation: Consultation, who: Contributor, lang: str, now: datetime
) -> Person:
    """The contributor, made once for an agency: the same name, organisation and contact.

    Where there is no contact, the region too tells people of the same name apart.
    """
    name, organisation = clean_line(who.name), clean_line(who.organisation)
    region, contact = clean_line(who.region), clean_line(who.contact)
    check_named(name, organisation)
    draft = session.get_one(Draft, consultation.draft_id)
    known = (
        select(Person)
        .outerjoin(Organisation, col(Organisation.id) == col(Person.acts_for_id))
        .join(Comment, col(Comment.author_id) == col(Person.id))
        .join(Provenance, col(Provenance.comment_id) == col(Comment.id))
        .join(Draft, col(Draft.id) == col(Comment.draft_id))
        .where(
            col(Person.email).is_(None),
            Person.name == (name or organisation),
            func.coalesce(Organisation.name, "") == organisation,
            Provenance.contact == contact,
            Draft.agency_id == draft.agency_id,
        )
        .order_by(col(Person.id))
    )
    if not contact:
        known = known.where(Person.region == region)
    if one := session.exec(known).first():
        one.shown = "nothing" if who.is_hidden else one.shown  # never back: it was asked for once
        session.add(one)
        return one
    person = Person(
        name=name or organisation,
        region=region,
        shown="nothing" if who.is_hidden else "name",
        lang=lang,
        password_hash="",
        created_at=now,
    )
    session.add(person)
    session.flush()
    if organisation:
        found(session, person, name=organisation, now=now)
    return person
