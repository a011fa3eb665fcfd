"""Daily and weekly mails: sixty days with a worker that comes and goes, and the cases by name."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, col, select

from consult.accounts.models import Person
from consult.platform import Platform
from consult.worker import drain
from notifications.actions import notify
from notifications.digests import move_digests, stop_digest, write_digests
from notifications.following import set_cadence, unfollow
from notifications.mail import send_waiting
from notifications.models import Mail, MailChoice, Message, Notice, Subscription
from notifications.rules import DIGESTS, slot_after, slot_before, zone_of
from notifications.spreading import Announcement, announce
from tests import factories
from tests.conftest import START, TestClock
from tests.mailed import mailed

ZONES = ("", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")
DAY = timedelta(days=1)


def follow(session: Session, person_id: int, target: str, cadence: str, now: datetime) -> None:
    row = Subscription(person_id=person_id, target=target, cadence=cadence, created_at=now)
    session.add(row)


class Village:
    """Some people who follow a draft, each in their own way, and things they are told."""

    def __init__(self, platform: Platform, clock: TestClock) -> None:
        self.platform, self.clock, self.said = platform, clock, 0
        with platform.database.writing() as session:
            factories.open_draft(session, now=clock.now)
        drain(platform, clock.now)

    def person(self, name: str, cadence: str = "daily", zone: str = "") -> int:
        with self.platform.database.writing() as session:
            person = factories.make_person(session, name)
            person.zone = zone
            follow(session, person.id or 0, "draft:1", cadence, self.clock.now)
            return person.id or 0

    def tell_all(self) -> None:
        """One more piece of news about the draft, to all who follow it."""
        self.said += 1
        values = {"titles": {"en": f"News {self.said}"}, "agency": {"en": "MOJ"}, "round": 1}
        path, key = "/drafts/1/report/1", f"report:{self.said}"
        said = Announcement(key, "report_published", values, path, ("draft:1",))
        cursor = " "
        while cursor:
            with self.platform.database.writing() as session:
                cursor = announce(session, self.platform, said, cursor.strip(), self.clock.now)

    def work(self) -> None:
        """What the worker does about mail."""
        while write_digests(self.platform, self.clock.now):
            pass
        while send_waiting(self.platform, self.clock.now):
            pass

    def at(self, text: str) -> None:
        """It is this moment on the clock of Bishkek."""
        local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Bishkek"))
        self.clock.now = local.astimezone(UTC)

    def keys(self, person_id: int) -> list[str]:
        with self.platform.database.reading() as session:
            mine = select(Mail.key).where(
                Mail.person_id == person_id, col(Mail.sent_at).is_not(None)
            )
            return list(session.exec(mine.order_by(col(Mail.id))).all())


@pytest.fixture
def village(platform: Platform, clock: TestClock) -> Village:
    return Village(platform, clock)


@pytest.mark.parametrize("seed", [1, 2])
def test_sixty_days_with_a_worker_that_comes_and_goes(village: Village, seed: int) -> None:
    """Nothing is said twice, nothing is lost, and weekly is weekly."""
    rng = random.Random(seed)
    village.clock.now = datetime(2026, 3, 1, tzinfo=UTC)  # clocks are turned on both hemispheres
    cadences = ("at_once", *DIGESTS)
    people = [village.person(f"P{n}", cadences[n % 3], rng.choice(ZONES)) for n in range(6)]
    end, away_until = village.clock.now + 60 * DAY, village.clock.now
    while village.clock.now < end:
        village.clock.forward(minutes=rng.randrange(20, 600))
        if rng.random() < 0.15:
            village.tell_all()
        if rng.random() < 0.04:
            away_until = village.clock.now + rng.randrange(1, 12) * DAY
        if village.clock.now >= away_until:
            village.work()
    village.clock.forward(days=8)
    village.work()
    with village.platform.database.reading() as session:
        assert village.said > 20
        notices = session.exec(select(Notice)).all()
        each = Counter((notice.person_id, notice.message_id) for notice in notices)
        assert set(each.values()) == {1}
        assert len(each) == village.said * len(people)
        mails = {mail.id: mail for mail in session.exec(select(Mail)).all()}
        assert all(mail.sent_at for mail in mails.values())
        sent_apart = Counter((mail.person_id, mail.message_id) for mail in mails.values())
        for notice in notices:
            how = (sent_apart[notice.person_id, notice.message_id], notice.mail_id is not None)
            assert how == ((1, False) if notice.cadence == "at_once" else (0, True))
            assert notice.due_at is None
            if notice.mail_id:
                mail = mails[notice.mail_id]
                assert (mail.person_id, mail.target) == (
                    notice.person_id,
                    f"digest:{notice.cadence}",
                )
        _check_digests(session, list(mails.values()), notices)


def _check_digests(session: Session, mails: Sequence[Mail], notices: Sequence[Notice]) -> None:
    law, days = ZoneInfo("Asia/Bishkek"), Counter[tuple[int, str, date]]()
    told = {notice.mail_id: notice for notice in notices if notice.mail_id}
    for mail in mails:
        if mail.message_id is None:
            person = session.get_one(Person, mail.person_id)
            cadence, zone = mail.target.partition(":")[2], zone_of(person.zone, law)
            day, slot = slot_before(cadence, zone, mail.created_at)
            assert mail.key == f"digest:{person.id}:{cadence}:{day}"
            assert slot <= mail.created_at
            assert told[mail.id or 0].created_at < slot, (
                "there is news in it, of before the morning"
            )
            days[person.id or 0, cadence, day] += 1
            if cadence == "weekly":
                assert day.weekday() == 0
    assert set(days.values()) == {1}


def test_after_a_week_without_a_worker_there_is_one_digest(village: Village) -> None:
    village.at("2026-09-07 10:00")
    aizada, bolot = village.person("Aizada"), village.person("Bolot", "weekly")
    for _ in range(7):
        village.tell_all()
        village.clock.forward(days=1)
    village.work()
    assert village.keys(aizada) == [f"digest:{aizada}:daily:2026-09-14"]
    assert village.keys(bolot) == [f"digest:{bolot}:weekly:2026-09-14"]
    (first, second) = mailed(village.platform, col(Mail.message_id).is_(None))
    for mail in (first, second):
        assert mail.subject == "7 pieces of news for you"
        for n in range(1, 8):
            assert mail.text.count(f"Report published: News {n}") == 1
            assert f"News {n}<" in mail.html
        assert "«On village libraries»" in mail.text
        assert mail.unsubscribe_path
    village.tell_all()
    village.work()
    assert len(village.keys(aizada)) == 1, "the rest of the day waits for the next morning"
    village.at("2026-09-15 08:00")
    village.work()
    assert village.keys(aizada)[1:] == [f"digest:{aizada}:daily:2026-09-15"]
    assert len(village.keys(bolot)) == 1


def test_what_is_not_true_any_more_is_left_out_and_an_empty_digest_is_not_sent(
    village: Village,
) -> None:
    aizada = village.person("Aizada")
    village.tell_all()
    with village.platform.database.writing() as session:
        values = {"titles": {"en": "Gone"}, "agency": {"en": "MOJ"}, "round": 1, "summaries": {}}
        values |= {"closes_at": START.isoformat(), "changes_path": ""}
        said = Announcement("opened:1", "consultation_opened", values, "/drafts/1", ("draft:1",))
        announce(session, village.platform, said, "", village.clock.now)
    village.clock.forward(days=1)
    village.work()
    (mail,) = village.keys(aizada)
    (folder,) = (village.platform.settings.data_dir / "mail").glob("*.eml")
    assert "Gone" not in folder.read_text()
    village.tell_all()
    with village.platform.database.writing() as session:
        unfollow(session, person_id=aizada, target="draft:1")
    village.clock.forward(days=1)
    village.work()
    assert village.keys(aizada) == [mail]
    with village.platform.database.reading() as session:
        skipped = session.exec(select(Mail).where(col(Mail.skipped_at).is_not(None))).one()
        assert "true any more" in skipped.error


def test_who_follows_several_things_is_told_once_and_most_eagerly(village: Village) -> None:
    aizada = village.person("Aizada", "weekly")
    with village.platform.database.writing() as session:
        follow(session, aizada, "agency:1", "at_once", START)
        follow(session, aizada, "all", "daily", START)
        targets = ("draft:1", "agency:1", "all")
        values = {"titles": {"en": "News"}, "agency": {"en": "MOJ"}, "round": 1}
        said = Announcement("report:1", "report_published", values, "/drafts/1", targets)
        announce(session, village.platform, said, "", START)
        (notice,) = session.exec(select(Notice)).all()
        assert (notice.cadence, notice.target) == ("at_once", "agency:1")
    village.work()
    assert village.keys(aizada) == [f"report:1:{aizada}"]


@contextmanager
def as_person(village: Village, person_id: int) -> Iterator[tuple[Session, Person]]:
    with village.platform.database.writing() as session:
        yield session, session.get_one(Person, person_id)


def test_a_category_is_mailed_as_often_as_its_reader_chose(village: Village) -> None:
    chosen = {"never": [], "daily": ["digest:{}:daily:2026-09-08"], "at_once": ["hidden:1:{}"]}
    village.at("2026-09-07 10:00")
    people = {cadence: village.person(cadence) for cadence in chosen}
    for cadence, person_id in people.items():
        with as_person(village, person_id) as (session, person):
            session.add(MailChoice(person_id=person_id, category="answers", cadence=cadence))
            session.flush()
            values = {"titles": {}, "agency": {}, "receipt": "K-1", "reason": "", "note": ""}
            said = {"key": "hidden:1", "kind": "signed_withdrawn", "path": "/comments/1"}
            zone = village.platform.pack.tz
            notify(session, person, values=values, zone=zone, now=village.clock.now, **said)
    village.work()
    village.clock.forward(days=1)
    village.work()
    for cadence, keys in chosen.items():
        assert village.keys(people[cadence]) == [key.format(people[cadence]) for key in keys]


def test_who_moves_to_another_zone_is_written_to_in_the_morning_there(village: Village) -> None:
    village.at("2026-09-07 20:00")
    aizada, bolot = village.person("Aizada"), village.person("Bolot", zone="Asia/Tokyo")
    village.tell_all()
    law = village.platform.pack.tz
    with as_person(village, aizada) as (session, person):
        person.zone = "America/New_York"
        move_digests(session, person, law, village.clock.now)
    with as_person(village, bolot) as (_, person):
        person.zone = "America/New_York"  # and nobody counted anew
    village.at("2026-09-08 09:00")  # eleven in the evening in New York
    village.work()
    assert village.keys(aizada) == village.keys(bolot) == []
    village.clock.now = slot_after("daily", ZoneInfo("America/New_York"), village.clock.now)
    village.work()
    for person_id in (aizada, bolot):
        assert village.keys(person_id) == [f"digest:{person_id}:daily:2026-09-08"]


def test_a_digest_is_stopped_as_a_whole(village: Village) -> None:
    aizada = village.person("Aizada", "weekly")
    with village.platform.database.writing() as session:
        follow(session, aizada, "agency:1", "daily", START)
        session.add(MailChoice(person_id=aizada, category="plans", cadence="weekly"))
        stop_digest(session, aizada, "weekly")
        assert session.exec(select(Subscription.target)).all() == ["agency:1"]
        assert session.exec(select(MailChoice.cadence)).all() == ["never"]
        set_cadence(session, person_id=aizada, target="agency:1", cadence="at_once")


def test_digests_are_written_for_so_many_people_at_once_that_others_need_not_wait(
    village: Village,
) -> None:
    for n in range(60):
        village.person(f"P{n}")
    village.tell_all()
    village.clock.forward(days=1)
    assert [write_digests(village.platform, village.clock.now) for _ in range(3)] == [50, 10, 0]


def test_two_workers_at_once_write_each_digest_and_send_each_mail_once(village: Village) -> None:
    people = [village.person(f"P{n}", ("daily", "at_once")[n % 2]) for n in range(20)]
    village.tell_all()
    village.clock.forward(days=1)
    together = Barrier(2)

    def work() -> None:
        together.wait()
        village.work()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with village.platform.database.reading() as session:
        mails = session.exec(select(Mail)).all()
        assert Counter(mail.person_id for mail in mails) == dict.fromkeys(people, 1)
        assert {mail.attempts for mail in mails} == {1}
        assert all(mail.sent_at for mail in mails)
        assert (
            len(session.exec(select(Message).where(Message.kind == "report_published")).all()) == 1
        )
