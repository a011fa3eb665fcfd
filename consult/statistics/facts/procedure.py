"""How the rules were kept with the drafts of a scope, and what came of the discussions."""

from typing import Any

from sqlalchemy import Select, and_, case, exists
from sqlmodel import col

from consult.adoption.models import Commitment
from consult.answers.models import Disposition
from consult.answers.rules import ACCEPTING
from consult.consultations.models import Consultation
from consult.exchange.models import ExchangeLink
from consult.obligations.models import Obligation
from consult.statistics.facts.ground import Ground, when, whole_days
from consult.statistics.parts import KEPT, SHORT
from consult.statistics.queries import OWED, duty_standing
from drafts.models import Draft

OF_DRAFT = col(Consultation.draft_id) == col(Draft.id)


def rounds(ground: Ground) -> Select[Any]:
    """Discussions opened: by exception cited, whether the minimum was kept, reported; days more."""
    minimum, closes = col(Consultation.minimum_at), col(Consultation.closes_at)
    kept = case((minimum.is_(None), ""), (closes >= minimum, KEPT), else_=SHORT)
    exception = when(col(Consultation.exception_basis) != "")
    reported = when(col(Consultation.reported_at).is_not(None))
    query = ground.fact("rounds", exception, kept, reported, days=whole_days(minimum, closes))
    return query.join(Consultation, OF_DRAFT).where(col(Consultation.opened_at).is_not(None))


def duties(ground: Ground) -> Select[Any]:
    """What was owed for drafts, by duty and by how it stands."""
    query = ground.fact("duties", col(Obligation.duty), duty_standing(ground.now))
    return query.join(Obligation, col(Obligation.draft_id) == col(Draft.id)).where(OWED)


def changed(ground: Ground) -> Select[Any]:
    """Provisions that a published answer names and whose words did change, each once a draft."""
    each = ground.drafts(col(Draft.id).label("draft_id"), col(Disposition.changed_wid))
    each = each.join(Consultation, OF_DRAFT).join(Disposition, _changes_words())
    return ground.fact_of(each.distinct().subquery(), "changed")


def _changes_words() -> Any:
    return and_(
        col(Disposition.consultation_id) == col(Consultation.id),
        col(Consultation.reported_at).is_not(None),
        col(Disposition.state) == "published",
        col(Disposition.outcome).in_(ACCEPTING),
        col(Disposition.changed_wid) != "",
        col(Disposition.text_before) != col(Disposition.text_after),
    )


def reported_drafts(ground: Ground) -> Select[Any]:
    """Drafts on which a report was published, by whether anything was changed."""
    reported = exists().where(OF_DRAFT, col(Consultation.reported_at).is_not(None))
    return ground.fact("reported", when(exists().where(OF_DRAFT, _changes_words()))).where(reported)


def commitments(ground: Ground) -> Select[Any]:
    """Accepted proposals by how far the agency is with them."""
    query = ground.fact("commitments", col(Commitment.state))
    return query.join(Commitment, col(Commitment.draft_id) == col(Draft.id))


def exchanged(ground: Ground) -> Select[Any]:
    """Drafts that the document-flow system of their agency registered here."""
    query = ground.fact("exchanged")
    return query.join(ExchangeLink, col(ExchangeLink.draft_id) == col(Draft.id))


FACTS = (rounds, duties, changed, reported_drafts, commitments, exchanged)
