"""What a review collects by itself: reports by provision, answers, promises, what was in time.

Plain values, as they are kept for ever when the review is published; no words of people.
"""

from datetime import tzinfo
from typing import Any

from sqlmodel import Session

from consult.adoption.practice.models import PracticeReview
from consult.adoption.practice.queries import by_place, final_version, year_of
from consult.adoption.queries import count_commitments
from drafts.models import DraftVersion
from drafts.queries import places


def collected(session: Session, review: PracticeReview, tz: tzinfo) -> dict[str, Any]:
    """The figures of a review as they are now: {places: [{wid, names, kinds, …}], promises}.

    `names` are what a provision is called, by language; those of the act as a whole are empty.
    """
    found = by_place(session, review.draft_id, year_of(review, tz))
    names = _names(session, review.draft_id, [place.wid for place in found if place.wid])
    return {
        "places": [
            {
                "wid": place.wid,
                "names": {lang: of[place.wid] for lang, of in names.items() if place.wid in of},
                "kinds": dict(place.kinds),
                "follows": dict(place.follows),
                "echoes": place.echoes,
                "waiting": place.waiting,
            }
            for place in found
        ],
        "promises": dict(count_commitments(session, review.draft_id)),
    }


def _names(session: Session, draft_id: int, wids: list[str]) -> dict[str, dict[str, str]]:
    version_id = final_version(session, draft_id)
    if version_id is None or not wids:
        return {}
    langs = session.get_one(DraftVersion, version_id).langs
    return {lang: places(session, version_id, lang, wids) for lang in langs}


def reported_of(figures: dict[str, Any]) -> list[str]:
    """The provisions a review has to conclude something of."""
    return [place["wid"] for place in figures["places"] if place["wid"]]
