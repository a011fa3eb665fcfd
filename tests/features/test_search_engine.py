"""What every search engine must find, whichever it is: the contract of drafts/search/interface.py.

How an index is changed, rebuilt and lost is in test_search_index.py.
"""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drafts.search.engines import ENGINES
from drafts.search.interface import Page, Query, SearchEngine
from tests.searched import draft, fill, found


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> SearchEngine:
    return ENGINES[request.param](tmp_path / "index")


class TestFinding:
    @pytest.mark.parametrize(
        ("lang", "text", "asked"),
        [
            ("ky", "Жарандардын укуктары корголот.", "жаран укугу"),
            ("ky", "Өкмөттүн токтомуна ылайык", "өкмөт токтому"),
            ("kk", "Халықтың құқығын қорғау туралы заңмен", "халқы құқық заң"),
            ("ru", "Граждане обсуждали законы", "обсуждал закон"),
            ("en", "Citizens are consulted on regulations", "citizen's regulation"),
        ],
    )
    def test_inflected_forms_are_found(
        self, engine: SearchEngine, lang: str, text: str, asked: str
    ) -> None:
        fill(engine, draft(1, "…", text, lang=lang))
        assert found(engine, asked) == [1]

    def test_bare_letters_find_what_was_spelt_fully(self, engine: SearchEngine) -> None:
        fill(engine, draft(1, "Жогорку Кеңештин өкүмү"), draft(2, "Қазақ тілі", lang="kk"))
        assert found(engine, "кенеш окум") == [1]
        assert found(engine, "казак тили") == [2]

    def test_exact_spelling_ranks_above_folded(self, engine: SearchEngine) -> None:
        fill(engine, draft(1, "Кенеш"), draft(2, "Кеңеш"), draft(3, "…", "кенеш кенеш кенеш"))
        assert found(engine, "кеңештин")[0] == 2
        assert found(engine, "кенештин")[0] == 1

    def test_law_is_not_unlawful(self, engine: SearchEngine) -> None:
        fill(
            engine,
            *(draft(1, "Мыйзам"), draft(2, "Мыйзамсыздын мыйзамсыздыгы")),
            *(draft(3, "Заңға", lang="kk"), draft(4, "Заңсыз", lang="kk")),
        )
        assert found(engine, "мыйзам") == [1]
        assert found(engine, "мыйзамсыз") == [2]
        assert found(engine, "заң") == found(engine, "зан") == [3]
        assert found(engine, "заңсыз") == [4]

    @pytest.mark.parametrize("interface", ["ky", "ru", "kk", "en"])
    def test_all_languages_are_found_from_any_interface(
        self, engine: SearchEngine, interface: str
    ) -> None:
        fill(
            engine,
            draft(1, "Программанын долбоору"),
            draft(2, "Проект программы", lang="ru"),
            draft(3, "Бағдарлама: программаның жобасы", lang="kk"),
            draft(4, "The draft programme", lang="en"),
        )
        assert sorted(found(engine, "программа", lang=interface)) == [1, 2, 3]
        assert found(engine, "programmes", lang=interface) == [4]

    def test_a_text_in_the_interface_language_comes_first(self, engine: SearchEngine) -> None:
        fill(engine, draft(1, "Программа"), draft(2, "Программа", lang="ru"))
        assert found(engine, "программа", lang="ky") == [1, 2]
        assert found(engine, "программа", lang="ru") == [2, 1]

    def test_all_words_are_required_but_not_the_grammar(self, engine: SearchEngine) -> None:
        fill(engine, draft(1, "Об аренде земли", lang="ru"), draft(2, "О земле", lang="ru"))
        assert found(engine, "земля и аренда") == [1]
        assert found(engine, "аренда воды") == []

    def test_a_title_ranks_above_a_text(self, engine: SearchEngine) -> None:
        fill(engine, draft(1, "Жер жөнүндө", "…"), draft(2, "…", "Жер, жер жана жер."))
        assert found(engine, "жер") == [1, 2]


