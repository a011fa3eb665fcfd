"""[pure] The automatic numbers of a Word document, as Word prints them.

A paragraph only says "level 1 of list 7"; what is printed follows from numbering.xml, styles.xml
and every numbered paragraph before. Rules: ECMA-376 part 1, 17.9 (numbering) and 17.7 (styles).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ALPHABETS = {
    "letter": "abcdefghijklmnopqrstuvwxyz",
    "russian": "абвгдежзиклмнопрстуфхцчшщэюя",  # Word leaves out ё й ъ ы ь
}
ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
LONGEST = 9  # letters; Word repeats a letter for each round of the alphabet
DASHES = "-–—"


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


class Numbering:
    """Counts the numbered paragraphs of one document, which must be asked for in their order."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self.styles = _styles(styles)
        self.default = _default_style(styles)
        self.lists = _lists(numbering, self.styles)
        self.counts: dict[str, dict[int, int]] = {}
        self.begun: set[tuple[str, int]] = set()

    def style(self, paragraph: etree._Element) -> Style:
        """The style of a paragraph with what it inherits."""
        chain = list(self._chain(_value(paragraph, "pPr/pStyle") or self.default))
        own = chain[0][1] if chain else Style()
        return replace(
            own,
            list_id=next((style.list_id for _, style in chain if style.list_id), ""),
            level=next((style.level for _, style in chain if style.level is not None), None),
            outline=next((s.outline for _, s in chain if s.outline is not None), None),
        )

    def label(self, paragraph: etree._Element) -> str:
        """The number or bullet printed before this paragraph with what parts it from the text."""
        found = self._placed(paragraph)
        if found is None:
            return ""
        listed, list_id, depth = found
        level = listed.levels[depth]
        counts = self._count(listed, list_id, depth)
        if level.form == "bullet":
            return (level.text if level.text in DASHES else "•") + " " if level.text else ""

        def formatted(place: re.Match[str]) -> str:
            other = int(place[1]) - 1
            told = listed.levels.get(other, Level())
            number = counts.get(other, told.start)
            return _formatted(number, "decimal" if level.legal else told.form)

        text = re.sub(r"%([1-9])", formatted, level.text)
        return text + level.suffix if text else ""

    def _placed(self, paragraph: etree._Element) -> tuple[List, str, int] | None:
        style = self.style(paragraph)
        list_id = _value(paragraph, "pPr/numPr/numId") or style.list_id
        listed = self.lists.get(list_id)
        if listed is None:
            return None
        told = _number(_value(paragraph, "pPr/numPr/ilvl"))
        depth = self._styled_depth(paragraph, listed, style) if told is None else told
        return (listed, list_id, depth) if depth in listed.levels else None

    def _styled_depth(self, paragraph: etree._Element, listed: List, style: Style) -> int:
        named = [name for name, _ in self._chain(_value(paragraph, "pPr/pStyle") or self.default)]
        linked = (depth for depth, level in listed.levels.items() if level.style in named)
        return next(linked, style.level or 0)

    def _count(self, listed: List, list_id: str, depth: int) -> dict[int, int]:
        counts = self.counts.setdefault(listed.counters, {})
        if depth in listed.overrides and (list_id, depth) not in self.begun:
            self.begun.add((list_id, depth))
            counts[depth] = listed.overrides[depth]
        else:
            counts[depth] = counts.get(depth, listed.levels[depth].start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            restart = listed.levels.get(deeper, Level()).restart
            if restart is None or (restart and depth < restart):
                del counts[deeper]
        return counts

    def _chain(self, name: str) -> Iterator[tuple[str, Style]]:
        seen: set[str] = set()
        while name in self.styles and name not in seen:
            seen.add(name)
            yield name, self.styles[name]
            name = self.styles[name].parent


def _lists(numbering: etree._Element | None, styles: dict[str, Style]) -> dict[str, List]:
    if numbering is None:
        return {}
    abstract = {each.get(f"{W}abstractNumId", ""): each for each in _all(numbering, "abstractNum")}
    nums = {num.get(f"{W}numId", ""): num for num in _all(numbering, "num")}
    lists = {}
    for list_id, num in nums.items():
        shared = _value(num, "abstractNumId")
        linked = (
            styles.get(_value(abstract[shared], "numStyleLink")) if shared in abstract else None
        )
        if linked and linked.list_id in nums:
            shared = _value(nums[linked.list_id], "abstractNumId")
        if shared not in abstract or list_id == "0":
            continue
        listed = List(shared, dict(_levels(abstract[shared])))
        for override in _all(num, "lvlOverride"):
            listed.levels |= dict(_levels(override))
            depth = _number(override.get(f"{W}ilvl", ""))
            start = _number(_value(override, "startOverride"))
            if depth is not None and start is not None:
                listed.overrides[depth] = start
        lists[list_id] = listed
    return lists


def _levels(parent: etree._Element) -> Iterator[tuple[int, Level]]:
    for lvl in _all(parent, "lvl"):
        yield (
            _number(lvl.get(f"{W}ilvl", "")) or 0,
            Level(
                start=_number(_value(lvl, "start")) or 0,
                form=_value(lvl, "numFmt") or "decimal",
                text=_value(lvl, "lvlText"),
                restart=_number(_value(lvl, "lvlRestart")),
                legal=lvl.find(f"{W}isLgl") is not None
                and _value(lvl, "isLgl") not in ("0", "false"),
                suffix="" if _value(lvl, "suff") == "nothing" else " ",
                style=_value(lvl, "pStyle"),
            ),
        )


def _styles(styles: etree._Element | None) -> dict[str, Style]:
    found = {}
    for style in _all(styles, "style") if styles is not None else ():
        found[style.get(f"{W}styleId", "")] = Style(
            _value(style, "name"),
            _value(style, "basedOn"),
            _value(style, "pPr/numPr/numId"),
            _number(_value(style, "pPr/numPr/ilvl")),
            _number(_value(style, "pPr/outlineLvl")),
        )
    return found


def _default_style(styles: etree._Element | None) -> str:
    for style in _all(styles, "style") if styles is not None else ():
        if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in ("1", "true"):
            return style.get(f"{W}styleId", "")
    return ""


def _formatted(number: int, form: str) -> str:
    """A number as Word's number format `form` prints it; formats not known count in decimals."""
    if form == "none" or number < 0:
        return ""
    plain = form.lower().replace("lower", "").replace("upper", "")
    text = f"{number:02}" if form == "decimalZero" else str(number)
    letters = ALPHABETS.get(plain, "")
    if 0 < number <= LONGEST * len(letters):
        text = letters[(number - 1) % len(letters)] * ((number - 1) // len(letters) + 1)
    elif plain == "roman" and 0 < number < 4000:
        text = _roman(number)
    return text.upper() if "pper" in form else text


def _roman(number: int) -> str:
    text = ""
    for value, letters in ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def _all(parent: etree._Element, name: str) -> list[etree._Element]:
    return parent.findall(f"{W}{name}")


def _value(parent: etree._Element, path: str) -> str:
    found = parent.find("/".join(f"{W}{step}" for step in path.split("/")))
    return found.get(f"{W}val", "") if found is not None else ""


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 7 else None
