"""Acts of other kinds without HTTP: what parliament must see, what only some bodies publish."""

from datetime import date

import pytest
from sqlmodel import Session

from consult.accounts.models import Agency
from consult.adoption.actions import submit_to_parliament
from consult.adoption.models import ActOutcome
from consult.errors import Conflict, Invalid
from consult.plans.actions import add_item
from consult.plans.rules import Wording
from consult.platform import Platform
from consult.procedure.packs import load_pack
from consult.procedure.stages import Stage
from drafts.actions import keep_preview, publish_version, take_over
from drafts.answering.actions import Answered, answer
from drafts.answering.queries import answers_now
from drafts.importing.preview import Preview, import_bytes
from drafts.models import Draft, DraftVersion
from drafts.queries import load_tree
from tests.adopted import Act, make_act
from tests.conftest import START, TestClock
from tests.factories import OPERATOR, make_agency, make_tree

PACK = load_pack("kg")
ANSWERS = {one.code: f"About {one.code}." for one in PACK.acts["concept"].question}
TABLE = "code;name;last_year;plan;result;target\n1;Roofs;5;7;Dry;2\n2;Stoves;1;{};Warm;3\n"


@pytest.fixture
def act(platform: Platform, clock: TestClock) -> Act:
    return make_act(platform, clock)


def test_a_treaty_is_not_adopted_before_it_was_in_parliament(act: Act) -> None:
    with act.platform.database.writing() as session:
        act.draft(session).act_type = "international"
    with act.platform.database.writing() as session:
        with pytest.raises(Invalid, match="before parliament"):
            act.record(session)
        assert session.get(ActOutcome, 1) is None
        assert act.draft(session).stage == Stage.REPORTED.value
        submit_to_parliament(
            session,
            actor=act.actor(session, "Olga"),
            draft=act.draft(session),
            now=act.clock.now,
        )
        act.record(session)


def test_a_treaty_may_be_rejected_by_whom_it_did_not_convince(act: Act) -> None:
    with act.platform.database.writing() as session:
        act.draft(session).act_type = "international"
        session.flush()
        act.record(session, outcome="rejected", number="", reason="Too dear.")


@pytest.mark.parametrize(("kind", "fits"), [("kenesh", True), ("ministry", False)])
def test_a_decision_of_a_kenesh_is_taken_by_a_kenesh(
    session: Session, kind: str, fits: bool
) -> None:
    agency = make_agency(session, kind=kind)
    row = keep_preview(
        session,
        actor=OPERATOR,
        preview=Preview(make_tree(["Trees stay."], "en"), "On trees", (), 1.0),
        agency_id=agency.id or 0,
        draft=None,
        facts={"act_type": "kenesh_decision", "title": "On trees"},
        now=START,
    )
    if fits:
        take_over(session, actor=OPERATOR, preview=row, pack=PACK, now=START)
    else:
        with pytest.raises(Invalid, match="does not publish such acts"):
            take_over(session, actor=OPERATOR, preview=row, pack=PACK, now=START)


def test_nobody_plans_what_they_do_not_publish(session: Session) -> None:
    agency = make_agency(session)
    wording = Wording({"ky": "Бак жөнүндө"}, {}, "kenesh_decision", "")
    with pytest.raises(Invalid, match="does not publish such acts"):
        add_item(
            session,
            actor=OPERATOR,
            agency_id=agency.id or 0,
            wording=wording,
            month=date(2026, 12, 1),
            pack=PACK,
            now=START,
        )


def give(
    session: Session, agency: Agency, lang: str, draft: Draft | None = None, **more: str
) -> Draft:
    said = Answered(lang, "A concept", ANSWERS | more, "concept")
    version = answer(
        session,
        actor=OPERATOR,
        agency_id=agency.id or 0,
        draft=draft,
        said=said,
        pack=PACK,
        now=START,
    )
    return session.get_one(Draft, version.draft_id)


def test_answers_in_two_languages_are_one_version(session: Session) -> None:
    agency = make_agency(session)
    draft = give(session, agency, "ky")
    give(session, agency, "ru", draft)
    assert answers_now(session, draft, PACK.acts["concept"], "ru") == ANSWERS
    assert answers_now(session, draft, PACK.acts["concept"], "en") == {}
    with pytest.raises(Conflict, match="Nothing is different"):
        give(session, agency, "ru", draft)
    with pytest.raises(Invalid, match="answer this question"):
        give(session, agency, "ru", draft, cost="—")


def test_an_answer_that_stays_is_said_again_in_the_version_that_lacks_its_language(
    session: Session,
) -> None:
    agency = make_agency(session)
    draft = give(session, agency, "ky")
    give(session, agency, "ru", draft)
    publish_version(session, draft, session.get_one(DraftVersion, 1), START)
    give(session, agency, "ru", draft, problem="It is worse than we thought.")
    give(session, agency, "ky", draft)
    assert session.get_one(DraftVersion, 2).langs == ["ru", "ky"]
    with pytest.raises(Conflict, match="Nothing is different"):
        give(session, agency, "ky", draft)


def bring(session: Session, agency: Agency, lang: str, table: str, draft: Draft | None) -> Draft:
    preview = import_bytes(table.encode(), "a.csv", lang, act=PACK.acts["budget_programme"])
    row = keep_preview(
        session,
        actor=OPERATOR,
        preview=preview,
        agency_id=agency.id or 0,
        draft=draft,
        facts={"act_type": "budget_programme", "title": "Schools"},
        now=START,
    )
    version = take_over(session, actor=OPERATOR, preview=row, pack=PACK, now=START)
    return session.get_one(Draft, version.draft_id)


def test_the_two_languages_of_a_table_have_the_same_lines(session: Session) -> None:
    agency = make_agency(session)
    draft = bring(session, agency, "ky", TABLE.format(4), None)
    heading, one, two = TABLE.format(4).strip().split("\n")
    with pytest.raises(Invalid, match="the same lines"):
        bring(session, agency, "ru", "\n".join((heading, two, one)), draft)


def test_a_table_that_is_replaced_keeps_what_its_lines_are_called(session: Session) -> None:
    agency = make_agency(session)
    draft = bring(session, agency, "ky", TABLE.format(4), None)
    bring(session, agency, "ky", TABLE.format(5), draft)
    tree = load_tree(session, 1, "ky")
    assert [node.wid for node in tree.walk()][2:] == ["row_1", "row_2"]
    assert session.get_one(DraftVersion, 1).n == 1