class TestSyntax:
    def test_a_phrase_keeps_its_order(self, engine: SearchEngine) -> None:
        fill(engine, draft(1, "…", "мамлекеттик кызматтар"), draft(2, "…", "кызмат мамлекеттик"))
        assert found(engine, "«мамлекеттик кызмат»") == [1]
        assert sorted(found(engine, "мамлекеттик кызмат")) == [1, 2]

    def test_a_phrase_does_not_run_from_heading_to_text(self, engine: SearchEngine) -> None:
        fill(engine, draft(1, "…", "жана жер"))
        assert found(engine, '"1 жана"') == []

    def test_what_a_hyphen_joins_is_a_phrase(self, engine: SearchEngine) -> None:
        fill(engine, draft(1, "…", "8-1-берененин 2-бөлүгү"), draft(2, "…", "1-берене, 8-берене"))
        assert found(engine, "8-1-берене") == [1]

    def test_a_beginning_finds_titles_and_a_whole_word_texts_too(
        self, engine: SearchEngine
    ) -> None:
        titles = ("Мыйзам чыгаруу", "Мыйзамсыздык", "Мый")
        fill(engine, *(draft(n, title, "кодекстин күчү") for n, title in enumerate(titles, 1)))
        assert sorted(found(engine, "мыйз*")) == [1, 2]
        assert found(engine, "МЫЙЗАМ* чыг*") == [1]
        assert (found(engine, "коде*"), len(found(engine, "кодекс*"))) == ([], 3)

    @pytest.mark.parametrize(
        "typed",
        [
            *('"', "«", '"""', '" "', "*", "**", "()", "AND", "a AND OR", "text:", "kind:draft"),
            *(
                "[a TO",
                "\\",
                "мый*зам",
                "'",
                "-жер",
                "~",
                "\0",
                "\ud800",
                "½",
                "ͺ*",
                "'a'b'",
                "*жер*",
            ),
            *("ы" * 100_000, "жер " * 50_000, '"жер жер ' * 500, "a* " * 500, "«жер» " * 300),
        ],
        ids=lambda typed: ascii(typed)[:12],
    )
    def test_nothing_that_can_be_typed_is_an_error(self, engine: SearchEngine, typed: str) -> None:
        fill(engine, draft(1, "Жер", "жер жана жер"))
        assert engine.search(Query(typed)).total in (0, 1)

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(typed=st.text() | st.lists(st.sampled_from('жер"«»* -(8'), max_size=30).map("".join))
    def test_nothing_at_all_is_an_error(self, engine: SearchEngine, typed: str) -> None:
        if engine.needs_rebuild():
            fill(engine, draft(1, "Жер", "жер жана жер"))
        assert isinstance(engine.search(Query(typed)), Page)


