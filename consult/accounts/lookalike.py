"""[pure] Which two names a reader takes for one another."""

import unicodedata

LOOK_MAX = 200  # one letter may stand for many: «№», "ﷺ"
# Letters that look like one another, capital or small, stand for one: «Арман» and "Apмaн". Chosen
# from Unicode's confusables (UTS 39) for the alphabets that names are written in here.
PAIRS = "аa вb гr еe зʒ 3ʒ иu кk қk мm нh ңh һh оo өo 0o пn рp сc ѕs тt уy үy ұy хx ьb 6b jј"
ALIKE = str.maketrans({pair[0]: pair[1] for pair in PAIRS.split()} | dict.fromkeys("iіıӏ1", "l"))


def look(name: str) -> str:
    """What two names have in common that a reader takes for one another."""
    apart = unicodedata.normalize("NFKD", name).casefold()
    return "".join(c for c in apart if c.isalnum()).translate(ALIKE)[:LOOK_MAX]


def looks(name: str) -> set[str]:
    """What the name looks like, and each of its words."""
    apart = unicodedata.normalize("NFKC", name)
    seen = (c for c in apart if unicodedata.category(c)[0] not in "MC" or c.isspace())
    words = "".join(c if c.isalnum() else " " for c in seen).split()
    return {look(word) for word in (name, *words)}
