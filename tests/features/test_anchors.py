"""Comments on words of a law that is rewritten: where they stand, what their authors are asked."""

import json
import sys
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from consult import events
from consult.accounts.models import Person
from consult.anchors import actions
from consult.anchors.actions import resolve_version, say_relevance
from consult.anchors.models import AnchorResolution
from consult.anchors.queries import moved_here, open_questions, relevance_counts, resolved, text_of
from consult.cli.main import main
from consult.comments.actions import withdraw_comment
from consult.comments.models import Comment
from consult.comments.queries import discussion
from consult.consultations.models import Consultation
from consult.errors import Conflict, Invalid, NotAllowed
from consult.outbox import record
from consult.platform import Platform
from consult.worker import drain
from drafts.models import Draft, DraftVersion
from drafts.tree import Tree
from drafts.versions.anchoring import STATES
from notifications.models import Message
from tests.conftest import START
from tests.factories import (
    actor_of,
    add_version,
    close_consultation,
    make_comment,
    make_person,
    make_tree,
)
from tests.mailed import Told, mailed, told
from tests.versions import article, open_law, publish_next

LIBRARY = "A library stands in every village of the country and belongs to its people."
HOURS = "It is open five days a week, and on the evenings that the village council has chosen."
MONEY = "The budget of the district pays for its books, its heating and one librarian."


class Scene:
    """A law under discussion, on which Aizada and Bolot comment."""

    def __init__(self, platform: Platform, law: Tree) -> None:
        self.platform = platform
        with platform.database.writing() as session:
            self.draft_id = open_law(session, law).id or 0
            self.people = {n: make_person(session, n).id or 0 for n in ("Aizada", "Bolot")}

    def say(self, wid: str, quote: str = "", who: str = "Aizada") -> int:
        """A comment on a provision, or on words of it; returns its id."""
        with self.platform.database.writing() as session:
            person = session.get_one(Person, self.people[who])
            draft = session.get_one(Draft, self.draft_id)
            body = f"On {wid}: {quote}"
            return make_comment(session, draft, person, body, wid=wid, quote=quote).id or 0

    def publish(self, *law: str, tree: Tree | None = None) -> None:
        with self.platform.database.writing() as session:
            draft = session.get_one(Draft, self.draft_id)
            if draft.stage == "open":
                close_consultation(session, session.exec(select(Consultation)).one())
            publish_next(session, draft, tree or law)

    def rewrite(self, *law: str, tree: Tree | None = None) -> None:
        """Publish the next version, and let everything follow from it."""
        self.publish(*law, tree=tree)
        drain(self.platform, START)

    def version(self, session: Session, n: int) -> DraftVersion:
        query = select(DraftVersion).where(DraftVersion.draft_id == self.draft_id)
        return session.exec(query.where(DraftVersion.n == n)).one()

    def stands(self, comment_id: int, n: int = 2) -> tuple[str, str, str]:
        """(state, provision, the words there) of a comment in a version."""
        with self.platform.database.reading() as session:
            version = self.version(session, n)
            row = session.get_one(AnchorResolution, (comment_id, version.id))
            text = text_of(session, version, "en")
            assert text is not None
            words = "" if row.start is None else text.own(row.wid)[row.start : row.end]
            return row.state, row.wid, words

    def rows(self) -> list[dict[str, object]]:
        with self.platform.database.reading() as session:
            query = select(AnchorResolution).order_by(
                col(AnchorResolution.version_id), col(AnchorResolution.comment_id)
            )
            return [row.model_dump() for row in session.exec(query).all()]

    def notices(self) -> list[Told]:
        with self.platform.database.reading() as session:
            return told(session, Message.kind == "still_relevant")

    def asked(self, who: str = "Aizada") -> list[tuple[int, int]]:
        """(comment, version) of what a person is still asked."""
        with self.platform.database.reading() as session:
            found = open_questions(session, self.people[who])
            return [(one.comment.id or 0, one.n) for one in found]

    def answer(self, comment_id: int, value: str, who: str = "Aizada", n: int = 2) -> None:
        with self.platform.database.writing() as session:
            say_relevance(
                session,
                actor=actor_of(session, session.get_one(Person, self.people[who])),
                comment=session.get_one(Comment, comment_id),
                n=n,
                value=value,
                now=START + timedelta(days=1),
            )


@pytest.fixture
def scene(platform: Platform) -> Scene:
    return Scene(platform, make_tree((LIBRARY, HOURS, MONEY)))


