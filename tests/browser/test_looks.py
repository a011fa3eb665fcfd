"""Every kind of page, looked at by machine: nothing cut off, nothing inaccessible, in any light."""

import pypdfium2
import pytest

from tests.browser.conftest import DESK, PHONE, TABLET, SignedIn, accessibility_problems

PUBLIC = (
    "/",
    "/drafts",
    "/drafts/3",
    "/drafts/3/discussion",
    "/drafts/3/comparison",
    "/drafts/3/term",
    "/drafts/3/report/1",
    "/drafts/3/duties",
    "/drafts/3/figures",
    "/drafts/3/brief",
    "/drafts/8",  # answers to questions
    "/drafts/11",  # a table of figures
    "/drafts/1/after",
    "/reviews/1",
    "/comments/1",
    "/proposals",
    "/proposals/1",
    "/questions",
    "/questions/1",
    "/hearings",
    "/hearings/2",
    "/councils/MDD-C",
    "/opinions/1",
    "/parliament/JK/deputies",
    "/parliament/sittings/1",
    "/open-data/exchange",
    "/search?q=китепкана",
    "/obligations",
    "/obligations/1",
    "/statistics",
    "/statistics/definitions",
    "/moderation/log",
    "/register",
    "/sign-in",
    "/feeds",
    "/about",
    "/privacy",
    "/accessibility",
    "/open-data",
    "/styleguide",
)
OWN = {
    "aizada": ("/cabinet", "/cabinet/notices", "/cabinet/following", "/comments/1"),
    "gulnara": (
        "/desk",
        "/desk/import",
        "/desk/drafts/4",
        "/desk/consultations/4",
        "/desk/consultations/4/report",
    ),
    "timur": ("/desk/consultations/4/approvals",),
    "marat": ("/moderation",),
    "admin": ("/admin", "/admin/people", "/admin/agencies", "/admin/rules", "/admin/work"),
}


@pytest.mark.parametrize("size", [PHONE, TABLET, DESK], ids=["phone", "tablet", "desk"])
def test_no_public_page_is_wider_than_the_screen(visit: SignedIn, size: tuple[int, int]) -> None:
    page = visit(size=size)
    for path in PUBLIC:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_public_pages_are_accessible(visit: SignedIn, scheme: str) -> None:
    page = visit(color_scheme=scheme)
    problems = {}
    for path in PUBLIC:
        page.goto(path)
        if found := accessibility_problems(page):
            problems[path] = found
    assert not problems


@pytest.mark.parametrize("who", OWN)
def test_pages_of_each_role_are_accessible_and_fit_a_phone(visit: SignedIn, who: str) -> None:
    page = visit(who, size=PHONE)
    problems = {}
    for path in OWN[who]:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0], path
        if found := accessibility_problems(page):
            problems[path] = found
    assert not problems


def test_paper_shows_the_law_and_not_the_machinery(visit: SignedIn) -> None:
    page = visit()
    page.goto("/drafts/3")
    page.emulate_media(media="print")
    assert page.locator("article.law").is_visible()
    assert not page.locator("header .menu-body").is_visible()
    assert not page.locator("footer").is_visible()


def test_on_paper_a_sum_stands_once_under_its_table_and_no_heading_is_left_alone(
    visit: SignedIn,
) -> None:
    page = visit()
    page.goto("/statistics")
    headings = {words.strip() for words in page.locator("h2, caption").all_inner_texts()}
    sheets = pypdfium2.PdfDocument(page.pdf(format="A4"))
    told = [sheet.get_textpage().get_text_range().strip() for sheet in sheets]
    assert "\n".join(told).count("Together") == page.locator(".data tfoot").count()
    assert not headings & {words.splitlines()[-1].strip() for words in told}
    longer = pypdfium2.PdfDocument(page.pdf(width="210mm", height="420mm"))[0].get_textpage()
    words = longer.get_text_range()
    bottoms = {
        name: longer.get_charbox(words.index(name))[1]
        for name in ("Together", "Compare the agencies")
    }
    assert bottoms["Together"] - bottoms["Compare the agencies"] > 10  # points
