"""What people proposed about the drafts of a scope, and which of these began with a proposal."""

from typing import Any

from sqlalchemy import Select, exists
from sqlmodel import col

from consult.proposals.models import Proposal
from consult.statistics.facts.ground import Ground
from drafts.models import Draft

SHOWN = col(Proposal.hidden_at).is_(None)


def proposed(ground: Ground) -> Select[Any]:
    """Proposals about a draft, or the act it became, that are shown."""
    query = ground.fact("proposed").join(Proposal, col(Proposal.draft_id) == col(Draft.id))
    return query.where(SHOWN)


def begun(ground: Ground) -> Select[Any]:
    """Drafts to which something people proposed led."""
    return ground.fact("begun").where(exists().where(col(Proposal.led_to) == col(Draft.id), SHOWN))


FACTS = (proposed, begun)
