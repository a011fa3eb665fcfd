"""Reading the synonyms as they count now: those of the beginning, and what was changed of them."""

import tomllib
from functools import cache, lru_cache
from pathlib import Path

from sqlmodel import Session, col, select

from consult.errors import NotFound
from drafts.search.synonyms.models import SynonymGroup
from drafts.search.synonyms.rules import Synonyms
from drafts.search.widening import Group, Thesaurus

BEGINNING = Path(__file__).with_name("beginning.toml")


@cache
def beginning() -> dict[str, Synonyms]:
    """By code, the groups that every installation begins with."""
    listed = tomllib.loads(BEGINNING.read_text(encoding="utf-8"))["group"]
    return {row["code"]: Synonyms(row.pop("code"), row) for row in listed}


def synonyms(session: Session) -> list[Synonyms]:
    """All groups, the newest changed ones first, then the others in their order.

    Those that were taken away are among them, without words.
    """
    rows = session.exec(select(SynonymGroup).order_by(col(SynonymGroup.changed_at).desc())).all()
    changed = {row.code: Synonyms(row.code, row.words, row.n) for row in rows}
    return [*changed.values(), *(one for code, one in beginning().items() if code not in changed)]


def synonyms_of(session: Session, code: str) -> Synonyms:
    """One group; raises NotFound."""
    row = session.get(SynonymGroup, code, populate_existing=True)
    if row is not None:
        return Synonyms(row.code, row.words, row.n)
    if code not in beginning():
        raise NotFound("There is no such group of words.")
    return beginning()[code]


def thesaurus_of(session: Session) -> Thesaurus:
    """All groups, ready to widen a query."""
    return _thesaurus(tuple(one.group for one in synonyms(session) if one.words))


@lru_cache(maxsize=4)
def _thesaurus(groups: tuple[Group, ...]) -> Thesaurus:
    return Thesaurus(groups)
