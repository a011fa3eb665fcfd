"""Texts as large as laws become, and larger: read and aligned in time, and rightly."""

import random
import time
from collections import Counter

import pytest

from drafts.importing.preview import import_bytes
from drafts.tree import Node, Tree, identify
from drafts.versions.aligning import align, carry_wids
from tests.bench import texts

WHOLE_LAW = 10.0  # seconds of computing that a law of 250,000 words may take
MONSTER = 1_000_000  # letters


def test_a_law_of_a_thousand_provisions_and_a_quarter_million_words_is_read_in_time() -> None:
    law = texts.law(provisions=1000, words=250_000)
    data = texts.as_text(law).encode()
    begun = time.process_time()
    read = import_bytes(data, "law.txt", "ky")
    assert time.process_time() - begun < WHOLE_LAW
    assert read.coverage == 1.0
    assert [node.text for node in read.tree.walk()] == [node.text for node in law.walk()]


def test_an_article_of_a_million_letters_is_read_in_time_in_one_line_or_in_thousands() -> None:
    words = texts.passage(random.Random(1), MONSTER // 6)
    for text in (words, words.replace(". ", ".\n")):
        begun = time.process_time()
        read = import_bytes(f"1-берене.\n{text}\n".encode(), "law.txt", "ky")
        assert time.process_time() - begun < WHOLE_LAW
        assert read.coverage == 1.0
        assert read.tree.counts()["article"] == 1


def test_a_large_law_and_its_revision_are_aligned_rightly_and_in_time() -> None:
    old = texts.law(provisions=1000, words=250_000)
    truth = texts.revised(old)
    new = texts.bare(truth)
    begun = time.process_time()
    alignment = align(old, new)
    assert time.process_time() - begun < 20
    kinds = {change.kind for change in alignment}
    assert kinds >= {"same", "edited", "moved", "renumbered", "split", "deleted", "added"}
    wids = [node.wid for node in carry_wids(new, alignment).walk()]
    known = {node.wid for node in old.walk()}
    wrong = [
        (one, true.wid)
        for one, true in zip(wids, truth.walk(), strict=True)
        if one != true.wid and (one in known or true.wid in known)
    ]
    assert len(wrong) <= 0.005 * len(wids)


@pytest.mark.parametrize("number", ["", "1"])
def test_thousands_of_passages_of_one_name_and_the_same_words_take_no_time_to_compare(
    number: str,
) -> None:
    def flat(n: int, words: str) -> Tree:
        below = tuple(Node("text", number=number, text=words) for _ in range(n))
        return Tree("en", (Node("article", number="1", children=below),))

    old = identify(flat(2000, "The same words stand here in every line."))
    new = identify(flat(1990, "The same words stand there in every line."))
    begun = time.process_time()
    found = Counter(change.kind for change in align(old, new))
    assert time.process_time() - begun < 10
    assert found == {"same": 1, "edited": 1990, "deleted": 10}
