"""Plays how acts work: what people report, who met with the same, answers, a yearly review."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from sqlmodel import Session, select

from consult.adoption.actions import answer_problem, echo_problem, report_problem
from consult.adoption.models import Problem as Row
from consult.adoption.practice.actions import publish_review, write_review
from consult.adoption.practice.queries import reviews_of
from consult.adoption.practice.rules import Concluded, Finding
from consult.adoption.rules import Met, Reply
from consult.demo.stage import Stage
from consult.demo.steps import Step
from consult.demo.voices.telling import Part, story


class Problem(Part):
    """What somebody found when an act was applied; without `answer` it waits."""

    agency: str = "KRK"
    draft: str
    author: str
    day: float
    lang: str
    provision: str = ""
    kind: str = "problem"
    text: str
    answer_day: float = 0
    answer: str = ""
    follows: str = "explained"
    link: str = ""
    echoes: tuple[str, ...] = ()  # others who met with the same


class Place(Part):
    wid: str
    conclusion: str
    words: str


class Review(Part):
    """What is concluded of the newest year of an act."""

    agency: str
    draft: str
    written_day: float
    published_day: float
    lang: str
    overall: str
    words: str
    place: tuple[Place, ...]


class Story(Part):
    problem: tuple[Problem, ...]
    review: tuple[Review, ...]


def steps(stage: Stage) -> Iterator[Step]:
    told = story(Story, "practice")
    for problem in told.problem:
        yield Step(problem.day, partial(_report, stage, problem))
        if problem.echoes:
            yield Step(problem.day + 2, partial(_echo, stage, problem))
        if problem.answer:
            yield Step(problem.answer_day, partial(_answer, stage, problem))
    for review in told.review:
        yield Step(review.written_day, partial(_write, stage, review))
        yield Step(review.published_day, partial(_publish, stage, review))


def _report(stage: Stage, part: Problem, session: Session, now: datetime) -> None:
    report_problem(
        session,
        actor=stage.actor(session, part.author),
        draft=stage.draft(session, part.draft),
        met=Met(part.text, part.lang, part.provision, part.kind),
        most=stage.platform.settings.comment_max_chars,
        now=now,
    )


def _row(session: Session, part: Problem) -> Row:
    return session.exec(select(Row).where(Row.body == part.text)).one()


def _echo(stage: Stage, part: Problem, session: Session, now: datetime) -> None:
    draft, problem = stage.draft(session, part.draft), _row(session, part)
    for key in part.echoes:
        actor = stage.actor(session, key)
        echo_problem(session, actor=actor, draft=draft, problem=problem, now=now)


def _answer(stage: Stage, part: Problem, session: Session, now: datetime) -> None:
    answer_problem(
        session,
        actor=stage.staff(session, "officer", part.agency),
        draft=stage.draft(session, part.draft),
        problem=_row(session, part),
        reply=Reply(part.answer, part.lang, part.follows, part.link),
        now=now,
    )


def _write(stage: Stage, part: Review, session: Session, now: datetime) -> None:
    draft = stage.draft(session, part.draft)
    (review, *_) = reviews_of(session, draft.id or 0)
    places = {one.wid: Finding(one.conclusion, one.words) for one in part.place}
    write_review(
        session,
        actor=stage.staff(session, "officer", part.agency),
        draft=draft,
        review=review,
        said=Concluded(Finding(part.overall, part.words), part.lang, places),
        seen=review.written_at,
        now=now,
    )


def _publish(stage: Stage, part: Review, session: Session, now: datetime) -> None:
    draft = stage.draft(session, part.draft)
    (review, *_) = reviews_of(session, draft.id or 0)
    publish_review(
        session,
        actor=stage.staff(session, "approver", part.agency),
        draft=draft,
        review=review,
        seen=review.written_at,
        tz=stage.platform.pack.tz,
        now=now,
    )
