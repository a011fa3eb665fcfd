"""[pure] The grammar as a whole: lines of a legal text → its tree.

Rules worth knowing: the first unnumbered passage behind an article's head or behind a number is
that provision's own `text`, later ones are `text` children; a list belongs to the passage that
introduces it; nothing is ever dropped.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from drafts.grammar.growing import Growth
from drafts.grammar.language import grammar_of
from drafts.grammar.line import Line, Warning_
from drafts.grammar.pieces import Cutter
from drafts.grammar.settling import settle
from drafts.tree import Tree


@dataclass(frozen=True, slots=True)
class Parsed:
    """A tree and what a person should look at, in the order of the text.

    `places` are where in the file its provisions begin, in reading order.
    """

    tree: Tree
    warnings: tuple[Warning_, ...]
    places: tuple[str, ...] = ()

    def located(self, warnings: Iterable[Warning_]) -> tuple[Warning_, ...]:
        """The warnings with the provision each is about, as far as its place tells."""
        return tuple(replace(doubt, at=_nearest(doubt.place, self.places)) for doubt in warnings)


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
    sprouts = list(growth.root.walk())[1:]  # in the order of the nodes that were made of them
    at = {sprout: place for place, sprout in enumerate(sprouts)}
    grown = (replace(doubt, at=at[sprout]) for sprout, doubt in growth.warnings)
    parsed = Parsed(Tree(lang, nodes), (), tuple(sprout.place for sprout in sprouts))
    return replace(parsed, warnings=(*parsed.located(cutter.warnings), *grown))


def _nearest(place: str, places: Sequence[str]) -> int | None:
    """The first provision that begins at this place of the file, else the last before it."""
    if place and place in places:
        return places.index(place)
    unit, _, number = place.partition(" ")
    before = None
    for at, (its_unit, _, its_number) in enumerate(its.partition(" ") for its in places):
        numbered = number.isdecimal() and its_number.isdecimal()
        if its_unit == unit and numbered and int(its_number) < int(number):
            before = at
    return before
