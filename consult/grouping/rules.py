"""[pure] Which comments look as if they raised one point. A person decides whether they do.

Three ways, the surest first: the same text, nearly the same text (a campaign), shared words. The
last compares stems by their weight (tf-idf, cosine), asks less of two comments on one provision,
and takes stars: the comment that most others are like, with those others. No comment stands in two
proposals.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from math import log, sqrt

METHODS = ("same_text", "near_duplicate", "shared_words")  # in the order they are tried
STATES = ("open", "taken", "dismissed")
ALIKE = 0.35  # cosine from which two comments are put before a person as one point
COMMON = 0.2  # stems that more than this share of the comments use say nothing about their point
RARE = 2  # a stem only one comment uses brings nobody together
FEW = 25  # of so few comments no stem is too common
POSTINGS = 400  # comments a stem may bring together; beyond, it costs more than it tells
SAME_PLACE = 0.2  # … if both are about the same provision
SHARED = 2  # stems that two comments share at least: one alone is chance
TERMS = 6  # words that are shown as what they share
SAME_SET = 0.8  # overlap (Jaccard) from which a proposal is the one that was dismissed


@dataclass(frozen=True, slots=True)
class Text:
    """A comment as it is compared: its words in order as (stem, as spelt), and its campaign.

    `exact` is equal for equal texts; `cluster` is that of its campaign, None if it is in none;
    `wid` the provision it is about.
    """

    id: int
    words: tuple[tuple[str, str], ...]
    exact: str
    cluster: int | None = None
    wid: str = ""

    @property
    def stems(self) -> list[str]:
        return [stem for stem, _ in self.words]


@dataclass(frozen=True, slots=True)
class Suggested:
    """Comments that may be one point, the nearest to all first, and the words they share."""

    method: str
    score: float
    ids: tuple[int, ...]
    terms: tuple[str, ...] = ()


def suggest(texts: Sequence[Text], most: int = 200) -> list[Suggested]:
    """What a person is shown: at most `most` proposals, the surest way first, then the larger.

    The order of `texts` plays no part.
    """
    texts = sorted(texts, key=lambda text: text.id)
    found = _one_text(texts)
    taken = {id_ for one in found for id_ in one.ids}
    found += _sharing([text for text in texts if text.id not in taken])
    found.sort(key=lambda one: (METHODS.index(one.method), -len(one.ids), one.ids))
    return found[:most]


def was_dismissed(ids: Collection[int], dismissed: Iterable[Collection[int]]) -> bool:
    """Whether a person has said no to (nearly) this set of comments before."""
    mine = set(ids)
    return any(len(mine & set(old)) >= SAME_SET * len(mine | set(old)) for old in dismissed)


def _one_text(texts: Iterable[Text]) -> list[Suggested]:
    """Campaigns, and short texts (which are in no campaign) that are the same."""
    alike: dict[object, list[Text]] = defaultdict(list)
    for text in texts:
        alike[text.exact if text.cluster is None else text.cluster].append(text)
    found = []
    for members in alike.values():
        if len(members) > 1:
            same = len({text.exact for text in members}) == 1
            method = "same_text" if same else "near_duplicate"
            found.append(Suggested(method, 1.0, tuple(text.id for text in members)))
    return found


def _sharing(texts: Sequence[Text]) -> list[Suggested]:
    weights = _weighted(texts)
    near = _neighbours(weights, {text.id: text.wid for text in texts})
    spelt = {text.id: text.words for text in texts}
    found = []
    for centre, members in _stars(near):
        ids = (centre, *sorted(members, key=lambda other: (-near[centre][other], other)))
        score = sum(near[centre][other] for other in members) / len(members)
        shared = _shared([weights[id_] for id_ in ids])
        terms = _spelt(shared, [spelt[id_] for id_ in ids])
        found.append(Suggested("shared_words", round(score, 3), ids, terms))
    return found


def _weighted(texts: Sequence[Text]) -> dict[int, dict[str, float]]:
    """By comment the weights of its stems, of length 1; stems that tell nothing are left out."""
    known = Counter(stem for text in texts for stem in set(text.stems))
    limit = max(FEW, min(POSTINGS, COMMON * len(texts)))
    telling = {stem: log(1 + len(texts) / n) for stem, n in known.items() if RARE <= n <= limit}
    weights = {}
    for text in texts:
        counted = Counter(stem for stem in text.stems if stem in telling)
        raw = {stem: (1 + log(n)) * telling[stem] for stem, n in sorted(counted.items())}
        # Words nobody else uses make a comment less like the others, but are not compared.
        alone = sum(known[stem] < RARE for stem in set(text.stems))
        length = sqrt(sum(w * w for w in raw.values()) + alone)
        weights[text.id] = {stem: w / length for stem, w in raw.items()} if length else {}
    return weights


def _neighbours(
    weights: Mapping[int, Mapping[str, float]], wids: Mapping[int, str]
) -> dict[int, dict[int, float]]:
    """By comment those it is like, with the cosine; each pair is met by the stems it shares.

    Two comments on the same provision are like each other with less.
    """
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    near: dict[int, dict[int, float]] = {id_: {} for id_ in weights}
    for id_, stems in weights.items():
        scores: dict[int, float] = defaultdict(float)
        shared: Counter[int] = Counter()
        for stem, weight in stems.items():
            for other, theirs in postings[stem]:
                scores[other] += weight * theirs
                shared[other] += 1
            postings[stem].append((id_, weight))
        for other, score in scores.items():
            same_place = wids[id_] and wids[id_] == wids[other]
            if shared[other] >= SHARED and score >= (SAME_PLACE if same_place else ALIKE):
                near[id_][other] = near[other][id_] = score
    return near


def _stars(near: Mapping[int, Mapping[int, float]]) -> list[tuple[int, set[int]]]:
    """The comment most others are like with those others; then again among what is left."""
    free = {id_: set(others) for id_, others in near.items() if others}
    queue = [(-len(others), id_) for id_, others in free.items()]
    heapify(queue)
    stars = []
    while queue:
        n, centre = heappop(queue)
        members = free.get(centre)
        if not members:
            continue
        if len(members) != -n:  # some of them were taken meanwhile
            heappush(queue, (-len(members), centre))
            continue
        stars.append((centre, members))
        _take(free, {centre, *members})
    return stars


def _take(free: dict[int, set[int]], gone: set[int]) -> None:
    for id_ in gone:
        for other in free.pop(id_):
            if other not in gone:
                free[other].discard(id_)


def _shared(weights: Sequence[Mapping[str, float]]) -> list[str]:
    """The stems that bind most of them, the heaviest first."""
    total: Counter[str] = Counter()
    users: Counter[str] = Counter()
    for one in weights:
        total.update(one)
        users.update(one.keys())
    binding = [stem for stem in total if users[stem] * 2 >= len(weights)]
    return sorted(binding, key=lambda stem: (-total[stem], stem))[:TERMS]


def _spelt(stems: Sequence[str], comments: Sequence[Sequence[tuple[str, str]]]) -> tuple[str, ...]:
    """Each stem as these comments spell it most often: a stem alone is no word to show."""
    forms = {stem: Counter[str]() for stem in stems}
    for stem, word in (pair for words in comments for pair in words):
        if stem in forms:
            forms[stem][word] += 1
    return tuple(min(forms[stem], key=lambda word: (-forms[stem][word], word)) for stem in stems)
