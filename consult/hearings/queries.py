"""Reads of hearings: lists by keyset, one of them, its drafts, its history, who comes."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import Session, col, select

from consult.access import Actor
from consult.accounts.models import Agency, Person
from consult.accounts.queries import agencies
from consult.accounts.shown import known_as
from consult.consultations.models import Consultation
from consult.errors import N_, NotFound
from consult.hearings.models import Hearing, HearingChange, HearingDraft, HearingSeat
from consult.hearings.rules import COMING, NEAR, WAITING, State
from consult.naming import KnownAs
from drafts.models import Draft
from drafts.queries import PUBLIC_STAGES

NO_HEARING = N_("There is no such hearing.")
MOST_DRAFTS = 200  # of an agency that one can choose from
BESIDE_DRAFT = 3  # hearings named on the page of a draft
OF_PERSON = 20  # hearings to come in somebody's cabinet
LATELY = timedelta(days=90)  # so long what is over stays in a calendar
MOST_ENTRIES = 500


@dataclass(frozen=True, slots=True)
class HearingFilter:
    """What a list is narrowed to: `agencies` empty means all of them; what is over, or to come."""

    agencies: Sequence[int] = ()
    past: bool = False


def hearing_by_id(session: Session, hearing_id: int) -> Hearing:
    """One hearing; raises NotFound."""
    hearing = session.get(Hearing, hearing_id)
    if hearing is None:
        raise NotFound(NO_HEARING)
    return hearing


def hearing_to_change(session: Session, hearing_id: int) -> Hearing:
    """One hearing, which nobody else changes until this transaction ends; raises NotFound."""
    hearing = session.get(Hearing, hearing_id, with_for_update=True, populate_existing=True)
    if hearing is None:
        raise NotFound(NO_HEARING)
    return hearing


def hearings(
    session: Session, wanted: HearingFilter, now: datetime, *, after: int = 0, limit: int
) -> list[Hearing]:
    """What is to come, the next first, or what is over, the latest first.

    One more than `limit` tells that there are more; `after` is the id of the last one shown.
    """
    starts, number = col(Hearing.starts_at), col(Hearing.id)
    over = col(Hearing.ends_at) <= now
    query = select(Hearing).where(over if wanted.past else ~over)
    if wanted.agencies:
        query = query.where(col(Hearing.agency_id).in_(wanted.agencies))
    if after and (last := session.get(Hearing, after)):
        at = last.starts_at
        further = (starts < at, number < after), (starts > at, number > after)
        beyond, same = further[not wanted.past]
        query = query.where(or_(beyond, and_(starts == at, same)))
    order = (starts.desc(), number.desc()) if wanted.past else (starts, number)
    return list(session.exec(query.order_by(*order).limit(limit + 1)).all())


def totals(session: Session, agency_id: int | None) -> tuple[int, int]:
    """How many hearings were held, by all agencies or one, and how many people came."""
    query = select(func.count(), func.coalesce(func.sum(Hearing.came), 0)).where(
        Hearing.state == State.HELD.value
    )
    if agency_id:
        query = query.where(Hearing.agency_id == agency_id)
    held, came = session.execute(query).one()
    return int(held), int(came)


def in_calendar(session: Session, agency_id: int | None, now: datetime) -> list[Hearing]:
    """What is to come and what was lately, called off or not, in the order of their days."""
    query = select(Hearing).where(col(Hearing.ends_at) > now - LATELY)
    if agency_id:
        query = query.where(Hearing.agency_id == agency_id)
    order = query.order_by(col(Hearing.starts_at), col(Hearing.id))
    return list(session.exec(order.limit(MOST_ENTRIES)).all())


def drafts_of(session: Session, hearing_ids: Collection[int]) -> Mapping[int, list[Draft]]:
    """The drafts that hearings are about and everybody may read, by hearing."""
    query = (
        select(HearingDraft.hearing_id, Draft)
        .join(Draft, col(Draft.id) == col(HearingDraft.draft_id))
        .where(col(HearingDraft.hearing_id).in_(hearing_ids), *_public())
        .order_by(col(Draft.id))
    )
    found: dict[int, list[Draft]] = defaultdict(list)
    for hearing_id, draft in session.exec(query).all():
        found[hearing_id].append(draft)
    return found


def draft_ids_of(session: Session, hearing_id: int) -> list[int]:
    """The drafts a hearing is about, by number."""
    query = select(HearingDraft.draft_id).where(HearingDraft.hearing_id == hearing_id)
    return sorted(session.exec(query).all())


def _public() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(Draft.stage).in_(PUBLIC_STAGES), col(Draft.published_at).is_not(None)


def drafts_to_hear(
    session: Session, agency_ids: Collection[int], linked: Collection[int] = ()
) -> list[Draft]:
    """The public drafts of agencies, the newest first: what a hearing can be about.

    Those it is about already are always among them: else a change would take them away unsaid.
    """
    public = select(Draft).where(col(Draft.agency_id).in_(agency_ids), *_public())
    newest = session.exec(public.order_by(col(Draft.id).desc()).limit(MOST_DRAFTS)).all()
    older = public.where(col(Draft.id).in_(set(linked) - {draft.id for draft in newest}))
    return [*newest, *session.exec(older.order_by(col(Draft.id).desc())).all()]


def newest_rounds(session: Session, draft_ids: Collection[int]) -> dict[int, int]:
    """The newest round of each of these drafts that has one: what was said is entered in it."""
    query = (
        select(Consultation.draft_id, func.max(Consultation.id))
        .where(col(Consultation.draft_id).in_(draft_ids))
        .group_by(col(Consultation.draft_id))
    )
    return {draft_id: newest or 0 for draft_id, newest in session.exec(query).all()}


def coming_about(session: Session, draft_id: int, now: datetime) -> list[Hearing]:
    """The next hearings about a draft that were not called off."""
    query = (
        select(Hearing)
        .join(HearingDraft, col(HearingDraft.hearing_id) == col(Hearing.id))
        .where(
            HearingDraft.draft_id == draft_id,
            Hearing.state == State.ANNOUNCED.value,
            col(Hearing.ends_at) > now,
        )
    )
    order = query.order_by(col(Hearing.starts_at), col(Hearing.id))
    return list(session.exec(order.limit(BESIDE_DRAFT)).all())


def held_about(session: Session, draft_id: int, now: datetime) -> list[Hearing]:
    """The hearings about a draft that have begun: what was said there may be entered."""
    query = (
        select(Hearing)
        .join(HearingDraft, col(HearingDraft.hearing_id) == col(Hearing.id))
        .where(
            HearingDraft.draft_id == draft_id,
            Hearing.state != State.CALLED_OFF.value,
            col(Hearing.starts_at) <= now,
        )
    )
    return list(session.exec(query.order_by(col(Hearing.starts_at).desc())).all())


def history(session: Session, hearing_id: int) -> list[HearingChange]:
    """What happened to a hearing, the first first."""
    query = select(HearingChange).where(HearingChange.hearing_id == hearing_id)
    return list(session.exec(query.order_by(col(HearingChange.id))).all())


def seat_of(session: Session, hearing_id: int, person_id: int | None) -> HearingSeat | None:
    """Whether this person registered; None for a visitor."""
    if person_id is None:
        return None
    query = select(HearingSeat).where(
        HearingSeat.hearing_id == hearing_id, HearingSeat.person_id == person_id
    )
    return session.exec(query).first()


def registered(session: Session, person_id: int, now: datetime) -> list[tuple[Hearing, str]]:
    """The hearings to come for which somebody registered, the next first, each with their state."""
    query = (
        select(Hearing, HearingSeat.state)
        .join(HearingSeat, col(HearingSeat.hearing_id) == col(Hearing.id))
        .where(HearingSeat.person_id == person_id, col(Hearing.ends_at) > now)
        .order_by(col(Hearing.starts_at), col(Hearing.id))
        .limit(OF_PERSON)
    )
    return list(session.exec(query).all())


def count_seats(session: Session, hearing_id: int) -> tuple[int, int]:
    """How many people come, and how many wait for a seat."""
    query = (
        select(HearingSeat.state, func.count())
        .where(HearingSeat.hearing_id == hearing_id)
        .group_by(HearingSeat.state)
    )
    counts = dict(session.exec(query).all())
    return counts.get(COMING, 0), counts.get(WAITING, 0)


def next_waiting(session: Session, hearing_id: int, most: int) -> list[HearingSeat]:
    """Those who waited longest for a seat."""
    query = (
        select(HearingSeat)
        .where(HearingSeat.hearing_id == hearing_id, HearingSeat.state == WAITING)
        .order_by(col(HearingSeat.id))
        .limit(most)
    )
    return list(session.exec(query).all())


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who comes or waits, as the officers of the agency see them."""

    seat: HearingSeat
    who: KnownAs


