"""What is done with the law an installation holds: keep the version of a rule in use."""

from datetime import datetime

from sqlmodel import Session

from consult.law.models import RuleVersion
from consult.law.queries import version_of
from consult.law.rules import content, fingerprint
from consult.procedure.deadlines import DeadlineRule


def keep_version(session: Session, rule: DeadlineRule, now: datetime) -> RuleVersion:
    """The version that says what the rule says now, written down if it is new."""
    known = version_of(session, rule)
    if known is not None:
        return known
    row = RuleVersion(
        jurisdiction=rule.jurisdiction,
        code=rule.code,
        fingerprint=fingerprint(rule),
        content=content(rule),
        first_seen_at=now,
    )
    session.add(row)
    session.flush()
    return row
