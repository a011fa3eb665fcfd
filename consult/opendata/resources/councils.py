"""The resources of councils: what they say of drafts, how their members voted by name."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, null, or_
from sqlmodel import col

from consult.councils.models import CouncilMember, CouncilOpinion, CouncilVote, OpinionAnswer
from consult.councils.rules import ABSENT, CLOSED, CONCLUSIONS, STATES, TAKEN, VOTES
from consult.errors import N_
from consult.opendata.columns import LANGUAGES, Column, Type
from consult.opendata.resource import Context, Resource, address
from consult.opendata.resources.shared import (
    PUBLIC_DRAFT,
    agency_code,
    draft_column,
    id_column,
)
from drafts.models import Draft

_DECIDED: ColumnElement[bool] = col(CouncilOpinion.state).in_(CLOSED)
# What a council writes of its own motion is its own until it is decided; no index, as in shared.py.
_KNOWN: ColumnElement[bool] = (
    case((or_(col(CouncilOpinion.asked_at).is_not(None), _DECIDED), 1), else_=0) == 1
)
_FILTERS = {"agency": col(Draft.agency_id), "draft": col(CouncilOpinion.draft_id)}


def _opinions(query: Any) -> Any:
    answer = and_(
        col(OpinionAnswer.opinion_id) == col(CouncilOpinion.id),
        col(OpinionAnswer.published_at).is_not(None),
    )
    return (
        query.select_from(CouncilOpinion)
        .outerjoin(Draft, col(Draft.id) == col(CouncilOpinion.draft_id))
        .outerjoin(OpinionAnswer, answer)
        .where(PUBLIC_DRAFT, _KNOWN)
    )


def _votes(query: Any) -> Any:
    return (
        query.select_from(CouncilVote)
        .outerjoin(CouncilOpinion, col(CouncilOpinion.id) == col(CouncilVote.opinion_id))
        .outerjoin(CouncilMember, col(CouncilMember.id) == col(CouncilVote.member_id))
        .outerjoin(Draft, col(Draft.id) == col(CouncilOpinion.draft_id))
        .where(PUBLIC_DRAFT, case((_DECIDED, 1), else_=0) == 1)
    )


def _or_nothing(_context: Context, said: str | None) -> str | None:
    return said or None


def _decided(of: Any) -> Any:
    """A column that everybody may read once the vote is closed."""
    return case((_DECIDED, of), else_=null())


def _text(name: str, meaning: str, of: Any) -> Column:
    return Column(name, Type.TEXT, meaning, (of,), _or_nothing, nullable=True)


OPINIONS = Resource(
    name="opinions",
    title=N_("Opinions of councils"),
    meaning=N_("What supervisory councils say of drafts as bodies, and what agencies answer."),
    source=_opinions,
    filters=_FILTERS,
    columns=(
        id_column(col(CouncilOpinion.id), "the opinion"),
        draft_column(col(CouncilOpinion.draft_id)),
        Column(
            "council",
            Type.TEXT,
            "The council: agencies.code",
            (agency_code(CouncilOpinion.agency_id),),
        ),
        Column(
            "version",
            Type.INTEGER,
            "The version it is about: versions.id",
            (col(CouncilOpinion.version_id),),
        ),
        Column(
            "state",
            Type.TEXT,
            "How far it is; failed: the members voted and found no majority",
            (col(CouncilOpinion.state),),
            values=STATES,
        ),
        Column(
            "conclusion",
            Type.TEXT,
            "What was put to the vote concludes this",
            (_decided(col(CouncilOpinion.conclusion)),),
            _or_nothing,
            nullable=True,
            values=CONCLUSIONS,
        ),
        *(
            _text(
                f"words_{lang}",
                f"What was put to the vote, in the language {lang}",
                _decided(col(CouncilOpinion.words)[lang].as_string()),
            )
            for lang in LANGUAGES
        ),
        Column(
            "asked_at",
            Type.INSTANT,
            "When it was asked for; null: the council speaks of its own motion",
            (col(CouncilOpinion.asked_at),),
            nullable=True,
        ),
        Column(
            "closed_at",
            Type.INSTANT,
            "When the vote was closed",
            (col(CouncilOpinion.closed_at),),
            nullable=True,
        ),
        Column(
            "taken",
            Type.TEXT,
            "How much of it the agency takes up; null: it has not answered",
            (col(OpinionAnswer.taken),),
            nullable=True,
            values=TAKEN,
        ),
        _text("answer", "What the agency answers", col(OpinionAnswer.text)),
        _text("answer_lang", "The language of the answer", col(OpinionAnswer.lang)),
        Column(
            "answered_at",
            Type.INSTANT,
            "When the answer became public",
            (col(OpinionAnswer.published_at),),
            nullable=True,
        ),
        address("/opinions/{}", col(CouncilOpinion.id)),
    ),
)

OPINION_VOTES = Resource(
    name="opinion_votes",
    title=N_("Votes of members of councils"),
    meaning=N_("How each member of a council voted on an opinion, once the vote is closed."),
    source=_votes,
    filters=_FILTERS,
    columns=(
        id_column(col(CouncilVote.id), "the vote"),
        draft_column(col(CouncilOpinion.draft_id)),
        Column(
            "opinion",
            Type.INTEGER,
            "The opinion: opinions.id",
            (col(CouncilVote.opinion_id),),
        ),
        Column(
            "member",
            Type.INTEGER,
            "The number of the membership, the same in all votes",
            (col(CouncilVote.member_id),),
        ),
        _text("name", "The name under which the member acts", col(CouncilMember.name)),
        Column(
            "vote",
            Type.TEXT,
            "How the member voted",
            (col(CouncilVote.vote),),
            values=(*VOTES, ABSENT),
        ),
        _text("dissent", "Why, where a member dissents", col(CouncilVote.dissent)),
        _text("dissent_lang", "The language of the dissent", col(CouncilVote.dissent_lang)),
    ),
)
