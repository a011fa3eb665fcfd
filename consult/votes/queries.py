"""Reads of votes: what one person has voted on in a draft, which version a vote is kept with."""

from collections import defaultdict

from sqlalchemy import and_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from consult.access import Actor
from consult.votes.models import Vote
from consult.votes.rules import first_with_these_words
from drafts.models import DraftVersion, Provision
from drafts.reading.within import stands_in


def votes_of(session: Session, actor: Actor, draft_id: int) -> dict[str, int]:
    """The person's votes in a draft by target; none for a visitor, without a query."""
    if actor.id is None:
        return {}
    rows = session.exec(
        select(Vote.target, Vote.value).where(Vote.draft_id == draft_id, Vote.person_id == actor.id)
    ).all()
    return dict(rows)


def votes_kept_with(session: Session, discussed: DraftVersion, wid: str) -> int:
    """The version (its id) that the votes on a provision of the discussed text are kept with.

    The first since which its words, and those of all that stands below it, are the same: votes
    on an unchanged provision go on, with a change they begin anew. One query; none for version 1.
    """
    if discussed.n == 1 or not wid:
        return discussed.id or 0
    top = aliased(Provision)
    rows = session.execute(
        select(DraftVersion.id, Provision.lang, Provision.text_hash)
        .join(top, and_(col(top.version_id) == col(DraftVersion.id), col(top.wid) == wid))
        .join(Provision, stands_in(top))
        .where(DraftVersion.draft_id == discussed.draft_id, DraftVersion.n <= discussed.n)
        .order_by(col(DraftVersion.n), col(Provision.lang), col(Provision.position))
    ).all()
    wordings: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for version_id, lang, text_hash in rows:
        wordings[version_id or 0][lang].append(text_hash)
    if discussed.id not in wordings:
        return discussed.id or 0
    return list(wordings)[first_with_these_words(list(wordings.values()))]
