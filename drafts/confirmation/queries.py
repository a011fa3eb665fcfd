"""Reads for the screen on which what became of provisions is confirmed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from consult.access import Actor, check_agency
from consult.errors import NotFound
from drafts.confirmation.rules import Resemblance
from drafts.models import Draft, DraftVersion, Provision, ProvisionChange
from drafts.queries import doubtful, draft_for, place_names, provisions
from drafts.versions.diffing import word_pieces

LIKELY, ALONE = 6, 14  # other partners that are offered: the most alike, and the nearest alone
MANY = 600  # that are offered for one change
LETTERS = 6000  # of a provision that are compared on the screen

Pieces = Sequence[tuple[str, str]]


def version_at_desk(
    session: Session, draft_id: int, n: int, actor: Actor, right: str
) -> tuple[Draft, DraftVersion]:
    """A version of a draft of one's own agency. Raises NotFound, NotAllowed."""
    draft = draft_for(session, draft_id, actor)
    check_agency(actor, right, draft.agency_id)
    version = session.exec(
        select(DraftVersion).where(DraftVersion.draft_id == draft_id, DraftVersion.n == n)
    ).one_or_none()
    if version is None:
        raise NotFound("There is no such version of this draft.")
    return draft, version


def eids_by_wid(session: Session, version_id: int, lang: str) -> dict[str, str]:
    """Where each provision of a text stands, by its permanent id."""
    rows = session.execute(
        select(Provision.wid, Provision.eid).where(
            Provision.version_id == version_id, Provision.lang == lang
        )
    ).all()
    return dict(rows)


@dataclass(frozen=True, slots=True)
class Side:
    """A provision in one version; `order` is its place in reading order."""

    wid: str
    eid: str
    order: int
    kind: str
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Texts:
    """Both versions in the language they are compared in, by wid."""

    lang: str
    old: Mapping[str, Side]
    new: Mapping[str, Side]


@dataclass(frozen=True, slots=True)
class Card:
    """A change with the words before and after, and the other partners that are offered.

    `now`: what the old provision may be now; `was`: what the new one may have been.
    """

    change: ProvisionChange
    old: Side | None
    new: Side | None
    pieces: Pieces
    now: Sequence[Side]
    was: Sequence[Side]


def texts_of(session: Session, before: DraftVersion, after: DraftVersion, lang: str) -> Texts:
    """What both versions say, in two queries."""
    old, new = (_sides(session, version.id or 0, lang) for version in (before, after))
    return Texts(lang, old, new)


def _sides(session: Session, version_id: int, lang: str) -> dict[str, Side]:
    rows = provisions(session, version_id, lang)
    names = place_names(rows)
    return {
        row.wid: Side(
            wid=row.wid,
            eid=row.eid,
            order=order,
            kind=row.kind,
            place=names[row.wid],
            text=f"{row.heading}\n{row.text}".strip(),
        )
        for order, row in enumerate(rows)
    }


def waiting(session: Session, version_id: int, after: int, limit: int) -> Sequence[ProvisionChange]:
    """What a person has yet to confirm, in the order of the text, from behind one of them."""
    query = select(ProvisionChange).where(*doubtful(version_id), col(ProvisionChange.id) > after)
    return session.exec(query.order_by(col(ProvisionChange.id)).limit(limit)).all()


def of_kind(
    session: Session, version_id: int, kind: str, after: int, limit: int
) -> Sequence[ProvisionChange]:
    """All changes of a kind, in the order of the text, from behind one of them."""
    query = select(ProvisionChange).where(
        ProvisionChange.version_id == version_id,
        ProvisionChange.kind == kind,
        col(ProvisionChange.id) > after,
    )
    return session.exec(query.order_by(col(ProvisionChange.id)).limit(limit)).all()


def change_of(session: Session, version_id: int, change_id: int) -> ProvisionChange:
    """One of them. Raises NotFound, also when the comparison was made anew since."""
    change = session.get(ProvisionChange, change_id)
    if change is None or change.version_id != version_id:
        raise NotFound("The comparison was made anew meanwhile. Please look again.")
    return change


def cards(session: Session, texts: Texts, changes: Sequence[ProvisionChange]) -> list[Card]:
    """Some changes with the partners most worth offering: alike, or alone and near."""
    if not changes:
        return []
    alone = _alone(session, changes[0].version_id)
    found = {
        name: Resemblance({wid: side.text for wid, side in sides.items()})
        for name, sides in (("old", texts.old), ("new", texts.new))
    }

    def offered(side: Side | None, name: str, sides: Mapping[str, Side]) -> list[Side]:
        if side is None:
            return []
        alike = [sides[wid] for wid in found[name].like(side.text, LIKELY)]
        single = (sides[wid] for wid in alone if wid in sides and sides[wid].kind == side.kind)
        near = sorted(single, key=lambda other: abs(other.order - side.order))[:ALONE]
        return list({one.wid: one for one in (*alike, *near)}.values())

    def card(change: ProvisionChange) -> Card:
        old, new = texts.old.get(change.old_wid), texts.new.get(change.new_wid)
        now = [one for one in offered(old, "new", texts.new) if one != new]
        was = [one for one in offered(new, "old", texts.old) if one != old]
        return Card(change, old, new, _pieces(old, new), now, was)

    return [card(change) for change in changes]


def card_with_all(texts: Texts, change: ProvisionChange) -> Card:
    """One change with every partner there is, in reading order; in a large law those around it."""

    def around(side: Side | None, sides: Mapping[str, Side], present: Side | None) -> list[Side]:
        start = max(0, side.order - MANY // 2) if side else 0
        near = list(sides.values())[start : start + MANY] if side else []
        return [one for one in near if one != present]

    old, new = texts.old.get(change.old_wid), texts.new.get(change.new_wid)
    now, was = around(old, texts.new, new), around(new, texts.old, old)
    return Card(change, old, new, _pieces(old, new), now, was)


def _pieces(old: Side | None, new: Side | None) -> Pieces:
    return word_pieces(*(side.text[:LETTERS] if side else "" for side in (old, new)))


def _alone(session: Session, version_id: int) -> Sequence[str]:
    """The wids of what was deleted or added."""
    rows = session.execute(
        select(ProvisionChange.old_wid, ProvisionChange.new_wid).where(
            ProvisionChange.version_id == version_id,
            col(ProvisionChange.kind).in_(("deleted", "added")),
        )
    ).all()
    return [old or new for old, new in rows]
