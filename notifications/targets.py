"""Which of what people follow an event concerns: of a draft, of an item of the plan."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlmodel import Session, col, select

from consult.accounts.queries import predecessor_ids, successor_ids
from consult.consultations.models import Consultation
from consult.consultations.queries import rounds_by_draft
from consult.plans.models import PlanItem
from consult.plans.queries import targets_for
from consult.procedure.stages import Stage
from drafts.models import Draft
from drafts.search.indexing import documents_of
from drafts.search.matching import Matcher
from drafts.search.synonyms.queries import thesaurus_of
from notifications.followed import has_followers
from notifications.models import SavedSearch
from notifications.searching import query_of

BATCH = 1000  # searches read at once


@dataclass(frozen=True, slots=True)
class Reached:
    """The stage a draft comes to by an event; in which round, if by one of a round."""

    stage: str
    round: Consultation | None = None


def targets_of(session: Session, draft: Draft, reached: Reached | None = None) -> list[str]:
    """What people follow who are told of an event about this draft, the most telling first.

    A saved search tells of new drafts, not of all that happens to them: it is among these only
    where the draft reaches the stage it asks for, and only if the draft did not fit it there in
    the round before. To be asked once for an event: with searches it reads the whole text.
    """
    # Who follows what was planned may not have been led over to the draft yet (plans.py).
    return [
        f"draft:{draft.id}",
        *targets_for(session, draft.id or 0),
        *(_searches(session, draft, reached) if reached else ()),
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
    yield from targets_of_body(session, what.agency_id)


def targets_of_body(session: Session, agency_id: int) -> list[str]:
    """What people follow who are told of what an agency does, whatever it is about."""
    others = successor_ids(session, agency_id), predecessor_ids(session, agency_id)
    bodies = (agency_id, *(one for found in others for one in found))
    return [*(f"agency:{one}" for one in bodies), "all"]


def _searches(session: Session, draft: Draft, reached: Reached) -> Iterator[str]:
    """The followed searches that the draft fits now, and did not fit in the round before."""
    if session.exec(select(SavedSearch.id).where(has_followers()).limit(1)).first() is None:
        return  # so that no text is read for nothing
    now, before = _matcher(session, draft, reached.round), _matcher_before(session, draft, reached)
    thesaurus = thesaurus_of(session)
    last: int | None = 0
    while last is not None:
        query = select(SavedSearch.id, SavedSearch.asked).where(has_followers())
        further = query.where(col(SavedSearch.id) > last).order_by(col(SavedSearch.id))
        rows = session.exec(further.limit(BATCH)).all()
        for search_id, asked in rows:
            stage, search = query_of(asked)
            if stage != reached.stage:
                continue
            search = replace(search, also=thesaurus.also(search.text))
            if now.fits(search) and not (before and before.fits(search)):
                yield f"search:{search_id}"
        last = rows[-1][0] if len(rows) == BATCH else None


def _matcher(session: Session, draft: Draft, round_: Consultation | None) -> Matcher:
    version_id = round_.version_id if round_ else None
    return Matcher(documents_of(session, draft.id or 0, version_id))


def _matcher_before(session: Session, draft: Draft, reached: Reached) -> Matcher | None:
    """Of the last round before that came to the same stage."""
    if reached.round is None:
        return None
    came = (
        one
        for one in rounds_by_draft(session, draft.id or 0)
        if one.round < reached.round.round
        and (one.reported_at or reached.stage != Stage.REPORTED.value)
    )
    earlier = next(came, None)
    return _matcher(session, draft, earlier) if earlier else None
