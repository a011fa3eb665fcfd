"""[pure] Everything an Akoma Ntoso file says, in one walk from its first element to its last.

Made without what structure.py knows, so that whatever is lost there is noticed here. Only where
footnotes go must be the same: behind the passage or the table they stand in.
"""

from collections.abc import Iterator

from lxml import etree

from drafts.importing.akn.inline import local

INSIDE = frozenset(
    ("p", "block", "li", "num", "heading", "subheading", "caption", "table", "td", "th")
)
LEADING = frozenset(  # what may lead to the first words of a provision, which its heading's
    ("doc", "mainBody", "body", "content", "intro", "wrapUp", "list", "blockList")  # notes follow
) | {"p", "block", "num", "heading", "subheading", "listIntroduction"}
PASSAGES = frozenset(("p", "block", "li", "table", "listIntroduction", "listWrapUp"))


def told(root: etree._Element, notes: dict[str, etree._Element]) -> str:
    """The words of a file; `notes` are those of its meta by their ids, told where they are
    referred to, the others at the end."""
    return "".join(_Walk(notes).words(root))


class _Walk:
    def __init__(self, notes: dict[str, etree._Element]) -> None:
        self.notes = dict(notes)
        self.waiting: list[str] = []  # words of notes
        self.in_note = self.inside = 0

    def words(self, root: etree._Element) -> Iterator[str]:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            name = local(element)
            if event == "end":
                yield from self._end(element, name)
                continue
            if name == "meta":
                walk.skip_subtree()
            else:
                yield from self._start(element, name)
        yield from self._waited()
        yield from ("\n".join(map(str, note.itertext())) for note in self.notes.values())

    def _start(self, element: etree._Element, name: str) -> Iterator[str]:
        headed = any(local(child) in ("num", "heading") for child in element)
        if not self.in_note and not self.inside and (headed or name not in LEADING):
            yield from self._waited()
        self.in_note += name == "authorialNote"
        self.inside += name in INSIDE
        yield from self._said(element.text)

    def _end(self, element: etree._Element, name: str) -> Iterator[str]:
        self.in_note -= name == "authorialNote"
        self.inside -= name in INSIDE
        if name == "noteRef" and (note := self.notes.pop(_target(element), None)) is not None:
            self.waiting += map(str, note.itertext())
        if name in PASSAGES and not self.in_note and not self.inside:
            yield "\n"
            yield from self._waited()
        yield from self._said(element.tail)

    def _said(self, text: str | None) -> Iterator[str]:
        if self.in_note:
            self.waiting.append(text or "")
        else:
            yield text or ""

    def _waited(self) -> Iterator[str]:
        yield from self.waiting
        self.waiting.clear()


def _target(reference: etree._Element) -> str:
    return reference.get("href", "").removeprefix("#")
