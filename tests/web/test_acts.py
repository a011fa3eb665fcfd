"""Acts of other kinds in the browser: questions to answer, tables to import, what is refused."""

import re

import pytest
from sqlmodel import Session, select

from consult.access import Role
from consult.platform import Platform
from drafts.models import Draft, DraftVersion, ImportPreview
from drafts.queries import load_tree
from tests.client import Client
from tests.conftest import TestClock
from tests.factories import make_agency, make_person, open_consultation, sign_in_token
from tests.web.ministry import Ministry, make_ministry

CODES = ("problem", "people", "ways", "choice", "cost", "measure")
ANSWERS = {f"answer_{code}": f"What we say of {code}." for code in CODES}
FORM = {"lang": "en", "title": "School meals", "topic": "education"} | ANSWERS
BEGIN = "/desk/answering?act_type=concept"
TABLE = """Code;Measure;Last year;Plan;Expected result;Target
1;Schools;300;450;;
1.1;Roofs;100;200;Dry classrooms;12
1.2;Stoves;200;250;;
;Total;300;451;;
"""


@pytest.fixture
def ministry(platform: Platform, clock: TestClock) -> Ministry:
    return make_ministry(platform, clock)


@pytest.fixture
def olga(ministry: Ministry) -> Client:
    return ministry.client("Olga")


def send(olga: Client, table: str, *, status: int = 303, to: str = "", **facts: str) -> str:
    """Send a table; the address of what was read, or the page that says what is wrong."""
    told = {"lang": "en", "act_type": "budget_programme", "title": "School budget"} | facts
    files = {"file": ("budget.csv", table.encode(), "text/csv")}
    answer = olga.post(f"/desk/import{to}", told, files=files, status=status)
    return str(answer.headers["location"] if status == 303 else answer.text)


def texts(session: Session, n: int) -> dict[str, str]:
    version = session.exec(select(DraftVersion).where(DraftVersion.n == n)).one()
    return {one.wid: one.text for one in load_tree(session, version.id or 0, "en").walk()}


def test_answers_become_a_text_that_is_discussed(ministry: Ministry, olga: Client) -> None:
    assert BEGIN.replace("&", "&amp;") in olga.get("/desk/import").text
    assert "Whom does it touch?" in olga.get(BEGIN).text
    olga.post(BEGIN, FORM, status=303)
    with ministry.platform.database.writing() as session:
        draft = session.exec(select(Draft)).one()
        assert (draft.act_type, draft.titles, draft.topic) == (
            *("concept", {"en": "School meals"}, "education"),
        )
        open_consultation(session, draft, now=ministry.clock.now)
    page = Client(ministry.platform).get("/drafts/1").text
    assert "Whom does it touch?" in page
    assert "What we say of people." in page
    assert (
        "Whom does it touch?"
        in Client(ministry.platform).get("/drafts/1/provisions/art_people").text
    )


def test_a_comment_stays_with_its_question(ministry: Ministry, olga: Client) -> None:
    olga.post(BEGIN, FORM, status=303)
    with ministry.platform.database.writing() as session:
        open_consultation(session, session.exec(select(Draft)).one(), now=ministry.clock.now)
    ministry.comment("Hot meals only.", wid="art_cost", lang="en")
    ministry.close()
    olga = ministry.client("Olga")  # a month later
    form = olga.get("/desk/drafts/1/answering").text
    assert "What we say of cost." in form
    more = FORM | {
        "answer_cost": "What we say of cost, and of milk.",
        "note": "Milk was forgotten.",
    }
    olga.post("/desk/drafts/1/answering", more, status=303)
    with ministry.platform.database.reading() as session:
        assert texts(session, 2)["art_cost"] == "What we say of cost, and of milk."
        assert list(texts(session, 2)) == list(texts(session, 1))


def test_another_language_has_the_same_provisions(ministry: Ministry, olga: Client) -> None:
    olga.post(BEGIN, FORM, status=303)
    assert 'value="ky"' in olga.get("/desk/drafts/1/answering?lang=ky").text
    olga.post("/desk/drafts/1/answering", FORM | {"lang": "ky"}, status=303)
    with ministry.platform.database.reading() as session:
        version = session.exec(select(DraftVersion)).one()
        assert version.langs == ["en", "ky"]


def test_a_question_without_an_answer_is_named_and_nothing_is_lost(
    ministry: Ministry, olga: Client
) -> None:
    page = olga.post(
        BEGIN, FORM | {"answer_cost": " ", "answer_ways": "a" * 10_001}, status=422
    ).text
    assert "Please answer this question." in page
    assert page.count('class="error-text"') == 2
    assert "What we say of problem." in page
    with ministry.platform.database.reading() as session:
        assert not session.exec(select(Draft)).all()
        assert not session.exec(select(ImportPreview)).all()


def test_the_same_answers_make_no_version(olga: Client) -> None:
    olga.post(BEGIN, FORM, status=303)
    page = olga.post("/desk/drafts/1/answering", FORM, status=422).text
    assert "Nothing is different" in page


