"""Changing the synonyms: each change is one more entry of the audit log."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col

from consult.access import Actor, check_right
from consult.audit.actions import note
from consult.db import upsert
from consult.errors import N_, Conflict
from drafts.search.synonyms.models import SynonymGroup
from drafts.search.synonyms.queries import synonyms, synonyms_of
from drafts.search.synonyms.rules import check_new, read

CHANGED = N_("Somebody else has changed this since. Please look at it again.")


def add(session: Session, *, actor: Actor, typed: Mapping[str, str], now: datetime) -> str:
    """A new group of what was typed by language; its code. Raises Invalid, Conflict if its words
    stand there."""
    check_right(actor, "administer")
    words = read(typed)
    check_new(words, synonyms(session))
    row = SynonymGroup(code=f"own-{secrets.token_hex(4)}", words=words, n=1, changed_at=now)
    session.add(row)
    note(session, "synonyms_added", actor_id=actor.id, now=now, group=row.code)
    return row.code


def change(
    session: Session, *, actor: Actor, code: str, n: int, typed: Mapping[str, str], now: datetime
) -> None:
    """Put other words in the place of a group that was read when it had changed `n` times.

    Raises Invalid, NotFound, Conflict if somebody else changed it since or the words are another's.
    """
    check_right(actor, "administer")
    words = read(typed)
    check_new(words, (one for one in synonyms(session) if one.code != code))
    _put(session, code, n, words, now)
    note(session, "synonyms_changed", actor_id=actor.id, now=now, group=code)


def remove(session: Session, *, actor: Actor, code: str, n: int, now: datetime) -> None:
    """Take a group away; it can be given words again. Raises NotFound, Conflict as `change`."""
    check_right(actor, "administer")
    _put(session, code, n, {}, now)
    note(session, "synonyms_removed", actor_id=actor.id, now=now, group=code)


def _put(session: Session, code: str, n: int, words: dict[str, list[str]], now: datetime) -> None:
    """In one statement, so that of two people who read the same group one is refused."""
    if synonyms_of(session, code).n != n:
        raise Conflict(CHANGED)
    row = {"code": code, "words": words, "n": n + 1, "changed_at": now}
    put = upsert(session, SynonymGroup).values(row)
    put = put.on_conflict_do_update(
        index_elements=["code"],
        set_={"words": put.excluded.words, "n": n + 1, "changed_at": put.excluded.changed_at},
        where=col(SynonymGroup.n) == n,
    ).returning(SynonymGroup.code)
    if not session.execute(put).all():
        raise Conflict(CHANGED)
