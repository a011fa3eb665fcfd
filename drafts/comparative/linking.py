"""[pure] Which provision of the draft a row of a comparative table is about: a suggestion.

A provision that says the proposed words themselves is the surest sign; then one that names the
place («в статье 12»); then one that is called so, where the draft is the whole law anew.
"""

import re
from collections.abc import Sequence

from drafts.comparative.rows import Words
from drafts.grammar.language import Language, grammar_of
from drafts.grammar.marks import read_mark
from drafts.tree import Node, Tree

TELLING = 24  # letters; a shorter wording is found by chance
STEM = 4  # letters of a noun that all its cases share: «стат-ью», «бере-ненин»


def suggest(rows: Sequence[Words], tree: Tree) -> list[str]:
    """The wid of a provision for each row, "" where none is likely or several are as likely."""
    nodes = [node for node in tree.walk() if node.kind != "note"]
    folded = [_folded(node.text) for node in nodes]
    language = grammar_of(tree.lang)
    return ["" if row.is_heading else _likely(row, nodes, folded, language) for row in rows]


def _likely(row: Words, nodes: Sequence[Node], folded: Sequence[str], language: Language) -> str:
    words = _folded(row.proposed)
    for piece in (words, words[: 4 * TELLING], words[: 2 * TELLING]):
        if len(piece) >= TELLING:
            found = [node.wid for node, text in zip(nodes, folded, strict=True) if piece in text]
            if found:
                return found[0] if len(found) == 1 else ""
    return _named(row.place, nodes, language)


def _named(place: str, nodes: Sequence[Node], language: Language) -> str:
    first = re.split(r"[,;(\n]", place)[0]
    mark = read_mark(first[:1].upper() + first[1:], language)
    if mark is None or mark.style != "head" or not mark.number:
        return ""
    noun = next(h.noun for h in language.heads if h.kind == mark.kind and h.noun in place.lower())
    number, stem = re.escape(mark.number), re.escape(noun[:STEM])
    said = rf"{number}\s*[-–‑]?\s*{stem}" if language.number_first else rf"{stem}\w*\s+{number}"
    mention = re.compile(rf"(?<![\w-]){said}(?![\d]|[-–‑]\d)", re.IGNORECASE)
    mentioned = [node.wid for node in nodes if mention.search(node.text)]
    if mentioned:
        return mentioned[0] if len(mentioned) == 1 else ""
    called = [n.wid for n in nodes if n.kind == mark.kind and n.number == mark.number]
    return called[0] if len(called) == 1 else ""


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
