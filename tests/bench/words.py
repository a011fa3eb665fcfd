"""[pure] Words for a law and its comments: a made-up Kyrgyz, the same for the same seed."""

import random
from itertools import accumulate

from drafts.tree import Node, Tree, identify

LANG = "ky"
CHAPTERS = 10
COMMON = (
    "мыйзам суу жер билим китепкана айыл шаар укук милдет мамлекет өкмөт жаран бала мектеп мугалим "
    "жол унаа сугат чарба эмгек акча бюджет салык тартип мөөнөт чечим долбоор кеңеш орган токтом"
)
SYLLABLES = ("ба", "жо", "ке", "мү", "са", "ты", "ча", "ду", "рө", "ли", "на", "шы", "ко", "те")
ENDINGS = ("р", "н", "к", "м", "т", "ш", "л", "п")
# Thirty common words, then some 1,500 made up ones: how often a word occurs falls with its rank
# (Zipf's law), so that a search finds some of the texts and not all of them.
WORDS = [
    *COMMON.split(),
    *(f"{a}{b}{c}" for a in SYLLABLES for b in SYLLABLES for c in ENDINGS),
]
WEIGHTS = list(accumulate(1 / (rank + 5) for rank in range(len(WORDS))))


def sentence(rng: random.Random, words: int) -> str:
    """So many words, drawn as often as they are used."""
    return " ".join(rng.choices(WORDS, cum_weights=WEIGHTS, k=words)).capitalize() + "."


def law_text(rng: random.Random, articles: int) -> Tree:
    """Articles of some 70 words in ten chapters, numbered as in a Kyrgyz law."""

    def article(n: int) -> Node:
        text = f"{sentence(rng, 35)} {sentence(rng, 35)}"
        return Node("article", str(n), f"{n}-берене.", sentence(rng, 4), text)

    each = max(1, articles // CHAPTERS)
    chapters = tuple(
        Node(
            "chapter",
            str(c + 1),
            f"{c + 1}-глава.",
            sentence(rng, 4),
            children=tuple(article(c * each + n + 1) for n in range(each)),
        )
        for c in range(articles // each)
    )
    return identify(Tree(LANG, chapters))