def test_what_has_no_questions_has_no_form(ministry: Ministry, olga: Client) -> None:
    olga.get("/desk/answering?act_type=law", status=404)
    assert "Concept of a law" in olga.get("/desk/answering").text
    ministry.draft()
    olga.get("/desk/drafts/1/answering", status=404)


def test_a_form_does_not_begin_with_a_file(olga: Client) -> None:
    page = send(olga, "Article 1.\nWords.", status=422, act_type="concept")
    assert "Fill in the form instead." in page


def test_a_table_is_looked_at_before_it_is_taken_over(ministry: Ministry, olga: Client) -> None:
    preview = send(olga, TABLE)
    page = olga.get(preview).text
    assert "this line says 451, but the lines beneath add up to 450" in page
    assert "Every letter of the file stands in the text below." in page
    olga.post(preview, {"title": "School budget"}, status=303)
    with ministry.platform.database.writing() as session:
        draft = session.exec(select(Draft)).one()
        open_consultation(session, draft, now=ministry.clock.now)
    page = Client(ministry.platform).get("/drafts/1").text
    assert re.search(
        r'<td role="cell" class="amount" data-label="Plan, thousand som"><span>450', page
    )
    assert "law-total" in page


def test_a_comment_stays_with_its_line_and_old_figures_stand_beside_new_ones(
    ministry: Ministry, olga: Client
) -> None:
    olga.post(send(olga, TABLE), {"title": "School budget"}, status=303)
    with ministry.platform.database.writing() as session:
        open_consultation(session, session.exec(select(Draft)).one(), now=ministry.clock.now)
    ministry.comment("Our roof leaks.", wid="row_1.1", lang="en")
    public = Client(ministry.platform)
    assert "Our roof leaks." in public.get("/drafts/1/provisions/row_1.1").text
    ministry.close()
    olga = ministry.client("Olga")  # a month later
    next_one = TABLE.replace("100;200", "100;1250,5").replace("1.2;Stoves;200;250;;\n", "")
    olga.post(send(olga, next_one, to="?draft=1"), {"title": "School budget"}, status=303)
    with ministry.platform.database.reading() as session:
        assert texts(session, 2)["row_1.1"].split("\t")[3] == "1,250.5"
        assert "row_1.2" not in texts(session, 2)
    page = olga.get("/drafts/1/comparison/1/2").text
    assert "200" in page
    assert "1,250.5" in page


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("Code;Plan\n1;2\n", "No column is headed “Measure”."),
        (TABLE + "2;A;1;2;;3;4\n", "Line 6 has more cells than the heading."),
        ("", "The file is empty."),
    ],
)
def test_a_bad_table_gets_a_clear_error_and_leaves_nothing(
    ministry: Ministry, olga: Client, table: str, message: str
) -> None:
    assert message in send(olga, table, status=422)
    with ministry.platform.database.reading() as session:
        assert not session.exec(select(ImportPreview)).all()


def test_a_table_does_not_begin_with_a_text(olga: Client) -> None:
    told = {"lang": "en", "act_type": "budget_programme"}
    files = {"file": ("law.txt", b"Article 1\nWords.", "text/plain")}
    assert (
        "Import it as .csv or .xlsx."
        in olga.post("/desk/import", told, files=files, status=415).text
    )


def test_forms_offer_only_what_an_agency_publishes(ministry: Ministry, olga: Client) -> None:
    assert 'value="kenesh_decision"' not in olga.get("/desk/import").text
    assert 'value="kenesh_decision"' not in olga.get("/desk/plan/new").text
    files = {"file": ("law.txt", b"Article 1\nWords.", "text/plain")}
    told = {"lang": "en", "act_type": "kenesh_decision"}
    page = olga.post("/desk/import", told, files=files, status=422).text
    assert "does not publish such acts" in page
    with ministry.platform.database.writing() as session:
        kenesh = make_agency(session, "KRK", kind="kenesh")
        asel = make_person(session, "Asel", role=Role.OFFICER, agency=kenesh)
        token = sign_in_token(session, asel, ministry.clock.now)
    client = Client(ministry.platform, token)
    assert 'value="kenesh_decision"' in client.get("/desk/import").text
    client.post("/desk/import", told, files=files, status=303)


@pytest.mark.parametrize("ending", [".docx", ".akn.xml", ".jsonld"])
def test_answers_and_figures_can_be_taken_away(
    ministry: Ministry, olga: Client, ending: str
) -> None:
    olga.post(BEGIN, FORM, status=303)
    olga.post(send(olga, TABLE), {"title": "School budget"}, status=303)
    with ministry.platform.database.writing() as session:
        for draft in session.exec(select(Draft)).all():
            open_consultation(session, draft, now=ministry.clock.now)
    for draft_id in (1, 2):
        file = Client(ministry.platform).http.get(f"/drafts/{draft_id}/versions/1/en{ending}")
        assert file.status_code == 200
