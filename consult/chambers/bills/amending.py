"""What a secretariat records of amendments: they come in one by one or as a table, are decided."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, select

from consult import outbox
from consult.access import Actor
from consult.chambers.bills.actions import begin_recording
from consult.chambers.bills.models import Amendment
from consult.chambers.bills.queries import choices_in, text_before_body
from consult.chambers.bills.reading import Ground, Line
from consult.chambers.bills.rules import Change, Decided, check_change, check_decided
from consult.chambers.deputies.queries import check_deputy_of, seats_of
from consult.chambers.rules import changed, noted
from consult.comments.rules import clean_body
from consult.errors import Conflict, Invalid
from consult.voice_events import AmendmentsRecorded
from drafts.models import Draft
from drafts.queries import provision_texts, provisions


def ground_of(session: Session, draft: Draft, body_id: int, lang: str) -> Ground:
    """What a table of amendments to this bill is read against, in a language of its text."""
    version = text_before_body(session, draft)
    spoken = lang if version and lang in version.langs else (version.langs[0] if version else lang)
    rows = provisions(session, version.id or 0, spoken) if version else []
    numbers = select(Amendment.number).where(Amendment.draft_id == draft.id)
    return Ground(
        seats=seats_of(session, body_id),
        places=choices_in(session, version, spoken),
        texts={row.wid: row.text for row in rows},
        numbers=frozenset(session.exec(numbers).all()),
        lang=spoken,
    )


def enter_amendment(
    session: Session, *, actor: Actor, draft: Draft, said: Change, now: datetime
) -> Amendment:
    """An amendment came in. Raises Invalid, and Conflict where its number is taken."""
    bill = begin_recording(session, actor, draft)
    check_deputy_of(session, said.deputy_id, bill.body_id, "deputy")
    row = _enter(session, actor, draft, said, now)
    _recorded(session, draft, [row], now)
    return row


def take_amendments(
    session: Session, *, actor: Actor, draft: Draft, lines: Sequence[Line], now: datetime
) -> int:
    """Amendments from a table, with what was decided of them; all or none. How many."""
    begin_recording(session, actor, draft)
    rows = []
    for line in lines:
        row = _enter(session, actor, draft, line.change, now)
        check_decided(line.decided)
        row.decision, row.reason = line.decided.decision, line.decided.reason
        row.conclusion = line.decided.conclusion
        rows.append(row)
    session.flush()
    _recorded(session, draft, rows, now)
    return len(rows)


def decide_amendment(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    amendment: Amendment,
    said: Decided,
    why: str,
    now: datetime,
) -> None:
    """What was concluded and decided; whatever is changed later needs a reason, in public."""
    begin_recording(session, actor, draft)
    session.refresh(amendment)
    check_decided(said)
    was = changed(amendment, said)
    if amendment.decision != "pending":
        amendment.corrections = [*amendment.corrections, noted(was, why, now)]
    elif not was:
        raise Invalid("Nothing is different from what is recorded.", field="decision")
    for name in was:
        setattr(amendment, name, getattr(said, name))
    session.add(amendment)
    _recorded(session, draft, [amendment], now)


def _enter(session: Session, actor: Actor, draft: Draft, said: Change, now: datetime) -> Amendment:
    known = select(Amendment.id).where(
        Amendment.draft_id == draft.id, Amendment.number == said.number
    )
    if session.exec(known).first():
        raise Conflict("There is an amendment with this number already.", field="number")
    current = _current(session, draft, said)
    proposed = clean_body(said.proposed)
    check_change(said, current)
    row = Amendment(
        draft_id=draft.id or 0,
        number=said.number,
        wid=said.wid,
        place=said.place,
        lang=said.lang,
        current=current,
        proposed=proposed,
        deputy_id=said.deputy_id,
        author=said.author,
        recorded_by=actor.id,
        recorded_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _current(session: Session, draft: Draft, said: Change) -> str:
    """The words of the provision as they are, in the language of the amendment."""
    if not said.wid:
        return ""
    version = text_before_body(session, draft)
    found = provision_texts(session, version.id or 0, [said.wid]) if version else {}
    provision = found.get((said.wid, said.lang))
    if provision is None:
        raise Invalid("There is no such provision in this text.", field="wid")
    return provision.text


def _recorded(session: Session, draft: Draft, rows: Sequence[Amendment], now: datetime) -> None:
    ids = tuple(row.id or 0 for row in rows)
    outbox.record(session, AmendmentsRecorded(ids, draft.id or 0), now)
