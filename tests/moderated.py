"""A comment somebody may have moderated, for the tests of redactions, appeals and disavowals."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, select

from consult.access import Actor, Role
from consult.accounts.models import Person
from consult.comments.models import Comment
from consult.law.queries import Law, law_of
from consult.moderation.actions import hide_comment, hold_comment
from consult.moderation.models import Appeal, ModerationAct
from consult.moderation.redactions import redact_comment
from consult.platform import Platform
from consult.worker import drain
from drafts.models import Draft
from notifications.models import Message, Notice
from tests import factories
from tests.beginnings import kept
from tests.conftest import START, TestClock

WORDS = "Ask Asan Usonov, 0555 12 34 56: he knows. Asan Usonov always knows."


@dataclass
class Moderated:
    """Aizada's comment on a ministry's draft; Marat moderates, Jyldyz is of the oversight body."""

    platform: Platform
    clock: TestClock
    people: dict[str, Person] = field(default_factory=dict)
    comment_id: int = 0
    draft_id: int = 0
    ministry_id: int = 0
    oversight_id: int = 0

    @property
    def now(self) -> datetime:
        return self.clock.now

    def law(self, session: Session) -> Law:
        return law_of(session, self.platform.pack)

    def comment(self, session: Session) -> Comment:
        return session.get_one(Comment, self.comment_id)

    def read(self) -> Comment:
        with self.platform.database.reading() as session:
            return self.comment(session)

    def actor(self, session: Session, name: str) -> Actor:
        person = session.exec(select(Person).where(Person.name == name)).one()
        return factories.actor_of(session, person)

    def moderate(self, act: str, *pieces: str, by: str = "Marat") -> int:
        """Hold, hide or redact; returns the number of the act."""
        with self.platform.database.writing() as session:
            actor, comment = self.actor(session, by), self.comment(session)
            if act == "redact":
                redact_comment(
                    session,
                    actor=actor,
                    comment=comment,
                    pieces=pieces,
                    note="a telephone number",
                    law=self.law(session),
                    now=self.now,
                )
            else:
                do = {"hold": hold_comment, "hide": hide_comment}[act]
                do(
                    session,
                    actor=actor,
                    comment=comment,
                    reason="personal_data",
                    note="",
                    now=self.now,
                )
            acts = select(ModerationAct.id).where(ModerationAct.comment_id == self.comment_id)
            return max(id_ or 0 for id_ in session.exec(acts).all())

    def appeal(self) -> Appeal:
        with self.platform.database.reading() as session:
            return session.exec(select(Appeal)).one()

    def drain(self) -> None:
        drain(self.platform, self.now)

    def notices(self, name: str) -> list[str]:
        """The kinds of what a person was told."""
        with self.platform.database.reading() as session:
            query = select(Message.kind).join(Notice).join(Person).where(Person.name == name)
            return sorted(kind for kind in session.exec(query) if "consultation" not in kind)


@kept
def moderated(platform: Platform, clock: TestClock, body: str = WORDS) -> Moderated:
    """The scene, with nothing done yet."""
    scene = Moderated(platform, clock)
    with platform.database.writing() as session:
        ministry = factories.make_agency(session)
        oversight = factories.make_agency(session, "OMB", kind="oversight")
        draft: Draft = factories.open_draft(session, agency=ministry)
        factories.make_person(session, "Marat", role=Role.MODERATOR)
        factories.make_person(session, "Jyldyz", role=Role.OVERSIGHT, agency=oversight)
        factories.make_person(session, "Reader")
        comment = factories.make_comment(
            session, draft, factories.make_person(session), body, now=START
        )
        scene.comment_id, scene.draft_id = comment.id or 0, draft.id or 0
        scene.ministry_id, scene.oversight_id = ministry.id or 0, oversight.id or 0
    scene.drain()
    return scene
