"""[pure] How the XML of Word spells its names, and the way down to a property."""

from itertools import islice

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NEAR = 50  # children among which a property is looked for; there are fewer, and they come first
LONGEST = 255  # characters of a name or a property; Word itself takes no more


def below(element: etree._Element | None, *names: str) -> etree._Element | None:
    """The first child of that name, its first child of the next name, and so on."""
    for name in names:
        if element is None:
            return None
        first = islice(element.iterchildren("*"), NEAR)
        element = next((child for child in first if child.tag == W + name), None)
    return element


def value(element: etree._Element | None, *names: str) -> str:
    """What is said there, cut where nobody means it; "" where nothing is."""
    found = below(element, *names)
    return found.get(f"{W}val", "")[:LONGEST] if found is not None else ""
