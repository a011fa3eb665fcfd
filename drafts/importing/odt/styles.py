"""[pure] What the styles of an OpenDocument text say that matters here; not how lists count."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from drafts.importing.odt.names import named

LONGEST_CHAIN = 50  # styles based on styles; longer chains are followed no further
NAME = named("style:name")


@dataclass(slots=True)
class Styles:
    """The styles of one text. `raised` are those of words set high."""

    paragraphs: dict[str, etree._Element] = field(default_factory=dict)
    lists: dict[str, etree._Element] = field(default_factory=dict)
    raised: set[str] = field(default_factory=set)
    outline: etree._Element | None = None
    outline_name: str = "Outline"
    known: dict[str, str | None] = field(default_factory=dict)

    def list_style(self, name: str) -> str | None:
        """The list style a paragraph style names or inherits; "" says: none, None says nothing."""
        if name not in self.known:
            told = (style.get(named("style:list-style-name")) for style in self._chain(name))
            self.known[name] = next((style for style in told if style is not None), None)
        return self.known[name]

    def _chain(self, name: str) -> Iterator[etree._Element]:
        for _ in range(LONGEST_CHAIN):
            style = self.paragraphs.get(name)
            if style is None:
                return
            yield style
            name = style.get(named("style:parent-style-name"), "")


def styles_of(*parts: etree._Element) -> Styles:
    """The styles of content.xml and styles.xml; those of an earlier part win."""
    styles = Styles()
    for part in reversed(parts):
        for style in part.iter(named("style:style")):
            name, family = style.get(NAME, ""), style.get(named("style:family"))
            if family == "paragraph":
                styles.paragraphs[name] = style
            elif family == "text":
                _note_raised(styles, name, style)
        for style in part.iter(named("text:list-style")):
            styles.lists[style.get(NAME, "")] = style
        for style in part.iter(named("text:outline-style")):
            styles.outline = style
            styles.outline_name = style.get(NAME, "Outline")
    return styles


def _note_raised(styles: Styles, name: str, style: etree._Element) -> None:
    styles.raised.discard(name)
    for properties in style.iter(named("style:text-properties")):
        position = properties.get(named("style:text-position"), "")
        if position.startswith("super") or (position[:1].isdigit() and position[0] != "0"):
            styles.raised.add(name)
