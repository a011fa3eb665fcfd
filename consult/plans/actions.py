"""What is done with the plan: add, publish, move, drop, resume, link with a draft."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from consult import outbox
from consult.access import Actor, check_agency
from consult.accounts.models import Agency
from consult.accounts.rules import check_agency_open
from consult.errors import N_, Invalid
from consult.events import PlanItemChanged
from consult.plans.models import PlanChange, PlanItem
from consult.plans.queries import hold_agency, is_public, item_to_change, titles_in_plan
from consult.plans.rules import (
    State,
    Verb,
    Wording,
    allows,
    check_allowed,
    check_month,
    check_reason,
    check_titles,
    check_transition,
    first_of_month,
    folded,
    rewording,
)
from consult.procedure.acts import check_body
from consult.procedure.deadlines import local_day
from consult.procedure.packs import RulePack
from consult.procedure.stages import TERMINAL, Stage
from drafts.actions import check_kind, hold
from drafts.models import Draft

RIGHT = "publish"
TWICE = N_("This is in the plan already.")


def add_items(
    session: Session,
    *,
    actor: Actor,
    agency_id: int,
    entries: Sequence[tuple[Wording, date]],
    pack: RulePack,
    now: datetime,
) -> list[PlanItem]:
    """Put items into the plan of an agency, all or none; nobody else sees them before publication.

    An entry is what it says and its month. Raises NotAllowed, Invalid.
    """
    check_agency(actor, RIGHT, agency_id)
    agency = session.get_one(Agency, agency_id)
    check_agency_open(agency.closed_on)
    hold_agency(session, agency_id)
    known = titles_in_plan(session, agency_id)
    items = []
    for wording, month in entries:
        _check_wording(wording, pack, agency)
        titles = {folded(title) for title in wording.titles.values()}
        if titles & known:
            raise Invalid(TWICE, field=f"title_{next(iter(wording.titles))}")
        known |= titles
        item = PlanItem(
            agency_id=agency_id,
            titles={},
            act_type="",
            expected_on=first_of_month(month),
            created_by=actor.id,
            created_at=now,
        )
        _reword(item, wording)
        items.append(item)
    session.add_all(items)
    session.flush()
    return items


def add_item(
    session: Session,
    *,
    actor: Actor,
    agency_id: int,
    wording: Wording,
    month: date,
    pack: RulePack,
    now: datetime,
) -> PlanItem:
    """Put one item into the plan of an agency. Raises NotAllowed, Invalid."""
    entries = [(wording, month)]
    return add_items(
        session, actor=actor, agency_id=agency_id, entries=entries, pack=pack, now=now
    )[0]


def edit_item(
    session: Session,
    *,
    actor: Actor,
    item_id: int,
    wording: Wording,
    month: date | None = None,
    pack: RulePack,
    now: datetime,
) -> PlanItem:
    """Say it otherwise. Of a published item the old words are kept, and its month is moved apart.

    Raises NotAllowed, Conflict, Invalid.
    """
    item = _own(session, actor, item_id)
    _check_wording(wording, pack, session.get_one(Agency, item.agency_id))
    old, new = rewording(item.wording, wording)
    if allows(State(item.state), Verb.EDIT):
        item.expected_on = first_of_month(month) if month else item.expected_on
    else:
        check_allowed(State(item.state), Verb.REWORD)
        if new:
            _note(session, actor.id, item, "reworded", now, old=old, new=new)
    _reword(item, wording)
    session.add(item)
    return item


def discard_item(session: Session, *, actor: Actor, item_id: int) -> None:
    """Take away what was never public. Raises NotAllowed, Conflict."""
    item = _own(session, actor, item_id)
    check_allowed(State(item.state), Verb.DISCARD)
    session.delete(item)


def publish(
    session: Session, *, actor: Actor, item_ids: Sequence[int], pack: RulePack, now: datetime
) -> None:
    """Announce items to everybody, all or none; followers are told of all of them at once.

    Raises NotAllowed, Conflict, Invalid.
    """
    for item_id in item_ids:
        item = _own(session, actor, item_id)
        check_allowed(State(item.state), Verb.PUBLISH)
        _check_wording(item.wording, pack, session.get_one(Agency, item.agency_id))
        check_month(item.expected_on, local_day(now, pack.tz))
        _go(item, State.PUBLISHED)
        item.published_at = now
        _note(session, actor.id, item, "published", now, new=_month(item.expected_on))


def move(
    session: Session,
    *,
    actor: Actor,
    item_id: int,
    month: date,
    reason: str,
    pack: RulePack,
    now: datetime,
) -> None:
    """Expect an item in another month, and say why. Raises NotAllowed, Conflict, Invalid."""
    item = _own(session, actor, item_id)
    check_allowed(State(item.state), Verb.MOVE)
    said = check_reason(reason)
    check_month(month, local_day(now, pack.tz))
    if first_of_month(month) == item.expected_on:
        raise Invalid("It is expected in this month already.", field="month")
    _expect(session, actor, item, "moved", month, said, now)


def drop(session: Session, *, actor: Actor, item_id: int, reason: str, now: datetime) -> None:
    """Plan it no longer, and say why. Raises NotAllowed, Conflict, Invalid."""
    item = _own(session, actor, item_id)
    said = check_reason(reason)
    _go(item, State.DROPPED)
    item.draft_id = None
    _note(session, actor.id, item, "dropped", now, reason=said)


def resume(
    session: Session,
    *,
    actor: Actor,
    item_id: int,
    month: date,
    reason: str,
    pack: RulePack,
    now: datetime,
) -> None:
    """Plan again what was dropped, and say why. Raises NotAllowed, Conflict, Invalid."""
    item = _own(session, actor, item_id)
    check_allowed(State(item.state), Verb.RESUME)
    said = check_reason(reason)
    check_month(month, local_day(now, pack.tz))
    _go(item, State.PUBLISHED)
    _expect(session, actor, item, "resumed", month, said, now)


def _expect(
    session: Session,
    actor: Actor,
    item: PlanItem,
    kind: str,
    month: date,
    reason: str,
    now: datetime,
) -> None:
    old, item.expected_on = _month(item.expected_on), first_of_month(month)
    new = _month(item.expected_on)
    _note(session, actor.id, item, kind, now, old=old, new=new, reason=reason)


def link_draft(
    session: Session, *, actor: Actor, item_id: int, draft_id: int | None, now: datetime
) -> PlanItem:
    """Say which draft carries an item out (None: none yet). It is started once that is public.

    The draft is held, so that it does not become public unseen meanwhile. Raises NotAllowed,
    Conflict, Invalid.
    """
    item = _own(session, actor, item_id)
    check_allowed(State(item.state), Verb.LINK)
    draft = session.get(Draft, draft_id) if draft_id else None
    if draft_id and (draft is None or draft.agency_id != item.agency_id):
        raise Invalid("Choose a draft of the same agency.", field="draft")
    item.draft_id = draft_id
    session.add(item)
    if draft is not None:
        hold(session, draft)
        if Stage(draft.stage) in TERMINAL:
            raise Invalid("This draft has come to its end. Choose another one.", field="draft")
        start(session, item, draft, now, actor.id)
    return item


def start(
    session: Session, item: PlanItem, draft: Draft, now: datetime, actor_id: int | None = None
) -> None:
    """Mark an item as started if its draft is public; done twice, the second does nothing."""
    if is_public(draft) and State(item.state) is State.PUBLISHED:
        _go(item, State.STARTED)
        _note(session, actor_id, item, "started", now, new={"draft_id": draft.id})


def may_do(actor: Actor, item: PlanItem) -> frozenset[str]:
    """The verbs this person may do with an item, for the buttons of its page."""
    if not actor.may_for(RIGHT, item.agency_id):
        return frozenset()
    return frozenset(verb.value for verb in Verb if allows(State(item.state), verb))


def _own(session: Session, actor: Actor, item_id: int) -> PlanItem:
    item = item_to_change(session, item_id)
    check_agency(actor, RIGHT, item.agency_id)
    return item


def _check_wording(wording: Wording, pack: RulePack, agency: Agency) -> None:
    check_titles(wording.titles, pack.languages)
    check_kind(pack, wording.act_type, wording.topic)
    check_body(pack.acts[wording.act_type], agency.kind)


def _reword(item: PlanItem, wording: Wording) -> None:
    item.titles, item.summaries = dict(wording.titles), dict(wording.summaries)
    item.act_type, item.topic = wording.act_type, wording.topic


def _go(item: PlanItem, new: State) -> None:
    check_transition(State(item.state), new)
    item.state = new.value


def _month(month: date) -> dict[str, Any]:
    return {"expected_on": month.isoformat()}


def _note(
    session: Session,
    actor_id: int | None,
    item: PlanItem,
    kind: str,
    now: datetime,
    *,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Write a line of the public history, and let it be known."""
    change = PlanChange(
        item_id=item.id or 0,
        kind=kind,
        old=old or {},
        new=new or {},
        reason=reason,
        actor_id=actor_id,
        changed_at=now,
    )
    session.add_all((item, change))
    session.flush()
    outbox.record(session, PlanItemChanged(item.id or 0, change.id or 0), now)
