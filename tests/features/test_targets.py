"""Which of what people follow an event concerns; which saved searches a new text fits."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from consult.accounts.models import AgencySuccession
from consult.consultations.models import Consultation
from consult.errors import Invalid, NotFound
from consult.platform import Platform
from notifications.following import NOBODY_FOLLOWS, search_to_follow, subscribe, sweep_searches
from notifications.models import SavedSearch
from notifications.rules import parts_of
from notifications.searching import TOLD, kept_search, query_of, read_search, search_path
from notifications.targets import Reached, targets_of, targets_of_item
from tests.conftest import START, TestClock
from tests.decrees import PACK
from tests.factories import (
    add_version,
    close_consultation,
    make_agency,
    make_draft,
    make_person,
    open_consultation,
)
from tests.planned import make_plan


def search(session: Session, words: str, **filters: str) -> str:
    return search_to_follow(session, PACK, words=words, filters=filters, now=START)


def followed_search(session: Session, words: str, **filters: str) -> str:
    target = search(session, words, **filters)
    subscribe(session, make_person(session, target).id or 0, target, START)
    return target


def searches(targets: list[str]) -> list[str]:
    return [target for target in targets if target.startswith("search:")]


def test_a_draft_concerns_itself_its_topic_kind_agency_and_all(session: Session) -> None:
    agency, successor = make_agency(session), make_agency(session, "MOC")
    session.add(
        AgencySuccession(agency_id=agency.id, successor_id=successor.id, since_on=START.date())
    )
    draft = make_draft(session, agency)
    draft.topic = "culture"
    assert targets_of(session, draft) == [
        f"draft:{draft.id}",
        "topic:culture",
        "act_type:law",
        f"agency:{agency.id}",
        f"agency:{successor.id}",
        "all",
    ]


def test_who_follows_an_agency_that_ended_goes_on_with_its_successors(session: Session) -> None:
    first, second, third, other = (make_agency(session, code) for code in ("A", "B", "C", "D"))
    for old, new in ((first, second), (second, third), (first, other)):
        session.add(AgencySuccession(agency_id=old.id, successor_id=new.id, since_on=START.date()))
    found = targets_of(session, make_draft(session, third))
    followed = [target for target in found if target.startswith("agency:")]
    assert followed == [f"agency:{body.id}" for body in (third, first, second)]


def test_an_item_of_the_plan_concerns_the_whole_plan_too(
    platform: Platform, clock: TestClock
) -> None:
    plan = make_plan(platform, clock)
    item = plan.item(plan.add())
    with platform.database.reading() as session:
        found = targets_of_item(session, item)
    assert found[0] == f"plan:{item.id}"
    assert found[-2:] == ["all", "plan"]
    assert f"act_type:{item.act_type}" in found
    assert f"agency:{item.agency_id}" in found


def test_a_saved_search_is_told_only_of_what_opens_and_fits(session: Session) -> None:
    agency = make_agency(session)
    draft = make_draft(session, agency)
    fits = [
        followed_search(session, "libraries"),
        followed_search(session, "village week"),
        followed_search(session, '"five days"', agency="MOJ"),
        followed_search(session, "", act_type="law", lang="en"),
        followed_search(session, "китепканалар"),  # a synonym, as the page of search finds it
    ]
    for words, filters in [
        ("waters", {}),
        ("library", {"lang": "ru"}),
        ('"days five"', {}),
        ('"китепкана"', {}),
    ]:
        followed_search(session, words, **filters)
    search(session, "library")  # which nobody follows
    round_ = open_consultation(session, draft)
    assert searches(targets_of(session, draft, Reached("open", round_))) == fits
    assert not searches(targets_of(session, draft))


def test_a_search_for_a_stage_is_told_when_a_draft_comes_to_it(session: Session) -> None:
    draft = make_draft(session, make_agency(session))
    at = {stage: followed_search(session, "libraries", stage=stage, year="2026") for stage in TOLD}
    anyhow = followed_search(session, "libraries", year="2026")
    followed_search(session, "libraries", stage="reported", year="2025")
    round_ = open_consultation(session, draft)
    assert searches(targets_of(session, draft, Reached("open", round_))) == [at["open"], anyhow]
    close_consultation(session, round_)
    round_.reported_at = START
    for stage in ("reported", "adopted", "rejected"):
        reached = Reached(stage, round_ if stage == "reported" else None)
        assert searches(targets_of(session, draft, reached)) == [at[stage]]


def test_a_second_round_is_told_to_searches_that_fit_only_now(session: Session) -> None:
    agency = make_agency(session)
    draft = make_draft(session, agency)
    followed_search(session, "library")
    rivers = followed_search(session, "rivers")
    first = open_consultation(session, draft)
    close_consultation(session, first)
    version = add_version(session, draft, ("A library stands by all rivers.",))
    version.published_at = START
    second = Consultation(
        draft_id=draft.id,
        version_id=version.id,
        round=2,
        opens_at=START,
        closes_at=START + timedelta(days=30),
    )
    session.add(second)
    session.flush()
    assert searches(targets_of(session, draft, Reached("open", second))) == [rivers]
    reports = followed_search(session, "library", stage="reported")
    assert searches(targets_of(session, draft, Reached("reported", second))) == [reports], (
        "no report came of the first round"
    )
    first.reported_at = START
    session.flush()
    assert not searches(targets_of(session, draft, Reached("reported", second)))


def test_who_asks_the_same_follows_the_same_search(session: Session) -> None:
    assert search(session, "  village \n libraries ") == search(session, "Village LIBRARIES")
    assert search(session, "village", topic="culture") != search(session, "village")
    assert len(session.exec(select(SavedSearch)).all()) == 3


def test_nothing_and_what_does_not_exist_are_no_searches(session: Session) -> None:
    with pytest.raises(Invalid):
        search(session, " ")
    with pytest.raises(Invalid):
        search(session, "\x01" * 300)
    unknown = [("agency", "NONE"), ("topic", "none"), ("act_type", "x"), ("lang", "de")]
    for name, value in [*unknown, ("stage", "closed"), ("year", "26"), ("year", "٢٠٢٦")]:
        with pytest.raises(NotFound):
            search(session, "village", **{name: value})


def test_a_search_nobody_follows_is_forgotten_after_a_while(session: Session) -> None:
    person = make_person(session)
    followed, lonely = search(session, "one"), search(session, "two")
    subscribe(session, person.id or 0, followed, START)
    sweep_searches(session, START + NOBODY_FOLLOWS)
    assert len(session.exec(select(SavedSearch)).all()) == 2
    sweep_searches(session, START + NOBODY_FOLLOWS + timedelta(seconds=1))
    kept = session.exec(select(SavedSearch.id).order_by(col(SavedSearch.id))).all()
    assert [f"search:{number}" for number in kept] == [followed] != [lonely]


class TestKeeping:
    def test_a_kept_search_asks_what_was_asked(self) -> None:
        kept = kept_search('жер "сатуу"', {"agency": "MOJ", "topic": "", "stage": "adopted"})
        assert read_search(kept) == {"q": 'жер "сатуу"', "agency": "MOJ", "stage": "adopted"}
        stage, query = query_of(kept)
        assert (stage, query.text) == ("adopted", 'жер "сатуу"')
        assert query.filters == {"agency": ("MOJ",)}
        assert search_path(kept).startswith("/search?agency=MOJ&q=")

    def test_no_search_is_too_long_for_its_column(self) -> None:
        asked = {"agency": "A" * 20, "act_type": "a" * 40, "topic": "t" * 40, "lang": "ky"}
        asked |= {"stage": "reported", "year": "2026"}
        for letter in ("я", "ΐ"):  # which is three letters where capitals do not count
            assert len(kept_search(letter * 5000, asked)) < 1000

    @pytest.mark.parametrize(
        "target",
        [
            *("", "draft", "draft:", "draft:x", "draft:1:2", "person:1", "all:1", "topic:"),
            *("topic:a b", "topic:Ж", "search:-1", "search:1234567890", "plan:x", "ALL"),
            "topic:" + "a" * 41,
        ],
    )
    def test_nothing_else_can_be_followed(self, target: str) -> None:
        with pytest.raises(NotFound):
            parts_of(target)

    @pytest.mark.parametrize("target", ["draft:12", "search:5", "topic:land_use", "plan", "all"])
    def test_what_can_be_followed_is_known_by_its_parts(self, target: str) -> None:
        kind, key = parts_of(target)
        assert target == (f"{kind}:{key}" if key else kind)
