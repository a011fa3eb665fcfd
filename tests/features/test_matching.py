"""A saved search fits a draft exactly when a search engine would find that draft by it."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drafts.search.engines import ENGINES
from drafts.search.interface import Batch, Document, Query, SearchEngine
from drafts.search.matching import Matcher
from drafts.search.widening import Thesaurus

BASE = Document("", 1, agency="MOJ", act_type="law", topic="justice", stage="open", year=2026)


def documents() -> list[Document]:
    """One draft in two languages."""
    ky, en = replace(BASE, lang="ky"), replace(BASE, lang="en")
    return [
        replace(ky, id="draft:1:ky", title="Жер жөнүндө мыйзам", body="Жер ижарасы тууралуу."),
        replace(ky, id="provision:1:ky:1", wid="1", heading="8-1-берене. Ижара", body="Жер үлүшү."),
        replace(ky, id="provision:1:ky:2", wid="2", heading="Мөөнөт", body="Ижара мөөнөтү он жыл."),
        replace(en, id="draft:1:en", title="On land", body=""),
        replace(en, id="provision:1:en:1", wid="1", heading="Lease", body="Leased for ten years."),
    ]


THESAURUS = Thesaurus(
    [
        (("ky", "жер"), ("ru", "земля"), ("en", "land")),
        (("ky", "ижара мөөнөтү"), ("ru", "срок аренды")),
        (("ky", "мал"), ("kk", "мал")),
        (("ky", "кодекс"), ("en", "ten years"), ("en", "water")),
        (("ru", "аренда"), ("ky", "ижара"), ("en", "lease")),
    ]
)


@pytest.fixture(scope="module", params=ENGINES)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> SearchEngine:
    engine = ENGINES[request.param](Path(tmp_path_factory.mktemp("index")))
    engine.rebuild(lambda _mark: [Batch({"draft:1": documents()}, mark="all", place="")])
    return engine


WORDS = (
    *("жер", "жердин", "мыйзам", "мый*", "ижара", "ижара*", "мөөнөтү", "моонот", "8-1-берене"),
    *("land", "lease", "leases", "le*", "years", "water", "и", "the", "он", "жыл", "«жер ижарасы»"),
    *('"жер ижара', '"ten years"', '"years ten"', '"мыйзам жер"', "—", "*", "ж*", "жерлик"),
    *("title:жер", "название:land", "title:ижара", "text:жер", "text:мыйзам", "text:мөө*"),
    *('title:"жер жөнүндө"', 'text:"жер ижарасы"', 'text:"ижара мөөнөтү"', "title:мый*"),
    *("земля", "срок", "аренды", "срок аренды", '"земля"', "кодекс", "title:земля", "text:аренда"),
    *("мало", "малый", "жер-ижарасы"),
)
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "agency": st.sampled_from([("MOJ",), ("MOH",), ()]),
        "topic": st.sampled_from([("justice",), ("health",)]),
        "lang": st.sampled_from([("ky",), ("en",)]),
        "stage": st.sampled_from([("open",), ("adopted",)]),
        "year": st.sampled_from([("2026",), ("2025", "2026"), ("2025",)]),
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(words=st.lists(st.sampled_from(WORDS), max_size=4), filters=FILTERS, wide=st.booleans())
def test_what_fits_is_what_the_engine_finds(
    engine: SearchEngine, words: list[str], filters: dict[str, tuple[str, ...]], wide: bool
) -> None:
    text = " ".join(words)
    query = Query(text, filters=filters, also=THESAURUS.also(text) if wide else {})
    assert Matcher(documents()).fits(query) == (engine.search(query).total == 1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=40))
def test_whatever_is_typed_fits_or_not_and_is_no_error(engine: SearchEngine, typed: str) -> None:
    query = Query(typed, also=THESAURUS.also(typed))
    assert Matcher(documents()).fits(query) == (engine.search(query).total == 1)


def test_a_search_fits_by_a_synonym() -> None:
    matcher, asked = Matcher(documents()), "срок аренды земли"
    assert not matcher.fits(Query(asked))
    assert matcher.fits(Query(asked, also=THESAURUS.also(asked)))
    assert not matcher.fits(Query('"срок аренды"', also=THESAURUS.also('"срок аренды"')))


def test_nothing_fits_a_draft_without_documents() -> None:
    assert not Matcher([]).fits(Query(""))
    assert not Matcher([]).fits(Query("жер"))
