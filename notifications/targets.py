"""Which of what people follow an event concerns: of a draft, of an item of the plan."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from consult.accounts.queries import predecessor_ids, successor_ids
from consult.consultations.models import Consultation
from consult.consultations.queries import rounds_by_draft
from consult.plans.models import PlanItem
from consult.plans.queries import targets_for
from drafts.models import Draft
from drafts.search.indexing import documents_of
from drafts.search.matching import Matcher
from notifications.followed import has_followers
from notifications.models import SavedSearch
from notifications.searching import query_of

BATCH = 1000  # searches read at once


def targets_of(session: Session, draft: Draft, opens: Consultation | None = None) -> list[str]:
    """What people follow who are told of an event about this draft, the most telling first.

    A saved search tells of new drafts, not of all that happens to them: it is among these only for
    the round that `opens`, and only if the draft did not fit it in the round before. To be asked
    once for an event: with searches it reads the whole text.
    """
    # Who follows what was planned may not have been led over to the draft yet (plans.py).
    return [
        f"draft:{draft.id}",
        *targets_for(session, draft.id or 0),
        *(_searches(session, opens) if opens else ()),
        *_shared(session, draft),
    ]


def targets_of_item(session: Session, item: PlanItem) -> list[str]:
    """What people follow who are told of an event about this item, the most telling first."""
    return [f"plan:{item.id}", *_shared(session, item), "plan"]


def _shared(session: Session, what: Draft | PlanItem) -> Iterator[str]:
    """Its topic, its kind, its agency, all that took over from it or that it took over from,
    everything. Whoever followed one that has ended goes on following what became of it.
    """
    if what.topic:
        yield f"topic:{what.topic}"
    yield f"act_type:{what.act_type}"
    bodies = (
        what.agency_id,
        *successor_ids(session, what.agency_id),
        *predecessor_ids(session, what.agency_id),
    )
    yield from (f"agency:{agency_id}" for agency_id in bodies)
    yield "all"


def _searches(session: Session, opens: Consultation) -> Iterator[str]:
    """The followed searches that this round fits, and that the round before did not fit."""
    if session.exec(select(SavedSearch.id).where(has_followers()).limit(1)).first() is None:
        return  # so that no text is read for nothing
    now, before = _matcher(session, opens), _matcher_before(session, opens)
    last: int | None = 0
    while last is not None:
        query = select(SavedSearch.id, SavedSearch.asked).where(has_followers())
        further = query.where(col(SavedSearch.id) > last).order_by(col(SavedSearch.id))
        rows = session.exec(further.limit(BATCH)).all()
        for search_id, asked in rows:
            search = query_of(asked)
            if now.fits(search) and not (before and before.fits(search)):
                yield f"search:{search_id}"
        last = rows[-1][0] if len(rows) == BATCH else None


def _matcher(session: Session, round_: Consultation) -> Matcher:
    return Matcher(documents_of(session, round_.draft_id, round_.version_id))


def _matcher_before(session: Session, opens: Consultation) -> Matcher | None:
    earlier = [r for r in rounds_by_draft(session, opens.draft_id) if r.round < opens.round]
    return _matcher(session, earlier[0]) if earlier else None
