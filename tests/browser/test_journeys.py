"""Whole journeys of the cast, as people take them: with script, without, by keyboard."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from consult.platform import Platform
from consult.worker import drain
from tests.browser.conftest import PHONE, SignedIn, follow
from tests.long_laws import chapters, publish

OPEN = "/drafts/6"  # the decision of the city kenesh: open, in Kyrgyz, few comments
NUMBER = re.compile(r"K-\d{4}-\d{6}")


def write_comment(page: Page, words: str) -> str:
    """Fill the comment form that is there and send it; returns the receipt's number."""
    page.locator("textarea[name=body]").first.fill(words)
    follow(page.locator("form:has(textarea[name=body]) .btn-main").first)
    expect(page.locator(".notice-success")).to_be_visible()
    found = NUMBER.search(page.locator("h1").inner_text())
    assert found
    return found.group()


def test_a_villager_comments_on_an_old_phone_without_script(visit: SignedIn) -> None:
    page = visit("aizada", size=PHONE, script=False)
    page.goto(OPEN)
    page.locator("a.talk").first.click()
    number = write_comment(page, "Биздин көчөдө да көчөт отургузулсун.")
    page.goto("/cabinet")
    expect(page.locator("main")).to_contain_text(number)


def test_the_discussion_comes_to_stand_beside_the_text(visit: SignedIn) -> None:
    page = visit("aizada")
    page.goto(OPEN)
    page.locator("a.talk").nth(3).click()
    expect(page.locator("#discussion h2").first).to_be_focused()
    expect(page.locator("article.law")).to_be_visible()
    assert "/provisions/" in page.url


def test_selected_words_become_the_quote_of_a_comment(visit: SignedIn) -> None:
    page = visit("aizada")
    page.goto(OPEN)
    quoted = page.evaluate(
        """() => {
          const text = [...document.querySelectorAll('[data-quote] .prov-text')]
            .find((element) => element.textContent.length > 60).firstChild;
          const range = document.createRange();
          range.setStart(text, 0); range.setEnd(text, 24);
          getSelection().removeAllRanges(); getSelection().addRange(range);
          return range.toString().trim();
        }"""
    )
    page.locator(".quote-link").click()
    expect(page.locator("#discussion blockquote").first).to_contain_text(quoted)
    write_comment(page, "Ушул сөздөр так эмес.")
    expect(page.locator("main blockquote").first).to_contain_text(quoted)


def test_a_long_law_is_read_on_where_one_is_and_words_of_it_are_quoted_by_keyboard(
    visit: SignedIn, installation: Platform
) -> None:
    with installation.database.writing() as session:
        tree = chapters("ky", 6, 10, 250)
        draft = publish(session, tree, now=installation.clock(), code="LONG")
        address = f"/drafts/{draft.id}"
    page = visit("aizada", size=PHONE)
    page.goto(address)
    page.locator("#further [rel=next]").click()
    expect(page.locator(".part-where").nth(1)).to_be_focused()
    expect(page.locator("#art_1")).to_have_count(1)
    expect(page).to_have_url(re.compile("part=2"))
    chapter = page.locator(".law-part").nth(1).locator(".prov-part").first
    page.locator(".toc summary").click()
    page.locator(".toc a", has_text=chapter.inner_text()).click()
    expect(page.locator(".law-part")).to_have_count(2)  # it was here: nothing was loaded
    text = page.locator("#art_1 .prov-text")
    text.dblclick(position={"x": 30, "y": 12})
    page.keyboard.press("Shift+ArrowRight")
    link = page.locator(".quote-link")
    expect(link).to_be_in_viewport()
    assert (link.bounding_box() or {})["height"] >= 44
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("blockquote.quote").first).to_be_visible()
    write_comment(page, "Бул сөз түшүнүксүз.")


def test_a_vote_is_counted_in_its_place_and_can_be_taken_back(visit: SignedIn) -> None:
    page = visit("okuu")
    page.goto(f"{OPEN}/discussion")
    agree = page.locator(".votes button").first
    before = agree.inner_text()
    agree.click()
    expect(page.locator(".votes button").first).to_have_attribute("aria-pressed", "true")
    assert page.locator(".votes button").first.inner_text() != before
    page.locator(".votes button").first.click()
    expect(page.locator(".votes button").first).to_have_text(before)


