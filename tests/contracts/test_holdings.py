"""The registry of personal data tells of every column that holds some, and of no other."""

import re
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Column

from consult.config import Settings
from consult.i18n.catalogues import LANGUAGES
from consult.privacy.holdings import HOLDINGS, NOT_PERSONAL
from consult.privacy.retention import RULES
from consult.privacy.rules import Place, Then, places_of
from consult.schema import METADATA
from consult.templating import environment

PLACES = [place for _, place in places_of(HOLDINGS)]
TABLES = METADATA.tables
COLUMNS = {f"{table.name}.{column.name}": column for table in TABLES.values() for column in table.c}
TOLD = {f"{place.table}.{column}" for place in PLACES for column in place.columns}
PERSONAL = re.compile(
    r"(^|_)(e?mail|name|names|filename|address|agent|recipient|contact|phone|ip|pseudonym|region)$"
)


def test_every_column_that_refers_to_a_person_is_told_of() -> None:
    referring = {
        name
        for name, column in COLUMNS.items()
        if any(key.target_fullname == "person.id" for key in column.foreign_keys)
    }
    found = {f"{place.table}.{place.column}" for place in PLACES}
    assert referring - found == set()


def test_every_column_of_a_person_is_told_of() -> None:
    own = {name for name in COLUMNS if name.startswith("person.")}
    assert own - TOLD == set()


def test_every_column_named_like_something_personal_is_told_of_or_explained() -> None:
    named = {name for name in COLUMNS if PERSONAL.search(name.partition(".")[2])}
    assert named - TOLD - set(NOT_PERSONAL) == set()
    assert set(NOT_PERSONAL) - named == set(), "explained without need"
    assert set(NOT_PERSONAL) & TOLD == set(), "told of and explained away"


def test_no_entry_is_without_its_column() -> None:
    assert TOLD - set(COLUMNS) == set()


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place.table}-{place.whose}")
def test_a_place_says_whose_its_rows_are(place: Place) -> None:
    if place.then is Then.OWN_WAY:
        assert place.whose == ""
        return
    column = COLUMNS[f"{place.table}.{place.column}"]
    if "=" in place.whose:
        assert f"person.{place.whose.partition('=')[2]}" in COLUMNS
    elif "." in place.whose:
        owner = COLUMNS[f"{_target(column)}.{place.whose.partition('.')[2]}"]
        assert _target(owner) == "person"
    else:
        assert place.table == "person" or _target(column) == "person"


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place.table}-{place.whose}")
def test_what_is_emptied_can_be_and_nothing_secret_is_given(place: Place) -> None:
    assert set(place.given) & set(place.secret) == set()
    assert bool(place.emptied) <= (place.then in {Then.EMPTY, Then.CHOICE})
    others = {
        name
        for name in place.given
        if any(
            key.target_fullname == "person.id"
            for key in COLUMNS[f"{place.table}.{name}"].foreign_keys
        )
    }
    assert others == set(), "who else it concerns is not theirs to take away"


def _target(column: Column[object]) -> str:
    return next(iter(column.foreign_keys)).target_fullname.partition(".")[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_whatever_a_download_gives_has_its_words(lang: str) -> None:
    words = environment(lang, ZoneInfo("Asia/Bishkek")).get_template("privacy/_words.html")
    given = {column for place in PLACES for column in place.given}
    assert given == set(words.module.COLUMNS)  # type: ignore[attr-defined]


def test_how_long_is_a_setting_that_exists_or_no_number() -> None:
    for holding in HOLDINGS:
        keep = holding.keep
        assert ("{n}" in keep.said) == bool(keep.setting) == bool(keep.for_ever), holding.key
        assert not keep.setting or keep.setting in Settings.model_fields
        assert "{n}" not in keep.for_ever


def test_each_setting_that_keeps_is_told_of_and_kept_to() -> None:
    settings = {name for name in Settings.model_fields if name.startswith("keep_")}
    assert {holding.keep.setting for holding in HOLDINGS} - {""} == settings
    assert {rule.setting for rule in RULES} | {"keep_unconfirmed_days"} == settings
