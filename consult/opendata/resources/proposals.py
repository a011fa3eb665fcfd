"""The resource of proposals from people: what is asked for, how many support it, what was answered.

Of a hidden proposal stands that there was one; who made it, and who supports it, stands nowhere.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, null
from sqlalchemy.orm import aliased
from sqlmodel import col

from consult.errors import N_
from consult.opendata.columns import Column, Type
from consult.opendata.resource import Context, Resource, address
from consult.opendata.resources.shared import agency_column, id_column
from consult.proposals.models import Proposal, ProposalAnswer
from consult.proposals.rules import COUNTS, KINDS, OUTCOMES, Standing, State
from drafts.models import Draft
from drafts.queries import PUBLIC_STAGES

SHOWN = col(Proposal.hidden_at).is_(None)
STATES = tuple(state.value for state in State)
MOMENTS = (
    *("gathers_until", "supported_at", "answered_at", "withdrawn_at", "hidden_at", "joined_at"),
)
about, led = aliased(Draft), aliased(Draft)


def _proposals(query: Any) -> Any:
    published = and_(
        col(ProposalAnswer.proposal_id) == Proposal.id,
        col(ProposalAnswer.state) == "published",
        SHOWN,
    )
    return (
        query.select_from(Proposal)
        .outerjoin(ProposalAnswer, published)
        .outerjoin(
            about, and_(col(about.id) == Proposal.draft_id, col(about.stage).in_(PUBLIC_STAGES))
        )
        .outerjoin(led, and_(col(led.id) == Proposal.led_to, col(led.stage).in_(PUBLIC_STAGES)))
    )


def _said(name: str, meaning: str, of: Any) -> Column:
    """Words that are shown unless a moderator hid them."""
    words: ColumnElement[Any] = case((SHOWN, of), else_=null())
    return Column(name, Type.TEXT, f"{meaning}; null once hidden", (words,), nullable=True)


def _state(context: Context, *moments: Any) -> str:
    return Standing(*moments).state(context.now).value


def _moment(name: str, meaning: str, of: Any, *, nullable: bool = True) -> Column:
    return Column(name, Type.INSTANT, meaning, (col(of),), nullable=nullable)


def _maybe(name: str, type_: Type, meaning: str, of: Any, values: tuple[str, ...] = ()) -> Column:
    return Column(name, type_, meaning, (of,), nullable=True, values=values)


PROPOSALS = Resource(
    name="proposals",
    title=N_("Proposals from people"),
    meaning=N_("What people ask for, how many support it, what was answered and what it led to."),
    source=_proposals,
    filters={"agency": col(Proposal.agency_id), "draft": col(Proposal.led_to)},
    dated="created_at",
    columns=(
        id_column(col(Proposal.id), "the proposal"),
        Column("kind", Type.TEXT, "What it is", (col(Proposal.kind),), values=KINDS),
        Column("level", Type.TEXT, "The level of the rules it is on", (col(Proposal.level),)),
        agency_column(col(Proposal.agency_id), "Whom it is put to: agencies.code"),
        _maybe("about", Type.INTEGER, "The draft it is about: drafts.id", about.id),
        Column("topic", Type.TEXT, "Its topic; empty if none was chosen", (col(Proposal.topic),)),
        Column("lang", Type.TEXT, "The language of the proposal", (col(Proposal.lang),)),
        _said("title", "What it is about, in one line", col(Proposal.title)),
        _said("body", "The problem", col(Proposal.body)),
        _said("wanted", "What should change, and why", col(Proposal.wanted)),
        Column(
            "state",
            Type.TEXT,
            "How it stands",
            tuple(col(getattr(Proposal, name)) for name in MOMENTS),
            _state,
            values=STATES,
        ),
        _moment("created_at", "When it was made", Proposal.created_at, nullable=False),
        Column("needed", Type.INTEGER, "How many must support it", (col(Proposal.needed),)),
        Column("counts", Type.TEXT, "Who counts", (col(Proposal.counts),), values=COUNTS),
        _moment("gathers_until", "Until when they may", Proposal.gathers_until, nullable=False),
        Column("supporters", Type.INTEGER, "How many support it", (col(Proposal.supporters),)),
        Column(
            "identified",
            Type.INTEGER,
            "Of these, people of whom it is known who they are",
            (col(Proposal.identified),),
        ),
        _moment("supported_at", "When there were enough", Proposal.supported_at),
        _moment("answered_at", "When it was answered", Proposal.answered_at),
        _maybe("outcome", Type.TEXT, "What was decided", col(ProposalAnswer.outcome), OUTCOMES),
        _maybe("answer", Type.TEXT, "The answer", col(ProposalAnswer.reason)),
        _maybe("answer_lang", Type.TEXT, "The language of the answer", col(ProposalAnswer.lang)),
        _maybe("joined_to", Type.INTEGER, "The one it was joined with", col(Proposal.joined_to)),
        _maybe("led_to", Type.INTEGER, "The draft that began with it: drafts.id", led.id),
        address("/proposals/{}", col(Proposal.id)),
    ),
)
