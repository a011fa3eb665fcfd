"""What stays counted of who was forgotten, and what of others is left as it is."""

from sqlmodel import col, select

from consult import outbox
from consult.access import Role
from consult.account_events import AddressChanged, PasswordResetAsked
from consult.accounts.actions import ask_to_register
from consult.accounts.eid.actions import identify_person
from consult.accounts.models import Person
from consult.accounts.signins.actions import begin_change, change_address
from consult.comments.models import Comment
from consult.consultations.queries import current_round, tallies
from consult.cosigning.actions import sign_comment
from consult.cosigning.queries import count_identified
from consult.outbox import OutboxEvent
from consult.platform import Platform
from consult.privacy.leaving import Words
from consult.privacy.waiting import NAMES
from consult.votes.actions import vote_on_comment, vote_on_text
from notifications.actions import notify
from notifications.following import follow
from notifications.models import Mail, MailChoice, Notice, Subscription
from tests.conftest import TestClock
from tests.factories import (
    actor_of,
    add_version,
    close_consultation,
    make_comment,
    make_person,
    open_consultation,
    open_draft,
    release_report,
    tally_of,
)
from tests.leaving import close, leave
from tests.planted import Planted


def test_one_human_being_who_leaves_and_comes_back_is_counted_once(
    platform: Platform, clock: TestClock
) -> None:
    """With the same eID: in open rounds votes and signatures are taken back; each tally follows."""
    with platform.database.writing() as session:
        draft = open_draft(session)
        said = make_comment(session, draft, make_person(session, "Bolot"), now=clock.now)
    scene = Planted(platform, clock, {})
    for name in ("Zqfirst", "Zqsecond"):
        with platform.database.writing() as session:
            person = scene.people[name] = make_person(session, name)
            identify_person(
                session, actor_of(session, person), issuer="eid", hashed="same", now=clock.now
            )
            session.flush()
            actor, comment = actor_of(session, person), session.get_one(Comment, said.id)
            vote_on_comment(
                session, actor=actor, draft=draft, comment=comment, value=-1, now=clock.now
            )
            for wid in ("", "art_1"):
                vote_on_text(session, actor=actor, draft=draft, wid=wid, value=1, now=clock.now)
            sign_comment(session, actor=actor, comment=comment, now=clock.now)
        scene.drain()
        with platform.database.reading() as session:
            comment = session.get_one(Comment, said.id)
            assert (comment.against_n, comment.identified_against_n, comment.signed_n) == (1, 1, 1)
            assert count_identified(session, said.id or 0) == 1
            for place in tallies(session, draft.id or 0):
                assert (place.for_n, place.identified_for_n) == (1, 1)
        if name == "Zqfirst":
            leave(scene, name, Words.KEEP)


def test_of_an_ended_round_the_votes_of_who_left_stay_those_of_the_open_one_go(
    platform: Platform, clock: TestClock
) -> None:
    with platform.database.writing() as session:
        draft = open_draft(session, ("One words.", "Two words."))
        person = make_person(session, "Zqname")
        for wid in ("", "art_1", "art_2"):
            vote_on_text(
                session,
                actor=actor_of(session, person),
                draft=draft,
                wid=wid,
                value=1,
                now=clock.now,
            )
        first = current_round(session, draft.id or 0)
        assert first
        draft = close_consultation(session, first)
        clock.now = first.closes_at
        release_report(session, first, make_person(session, "Olga", role=Role.OFFICER), clock.now)
        add_version(session, draft, ("One words.", "Other words."), now=clock.now)
        open_consultation(session, draft, now=clock.now)
    scene = Planted(platform, clock, {"Zqname": person})
    scene.drain()
    leave(scene, "Zqname", Words.KEEP)
    with platform.database.reading() as session:
        counted = {wid: tally_of(session, draft, wid)[1] for wid in ("", "art_1", "art_2")}
    assert counted == {"": 1, "art_1": 0, "art_2": 1}


def test_of_strangers_with_the_same_name_nothing_that_waits_is_dropped(
    platform: Platform, clock: TestClock
) -> None:
    """Neither for a name that is theirs as well, nor for one that looks like another field."""
    with platform.database.writing() as session:
        people = {name: make_person(session, name) for name in ("Zqname", "ru")}
    scene = Planted(platform, clock, people)
    scene.drain()
    with platform.database.writing() as session:
        for name, email in (("Zqname", "namesake@example.org"), ("Other", "other@example.org")):
            ask_to_register(
                session,
                email=email,
                password="some long password 77",
                name=name,
                lang="ru",
                now=clock.now,
            )
        mine = AddressChanged(people["Zqname"].id or 0, "zqold@example.org")
        outbox.record(session, mine, clock.now)
        outbox.record(session, PasswordResetAsked("zqname@example.org"), clock.now)
    for name in people:
        close(scene, Words.KEEP, name)
    with platform.database.reading() as session:
        private = col(OutboxEvent.name).in_(NAMES)
        left = session.exec(select(OutboxEvent).where(private).order_by(col(OutboxEvent.id))).all()
        emails = [event.payload.get("email", event.payload.get("old")) for event in left]
    assert emails == ["namesake@example.org", "other@example.org", "", ""]
    scene.drain()
    with platform.database.reading() as session:
        known = set(session.exec(select(Person.email)).all())
    assert {"namesake@example.org", "other@example.org"} <= known


def test_of_a_follower_whose_address_another_account_took_nothing_is_left_but_what_they_follow(
    platform: Platform, clock: TestClock
) -> None:
    with platform.database.writing() as session:
        follower = make_person(session, "Zqname", region="Zqregion")
        follower.password_hash = ""  # who follows by mail has no account
        aizada = make_person(session, "Aizada")
        scene = Planted(platform, clock, {"Zqname": follower, "Aizada": aizada})
        follow(
            session, platform.pack, actor=actor_of(session, follower), target="all", now=clock.now
        )
        session.add(MailChoice(person_id=scene.person_id, category="answers", cadence="daily"))
        notify(
            session,
            follower,
            key="answered:1",
            kind="answered",
            values={},
            path="/",
            zone=platform.pack.tz,
            now=clock.now,
        )
    scene.drain()
    with platform.database.writing() as session:
        person = session.get_one(Person, aizada.id)
        path, _ = begin_change(session, person, follower.email or "", clock.now)
        change_address(session, path.rpartition("/")[2], clock.now)
    scene.drain()
    with platform.database.reading() as session:
        gone = session.get_one(Person, follower.id)
        assert (gone.email, gone.region, bool(gone.forgotten_at)) == (None, "", True)
        for table in (Notice, Mail, MailChoice, Subscription):
            rows = session.exec(select(table).where(table.person_id == follower.id)).all()
            assert rows == [], table
        assert session.exec(select(Subscription.person_id)).all() == [aizada.id]
