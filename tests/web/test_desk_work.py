"""Officers who share a list: filters, colleagues, notes, templates, approval by outcome."""

import re
from typing import Any

import pytest
from sqlmodel import select

from consult.access import Role
from consult.anchors.models import AnchorResolution
from consult.answers.models import Assignment
from consult.campaigns.models import Cluster, Fingerprint
from consult.comments.models import Comment
from consult.intake.models import Provenance
from consult.platform import Platform
from drafts.models import Draft
from tests.beginnings import kept
from tests.conftest import TestClock
from tests.factories import ARTICLES, add_version, make_agency, make_person
from tests.web.ministry import WORK, Ministry, make_ministry, marks

ANSWER = {"lang": "en", "outcome": "rejected", "changed_wid": "", "seen": ""}
TEMPLATE = {
    "title": "No money",
    "outcome": "rejected",
    "lang": "en",
    "reason": "The budget of this year has no means for it.",
}


@pytest.fixture
@kept
def ministry(platform: Platform, clock: TestClock) -> Ministry:
    """Four comments, and two officers to answer them."""
    made = make_ministry(platform, clock)
    made.draft()
    made.comment("Open on Sundays!", "Close on Mondays", wid="art_2", lang="en")
    made.comment("Who pays for it?", "Мектептер кайда?", lang="ky", stance="oppose")
    with platform.database.writing() as session:
        agency = session.merge(made.agency)
        made.people["Zarina"] = make_person(session, "Zarina", role=Role.OFFICER, agency=agency)
        session.get_one(Comment, 2).channel = "paper"
    return made


def held(ministry: Ministry) -> dict[int, int]:
    with ministry.platform.database.reading() as session:
        rows = session.exec(select(Assignment.comment_id, Assignment.officer_id)).all()
        return dict(rows)


def shown(page: str) -> list[int]:
    return [int(n) for n in re.findall(r'name="comments\[\]" value="(\d+)"', page)]


@pytest.mark.parametrize(
    ("narrow", "found"),
    [
        ("", [3, 4, 1, 2]),
        ("channel=paper", [2]),
        ("lang=ky", [3, 4]),
        ("stance=oppose&wid=whole", [3, 4]),
        ("words=sundays", [1]),
        ("words=МЕКТЕП", [4]),
        ("words=nothing+like+it", []),
        ("organisation=yes", []),
        ("files=yes", []),
        ("officer=0", [3, 4, 1, 2]),
        ("officer=7", []),
        ("officer=nonsense&issue=x&kind=&lang=", [3, 4, 1, 2]),
    ],
)
def test_the_list_is_narrowed_by_plain_addresses(
    ministry: Ministry, narrow: str, found: list[int]
) -> None:
    page = ministry.client("Olga").get(f"{WORK}?{narrow}").text
    assert shown(page) == found


def test_every_link_of_a_narrowed_list_keeps_the_other_filters(ministry: Ministry) -> None:
    page = ministry.client("Olga").get(f"{WORK}?lang=ky&words=who&officer=0").text
    links = re.findall(rf'href="{WORK}\?([^"]*kind=[^"]*)"', page)
    assert links
    assert all("lang=ky" in one and "words=who" in one and "officer=0" in one for one in links)
    assert f'{WORK}/groups?officer=0&amp;lang=ky&amp;words=who"' in page


def test_comments_go_to_a_colleague_who_finds_them_first(ministry: Ministry) -> None:
    olga, zarina = ministry.client("Olga"), ministry.client("Zarina")
    her = ministry.people["Zarina"].id or 0
    assert "Mine" not in zarina.get(WORK).text
    given = {"comments[]": [1, 3], "to": str(her), "then": "assign"}
    olga.post(f"{WORK}/assignments?lang=", given)
    assert held(ministry) == {1: her, 3: her}
    page = zarina.get(WORK).text
    first = re.search(r'aria-label="Whose comments">\s*<ul>\s*<li><a href="([^"]+)"', page)
    assert first
    assert shown(zarina.get(first[1].replace("&amp;", "&")).text) == [3, 1]
    assert "Given to Zarina" in page
    zarina.post(f"{WORK}/assignments", {"comments[]": [1], "then": "take_back"})
    assert held(ministry) == {3: her}