@pytest.fixture
def one(platform: Platform) -> Scene:
    """A law of one long article."""
    return Scene(platform, make_tree((f"{LIBRARY} {HOURS} {MONEY}",)))


def test_every_comment_on_an_earlier_version_is_placed_in_the_new_one(scene: Scene) -> None:
    kept = scene.say("art_1", "in every village")
    changed = scene.say("art_2", "five days a week")
    deleted = scene.say("art_3", "one librarian")
    on_all = scene.say("")
    scene.rewrite("Nobody has read this beginning yet.", LIBRARY, HOURS.replace("five", "six"))
    assert scene.stands(kept) == ("exact", "art_1", "in every village")
    assert scene.stands(changed) == ("weak", "art_2", "six days a week")
    assert scene.stands(deleted) == ("orphan", "", "")
    assert on_all not in [row["comment_id"] for row in scene.rows()]


def test_a_comment_without_a_quote_is_on_its_provision(scene: Scene) -> None:
    renumbered, deleted, edited = scene.say("art_1"), scene.say("art_2"), scene.say("art_3")
    scene.rewrite("Nobody has read this beginning yet.", LIBRARY, MONEY + " Each year.")
    assert scene.stands(renumbered) == ("shifted", "art_1", "")
    assert scene.stands(deleted) == ("orphan", "", "")
    assert scene.stands(edited) == ("weak", "art_3", "")


def test_a_comment_on_an_article_is_on_its_paragraphs_too(platform: Platform) -> None:
    def law(money: str) -> Tree:
        return Tree("en", (article("1", "", LIBRARY, HOURS), article("2", "", MONEY, money)))

    scene = Scene(platform, law("So be it."))
    first, second = scene.say("art_1"), scene.say("art_2")
    scene.rewrite(tree=law("So be it for ever."))
    assert scene.stands(first)[0] == "exact"
    assert scene.stands(second)[0] == "weak"


def test_words_of_a_split_provision_stand_in_the_half_that_has_them(one: Scene) -> None:
    first, second = one.say("art_1", "in every village"), one.say("art_1", "one librarian")
    about_it = one.say("art_1")
    one.rewrite(f"{LIBRARY} {HOURS}", MONEY)
    assert one.stands(first) == ("exact", "art_1", "in every village")
    assert one.stands(second) == ("exact", "art_2", "one librarian")
    assert one.stands(about_it) == ("weak", "art_1", "")


def test_words_of_a_merged_provision_stand_in_what_it_became(scene: Scene) -> None:
    hours, money = scene.say("art_2", "five days a week"), scene.say("art_3", "one librarian")
    scene.rewrite(LIBRARY, f"{HOURS} {MONEY}")
    assert scene.stands(hours) == ("exact", "art_2", "five days a week")
    assert scene.stands(money) == ("exact", "art_2", "one librarian")


def test_a_sentence_moved_to_another_article_is_followed_but_never_called_exact(one: Scene) -> None:
    said = one.say("art_1", "The budget of the district")
    other = "Nothing in this article was here before, and all of it is about something else."
    one.rewrite(f"{LIBRARY} {HOURS}", f"{other} {MONEY} {other.upper()} {other.title()}")
    assert one.stands(said) == ("shifted", "art_2", "The budget of the district")


def test_where_words_went_is_followed_from_where_they_were_said(scene: Scene) -> None:
    said = scene.say("art_2", "five days a week")
    scene.rewrite(LIBRARY, HOURS.replace("five", "six"), MONEY)
    scene.rewrite("Nobody has read this beginning yet.", LIBRARY, HOURS, MONEY)
    assert scene.stands(said, 2)[0] == "weak"
    assert scene.stands(said, 3) == ("exact", "art_2", "five days a week")


