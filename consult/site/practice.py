"""How an act works, as its pages show it: by provision, report by report, review by review."""

from dataclasses import dataclass
from urllib.parse import urlencode

from sqlmodel import Session

from consult.access import Actor
from consult.adoption.practice.models import PracticeReview
from consult.adoption.practice.queries import AtPlace, by_place, reviews_of
from consult.adoption.queries import Narrowed, ProblemView, problems
from consult.adoption.rules import PRACTICE

PAGE = 20
PLACES = 20  # provisions in the table: those with most reports
WHOLE = "-"  # in an address: reports of no provision, but of the act as a whole


@dataclass(frozen=True, slots=True)
class Practice:
    """What was reported of an act, narrowed to a provision (`wid`) or `kind`, with its reviews.

    `counted`: all that is shown of what was reported, and what of it waits for an answer.
    """

    wid: str | None
    kind: str
    counted: tuple[int, int]
    by_place: list[AtPlace]
    shown: list[ProblemView]
    older: int | None
    reviews: list[PracticeReview]

    @property
    def wids(self) -> list[str]:
        """The provisions that are named."""
        return [one.wid for one in self.by_place] + [one.problem.wid for one in self.shown]

    @property
    def older_query(self) -> str:
        """The address of the page after this, without its path."""
        asked = {"at": (self.wid or WHOLE) if self.wid is not None else "", "kind": self.kind}
        asked = {name: value for name, value in asked.items() if value}
        return f"?{urlencode(asked | {'before': str(self.older)})}"


def practice_of(
    session: Session, draft_id: int, actor: Actor, *, at: str, kind: str, before: int
) -> Practice:
    """In three queries, however much was reported."""
    wid = None if not at else at.removeprefix(WHOLE)
    kind = kind if kind in PRACTICE else ""
    narrowed = Narrowed(wid=wid, kind=kind)
    found = problems(session, draft_id, narrowed, reader=actor.id, before=before, limit=PAGE)
    found_at = by_place(session, draft_id)
    return Practice(
        wid=wid,
        kind=kind,
        counted=(sum(one.reports for one in found_at), sum(one.waiting for one in found_at)),
        by_place=found_at[:PLACES],
        shown=found[:PAGE],
        older=found[PAGE - 1].problem.id if len(found) > PAGE else None,
        reviews=reviews_of(session, draft_id),
    )
