"""Correcting what was read, as an officer does it on the way: on a phone, without script."""

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, SignedIn, accessibility_problems

LAW = "1-берене. Максаты\n1. Биринчи. 2. Экинчи.\n3. Үчүнчү.\n"


def test_an_officer_corrects_what_was_read_without_script(visit: SignedIn) -> None:
    page = visit("olga", size=PHONE, script=False)
    page.goto("/desk/import")
    page.locator("input[type=file]").set_input_files(
        {"name": "law.txt", "mimeType": "text/plain", "buffer": LAW.encode()}
    )
    page.locator("select[name=lang]").select_option("ky")
    page.locator("select[name=act_type]").select_option(index=1)
    page.locator("main .btn-main").click()
    page.locator('main li a[href*="#art_1__para_3"]').click()  # what is doubtful leads there
    expect(page.locator("#art_1__para_3")).to_be_in_viewport()
    page.locator(".correctable:has(#art_1__para_1) a.talk").click()
    words = page.locator("textarea[name=words]")
    words.fill(words.input_value().replace(" 2.", "\n\n2."))
    page.locator('form[action$="/cut"] button').click()
    expect(page.locator("#art_1__para_2")).to_be_in_viewport()
    here = page.url

    seen = visit("olga", size=PHONE)
    for address in (here, here.partition("?")[0] + "/provisions/1"):
        seen.goto(address)
        assert not accessibility_problems(seen)

    page.locator(".correctable:has(#art_1__para_2) button").click()  # undo
    expect(page.locator("#art_1__para_2")).to_have_count(0)
