"""[pure] How the XML of Word spells its names, and the way down to a property."""

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def below(element: etree._Element | None, *names: str) -> etree._Element | None:
    """The first child of that name, its first child of the next name, and so on."""
    for name in names:
        if element is None:
            return None
        element = next(element.iterchildren(W + name), None)
    return element


def value(element: etree._Element | None, *names: str) -> str:
    """What is said there; "" where nothing is."""
    found = below(element, *names)
    return found.get(f"{W}val", "") if found is not None else ""
