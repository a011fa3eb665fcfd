"""Personal data taken out of a comment: with a mark, and for good once nobody may appeal."""

import re
from datetime import timedelta

import pytest
from sqlmodel import col, select

from consult.accounts.models import Person
from consult.comments.actions import Words, edit_comment, withdraw_comment
from consult.comments.models import Comment, CommentRevision
from consult.comments.rules import MANDATE_MAX, body_hash
from consult.errors import Conflict, Invalid
from consult.marks import mark
from consult.moderation.actions import flag_comment, hide_comment, restore_comment
from consult.moderation.appeals import appeal_term, standing_acts
from consult.moderation.models import Redaction
from consult.moderation.publishing import public_log
from consult.moderation.redactions import preview
from consult.papers.actions import send_paper
from consult.papers.models import Paper
from consult.papers.rules import Part
from consult.platform import Platform
from drafts.models import Draft
from notifications.models import Message
from tests import factories
from tests.client import Client
from tests.conftest import TestClock
from tests.mailed import mailed, told
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
        (reply,) = told(session, Message.kind == "reply")
    (mail,) = mailed(scene.platform, Message.kind == "reply")
    assert reply.values["body"] == CLEAN
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


def test_words_taken_back_are_not_read_on_in_the_notice_of_a_reply(scene: Moderated) -> None:
    with scene.platform.database.writing() as session:
        reader, draft = factories.make_person(session, "Bolot"), session.get_one(Draft, 1)
        parent = scene.comment(session)
        reply = factories.make_comment(session, draft, reader, "A secret.", parent=parent)
        reply_id = reply.id or 0
    scene.drain()
    for act, body in (("hide", ""), ("show", "A secret."), ("withdraw", "")):
        with scene.platform.database.writing() as session:
            comment = session.get_one(Comment, reply_id)
            if act == "hide":
                marat = scene.actor(session, "Marat")
                said = {"reason": "insult", "note": "", "now": scene.now}
                hide_comment(session, actor=marat, comment=comment, **said)
            elif act == "show":
                marat = scene.actor(session, "Marat")
                restore_comment(
                    session, actor=marat, comment=comment, reason="A mistake.", now=scene.now
                )
            else:
                bolot = scene.actor(session, "Bolot")
                withdraw_comment(session, actor=bolot, comment=comment, now=scene.now)
        scene.drain()
        with scene.platform.database.reading() as session:
            (reply,) = told(session, Message.kind == "reply")
        (mail,) = mailed(scene.platform, Message.kind == "reply")
        assert reply.values["body"] == body
        assert ("A secret." in mail.text + mail.html) == bool(body), "as it reads when it goes out"


def test_a_mail_that_waits_is_written_anew(scene: Moderated) -> None:
    with scene.platform.database.writing() as session:
        reader, draft = factories.make_person(session, "Bolot"), session.get_one(Draft, 1)
        parent = scene.comment(session)
        reply = factories.make_comment(session, draft, reader, WORDS, parent=parent)
        scene.comment_id = reply.id or 0
    scene.drain()
    (said,) = mailed(scene.platform, Message.kind == "reply")
    scene.moderate("redact", *CUT)
    scene.drain()
    (mail,) = mailed(scene.platform, Message.kind == "reply")
    assert mail.subject == said.subject
    assert "he knows" in mail.text
    assert "he knows" in mail.html
    for words in CUT:
        assert words in said.text
        assert words not in mail.text + mail.html


def test_personal_data_in_the_mandate_is_removed(scene: Moderated) -> None:
    mandate = "0555 12 34 56: " + "m" * (MANDATE_MAX - 15)
    with scene.platform.database.writing() as session:
        scene.comment(session).mandate = mandate
    scene.moderate("redact", "0555 12 34 56")
    assert scene.read().mandate == mandate.replace("0555 12 34 56", mark(1))  # longer by now


def paper_of(scene: Moderated) -> int:
    """Its first part is the comment of the scene from now on; its title repeats that."""
    with scene.platform.database.writing() as session:
        bolot = factories.actor_of(session, factories.make_person(session, "Bolot"))
        paper = send_paper(
            session,
            actor=bolot,
            draft=session.get_one(Draft, scene.draft_id),
            title="Asan Usonov knows",
            parts=(Part("", "Asan Usonov knows"), Part("art_1", "Why?")),
            lang="en",
            most=1000,
            now=scene.now,
        )
        first = select(Comment.id).where(Comment.paper_id == paper.id).order_by(col(Comment.id))
        scene.comment_id = session.exec(first).first() or 0
        return paper.id or 0


def test_redacted_words_do_not_stand_in_the_title_of_the_paper(scene: Moderated) -> None:
    paper_id = paper_of(scene)
    scene.moderate("redact", "Asan Usonov")
    with scene.platform.database.writing() as session:
        assert session.get_one(Paper, paper_id).title == f"{mark(1)} knows"
    page = Client(scene.platform).get(f"/papers/{paper_id}").text
    assert "[personal data removed] knows · " in page
    assert "Usonov" not in page


@pytest.mark.parametrize("act", ["hide", "hold"])
def test_words_that_are_gone_do_not_stand_in_the_title_of_the_paper(
    scene: Moderated, act: str
) -> None:
    paper_id = paper_of(scene)
    assert "Asan Usonov knows · " in Client(scene.platform).get(f"/papers/{paper_id}").text
    scene.moderate(act)
    page = Client(scene.platform).get(f"/papers/{paper_id}").text
    assert "Usonov" not in page
    assert "Position paper · " in page


@pytest.mark.parametrize("who", ["", "Reader", "Aizada"])
def test_a_removed_telephone_number_cannot_be_guessed_by_its_fingerprint(
    scene: Moderated, who: str
) -> None:
    """The author alone is given it: their own copy proves what was said."""
    scene.moderate("redact", *CUT)
    client = Client(scene.platform)
    if who:
        with scene.platform.database.writing() as session:
            person = session.exec(select(Person).where(Person.name == who)).one()
            client = Client(scene.platform, factories.sign_in_token(session, person, scene.now))
    page = client.get(f"/comments/{scene.comment_id}").text
    assert (body_hash(WORDS, "") in page) == (who == "Aizada")
    if who == "Reader":
        sent = {"words": re.findall(r'name="words" value="(\w+)"', page)[0]}
        client.post(f"/comments/{scene.comment_id}/sign", sent)
        assert scene.read().signed_n == 1


def test_the_mark_is_said_in_the_words_of_the_page(scene: Moderated) -> None:
    """Not as it is kept, with the number of what was removed."""
    scene.moderate("redact", *CUT)
    page = Client(scene.platform).get(f"/drafts/{scene.draft_id}/brief").text
    assert '<mark class="removed">[personal data removed]</mark>: he knows' in page
    assert mark(1) not in page
