"""What people say of themselves to be counted: it is said, changed, taken back."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from consult.access import Actor
from consult.accounts.demographics.models import Demographic
from consult.db import upsert
from consult.errors import Invalid


def say(
    session: Session,
    *,
    actor: Actor,
    said: Mapping[str, str],
    known: Mapping[str, Mapping[str, object]],
    now: datetime,
) -> None:
    """Keep the codes that were chosen, each one of `known` or ""; all empty takes it all back.

    Raises Invalid for a code that is not among those to choose from.
    """
    for what, code in said.items():
        if code and code not in known[what]:
            raise Invalid("Please choose one of the options.", field=what)
    person_id = actor.person_id
    if not any(said.values()):
        if (row := session.get(Demographic, person_id)) is not None:
            session.delete(row)
            session.flush()
        return
    values = {**said, "said_at": now}
    insert = upsert(session, Demographic).values(person_id=person_id, **values)
    session.execute(insert.on_conflict_do_update(index_elements=["person_id"], set_=values))