class TestPages:
    def test_a_hit_takes_the_reader_to_the_provision(self, engine: SearchEngine) -> None:
        fill(engine, draft(7, "Жер кодекси", "Жалпы жоболор", "Ижара мөөнөтү"))
        (hit,) = engine.search(Query("ижаранын мөөнөтү")).hits
        assert (hit.draft_id, hit.kind, hit.wid) == (7, "provision", "art_2")
        assert (hit.title, hit.heading, hit.lang) == ("Жер кодекси", "Art. 2", "ky")

    def test_words_may_stand_in_different_places_of_a_draft(self, engine: SearchEngine) -> None:
        fill(engine, draft(1, "Жер кодекси", "Жалпы жоболор", "Ижара", "Салык"))
        assert engine.search(Query("жер ижара")).hits[0].wid == "art_2"
        assert found(engine, "салык ижара art жобо") == [1]

    def test_a_draft_is_found_once_by_the_best_of_its_texts(self, engine: SearchEngine) -> None:
        fill(engine, draft(1, "Жер кодекси", "Жер, суу", "Суу", "Жер жана жер"), draft(2, "Суу"))
        page = engine.search(Query("жер"))
        assert (page.total, page.hits[0].kind, page.hits[0].matches) == (1, "draft", 3)

    def test_the_words_asked_for_are_marked(self, engine: SearchEngine) -> None:
        fill(engine, draft(1, "…", "Бул берене боюнча жер участоктору  ижарага берилет."))
        pieces = engine.search(Query("жер ижара")).hits[0].snippet
        marked = "".join(f"[{text}]" if wanted else text for text, wanted in pieces)
        assert marked == "Бул берене боюнча [жер] участоктору [ижарага] берилет."

    def test_of_a_long_text_the_telling_part_is_shown(self, engine: SearchEngine) -> None:
        fill(engine, draft(1, "…", f"{'бир эки үч ' * 200}жер {'төрт беш алты ' * 200}"))
        snippet = engine.search(Query("жер")).hits[0].snippet
        assert {("… ", False), ("жер", True), (" …", False)} < set(snippet)
        assert len("".join(text for text, _ in snippet)) < 260

    def test_nothing_asked_lists_all_and_only_signs_asked_lists_none(
        self, engine: SearchEngine
    ) -> None:
        fill(engine, *(draft(n, f"Долбоор {n}", "Жер") for n in range(1, 6)))
        assert found(engine, "") == found(engine, "  ") == [5, 4, 3, 2, 1]
        page = engine.search(Query(limit=2, offset=2))
        assert [(hit.draft_id, hit.kind) for hit in page.hits] == [(3, "draft"), (2, "draft")]
        assert page.total == 5
        assert found(engine, "", offset=99) == found(engine, "", limit=-1) == []
        assert found(engine, "!?…") == []


class TestFacets:
    @pytest.fixture
    def filled(self, engine: SearchEngine) -> SearchEngine:
        fill(
            engine,
            draft(1, "Жер", "жер", agency="MOJ", stage="open"),
            draft(2, "Жер", "жер", agency="MOJ", stage="closed", year=2025),
            draft(3, "Жер", "жер", agency="MOF", stage="open", topic=""),
            draft(4, "Суу", "суу", agency="MOF", stage="open"),
        )
        return engine

    def test_filters_narrow_what_is_found(self, filled: SearchEngine) -> None:
        assert sorted(found(filled, "жер", filters={"agency": ["MOJ"]})) == [1, 2]
        assert found(filled, "жер", filters={"agency": ["MOJ"], "year": ["2026"]}) == [1]
        assert sorted(found(filled, "", filters={"agency": ["MOJ", "MOF"]})) == [1, 2, 3, 4]
        assert found(filled, "жер", filters={"agency": ["NONE"]}) == []
        assert sorted(found(filled, "жер", filters={"agency": []})) == [1, 2, 3]

    def test_facets_count_drafts_as_if_not_filtered_themselves(self, filled: SearchEngine) -> None:
        facets = filled.search(Query("жер", filters={"agency": ["MOJ"]})).facets
        assert facets["agency"] == {"MOJ": 2, "MOF": 1}
        assert facets["stage"] == {"open": 1, "closed": 1}
        assert filled.search(Query("жер")).facets["topic"] == {"justice": 2}

    def test_a_draft_in_two_languages_counts_once(self, engine: SearchEngine) -> None:
        both = draft(1, "Программа", "…") + draft(1, "Программы", "…", lang="ru")
        fill(engine, both, draft(2, "Программа"))
        page = engine.search(Query("программа", lang="ru"))
        assert (page.total, page.facets["agency"]) == (2, {"MOJ": 2})
        assert page.facets["lang"] == {"ky": 2, "ru": 1}
        titles = {lang: engine.search(Query("", lang)).hits[1].title for lang in ("ky", "ru")}
        assert titles == {"ky": "Программа", "ru": "Программы"}
        assert found(engine, "программа", filters={"lang": ["ru"]}) == [1]
