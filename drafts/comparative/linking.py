"""[pure] Which provision of the draft a row of a comparative table is about: a suggestion.

A provision that says the proposed words themselves is the surest sign; then one that names the
place («в статье 12»); then one that is called so, where the draft is the whole law anew. Every
provision is read once, however many rows there are.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set

from drafts.comparative.rows import Words
from drafts.grammar.language import Language, grammar_of
from drafts.grammar.marks import NUMBER, read_mark
from drafts.tree import Node, Tree

TELLING = 24  # letters; a shorter wording is found by chance
STEM = 4  # letters of a noun that all its cases share: «стат-ью», «бере-ненин»

Wids = Mapping[tuple[str, str], set[str]]


def suggest(rows: Sequence[Words], tree: Tree) -> list[str]:
    """The wid of a provision for each row, "" where none is likely or several are as likely."""
    nodes = [node for node in tree.walk() if node.kind != "note"]
    language = grammar_of(tree.lang)
    wordings = [[] if row.is_heading else _wordings(row.proposed) for row in rows]
    saying = _saying(nodes, {wording for each in wordings for wording in each})
    naming, called = _naming(nodes, language), _called(nodes)

    def likely(row: Words, wordings: Iterable[str]) -> str:
        said = next((saying[wording] for wording in wordings if wording in saying), None)
        return _only(said) if said else _named(row.place, naming, called, language)

    return [
        "" if row.is_heading else likely(row, each)
        for row, each in zip(rows, wordings, strict=True)
    ]


def _wordings(proposed: str) -> list[str]:
    """The proposed words, and how they begin: a provision may go on otherwise."""
    words = _folded(proposed)
    pieces = dict.fromkeys((words, words[: 4 * TELLING], words[: 2 * TELLING]))
    return [piece for piece in pieces if len(piece) >= TELLING]


def _saying(nodes: Iterable[Node], wordings: Set[str]) -> dict[str, set[str]]:
    """The wids of the provisions that say each of some wordings; those nobody says are left out."""
    lengths: dict[str, set[int]] = defaultdict(set)  # by how a wording begins
    for wording in wordings:
        lengths[wording[:TELLING]].add(len(wording))
    found: dict[str, set[str]] = defaultdict(set)
    for node in nodes:
        text = _folded(node.text)
        for start in _starts(text):
            for length in lengths.get(text[start : start + TELLING], ()):
                if (passage := text[start : start + length]) in wordings:
                    found[passage].add(node.wid)
    return found


def _starts(text: str) -> Iterator[int]:
    """Where the words of a folded text begin."""
    start = 0
    while start < len(text):
        yield start
        start = text.find(" ", start) + 1 or len(text)


def _naming(nodes: Iterable[Node], language: Language) -> Wids:
    """The wids of the provisions that name a place, by its number and the stem of its noun."""
    stems = "|".join(sorted({re.escape(head.noun[:STEM]) for head in language.heads}))
    number, stem = f"(?P<number>{NUMBER})", f"(?P<stem>{stems})"
    said = rf"{number}\s*[-–‑]?\s*{stem}" if language.number_first else rf"{stem}\w*\s+{number}"
    mention = re.compile(rf"(?<![\w-]){said}(?![\d]|[-–‑]\d)", re.IGNORECASE)
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for node in nodes:
        for place in mention.finditer(node.text):
            found[place["number"].casefold(), place["stem"].casefold()].add(node.wid)
    return found


def _called(nodes: Iterable[Node]) -> Wids:
    """The wids of the provisions by what they are called: their number and kind."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for node in nodes:
        found[node.number, node.kind].add(node.wid)
    return found


def _named(place: str, naming: Wids, called: Wids, language: Language) -> str:
    first = re.split(r"[,;(\n]", place)[0]
    mark = read_mark(first[:1].upper() + first[1:], language)
    if mark is None or mark.style != "head" or not mark.number:
        return ""
    noun = next(h.noun for h in language.heads if h.kind == mark.kind and h.noun in place.lower())
    mentioned = naming.get((mark.number.casefold(), noun[:STEM].casefold()), set())
    return _only(mentioned or called.get((mark.number, mark.kind), set()))


def _only(wids: Collection[str]) -> str:
    return next(iter(wids)) if len(wids) == 1 else ""


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
