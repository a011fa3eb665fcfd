"""[pure] How well campaigns were found, in pairs of comments."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence

from consult.campaigns.clustering import partition
from consult.campaigns.rules import text_of
from tests.bench.letters import Letter


def grouped(letters: Sequence[Letter]) -> list[int]:
    """The number of the group of each comment."""
    said = [text_of(letter.body) for letter in letters]
    sent = Counter(text.exact for text in said)
    texts = list({text.exact: text for text in said}.values())
    groups = partition(texts, [sent[text.exact] for text in texts])
    number = {texts[i].exact: n for n, group in enumerate(groups) for i in group.texts}
    return [number[text.exact] for text in said]


def precision_and_recall(letters: Sequence[Letter], groups: Sequence[int]) -> tuple[float, float]:
    """Of the pairs put together those that are of one campaign; of those of one, those together.

    Comments of the very same words are one text whoever wrote them ("I agree"): such a pair is
    left out, it is no question.
    """
    said = [text_of(letter.body).exact for letter in letters]
    true = [letter.campaign or -n - 1 for n, letter in enumerate(letters)]
    found = _pairs(groups) - _pairs(zip(groups, said, strict=True))
    meant = _pairs(true) - _pairs(zip(true, said, strict=True))
    both = _pairs(zip(true, groups, strict=True)) - _pairs(zip(true, groups, said, strict=True))
    return both / found if found else 1.0, both / meant if meant else 1.0


def _pairs(kinds: Iterable[Hashable]) -> int:
    return sum(n * (n - 1) // 2 for n in Counter(kinds).values())
