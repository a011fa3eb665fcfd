"""[pure] The automatic numbers of a Word document, as Word prints them.

A paragraph only says "level 1 of list 7"; what is printed follows from numbering.xml, styles.xml
and every numbered paragraph before. Rules: ECMA-376 part 1, 17.9 (numbering) and 17.7 (styles).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from drafts.importing.counting import LATIN, RUSSIAN, in_repeated_letters, in_roman
from drafts.importing.guard.archives import BROKEN
from drafts.importing.guard.limits import MAX_FORMS
from drafts.importing.room import Room, printable
from drafts.importing.word.names import W, below, value

DASHES = "-–—"
PLACES = re.compile(r"%[1-9]")  # of the numbers in the pattern of a label
FORMS = frozenset(
    (
        *("decimal", "decimalZero", "numberInDash", "none", "bullet", "lowerRoman", "upperRoman"),
        *("lowerLetter", "upperLetter", "russianLower", "russianUpper"),
    )
)
LEVELS = 9  # that a list may have
LONGEST_CHAIN = 50  # styles based on styles; longer chains are followed no further


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list. `restart` is the level (from 1) after which it begins again."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    restart: int | None = None
    legal: bool = False
    suffix: str = " "
    style: str = ""


@dataclass(slots=True)
class List:
    """A list as paragraphs name it: its levels, and which counters it shares with other lists."""

    counters: str
    levels: dict[int, Level]
    overrides: dict[int, int] = field(default_factory=dict)  # level → number it begins with


@dataclass(frozen=True, slots=True)
class Style:
    """What of a paragraph style matters here."""

    name: str = ""
    parent: str = ""
    list_id: str = ""
    level: int | None = None
    outline: int | None = None
    names: tuple[str, ...] = ()  # its own and those it is based on


class Numbering:
    """Counts the numbered paragraphs of one document, which must be asked for in their order.

    Raises Unsupported for lists that nobody made, TooLarge for more numbers than can be shown.
    """

    def __init__(
        self,
        numbering: etree._Element | None,
        styles: etree._Element | None,
        *,
        original: bool = False,  # with the tracked changes of paragraphs undone
    ) -> None:
        self.original = original
        self.room = Room()
        self.styles = _styles(styles)
        self.default = _default_style(styles)
        self.lists = _lists(numbering, self.styles)
        self.counts: dict[str, dict[int, int]] = {}
        self.begun: set[tuple[str, int]] = set()
        self.known: dict[str, Style] = {}
        self.unknown: dict[str, str] = {}  # number format → where it was met first

    def style(self, paragraph: etree._Element) -> Style:
        """The style of a paragraph with what it inherits."""
        name = self._told(paragraph, "pStyle") or self.default
        if name not in self.known:
            self.known[name] = self._inherited(name)
        return self.known[name]

    def _inherited(self, name: str) -> Style:
        chain = list(self._chain(name))
        own = chain[0][1] if chain else Style()
        return replace(
            own,
            names=tuple(name for name, _ in chain),
            list_id=next((style.list_id for _, style in chain if style.list_id), ""),
            level=next((style.level for _, style in chain if style.level is not None), None),
            outline=next((s.outline for _, s in chain if s.outline is not None), None),
        )

    def _told(self, paragraph: etree._Element, *path: str) -> str:
        """What the paragraph itself says."""
        properties = below(paragraph, "pPr")
        before = below(properties, "pPrChange", "pPr") if self.original else None
        return value(properties if before is None else before, *path)

    def label(self, paragraph: etree._Element, where: str) -> str:
        """The number or bullet printed before this paragraph with what parts it from the text."""
        found = self._placed(paragraph)
        if found is None:
            return ""
        listed, list_id, depth = found
        level = listed.levels[depth]
        counts = self._count(listed, list_id, depth)
        if level.form == "bullet":
            return (level.text if level.text in DASHES else "•") + " " if level.text else ""

        text = level.text
        for place in dict.fromkeys(PLACES.findall(text)):  # one number may be named many times
            other = int(place[1]) - 1
            told = listed.levels.get(other, Level())
            number = counts.get(other, told.start)
            form = "decimal" if level.legal else told.form
            if form not in FORMS and len(self.unknown) < MAX_FORMS:
                self.unknown.setdefault(form, where)
            text = text.replace(place, _formatted(number, form))
        return self.room.take(text + level.suffix) if text else ""

    def _placed(self, paragraph: etree._Element) -> tuple[List, str, int] | None:
        style = self.style(paragraph)
        list_id = self._told(paragraph, "numPr", "numId") or style.list_id
        listed = self.lists.get(list_id)
        if listed is None:
            return None
        told = _number(self._told(paragraph, "numPr", "ilvl"))
        depth = _styled_depth(listed, style) if told is None else told
        return (listed, list_id, depth) if depth in listed.levels else None

    def _count(self, listed: List, list_id: str, depth: int) -> dict[int, int]:
        counts = self.counts.setdefault(listed.counters, {})
        if depth in listed.overrides and (list_id, depth) not in self.begun:
            self.begun.add((list_id, depth))
            counts[depth] = listed.overrides[depth]
        else:
            start = listed.overrides.get(depth, listed.levels[depth].start)
            counts[depth] = counts.get(depth, start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            restart = listed.levels.get(deeper, Level()).restart
            if restart is None or (restart and depth < restart):
                del counts[deeper]
        return counts

    def _chain(self, name: str) -> Iterator[tuple[str, Style]]:
        for _ in range(LONGEST_CHAIN):
            if name not in self.styles:
                return
            yield name, self.styles[name]
            name = self.styles[name].parent


def _styled_depth(listed: List, style: Style) -> int:
    linked = (depth for depth, level in listed.levels.items() if level.style in style.names)
    return next(linked, style.level or 0)


def _lists(numbering: etree._Element | None, styles: dict[str, Style]) -> dict[str, List]:
    if numbering is None:
        return {}
    abstract = {each.get(f"{W}abstractNumId", ""): each for each in _all(numbering, "abstractNum")}
    nums = {num.get(f"{W}numId", ""): num for num in _all(numbering, "num")}
    levels = {number: dict(_levels(each)) for number, each in abstract.items()}
    lists = {}
    for list_id, num in nums.items():
        shared = value(num, "abstractNumId")
        linked = styles.get(value(abstract[shared], "numStyleLink")) if shared in abstract else None
        if linked and linked.list_id in nums:
            shared = value(nums[linked.list_id], "abstractNumId")
        if shared not in abstract or list_id == "0":
            continue
        listed = List(shared, dict(levels[shared]))
        for override in _all(num, "lvlOverride"):
            listed.levels |= dict(_levels(override))
            depth = _number(override.get(f"{W}ilvl", ""))
            start = _number(value(override, "startOverride"))
            if depth is not None and start is not None:
                listed.overrides[depth] = start
        lists[list_id] = listed
    return lists


def _levels(parent: etree._Element) -> Iterator[tuple[int, Level]]:
    for lvl in _all(parent, "lvl"):
        depth = _number(lvl.get(f"{W}ilvl", "")) or 0
        if depth < LEVELS:
            yield depth, _level(lvl)


def _level(lvl: etree._Element) -> Level:
    legal = lvl.find(f"{W}isLgl") is not None and value(lvl, "isLgl") not in ("0", "false")
    form = lvl.find(f"{W}numFmt")
    if form is None:  # newer formats stand beside an older one to fall back to
        form = next(lvl.iter(f"{W}numFmt"), None)
    told = form.get(f"{W}format") or form.get(f"{W}val", "") if form is not None else ""
    return Level(
        start=_number(value(lvl, "start")) or 0,
        form=printable(told or "decimal", BROKEN),
        text=printable(value(lvl, "lvlText"), BROKEN),
        restart=_number(value(lvl, "lvlRestart")),
        legal=legal,
        suffix="" if value(lvl, "suff") == "nothing" else " ",
        style=value(lvl, "pStyle"),
    )


def _styles(styles: etree._Element | None) -> dict[str, Style]:
    found = {}
    for style in _all(styles, "style") if styles is not None else ():
        found[style.get(f"{W}styleId", "")] = Style(
            value(style, "name"),
            value(style, "basedOn"),
            value(style, "pPr", "numPr", "numId"),
            _number(value(style, "pPr", "numPr", "ilvl")),
            _number(value(style, "pPr", "outlineLvl")),
        )
    return found


def _default_style(styles: etree._Element | None) -> str:
    for style in _all(styles, "style") if styles is not None else ():
        if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in ("1", "true"):
            return style.get(f"{W}styleId", "")
    return ""


def _formatted(number: int, form: str) -> str:
    """A number as Word's number format `form` prints it; formats not known count in figures."""
    if form == "none":
        return ""
    if form == "decimalZero":
        return f"{number:02}"
    if form == "numberInDash":
        return f"- {number} -"
    text = str(number)
    if form in ("lowerRoman", "upperRoman"):
        text = in_roman(number)
    elif form in ("lowerLetter", "upperLetter"):
        text = in_repeated_letters(number, LATIN)
    elif form in ("russianLower", "russianUpper"):
        text = in_repeated_letters(number, RUSSIAN)
    return text.upper() if form in ("upperRoman", "upperLetter", "russianUpper") else text


def _all(parent: etree._Element, name: str) -> list[etree._Element]:
    return parent.findall(f"{W}{name}")


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 7 else None
