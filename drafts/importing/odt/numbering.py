"""[pure] The automatic numbers of an OpenDocument text, as LibreOffice prints them.

A list only names its style; what is printed follows from the levels of that style, from the lists
it continues and from every item before. Rules: OpenDocument 1.3 part 3, 5.3 (lists), 16.30 (list
styles), 19.500 (number formats), and what LibreOffice makes of them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from drafts.importing.counting import (
    LATIN,
    RUSSIAN,
    in_letters,
    in_repeated_letters,
    in_roman,
)
from drafts.importing.guard.archives import BROKEN_ODT
from drafts.importing.guard.limits import MAX_FORMS
from drafts.importing.odt.names import H, P, named
from drafts.importing.odt.styles import Styles
from drafts.importing.room import Room, printable

DASHES = "-–—"
DEEPEST = 10  # levels a list may have
TOKEN = re.compile(r"%([1-9]|10)%")
ZEROS = re.compile(r"(0+)1\b")
NUMBER, BULLET, IMAGE, OUTLINE = (
    named(f"text:{name}")
    for name in (
        *("list-level-style-number", "list-level-style-bullet", "list-level-style-image"),
        "outline-level-style",
    )
)
PATTERN = "loext:num-list-format"
HEADINGS = "outline"  # the counters all headings share


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list style; `pattern`, where there is one, is the whole label: "%1%.%2%)"."""

    form: str = ""
    bullet: str = ""
    start: int = 1
    prefix: str = ""
    suffix: str = ""
    shown: int = 1  # how many levels, this one and those above it
    sync: bool = False
    pattern: str | None = None
    after: str = " "


