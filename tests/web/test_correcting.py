"""Correcting in the browser what was read: without script, undone, in parts, in two languages."""

import re
from html import unescape
from typing import Any

import pytest

from consult.platform import Platform
from tests.client import Client
from tests.conftest import TestClock
from tests.rules.importing_files import p, word
from tests.web.ministry import Ministry, make_ministry, read_in, upload

LAW = "Статья 1. Предмет\n1. Первый пункт. 2. Второй пункт.\nСтатья 2. Деньги\nБюджет платит.\n"
TRACKED = (
    "<w:r><w:t>Статья 1. </w:t></w:r><w:ins w:id='1'><w:r><w:t>Новое</w:t></w:r></w:ins>"
    "<w:del w:id='2'><w:r><w:delText>Старое</w:delText></w:r></w:del>"
)


@pytest.fixture
def ministry(platform: Platform, clock: TestClock) -> Ministry:
    return make_ministry(platform, clock)


@pytest.fixture
def olga(ministry: Ministry) -> Client:
    return ministry.client("Olga")


def read(olga: Client, text: str = LAW) -> str:
    """The address of a text that was read."""
    return str(read_in(olga, "/desk/import", text, act_type="law").headers["location"])


def fields(page: str, action: str) -> dict[str, str]:
    """What a form on the page would send as it stands."""
    form = page.partition(f'action="{action}"')[2].partition("</form>")[0]
    found = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form))
    found |= dict(
        re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL)
    )
    selects = re.findall(r'<select[^>]*name="([^"]+)".*?value="([^"]*)" selected', form, re.DOTALL)
    return {name: unescape(value) for name, value in [*found.items(), *selects]}


def send(olga: Client, url: str, at: int, verb: str, status: int = 303, **changed: Any) -> Any:
    """Fill in a form of a provision's page as it was sent out, some of it changed."""
    action = f"{url}/provisions/{at}/{verb}"
    asked = fields(olga.get(f"{url}/provisions/{at}").text, action)
    assert asked["after"].isdigit()
    return olga.post(action, asked | changed, status=status)


