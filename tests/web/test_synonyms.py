"""The administrator's pages of the synonyms."""

import pytest

from consult.access import Role
from consult.platform import Platform
from tests import factories
from tests.client import Client

PAGE = "/admin/synonyms"
WORDS = {"ky": "абышка, карыя", "ru": "аксакал", "kk": "", "en": ""}


def signed_in(platform: Platform, role: Role) -> Client:
    with platform.database.writing() as session:
        agency = None if role is Role.ADMINISTRATOR else factories.make_agency(session)
        person = factories.make_person(session, role.value, role=role, agency=agency)
        return Client(platform, factories.sign_in_token(session, person))


@pytest.fixture
def admin(platform: Platform) -> Client:
    return signed_in(platform, Role.ADMINISTRATOR)


def test_groups_are_listed_found_and_added(admin: Client) -> None:
    assert "жеке маалымат" in admin.get(PAGE, budget=7).text
    admin.post(PAGE, {"ky": "абышка"}, status=422)
    page = admin.post(PAGE, WORDS | {"kk": "<b>, 2026"}, status=422).text
    assert "абышка, карыя" in page  # nothing typed is lost
    assert "2026" in page
    assert "аксакал" in admin.follow(admin.post(PAGE, WORDS)).text
    found = admin.get(f"{PAGE}?q=КАРЫЯ").text
    assert "аксакал" in found
    assert "жеке маалымат" not in found
    assert "Nothing was found." in admin.get(f"{PAGE}?q=%25").text


def test_a_group_is_changed_and_of_two_at_once_the_second_sees_what_stands_there(
    admin: Client,
) -> None:
    url = f"{PAGE}/law"
    assert "statute" in admin.get(url, budget=7).text
    admin.post(url, {"en": "law, act", "n": "0"})
    page = admin.post(url, {"en": "law, lex", "n": "0"}, status=422).text
    assert "law, lex" in page
    assert "What stands there now: law, act" in page
    assert 'name="n" value="1"' in page
    admin.post(url, {"en": "law, lex", "n": "1"})
    assert "law, lex" in admin.get(PAGE).text


def test_a_group_is_not_added_twice(admin: Client) -> None:
    admin.post(PAGE, WORDS)
    twice = WORDS | {"ky": "Карыя, АБЫШКА"}
    page = admin.post(PAGE, twice, status=422).text
    assert "These words are a group already: абышка, карыя, аксакал" in page
    assert "Карыя, АБЫШКА" in page
    admin.post(f"{PAGE}/law", twice | {"n": "0"}, status=422)
    group = admin.follow(admin.post(PAGE, WORDS | {"en": "elder"})).url.path
    admin.post(group, WORDS | {"en": "Elder", "n": "1"})  # a group is not its own double


def test_a_group_is_taken_away_and_put_back(admin: Client) -> None:
    url = f"{PAGE}/law"
    admin.post(f"{url}/remove", {"n": "7"}, status=422)
    admin.post(f"{url}/remove", {"n": "0"})
    assert "Taken away" in admin.get(PAGE).text
    page = admin.get(url).text
    assert "Saving puts it back" in page
    assert "statute" in page
    admin.post(url, {"en": "law, statute", "n": "1"})
    assert "Taken away" not in admin.get(PAGE).text


def test_only_an_administrator_comes_in(platform: Platform) -> None:
    officer = signed_in(platform, Role.OFFICER)
    for page in (PAGE, f"{PAGE}/law"):
        officer.get(page, status=403)
        officer.post(page, WORDS, status=403)
    officer.post(f"{PAGE}/law/remove", {}, status=403)


def test_a_group_that_is_not_there_is_not_found(admin: Client) -> None:
    for code in ("nothing", "x" * 300, "%00", "Закон"):
        admin.get(f"{PAGE}/{code}", status=404)
    admin.post(f"{PAGE}/nothing", WORDS | {"n": "0"}, status=404)
