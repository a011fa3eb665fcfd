"""The addresses of a search: each asks what it says, and can be gone back on."""

from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from consult.site.searching import OF_COMMENTS, OF_TEXTS, Asked
from drafts.search.interface import UNITS, Page

NAMES = sorted({*OF_TEXTS, *OF_COMMENTS})
WORD = st.text(max_size=8).map(str.strip)
ASKED = st.builds(
    Asked,
    q=WORD,
    unit=st.sampled_from(UNITS),
    sort=st.sampled_from(["best", "newest"]),
    chosen=st.dictionaries(st.sampled_from(NAMES), WORD),
    also=st.booleans(),
    offset=st.integers(0, 1000),
)


def read(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


@given(ASKED)
def test_an_address_says_all_that_is_not_as_usual_and_nothing_else(asked: Asked) -> None:
    said = read(asked.url(offset=asked.offset))
    assert said.get("q", "") == asked.q
    assert said.get("unit", "draft") == asked.unit
    assert said.get("sort", "best") == asked.sort
    assert (said.get("also") != "no") == asked.also
    assert int(said.get("offset", 0)) == asked.offset
    assert {name: said[name] for name in NAMES if name in said} == asked.filters
    assert all(said.values())


@given(ASKED, st.sampled_from(NAMES))
def test_a_filter_is_given_up_alone_and_the_list_begins_anew(asked: Asked, name: str) -> None:
    rest = asked.but(**{name: ""})
    assert rest.filters == {key: one for key, one in asked.filters.items() if key != name}
    assert (rest.q, rest.unit, rest.offset) == (asked.q, asked.unit, 0)
    assert not asked.unfiltered.filters


@given(ASKED)
def test_inside_a_draft_only_what_differs_there_is_offered(asked: Asked) -> None:
    inside = asked.but(draft_id=12, unit="comment")
    assert inside.url().startswith("/drafts/12/search")
    assert set(inside.names) == {"kind", "stance", "lang"}
    assert inside.query("ky").draft_id == 12


def test_what_is_chosen_leads_back_and_years_begin_with_the_newest() -> None:
    asked = Asked(q="жер", chosen={"agency": "MOJ"})
    counts = {"agency": {"MOJ": 2, "MOC": 5}, "year": {"2024": 9, "2026": 1}, "stance": {"x": 1}}
    options = asked.options(Page(total=7, facets=counts))
    assert [(one.value, one.n, one.chosen) for one in options["agency"]] == [
        ("MOC", 5, False),
        ("MOJ", 2, True),
    ]
    assert read(options["agency"][1].url) == {"q": "жер"}
    assert [one.value for one in options["year"]] == ["2026", "2024"]
    assert "stance" not in options


def test_a_question_of_several_words_may_be_asked_without_one() -> None:
    assert [(word, read(url)["q"]) for word, url in Asked(q="жер суу").shorter()] == [
        ("жер", "суу"),
        ("суу", "жер"),
    ]
    for typed in ("жер", '"жер суу" мал', "а б в г д е"):
        assert not Asked(q=typed).shorter()
