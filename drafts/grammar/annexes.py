"""[pure] Where the number comes first, an annex names its act on the lines above.

«… Өкмөтүнүн программасынын» / «1-тиркемеси», «… қаулысына» / «1-қосымша»: all of it is one
phrase, and one head.
"""

from collections.abc import Sequence
from dataclasses import replace

from drafts.grammar.language import Language
from drafts.grammar.line import Line
from drafts.grammar.marks import read_mark
from drafts.grammar.shape import LONG_HEADING, begins_low, is_finished

ACT = 24  # lines, empty ones counted, that may name the act


def with_acts(lines: Sequence[Line], language: Language) -> list[Line]:
    """The lines, with the head of each annex and the name of its act made one line."""
    if not language.number_first:
        return list(lines)
    joined: list[Line] = []
    for line in lines:
        mark = read_mark(line.text, language)
        if (mark and mark.style == "annex") or line.text.strip() in language.annexes:
            joined.append(_with_act(joined, line, language))
        else:
            joined.append(line)
    return joined


def _with_act(above: list[Line], head: Line, language: Language) -> Line:
    """The head with the lines of its act, which are taken off `above`."""
    at = _beginning(above)
    if at is None:
        return head
    phrase = " ".join(" ".join(line.text for line in above[at:]).split())
    whole = read_mark(f"{phrase} {head.text.strip()}", language)
    if not whole or whole.style != "annex":
        return head
    del above[at:]
    return replace(head, text=whole.label)


def _beginning(above: list[Line]) -> int | None:
    """The first line of the phrase: begun with a capital or a figure, with space above it."""
    for at in range(len(above) - 1, max(len(above) - 1 - ACT, -1), -1):
        line, text = above[at], above[at].text.strip()
        cell = line.kind_hint == "row" or line.text.startswith("\t")
        if cell or (text and (is_finished(text) or len(text) > LONG_HEADING)):
            return None
        if text and not begins_low(text) and (at == 0 or not above[at - 1].text.strip()):
            return at
    return None
