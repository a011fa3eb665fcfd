"""A saved search fits a draft exactly when the search engine would find that draft by it."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drafts.search.interface import Document, Query
from drafts.search.matching import Matcher
from drafts.search.whoosh_engine import WhooshEngine

BASE = Document("", 1, agency="MOJ", act_type="law", topic="justice", stage="open", year=2026)


def documents() -> list[Document]:
    """One draft in two languages."""
    ky, en = replace(BASE, lang="ky"), replace(BASE, lang="en", topic="health")
    return [
        replace(ky, id="draft:1:ky", title="Жер жөнүндө мыйзам", body="Жер ижарасы тууралуу."),
        replace(ky, id="p:1", wid="1", heading="8-1-берене. Ижара", body="Жер үлүшү берилет."),
        replace(ky, id="p:2", wid="2", heading="Мөөнөт", body="Ижаранын мөөнөтү он жыл."),
        replace(en, id="draft:1:en", title="On land", body=""),
        replace(en, id="p:3", wid="1", heading="Lease", body="Land is leased for ten years."),
    ]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> WhooshEngine:
    engine = WhooshEngine(Path(tmp_path_factory.mktemp("index")))
    engine.rebuild(documents())
    return engine


WORDS = (
    *("жер", "жердин", "мыйзам", "мый*", "ижара", "ижара*", "мөөнөтү", "моонот", "8-1-берене"),
    *("land", "lease", "leases", "le*", "years", "water", "и", "the", "он", "жыл", "«жер ижарасы»"),
    *('"жер ижара', '"ten years"', '"years ten"', '"мыйзам жер"', "—", "*", "ж*", "жерлик"),
)
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "agency": st.sampled_from([("MOJ",), ("MOH",), ()]),
        "topic": st.sampled_from([("justice",), ("health",), ("x",)]),
        "lang": st.sampled_from([("ky",), ("en",)]),
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(words=st.lists(st.sampled_from(WORDS), max_size=4), filters=FILTERS)
def test_what_fits_is_what_the_engine_finds(
    engine: WhooshEngine, words: list[str], filters: dict[str, tuple[str, ...]]
) -> None:
    query = Query(" ".join(words), filters=filters)
    assert Matcher(documents()).fits(query) == (engine.search(query).total == 1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=40))
def test_whatever_is_typed_fits_or_not_and_is_no_error(engine: WhooshEngine, typed: str) -> None:
    assert Matcher(documents()).fits(Query(typed)) == (engine.search(Query(typed)).total == 1)


def test_nothing_fits_a_draft_without_documents() -> None:
    assert not Matcher([]).fits(Query(""))
    assert not Matcher([]).fits(Query("жер"))