def guests(session: Session, hearing_id: int, *, after: int = 0, limit: int) -> list[Guest]:
    """Who registered, in their order; one more than `limit` tells that there are more."""
    query = (
        select(HearingSeat, known_as(HearingSeat))
        .join(Person, col(Person.id) == col(HearingSeat.person_id))
        .where(HearingSeat.hearing_id == hearing_id, col(HearingSeat.id) > after)
        .order_by(col(HearingSeat.id))
        .limit(limit + 1)
    )
    return [Guest(*row) for row in session.execute(query).all()]


def on_the_clock(session: Session, now: datetime, limit: int) -> list[int]:
    """The hearings that are over and not said to be, and those whose guests are to be reminded."""
    over = col(Hearing.ends_at) <= now
    near = and_(col(Hearing.starts_at) <= now + NEAR, col(Hearing.reminded_at).is_(None))
    query = select(Hearing.id).where(Hearing.state == State.ANNOUNCED.value, or_(over, near))
    return [id_ or 0 for id_ in session.exec(query.order_by(col(Hearing.id)).limit(limit)).all()]


def agencies_of(session: Session, actor: Actor, right: str) -> list[Agency]:
    """The agencies for which somebody who has a right holds it, by code."""
    held = actor.held_for(right)
    every = agencies(session).values()
    return sorted((one for one in every if not held or one.id in held), key=lambda one: one.code)
