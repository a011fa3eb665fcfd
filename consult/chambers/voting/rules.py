"""[pure] What a vote by name may be, and how one is counted: as a whole, and by faction."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

CHOICES = ("for", "against", "abstained", "absent")
PRESENT = ("for", "against", "abstained")

# How minutes write a vote, in the languages of the site and in signs.
WORDS: Mapping[str, str] = {
    word: choice
    for choice, words in {
        "for": ("for", "yes", "aye", "yea", "+", "за", "макул", "ооба", "жактап", "қолдады", "иә"),
        "against": ("against", "no", "nay", "-", "против", "каршы", "жок", "қарсы", "жоқ"),
        "abstained": (
            *("abstained", "abstain", "abstention", "0", "воздержался", "воздержалась"),
            *("воздержание", "калыс", "калыс калды", "добуштан карманды", "қалыс", "қалыс қалды"),
        ),
        "absent": (
            *("absent", "did not vote", "отсутствовал", "отсутствовала", "отсутствует"),
            *("не голосовал", "не голосовала", "жок болду", "катышкан жок", "добуш берген жок"),
            *("қатысқан жоқ", "болмады", "дауыс берген жоқ"),
        ),
    }.items()
    for word in words
}


@dataclass(frozen=True, slots=True)
class Ballot:
    """How one deputy voted, and when (UTC; None: they were absent)."""

    deputy_id: int
    choice: str
    faction: str
    voted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """So many of each choice. `faction` is "" for all, and for those who are in none."""

    faction: str
    counts: Mapping[str, int] = field(default_factory=dict)

    def of(self, choice: str) -> int:
        return self.counts.get(choice, 0)

    @property
    def numbers(self) -> Sequence[int]:
        """The counts in the order of CHOICES."""
        return tuple(self.of(choice) for choice in CHOICES)


def choice_in(word: str) -> str | None:
    """The choice a word means; None for one that means none."""
    return WORDS.get(" ".join(word.casefold().rstrip(".").split()))


def total(tallies: Iterable[Tally]) -> Tally:
    """All factions together."""
    counts: Counter[str] = Counter()
    for one in tallies:
        counts.update(one.counts)
    return Tally("", dict(counts))


def tallied(votes: Iterable[tuple[str, str, int]]) -> list[Tally]:
    """(faction, choice, how many) → a tally a faction, the largest first; "" comes last."""
    counts: dict[str, dict[str, int]] = {}
    for faction, choice, n in votes:
        own = counts.setdefault(faction, {})
        own[choice] = own.get(choice, 0) + n
    order = sorted(counts, key=lambda name: (name == "", -sum(counts[name].values()), name))
    return [Tally(name, counts[name]) for name in order]
