"""A consultation with five comments, what is done with them, and what is owed for each."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import Engine, event

from consult.access import Role
from consult.accounts.queries import actor_for
from consult.answers.actions import group_comments, ungroup
from consult.comments.actions import withdraw_comment
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.moderation.actions import hide_comment, restore_comment
from consult.platform import Platform
from drafts.models import Draft
from tests import factories
from tests.beginnings import kept
from tests.conftest import START, TestClock
from tests.duties import HOUR, Case, make_case, pack_with


@kept
def commented(platform: Platform, clock: TestClock, per: str) -> Case:
    made = make_case(
        replace(platform, pack=pack_with(platform.pack, {"answer": {"per": per}})), clock
    )
    with made.platform.database.writing() as session:
        draft = session.get_one(Draft, made.draft_id)
        moderator = factories.make_person(session, "Moderator", role=Role.MODERATOR)
        made.people["Moderator"] = moderator
        first = session.get_one(Comment, 1)
        for n in range(2, 6):
            author = factories.make_person(session, f"Citizen {n}")
            parent = first if n == 5 else None
            at = START + n * HOUR
            factories.make_comment(session, draft, author, f"No. {n}.", parent=parent, now=at)
    made.drain()
    return made


def withdraw(case: Case, comment_id: int) -> None:
    with case.platform.database.writing() as session:
        comment = session.get_one(Comment, comment_id)
        author = actor_for(session, comment.author_id)
        withdraw_comment(session, actor=author, comment=comment, now=case.clock.now)


def moderate(case: Case, comment_id: int, *, hide: bool) -> None:
    with case.platform.database.writing() as session:
        comment = session.get_one(Comment, comment_id)
        actor = actor_for(session, case.people["Moderator"].id or 0)
        reason = "personal_data" if hide else "It names nobody after all."
        act = hide_comment if hide else restore_comment
        act(session, actor=actor, comment=comment, reason=reason, now=case.clock.now)


def group(case: Case, *ids: int, issue_id: int | None = None, apart: bool = False) -> int:
    with case.platform.database.writing() as session:
        draft = session.get_one(Draft, case.draft_id)
        consultation = session.get_one(Consultation, case.consultation().id)
        actor = actor_for(session, case.people["Olga"].id or 0)
        if apart:
            ungroup(
                session,
                actor=actor,
                consultation=consultation,
                draft=draft,
                comment_ids=ids,
                now=case.clock.now,
            )
            return 0
        issue = group_comments(
            session,
            actor=actor,
            consultation=consultation,
            draft=draft,
            comment_ids=ids,
            title="Sundays",
            issue_id=issue_id,
            now=case.clock.now,
        )
        return issue.id or 0


def states(case: Case, code: str = "answer") -> dict[str, str]:
    """The state of the newest duty for each subject."""
    return {duty.subject: duty.state for duty in case.owed(code)}


def running(case: Case) -> set[str]:
    return {subject for subject, state in states(case).items() if state == "running"}


def of_comments(*ids: int) -> set[str]:
    return {f"comment:{id_}" for id_ in ids}


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)
