"""[pure] The grammar as a whole: lines of a legal text → its tree.

Rules worth knowing: the first unnumbered passage behind an article's head or behind a number is
that provision's own `text`, later ones are `text` children; a list belongs to the passage that
introduces it; nothing is ever dropped.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from drafts.grammar.growing import Growth
from drafts.grammar.language import grammar_of
from drafts.grammar.line import Line, Warning_
from drafts.grammar.pieces import Cutter
from drafts.grammar.settling import settle
from drafts.tree import Tree


@dataclass(frozen=True, slots=True)
class Parsed:
    """A tree and what a person should look at, in the order of the text."""

    tree: Tree
    warnings: tuple[Warning_, ...]


def parse(lines: Sequence[Line], lang: str) -> Tree:
    """The tree of a text. Raises Invalid where the language is not known."""
    return parse_with_warnings(lines, lang).tree


def parse_with_warnings(lines: Sequence[Line], lang: str) -> Parsed:
    """The tree of a text and every doubt about it. Raises Invalid for an unknown language."""
    language = grammar_of(lang)
    cutter, growth = Cutter(lines, language), Growth(language)
    for piece in cutter.pieces():
        growth.add(piece)
    nodes = settle(growth.root, growth.levels.every)
    return Parsed(Tree(lang, nodes), (*cutter.warnings, *growth.warnings))
