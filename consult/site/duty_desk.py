"""An agency's duties as work: what is overdue, due today, this week; whose it is; giving it out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from consult.access import Actor, Role
from consult.accounts.models import Agency
from consult.accounts.queries import agencies, names_of, people_with
from consult.errors import Invalid
from consult.forms import Form, Number, Posted
from consult.law.queries import Law, law_of
from consult.obligations.actions import assign_many
from consult.obligations.cards import duty_cards
from consult.obligations.queries import DutyRow
from consult.obligations.registers.agenda import When, turns
from consult.obligations.registers.narrowing import Code
from consult.obligations.registers.worklist import (
    MOST,
    NOBODY,
    PAGE,
    Agenda,
    WorkCounts,
    count_work,
    cursor_of_work,
    found_work,
    list_work,
    not_yet_of,
    part_of,
    proposed_work,
)
from consult.security import Allow, Db
from consult.web import go, platform_of, render

router = APIRouter()

AtDesk = Annotated[Actor, Depends(Allow("desk"))]
MINE, NOBODYS = "mine", "nobody"


class DeskQuery(BaseModel):
    """What the list is narrowed to; `officer` is "mine", "nobody", or the number of a person."""

    when: Code = ""
    officer: Code = ""
    agency: Code = ""
    after: Code = ""

    def address(self, page: str = "/desk/duties", **changes: object) -> str:
        """The same list with something changed, from its beginning."""
        values = self.model_dump() | {"after": ""} | changes
        told = {name: value for name, value in values.items() if value}
        return f"{page}?{urlencode(told)}" if told else page


class AssignForm(BaseModel):
    """Duties chosen in the list, and the officer who is to do them."""

    duties: list[Number] = Field(default_factory=list, alias="duties[]", max_length=MOST)
    everything: str = ""
    officer_id: Number


Asked = Annotated[DeskQuery, Query()]


@dataclass(frozen=True, slots=True)
class Desk:
    """What a page of duties is about: whose they are, which of them, and the law they run by.

    `one` is the agency if it is only one: its officers can be given duties.
    """

    actor: Actor
    law: Law
    now: datetime
    bodies: Mapping[int, Agency]
    one: Agency | None
    agenda: Agenda


def _open_desk(request: Request, session: Session, actor: Actor, asked: DeskQuery) -> Desk:
    platform = platform_of(request)
    law, now, every = law_of(session, platform.pack), platform.clock(), agencies(session)
    held = actor.held_for("desk")
    bodies = {id_: body for id_, body in every.items() if not held or id_ in held}
    chosen = frozenset(id_ for id_, body in bodies.items() if body.code == asked.agency)
    ids = chosen or frozenset(held)
    officer = {"": None, MINE: actor.person_id, NOBODYS: NOBODY}.get(
        asked.officer, _number(asked.officer)
    )
    when = asked.when if asked.when in set(When) else ""
    agenda = Agenda(ids, now, turns(now, law.calendar, law.tz), officer, when)
    one = bodies[min(ids)] if len(ids) == 1 else None
    return Desk(actor, law, now, bodies, one, agenda)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


@router.get("/desk/duties")
def duties_at_desk(request: Request, session: Db, actor: AtDesk, asked: Asked) -> Response:
    """The open duties of this person's agencies, the most urgent first."""
    return _page(request, session, actor, asked, Form[AssignForm]())


def _page(
    request: Request, session: Db, actor: Actor, asked: DeskQuery, form: Form[AssignForm]
) -> Response:
    desk = _open_desk(request, session, actor, asked)
    counts = count_work(session, desk.agenda)
    found = list_work(session, desk.agenda, asked.after)
    rows = found[:PAGE]
    proposals = proposed_work(session, desk.agenda) if actor.may("approve") else []
    officers = people_with(session, Role.OFFICER, desk.one.id) if desk.one else []
    names = names_of(session, {id_ for id_ in counts.officers if id_})
    names |= {person.id or 0: person.name for person in officers}
    cards = duty_cards([*proposals, *rows], desk.bodies, desk.law, desk.now)
    return render(
        request,
        "desk/duties.html",
        status=form.status,
        asked=asked,
        form=form,
        counts=counts,
        proposals=cards[: len(proposals)],
        parts=_parts(desk.agenda, rows, cards[len(proposals) :]),
        names=names,
        officers=officers,
        bodies=sorted(desk.bodies.values(), key=lambda body: body.code),
        found=_found(desk.agenda, counts),
        after=cursor_of_work(rows[-1]) if len(found) > PAGE else "",
    )


def _found(agenda: Agenda, counts: WorkCounts) -> int:
    return counts.when[agenda.when] if agenda.when else counts.total


def _parts(
    agenda: Agenda, rows: Sequence[DutyRow], cards: Sequence[Mapping[str, Any]]
) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """The rows of a page under the headings of an agenda; the list is in their order."""
    pairs = zip((part_of(row, agenda).value for row in rows), cards, strict=True)
    return [(part, [card for _, card in pair]) for part, pair in groupby(pairs, key=itemgetter(0))]


@router.post("/desk/duties/assign")
def assign_duties(
    request: Request, session: Db, actor: AtDesk, posted: Posted, asked: Asked
) -> Response:
    """Give the chosen duties to one officer, who is told."""
    form = Form[AssignForm](posted).check(AssignForm)
    if form.ok:
        with form.attempt(session):
            _assign(session, _open_desk(request, session, actor, asked), form.value)
    if not form.ok:
        return _page(request, session, actor, asked, form)
    return go(asked.address(), "The duties were given to the officer.")


def _assign(session: Session, desk: Desk, typed: AssignForm) -> None:
    """Raises Invalid if nothing or too much is chosen, and as `assign_many` does."""
    chosen = found_work(session, desk.agenda) if typed.everything else typed.duties
    if not chosen:
        raise Invalid("Choose at least one duty.", field="duties")
    if len(chosen) > MOST:
        raise Invalid("At most {most} at once. Narrow the list first.", field="duties", most=MOST)
    assign_many(
        session,
        desk.law,
        actor=desk.actor,
        obligation_ids=not_yet_of(session, chosen, typed.officer_id),
        officer_id=typed.officer_id,
        now=desk.now,
    )