def test_all_that_is_found_is_given_at_once(ministry: Ministry) -> None:
    her = ministry.people["Zarina"].id or 0
    given = {"everything": "yes", "to": str(her), "then": "assign"}
    ministry.client("Nurlan").post(f"{WORK}/assignments?words=о+ба+кайда", given, status=422)
    ministry.client("Nurlan").post(f"{WORK}/assignments?lang=ky", given)
    assert held(ministry) == {3: her, 4: her}


def test_what_was_chosen_is_still_chosen_when_no_colleague_was(ministry: Ministry) -> None:
    page = ministry.client("Olga").post(
        f"{WORK}/assignments?wid=art_2", {"comments[]": [1, 2], "then": "assign"}, status=422
    )
    assert page.text.count(" checked>") == 2
    assert "Who answers them?: Please choose one of the options." in page.text
    assert shown(page.text) == [1, 2]


def test_a_note_is_seen_by_the_approver_and_by_nobody_outside(ministry: Ministry) -> None:
    ministry.close()
    olga, nurlan = ministry.client("Olga"), ministry.client("Nurlan")
    address = f"{WORK}/comments/1/notes"
    olga.post(address, {"body": "The treasury said no."})
    olga.post(f"{WORK}/comments/1", ANSWER | {"reason": "It costs too much."})
    page = nurlan.get(f"{WORK}/approvals").text
    assert "The treasury said no." in page
    assert f"{WORK}/notes/1/delete" not in nurlan.get(f"{WORK}/comments/1").text
    nurlan.post(f"{WORK}/notes/1/delete", status=403)
    for outside in ("/comments/1", "/drafts/1", "/drafts/1/provisions/art_2"):
        assert "treasury" not in ministry.client("Aizada").get(outside).text
    ministry.client("Aizada").get(address, status=403)
    olga.post(f"{WORK}/notes/1/delete")
    assert "The treasury said no." not in olga.get(address).text
    olga.post(f"{WORK}/notes/1/delete", status=404)


def test_a_note_that_is_too_long_is_kept_to_be_shortened(ministry: Ministry) -> None:
    olga = ministry.client("Olga")
    group = olga.post(f"{WORK}/groups", {"comments[]": [1, 2], "title": "Hours"})
    address = f"{group.headers['location']}/notes"
    refused = olga.post(address, {"body": "Ask. " * 500}, status=422).text
    assert "Ask. Ask. Ask." in refused
    olga.post(address, {"body": "Ask."})
    assert "Ask." in olga.follow(group).text
    olga.post(f"{WORK}/comments/99/notes", {"body": "x"}, status=404)


def test_an_answer_begins_with_a_template(ministry: Ministry) -> None:
    olga = ministry.client("Olga")
    agency = str(ministry.agency.id)
    assert "There is no template yet." in olga.get("/desk/templates").text
    refused = olga.post("/desk/templates", TEMPLATE | {"agency": agency, "title": ""}, status=422)
    assert TEMPLATE["reason"] in refused.text
    refused = olga.post("/desk/templates", TEMPLATE | {"agency": agency, "reason": "."}, status=422)
    assert "in a few words" in refused.text
    assert TEMPLATE["title"] in refused.text
    olga.post("/desk/templates", TEMPLATE | {"agency": agency})
    page = olga.get(f"{WORK}/comments/1?lang=ky&template=1").text
    assert f"{TEMPLATE['reason']}</textarea>" in page
    assert re.search(r'value="rejected" checked', page)
    assert re.search(r'name="lang" value="ky"', page)  # the list's filter goes on
    other = olga.get(f"{WORK}/comments/3?template=99").text
    assert TEMPLATE["reason"] not in other
    olga.post("/desk/templates/1/archive")
    assert "Begin with a template" not in olga.get(f"{WORK}/comments/1").text
    assert "Not offered since" in olga.get("/desk/templates").text


def test_templates_belong_to_their_agency(ministry: Ministry) -> None:
    with ministry.platform.database.writing() as session:
        other = make_agency(session, "MOC")
        ministry.people["Bakyt"] = make_person(session, "Bakyt", role=Role.OFFICER, agency=other)
    agency = str(ministry.agency.id)
    ministry.client("Olga").post("/desk/templates", TEMPLATE | {"agency": agency})
    bakyt = ministry.client("Bakyt")
    assert TEMPLATE["title"] not in bakyt.get("/desk/templates").text
    bakyt.post("/desk/templates", TEMPLATE | {"agency": agency}, status=403)
    bakyt.post("/desk/templates/1/archive", status=403)
    ministry.client("Nurlan").post("/desk/templates/1/archive", status=403)
    ministry.client("Aizada").get("/desk/templates", status=403)


