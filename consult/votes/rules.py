"""[pure] What can be voted on, how a changed vote changes the counts, when votes begin anew."""

from collections.abc import Mapping, Sequence

from consult.errors import Invalid

VALUES = {"1": 1, "-1": -1, "0": 0}
Wording = Mapping[str, Sequence[str]]  # by language the hashes of a provision's words, in order


def version_target(version_id: int, wid: str = "") -> str:
    """The address of a version, or of a provision in it: a changed text is voted on anew."""
    return f"version:{version_id}#{wid}" if wid else f"version:{version_id}"


def comment_target(comment_id: int) -> str:
    return f"comment:{comment_id}"


def read_target(target: str) -> tuple[str, int, str]:
    """("version", 7, "art_2") of "version:7#art_2"; the wid of the whole, or a comment, is ""."""
    kind, _, rest = target.partition(":")
    number, _, wid = rest.partition("#")
    return kind, int(number), wid


def value_of(choice: str) -> int:
    """+1, -1, or 0 to take a vote back; raises Invalid."""
    if choice not in VALUES:
        raise Invalid("Please choose one of the options.", field="value")
    return VALUES[choice]


def change_of_counts(old: int, new: int) -> tuple[int, int]:
    """What to add to (for, against) when a vote goes from `old` to `new`."""
    return (new == 1) - (old == 1), (new == -1) - (old == -1)


def first_with_these_words(wordings: Sequence[Wording]) -> int:
    """The place of the first of some versions since which a provision has read as in the last.

    Votes are on words: those given then still stand. An empty wording is a version without the
    provision; a language that only one of two versions has tells nothing about a change.
    """
    place = len(wordings) - 1
    while place > 0 and _read_the_same(wordings[place - 1], wordings[place]):
        place -= 1
    return place


def _read_the_same(one: Wording, other: Wording) -> bool:
    shared = one.keys() & other.keys()
    return bool(shared) and all(one[lang] == other[lang] for lang in shared)
