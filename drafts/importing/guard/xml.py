"""Following XML without keeping it: depth, size, entities, references to other files.

What a part of an archive may not hold is told by archives.py in the way it calls this.
"""

from collections.abc import Callable
from typing import IO, Any
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

import defusedxml.sax
from defusedxml import DefusedXmlException

from consult.errors import N_, TooLarge, Unsupported
from drafts.importing.guard.limits import MAX_DEPTH, MAX_NODES, TOO_DEEP, TOO_MUCH

AKN = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
OTHER_XML = N_("This XML file is damaged or is not Akoma Ntoso 3.0.")

Look = Callable[[str, AttributesImpl], None]  # an element's name without prefix, its attributes


def check_xml(part: IO[bytes] | bytes, look: Look) -> None:
    """Follow one XML part, showing each element to `look`.

    Raises Unsupported (nested too deeply, entities), TooLarge, SAXException (not well-formed) and
    whatever `look` raises.
    """
    parse: Callable[..., Any] = (
        defusedxml.sax.parseString if isinstance(part, bytes) else defusedxml.sax.parse
    )
    try:
        parse(part, _Watch(look), forbid_dtd=True)
    except DefusedXmlException as error:
        raise Unsupported(
            "The file contains entity declarations, which can do harm. Save it again without them.",
            field="file",
        ) from error


def check_akn(data: bytes) -> None:
    """Raises Unsupported for XML that is no Akoma Ntoso 3.0 or could do harm, and TooLarge."""
    root = _Root()
    try:
        check_xml(data, root.look)
    except (SAXException, LookupError, ValueError) as error:
        raise Unsupported(OTHER_XML, field="file") from error


class _Root:
    """Lets through a document whose first element is that of Akoma Ntoso 3.0."""

    def __init__(self) -> None:
        self.seen = False

    def look(self, name: str, attrs: AttributesImpl) -> None:
        if self.seen:
            return
        self.seen = True
        spaces = {key.partition(":")[2]: value for key, value in attrs.items() if "xmlns" in key}
        if name != "akomaNtoso" or AKN not in spaces.values():
            raise Unsupported(OTHER_XML, field="file")


class _Watch(ContentHandler):
    """Follows the elements of one part and stops at the first that is too much."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.depth = self.nodes = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - SAX names it
        self.depth += 1
        self.nodes += 1 + len(attrs)
        if self.depth > MAX_DEPTH:
            raise Unsupported(TOO_DEEP, field="file")
        if self.nodes > MAX_NODES:
            raise TooLarge(TOO_MUCH, field="file")
        self.look(name.rpartition(":")[2], attrs)

    def endElement(self, name: str) -> None:  # noqa: ARG002, N802 - SAX names it
        self.depth -= 1
