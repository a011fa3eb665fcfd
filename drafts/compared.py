"""Reads two versions of a draft and compares them; kept for all who compare the same. No HTTP.

What a comparison is, is said in comparing.py. A published text never changes, nor does the list
that was published with it: that comparison is made once for each installation.
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import or_
from sqlmodel import Session, col, select

from consult.errors import NotFound
from drafts.models import DraftVersion, ProvisionChange
from drafts.queries import place_names, provisions, tree_of
from drafts.versions.aligning import ChangeKind
from drafts.versions.comparing import Comparison, Link, Step, as_data, compare

KEPT = 8  # comparisons; of the largest laws some 5 MB each


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions in one language: the rows, and what provisions are called in each, by wid."""

    before: DraftVersion
    after: DraftVersion
    lang: str
    rows: tuple[Comparison, ...]
    old_places: Mapping[str, str]
    new_places: Mapping[str, str]

    def data(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            "draft": self.after.draft_id,
            "from": self.before.n,
            "to": self.after.n,
            "lang": self.lang,
            **as_data(self.rows, self.old_places, self.new_places),
        }


def common_language(before: DraftVersion, after: DraftVersion, wishes: Sequence[str]) -> str:
    """The first wish that both versions have, else their first; raises NotFound."""
    common = [code for code in after.langs if code in before.langs]
    if not common:
        raise NotFound("These two versions have no language in common.")
    return next((code for code in wishes if code in common), common[0])


def compare_versions(
    session: Session, versions: Sequence[DraftVersion], old: int, new: int, wishes: Sequence[str]
) -> Compared:
    """Two of these versions of a draft, by number, the older one first.

    `wishes` are languages. Raises NotFound. It takes five queries at most, whatever the texts.
    """
    by_number = {version.n: version for version in versions}
    if not {old, new} <= by_number.keys():
        raise NotFound("There is no such version of this draft.")
    before, after = by_number[old], by_number[new]
    lang = common_language(before, after, wishes)
    between = tuple(version.id or 0 for version in versions if old < version.n <= new)
    key = (session.get_bind().engine, before.id, between, lang)
    slot = _slot(*key) if after.published_at else []
    if not slot:
        slot.append(_told(session, before.id or 0, after.id or 0, between, lang))
    return Compared(before, after, lang, *slot[0])


Told = tuple[tuple[Comparison, ...], Mapping[str, str], Mapping[str, str]]  # as Compared has them


@lru_cache(maxsize=KEPT)
def _slot(*_key: Hashable) -> list[Told]:
    """Where a comparison of public versions is kept once it was made."""
    return []


def _told(session: Session, old: int, new: int, between: Sequence[int], lang: str) -> Told:
    before, after = (provisions(session, version_id, lang) for version_id in (old, new))
    rows = compare(tree_of(before, lang), tree_of(after, lang), _steps(session, between))
    return rows, place_names(before), place_names(after)


def _steps(session: Session, version_ids: Sequence[int]) -> tuple[Step, ...]:
    """The stored list of each of some versions, in their order."""
    rows = session.execute(
        select(  # type: ignore[call-overload]
            ProvisionChange.version_id,
            ProvisionChange.kind,
            ProvisionChange.old_wid,
            ProvisionChange.new_wid,
            ProvisionChange.similarity,
        )
        .where(col(ProvisionChange.version_id).in_(version_ids))
        .order_by(col(ProvisionChange.id))
    ).all()
    lists: dict[int, list[Link]] = defaultdict(list)
    for version_id, kind, old_wid, new_wid, alike in rows:
        lists[version_id].append(Link(cast("ChangeKind", kind), old_wid, new_wid, alike))
    return tuple(tuple(lists[version_id]) for version_id in version_ids)


def newest_change(session: Session, versions: Sequence[DraftVersion], wid: str) -> int | None:
    """The number of the newest of some versions in which a provision is not the same any more."""
    query = select(ProvisionChange.version_id).where(
        col(ProvisionChange.version_id).in_([version.id for version in versions]),
        ProvisionChange.kind != "same",
        or_(col(ProvisionChange.old_wid) == wid, col(ProvisionChange.new_wid) == wid),
    )
    changed = set(session.exec(query.distinct()).all())
    return max((version.n for version in versions if version.id in changed), default=None)
