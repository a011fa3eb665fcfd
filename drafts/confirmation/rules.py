"""[pure] What an officer can say of a doubtful pair, and which other partners are offered."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from consult.errors import Invalid
from drafts.versions.pairing import Decision

APART = "apart"
NOW, WAS = "now:", "was:"  # followed by the eid it has now, by the wid it had
RARE = 40  # provisions; a word that stands in more of them tells nothing


def decisions_for(
    choice: str, old_wid: str, new_eid: str, *, half: str = ""
) -> tuple[Decision, ...]:
    """What a choice says of a pair (or of one provision, when the other is "").

    `half` is "split" or "merged" where the pair is the lesser half of one: taken apart, only that
    half is on its own. Raises Invalid for a choice that says nothing of the pair.
    """
    if choice.startswith(NOW) and len(choice) > len(NOW) and old_wid:
        return (Decision(old_wid, choice.removeprefix(NOW)),)
    if choice.startswith(WAS) and len(choice) > len(WAS) and new_eid:
        return (Decision(choice.removeprefix(WAS), new_eid),)
    if choice == APART and old_wid and new_eid:
        deleted, added = Decision(old_wid, ""), Decision("", new_eid)
        return {"split": (added,), "merged": (deleted,)}.get(half, (deleted, added))
    raise Invalid("Please choose one of the options.", field="choice")


class Resemblance:
    """Finds among many texts, given by a key, those that share most rare words with another."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._keys: dict[str, list[str]] = defaultdict(list)
        for key, text in texts.items():
            for word in _words(text):
                self._keys[word].append(key)

    def like(self, text: str, most: int) -> list[str]:
        """At most so many keys, the most alike first; a rarer word in common counts for more."""
        shared: Counter[str] = Counter()
        for word in _words(text):
            keys = self._keys.get(word, ())
            if len(keys) <= RARE:
                shared.update(dict.fromkeys(keys, RARE - len(keys) + 1))
        return [key for key, _ in shared.most_common(most)]


def _words(text: str) -> list[str]:
    """Each word once, in a fixed order, so that equals are told apart the same way every time."""
    return list(dict.fromkeys(text.casefold().split()))