def law(page: str) -> str:
    """The text on the page without its tags."""
    text = page.partition('<article class="law"')[2].partition("</article>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_each_provision_leads_to_its_corrections(olga: Client) -> None:
    url = read(olga)
    page = olga.get(url).text
    assert page.count(f'href="{url}/provisions/') == 3
    page = olga.get(f"{url}/provisions/1").text
    assert "Первый пункт. 2. Второй пункт." in page
    assert "Статья 1." in page.partition("<main")[2]  # what stands before it, and above
    olga.get(f"{url}/provisions/3", status=404)
    olga.get(f"{url}/provisions/-1", status=404)
    olga.post(f"{url}/provisions/3/join", {"after": "0"}, status=404)


def test_a_correction_comes_back_to_its_place_and_is_undone(olga: Client) -> None:
    url = read(olga)
    as_read = law(olga.get(url).text)
    words = "1. Первый пункт.\r\n\r\n2. Второй пункт."
    done = send(olga, url, 1, "cut", words=words)
    assert done.headers["location"] == f"{url}?at=2#art_1__para_2"
    page = olga.follow(done).text
    assert "It is corrected." in page
    assert "1 correction" in page
    assert "2 paragraphs" in page
    undone = olga.post(f"{url}/undo", fields(page, f"{url}/undo"))
    page = olga.follow(undone).text
    assert law(page) == as_read
    assert "Undo" not in page
    assert "nothing to undo" in olga.post(f"{url}/undo", {"after": "0"}, status=422).text


def test_kind_parent_and_parts_are_corrected_and_taken_over(olga: Client) -> None:
    url = read(olga, "Статья 1. Предмет\nСлова.\nСтатья 2 Деньги идут из бюджета.\n")
    send(olga, url, 1, "hang", depth="0")
    divided = {"label": "Статья 2", "heading": "Деньги", "text": "идут из бюджета."}
    page = olga.follow(send(olga, url, 1, "name", kind="article", **divided)).text
    assert "2 articles" in page
    assert 'id="art_2"' in page
    taken = olga.post(url, {"title": "О библиотеках", "after": "2"})
    assert "О библиотеках" in olga.follow(taken).text


def test_joined_passages_are_one(olga: Client) -> None:
    url = read(olga)
    page = olga.get(f"{url}/provisions/2").text
    assert "Первый пункт. 2. Второй пункт." in page  # what it will be joined to
    page = olga.follow(send(olga, url, 2, "join")).text
    assert "1 article" in page
    olga.get(f"{url}/provisions/2", status=404)
    assert "join" not in fields(olga.get(f"{url}/provisions/0").text, f"{url}/provisions/0/join")


def test_a_changed_letter_is_refused_and_what_was_typed_stays(olga: Client) -> None:
    url = read(olga)
    page = send(olga, url, 1, "name", 422, text="Первый пункт. 2. Третий пункт.").text
    assert "The letters must stay" in page
    assert "2. Третий пункт." in page
    page = send(olga, url, 1, "cut", 422, words="1. Первый.\n\nДругой.").text
    assert "Only empty lines" in page
    assert "Put an empty line" in send(olga, url, 1, "cut", 422).text
    assert "can only hang" in send(olga, url, 1, "hang", 422, depth="9").text
    send(olga, url, 1, "name", 422, kind="poem")
    send(olga, url, 1, "name", 422, after="")
    assert "correction" not in olga.get(url).text.partition("<main")[2]


def test_a_stale_page_corrects_nothing(olga: Client) -> None:
    url = read(olga)
    send(olga, url, 1, "name", kind="note")
    for action in (f"{url}/provisions/1/join", f"{url}/undo"):
        page = olga.post(action, {"after": "0"}, status=409).text
        assert "corrected meanwhile" in page
    olga.post(url, {"title": "x", "after": "0"}, status=409)
    olga.post(f"{url}/again", {"after": "0", "lang": "ru"}, status=409)
    assert "1 correction" in olga.get(url).text


def test_a_warning_leads_to_the_provision_it_is_about(olga: Client) -> None:
    url = read(olga, "Статья 1. Предмет\n1. Первый.\n3. Третий.\n")
    page = olga.get(url).text
    assert f'<a href="{url}?at=2#art_1__para_3">line 3</a>' in page
    assert "jumps from 1 to 3" in law(page)
    send(olga, url, 1, "join")
    page = olga.get(url).text
    assert f'<a href="{url}?at=1#art_1__para_3">line 3</a>' in page  # it moved up
    assert "jumps from 1 to 3" in olga.get(f"{url}/provisions/1").text


def test_the_file_is_read_again_in_another_language(olga: Client) -> None:
    url = read(olga, "1-берене. Максаты\nТекст.\n")
    assert "article" not in law(olga.get(url).text)
    again = olga.post(f"{url}/again", {"after": "0", "lang": "ky"})
    assert "1 article" in olga.follow(again).text


def test_corrections_are_lost_only_knowingly(olga: Client) -> None:
    url = read(olga)
    send(olga, url, 1, "name", kind="note")
    page = olga.post(f"{url}/again", {"after": "1", "lang": "ru"}, status=422).text
    assert "Please tick" in page
    assert 'href="#again-lose"' in page
    assert "1 correction" in page
    again = olga.post(f"{url}/again", {"after": "1", "lang": "ru", "lose": "yes"})
    assert "correction" not in law(olga.follow(again).text)
    page = olga.post(f"{url}/again", {"after": "0", "lang": "tlh"}, status=422).text
    assert "Please choose one of the options." in page


def test_tracked_changes_are_read_the_other_way_by_one_button(olga: Client) -> None:
    files = {"file": ("law.docx", word(p(TRACKED)), "application/octet-stream")}
    answer = olga.post("/desk/import", {"lang": "ru", "act_type": "law"}, files=files)
    url = answer.headers["location"]
    page = olga.get(url).text
    assert "It was read as if all were accepted." in page
    assert "Новое" in law(page)
    page = olga.follow(olga.post(f"{url}/again", fields(page, f"{url}/again"))).text
    assert "It was read as if none had been made." in page
    assert "Старое" in law(page)


def test_reading_again_holds_no_write_transaction(
    olga: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = read(olga)
    begun: list[str] = []

    def spy(*_: object) -> object:
        begun.extend(one for one in olga.statements if one.startswith("BEGIN IMMEDIATE"))
        raise RuntimeError("far enough")

    monkeypatch.setattr("drafts.correcting.routes.import_bytes", spy)
    with pytest.raises(RuntimeError):
        olga.post(f"{url}/again", {"after": "0", "lang": "ru"})
    assert begun == []


def test_a_preview_without_its_file_is_not_read_again(ministry: Ministry, olga: Client) -> None:
    url = read(olga)
    with ministry.platform.database.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM import_file")
    assert "Read the file again" not in olga.get(url).text
    olga.post(f"{url}/again", {"after": "0", "lang": "ru"}, status=404)


def test_where_two_languages_part_is_shown_and_can_be_mended(olga: Client) -> None:
    draft = upload(olga, "/desk/import", LAW, act_type="law").headers["location"]
    number = draft.rpartition("/")[2]
    kyrgyz = "1-берене. Предмети\n1. Биринчи. 2. Экинчи.\n2. Артык.\n2-берене. Акча\nТөлөйт.\n"
    files = {"file": ("law.txt", kyrgyz.encode(), "text/plain")}
    url = olga.post(f"/desk/import?draft={number}", {"lang": "ky"}, files=files).headers["location"]
    page = olga.post(url, {"title": "Мыйзам"}, status=422).text
    assert "stop corresponding" in page
    place = f"{url}?at=2#art_1__para_2"
    assert f'href="{place}"' in page
    assert "The other text" in page
    assert "2. Артык." in page
    assert "Статья 2." in page
    assert "The other text" in olga.get(f"{url}/provisions/2").text
    page = olga.follow(send(olga, url, 2, "join")).text
    assert "do not correspond" not in page
    olga.post(url, {"title": "Мыйзам", "after": "1"})


def long_law(articles: int, letters: int = 1500) -> str:
    words = "сөздөр " * (letters // 7)
    return "".join(f"Статья {n}. Название\n1. {words}.\n" for n in range(1, articles + 1))


def test_a_long_text_is_shown_in_parts(olga: Client) -> None:
    url = read(olga, long_law(120) + "Статья 125. Конец\nТут.\n")
    first = olga.get(url)
    assert len(first.content) < 400_000
    assert 'id="art_1"' in first.text
    assert 'id="art_120"' not in first.text
    assert "Part 1 of" in first.text
    jump = re.search(rf'<a href="({url}\?at=(\d+)#art_125)"', first.text)
    assert jump
    last = olga.get(jump[1]).text
    assert 'id="art_125"' in last
    assert 'id="art_1"' not in last
    assert 'id="art_125"' in olga.get(f"{url}?at=99999").text
    seen = 0
    page, following = first.text, url
    while following:
        seen += page.count('class="correctable"')
        link = re.search(r'rel="next" href="([^"]+)"', page)
        following = link[1] if link else ""
        page = olga.get(following).text if following else ""
    assert seen == 2 * 120 + 1
    olga.get(f"{url}?at=-1", status=404)


def test_script_in_a_file_stays_text_wherever_it_is_shown(olga: Client) -> None:
    url = read(olga, "Статья 1. <script>alert(1)</script>\n1. </textarea><b>Пункт.\n")
    for page in (f"{url}/provisions/0", f"{url}/provisions/1", url):
        text = olga.get(page).text
        assert "<script>alert" not in text
        assert "</textarea><b>" not in text
    send(olga, url, 1, "name", kind="note")
    assert "<script>alert" not in olga.get(url).text