def test_what_was_typed_survives_a_reload(visit: SignedIn) -> None:
    page = visit("aizada")
    page.goto(OPEN)
    page.locator("a.talk").nth(2).click()
    page.locator("#discussion textarea[name=body]").fill("Half a thought")
    page.reload()
    expect(page.locator("textarea[name=body]").first).to_have_value("Half a thought")


def test_a_comment_can_be_written_by_keyboard_alone(visit: SignedIn) -> None:
    page = visit("aizada")
    page.goto(OPEN)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("a.talk").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#discussion h2").first).to_be_focused()
    area = page.locator("#discussion textarea[name=body]")
    for _ in range(12):
        page.keyboard.press("Tab")
        if area.evaluate("(field) => field === document.activeElement"):
            break
    page.keyboard.type("Typed without a mouse.")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('btn-main')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator(".notice-success")).to_be_visible()


def test_a_newcomer_registers_by_a_mailed_link(visit: SignedIn, installation: Platform) -> None:
    page = visit(size=PHONE)
    page.goto("/register")
    page.fill("[name=name]", "Бермет Асанова")
    page.fill("[name=email]", "bermet@example.org")
    page.fill("[name=password]", "a long enough password")
    follow(page.locator("main .btn-main"))
    drain(installation, installation.clock())
    page.goto("/dev/mail")
    follow(page.locator("main tr", has_text="bermet@example.org").locator("a"))
    text = page.locator("main").inner_text()
    link = re.search(r"/confirm/[\w-]+", text)
    assert link
    page.goto(link.group())
    page.fill("[name=password]", "a long enough password")
    follow(page.locator("main .btn-main"))
    page.wait_for_url("**/cabinet")
    expect(page.locator("main")).to_contain_text("Бермет Асанова")


def test_the_language_is_chosen_once_and_remembered(visit: SignedIn) -> None:
    page = visit()
    page.goto("/drafts")
    page.locator(".lang summary").click()
    page.locator(".lang button[value=ky]").click()
    expect(page.locator("html")).to_have_attribute("lang", "ky")
    page.goto("/about")
    expect(page.locator("html")).to_have_attribute("lang", "ky")


def test_an_officer_imports_a_text_and_sets_lawful_dates(visit: SignedIn, tmp_path: Path) -> None:
    text = tmp_path / "drinking-water.txt"
    text.write_text(
        "Глава 1. Общие положения\n\nСтатья 1. Цель\n\n1. Вода в школах проверяется "
        "каждый месяц.\n\n2. Результаты публикуются.\n\nСтатья 2. Ответственность\n\n"
        "За нарушение отвечает директор школы.\n",
        "utf-8",
    )
    page = visit("olga")
    page.goto("/desk/import")
    page.set_input_files("[name=file]", text)
    page.select_option("select[name=lang]", "ru")
    page.select_option("[name=act_type]", "law")
    page.fill("[name=title]", "О воде в школах")
    follow(page.locator("main form .btn-main").first)
    expect(page.locator("main")).to_contain_text("Вода в школах проверяется")
    follow(page.locator("main .btn-main").first)
    expect(page.locator("main")).to_contain_text("О воде в школах")
    page.goto(page.url.rstrip("/") + "/schedule")
    follow(page.locator("main form .btn-main").first)
    expect(page.locator("main")).to_contain_text("О воде в школах")


def test_a_deputy_reads_one_page_for_each_bill(visit: SignedIn) -> None:
    page = visit("toktosunova")
    page.goto("/drafts/2")
    page.locator(".tabs a[href$='/brief']").click()
    expect(page.locator("main")).to_contain_text("this is not a survey")


def test_a_moderator_hides_a_comment_and_the_log_says_why(visit: SignedIn) -> None:
    page = visit("marat")
    page.goto(f"{OPEN}/discussion")
    page.locator("a[href$='/hide']").first.click()
    page.locator("main form [name=reason]").first.check()
    follow(page.locator("main form .btn-main, main form .btn-danger").first)
    page.goto("/moderation/log")
    expect(page.locator("main")).to_contain_text(NUMBER)
