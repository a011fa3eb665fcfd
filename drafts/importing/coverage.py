"""[pure] How much of a source stands in the tree that was made of it."""

from drafts.tree import Tree

ANCHOR = 12  # letters that must stand together to be found again behind a gap
REACH = 4000  # letters within which they are looked for


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
    while at < len(told):
        if place < len(kept) and told[at] == kept[place]:
            found, at, place = found + 1, at + 1, place + 1
            continue
        again = kept.find(told[at : at + ANCHOR], place, place + REACH)
        if again < 0:
            at += 1
        else:
            place = again
    return found