Levels = dict[int, Level]
PLAIN: Levels = {depth: Level(bullet="•") for depth in range(1, DEEPEST + 1)}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands: which counters its list has, its style, how deep it is (from 1)."""

    counters: str
    style: str
    depth: int


@dataclass(slots=True)
class Numbering:
    """Counts the items of one text, which must be asked for in their order.

    Raises Unsupported for lists that nobody made, TooLarge for more numbers than can be shown.
    """

    styles: Styles
    levels: dict[str, Levels] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)  # xml:id → counters
    last: tuple[str, str] = ("", "")  # style and counters of the last outermost list
    unknown: dict[str, str] = field(default_factory=dict)  # number format → where it was met first
    room: Room = field(default_factory=Room)

    def __post_init__(self) -> None:
        for name, element in self.styles.lists.items():
            self.levels[name] = dict(_levels(element))
        if self.styles.outline is not None:
            self.levels[HEADINGS] = dict(_levels(self.styles.outline))

    def outermost(self, element: etree._Element, *, goes_on: bool = False) -> Place:
        """The place of a list that stands in no other. `goes_on`: it is cut out of the last one."""
        style = element.get(named("text:style-name")) or self._style_within(element)
        continued = self.lists.get(element.get(named("text:continue-list"), ""))
        goes_on = goes_on or element.get(named("text:continue-numbering")) == "true"
        if style == self.styles.outline_name:
            style = counters = HEADINGS
        elif continued:
            counters = continued
        elif goes_on and self.last[0] == style:
            counters = self.last[1]
        else:
            counters = f"list {len(self.counts)}"
            self.counts[counters] = {}
        for name in ("xml:id", "text:id"):
            self.lists[element.get(named(name), "")] = counters
        self.lists.pop("", None)
        self.last = (style, counters)
        return Place(counters, style, 1)

    def named(self, element: etree._Element) -> Place:
        """The place of a numbered paragraph, which stands in no list but names one."""
        style = element.get(named("text:style-name")) or self._style_within(element)
        depth = min(whole(element.get(named("text:level"))) or 1, DEEPEST)
        return Place(f"named {element.get(named('text:list-id'), style)}", style, depth)

    def heading(self, element: etree._Element) -> Place | None:
        """The place of a heading in no list: only those of the outline are numbered."""
        if HEADINGS not in self.levels or element.get(named("text:is-list-header")) == "true":
            return None
        own = self.styles.list_style(element.get(named("text:style-name"), ""))
        if own == "":  # the style of the heading says: none
            return None
        depth = min(whole(element.get(named("text:outline-level"))) or 1, DEEPEST)
        if element.get(named("text:restart-numbering")) == "true":
            start = whole(element.get(named("text:start-value")))
            self.begin(Place(HEADINGS, HEADINGS, depth), start)
        return Place(HEADINGS, HEADINGS, depth)

    def begin(self, place: Place, number: int | None = None) -> None:
        """Let the next item at this place have `number`, or the one its level begins with."""
        counts = self.counts.setdefault(place.counters, {})
        for depth in [depth for depth in counts if depth >= place.depth]:
            del counts[depth]
        if number is not None:
            counts[place.depth] = number - 1

    def label(self, place: Place, where: str) -> str:
        """What is printed before the next item at this place, with what parts it from the text."""
        levels = self.levels.get(place.style, PLAIN)
        level = levels.get(place.depth)
        counts = self.counts.setdefault(place.counters, {})
        for depth in range(1, place.depth):
            counts.setdefault(depth, levels.get(depth, Level()).start)
        first = level.start if level else 1
        counts[place.depth] = counts.get(place.depth, first - 1) + 1
        for depth in [depth for depth in counts if depth > place.depth]:
            del counts[depth]
        if level is None:
            return ""
        if level.bullet:
            return (level.bullet if level.bullet in DASHES else "•") + " "
        printed = {
            depth: self._printed(levels.get(depth, level), number, where)
            for depth, number in counts.items()
        }
        return self.room.take(_label(level, place.depth, printed))

    def _printed(self, level: Level, number: int, where: str) -> str:
        text = _formatted(number, level.form, sync=level.sync)
        if text is None and len(self.unknown) < MAX_FORMS:
            self.unknown.setdefault(level.form, where)
        return str(number) if text is None else text

    def _style_within(self, element: etree._Element) -> str:
        """The list style that the paragraphs of a list name, where the list itself names none."""
        paragraph = next(element.iter(P, H), None)
        name = paragraph.get(named("text:style-name"), "") if paragraph is not None else ""
        return self.styles.list_style(name) or ""


def _levels(style: etree._Element) -> Iterator[tuple[int, Level]]:
    for element in style.iterchildren(NUMBER, BULLET, IMAGE, OUTLINE):
        depth = whole(element.get(named("text:level"))) or 1
        if depth > DEEPEST:
            continue
        bullet = _told(element, "text:bullet-char", "•") if element.tag != NUMBER else ""
        yield (
            depth,
            Level(
                form=_told(element, "style:num-format"),
                bullet="" if element.tag == OUTLINE else bullet,
                start=_started(element),
                prefix=_told(element, "style:num-prefix"),
                suffix=_told(element, "style:num-suffix"),
                shown=whole(element.get(named("text:display-levels"))) or 1,
                sync=element.get(named("style:num-letter-sync")) == "true",
                pattern=_told(element, PATTERN) if named(PATTERN) in element.attrib else None,
                after=_after(element.iter(named("style:list-level-label-alignment"))),
            ),
        )


def _told(element: etree._Element, name: str, usual: str = "") -> str:
    return printable(element.get(named(name), usual), BROKEN_ODT)


def _started(element: etree._Element) -> int:
    start = whole(element.get(named("text:start-value")))
    return 1 if start is None else start


def _after(told: Iterable[etree._Element]) -> str:
    kinds = {element.get(named("text:label-followed-by")) for element in told}
    return "" if "nothing" in kinds else " "


def _label(level: Level, depth: int, printed: dict[int, str]) -> str:
    if level.pattern is not None:
        text = TOKEN.sub(lambda found: printed.get(int(found[1]), ""), level.pattern)
    else:
        shown = range(max(1, depth - level.shown + 1), depth + 1) if level.form else ()
        numbers = [printed[above] for above in shown if printed.get(above)]
        text = f"{level.prefix}{'.'.join(numbers)}{level.suffix}"
    spoken = any(letter.isalnum() for letter in text)
    return text.rstrip() + level.after if spoken else ""


def _formatted(number: int, form: str, *, sync: bool) -> str | None:
    """A number as a number format prints it; None for a format not known."""
    if zeros := ZEROS.match(form):
        return f"{number:0{len(zeros[1]) + 1}}"
    if form in ("", "1"):
        return str(number) if form else ""
    if form in ("i", "I"):
        text = in_roman(number)
    elif form in ("a", "A", "aaa", "AAA"):
        repeats = sync or len(form) > 1
        text = in_repeated_letters(number, LATIN) if repeats else in_letters(number, LATIN)
    elif form[0] in "аА" and not form.endswith(("(bg)", "(sr)", "(uk)")):
        repeats = sync or "бб" in form
        text = in_repeated_letters(number, RUSSIAN) if repeats else in_letters(number, RUSSIAN)
        return text.capitalize() if form[0] == "А" else text
    else:
        return None
    return text.upper() if form[0].isupper() else text


def whole(text: str | None) -> int | None:
    """The number an attribute tells, if it tells one that can be meant."""
    return int(text) if text and text.isdecimal() and len(text) < 7 else None
