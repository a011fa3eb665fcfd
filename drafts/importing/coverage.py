"""[pure] How much of a source stands in the tree that was made of it."""

from drafts.tree import Tree

ANCHOR = 16  # letters that must stand together for the two texts to be in step again
LOST = 2000  # letters that may be lost in one place (a page head, a footer)
ADDED = 200  # letters that may be added in one place (a printed number)


def coverage(source: str, tree: Tree) -> float:
    """The share of the source's letters (anything but white space) found in order in the tree.

    1.0 if and only if every one of them is there. Below that it is a lower bound: the texts are
    walked through side by side and what cannot be found again soon counts as lost.
    """
    told = _squeezed(source)
    kept = _squeezed("\n".join(f"{n.label} {n.heading} {n.text}" for n in tree.walk()))
    if _is_within(told, kept):
        return 1.0
    return _found(told, kept) / len(told)


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _is_within(told: str, kept: str) -> bool:
    if told == kept:
        return True
    letters = iter(kept)
    return all(letter in letters for letter in told)


def _found(told: str, kept: str) -> int:
    found = at = place = 0
    while at < len(told) and place < len(kept):
        if told[at] == kept[place]:
            found, at, place = found + 1, at + 1, place + 1
        else:
            at, place = _in_step_again(told, kept, at, place)
    return found


def _in_step_again(told: str, kept: str, at: int, place: int) -> tuple[int, int]:
    """The nearest places behind these where the texts agree; else one letter is given up."""
    lost = told.find(kept[place : place + ANCHOR], at, at + LOST) - at
    added = kept.find(told[at : at + ANCHOR], place, place + ADDED) - place
    if lost > 0 and not 0 < added < lost:
        return at + lost, place
    return (at, place + added) if added > 0 else (at + 1, place)
