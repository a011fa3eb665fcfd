"""What is counted about drafts: of one, of all, and what a brief tells beyond numbers."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, literal, select
from sqlmodel import Session, col

from consult.accounts.demographics.models import Demographic
from consult.accounts.models import Person
from consult.accounts.queries import agencies
from consult.comments.models import Comment
from consult.consultations.queries import rounds_by_draft
from consult.law.queries import law_of
from consult.obligations.keeping.following import follow_consultation
from consult.platform import Platform
from consult.procedure.packs import load_pack
from consult.statistics.brief import Brief, brief_of, main_issues
from consult.statistics.facts.ground import Ground
from consult.statistics.overall import Overall, overall_figures, silent_drafts
from consult.statistics.parts import ORGANISATION
from consult.statistics.queries import DRAFT, DraftFigures, beginnings, bucket, draft_figures
from consult.statistics.rules import LEAST, OTHER, Figures, unequal
from consult.statistics.scope import Scope
from tests import factories
from tests.conftest import START
from tests.discussed import Discussed, make_discussed

BISHKEK = ZoneInfo("Asia/Bishkek")
PACK = load_pack("kg")


@pytest.fixture
def scene(session: Session) -> Discussed:
    scene = make_discussed(session)
    say_of_oneself(scene, scene.people["Aizada"], "naryn")
    say_of_oneself(scene, scene.people["Bolot"], "bishkek")
    return scene


def say_of_oneself(scene: Discussed, person: Person, region: str) -> None:
    scene.session.add(Demographic(person_id=person.id or 0, region=region, said_at=START))
    scene.session.flush()


def count(scene: Discussed, days: int = 5) -> DraftFigures:
    now = START + timedelta(days=days)
    return draft_figures(scene.session, scene.draft.id or 0, tz=BISHKEK, now=now)


def count_all(session: Session, agency: int | None = None, days: int = 5) -> Overall:
    codes = {id_: body.code for id_, body in agencies(session).items()}
    now = START + timedelta(days=days)
    return overall_figures(session, Scope(agency_id=agency), codes, pack=PACK, now=now)


def brief(scene: Discussed, platform: Platform, days: int = 60) -> Brief:
    now = START + timedelta(days=days)
    rounds = rounds_by_draft(scene.session, scene.draft.id or 0)
    law = law_of(scene.session, platform.pack)
    return brief_of(scene.session, scene.draft, rounds, law=law, now=now)


def assert_equal_sums(figures: Figures) -> None:
    assert {code: unequal(figure) for code, figure in figures.items() if unequal(figure)} == {}


def test_people_are_those_who_are_read_or_voted_each_once(scene: Discussed) -> None:
    people = count(scene).figures["people"]
    assert people.by["kind"] == {"person": 3, "organisation": 1}  # Aizada, Bolot, the voter
    assert people.value == 4
    assert people.by["way"] == {"commented": 3, "only_voted": 1}


def test_comments_are_counted_apart_from_replies_and_from_what_is_not_shown(
    scene: Discussed,
) -> None:
    figures = count(scene).figures
    assert figures["comments"].value == 4
    assert figures["replies"].value == 1
    assert figures["not_shown"].by["reason"] == {
        "withdrawn": 1,
        "disavowed": 0,
        "hidden": 1,
        "held": 0,
    }
    assert figures["comments"].by["kind"] == {
        "editorial": 0,
        "substantive": 1,
        "wording": 2,
        "question": 1,
    }
    assert figures["share_substance"].value == 0.75
    assert figures["comments"].by["provision"] == {"art_2": 2, "art_3": 1, DRAFT: 1}


def test_comments_fall_on_the_days_of_the_place_they_are_about(session: Session) -> None:
    scene = make_discussed(session)
    late = datetime(2026, 9, 9, 19, 30, tzinfo=UTC)  # half past one in the night in Bishkek
    factories.make_comment(session, scene.draft, scene.people["Aizada"], "Late.", now=late)
    days = count(scene).figures["comments"].by["day"]
    assert list(days) == [f"2026-09-{day:02}" for day in range(7, 13)]
    assert days["2026-09-10"] == 1


def test_a_voice_is_a_comment_with_a_stance_or_a_vote(scene: Discussed) -> None:
    figures = count(scene).figures
    assert figures["voices_against"].by["provision"]["art_2"] == 3
    assert figures["voices_for"].by["provision"] == {"art_2": 1, "art_3": 1}
    assert figures["votes"].by["value"] == {"for": 3, "against": 1}
    assert figures["votes"].by["subject"] == {"draft": 1, "provision": 2, "comment": 1}


def test_regions_and_languages_of_a_few_people_are_not_shown(scene: Discussed) -> None:
    figures = count(scene).figures
    assert figures["people"].by["region"] == {OTHER: None, "": None, ORGANISATION: 1}
    assert figures["comments"].by["language"] == {OTHER: None}


def test_a_region_with_enough_people_is_shown(scene: Discussed) -> None:
    for region, told in (("osh", {OTHER: 5}), ("naryn", {"naryn": 5, OTHER: 5})):  # of 7; 6 and 6
        for n in range(LEAST):
            person = scene.person(f"{region} {n}")
            say_of_oneself(scene, person, region)
            scene.vote(f"{region} {n}", "", 1)
        people = count(scene).figures["people"]
        assert people.by["region"] == {**told, "": None, ORGANISATION: 1}


def test_a_person_more_does_not_show_what_that_person_said(scene: Discussed) -> None:
    def told() -> Mapping[str, int | None]:
        return count(scene).figures["people"].by["region"]

    for n in range(2 * LEAST + 2):
        say_of_oneself(scene, scene.person(f"Person {n}"), "naryn")
        if n >= 2 * LEAST:  # those before are known from the first look
            before = told()
        scene.vote(f"Person {n}", "", 1)
    assert told() == before


def test_nothing_is_owed_or_answered_while_the_discussion_is_open(scene: Discussed) -> None:
    figures = count(scene).figures
    assert figures["answers_owed"].value == 0
    assert figures["share_answered"].value is None  # no data, not 0 %
    scene.close()
    figures = count(scene).figures
    assert figures["answers_owed"].value == 5
    assert figures["share_answered"].value == 0


def test_a_published_answer_counts_for_each_comment_it_answers(scene: Discussed) -> None:
    scene.report()
    figures = count(scene).figures
    outcomes = figures["answers"].by["outcome"]
    assert (outcomes["accepted"], outcomes["rejected"]) == (2, 3)  # a reply shares its answer
    assert figures["share_answered"].value == 1
    assert figures["changed_provisions"].by["provision"] == {"art_2": 1}


def test_duties_are_kept_late_overdue_or_to_come(scene: Discussed, platform: Platform) -> None:
    scene.close()
    law = law_of(scene.session, platform.pack)
    follow_consultation(scene.session, law, scene.draft, scene.round, START)
    early = count(scene, days=32).figures
    assert early["duties"].by["standing"]["on_time"] == 1  # the announcement
    assert early["duties"].by["standing"]["overdue"] == 0
    assert early["share_on_time"].value == 1
    late = count(scene, days=300).figures
    assert late["duties"].by["standing"]["overdue"] == 2  # answers and report
    assert late["share_on_time"].value == pytest.approx(1 / 3, abs=1e-4)
    assert_equal_sums(late)


def test_a_draft_without_any_duty_has_no_share_of_duties_kept(scene: Discussed) -> None:
    assert count(scene).figures["share_on_time"].value is None


def test_every_total_is_the_sum_of_its_parts(scene: Discussed) -> None:
    assert_equal_sums(count(scene).figures)
    assert_equal_sums(count_all(scene.session).figures)
    scene.report()
    assert_equal_sums(count(scene).figures)
    assert_equal_sums(count_all(scene.session).figures)


def test_all_drafts_together_are_what_each_agency_has(scene: Discussed) -> None:
    quiet = factories.make_agency(scene.session, "MOH")
    factories.open_draft(scene.session, agency=quiet)
    factories.make_draft(scene.session, quiet)  # in preparation: counted nowhere
    overall = count_all(scene.session)
    codes = ("drafts", "drafts_silent", "comments")
    assert [(agency, *(own[code].value for code in codes)) for agency, own in overall.agencies] == [
        ("MOH", 1, 1, 0),
        ("MOJ", 1, 0, 4),
    ]
    for code in codes:
        parts = overall.figures[code].by["agency"]
        assert parts == {agency: own[code].value for agency, own in overall.agencies}
    assert overall.figures["drafts"].by["stage"]["open"] == 2
    assert overall.figures["people"].value == 4
    assert [
        draft.agency_id for draft in silent_drafts(scene.session, Ground(Scope(), PACK, START))
    ] == [quiet.id]


def test_one_agency_is_counted_as_in_the_whole(scene: Discussed) -> None:
    quiet = factories.make_agency(scene.session, "MOH")
    factories.open_draft(scene.session, agency=quiet)
    whole = dict(count_all(scene.session).agencies)
    own = count_all(scene.session, agency=scene.agency.id)
    assert list(own.agencies) == [("MOJ", whole["MOJ"])]
    assert own.figures["comments"].value == 4
    assert count_all(scene.session, agency=quiet.id).figures["people"].value == 0


def test_an_agency_with_nothing_to_answer_has_no_share_of_answers(scene: Discussed) -> None:
    _, own = count_all(scene.session).agencies[0]
    shares = ("share_answered", "share_on_time", "share_identical")
    assert [own[share].value for share in shares] == [None, None, None]


def test_answers_with_the_same_reason_are_seen(scene: Discussed) -> None:
    scene.report()
    _, own = count_all(scene.session).agencies[0]
    assert own["share_identical"].value == 1  # both reasons are one; "accepted" needed none


def test_months_long_past_are_one_part_so_that_the_sum_holds(scene: Discussed) -> None:
    months = count_all(scene.session, days=900).figures["comments"].by["month"]
    assert next(iter(months.items())) == ("(earlier)", 4)
    assert sum(n or 0 for n in months.values()) == 4


def test_the_same_words_are_one_text(scene: Discussed, platform: Platform) -> None:
    scene.compare()
    figures = brief(scene, platform).counts.figures
    assert figures["comments"].value == 4
    assert figures["distinct_texts"].value == 3


def test_a_brief_sets_the_days_open_beside_the_legal_minimum(
    scene: Discussed, platform: Platform
) -> None:
    held = brief(scene, platform).held[0]
    assert held.days == held.minimum  # it was opened for the shortest lawful term
    assert held.days > 0
    assert held.computation.citation


def test_issues_are_internal_until_the_report_is_out(scene: Discussed, platform: Platform) -> None:
    issues = main_issues(scene.session, scene.draft.id or 0)
    assert [(issue.title, issue.comments) for issue in issues] == [("", 4)]
    assert issues[0].best["oppose"].body == "Please open it on Sundays."  # with a vote for it
    scene.report()
    issues = brief(scene, platform).issues
    assert [(i.title, i.comments, i.outcome) for i in issues] == [
        ("Opening days", 2, "accepted"),
        ("", 2, ""),
    ]


def test_a_brief_shows_what_was_changed_in_words(scene: Discussed, platform: Platform) -> None:
    scene.report()
    change = brief(scene, platform).changes[0]
    assert change.wid == "art_2"
    assert ("del", " three") in change.pieces or ("del", "three") in change.pieces
    assert "five" in change.after


def test_a_second_round_adds_to_the_first(scene: Discussed, platform: Platform) -> None:
    scene.report()
    later = START + timedelta(days=90)
    scene.round = factories.open_consultation(scene.session, scene.draft, now=later)
    scene.say("more", "Aizada", "Thank you.", 91, wid="art_2", stance="support")
    counted = count(scene, days=92)
    assert counted.figures["comments"].value == 5
    assert counted.unit == "week"  # three months are too many days for a chart
    assert_equal_sums(counted.figures)
    assert counted.figures["answers_owed"].value == 5  # the new round is still open
    assert [held.round for held in brief(scene, platform, days=92).held] == [1, 2]


def test_what_happens_on_an_edge_belongs_to_what_begins_there(session: Session) -> None:
    midnight = beginnings([START.date()], BISHKEK)[0]
    edges = [midnight + timedelta(days=n) for n in range(5)]

    def bucket_of(seconds: int) -> int:
        moment = literal(midnight + timedelta(seconds=seconds), col(Comment.created_at).type)
        return int(session.execute(select(bucket(moment, edges))).scalar_one())

    seconds = (-1, 0, 1, 86_399, 86_400, 400_000)
    assert [bucket_of(each) for each in seconds] == [0, 1, 1, 1, 2, 5]


@pytest.mark.parametrize("many", [0, 1, 40])
def test_the_number_of_queries_does_not_depend_on_the_number_of_comments(
    platform: Platform, many: int
) -> None:
    statements: list[str] = []
    with platform.database.writing() as session:
        scene = make_discussed(session)
        for n in range(many):
            scene.say(f"c{n}", "Aizada", f"Number {n}.", wid="art_1", kind="editorial")
        session.flush()
        event.listen(
            platform.database.engine,
            "before_cursor_execute",
            lambda _c, _cursor, statement, *_rest: statements.append(statement),
        )
        brief(scene, platform)
    assert len([s for s in statements if s.startswith("SELECT")]) == 12
