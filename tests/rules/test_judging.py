"""How well a search answers: nDCG and recall of graded answers."""

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafts.search.judging import Judged, ndcg, recall, score

GRADES = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3), max_size=8)
FOUND = st.lists(st.sampled_from("abcdefghxyz"), unique=True)


def test_the_gain_doubles_by_the_grade_and_falls_by_the_rank() -> None:
    ideal = 7 + 1 / log2(3)
    assert ndcg(["x", "a", "b"], {"a": 3, "b": 1}) == pytest.approx(
        (7 / log2(3) + 1 / log2(4)) / ideal
    )


@given(GRADES, FOUND)
def test_nothing_is_better_than_the_best_first(grades: dict[str, int], found: list[str]) -> None:
    best = sorted(grades, key=grades.__getitem__, reverse=True)
    assert 0 <= ndcg(found, grades) <= ndcg(best, grades) + 1e-9
    assert ndcg(best, grades) == pytest.approx(1)


@given(GRADES, FOUND)
def test_what_stands_beyond_the_tenth_rank_gains_nothing(
    grades: dict[str, int], found: list[str]
) -> None:
    others = [f"other {n}" for n in range(10)]
    assert ndcg(others + found, grades) == (0 if any(grades.values()) else 1)
    assert recall(others + found, grades) == recall(found, grades)


def test_recall_is_the_share_of_what_ought_to_be_found() -> None:
    assert recall(["x", "a"], {"a": 1, "b": 3, "c": 0}) == 0.5
    assert recall(["x"], {}) == 1


def test_a_query_is_wrong_that_finds_what_it_must_never_find() -> None:
    query = Judged("мыйзам", "ky", "negative", {"law": 3}, ["unlawful"])
    means = score([(query, ["law"]), (query, ["unlawful"])])
    assert (means.queries, means.ndcg, means.recall, means.wrong) == (2, 0.5, 0.5, 1)