def test_the_approver_looks_at_one_outcome_and_approves_all_shown(ministry: Ministry) -> None:
    ministry.close()
    olga, nurlan = ministry.client("Olga"), ministry.client("Nurlan")
    reasons = ("The budget has no means.", "A decree says who does.", "Each has a library.")
    for n, reason in zip((1, 3, 4), reasons, strict=True):
        outcome = "rejected" if n == 1 else "answered"
        olga.post(f"{WORK}/comments/{n}", ANSWER | {"outcome": outcome, "reason": reason})
    address = f"{WORK}/approvals?outcome=answered"
    page = nurlan.get(address).text
    assert len(marks(page)) == 2
    done: dict[str, Any] = {"everything": "yes", "shown[]": marks(page)}
    assert nurlan.post(address, done).headers["location"] == address
    assert "No answer waits for approval." in nurlan.get(address).text
    assert len(marks(nurlan.get(f"{WORK}/approvals").text)) == 1
    nurlan.get(f"{WORK}/approvals?outcome=nonsense")


def test_a_held_comment_is_named_before_publication(ministry: Ministry) -> None:
    with ministry.platform.database.writing() as session:
        session.get_one(Comment, 4).held_at = ministry.clock.now
    ministry.close()
    olga = ministry.client("Olga")
    assert "1 comment is held" in olga.get(f"{WORK}/report").text
    refused = olga.post(f"{WORK}/report", status=409).text
    assert "1 comments wait for a moderator" in refused


def test_a_comment_of_a_campaign_shows_what_its_author_added(ministry: Ministry) -> None:
    with ministry.platform.database.writing() as session:
        cluster = Cluster(
            draft_id=1,
            medoid_id=1,
            submissions=17,
            distinct_n=3,
            first_at=ministry.clock.now,
            last_at=ministry.clock.now,
        )
        session.add(cluster)
        session.get_one(Comment, 2).body = "Open on Sundays! My mother works all week."
        for row in session.exec(select(Fingerprint)).all():
            session.delete(row)
        session.flush()
        for id_ in (1, 2):
            session.add(
                Fingerprint(
                    comment_id=id_, draft_id=1, exact=str(id_), sketch=b"", cluster_id=cluster.id
                )
            )
    olga = ministry.client("Olga")
    page = olga.get(f"{WORK}/comments/2").text
    assert "One of 17 comments that say nearly the same" in page
    assert "3 different texts" in page
    assert "<li>My mother works all week</li>" in page
    assert "What this person wrote otherwise" not in olga.get(f"{WORK}/comments/1").text
    with ministry.platform.database.writing() as session:
        session.get_one(Comment, 1).hidden_at = ministry.clock.now  # no handler has come to it yet
    page = olga.get(f"{WORK}/comments/2").text
    assert "One of 17 comments that say nearly the same" in page
    assert "What this person wrote otherwise" not in page


def test_how_a_comment_came_and_where_its_words_stand_now_is_said(ministry: Ministry) -> None:
    with ministry.platform.database.writing() as session:
        session.add(
            Provenance(
                comment_id=2,
                received_on=ministry.clock.now.date(),
                reference="Register 17/4",
                entered_by=ministry.people["Olga"].id or 0,
                entered_at=ministry.clock.now,
            )
        )
        draft = session.get_one(Draft, 1)
        version = add_version(session, draft, [ARTICLES[0], "Wholly other."], published=True)
        session.add(
            AnchorResolution(
                comment_id=1,
                version_id=version.id or 0,
                wid="art_2",
                state="text_deleted",
                resolved_at=ministry.clock.now,
            )
        )
    olga = ministry.client("Olga")
    assert "Register 17/4" in olga.get(f"{WORK}/comments/2").text
    page = olga.get(f"{WORK}/comments/1").text
    assert "Made on version 1" in page
    assert "The words are no longer in the text." in page
