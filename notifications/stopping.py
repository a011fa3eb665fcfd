"""What the link "stop these mails" ends: exactly what its mail came of, or by another button all.

Without signing in: whoever has the mail may stop it (RFC 8058). The pages: routes.py.
"""

from sqlmodel import Session

from consult.accounts.models import Person
from notifications.digests import stop_digest
from notifications.following import NEVER, unfollow, unfollow_all
from notifications.models import MailChoice
from notifications.rules import CATEGORIES, DIGESTS, EVERYTHING, is_followed, parts_of_stopping


def stop(session: Session, *, person_id: int, target: str) -> None:
    """End what a link stands for; done twice, or for somebody who is gone, it changes nothing.

    Of a category the mails end and the notices stay in the cabinet.
    """
    if session.get(Person, person_id) is None:
        return
    kind, key = parts_of_stopping(target)
    if kind == EVERYTHING:
        unfollow_all(session, person_id)
        for category in CATEGORIES:
            _never(session, person_id, category)
    elif kind == "category" and key in CATEGORIES:
        _never(session, person_id, key)
    elif kind == "digest" and key in DIGESTS:
        stop_digest(session, person_id, key)
    elif is_followed(target):
        unfollow(session, person_id=person_id, target=target)


def _never(session: Session, person_id: int, category: str) -> None:
    session.merge(MailChoice(person_id=person_id, category=category, cadence=NEVER))
    session.flush()
