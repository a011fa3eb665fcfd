"""Bills of a scope in parliament and keneshes: which were read, and where votes are public."""

from typing import Any

from sqlalchemy import Select, exists
from sqlmodel import col

from consult.chambers.bills.models import Reading
from consult.chambers.voting.models import RollCall
from consult.statistics.facts.ground import Ground, when
from drafts.models import Draft

OF_DRAFT = col(Reading.draft_id) == col(Draft.id)


def bills_read(ground: Ground) -> Select[Any]:
    """Drafts that were read at least once."""
    return ground.fact("bills_read").where(exists().where(OF_DRAFT))


def readings(ground: Ground) -> Select[Any]:
    """Readings, by whether it is public how deputies voted there."""
    called = exists().where(col(RollCall.reading_id) == col(Reading.id))
    return ground.fact("readings", when(called)).join(Reading, OF_DRAFT)


FACTS = (bills_read, readings)
