"""Personal data taken out of a comment: with a mark, and for good once nobody may appeal."""

from datetime import timedelta

import pytest
from sqlmodel import select

from consult.comments.actions import Words, edit_comment
from consult.comments.models import CommentRevision
from consult.errors import Conflict, Invalid
from consult.marks import mark
from consult.moderation.actions import flag_comment
from consult.moderation.appeals import appeal_term, standing_acts
from consult.moderation.models import Redaction
from consult.moderation.publishing import public_log
from consult.moderation.queries import redacted_in
from consult.moderation.redactions import preview
from consult.platform import Platform
from drafts.models import Draft
from notifications.models import Mail, Notice
from tests import factories
from tests.conftest import TestClock
from tests.moderated import WORDS, Moderated, moderated

CLEAN = f"Ask {mark(1)}, {mark(2)}: he knows. {mark(1)} always knows."
CUT = ("Asan Usonov", "0555 12 34 56")


@pytest.fixture
def scene(platform: Platform, clock: TestClock) -> Moderated:
    return moderated(platform, clock)


def kept(scene: Moderated) -> list[str]:
    with scene.platform.database.reading() as session:
        return list(session.exec(select(Redaction.words).order_by(Redaction.id)).all())


def test_a_mark_stands_wherever_the_words_stood(scene: Moderated) -> None:
    receipt = scene.read().body_hash
    scene.moderate("redact", *CUT)
    comment = scene.read()
    assert comment.body == CLEAN
    assert comment.is_public
    assert comment.redacted_at == scene.now
    assert comment.body_hash == receipt  # of what was said
    with scene.platform.database.reading() as session:
        row = public_log(session)[0]
        assert (row.act.act, row.act.reason, row.act.note) == (
            "redact",
            "personal_data",
            "a telephone number",
        )
        assert list(redacted_in(session, comment.consultation_id)) == [comment.id]


def test_earlier_wordings_are_cleaned_too(scene: Moderated) -> None:
    with scene.platform.database.writing() as session:
        edit_comment(
            session,
            actor=scene.actor(session, "Aizada"),
            comment=scene.comment(session),
            words=Words("Ask Asan.", "substantive", "neutral"),
            window=timedelta(minutes=15),
            most=1000,
            now=scene.now,
        )
    scene.moderate("redact", *CUT)
    with scene.platform.database.reading() as session:
        assert session.exec(select(CommentRevision)).one().body == CLEAN
    assert scene.read().body == "Ask Asan."


def test_words_that_stand_nowhere_are_refused_and_nothing_is_changed(scene: Moderated) -> None:
    with pytest.raises(Invalid):
        scene.moderate("redact", "Asan Usonov", "somebody else")
    assert scene.read().body == WORDS
    assert kept(scene) == []


def test_what_its_author_withdrew_is_not_redacted(scene: Moderated) -> None:
    with scene.platform.database.writing() as session:
        scene.comment(session).withdrawn_at = scene.now
    with pytest.raises(Conflict):
        scene.moderate("redact", *CUT)


def test_a_preview_changes_nothing(scene: Moderated) -> None:
    with scene.platform.database.writing() as session:
        shown = preview(session, scene.comment(session), ["Asan Usonov"])
    assert shown["body"] == WORDS.replace("Asan Usonov", mark(0))
    assert scene.read().body == WORDS


def test_the_words_are_kept_until_the_time_to_appeal_is_over(scene: Moderated) -> None:
    scene.moderate("redact", *CUT)
    with scene.platform.database.reading() as session:
        draft = session.get_one(Draft, scene.draft_id)
        term = appeal_term(scene.law(session), draft, scene.now)
        assert term is not None
        standing = standing_acts(session, scene.law(session), scene.comment(session), scene.now)
        assert [(one.until, one.in_time) for one in standing] == [(term.due_on, True)]
    scene.clock.now = term.due_at - timedelta(seconds=1)
    scene.drain()
    assert kept(scene) == list(CUT)
    scene.clock.now = term.due_at
    scene.drain()
    scene.drain()  # twice is once
    assert kept(scene) == ["", ""]
    assert scene.read().body == CLEAN


def test_who_was_told_of_the_words_is_told_of_them_no_more(scene: Moderated) -> None:
    with scene.platform.database.writing() as session:
        reader, draft = scene.actor(session, "Reader"), session.get_one(Draft, scene.draft_id)
        parent = factories.make_comment(
            session, draft, factories.make_person(session, "Bolot"), "What?"
        )
        assert reader.id
        reply = factories.make_comment(
            session, draft, factories.make_person(session, "Chynara"), WORDS, parent=parent
        )
        scene.comment_id = reply.id or 0
    scene.drain()
    assert "reply" in scene.notices("Bolot")
    scene.moderate("redact", *CUT)
    scene.drain()
    with scene.platform.database.reading() as session:
        told = session.exec(select(Notice).where(Notice.kind == "reply")).one()
        mail = session.exec(select(Mail).where(Mail.key == told.key)).one()
    assert told.values["body"] == CLEAN
    assert "Usonov" not in mail.text + mail.html


def test_the_author_and_who_reported_it_are_told_once(scene: Moderated) -> None:
    with scene.platform.database.writing() as session:
        flag_comment(
            session,
            actor=scene.actor(session, "Reader"),
            comment=scene.comment(session),
            reason="personal_data",
            note="",
            now=scene.now,
        )
    scene.moderate("redact", *CUT)
    scene.drain()
    scene.moderate("hide")
    scene.drain()
    assert scene.notices("Reader") == ["report_settled"]
    assert scene.notices("Aizada") == ["hidden", "receipt", "redacted"]
