"""Pages of agencies: the tree, one agency with its past, and what an administrator does to one."""

import pytest
from sqlmodel import Session

from consult.access import Role
from consult.accounts.models import Agency
from consult.platform import Platform
from tests import factories
from tests.client import Client
from tests.conftest import TestClock

BASIS = "Decree 5 of 1 September 2026"
NAMES = {"name_en": "Ministry of Bread", "name_ru": "Министерство хлеба"}


@pytest.fixture
def admin(platform: Platform) -> Client:
    with platform.database.writing() as session:
        for code in ("MOJ", "MOH", "MOF"):
            factories.make_agency(session, code)
        person = factories.make_person(session, "Admin", role=Role.ADMINISTRATOR)
        return Client(platform, factories.sign_in_token(session, person))


def agency(session: Session, agency_id: int) -> Agency:
    return session.get_one(Agency, agency_id)


def test_everybody_reads_the_tree_and_each_agency(platform: Platform, admin: Client) -> None:
    admin.post("/admin/agencies/MOH/move", {"parent": "1"})
    admin.post("/admin/agencies/MOF/move", {"parent": "2"})
    reader = Client(platform)
    text = reader.get("/agencies", budget=1).text
    assert text.index("Ministry MOJ") < text.index("Ministry MOH") < text.index("Ministry MOF")
    assert text.count('<li><a class="tap"') == 3
    page = reader.get("/agencies/MOJ", budget=6)  # two of them count the questions to it
    assert "Belongs to it" in page.text
    assert "Rename or reorganise" not in reader.get("/agencies/MOJ").text
    assert "Rename or reorganise" in admin.get("/agencies/MOJ").text
    reader.get("/agencies/NONE", status=404)


def test_a_draft_and_its_duties_say_what_the_agency_was_called_then(
    platform: Platform, admin: Client, clock: TestClock
) -> None:
    with platform.database.writing() as session:
        draft = factories.open_draft(session, agency=agency(session, 1))
        draft_id = draft.id
    reader = Client(platform)
    assert "(now " not in reader.get(f"/drafts/{draft_id}").text
    clock.forward(days=20)
    page = admin.follow(
        admin.post("/admin/agencies/MOJ/rename", NAMES | {"on": "2026-09-20", "basis": BASIS})
    )
    assert "The agency has its new name." in page.text
    text = reader.get(f"/drafts/{draft_id}").text
    assert "Ministry MOJ</a> (now Ministry of Bread)" in text
    past = reader.get("/agencies/MOJ").text
    assert "Earlier names" in past
    assert BASIS in past
    admin.post(
        "/admin/agencies/MOJ/end",
        {"successors[]": ["2", "3"], "on": "2026-09-22", "basis": BASIS, "typed": "moj"},
    )
    text = reader.get(f"/drafts/{draft_id}").text
    assert "Ministry MOJ</a> (now Ministry MOH; Ministry MOF)" in text
    assert "Took over from" in reader.get("/agencies/MOH").text
    assert "Taken over by" in reader.get("/agencies/MOJ").text
    assert "Closed agencies" in reader.get("/agencies").text


def test_a_refused_change_comes_back_filled_with_its_reason(admin: Client) -> None:
    sent = NAMES | {"on": "2026-09-08", "basis": BASIS}
    text = admin.post("/admin/agencies/MOJ/rename", sent, status=422).text
    assert "on its day, not before" in text
    assert "Министерство хлеба" in text
    text = admin.post("/admin/agencies/MOJ/rename", NAMES | {"on": "2026-09-07"}, status=422).text
    assert "Please fill this in." in text
    wrong = {"successors[]": ["2"], "on": "soon", "basis": BASIS}
    text = admin.post("/admin/agencies/MOJ/end", wrong, status=422).text
    assert 'value="2" checked' in text
    admin.post("/admin/agencies/MOJ/end", {"on": "2026-09-07", "basis": BASIS}, status=422)
    admin.post("/admin/agencies/MOJ/move", {"parent": "1"}, status=422)
    admin.post("/admin/agencies/NONE/move", {"parent": "1"}, status=404)


def test_a_mistaken_name_is_taken_back_the_same_day(admin: Client, clock: TestClock) -> None:
    assert "Take the new name back" not in admin.get("/admin/agencies/MOJ").text
    sent = NAMES | {"on": "2026-09-01", "basis": BASIS}
    assert (
        "Take the new name back"
        in admin.follow(admin.post("/admin/agencies/MOJ/rename", sent)).text
    )
    text = admin.follow(admin.post("/admin/agencies/MOJ/undo")).text
    assert "<h1>Ministry MOJ</h1>" in text
    admin.post("/admin/agencies/MOJ/undo", status=409)
    admin.post("/admin/agencies/MOJ/rename", sent)
    clock.forward(days=1)
    admin.post("/admin/agencies/MOJ/undo", status=409)


def test_an_agency_is_closed_by_whoever_types_its_code_and_then_only_shown(
    platform: Platform, admin: Client
) -> None:
    page, end = "/admin/agencies/MOJ", {"successors[]": ["2"], "on": "2026-09-07", "basis": BASIS}
    for typed in ("", "MOH"):
        text = admin.post(f"{page}/end", end | {"typed": typed}, status=422).text
        assert "Please type the code as it stands above." in text
    assert "Follow this agency" in admin.get("/agencies/MOJ").text
    text = admin.follow(admin.post(f"{page}/end", end | {"typed": " moj "})).text
    for said in ("closed on", "Ministry MOH", BASIS):
        assert said in text
    assert "Give it another name" not in text
    assert "Put it beneath another agency" not in text
    admin.post(f"{page}/rename", NAMES | {"on": "2026-09-07", "basis": BASIS}, status=422)
    admin.post(f"{page}/move", {"parent": "2"}, status=422)
    assert "Follow this agency" not in Client(platform).get("/agencies/MOJ").text


def test_no_language_loses_the_name_it_had(admin: Client) -> None:
    form = admin.get("/admin/agencies/MOJ").text
    assert form.count("(optional)") == 3  # two names it never had, and whom it belongs to
    sent = {"name_en": "Ministry of Bread", "on": "2026-09-07", "basis": BASIS}
    text = admin.post("/admin/agencies/MOJ/rename", sent, status=422).text
    assert 'id="rename-name_ru-error"' in text


def test_an_officer_of_the_successor_opens_the_desk_of_the_predecessors_draft(
    platform: Platform, admin: Client, clock: TestClock
) -> None:
    with platform.database.writing() as session:
        draft = factories.make_draft(session, agency(session, 1))
        olga = factories.make_person(session, "Olga", role=Role.OFFICER, agency=agency(session, 2))
        officer, url = (
            Client(platform, factories.sign_in_token(session, olga)),
            f"/desk/drafts/{draft.id}",
        )
    assert officer.http.get(url).status_code in (403, 404)
    end = {"successors[]": ["2"], "on": "2026-09-07", "basis": BASIS, "typed": "MOJ"}
    admin.post("/admin/agencies/MOJ/end", end)
    officer.get(url)
    text = officer.get("/desk/import").text
    assert "Ministry MOJ" not in text
