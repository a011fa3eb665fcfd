"""When two comments are one text, how they are found among many, what a person added."""

import random
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.campaigns import clustering
from consult.campaigns.clustering import medoid, partition
from consult.campaigns.rules import SHORT, Text, alike, likeness, residue, text_of
from consult.campaigns.sketching import BANDS, keys_of
from tests.bench.letters import LANGS, alone, changed, discussion, sent
from tests.bench.scoring import grouped, precision_and_recall

LETTER = (
    "Биз, айылдын тургундары, жайыт үчүн төлөмдү көбөйтүүгө каршыбыз. Бул үй-бүлөлөргө кымбат. "
    "Беренени өзгөртүүнү суранабыз, анткени малчылардын кирешеси аз."
)
seeds = st.integers(0, 10_000)


def made(seed: int, words: int = 60) -> tuple[random.Random, str, str]:
    rng = random.Random(seed)
    lang = rng.choice(LANGS)
    return rng, lang, alone(rng, lang, words)


@pytest.mark.parametrize(
    "typed",
    [
        LETTER.upper(),
        LETTER.replace("ү", "у").replace("ө", "о"),
        LETTER.replace(",", " ").replace(".", "!!\n\n"),
        f"  «{LETTER}» ",
        LETTER.replace("ү", "у\u0308").replace("у\u0308", "ү"),
        LETTER.replace("айылдын", "айыл\u00adдын"),
    ],
)
def test_how_it_was_typed_does_not_make_another_text(typed: str) -> None:
    assert text_of(typed) == text_of(LETTER)


def test_a_text_without_words_is_compared_as_it_is() -> None:
    assert text_of("+ +").exact == text_of("+   +").exact != text_of("- -").exact
    assert keys_of(text_of("+++")) == []


def test_the_proposed_wording_is_part_of_what_is_said() -> None:
    assert text_of("Change it.", "six days") != text_of("Change it.", "seven days")


def test_of_a_few_words_only_the_same_are_the_same() -> None:
    few = "I agree with this article of the draft law"
    assert len(text_of(few).words) < SHORT
    assert alike(text_of(few), text_of(few.upper()))
    assert not alike(text_of(few), text_of(f"{few} now"))
    assert likeness(text_of(few), text_of(f"{few} and with the next one too")) == 0.0


@given(seeds, seeds)
def test_likeness_is_the_same_both_ways_and_whole_only_for_the_same_words(a: int, b: int) -> None:
    one, other = text_of(made(a)[2]), text_of(made(b)[2])
    assert likeness(one, other) == likeness(other, one)
    assert 0.0 <= likeness(one, other) <= 1.0
    assert (likeness(one, other) == 1.0) == (one == other)


@given(seeds, st.floats(0, 0.2))
def test_a_fifth_of_the_words_changed_in_either_is_still_one_text(seed: int, share: float) -> None:
    rng, lang, letter = made(seed)
    one, other = (text_of(changed(rng, letter, lang, share)) for _ in range(2))
    assert alike(one, other)


@given(seeds)
def test_who_writes_alone_of_the_same_matter_is_like_nobody(seed: int) -> None:
    rng, lang, text = made(seed)
    assert not alike(text_of(text), text_of(alone(rng, lang, 60)))


@given(seeds, st.integers(10, 60))
def test_the_same_words_have_the_same_keys_and_a_key_a_band(seed: int, words: int) -> None:
    text = text_of(made(seed, words)[2])
    keys = keys_of(text)
    assert keys == keys_of(Text(text.exact, text.words))
    assert len(keys) == (0 if text.is_short else BANDS)
    assert all(0 <= key < 2**31 for key in keys)
    assert not keys or keys != keys_of(text, deal=1)


def batch(bodies: list[str]) -> set[frozenset[str]]:
    """The groups of these comments, each as the exact texts that are in it."""
    sent_n = Counter(text_of(body).exact for body in bodies)
    texts = list({text.exact: text for text in map(text_of, bodies)}.values())
    groups = partition(texts, [sent_n[text.exact] for text in texts])
    assert sorted(i for group in groups for i in group.texts) == list(range(len(texts)))
    for group in groups:
        assert all(alike(texts[i], texts[group.medoid]) for i in group.texts)
    return {frozenset(texts[i].exact for i in group.texts) for group in groups}


@given(seeds)
def test_the_order_of_the_comments_does_not_change_the_groups(seed: int) -> None:
    bodies = [
        letter.body for letter in discussion(seed, share=0.25, campaigns=4, largest=8, others=20)
    ]
    shuffled = random.Random(seed + 1).sample(bodies, len(bodies))
    assert batch(bodies) == batch(shuffled)


def test_a_chain_is_not_one_text() -> None:
    """Each is like its neighbour, the first and the last have nothing in common."""
    words = alone(random.Random(3), "ru", 400).split()
    chain = [" ".join(words[at : at + 60]) for at in range(0, 340, 20)]
    texts = list(map(text_of, chain))
    assert all(alike(a, b) for a, b in pairwise(texts))
    assert not alike(texts[0], texts[-1])
    groups = batch(chain)
    assert len(chain) > len(groups) > 3


def test_what_is_not_looked_at_again_stands_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clustering, "PASSES", 1)
    words = alone(random.Random(3), "ru", 400).split()
    groups = batch([" ".join(words[at : at + 60]) for at in range(0, 340, 20)])
    assert sum(len(group) == 1 for group in groups) > 10


def test_the_medoid_is_what_most_people_sent() -> None:
    rng, lang, letter = made(1)
    texts = [text_of(letter), *(text_of(changed(rng, letter, lang, 0.2)) for _ in range(5))]
    assert medoid(texts, [1] * 6) == 0  # the letter is nearer to each than they to one another
    assert medoid([*texts[1:], texts[0]], [1] * 6) == 5
    assert medoid(texts, [1, 1, 50, 1, 1, 1]) == 2


@pytest.mark.parametrize("share", [0.0, 0.05, 0.1, 0.15, 0.2])
@pytest.mark.parametrize(("campaigns", "largest"), [(60, 3), (12, 30)])
def test_campaigns_are_found_and_nobody_else(share: float, campaigns: int, largest: int) -> None:
    letters = discussion(5, share=share, campaigns=campaigns, largest=largest, others=500)
    precision, recall = precision_and_recall(letters, grouped(letters))
    assert precision >= 0.99
    assert recall >= 0.95


def test_what_somebody_added_is_told_as_they_wrote_it() -> None:
    own = "Менин атам элүү жыл чабан болгон, жолду өзү салган."
    assert residue(f"{LETTER} {own}", LETTER) == [own.rstrip(".")]
    assert residue(f"{own} {LETTER.upper()}", LETTER) == [own.rstrip(".")]
    assert residue(LETTER.replace("ү", "у"), LETTER) == []


def test_words_added_within_a_sentence_are_told_without_the_sentence() -> None:
    own = "Нарында эч ким мынча акча таба албайт"
    assert residue(LETTER.replace("каршыбыз", f"каршыбыз, {own}"), LETTER) == [own]


@given(seeds, st.floats(0, 0.2))
def test_every_word_that_is_told_as_added_was_written(seed: int, share: float) -> None:
    rng, lang, letter = made(seed)
    body = sent(rng, letter, lang, share)
    assert all(added in body for added in residue(body, letter))
