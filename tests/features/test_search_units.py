"""What every search engine finds: drafts, provisions, comments; all that there is of them."""

from dataclasses import replace
from pathlib import Path

import pytest

from drafts.search.engines import ENGINES
from drafts.search.interface import Page, Query, SearchEngine
from tests.searched import comment, draft, fill, found


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> SearchEngine:
    return ENGINES[request.param](tmp_path / "index")


class TestUnits:
    @pytest.fixture
    def filled(self, engine: SearchEngine) -> SearchEngine:
        both = draft(1, "Жер кодекси", "Ижара", "Жер салыгы", at=5)
        both += draft(1, "Земельный кодекс", "Аренда", "Земля", lang="ru", at=5)
        fill(
            engine,
            both,
            draft(2, "Суу", "Жер жана суу", at=9),
            comment(3, "Жер ижарасы кымбат", stance="oppose"),
            comment(4, "Жер жакшы", comment_kind="editorial", year=2025),
        )
        return engine

    def test_each_of_many_drafts_shows_the_passage_that_answers(self, engine: SearchEngine) -> None:
        fill(engine, *(draft(n, "Мыйзам", "Ижара", "Жер салыгы") for n in range(1, 7)))
        page = engine.search(Query("жер"))
        assert {(hit.draft_id, hit.wid) for hit in page.hits} == {(n, "art_2") for n in range(1, 7)}
        assert all(("Жер", True) in hit.snippet for hit in page.hits)

    def test_provisions_are_found_and_counted_once_whatever_their_languages(
        self, filled: SearchEngine
    ) -> None:
        page = filled.search(Query("жер", unit="provision"))
        assert {(hit.draft_id, hit.wid) for hit in page.hits} == {(1, "art_2"), (2, "art_1")}
        assert (page.total, page.facets["lang"]) == (2, {"ky": 2})
        assert filled.search(Query(unit="provision")).total == 3
        assert found(filled, "кодекс", unit="provision") == []

    def test_within_a_draft_nothing_else_is_found(self, filled: SearchEngine) -> None:
        page = filled.search(Query("жер", draft_id=1, unit="provision"))
        assert [hit.wid for hit in page.hits] == ["art_2"]
        assert page.facets["agency"] == {"MOJ": 1}
        assert [hit.wid for hit in filled.search(Query(draft_id=1, unit="provision")).hits] == [
            "art_1",
            "art_2",
        ]
        assert found(filled, "жер", draft_id=2) == [2]
        assert found(filled, "жер", draft_id=2, unit="comment") == []

    def test_comments_are_found_by_themselves_and_never_as_drafts(
        self, filled: SearchEngine
    ) -> None:
        page = filled.search(Query("жер", unit="comment"))
        assert {hit.comment_id for hit in page.hits} == {3, 4}
        assert page.facets["comment_kind"] == {"question": 1, "editorial": 1}
        assert page.facets["stance"] == {"oppose": 1}
        assert page.facets["stage"] == {}
        assert filled.search(Query("ижарасы")).hits[0].draft_id == 1
        assert found(filled, "кымбат") == found(filled, "кымбат", unit="provision") == []
        narrow = Query("жер", unit="comment", filters={"stance": ["oppose"]})
        assert [hit.comment_id for hit in filled.search(narrow).hits] == [3]
        assert filled.search(replace(narrow, filters={"stage": ["open"]})).total == 0

    def test_a_phrase_is_found_in_a_comment(self, filled: SearchEngine) -> None:
        hits = filled.search(Query('"жер ижарасы"', unit="comment")).hits
        assert [(hit.comment_id, hit.snippet[0]) for hit in hits] == [(3, ("Жер", True))]

    def test_the_newest_come_first_if_asked_for(self, filled: SearchEngine) -> None:
        assert found(filled, "жер", order="newest") == [2, 1]
        newest = filled.search(Query("жер", unit="comment", order="newest")).hits
        assert [hit.comment_id for hit in newest] == [4, 3]
        assert filled.search(Query(unit="comment", limit=1)).hits[0].comment_id == 4

    def test_without_a_limit_the_total_alone_is_told(self, filled: SearchEngine) -> None:
        assert filled.search(Query("жер", limit=0)) == Page(2)
        assert filled.search(Query("жер", limit=0, unit="comment", filters={"year": ["2025"]})) == (
            Page(1)
        )

    def test_a_field_keeps_to_titles_or_to_texts(self, filled: SearchEngine) -> None:
        assert (found(filled, "title:жер"), found(filled, "title:земельный")) == ([1], [1])
        assert found(filled, "title:суу text:жер") == [2]
        assert found(filled, "text:кодекс") == found(filled, "title:ижара") == []
        assert found(filled, "text:жер text:ижара") == [1]
        assert found(filled, 'title:"жер кодекси" text:"жер салыгы"') == [1]
        assert found(filled, 'title:"жер кодекси" text:"салыгы жер"') == []
        assert found(filled, "text:кымбат", unit="comment") == [1]
        assert found(filled, "title:кымбат", unit="comment") == []

    def test_what_will_do_as_well_is_found_after_what_was_asked(self, filled: SearchEngine) -> None:
        assert found(filled, "аренда") == [1]
        also = {"суу": [("", "жер")], "жер участок": [("ru", "земельный кодекс"), ("ky", "суу")]}
        assert found(filled, "суу", also=also) == [2, 1]
        assert found(filled, "жер участок") == []
        assert sorted(found(filled, "жер участок", also=also)) == [1, 2]
        comment = filled.search(Query("суу", also=also, unit="comment", filters={"year": ["2025"]}))
        assert comment.hits[0].snippet == (("Жер", True), (" жакшы", False))

    def test_the_words_of_drafts_are_told_and_none_of_comments(self, filled: SearchEngine) -> None:
        words = dict(filled.words(1000))
        assert words["жер"] == 2
        assert {"земельный", "ижара"} < words.keys()
        assert "кымбат" not in words
