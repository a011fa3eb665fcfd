"""What people ask is widened by synonyms, and put right where nothing is found; by any engine."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import Session

from consult.access import Actor, Role
from consult.platform import Platform
from drafts.search.asking import answer, ask
from drafts.search.engines import ENGINES
from drafts.search.interface import Batch, Document, Page, Query, SearchEngine
from drafts.search.spelling import Words
from drafts.search.synonyms.actions import add
from drafts.search.widening import Thesaurus
from tests.conftest import START

THESAURUS = Thesaurus([(("ky", "суу"), ("ru", "вода"), ("en", "water"))])
TITLES = (
    *(("ky", "Сугат суусу жөнүндө"), ("ru", "О питьевой воде"), ("ky", "Китепкана жөнүндө")),
    *(("ru", "О воде и земле"), ("en", "On gender equality"), ("en", "On equality of genders")),
)


def filled(engine: SearchEngine, titles: tuple[tuple[str, str], ...] = TITLES) -> SearchEngine:
    groups = {
        f"draft:{n}": [Document(f"draft:{n}:{lang}", n, lang=lang, agency=f"A{n}", title=title)]
        for n, (lang, title) in enumerate(titles, start=1)
    }
    engine.rebuild(lambda _mark: [Batch(groups, mark="all", place="")], anew=True)
    return engine


@pytest.fixture(scope="module", params=ENGINES)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> SearchEngine:
    return filled(ENGINES[request.param](tmp_path_factory.mktemp("index")))


def asked(engine: SearchEngine, query: Query | str) -> Page:
    query = Query(query) if isinstance(query, str) else query
    return answer(engine, query, THESAURUS, lambda: Words(engine.words(1000)))


def found(page: Page) -> list[int]:
    return [hit.draft_id for hit in page.hits]


def test_synonyms_are_found_after_the_word_itself_and_told(engine: SearchEngine) -> None:
    page = asked(engine, "сууну")
    assert (found(page)[0], sorted(found(page))) == (1, [1, 2, 4])
    assert page.also == ("суу", "вода", "water")
    assert asked(engine, "китепкана").also == ()


def test_a_quoted_word_is_not_widened(engine: SearchEngine) -> None:
    page = asked(engine, '"суу"')
    assert (found(page), page.also) == ([1], ())


def test_where_nothing_is_found_the_nearest_words_are_asked_for(engine: SearchEngine) -> None:
    page = asked(engine, "китепкна")
    assert (found(page), page.corrected, page.meant) == ([3], "китепкана", "")
    page = asked(engine, "title:воед землл")
    assert (found(page), page.corrected) == ([4], "title:воде земле")


def test_a_corrected_word_is_widened_too(engine: SearchEngine) -> None:
    page = asked(engine, "watre")
    assert page.total == 0  # it stands in no draft: a synonym only
    page = asked(engine, "сугта суу")
    assert (found(page), page.corrected) == ([1], "сугат суу")


def test_with_little_found_what_may_have_been_meant_is_said(tmp_path: Path) -> None:
    titles = (("ru", "О каталоге"), *[("ru", f"О катке {n}") for n in range(5)])
    engine = filled(ENGINES["whoosh"](tmp_path), titles)
    assert (asked(engine, "каталоге").meant, asked(engine, "катке").meant) == ("", "")
    thesaurus = Thesaurus([(("ru", "кадка"), ("ru", "каталог"))])
    page = answer(engine, Query("кадке"), thesaurus, lambda: Words(engine.words(1000)))
    assert (page.total, page.meant, page.corrected) == (1, "катке", "")


def test_filters_are_no_typing_errors(engine: SearchEngine) -> None:
    page = asked(engine, Query("китепкана", filters={"agency": ["A1"]}))
    assert (page.total, page.corrected) == (0, "")


def test_what_cannot_be_put_right_is_not_found(engine: SearchEngine) -> None:
    page = asked(engine, "абракадабра")
    assert (page.total, page.corrected, page.meant) == (0, "", "")


def test_the_index_is_read_for_its_words_again_when_it_changed(
    session: Session, platform: Platform
) -> None:
    engine = filled(platform.search)
    assert ask(session, platform, Query("китепкна")).corrected == "китепкана"
    admin = Actor(roles=frozenset({Role.ADMINISTRATOR}))
    add(session, actor=admin, typed={"ky": "абышка", "ru": "земля"}, now=START)
    assert found(ask(session, platform, Query("абышка"))) == [4]
    assert ask(session, platform, Query("абышка"), widened=False).total == 0
    filled(engine, (("ky", "Токой кодекси"),))
    later = replace(platform, clock=lambda: START.replace(year=START.year + 1))
    assert ask(session, later, Query("токйо")).corrected == "токой"
