"""The scene of the access matrix, who comes before it, and how one attempt is judged.

What is attempted, and what has to come of it, is in matrix_table.py and test_access_matrix.py.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, event
from sqlmodel import Session, select

from consult.access import GRANTED, Actor, Role
from consult.accounts.models import Agency, Person
from consult.adoption.models import Commitment
from consult.answers.actions import decide
from consult.answers.models import Disposition
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.consultations.queries import current_round
from consult.cosigning.actions import sign_comment
from consult.cosigning.models import Signature
from consult.feedback.actions import contest_answer
from consult.law.queries import Law, law_of
from consult.moderation.actions import flag_comment, hide_comment
from consult.moderation.appealing import appeal
from consult.moderation.appeals import standing_acts
from consult.moderation.models import ModerationAct
from consult.platform import Platform
from consult.procedure.stages import Stage
from consult.worker import drain
from drafts.models import Draft
from tests import factories
from tests.conftest import TestClock

SAID = ("answered", "contested", "hidden", "appealed")  # in the first round
SAYS = ("now", "waiting", "flagged")  # in the round that runs


class Where(StrEnum):
    """For which agency staff hold their role, as seen from the draft."""

    OWN = "its own agency"
    OTHER = "another agency"
    EVERYWHERE = "no agency in particular"


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody in a role; staff (`where`) hold it for an agency or everywhere."""

    role: Role
    where: Where | None = None

    def __str__(self) -> str:
        return f"{self.role} of {self.where}" if self.where else str(self.role)


PLAYERS = tuple(
    Player(role, where) for role in Role for where in (Where if role in GRANTED else (None,))
)


class Tie(StrEnum):
    """How somebody stands to the thing an action is about."""

    STRANGER = "a stranger"
    AUTHOR = "its author"
    SIGNER = "who signed it"
    DID = "who did what is judged"


@dataclass
class Scene:
    """A draft with a finished round and one that runs, by what its rows are numbered.

    First round, its report published: a comment that was answered, one whose answer is contested,
    one that was hidden, one more whose author's appeal waits. In the round that runs: one that is
    not answered, one whose answer waits for approval, one reported to the moderators. Nobody of
    the PLAYERS has done any of it.
    """

    platform: Platform
    now: datetime
    actors: dict[Player, Actor] = field(default_factory=dict)
    comments: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)


@dataclass
class Moment:
    """One attempt: who tries, and the scene at some stage, from which nothing will be kept."""

    scene: Scene
    session: Session
    law: Law
    actor: Actor
    now: datetime

    @property
    def draft(self) -> Draft:
        return self.session.get_one(Draft, self.scene.rows["draft"])

    @property
    def round(self) -> Consultation:
        """The round that runs."""
        return self.session.get_one(Consultation, self.scene.rows["round"])

    def comment(self, name: str = "now") -> Comment:
        return self.session.get_one(Comment, self.scene.comments[name])

    def row(self, name: str) -> int:
        return self.scene.rows[name]

    def keep(self, name: str, row: Any) -> None:
        """Add a row for the time of this attempt."""
        self.session.add(row)
        self.session.flush()
        self.scene.rows[name] = row.id

    def do(self, action: Callable[..., object], **more: object) -> None:
        action(self.session, actor=self.actor, now=self.now, **more)

    def work(self, action: Callable[..., object], **more: object) -> None:
        """The same for what the agency does with the comments of the round that runs."""
        action(self.session, actor=self.actor, consultation=self.round, draft=self.draft, **more)

    def tie(self, tie: Tie, name: str) -> None:
        """Let whoever tries stand so to the comment `name`, and to what was decided of it."""
        comment = self.comment(name)
        if tie is Tie.AUTHOR:
            comment.author_id = self.actor.person_id
        elif tie is Tie.SIGNER:
            self.session.add(
                Signature(comment_id=comment.id, person_id=self.actor.id, signed_at=self.now)
            )
            comment.signed_n += 1
        elif tie is Tie.DID:
            for answer in self._about(Disposition, comment):
                answer.drafted_by = self.actor.person_id
            for act in self._about(ModerationAct, comment):
                act.actor_id = self.actor.person_id

    def _about(self, table: Any, comment: Comment) -> Sequence[Any]:
        return self.session.exec(select(table).where(table.comment_id == comment.id)).all()


