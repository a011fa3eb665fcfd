"""Following with an account and without one: who is told, who may change it, nothing else sent."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from consult.access import VISITOR
from consult.accounts.actions import new_link, register, reset_link
from consult.accounts.models import Person
from consult.accounts.queries import person_by_password
from consult.accounts.signins.actions import change_address
from consult.consultations.actions import extend
from consult.consultations.models import Consultation
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.platform import Platform
from consult.worker import drain
from drafts.models import Draft
from notifications.by_mail import (
    LINK_LIFE,
    Wish,
    ask_for_managing,
    ask_to_follow,
    confirm_following,
    has_account,
    holder_of,
    read_wish,
)
from notifications.followed import FIND, choices_of, followed, is_following_search
from notifications.following import (
    choose_mail,
    follow,
    search_to_follow,
    set_cadence,
    subscribe,
    unfollow_all,
)
from notifications.links import FOLLOW, manage_path, sign
from notifications.models import Mail, Subscription
from notifications.rules import FOLLOWED, MOST_FOLLOWED
from notifications.searching import kept_search
from tests.conftest import START
from tests.decrees import PACK
from tests.factories import (
    OPERATOR,
    PASSWORD,
    actor_of,
    make_agency,
    make_draft,
    make_person,
    open_consultation,
)
from tests.mailed import mailed, told

ADDRESS = "reader@example.org"


@pytest.fixture
def draft(platform: Platform) -> str:
    """Something to follow."""
    with platform.database.writing() as session:
        draft = make_draft(session, make_agency(session))
        open_consultation(session, draft)
        return f"draft:{draft.id}"


def ask(platform: Platform, target: str, email: str = ADDRESS) -> None:
    with platform.database.writing() as session:
        ask_to_follow(session, PACK, email=email, lang="ru", target=target, now=platform.clock())
    drain(platform, platform.clock())


def link(platform: Platform) -> str:
    """The token of the newest mail."""
    said = mailed(platform)[-1]
    paths = [word for word in said.text.split() if "/follow/" in word]
    return paths[0].rpartition("/")[2]


def say_yes(platform: Platform, token: str) -> None:
    with platform.database.writing() as session:
        wish = read_wish(session, platform.settings.secret_key, token, platform.clock())
        confirm_following(session, PACK, wish, platform.clock())


def subscriptions(platform: Platform) -> list[tuple[str | None, str]]:
    with platform.database.reading() as session:
        rows = session.exec(
            select(Person, Subscription).where(Person.id == Subscription.person_id)
        ).all()
        return [(person.email, row.target) for person, row in rows]


def test_every_kind_that_can_be_followed_can_be_named(session: Session) -> None:
    assert set(FIND) == set(FOLLOWED)
    agency = make_agency(session)
    draft = make_draft(session, agency)
    open_consultation(session, draft)
    searched = search_to_follow(
        session, PACK, words="land", filters={"agency": "MOJ", "lang": "ru"}, now=START
    )
    targets = [f"draft:{draft.id}", f"agency:{agency.id}", "plan", "all", searched]
    targets += [f"topic:{PACK.topic[0].code}", f"act_type:{PACK.act_type[0].code}"]
    found = followed(session, PACK, [*targets, "topic:none", "draft:999", "search:999"])
    assert [thing.target for thing in found] == targets
    names = {thing.target: thing.names["en"] for thing in found}
    assert names[searched] == "«land», Ministry MOJ, Русский"
    assert names["plan"] == "Plan of law-making"


def test_a_person_knows_whether_they_follow_a_search(session: Session) -> None:
    actor = actor_of(session, make_person(session))
    target = search_to_follow(session, PACK, words="land", filters={}, now=START)
    asked = kept_search("land", {})
    assert is_following_search(session, actor, asked) == ""
    follow(session, PACK, actor=actor, target=target, now=START)
    assert is_following_search(session, actor, asked) == target
    assert is_following_search(session, VISITOR, asked) == ""


def test_a_visitor_follows_nothing_by_a_button(session: Session) -> None:
    with pytest.raises(NotAllowed):
        follow(session, PACK, actor=VISITOR, target="all", now=START)


def test_how_often_is_chosen_for_each_thing(session: Session) -> None:
    person = make_person(session).id or 0
    for target in ("all", "plan"):
        subscribe(session, person, target, START)
    set_cadence(session, person_id=person, target="all", cadence="weekly")
    rows = session.exec(select(Subscription)).all()
    assert {row.target: row.cadence for row in rows} == {"all": "weekly", "plan": "at_once"}
    with pytest.raises(Invalid):
        set_cadence(session, person_id=person, target="all", cadence="hourly")
    unfollow_all(session, person)
    assert not session.exec(select(Subscription)).all()


def test_one_person_follows_a_hundred_things_at_most(session: Session) -> None:
    person = make_person(session)
    actor = actor_of(session, person)
    for n in range(MOST_FOLLOWED - 1):
        subscribe(session, person.id or 0, f"draft:{n}", START)
    for _ in range(2):  # twice is once
        follow(session, PACK, actor=actor, target="all", now=START)
    with pytest.raises(Conflict):
        follow(session, PACK, actor=actor, target="plan", now=START)
    with pytest.raises(Conflict):
        confirm_following(session, PACK, Wish(person, "plan", is_late=False), START)


def test_mail_and_zone_are_chosen_and_bad_ones_refused(session: Session) -> None:
    person_id = make_person(session).id or 0

    def choose(choices: dict[str, str], zone: str = "") -> None:
        choose_mail(session, PACK, person_id=person_id, choices=choices, zone=zone, now=START)

    choose({"answers": "daily", "plans": "never"}, "Asia/Almaty")
    person, choices = choices_of(session, person_id)
    assert person.zone == "Asia/Almaty"
    assert choices == {
        "answers": "daily",
        "discussions": "at_once",
        "plans": "never",
        "work": "at_once",
    }
    for bad, zone in [({"answers": "hourly"}, ""), ({"x": "daily"}, ""), ({}, "Mars/Base")]:
        with pytest.raises(Invalid):
            choose(bad, zone)


class TestByMail:
    def test_nothing_is_followed_before_the_link_was_opened(
        self, platform: Platform, draft: str
    ) -> None:
        ask(platform, draft)
        assert subscriptions(platform) == []
        (said,) = mailed(platform)
        assert (said.recipient, said.lang) == (ADDRESS, "ru")
        assert said.unsubscribe_path == ""
        say_yes(platform, link(platform))
        assert subscriptions(platform) == [(ADDRESS, draft)]
        with platform.database.reading() as session:
            person = session.exec(select(Person).where(Person.email == ADDRESS)).one()
            assert person.email_confirmed_at == START
            assert not has_account(person)

    def test_opening_it_twice_is_once(self, platform: Platform, draft: str) -> None:
        ask(platform, draft)
        token = link(platform)
        say_yes(platform, token)
        say_yes(platform, token)
        assert len(subscriptions(platform)) == 1

    def test_an_address_with_an_account_follows_with_it(
        self, platform: Platform, draft: str
    ) -> None:
        with platform.database.writing() as session:
            email = make_person(session).email or ""
        ask(platform, draft, email.upper())
        say_yes(platform, link(platform))
        assert subscriptions(platform) == [(email, draft)]
        with platform.database.reading() as session:
            assert len(session.exec(select(Person)).all()) == 1

    def test_somebody_who_keeps_asking_sends_one_mail_an_hour(
        self, platform: Platform, draft: str
    ) -> None:
        for _ in range(3):
            ask(platform, draft)
        assert len(mailed(platform)) == 1

    def test_a_link_is_good_for_a_week(self, platform: Platform, draft: str) -> None:
        ask(platform, draft)
        token, secret = link(platform), platform.settings.secret_key
        with platform.database.reading() as session:
            in_time, late = START + LINK_LIFE - timedelta(seconds=1), START + LINK_LIFE
            assert not read_wish(session, secret, token, in_time).is_late
            wish = read_wish(session, secret, token, late)
            assert (wish.is_late, wish.target) == (True, draft)
            with pytest.raises(NotFound):
                confirm_following(session, PACK, wish, late)

    def test_a_forged_link_is_none(self, platform: Platform, draft: str) -> None:
        ask(platform, draft)
        token, secret = link(platform), platform.settings.secret_key
        forged = [
            token.replace("draft", "agency"),
            "9" + token,
            sign(secret, "unsubscribe", token.rpartition(".")[0]),
            sign("another", FOLLOW, token.rpartition(".")[0]),
            "x",
            ".",
        ]
        with platform.database.reading() as session:
            for one in forged:
                with pytest.raises(NotFound):
                    read_wish(session, secret, one, START)
                with pytest.raises(NotFound):
                    holder_of(session, secret, one)

    def test_a_password_somebody_else_chose_is_not_confirmed_by_following(
        self, platform: Platform, draft: str
    ) -> None:
        with platform.database.writing() as session:
            stranger = make_person(session, "Reader", confirmed=False)
            assert stranger.email == ADDRESS
        ask(platform, draft)
        say_yes(platform, link(platform))
        assert subscriptions(platform) == [(ADDRESS, draft)]
        with platform.database.reading() as session, pytest.raises(Invalid):
            person_by_password(session, email=ADDRESS, password=PASSWORD)

    def test_whoever_registers_later_finds_what_they_follow(
        self, platform: Platform, draft: str
    ) -> None:
        ask(platform, draft)
        say_yes(platform, link(platform))
        with platform.database.writing() as session:
            hashed = make_person(session, "Other").password_hash
            register(session, email=ADDRESS, password_hash=hashed, name="R", lang="en", now=START)
            person = session.exec(select(Person).where(Person.email == ADDRESS)).one()
            assert person.password_hash == "", "the password waits to be confirmed"
        drain(platform, START)
        assert (ADDRESS, draft) in subscriptions(platform)
        assert mailed(platform)[-1].key.startswith("confirm")

    def test_an_account_that_takes_the_address_takes_what_it_follows(
        self, platform: Platform, draft: str
    ) -> None:
        ask(platform, draft)
        say_yes(platform, link(platform))
        with platform.database.writing() as session:
            person = make_person(session, "Bolot")
            token = new_link(session, person, "address", START, email=ADDRESS)
            change_address(session, token, START)
        drain(platform, START)
        assert subscriptions(platform) == [(ADDRESS, draft)]
        with platform.database.reading() as session:
            assert session.exec(select(Person.name).where(Person.email == ADDRESS)).one() == "Bolot"

    def test_who_only_follows_has_no_password_to_forget(
        self, platform: Platform, draft: str
    ) -> None:
        ask(platform, draft)
        say_yes(platform, link(platform))
        with platform.database.writing() as session:
            assert reset_link(session, ADDRESS, START) is None

    def test_the_managing_link_goes_only_to_known_addresses(
        self, platform: Platform, draft: str
    ) -> None:
        ask(platform, draft)
        for email in ("nobody@example.org", ADDRESS):
            with platform.database.writing() as session:
                ask_for_managing(session, email=email, now=START)
        drain(platform, START)
        with platform.database.reading() as session:
            keys = [mail.key for mail in session.exec(select(Mail)).all()]
            person = session.exec(select(Person).where(Person.email == ADDRESS)).one()
        assert [key.partition(":")[0] for key in keys] == ["follow", "following"]
        path = manage_path(platform.settings.secret_key, person.id or 0)
        assert path in mailed(platform)[-1].text.replace("\n", "")

    def test_what_is_not_public_cannot_be_asked_for(self, platform: Platform) -> None:
        with platform.database.writing() as session:
            hidden = make_draft(session, make_agency(session))
            for target in (f"draft:{hidden.id}", "draft:99", "topic:none", "person:1", ""):
                with pytest.raises(NotFound):
                    ask_to_follow(session, PACK, email=ADDRESS, lang="en", target=target, now=START)


def test_whoever_follows_in_many_ways_is_told_once(platform: Platform) -> None:
    """By the most telling of them; a search tells of the opening only."""
    with platform.database.writing() as session:
        agency = make_agency(session)
        people = [make_person(session, name).id or 0 for name in ("Aizada", "Bolot")]
        searched = search_to_follow(session, PACK, words="library", filters={}, now=START)
        for target in ("all", f"agency:{agency.id}", "act_type:law", searched):
            subscribe(session, people[0], target, START)
        subscribe(session, people[1], "act_type:law", START)
        draft = make_draft(session, agency)
        round_ = open_consultation(session, draft)
    drain(platform, START)
    with platform.database.writing() as session:
        notices = told(session)
        assert {(one.person_id, one.target, one.kind) for one in notices} == {
            (people[0], searched, "consultation_opened"),
            (people[1], "act_type:law", "consultation_opened"),
        }
        extended = session.get_one(Consultation, round_.id)
        extend(
            session,
            actor=OPERATOR,
            draft=session.get_one(Draft, extended.draft_id),
            closes_at=extended.closes_at + timedelta(days=5),
            reason="Many ask for it.",
            now=START,
        )
    drain(platform, START)
    with platform.database.reading() as session:
        later = [one.target for one in told(session)][len(notices) :]
        assert len(later) == 2
        assert searched not in later
