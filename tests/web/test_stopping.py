"""The link "stop these mails": no sign-in, exactly what the mail came of, and all by a button."""

import pytest
from sqlmodel import col, select

from consult.platform import Platform
from consult.worker import drain
from notifications.following import set_cadence, subscribe
from notifications.links import UNSUBSCRIBE, sign
from notifications.models import MailChoice, Subscription
from notifications.rules import CATEGORIES
from tests.client import Client
from tests.conftest import START
from tests.factories import (
    make_agency,
    make_comment,
    make_draft,
    make_person,
    open_consultation,
)
from tests.mailed import mailed

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def stranger(platform: Platform) -> Client:
    """Somebody who is not signed in; Aizada commented on a draft, and follows it and its agency."""
    with platform.database.writing() as session:
        agency, aizada = make_agency(session), make_person(session)
        draft = make_draft(session, agency)
        subscribe(session, 1, "draft:1", START)
        subscribe(session, 1, "agency:1", START)
        set_cadence(session, person_id=1, target="agency:1", cadence="weekly")
        open_consultation(session, draft)
        make_comment(session, draft, aizada)
    drain(platform, START)
    return Client(platform)


def path_to_stop(platform: Platform, target: str) -> str:
    return f"/unsubscribe/{sign(platform.settings.secret_key, UNSUBSCRIBE, f'1:{target}')}"


def followed(platform: Platform) -> list[str]:
    with platform.database.reading() as session:
        query = select(Subscription.target).order_by(col(Subscription.id))
        return list(session.exec(query).all())


def choices(platform: Platform) -> dict[str, str]:
    with platform.database.reading() as session:
        rows = session.exec(select(MailChoice)).all()
        return {row.category: row.cadence for row in rows}


def test_each_mail_stops_what_it_came_of(stranger: Client, platform: Platform) -> None:
    stops = {mail.key.partition(":")[0]: mail.unsubscribe_path for mail in mailed(platform)}
    assert "1:draft:1." in stops["opened"]
    assert "1:category:answers." in stops["receipt"]


def test_one_click_ends_one_subscription_and_no_other(stranger: Client, platform: Platform) -> None:
    path = path_to_stop(platform, "draft:1")
    assert "On village libraries" in stranger.get(path).text
    assert followed(platform) == ["draft:1", "agency:1"], "opening the link changes nothing"
    for _ in range(2):
        stranger.post(path, ONE_CLICK, status=200, headers={"Sec-Fetch-Site": "cross-site"})
    assert followed(platform) == ["agency:1"]
    assert choices(platform) == {}


def test_a_mail_that_came_of_no_subscription_ends_its_category(
    stranger: Client, platform: Platform
) -> None:
    path = path_to_stop(platform, "category:answers")
    assert "What became of what I wrote" in stranger.get(path).text
    assert "stay in your cabinet" in stranger.post(path, ONE_CLICK, status=200).text
    assert choices(platform) == {"answers": "never"}
    assert followed(platform) == ["draft:1", "agency:1"]


def test_a_digest_is_stopped_with_what_came_in_it(stranger: Client, platform: Platform) -> None:
    path = path_to_stop(platform, "digest:weekly")
    assert "every week" in stranger.get(path).text
    stranger.post(path, ONE_CLICK, status=200)
    assert followed(platform) == ["draft:1"]


def test_the_page_offers_to_stop_everything(stranger: Client, platform: Platform) -> None:
    page = stranger.get(path_to_stop(platform, "draft:1")).text
    everything = path_to_stop(platform, "everything")
    assert f'action="{everything}"' in page
    assert "/following/1." in page
    stranger.get(everything)
    assert followed(platform) == ["draft:1", "agency:1"]
    stranger.post(everything, status=200)
    assert followed(platform) == []
    assert choices(platform) == dict.fromkeys(CATEGORIES, "never")


@pytest.mark.parametrize("target", ["category:none", "digest:hourly", "draft:99", "x", ""])
def test_a_link_to_what_is_not_there_changes_nothing(
    stranger: Client, platform: Platform, target: str
) -> None:
    path = path_to_stop(platform, target)
    stranger.get(path)
    stranger.post(path, ONE_CLICK, status=200)
    assert followed(platform) == ["draft:1", "agency:1"]
    assert choices(platform) == {}


def test_whoever_is_gone_has_nothing_to_stop(stranger: Client, platform: Platform) -> None:
    secret = platform.settings.secret_key
    for target in ("category:answers", "everything"):
        path = f"/unsubscribe/{sign(secret, UNSUBSCRIBE, f'99:{target}')}"
        stranger.post(path, ONE_CLICK, status=200)
    assert choices(platform) == {}
