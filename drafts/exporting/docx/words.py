"""[pure] Words in Word's XML: paragraphs, and the ranges of the comments that stand on them.

ECMA-376 part 1, 17.3 (paragraphs and runs) and 17.13.4 (comments).
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from lxml import etree

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{MAIN}}}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
BREAKS = re.compile(r"([\t\n])")


class Span(NamedTuple):
    """Where comment number `comment` stands: from `start` to `end` of a text."""

    start: int
    end: int
    comment: int


def printable(text: str) -> str:
    """The text with a space for each character that XML forbids: as long as it was."""
    return FORBIDDEN.sub(" ", text)


def element(tag: str, parent: etree._Element | None = None, **attributes: str) -> etree._Element:
    """An element of the main namespace, its attributes too."""
    named = {f"{W}{name}": value for name, value in attributes.items()}
    if parent is None:
        return etree.Element(f"{W}{tag}", named, nsmap={"w": MAIN})
    return etree.SubElement(parent, f"{W}{tag}", named)


def paragraph(
    style: str, text: str, spans: Sequence[Span] = (), *, new_page: bool = False, bold: bool = False
) -> etree._Element:
    """A paragraph in a style (by its id), with comments on parts of its text."""
    found = element("p")
    properties = element("pPr", found)
    element("pStyle", properties, val=style)
    if new_page:
        element("pageBreakBefore", properties)
    write(found, text, spans, bold=bold)
    return found


def write(
    into: etree._Element,
    text: str,
    spans: Sequence[Span] = (),
    *,
    offset: int = 0,
    bold: bool = False,
) -> None:
    """The runs of a text, cut wherever a comment begins or ends.

    The spans may go on in other paragraphs: this text begins at `offset` of what they count in.
    """
    begun: dict[int, list[int]] = defaultdict(list)
    ended: dict[int, list[int]] = defaultdict(list)
    for start, end, comment in spans:
        begun[start - offset].append(comment)
        ended[end - offset].append(comment)
    stops = sorted(at for at in {0, len(text), *begun, *ended} if 0 <= at <= len(text))
    for start, end in zip(stops, [*stops[1:], len(text)], strict=True):
        empty = set(begun[start]) & set(ended[start])
        _end(into, [comment for comment in ended[start] if comment not in empty])
        for comment in begun[start]:
            element("commentRangeStart", into, id=str(comment))
        _end(into, sorted(empty))
        if end > start:
            _run(into, text[start:end], bold=bold)


def _end(into: etree._Element, comments: Sequence[int]) -> None:
    for comment in comments:
        element("commentRangeEnd", into, id=str(comment))
        run = element("r", into)
        element("rStyle", element("rPr", run), val="CommentReference")
        element("commentReference", run, id=str(comment))


def _run(into: etree._Element, text: str, *, bold: bool) -> None:
    run = element("r", into)
    if bold:
        element("b", element("rPr", run))
    for part in BREAKS.split(printable(text).replace("\r", " ")):
        if part == "\t":
            element("tab", run)
        elif part == "\n":
            element("br", run)
        elif part:
            words = element("t", run)
            words.text = part
            words.set(SPACE, "preserve")


def footer_line(text: str, width: int) -> etree._Element:
    """A line with words to the left and the number of the page to the right, `width` in twips."""
    line = paragraph("Footer", f"{text}\t")
    element("tab", element("tabs", line[0]), val="right", pos=str(width))
    for field, after in (("PAGE", " / "), ("NUMPAGES", "")):
        _run(element("fldSimple", line, instr=field), "1", bold=False)
        if after:
            _run(line, after, bold=False)
    return line
