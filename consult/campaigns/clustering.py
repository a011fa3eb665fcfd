"""[pure] All texts of a draft at once: which are one. The same texts, the same groups.

Neither the order in which they came nor their numbers matter. Who finds texts one by one, as they
come in, is keeping.py.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from consult.campaigns.rules import Text, alike, likeness
from consult.campaigns.sketching import keys_of

DEALS = 3  # three looks by 24 bands: what one does not find, another does
PASSES = 20  # what is split off is looked at again so often
HEADS = 6  # of the texts that agree in a band, so many are compared with all others
JUDGES = 40  # texts by which the medoid of a cluster is chosen


@dataclass(frozen=True, slots=True)
class Group:
    """Texts that are one, by their places in what was given; the medoid is the first of them."""

    texts: list[int]

    @property
    def medoid(self) -> int:
        return self.texts[0]


def partition(texts: Sequence[Text], sent: Sequence[int]) -> list[Group]:
    """Every text in exactly one group; `sent` says how many comments say it, no two are the same.

    Texts are linked only when compared (`alike`), and every text of a group is alike its medoid:
    what is linked by a chain is split off and looked at again by itself.
    """
    rest = sorted(range(len(texts)), key=lambda i: (-sent[i], texts[i].exact))
    groups: list[Group] = []
    for _ in range(PASSES):
        left: list[int] = []
        for linked in _linked(texts, rest):
            near, apart = _around_medoid(texts, sent, linked)
            groups.append(Group(near))
            left += apart
        rest = sorted(left, key=lambda i: (-sent[i], texts[i].exact))
        if not rest:
            return groups
    return groups + [Group([i]) for i in rest]


def medoid(texts: Sequence[Text], sent: Sequence[int]) -> int:
    """The place of the text that is nearest to all, by how often each was sent.

    Of many only some are asked, spread evenly; what was sent most often is expected to come first.
    """
    asked = range(0, len(texts), max(1, len(texts) // JUDGES))[:JUDGES]

    def nearness(i: int) -> float:
        return sum(sent[j] * likeness(texts[i], texts[j]) for j in asked)

    return max(asked, key=lambda i: (nearness(i), -i))


def _around_medoid(
    texts: Sequence[Text], sent: Sequence[int], members: list[int]
) -> tuple[list[int], list[int]]:
    """The medoid and what is alike it; what is not."""
    if len(members) == 1:
        return members, []
    centre = members[medoid([texts[i] for i in members], [sent[i] for i in members])]
    near, apart = [centre], list[int]()
    for i in members:
        if i != centre:
            (near if alike(texts[i], texts[centre]) else apart).append(i)
    return near, apart


def _linked(texts: Sequence[Text], order: Sequence[int]) -> Iterable[list[int]]:
    """Those that hang together by pairs found alike, each in the given order."""
    over = {i: i for i in order}
    long = [i for i in order if not texts[i].is_short]
    for deal in range(DEALS):
        for bucket in _buckets(texts, long, deal):
            _link(texts, over, bucket)
    linked: dict[int, list[int]] = {}
    for i in order:
        linked.setdefault(_root(over, i), []).append(i)
    return linked.values()


def _buckets(texts: Sequence[Text], order: Sequence[int], deal: int) -> Iterable[list[int]]:
    """Texts that agree in a band, band by band: of all bands at once there would be too many."""
    keys = array("I", (key for i in order for key in keys_of(texts[i], deal)))
    bands = len(keys) // len(order) if order else 0
    for band in range(bands):
        first: dict[int, int] = {}
        more: dict[int, list[int]] = {}
        for i, key in zip(order, keys[band::bands], strict=True):
            if (head := first.setdefault(key, i)) != i:
                more.setdefault(key, [head]).append(i)
        yield from more.values()


def _link(texts: Sequence[Text], over: dict[int, int], bucket: list[int]) -> None:
    heads: list[int] = []
    for i in bucket:
        for head in heads:
            one, other = _root(over, head), _root(over, i)
            if one == other:
                break
            if alike(texts[head], texts[i]):
                over[other] = one
                break
        else:
            if len(heads) < HEADS:
                heads.append(i)


def _root(over: dict[int, int], i: int) -> int:
    while over[i] != i:
        over[i] = i = over[over[i]]
    return i
