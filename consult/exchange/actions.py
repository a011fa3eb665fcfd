"""What is done in an exchange: systems are named, permitted and ended; drafts are registered.

Texts are read, answers written and comments grouped by the same actions as on the pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from consult.access import Actor, check_agency
from consult.accounts.models import Agency
from consult.accounts.rules import check_agency_open
from consult.accounts.second_factor.queries import check_may_change
from consult.accounts.secrets import new_token, token_hash
from consult.audit.actions import note
from consult.errors import Conflict, Invalid
from consult.exchange.models import ExchangeLink, ExchangeSystem
from consult.exchange.queries import system_by_id, systems_of
from consult.exchange.rules import (
    PREFIX,
    check_not_too_many,
    check_second_person,
    clean_number,
    clean_title,
)
from consult.procedure.packs import RulePack
from consult.procedure.stages import Stage, Verb, check_allowed
from drafts.actions import hold, keep_preview, take_over
from drafts.importing.preview import Preview
from drafts.models import Draft, DraftVersion


def make_system(
    session: Session, *, actor: Actor, agency: Agency, title: str, token: str, now: datetime
) -> tuple[ExchangeSystem, str]:
    """A system of an agency and its key, which is shown this once; it waits for a second person.

    `token` is that of the browser, where the second factor was shown. Raises NotAllowed, Invalid,
    Conflict, SecondFactorNeeded.
    """
    check_agency(actor, "prepare", agency.id or 0)
    check_may_change(session, actor, token, now)
    check_agency_open(agency.closed_on)
    check_not_too_many(len(systems_of(session, [agency.id or 0])))
    key = PREFIX + new_token()
    made = ExchangeSystem(
        agency_id=agency.id or 0,
        title=clean_title(title),
        token_hash=token_hash(key),
        made_by=actor.person_id,
        made_at=now,
    )
    session.add(made)
    session.flush()
    _note(session, "system_made", made, actor, now)
    return made, key


def permit_system(session: Session, *, actor: Actor, system_id: int, now: datetime) -> None:
    """A second person of the agency lets a system work. Raises NotFound, NotAllowed, Conflict."""
    system = system_by_id(session, system_id)
    check_agency(actor, "approve", system.agency_id)
    check_second_person(system, actor)
    if system.permitted_by is not None:
        raise Conflict("This system is permitted already.")
    system.permitted_by, system.permitted_at = actor.person_id, now
    session.add(system)
    _note(session, "system_permitted", system, actor, now)


def end_system(session: Session, *, actor: Actor, system_id: int, now: datetime) -> None:
    """Nothing is taken from a system any more; either of the two may end it."""
    system = system_by_id(session, system_id)
    check_agency(actor, "desk", system.agency_id)
    system.ended_by, system.ended_at = actor.person_id, now
    session.add(system)
    _note(session, "system_ended", system, actor, now)


def see(session: Session, system_id: int, today: date) -> None:
    """Note that a system was heard of on a day."""
    unseen = or_(col(ExchangeSystem.used_on).is_(None), col(ExchangeSystem.used_on) < today)
    row = col(ExchangeSystem.id) == system_id
    session.execute(update(ExchangeSystem).where(row, unseen).values(used_on=today))


def _note(
    session: Session, action: str, system: ExchangeSystem, actor: Actor, now: datetime
) -> None:
    note(
        session,
        action,
        actor_id=actor.id,
        agency_id=system.agency_id,
        now=now,
        system_id=system.id,
    )


@dataclass(frozen=True, slots=True)
class Registration:
    """What a draft is registered with; `preview` is its text as it was read."""

    number: str
    act_type: str
    topic: str
    title: str
    summary: str
    filename: str
    preview: Preview


def register(
    session: Session,
    *,
    actor: Actor,
    system: ExchangeSystem,
    pack: RulePack,
    sent: Registration,
    now: datetime,
) -> tuple[ExchangeLink, DraftVersion]:
    """Take over a draft under the number it has in its agency's books; nobody sees it yet.

    Raises Conflict where the number is taken, and as keep_preview and take_over do.
    """
    facts = {
        "act_type": sent.act_type,
        "topic": sent.topic,
        "title": sent.title,
        "summary": sent.summary,
        "filename": sent.filename,
    }
    number = clean_number(sent.number)
    version = _taken_over(session, actor, system.agency_id, pack, sent.preview, None, facts, now)
    link = ExchangeLink(
        draft_id=version.draft_id,
        agency_id=system.agency_id,
        number=number,
        system_id=system.id or 0,
        registered_at=now,
    )
    try:
        with session.begin_nested():
            session.add(link)
    except IntegrityError as error:
        raise Conflict(
            "Another draft is registered under the number {number}.", field="number", number=number
        ) from error
    return link, version


def send_text(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    pack: RulePack,
    preview: Preview,
    filename: str,
    title: str,
    now: datetime,
) -> DraftVersion:
    """A corrected text, another language, or the next version of a registered draft.

    It goes into the version that is not public yet, else into a new one. Raises NotAllowed at a
    stage that takes no text.
    """
    hold(session, draft)
    check_allowed(Stage(draft.stage), Verb.IMPORT_TEXT)
    facts = {"filename": filename, "title": title}
    return _taken_over(session, actor, draft.agency_id, pack, preview, draft, facts, now)


def _taken_over(
    session: Session,
    actor: Actor,
    agency_id: int,
    pack: RulePack,
    preview: Preview,
    draft: Draft | None,
    facts: Mapping[str, str],
    now: datetime,
) -> DraftVersion:
    if not preview.tree.nodes:
        raise Invalid("There is no text in this file.", field="content")
    row = keep_preview(
        session,
        actor=actor,
        preview=preview,
        agency_id=agency_id,
        draft=draft,
        facts=dict(facts),
        now=now,
    )
    return take_over(session, actor=actor, preview=row, pack=pack, now=now)
