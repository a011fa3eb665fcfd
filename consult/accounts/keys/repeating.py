"""Requests that their sender may repeat: what was asked once is done once (Idempotency-Key).

After draft-ietf-httpapi-idempotency-key-header: the same request is answered the same.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from consult.accounts.keys.models import ApiAnswer
from consult.accounts.keys.rules import REPEAT_HEADER
from consult.db import upsert
from consult.errors import Invalid


def answered(
    session: Session,
    key_id: int,
    repeat_key: str,
    asked_hash: str,
    now: datetime,
    table: Any = ApiAnswer,
) -> dict[str, Any] | None:
    """What was answered to this request before; None if it is the first, which claims the key.

    `table` has the columns of ApiAnswer. Of two at the same time one waits for the other's
    transaction, and is answered the same. Raises Invalid when the key was used for another request.
    """
    claim = upsert(session, table).values(
        key_id=key_id, repeat_key=repeat_key, asked_hash=asked_hash, answer={}, answered_at=now
    )
    claim = claim.on_conflict_do_nothing(index_elements=["key_id", "repeat_key"])
    if session.execute(claim.returning(col(table.id))).first():
        return None
    earlier = session.exec(select(table).where(*_whose(table, key_id, repeat_key))).one()
    if earlier.asked_hash != asked_hash:
        raise Invalid(
            "This Idempotency-Key was used for another request before.", field=REPEAT_HEADER
        )
    told: dict[str, Any] = earlier.answer
    return told


def remember(
    session: Session, key_id: int, repeat_key: str, answer: dict[str, Any], table: Any = ApiAnswer
) -> None:
    """Keep what the request that claimed the key is answered."""
    whose = _whose(table, key_id, repeat_key)
    session.execute(update(table).where(*whose).values(answer=answer))


def _whose(table: Any, key_id: int, repeat_key: str) -> tuple[Any, ...]:
    return col(table.key_id) == key_id, col(table.repeat_key) == repeat_key
