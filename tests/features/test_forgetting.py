"""Forgetting a person: nothing leads to them any more, and the public record still holds."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from consult import marks
from consult.access import Role
from consult.account_events import PersonForgotten
from consult.accounts.models import Grant, Person
from consult.audit.models import AuditEntry
from consult.checks import Finding, findings
from consult.comments.models import Comment
from consult.db import Database
from consult.errors import Conflict
from consult.moderation.models import Redaction
from consult.outbox import Delivery
from consult.platform import Platform
from consult.privacy import forgotten
from consult.privacy.forgetting import forget, forget_again, forget_everywhere
from consult.privacy.leaving import Words
from consult.record.verifying import all_faults
from consult.votes.models import Vote
from drafts.models import Draft
from drafts.search.following import renew_index
from notifications.actions import notify
from notifications.models import Mail, Notice
from tests.beginnings import KEEP
from tests.conftest import TestClock, emptying
from tests.factories import (
    make_agency,
    make_comment,
    make_person,
    open_draft,
    tally_of,
)
from tests.leaving import close, leave
from tests.planted import Planted, lines_of, traces_in
from tests.planting import make_planted
from tests.recorded import make_recorded

# What a person may have stay: what they said in public.
KEPT = {
    *("wqearlier", "wqwording", "wqreply", "wqcampaign", "wqresidue", "wqredacted", "wqhidden"),
    *("wqbrought", "wqtitle", "wqcontest", "wqproblem", "wqproposal"),
}


def without(found: dict[str, set[str]], allowed: set[str]) -> dict[str, set[str]]:
    left = {where: traces - allowed for where, traces in found.items()}
    return {where: traces for where, traces in left.items() if traces}


@pytest.mark.parametrize("words", Words)
def test_the_public_record_holds_whatever_becomes_of_the_words(
    platform: Platform, clock: TestClock, words: Words
) -> None:
    act = make_recorded(platform, clock)
    clock.forward(days=2)
    for name in ("Aizada", "Bolot"):
        leave(act, name, words)
        with platform.database.steady() as session:
            assert all_faults(session, {}, 10) == []


@pytest.mark.parametrize("words", Words)
def test_nothing_is_left_of_who_was_forgotten(
    platform: Platform, clock: TestClock, words: Words
) -> None:
    """Not in a table, not in a file once a night has passed, on no public page: but for the last
    mail to their address."""
    scene = make_planted(platform, clock)
    assert len(scene.in_tables()) > 40, "too little was planted"
    assert "zqname" in traces_in(scene.read("/comments/1").text)
    leave(scene, "Zqname", words)
    renew_index(platform, clock.now + timedelta(days=1))
    allowed = KEPT if words is Words.KEEP else set()
    assert list(lines_of(without(scene.in_tables(), allowed))) == []
    assert list(lines_of(without(scene.on_pages(), allowed))) == []
    files = without(scene.in_files(), allowed)
    farewell = [name for name in files if name.endswith(".eml")]
    assert len(farewell) == 1
    assert files.pop(farewell[0]) == {"zqname"}
    assert list(lines_of(files)) == []
    with platform.database.steady() as session:
        assert all_faults(session, {}, 10) == []
        assert not session.exec(select(Delivery).where(col(Delivery.done_at).is_(None))).all()


class Killed(Exception):
    """The process is no more."""


def killed_after(platform: Platform, most: int) -> Platform:
    """The same installation, whose process is killed once it has written so often."""
    database = Database.__new__(Database)
    vars(database).update(vars(platform.database))
    left = [most]

    @contextmanager
    def writing() -> Iterator[Session]:
        if not left[0]:
            raise Killed
        left[0] -= 1
        with platform.database.writing() as session:
            yield session

    database.writing = writing  # type: ignore[method-assign]
    return replace(platform, database=database)


@pytest.mark.parametrize("words", Words)
def test_forgetting_may_be_broken_off_after_any_step(
    platform: Platform, clock: TestClock, words: Words
) -> None:
    """Killed after one transaction, after two more, after three more … it still gets to its end."""
    scene = make_planted(platform, clock)
    close(scene, words)
    event = PersonForgotten(scene.person_id, words is Words.REMOVE)
    for most in count(1):
        try:
            with platform.database.reading() as session:
                forget_everywhere(session, killed_after(platform, most), event, clock.now)
            break
        except Killed:
            with platform.database.steady() as session:
                assert all_faults(session, {}, 10) == []
    assert most > 5
    scene.drain()
    allowed = KEPT if words is Words.KEEP else set()
    assert list(lines_of(without(scene.in_tables(), allowed))) == []
    with platform.database.steady() as session:
        assert all_faults(session, {}, 10) == []
    assert len(forgotten.listed(platform.settings)) == 1


def test_the_account_is_closed_before_anything_else_is_done(
    platform: Platform, clock: TestClock
) -> None:
    scene = make_planted(platform, clock)
    close(scene, Words.KEEP)
    left = {name.partition(".")[0] for name in scene.in_tables()}
    assert not left & {
        "person",
        "sign_in",
        "mail_token",
        "totp",
        "passkey",
        "identity",
        "invitation",
    }


def test_a_backup_that_is_put_back_is_made_to_forget_again(
    platform: Platform, clock: TestClock, tmp_path: Path
) -> None:
    """Backup, forget, restore, run: forgotten again, and not told a second time."""
    scene, engine = make_planted(platform, clock), platform.database.engine
    put_back = KEEP[engine.dialect.name](engine)
    data_dir, copy = platform.settings.data_dir, tmp_path / "copy"
    shutil.copytree(data_dir, copy)
    leave(scene, "Zqname", Words.REMOVE)
    assert findings_about_people(platform) == []
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text(emptying()))
    put_back(engine)
    shutil.copytree(copy, data_dir, dirs_exist_ok=True)
    assert "zqname" in traces_in(scene.read("/comments/1").text)
    assert [one.serious for one in findings_about_people(platform)] == [True]
    assert forget_again(platform, clock.now) == 1
    scene.drain()
    assert findings_about_people(platform) == []
    assert list(lines_of(scene.in_tables())) == []
    with platform.database.reading() as session:  # they were told the first time
        assert not session.exec(select(Mail).where(Mail.person_id == scene.person_id)).all()
    assert forget_again(platform, clock.now) == 0


def findings_about_people(platform: Platform) -> list[Finding]:
    return [one for one in findings(platform) if "forgotten" in one.text]


def test_a_number_that_was_given_anew_is_not_forgotten(
    platform: Platform, clock: TestClock
) -> None:
    """A backup from before somebody registered: their number goes to the next who does."""
    with platform.database.writing() as session:
        gone = make_person(session, "Gone")
        person_id = gone.id or 0
        forgotten.note(platform.settings, gone, Words.KEEP, clock.now)
        session.delete(gone)
    with platform.database.writing() as session:
        other = make_person(session, "Other")
        other.id, other.created_at = person_id, clock.now + timedelta(days=1)
        session.add(other)
    assert forget_again(platform, clock.now) == 0
    with platform.database.reading() as session:
        assert session.get_one(Person, person_id).name == "Other"
    assert [one.serious for one in findings_about_people(platform)] == [False]


def test_half_a_line_that_a_power_cut_left_loses_no_other(
    platform: Platform, clock: TestClock
) -> None:
    with platform.database.writing() as session:
        first, second = make_person(session, "First"), make_person(session, "Second")
    forgotten.note(platform.settings, first, Words.KEEP, clock.now)
    path = platform.settings.data_dir / forgotten.FILE
    with path.open("a") as file:
        file.write('{"person": 7, "at"')
    forgotten.note(platform.settings, second, Words.REMOVE, clock.now)
    forgotten.note(platform.settings, second, Words.REMOVE, clock.now)
    listed = forgotten.listed(platform.settings)
    assert [(one.person_id, one.words) for one in listed] == [
        (first.id, Words.KEEP),
        (second.id, Words.REMOVE),
    ]
    assert "example.org" not in path.read_text()


def test_whoever_works_here_hands_over_first(platform: Platform, clock: TestClock) -> None:
    with platform.database.writing() as session:
        olga = make_person(session, "Olga", role=Role.OFFICER, agency=make_agency(session))
        with pytest.raises(Conflict, match="You work here"):
            forget(session, olga, words=Words.KEEP, by=olga.id, now=clock.now)
        assert olga.forgotten_at is None
        forget(session, olga, words=Words.KEEP, by=None, now=clock.now)  # the operator may
        assert session.exec(select(Grant)).all() == []


def test_the_audit_log_says_that_it_was_done_and_not_to_whom(
    platform: Platform, clock: TestClock
) -> None:
    scene = make_planted(platform, clock)
    leave(scene, "Zqname", Words.KEEP)
    with platform.database.reading() as session:
        entry = session.exec(
            select(AuditEntry).where(AuditEntry.action == "person_forgotten")
        ).one()
    assert (entry.actor_id, entry.subject_id) == (scene.person_id, scene.person_id)
    assert entry.details == {"words": "keep"}


def test_votes_stay_counted_and_nothing_tells_whose_they_were(
    platform: Platform, clock: TestClock
) -> None:
    scene = make_planted(platform, clock)
    with platform.database.reading() as session:
        draft = session.exec(select(Draft)).one()
        before = tally_of(session, draft, "art_1")[1:], len(session.exec(select(Vote)).all())
    leave(scene, "Zqname", Words.REMOVE)
    with platform.database.reading() as session:
        after = tally_of(session, draft, "art_1")[1:], len(session.exec(select(Vote)).all())
        assert before == after
        theirs = select(Vote).where(Vote.person_id == scene.person_id)
        assert session.exec(theirs).all() == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (Words.KEEP, "a former participant"),
        (Words.REMOVE, "Removed at the request of its author."),
    ],
)
def test_the_report_says_what_became_of_the_words(
    platform: Platform, clock: TestClock, words: Words, said: str
) -> None:
    scene = make_planted(platform, clock)
    address = "/drafts/1/report/1"
    assert said not in scene.read(address).text
    leave(scene, "Zqname", words)
    assert said in scene.read(address).text
    assert "I reply to that." in scene.read("/comments/1").text, "what others said stays"


def test_nobody_is_told_anything_any_more(platform: Platform, clock: TestClock) -> None:
    scene = make_planted(platform, clock)
    leave(scene, "Zqname", Words.KEEP)
    with platform.database.writing() as session:
        person = session.get_one(Person, scene.person_id)
        told: dict[str, Any] = {
            "values": {},
            "path": "/",
            "zone": platform.pack.tz,
            "now": clock.now,
        }
        notify(session, person, key="more:1", kind="answered", **told)
        theirs = select(Notice).where(Notice.person_id == scene.person_id)
        assert session.exec(theirs).all() == []


def test_the_last_mail_says_it_was_done_and_is_not_kept(
    platform: Platform, clock: TestClock
) -> None:
    scene = make_planted(platform, clock)
    leave(scene, "Zqname", Words.REMOVE)
    with platform.database.reading() as session:
        mail = session.exec(select(Mail).where(Mail.person_id == scene.person_id)).one()
    assert mail.sent_at
    assert not mail.recipient
    file = platform.settings.data_dir / "mail" / f"{mail.id:06d}.eml"
    message = message_from_bytes(file.read_bytes(), policy=default)
    assert message["To"] == "zqname@example.org"
    body = message.get_body(("plain",))
    assert body is not None
    assert "zqname" not in body.get_content().casefold()


def test_of_an_organisation_the_words_stay(platform: Platform, clock: TestClock) -> None:
    with platform.database.writing() as session:
        draft = open_draft(session)
        union = make_person(session, "Union", organisation="Union of Readers")
        make_comment(session, draft, union, "We need books.")
        people = {"Union": union}
    scene = Planted(platform, clock, people)
    scene.drain()
    clock.forward(days=1)
    leave(scene, "Union", Words.REMOVE)
    page = scene.read("/comments/1").text
    assert "We need books." in page
    assert "Union of Readers" in page


def test_no_appeal_puts_back_what_was_cut_from_the_words_of_who_left(
    platform: Platform, clock: TestClock
) -> None:
    scene = make_planted(platform, clock)
    leave(scene, "Zqname", Words.KEEP)
    with platform.database.reading() as session:
        cut = session.exec(select(Redaction)).one()
        comment = session.get_one(Comment, cut.comment_id)
    assert (cut.words, cut.erased_at) == ("", clock.now)
    assert marks.mark(cut.id or 0) in comment.body