def test_it_goes_on_where_it_was_broken_off_and_done_again_changes_nothing(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [scene.say(f"art_{n}", who=who) for n in (1, 2, 3) for who in ("Aizada", "Bolot")]
    scene.publish(LIBRARY, HOURS + " Always.", MONEY)
    monkeypatch.setattr(actions, "BATCH", 2)
    write, batches = actions._write, []

    def breaks(session: Session, rows: list[dict[str, object]]) -> None:
        batches.append(len(rows))
        if len(batches) == 3:
            raise OSError("the power is cut")
        write(session, rows)

    with scene.platform.database.reading() as session:
        version_id = scene.version(session, 2).id or 0
    monkeypatch.setattr(actions, "_write", breaks)
    with pytest.raises(OSError, match="power"):
        resolve_version(scene.platform.database, version_id, START)
    assert len(scene.rows()) == 4
    assert resolve_version(scene.platform.database, version_id, START) == 2
    rows = scene.rows()
    assert [row["comment_id"] for row in rows] == said
    assert resolve_version(scene.platform.database, version_id, START) == 0
    assert scene.rows() == rows
    assert max(batches) == 2


def test_resolving_again_keeps_what_the_author_said(scene: Scene) -> None:
    said = scene.say("art_2", "five days a week")
    scene.rewrite(LIBRARY, HOURS.replace("five", "six"), MONEY)
    scene.answer(said, "settled")
    before = scene.rows()
    with scene.platform.database.writing() as session:
        version = scene.version(session, 2)
        event = events.VersionPublished(scene.draft_id, version.id or 0, 2)
        record(session, event, START)
    drain(scene.platform, START)
    assert scene.rows() == before
    assert before[0]["relevance"] == "settled"
    assert len(scene.notices()) == 1


def test_an_author_is_asked_once_for_each_version_about_all_their_comments(scene: Scene) -> None:
    for quote in ("five days", "a week", "village council"):
        scene.say("art_2", quote)
    scene.say("art_1", "in every village")
    scene.say("art_2", "on the evenings", who="Bolot")
    scene.rewrite(LIBRARY, HOURS.replace("five days a week", "on Monday"), MONEY)
    (notice,) = scene.notices()
    assert notice.person_id == scene.people["Aizada"]
    assert [c["before"] for c in notice.values["comments"]] == ["five days", "a week"]
    assert scene.asked() == [(2, 2), (1, 2)]
    assert scene.asked("Bolot") == []
    (mail,) = mailed(scene.platform, Message.kind == "still_relevant")
    assert "five days" in mail.text
    assert "/cabinet/changed" in mail.text


def test_nobody_is_asked_twice_about_the_same_change(scene: Scene) -> None:
    said = scene.say("art_2", "five days a week")
    six = HOURS.replace("five", "six")
    scene.rewrite(LIBRARY, six, MONEY)
    scene.rewrite(LIBRARY, six + " Always.", MONEY)
    assert scene.asked() == [(said, 2)]
    scene.rewrite(LIBRARY, HOURS.replace("five", "two"), MONEY)
    assert scene.asked() == [(said, 4)]
    scene.rewrite(LIBRARY, HOURS, MONEY)  # the words are back: there is nothing to ask
    assert scene.asked() == []
    assert len(scene.notices()) == 2


def test_who_withdrew_or_has_no_account_is_not_asked(scene: Scene) -> None:
    withdrawn = scene.say("art_2", "five days")
    scene.say("art_2", "five days", who="Bolot")
    with scene.platform.database.writing() as session:
        aizada, bolot = (session.get_one(Person, id_) for id_ in scene.people.values())
        comment = session.get_one(Comment, withdrawn)
        actor = actor_of(session, aizada)
        withdraw_comment(session, actor=actor, comment=comment, now=START)
        bolot.email_confirmed_at = None
        session.add(bolot)
    scene.rewrite(LIBRARY, HOURS.replace("five", "six"), MONEY)
    assert {row["state"] for row in scene.rows()} == {"weak"}
    assert not scene.notices()


def test_what_an_author_says_can_be_said_otherwise_and_is_counted(scene: Scene) -> None:
    said = scene.say("art_2", "five days")
    scene.say("art_2", "a week", who="Bolot")
    scene.rewrite(LIBRARY, HOURS.replace("five days a week", "on Monday"), MONEY)
    scene.answer(said, "relevant")
    scene.answer(said, "settled")
    assert scene.asked() == []
    with scene.platform.database.reading() as session:
        version_id = scene.version(session, 2).id or 0
        assert relevance_counts(session, scene.draft_id) == {"settled": 1, "": 1}
        assert [row["relevance"] for row in resolved(session, version_id)] == ["settled", ""]


def test_a_question_is_counted_until_it_is_answered_or_its_words_are_back(scene: Scene) -> None:
    _, said = scene.say("art_2", "five days"), scene.say("art_2", "a week", who="Bolot")
    new = HOURS.replace("five days a week", "on Monday")
    counts = {new: {"": 2}, f"{new} Always.": {"": 1, "settled": 1}, HOURS: {}}
    for n, hours in enumerate(counts, start=2):
        scene.rewrite(LIBRARY, hours, MONEY)
        if n == 3:
            scene.answer(said, "settled", who="Bolot")
        with scene.platform.database.reading() as session:
            found = relevance_counts(session, scene.draft_id)
        assert found == counts[hours]
        assert found[""] == len(scene.asked() + scene.asked("Bolot"))


def test_only_the_author_says_it_and_only_of_the_last_change(scene: Scene) -> None:
    said, kept = scene.say("art_2", "five days"), scene.say("art_1", "in every village")
    scene.rewrite(LIBRARY, HOURS.replace("five", "six"), MONEY)
    with pytest.raises(NotAllowed):
        scene.answer(said, "settled", who="Bolot")
    with pytest.raises(Invalid):
        scene.answer(said, "")
    for comment_id, n in ((said, 1), (said, 3), (kept, 2)):
        with pytest.raises(Conflict):
            scene.answer(comment_id, "settled", n=n)


def test_a_comment_is_found_where_its_words_went_and_where_it_was_made(one: Scene) -> None:
    first = [one.say("art_1", quote) for quote in ("in every village", "belongs to its people")]
    moved = [one.say("art_1", quote) for quote in ("one librarian", "its heating", "its books")]
    one.rewrite(f"{LIBRARY} {HOURS}", MONEY)
    with one.platform.database.reading() as session:
        version_id = one.version(session, 2).id or 0

        def pages(wid: str, sort: str) -> list[list[int]]:
            cursor, found = "", []
            while not found or cursor:
                talk = discussion(
                    session,
                    one.draft_id,
                    wid=wid,
                    also=moved_here(version_id, wid),
                    sort=sort,
                    cursor=cursor,
                    limit=2,
                )
                found.append([view.comment.id or 0 for view in talk.comments])
                cursor = talk.older
            return found

        for sort in ("newest", "supported"):
            shown = [id_ for page in pages("art_1", sort) for id_ in page]
            assert shown == [*reversed(moved), *reversed(first)]
            assert pages("art_2", sort) == [[moved[2], moved[1]], [moved[0]]]


def test_a_version_without_the_language_of_a_comment_keeps_only_its_provision(
    scene: Scene,
) -> None:
    said = scene.say("art_2", "five days")
    with scene.platform.database.writing() as session:
        draft = session.get_one(Draft, scene.draft_id)
        close_consultation(session, session.exec(select(Consultation)).one())
        version = publish_next(session, draft, (LIBRARY, HOURS, MONEY))
        version.langs = ["ru"]
    drain(scene.platform, START)
    (row,) = scene.rows()
    assert (row["comment_id"], row["state"], row["wid"]) == (said, "provision_only", "art_2")
    assert not scene.notices()


def run(monkeypatch: pytest.MonkeyPatch, platform: Platform, *words: str) -> object:
    """A command on the installation of a test; returns how it exits."""
    monkeypatch.setenv("CONSULT_DATA_DIR", str(platform.settings.data_dir))
    monkeypatch.setenv("CONSULT_DATABASE_URL", platform.settings.database)
    monkeypatch.setattr(sys, "argv", ["consult", "anchors", *words])
    with pytest.raises(SystemExit) as end:
        main()
    return end.value.code


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_tells_where_comments_stand_even_before_the_worker_did(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    scene.say("art_1", "in every village")
    changed = scene.say("art_2", "five days a week")
    scene.publish(LIBRARY, HOURS.replace("five", "six"))
    assert not run(monkeypatch, scene.platform, "1", "--version", "2", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["version"] == 2
    assert list(told["states"]) == list(STATES)
    assert told["states"] == dict.fromkeys(STATES, 0) | {"exact": 1, "weak": 1}
    last = told["anchors"][1]
    assert (last["comment"], last["wid_then"], last["wid_now"]) == (changed, "art_2", "art_2")
    assert (last["state"], last["quote"], last["made_on"]) == ("weak", "five days a week", 1)
    assert not run(monkeypatch, scene.platform, "1")
    assert "K-2026-000002  weak" in capsys.readouterr().out


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_refuses_a_text_that_may_still_change(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scene.platform.database.writing() as session:
        draft = session.get_one(Draft, scene.draft_id)
        add_version(session, draft, (LIBRARY,))
    assert "not public yet" in str(run(monkeypatch, scene.platform, "1", "--version", "2"))
    assert "no such version" in str(run(monkeypatch, scene.platform, "1", "--version", "7"))
    assert "no such draft" in str(run(monkeypatch, scene.platform, "7"))