def make_scene(platform: Platform, clock: TestClock) -> Scene:
    """The scene, at the stage its second round has led it to: open."""
    scene = Scene(platform, clock.now)
    with platform.database.writing() as session:
        ministry, other = factories.make_agency(session), factories.make_agency(session, "MOH")
        agencies = {Where.OWN: ministry, Where.OTHER: other}
        for player in PLAYERS:
            person = factories.make_person(
                session,
                str(player),
                role=player.role if player.where else None,
                agency=agencies.get(player.where) if player.where else None,
                organisation="Union of Readers" if player.role is Role.ORGANISATION else "",
            )
            visits = player.role is Role.VISITOR
            scene.actors[player] = Actor() if visits else factories.actor_of(session, person)
        draft = factories.open_draft(session, agency=ministry)
        people = _others(session, ministry)
        _first_round(session, scene, draft, people)
        _second_round(session, scene, draft, people)
    drain(platform, scene.now)  # what was accepted in part is kept track of from now on
    with platform.database.reading() as session:
        scene.rows["commitment"] = session.exec(select(Commitment.id)).first() or 0
    return scene


def _others(session: Session, ministry: Agency) -> dict[str, Person]:
    """Those who did what there is."""
    return {
        "author": factories.make_person(session, "Author"),
        "reader": factories.make_person(session, "Reader"),
        "olga": factories.make_person(session, "Olga", role=Role.OFFICER, agency=ministry),
        "nurlan": factories.make_person(session, "Nurlan", role=Role.APPROVER, agency=ministry),
        "marat": factories.make_person(session, "Marat", role=Role.MODERATOR),
    }


def _first_round(session: Session, scene: Scene, draft: Draft, people: dict[str, Person]) -> None:
    """Everything was answered, and not everybody is content."""
    author, reader = (factories.actor_of(session, people[name]) for name in ("author", "reader"))
    said = {
        name: factories.make_comment(session, draft, people["author"], f"I was {name}.")
        for name in SAID
    }
    scene.comments |= {name: comment.id or 0 for name, comment in said.items()}
    sign_comment(session, actor=reader, comment=said["answered"], now=scene.now)
    consultation = current_round(session, draft.id or 0)
    assert consultation
    scene.now = now = consultation.closes_at
    factories.close_consultation(session, consultation)
    for comment in said.values():
        factories.answer_comment(session, comment, people["olga"], people["nurlan"], now=now)
    factories.release_report(session, consultation, people["olga"], now)
    law = law_of(session, scene.platform.pack)
    row = contest_answer(
        session, actor=author, law=law, comment=said["contested"], reason="No.", now=now
    )
    scene.rows["contest"] = row.id or 0
    marat = factories.actor_of(session, people["marat"])
    for name in ("hidden", "appealed"):
        hide_comment(session, actor=marat, comment=said[name], reason="insult", now=now)
        (standing,) = standing_acts(session, law, said[name], now)
        scene.rows[f"act on {name}"] = standing.act.id or 0
    asked = appeal(
        session,
        actor=author,
        act=standing.act,
        comment=said["appealed"],
        reason="It is no insult.",
        law=law,
        now=now,
    )
    scene.rows["appeal"] = asked.id or 0


def _second_round(session: Session, scene: Scene, draft: Draft, people: dict[str, Person]) -> None:
    """The text was changed, and is spoken about again."""
    texts = ("A library stands in every village.", "It is open six days a week.")
    version = factories.add_version(session, draft, texts, now=scene.now)
    consultation = factories.open_consultation(session, draft, now=scene.now)
    scene.rows |= {
        "draft": draft.id or 0,
        "version": version.id or 0,
        "round": consultation.id or 0,
        "olga": people["olga"].id or 0,
    }
    for name in SAYS:
        words = f"I am {name}."
        comment = factories.make_comment(session, draft, people["author"], words, now=scene.now)
        scene.comments[name] = comment.id or 0
    reader, olga = (factories.actor_of(session, people[name]) for name in ("reader", "olga"))
    flag_comment(session, actor=reader, comment=comment, reason="threat", note="", now=scene.now)
    answer = decide(
        session,
        actor=olga,
        consultation=consultation,
        draft=draft,
        comment_id=scene.comments["waiting"],
        outcome="rejected",
        reason="There is no money for it.",
        lang="en",
        submit=True,
        now=scene.now,
    )
    scene.rows["answer"] = answer.id or 0


@contextmanager
def at_stage(scene: Scene, stage: Stage) -> Iterator[Session]:
    """The scene with its draft at a stage, whatever else would have led there."""
    with scene.platform.database.session(writes=True) as session:
        session.get_one(Draft, scene.rows["draft"]).stage = stage.value
        session.flush()
        yield session
        session.rollback()


@contextmanager
def writes(engine: Engine) -> Iterator[list[str]]:
    """The statements that changed a row."""
    found: list[str] = []

    def note(_c: object, cursor: object, statement: str, *_rest: object) -> None:
        changing = statement.startswith(("INSERT", "UPDATE", "DELETE"))
        if changing and cursor.rowcount:  # type: ignore[attr-defined]
            found.append(statement)

    event.listen(engine, "after_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "after_cursor_execute", note)
