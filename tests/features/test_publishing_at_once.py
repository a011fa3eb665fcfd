"""A report waits for what is being done to its comments: its gate sees all of it or none of it."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlmodel import Session

from consult.access import Actor, Role
from consult.accounts.models import Person
from consult.comments.actions import Place, Words, edit_comment, withdraw_comment
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.errors import Conflict, NotAllowed
from consult.intake.actions import Arrival, Contributor, enter_comment
from consult.moderation.actions import hold_comment, restore_comment
from consult.platform import Platform
from consult.procedure.packs import load_pack
from tests.conftest import START
from tests.factories import actor_of, make_person, release_report
from tests.features.desk import LATER, make_desk

WORDS = Words("Heating, please.", "substantive", "support")
Act = Callable[[Session, "Answered"], None]


@dataclass
class Answered:
    """Every comment has its approved answer; the first came on paper, the last is hidden."""

    consultation_id: int
    comment_ids: list[int]
    people: dict[str, int]

    def comment(self, session: Session, n: int = 0) -> Comment:
        return session.get_one(Comment, self.comment_ids[n])

    def actor(self, session: Session, name: str) -> Actor:
        return actor_of(session, session.get_one(Person, self.people[name]))


def make_answered(session: Session) -> Answered:
    desk = make_desk(session)
    marat = make_person(session, "Marat", role=Role.MODERATOR)
    for comment in desk.comments[:2]:
        desk.approve(desk.decide(comment))
    desk.comments[0].channel = "paper"
    desk.comments[2].hidden_at = START
    session.add_all(desk.comments)
    people = {"Olga": desk.officer.id, "Aizada": desk.citizen.id, "Marat": marat.id}
    return Answered(
        desk.consultation.id or 0,
        [comment.id or 0 for comment in desk.comments],
        {name: id_ or 0 for name, id_ in people.items()},
    )


def enter(session: Session, scene: Answered) -> None:
    enter_comment(
        session,
        actor=scene.actor(session, "Olga"),
        consultation=session.get_one(Consultation, scene.consultation_id),
        contributor=Contributor("Asel"),
        arrival=Arrival("paper", START.date()),
        place=Place(),
        words=WORDS,
        lang="en",
        most=1000,
        tz=load_pack("kg").tz,
        now=LATER,
    )


def publish(session: Session, scene: Answered) -> None:
    olga = session.get_one(Person, scene.people["Olga"])
    release_report(session, session.get_one(Consultation, scene.consultation_id), olga, LATER)


def hold(session: Session, scene: Answered) -> None:
    marat, comment = scene.actor(session, "Marat"), scene.comment(session)
    hold_comment(session, actor=marat, comment=comment, reason="insult", note="", now=LATER)


def restore(session: Session, scene: Answered) -> None:
    marat, comment = scene.actor(session, "Marat"), scene.comment(session, 2)
    restore_comment(session, actor=marat, comment=comment, reason="No insult.", now=LATER)


def correct(session: Session, scene: Answered) -> None:
    edit_comment(
        session,
        actor=scene.actor(session, "Olga"),
        comment=scene.comment(session),
        words=WORDS,
        window=timedelta(days=365),
        most=1000,
        now=LATER,
    )


def withdraw(session: Session, scene: Answered) -> None:
    aizada = scene.actor(session, "Aizada")
    withdraw_comment(session, actor=aizada, comment=scene.comment(session), now=LATER)


@pytest.fixture
def scene(platform: Platform) -> Answered:
    if platform.database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer anyway")
    with platform.database.writing() as session:
        return make_answered(session)


def second_waits(platform: Platform, scene: Answered, first: Act, second: Act) -> Future[None]:
    """What became of who came second: they waited for the first, and then looked again."""

    def late() -> None:
        with platform.database.session(writes=True) as session:
            second(session, scene)

    with ThreadPoolExecutor(1) as pool, platform.database.writing() as session:
        first(session, scene)
        session.flush()
        asked = pool.submit(late)
        with pytest.raises(TimeoutError):
            asked.result(0.5)
    return asked


@pytest.mark.parametrize("act", [enter, hold, restore])
def test_a_report_waits_for_what_is_being_done_to_its_comments(
    platform: Platform, scene: Answered, act: Act
) -> None:
    with pytest.raises(Conflict, match="cannot be published yet"):
        second_waits(platform, scene, act, publish).result()


@pytest.mark.parametrize("act", [enter, correct, withdraw])
def test_what_a_report_is_on_changes_no_more_while_it_is_published(
    platform: Platform, scene: Answered, act: Act
) -> None:
    with pytest.raises(NotAllowed):
        second_waits(platform, scene, publish, act).result()
