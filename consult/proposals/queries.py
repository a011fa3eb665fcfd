"""Reads of proposals: lists by keyset, one with its answer, those that a new one is like."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, tuple_
from sqlmodel import Session, col, select

from consult.accounts.models import Agency, Person
from consult.accounts.shown import who
from consult.errors import NotFound
from consult.naming import PublicName
from consult.obligations.ledger.subjects import Subject
from consult.obligations.models import Obligation
from consult.procedure.levels import Level, level_of
from consult.proposals.models import Proposal, ProposalAnswer, ProposalSupport
from consult.proposals.rules import COMPARED, Said, Similar, State, similar_to
from drafts.models import Draft, DraftVersion, Provision
from drafts.queries import PUBLIC_STAGES

ORDERS = ("newest", "most")
CHOICES = 100  # in a form
SHOWN_BESIDE = 5  # on the page of an agency, of a draft


def _is(*names: str) -> list[ColumnElement[bool]]:
    return [col(getattr(Proposal, name)).is_(None) for name in names]


THERE = _is("hidden_at", "withdrawn_at", "joined_at")


def gathering(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a proposal gathers support at `now`."""
    return (*THERE, *_is("answered_at", "supported_at"), col(Proposal.gathers_until) > now)


def in_state(state: State, now: datetime) -> ColumnElement[bool]:
    """The condition that a proposal stands so at `now`; rules.Standing says the same."""
    p = Proposal
    waiting = [*THERE, *_is("answered_at")]
    conditions: Mapping[State, Sequence[ColumnElement[bool]]] = {
        State.HIDDEN: (col(p.hidden_at).is_not(None),),
        State.WITHDRAWN: (*_is("hidden_at"), col(p.withdrawn_at).is_not(None)),
        State.JOINED: (*_is("hidden_at", "withdrawn_at"), col(p.joined_at).is_not(None)),
        State.ANSWERED: (*THERE, col(p.answered_at).is_not(None)),
        State.REACHED: (*waiting, col(p.supported_at).is_not(None)),
        State.GATHERING: gathering(now),
        State.LAPSED: (*waiting, *_is("supported_at"), col(p.gathers_until) <= now),
    }
    return and_(*conditions[state])


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal with who made it, as the public sees them, and whom it is put to."""

    proposal: Proposal
    who: PublicName
    agency: Agency
    state: State


@dataclass(frozen=True, slots=True)
class Asked:
    """Which proposals, in which order; empty is all. `after` is the key of the last one seen."""

    state: str = ""
    topic: str = ""
    agency_id: int | None = None
    draft_id: int | None = None
    order: str = "newest"
    after: tuple[int, ...] = ()


def listed(session: Session, asked: Asked, now: datetime, limit: int = 20) -> list[ProposalView]:
    """Those asked for, in one query; one more than `limit` tells that there are more."""
    query = _views()
    if asked.state in set(State):
        query = query.where(in_state(State(asked.state), now))
    for column, value in (
        (Proposal.topic, asked.topic),
        (Proposal.agency_id, asked.agency_id),
        (Proposal.draft_id, asked.draft_id),
    ):
        query = query.where(col(column) == value) if value else query
    key: list[Any] = [col(Proposal.supporters), col(Proposal.id)]
    key = key if asked.order == "most" else key[1:]
    if len(asked.after) == len(key):
        query = query.where(tuple_(*key) < tuple_(*asked.after))
    rows = session.execute(query.order_by(*(one.desc() for one in key)).limit(limit + 1)).all()
    return [_view(row, now) for row in rows]


def key_of(view: ProposalView, order: str) -> str:
    """Where a page of the list goes on after this one: "12", or "340-12" by supporters."""
    number = str(view.proposal.id)
    return f"{view.proposal.supporters}-{number}" if order == "most" else number


def read_key(typed: str) -> tuple[int, ...]:
    """What `key_of` wrote; nothing of what it did not."""
    parts = typed.split("-")
    good = all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts)
    return tuple(map(int, parts)) if good else ()


def _views() -> Any:
    return (
        select(Proposal, who(), Agency)
        .join(Person, col(Person.id) == col(Proposal.author_id))
        .join(Agency, col(Agency.id) == col(Proposal.agency_id))
    )


def _view(row: Any, now: datetime) -> ProposalView:
    return ProposalView(row[0], row[1], row[2], row[0].state(now))


def proposal_by_id(session: Session, proposal_id: int) -> Proposal:
    """One proposal; raises NotFound."""
    found = session.get(Proposal, proposal_id)
    if found is None:
        raise NotFound("There is no such proposal.")
    return found


def view_of(session: Session, proposal_id: int, now: datetime) -> ProposalView:
    """One with who made it and whom it is put to; raises NotFound."""
    row = session.execute(_views().where(Proposal.id == proposal_id)).first()
    if row is None:
        raise NotFound("There is no such proposal.")
    return _view(row, now)


def answer_of(session: Session, proposal_id: int) -> ProposalAnswer | None:
    """The answer as it stands, whoever may see it."""
    query = select(ProposalAnswer).where(ProposalAnswer.proposal_id == proposal_id)
    return session.exec(query).first()


def joined_with(session: Session, proposal_id: int) -> Sequence[Proposal]:
    """The proposals whose supporters this one took over."""
    shown = col(Proposal.hidden_at).is_(None)
    query = select(Proposal).where(Proposal.joined_to == proposal_id, shown)
    return session.exec(query.order_by(col(Proposal.id))).all()


def is_supporter(session: Session, proposal_id: int, person_id: int | None) -> bool:
    """Whether this person supports it."""
    own = select(ProposalSupport.id).where(
        ProposalSupport.proposal_id == proposal_id, ProposalSupport.person_id == person_id
    )
    return person_id is not None and session.exec(own).first() is not None


def began(session: Session, draft_id: int) -> Sequence[Proposal]:
    """The proposals a draft began with."""
    query = select(Proposal).where(Proposal.led_to == draft_id, col(Proposal.hidden_at).is_(None))
    return session.exec(query.order_by(col(Proposal.id)).limit(SHOWN_BESIDE)).all()


def waiting_at(
    session: Session, agency_ids: frozenset[int], now: datetime, before: int = 0, limit: int = 20
) -> list[tuple[ProposalView, ProposalAnswer | None]]:
    """What an officer has to answer, or a second person to approve; the longest waiting first.

    No agencies: those of all. One more than `limit` tells that there are more.
    """
    query = (
        _views()
        .add_columns(ProposalAnswer)
        .outerjoin(ProposalAnswer, col(ProposalAnswer.proposal_id) == col(Proposal.id))
        .where(in_state(State.REACHED, now))
    )
    if agency_ids:
        query = query.where(col(Proposal.agency_id).in_(agency_ids))
    if before:
        query = query.where(col(Proposal.id) > before)
    rows = session.execute(query.order_by(col(Proposal.id)).limit(limit + 1)).all()
    return [(_view(row, now), row[3]) for row in rows]


def count_by_state(session: Session, agency_id: int | None, now: datetime) -> dict[str, int]:
    """How many proposals stand how, put to one agency or to all."""
    states = [func.count().filter(in_state(state, now)).label(state.value) for state in State]
    query = select(*states)
    if agency_id:
        query = query.where(Proposal.agency_id == agency_id)
    return dict(session.execute(query.select_from(Proposal)).mappings().one())


def similar(session: Session, said: Said, now: datetime) -> Similar:
    """Which of the open proposals in its language, the newest first, a new one is like."""
    open_ = or_(and_(*gathering(now)), in_state(State.REACHED, now))
    query = select(Proposal).where(Proposal.lang == said.lang, open_)
    rows = session.exec(query.order_by(col(Proposal.id).desc()).limit(COMPARED)).all()
    return similar_to(said, {row.id or 0: row.said for row in rows})


def views(session: Session, ids: Sequence[int], now: datetime) -> list[ProposalView]:
    """Those with these numbers, in this order."""
    rows = session.execute(_views().where(col(Proposal.id).in_(ids))).all()
    found = {row[0].id: _view(row, now) for row in rows}
    return [found[id_] for id_ in ids if id_ in found]


def askable(session: Session, levels: Sequence[Level], now: datetime) -> list[tuple[Agency, Level]]:
    """The bodies people may ask today, with the level of each, as they stand in the register."""
    today = now.date()
    query = select(Agency).where(
        or_(col(Agency.closed_on).is_(None), col(Agency.closed_on) > today)
    )
    rows = session.exec(query.order_by(col(Agency.kind), col(Agency.code))).all()
    found = ((row, level_of(levels, row.kind, today)) for row in rows)
    return [(row, level) for row, level in found if level is not None]


def supporters(proposal_id: int) -> Any:
    """The people who support a proposal, for a message to all of them."""
    return select(ProposalSupport.person_id).where(
        ProposalSupport.proposal_id == proposal_id, col(ProposalSupport.person_id).is_not(None)
    )


def supporters_of_draft(draft_id: int) -> Any:
    """The people who supported what a draft began with, for a message to all of them."""
    return (
        select(ProposalSupport.person_id)
        .join(Proposal, col(Proposal.id) == col(ProposalSupport.proposal_id))
        .where(Proposal.led_to == draft_id, col(ProposalSupport.person_id).is_not(None))
    )


def has_provision(session: Session, draft_id: int | None, wid: str) -> bool:
    """Whether some public version of a draft has this provision."""
    query = (
        select(Provision.id)
        .join(DraftVersion, col(DraftVersion.id) == col(Provision.version_id))
        .where(
            DraftVersion.draft_id == draft_id,
            col(DraftVersion.published_at).is_not(None),
            Provision.wid == wid,
        )
    )
    return session.exec(query.limit(1)).first() is not None


def joinable(session: Session, proposal: Proposal, now: datetime) -> list[Proposal]:
    """The others that gather support from the same body, those most supported first."""
    query = select(Proposal).where(
        Proposal.agency_id == proposal.agency_id, Proposal.id != proposal.id, *gathering(now)
    )
    order = col(Proposal.supporters).desc(), col(Proposal.id).desc()
    return list(session.exec(query.order_by(*order).limit(CHOICES)).all())


def drafts_to_link(session: Session, agency_id: int) -> list[Draft]:
    """The newest public drafts of an agency."""
    public = col(Draft.stage).in_(PUBLIC_STAGES), col(Draft.published_at).is_not(None)
    query = select(Draft).where(Draft.agency_id == agency_id, *public)
    return list(session.exec(query.order_by(col(Draft.id).desc()).limit(CHOICES)).all())


def duty_of(session: Session, proposal_id: int) -> Obligation | None:
    """The duty to answer it, if one runs or ran."""
    query = select(Obligation).where(
        Obligation.subject == str(Subject("proposal", str(proposal_id)))
    )
    return session.exec(query.order_by(col(Obligation.id).desc()).limit(1)).first()
