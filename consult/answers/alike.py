"""[pure] Which reasons say the same of unlike comments: the detector of template answers.

It compares words and says nothing of whether a reason is right.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

WORD = re.compile(r"[^\W\d_]+")  # numbers are no words here: of a provision, a sum, a date
# With pairs of words as shingles, one word of n replaced spoils two of n - 1: of ten words 7/11 is
# left. So one word in ten, put in or replaced, does not hide a template, and two reasons in the
# same officialese ("the proposal is not accepted, because …") stay well below.
SAME = 0.6
UNLIKE = 0.5  # below it two comments are unlike: fewer than half of all their words are shared
QUOTED = 4  # so many words in a row that stand in the comment are a quotation of it


@dataclass(frozen=True, slots=True)
class Given:
    """A reason that was given, what it answers, and who is named there.

    `said` are the words of the comment, or of some of those in the group it answers.
    """

    id: int
    reason: str
    said: Sequence[str]
    names: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """One wording given to unlike comments: the answers, `points` unlike things they answer."""

    reason: str
    ids: tuple[int, ...]
    points: int


@dataclass(frozen=True, slots=True)
class TemplateShare:
    """Of `points` unlike things that were answered with a reason, those answered by a template."""

    points: int
    templates: list[Template]

    @property
    def templated(self) -> int:
        return sum(template.points for template in self.templates)

    @property
    def share(self) -> float:
        """From 0 to 1; 0 when nothing was answered."""
        return self.templated / self.points if self.points else 0.0


def words_of(text: str) -> list[str]:
    """The words of a text, whatever their capitals and the form of their letters."""
    return WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def likeness(one: str, other: str) -> float:
    """How much two comments have in common, from 0 to 1: shared words among all (Jaccard)."""
    return jaccard(frozenset(words_of(one)), frozenset(words_of(other)))


def jaccard(a: frozenset[Hashable], b: frozenset[Hashable]) -> float:
    """Shared elements among all, from 0 to 1; 0 when either has none."""
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared) if shared else 0.0


def gist(given: Given) -> tuple[str, ...]:
    """The words of a reason that are its writer's own: no names, numbers or quoted words."""
    names = set(words_of(given.names))
    words = [word for word in words_of(given.reason) if word not in names]
    said = [[w for w in words_of(text) if w not in names] for text in given.said]
    runs = {tuple(text[at : at + QUOTED]) for text in said for at in range(len(text))}
    quoted: set[int] = set()
    for at in range(len(words) - QUOTED + 1):
        if tuple(words[at : at + QUOTED]) in runs:
            quoted.update(range(at, at + QUOTED))
    own = tuple(word for at, word in enumerate(words) if at not in quoted)
    return own or tuple(words)  # a reason that only quotes is compared as it stands


def shingles(words: Sequence[str]) -> frozenset[Hashable]:
    """All runs of two words; of a single word, itself."""
    return frozenset(pairwise(words)) if len(words) > 1 else frozenset(words)


def stars(sets: Mapping[int, frozenset[Hashable]], least: float) -> list[list[int]]:
    """Groups of like sets: each stands with the first one it is like at `least`.

    The order of `sets` is that of precedence. A pair can only be that alike when it shares one of
    the rarest elements of each (prefix filtering, Chaudhuri et al. 2006), so that few are compared
    and none is missed.
    """
    often = Counter(element for one in sets.values() for element in one)
    rank = {element: at for at, (element, _) in enumerate(reversed(often.most_common()))}
    leaders: dict[Hashable, list[int]] = defaultdict(list)
    place: dict[int, int] = {}
    found: dict[int, list[int]] = {}
    for id_, elements in sets.items():
        rarest = sorted(elements, key=rank.__getitem__)
        # The last digit of a product of floats must not cost an element.
        prefix = rarest[: len(rarest) - ceil(least * len(rarest) - 1e-9) + 1]
        near = {leader for element in prefix for leader in leaders[element]}
        in_order = sorted(near, key=place.__getitem__)
        like = next((one for one in in_order if jaccard(sets[one], elements) >= least), None)
        if like is not None:
            found[like].append(id_)
            continue
        place[id_] = len(place)
        found[id_] = [id_]
        for element in prefix:
            leaders[element].append(id_)
    return list(found.values())


def template_answers(answers: Iterable[Given]) -> TemplateShare:
    """How much of what was answered are templates, and which, the most used first.

    Equal words are put together before any are compared. The order of `answers` plays no part.
    """
    equal: dict[tuple[str, ...], list[Given]] = defaultdict(list)
    for one in sorted(answers, key=lambda one: one.id):
        if words := gist(one):
            equal[words].append(one)
    by_use = sorted(equal.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    heads = {given[0].id: (shingles(words), given) for words, given in by_use}
    total = 0
    found = []
    for group in stars({id_: own for id_, (own, _) in heads.items()}, SAME):
        members = [one for head in group for one in heads[head][1]]
        n = points(members)
        total += n
        if n > 1:
            ids = tuple(sorted(one.id for one in members))
            found.append(Template(members[0].reason, ids, n))
    return TemplateShare(total, sorted(found, key=lambda one: (-one.points, one.ids)))


def points(answers: Sequence[Given]) -> int:
    """How many unlike things some answers speak to: like comments, and one group, are one."""
    if len(answers) < 2:
        return len(answers)
    sets: dict[int, frozenset[Hashable]] = {}
    for one in sorted(answers, key=lambda one: (tuple(one.said), one.id)):
        sets[one.id] = frozenset(word for text in one.said for word in words_of(text))
    wordless = sum(not own for own in sets.values())
    return wordless + len(stars({id_: own for id_, own in sets.items() if own}, UNLIKE))
