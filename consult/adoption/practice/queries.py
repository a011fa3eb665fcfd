"""Reads of how acts work: what was reported by provision, the reviews of an act."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, tzinfo

from sqlalchemy import case, func
from sqlalchemy import select as grouping  # that of SQLModel knows the types of four columns only
from sqlmodel import Session, col, select

from consult.adoption.models import ActOutcome, Problem, ProblemEcho
from consult.adoption.practice.models import PracticeReview, ReviewFinding
from consult.adoption.practice.rules import Concluded, Finding
from consult.adoption.queries import ANY, Narrowed, is_shown, waits
from consult.errors import NotFound
from consult.procedure.deadlines import end_of


@dataclass(slots=True)
class AtPlace:
    """What was reported of one provision; `wid` is "" for the act as a whole.

    By kind, and by what the agency says follows; how many met with the same, how many wait.
    """

    wid: str
    kinds: Counter[str] = field(default_factory=Counter)
    follows: Counter[str] = field(default_factory=Counter)
    echoes: int = 0
    waiting: int = 0

    @property
    def reports(self) -> int:
        return self.kinds.total()

    @property
    def people(self) -> int:
        """How many reported it, or met with the same."""
        return self.reports + self.echoes


def by_place(session: Session, draft_id: int, narrowed: Narrowed = ANY) -> list[AtPlace]:
    """The provisions that were reported of, those that most people met with something in first.

    What is hidden is not counted.
    """
    found: dict[str, AtPlace] = {}
    wid, kind, follows = col(Problem.wid), col(Problem.kind), col(Problem.follows)
    echoed = (
        grouping(col(ProblemEcho.problem_id), func.count().label("n"))
        .join(Problem, col(Problem.id) == col(ProblemEcho.problem_id))
        .where(*narrowed.of(draft_id))
        .group_by(col(ProblemEcho.problem_id))
        .subquery()
    )
    waiting, echoes = func.count(case((waits(), 1))), func.coalesce(func.sum(echoed.c.n), 0)
    counts = (
        grouping(wid, kind, follows, func.count(), waiting, echoes)
        .outerjoin(echoed, echoed.c.problem_id == col(Problem.id))
        .where(is_shown(), *narrowed.of(draft_id))
        .group_by(wid, kind, follows)
    )
    for at, of_kind, followed, n, unanswered, same in session.execute(counts):
        place = found.setdefault(at, AtPlace(at))
        place.kinds[of_kind] += n
        place.waiting += unanswered
        place.echoes += int(same)
        if followed:
            place.follows[followed] += n
    return sorted(found.values(), key=lambda place: (-place.people, place.wid))


def final_version(session: Session, draft_id: int) -> int | None:
    """The version that holds the act as it was adopted."""
    return session.exec(
        select(ActOutcome.version_id).where(ActOutcome.draft_id == draft_id)
    ).first()


def review_by_id(session: Session, review_id: int) -> PracticeReview:
    """One review; raises NotFound."""
    review = session.get(PracticeReview, review_id)
    if review is None:
        raise NotFound("There is no such review.")
    return review


def reviews_of(session: Session, draft_id: int) -> list[PracticeReview]:
    """The yearly reviews of an act, the newest year first, with those still to be written."""
    query = select(PracticeReview).where(PracticeReview.draft_id == draft_id)
    return list(session.exec(query.order_by(col(PracticeReview.n).desc())).all())


def concluded(session: Session, review: PracticeReview) -> Concluded:
    """What a review says so far."""
    query = select(ReviewFinding).where(ReviewFinding.review_id == review.id)
    rows = session.exec(query.order_by(col(ReviewFinding.wid))).all()
    places = {row.wid: Finding(row.conclusion, row.words) for row in rows}
    return Concluded(Finding(review.overall, review.words), review.lang, places)


def findings_of(session: Session, ids: Collection[int]) -> Mapping[int, list[ReviewFinding]]:
    """What several reviews conclude of provisions."""
    found: dict[int, list[ReviewFinding]] = defaultdict(list)
    query = select(ReviewFinding).where(col(ReviewFinding.review_id).in_(ids))
    for row in session.exec(query.order_by(col(ReviewFinding.wid))).all():
        found[row.review_id].append(row)
    return found


def year_of(review: PracticeReview, tz: tzinfo) -> Narrowed:
    """What was reported in the year of a review, by the clock of where the law runs."""
    return Narrowed(
        since=datetime.combine(review.since_on, time(), tz).astimezone(UTC),
        before=end_of(review.until_on, tz),
    )


def authors_in(session: Session, draft_id: int, narrowed: Narrowed) -> list[int]:
    """Whoever reported something that is shown."""
    query = select(Problem.author_id).where(is_shown(), *narrowed.of(draft_id)).distinct()
    return list(session.exec(query.order_by(col(Problem.author_id))).all())
