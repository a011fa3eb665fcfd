"""The search answers the judged set as well as it did: floors for each engine, language and kind.

`consult relevance --misses` names what is answered badly.
"""

from collections import Counter
from pathlib import Path

import pytest

from consult.demo.relevance import Answers, ask_all, fill, judged_set
from drafts.search.engines import ENGINES
from drafts.search.judging import score
from drafts.search.synonyms.queries import beginning
from drafts.search.widening import Thesaurus

LANGUAGES = {"ky": (0.91, 0.87), "ru": (0.86, 0.83), "kk": (0.91, 0.91), "en": (0.93, 0.91)}
KINDS = {
    "inflected": (0.93, 0.87),
    "bare letters": (0.84, 0.86),
    "phrase": (0.95, 1.0),
    "beginning": (0.95, 0.90),
    "typing error": (0.97, 0.96),
    "synonym": (0.85, 0.83),
    "other language": (0.82, 0.77),
    "negative": (0.80, 1.0),
    "field": (0.94, 1.0),
}


@pytest.fixture(scope="module", params=ENGINES)
def answers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    engine = ENGINES[request.param](Path(tmp_path_factory.mktemp("index")))
    fill(engine, judged_set())
    thesaurus = Thesaurus(one.group for one in beginning().values())
    return ask_all(engine, judged_set(), thesaurus)


def test_the_set_is_large_enough_and_names_drafts_that_are_there() -> None:
    judged = judged_set()
    assert len(judged.drafts) >= 40
    assert min(Counter(query.lang for query in judged.queries).values()) >= 40
    assert {query.kind for query in judged.queries} == set(KINDS)
    named = {key for query in judged.queries for key in (*query.grades, *query.never)}
    assert named <= set(judged.drafts)
    assert {grade for query in judged.queries for grade in query.grades.values()} == {1, 2, 3}
    assert max(Counter((query.lang, query.text) for query in judged.queries).values()) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_language_is_answered_well(answers: Answers, lang: str) -> None:
    means = score([one for one in answers if one[0].lang == lang])
    assert means.ndcg >= LANGUAGES[lang][0]
    assert means.recall >= LANGUAGES[lang][1]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_query_is_answered_well(answers: Answers, kind: str) -> None:
    means = score([one for one in answers if one[0].kind == kind])
    assert means.ndcg >= KINDS[kind][0]
    assert means.recall >= KINDS[kind][1]


def test_what_must_never_be_found_never_is(answers: Answers) -> None:
    assert [query.text for query, found in answers if not set(query.never).isdisjoint(found)] == []
