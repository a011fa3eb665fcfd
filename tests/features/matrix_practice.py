"""Acts of the access matrix around how acts work in practice; the others are in matrix_acts.py."""

from datetime import timedelta

from consult.adoption.actions import echo_problem, unecho_problem
from consult.adoption.models import Problem, ProblemEcho
from consult.adoption.practice.actions import publish_review, write_review
from consult.adoption.practice.models import PracticeReview
from consult.adoption.practice.rules import Concluded, Finding
from tests.features.matrix import Moment

KEEP = Concluded(Finding("keep", "It does what it should."), "en", {})


def echo(m: Moment) -> None:
    met = m.session.get_one(Problem, m.row("problem"))
    m.do(echo_problem, draft=m.draft, problem=met)


def given_echo(m: Moment) -> None:
    met = {"lang": "en", "body": "Fools!", "created_at": m.now}
    m.keep("problem", Problem(draft_id=m.row("draft"), author_id=m.row("olga"), **met))
    if m.actor.id is not None:
        m.session.add(
            ProblemEcho(problem_id=m.row("problem"), person_id=m.actor.id, echoed_at=m.now)
        )
        m.session.flush()


def unecho(m: Moment) -> None:
    met = m.session.get_one(Problem, m.row("problem"))
    unecho_problem(m.session, actor=m.actor, draft=m.draft, problem=met)


def given_review(m: Moment) -> None:
    """The first year of the act is over; what is concluded was written by somebody else."""
    on = m.now.date()
    m.keep(
        "review",
        PracticeReview(
            draft_id=m.row("draft"),
            n=1,
            since_on=on - timedelta(days=365),
            until_on=on,
            begun_at=m.now,
            overall="keep",
            words="It does what it should.",
            lang="en",
            written_by=m.row("olga"),
            written_at=m.now,
        ),
    )


def write(m: Moment) -> None:
    review = m.session.get_one(PracticeReview, m.row("review"))
    m.do(write_review, draft=m.draft, review=review, said=KEEP, seen=review.written_at)


def publish(m: Moment) -> None:
    review = m.session.get_one(PracticeReview, m.row("review"))
    seen = review.written_at
    m.do(publish_review, draft=m.draft, review=review, seen=seen, tz=m.law.tz)
