"""[pure] Tracked changes of an OpenDocument text, undone in its XML where that is wanted.

The file itself is the text with all changes accepted: what was deleted stands apart, with a mark
where it was; what was inserted stands between two marks.
"""

from lxml import etree

from drafts.importing.odt.names import CHANGE, GONE, JOINED, H, P, named
from drafts.importing.source import Tracked

TOLD, REGION = named("text:tracked-changes"), named("text:changed-region")
INSERTION, DELETION = named("text:insertion"), named("text:deletion")
START, END = named("text:change-start"), named("text:change-end")
CHANGE_ID = named("text:change-id")
WHOLE = tuple(
    named(name)
    for name in ("text:s", "text:tab", "text:line-break", "text:note", "draw:frame", "table:table")
)


def settle_changes(body: etree._Element, tracked: Tracked) -> int:
    """How many insertions and deletions there are; with "original" the body is made what it was.

    Where something was deleted, the mark then holds it; a paragraph whose end was inserted is
    marked as joined to the next.
    """
    changes = {
        region.get(named("xml:id")) or region.get(named("text:id")) or "": change
        for region in body.iter(REGION)
        for change in region.iterchildren(INSERTION, DELETION)
    }
    if tracked == "original":
        for told in body.findall(TOLD):
            body.remove(told)  # what was deleted is not read there, but where it was
        _undo(body, changes)
    return len(changes)


def _undo(body: etree._Element, changes: dict[str, etree._Element]) -> None:
    inserted: set[str] = set()
    deleted = {name: child for name, child in changes.items() if child.tag == DELETION}
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if event == "start":
            if inserted:
                element.text = None
            continue
        name = element.get(CHANGE_ID, "")
        if element.tag == START and name in changes:
            inserted.add(name)
        elif element.tag == END:
            inserted.discard(name)
        elif element.tag == CHANGE and name in deleted:
            element.extend(list(deleted.pop(name)))
        if inserted:
            _remove(element)


def _remove(element: etree._Element) -> None:
    """Take away what ends within an insertion, and what follows it up to the next element."""
    element.tail = None
    if element.tag in WHOLE:
        element.tag = GONE
    elif element.tag in (P, H):
        element.set(JOINED, "true")
