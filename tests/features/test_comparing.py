"""Two stored versions compared: from the database, and as an operator asks on the command line."""

import json

import pytest
from sqlmodel import Session, col, select

from consult.accounts.models import Agency
from consult.app import build_platform
from consult.config import Settings
from consult.errors import NotFound
from drafts.compared import compare_versions, newest_change
from drafts.models import Draft, DraftVersion, Provision
from drafts.queries import versions
from drafts.tree import Tree
from drafts.versions.comparing import KINDS
from tests.factories import make_agency
from tests.features.test_cli import Consult, consult, data_dir, ready  # noqa: F401 - fixtures
from tests.revisions import begin, revise
from tests.rules.test_aligning import NEW, PAY, REFUSE, REGISTER, law

OLD, MIDDLE = law(REGISTER, PAY, REFUSE), law(REGISTER, NEW, PAY, REFUSE)
LAST = law(REGISTER.replace("one day", "two days"), NEW, PAY)


def three_versions(session: Session, agency: Agency) -> Draft:
    draft = begin(session, agency, OLD)
    revise(session, draft, MIDDLE)
    revise(session, draft, LAST, published=False)
    return draft


def test_versions_far_apart_are_compared_through_the_stored_lists(session: Session) -> None:
    draft = three_versions(session, make_agency(session))
    found = compare_versions(session, versions(session, draft.id or 0), 1, 3, ["en"])
    assert [(row.kind, row.wid) for row in found.rows] == [
        ("edited", "art_1"),
        ("added", "art_2-v2"),
        ("renumbered", "art_2"),
        ("deleted", "art_3"),
    ]


def test_a_text_that_is_not_public_yet_is_compared_as_it_is_now(session: Session) -> None:
    draft = three_versions(session, make_agency(session))
    for words in (LAST.nodes[2].text, "The fee is waived."):
        last = session.exec(select(DraftVersion).where(DraftVersion.n == 3)).one()
        (row,) = session.exec(
            select(Provision).where(Provision.version_id == last.id, Provision.wid == "art_2")
        )
        row.text = words
        session.flush()
        found = compare_versions(session, versions(session, draft.id or 0), 2, 3, ["en"])
        assert words in [node.text for change in found.rows for node in change.new]


def test_versions_without_a_common_language_cannot_be_compared(session: Session) -> None:
    draft = begin(session, make_agency(session), law(PAY))
    revise(session, draft, law(PAY))
    session.exec(select(DraftVersion).order_by(col(DraftVersion.n).desc())).first().langs = ["ru"]  # type: ignore[union-attr]
    with pytest.raises(NotFound, match="no language in common"):
        compare_versions(session, versions(session, draft.id or 0), 1, 2, ["en"])


def test_a_language_both_have_is_taken_before_one_that_only_one_has(session: Session) -> None:
    draft = begin(session, make_agency(session), law(PAY))
    revise(session, draft, law(PAY), Tree("ru", law("Сбор.").nodes))
    every = versions(session, draft.id or 0)
    assert compare_versions(session, every, 1, 2, ["ru"]).lang == "en"


def test_the_newest_version_that_changed_a_provision_is_known(session: Session) -> None:
    every = versions(session, three_versions(session, make_agency(session)).id or 0)
    changed = {wid: newest_change(session, every, wid) for wid in ("art_1", "art_2", "art_3", "x")}
    assert changed == {"art_1": 3, "art_2": 2, "art_3": 3, "x": None}
    assert newest_change(session, every[:2], "art_1") is None


@pytest.fixture
def told(ready: Consult) -> Consult:  # noqa: F811
    """Commands on an installation with one draft in three versions, the last not yet public."""
    database = build_platform(Settings()).database
    with database.writing() as session:
        three_versions(session, session.exec(select(Agency)).one())
    database.engine.dispose()
    return ready


def test_the_command_prints_operations_and_what_changed_as_json(told: Consult) -> None:
    data = json.loads(told("compare", "1", "1", "3", "--json"))
    assert data["operations"] == dict.fromkeys(KINDS, 0) | {
        "edited": 1,
        "added": 1,
        "renumbered": 1,
        "deleted": 1,
    }
    edited, added, renumbered, deleted = data["changed"]
    assert edited["old"]["wid"] == edited["new"]["wid"] == "art_1"
    assert [op for op, _ in edited["diff"]] == ["same", "delete", "insert", "same"]
    assert "".join(words for op, words in edited["diff"] if op != "delete") == LAST.nodes[0].text
    assert 0.8 < edited["similarity"] < 1
    assert (added["old"], deleted["new"]) == (None, None)
    assert (renumbered["old"]["number"], renumbered["new"]["number"]) == ("2", "3")
    assert data == json.loads(told("compare", "1", "3", "1", "--json"))


def test_the_command_tells_people_what_changed(told: Consult) -> None:
    printed = told("compare", "1", "2", "3")
    assert printed.startswith("Draft 1, version 2 to 3 (en): 2 same, 1 edited, 1 deleted.")
    assert "within [-one day-]{+two days+} and" in printed
    assert f"[-{REFUSE}-]" in printed


def test_the_command_refuses_in_a_line(told: Consult) -> None:
    for words, reason in (
        (("9", "1", "2"), "There is no such draft."),
        (("1", "1", "9"), "There is no such version of this draft."),
        (("1", "1", "2", "--lang", "ky"), "no common text in the language ky"),
    ):
        refusal = told("compare", *words, fails=1)
        assert refusal.startswith("consult: ")
        assert reason in refusal
