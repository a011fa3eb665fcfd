"""Plays councils: their members, what they say of drafts, how they vote, what is answered."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session, select

from consult.accounts.models import Person
from consult.accounts.queries import agency_by_code
from consult.councils import actions, answering
from consult.councils.membership import add_member
from consult.councils.models import CouncilOpinion
from consult.councils.rules import Opinion as Said
from consult.councils.rules import Point as At
from consult.demo.stage import Stage
from consult.demo.steps import Step
from consult.demo.voices.telling import Part, story
from consult.law.queries import law_of

FOUNDED = -80.0  # days from the start: before any discussion opens


class Member(Part):
    """Who sits in a council, under which name; an expert has a field."""

    council: str
    who: str
    name: str
    field: str = ""
    chair: bool = False


class Point(Part):
    """What is proposed about a provision."""

    wid: str
    words: str


class Vote(Part):
    """How members vote, from `put_day` on; whoever is against says why. Closed or running."""

    put_day: float
    close_day: float | None = None
    lang: str
    dissent: str = ""
    votes: Mapping[str, str]


class Answer(Part):
    """Written by an officer, published by another person on `day`."""

    written_day: float
    day: float
    lang: str
    taken: str
    text: str


class Opinion(Part):
    """On a draft about which the council was asked when its discussion opened."""

    council: str
    draft: str
    by: str
    day: float
    conclusion: str
    words: Mapping[str, str]
    point: tuple[Point, ...] = ()
    vote: Vote
    answer: Answer | None = None


class Story(Part):
    member: tuple[Member, ...]
    opinion: tuple[Opinion, ...]


def steps(stage: Stage) -> Iterator[Step]:
    """The members, then each opinion on its way."""
    told = story(Story, "councils")
    for member in told.member:
        yield Step(FOUNDED, partial(_join, stage, member))
    for part in told.opinion:
        yield Step(part.day, partial(_write, stage, part))
        yield Step(part.vote.put_day, partial(_vote, stage, part))
        if part.vote.close_day is not None:
            yield Step(part.vote.close_day, partial(_close, stage, part))
        if part.answer is not None:
            yield Step(part.answer.written_day, partial(_answer, stage, part, part.answer))
            yield Step(part.answer.day, partial(_publish, stage, part))


def _join(stage: Stage, part: Member, session: Session, now: datetime) -> None:
    add_member(
        session,
        actor=stage.staff(session, "administrator", ""),
        council=agency_by_code(session, part.council),
        email=session.get_one(Person, stage.people[part.who]).email or "",
        name=part.name,
        field=part.field,
        is_chair=part.chair,
        now=now,
    )


def _about(stage: Stage, part: Opinion, session: Session) -> dict[str, Any]:
    draft, council = stage.draft(session, part.draft), agency_by_code(session, part.council)
    query = select(CouncilOpinion).where(
        CouncilOpinion.draft_id == draft.id, CouncilOpinion.agency_id == council.id
    )
    return {"draft": draft, "opinion": session.exec(query).one()}


def _write(stage: Stage, part: Opinion, session: Session, now: datetime) -> None:
    points = [At(n, one.wid, one.words) for n, one in enumerate(part.point, 1)]
    said = Said(part.words, part.conclusion, points)
    by = stage.actor(session, part.by)
    actions.write_opinion(session, actor=by, **_about(stage, part, session), said=said, now=now)


def _vote(stage: Stage, part: Opinion, session: Session, now: datetime) -> None:
    """It is put to the vote, and those vote who are named."""
    about, law = _about(stage, part, session), law_of(session, stage.platform.pack)
    by = stage.actor(session, part.by)
    actions.put_to_vote(session, actor=by, **about, law=law, now=now)
    for who, vote in part.vote.votes.items():
        dissent = part.vote.dissent if vote == "against" else ""
        said: dict[str, Any] = {"vote": vote, "dissent": dissent, "lang": part.vote.lang}
        actor = stage.actor(session, who)
        actions.cast_vote(session, actor=actor, **about, **said, now=now)


def _close(stage: Stage, part: Opinion, session: Session, now: datetime) -> None:
    members = story(Story, "councils").member
    chair = next(one.who for one in members if one.council == part.council and one.chair)
    actor = stage.actor(session, chair)
    actions.close_vote(session, actor=actor, **_about(stage, part, session), now=now)


def _answer(stage: Stage, part: Opinion, told: Answer, session: Session, now: datetime) -> None:
    said: dict[str, Any] = {"text": told.text, "taken": told.taken, "lang": told.lang}
    actor = stage.officer(session, part.draft)
    answering.write_answer(session, actor=actor, **_about(stage, part, session), **said, now=now)


def _publish(stage: Stage, part: Opinion, session: Session, now: datetime) -> None:
    actor = stage.officer(session, part.draft, "approver")
    answering.publish_answer(session, actor=actor, **_about(stage, part, session), now=now)
