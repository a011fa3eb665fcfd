"""Made-up comments on one provision, in Kyrgyz and Russian: campaigns, and people who write alone.

A campaign is a letter that many people send, each with some words changed and now and then a
sentence of their own. Those who write alone use the same words of the same matter and the same
turns of phrase. No text of a real person is here; the same seed makes the same texts.
"""

import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

LANGS = ("ky", "ru")

_WORDS = tomllib.loads((Path(__file__).parent / "letters.toml").read_text(encoding="utf-8"))
# What everybody says who writes of the matter, the words between, and words of any matter.
TOPIC, SMALL, ANY = (
    {lang: _WORDS[lang][kind].split() for lang in LANGS} for kind in ("topic", "small", "any")
)
_WEIGHTS = {  # the rank of a word says how often it is used (Zipf)
    id(words): list(accumulate(1 / (rank + 4) for rank in range(len(words))))
    for table in (TOPIC, SMALL, ANY)
    for words in table.values()
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A comment as it was sent, and which campaign it belongs to (0: to none)."""

    lang: str
    body: str
    campaign: int = 0


def alone(rng: random.Random, lang: str, words: int) -> str:
    """What one person writes about the provision: some two fifths of the words everybody uses."""
    said: list[str] = []
    while len(said) < words:
        if rng.random() < 0.25:
            said += rng.choice(_WORDS[lang]["phrases"]).split()
        said += _sentence(rng, lang, rng.randint(6, 14))
        said[-1] += "."
    return " ".join(said[:words])


def _sentence(rng: random.Random, lang: str, words: int) -> list[str]:
    sources = rng.choices((SMALL, TOPIC, ANY), weights=(30, 30, 40), k=words)
    return [_word(rng, source[lang]) for source in sources]


def _word(rng: random.Random, words: Sequence[str]) -> str:
    return rng.choices(words, cum_weights=_WEIGHTS[id(words)])[0]


def changed(rng: random.Random, text: str, lang: str, share: float) -> str:
    """The text with that share of its words replaced, dropped, followed by another, or swapped."""
    words = text.split()
    touched = sorted(rng.sample(range(len(words)), round(share * len(words))), reverse=True)
    for at in touched:
        how = rng.choices(("other", "synonym", "drop", "insert", "swap"), (40, 20, 15, 15, 10))[0]
        if how == "drop":
            del words[at]
        elif how == "insert":
            words.insert(at, _word(rng, ANY[lang]))
        elif how == "swap" and at + 1 < len(words):
            words[at : at + 2] = [words[at + 1], words[at]]
        elif how == "synonym":
            words[at] = _WORDS[lang]["synonyms"].get(words[at]) or _word(rng, ANY[lang])
        else:
            words[at] = _word(rng, ANY[lang])
    return " ".join(words)


def sent(rng: random.Random, text: str, lang: str, share: float) -> str:
    """The text as one of many sends it: words changed, a third with something of their own."""
    body = changed(rng, text, lang, share) if share else text
    if rng.random() < 0.33:
        body += " " + " ".join(_sentence(rng, lang, rng.randint(3, max(3, len(text.split()) // 4))))
    return _typed(rng, body)


_KEYBOARD = str.maketrans("өүңӨҮҢё", "оунОУНе")


def _typed(rng: random.Random, body: str) -> str:
    """As people type: letters the keyboard lacks, capitals, commas, lines."""
    if rng.random() < 0.2:
        body = body.translate(_KEYBOARD)
    if rng.random() < 0.1:
        body = body.upper()
    if rng.random() < 0.2:
        body = body.replace(",", "").replace(". ", ".\n")
    return body


def campaign(
    rng: random.Random, number: int, lang: str, *, size: int, words: int, share: float
) -> list[Letter]:
    """`size` comments made of one letter of so many words, which itself nobody need have sent."""
    text = alone(rng, lang, words)
    return [Letter(lang, sent(rng, text, lang, share), number) for _ in range(size)]


def discussion(
    seed: int, *, share: float, campaigns: int = 12, largest: int = 40, others: int = 600
) -> list[Letter]:
    """Campaigns of 2 to `largest` comments with that share of words changed, among others' words.

    In both languages and in no order. Of those who write alone every tenth says a few words only.
    """
    rng = random.Random(seed)
    letters = [
        letter
        for number in range(1, campaigns + 1)
        for letter in campaign(
            rng,
            number,
            LANGS[number % 2],
            size=rng.randint(2, largest),
            words=rng.randint(20, 120),
            share=share,
        )
    ]
    letters += (_other(rng) for _ in range(others))
    rng.shuffle(letters)
    return letters


def _other(rng: random.Random) -> Letter:
    lang = rng.choice(LANGS)
    few = rng.random() < 0.1
    return Letter(lang, alone(rng, lang, rng.randint(1, 9) if few else rng.randint(10, 120)))


def stream(seed: int, total: int) -> Iterator[Letter]:
    """So many comments, one after another: half of them of campaigns, a few of which are large.

    Of a campaign's comments four tenths are the letter itself; the others change up to 30 %.
    """
    rng = random.Random(seed)
    letters = [alone(rng, LANGS[n % 2], rng.randint(30, 120)) for n in range(200)]
    weights = list(accumulate(1 / (rank + 1) for rank in range(len(letters))))
    for _ in range(total):
        if rng.random() < 0.5:
            yield _other(rng)
            continue
        n = rng.choices(range(len(letters)), cum_weights=weights)[0]
        lang = LANGS[n % 2]
        share = 0.0 if rng.random() < 0.4 else rng.uniform(0, 0.3)
        body = sent(rng, letters[n], lang, share) if share else letters[n]
        yield Letter(lang, body, n + 1)
