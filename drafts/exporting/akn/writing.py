"""[pure] Writing Akoma Ntoso 3.0, so that reading it again gives the same text with the same ids.

A draft is a bill. Passages before the first provision are its preface, those behind the last its
conclusions, annexes at the end its attachments; a kind that Akoma Ntoso has no word for is an
`hcontainer` with our own word as its name. What it is told of the draft: meta.py.
"""

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from lxml import etree

from drafts.exporting.akn.meta import meta
from drafts.exporting.document import Document
from drafts.importing.akn.vocabulary import (
    NAMESPACE,
    NOTHING,
    SPACE,
    UNFIT,
    escaped,
    squeezed,
    tag,
)
from drafts.tree import Node

ELEMENTS = ("part", "section", "chapter", "article", "paragraph", "subparagraph")
SEPARATE = re.compile(f"(\n|{UNFIT.pattern})")  # what is an element among the words


def write(document: Document) -> bytes:
    """The document as an Akoma Ntoso file: UTF-8, indented, valid against the schema of OASIS.

    Its tree has its eids, each once.
    """
    spaces: Any = {None: NAMESPACE}  # the default one, which the stubs of lxml do not know
    root = etree.Element(tag("akomaNtoso"), nsmap=spaces)
    bill = _in(root, "bill", name="bill")
    bill.append(meta(document))
    preface, body, conclusions, annexes = _parts(document.tree.nodes)
    _passages(bill, "preface", preface)
    _provisions(_in(bill, "body"), body)
    _passages(bill, "conclusions", conclusions)
    if annexes:
        attachments = _in(bill, "attachments")
        for number, annex in enumerate(annexes, start=1):
            _attachment(attachments, annex, meta(document, f"annex_{number}"))
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _parts(nodes: Sequence[Node]) -> tuple[Sequence[Node], ...]:
    """Preface, body, conclusions and attachments; whatever else is missing, there is a body."""
    annexes = list(takewhile(lambda node: node.kind == "annex", reversed(nodes)))[::-1]
    rest = nodes[: len(nodes) - len(annexes)]
    if not rest:
        return (), nodes, (), ()
    preface = list(takewhile(_is_passage, rest))
    if len(preface) == len(rest):
        return (), rest, (), annexes
    conclusions = list(takewhile(_is_passage, reversed(rest)))[::-1]
    body = rest[len(preface) : len(rest) - len(conclusions)]
    return preface, body, conclusions, annexes


def _is_passage(node: Node) -> bool:
    """Whether a node is nothing but words, so that a `p` holds it."""
    return node.kind == "text" and bool(node.text) and not _is_headed(node) and not node.children


def _is_headed(node: Node) -> bool:
    return bool(node.number or node.label or node.heading)


def _is_row(node: Node) -> bool:
    return node.kind == "row" and not _is_headed(node) and not node.children


def _is_block(node: Node) -> bool:
    """Whether a node can stand beside the words of its parent: a passage, or a table without a
    caption."""
    bare = node.kind == "table" and bool(node.children) and not _is_headed(node) and not node.text
    return _is_passage(node) or (bare and all(map(_is_row, node.children)))


def _in(parent: etree._Element, name: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, tag(name), attributes)


def _named(parent: etree._Element, name: str, node: Node, /, **attributes: str) -> etree._Element:
    """An element with the ids of a node."""
    ids = {"eId": escaped(node.eid), "wId": escaped(node.wid)}
    return _in(parent, name, **attributes, **{key: value for key, value in ids.items() if value})


def _say(element: etree._Element, text: str) -> None:
    """Put a text into an element letter for letter."""
    if squeezed(text) != text:
        element.set(SPACE, "preserve")
    element.text, *rest = SEPARATE.split(text)
    for separate, following in zip(rest[::2], rest[1::2], strict=True):
        if separate == "\n":
            child = _in(element, "br")
        else:
            child = _in(element, "marker", name=f"U+{ord(separate):04X}")
        child.tail = following


def _passages(parent: etree._Element, name: str, passages: Sequence[Node]) -> None:
    if passages:
        _blocks(_in(parent, name), "", passages)


def _provisions(parent: etree._Element, nodes: Sequence[Node]) -> None:
    for node in nodes:
        _provision(parent, node)
    if not len(parent):
        _in(parent, "hcontainer", name=NOTHING)


def _provision(parent: etree._Element, node: Node) -> None:
    if node.kind in ELEMENTS:
        element = _named(parent, node.kind, node)
    elif node.kind == "item" and not node.number:  # with one, `point` would be read as numbered
        element = _named(parent, "point", node)
    else:
        element = _named(parent, "hcontainer", node, name=node.kind)
    _head(element, node)
    before, within, behind = _around(node)
    if node.text or before:
        _blocks(_in(element, "intro" if within else "content"), node.text, before)
    for child in within:
        _provision(element, child)
    if behind:
        _blocks(_in(element, "wrapUp"), "", behind)


def _head(element: etree._Element, node: Node) -> None:
    if node.label or node.number:
        _say(_in(element, "num", title=escaped(node.number)), node.label)
    if node.heading:
        _say(_in(element, "heading"), node.heading)


def _around(node: Node) -> tuple[Sequence[Node], Sequence[Node], Sequence[Node]]:
    """The children that stand with the words of a node, those below them, those that wrap up."""
    alike = _is_row if node.kind == "table" else _is_block
    before = list(takewhile(alike, node.children))
    rest = node.children[len(before) :]
    behind = list(takewhile(_is_block, reversed(rest)))[::-1] if node.kind != "table" else []
    return before, rest[: len(rest) - len(behind)], behind


def _blocks(parent: etree._Element, text: str, nodes: Sequence[Node]) -> None:
    """Words as paragraphs: those of a provision without ids, those of passages with theirs, by
    which the reader tells them apart."""
    if text:
        _say(_in(parent, "p"), text)
    rows = [node for node in nodes if node.kind == "row"]
    if rows:
        _rows(_in(parent, "table"), rows)
    for node in nodes:
        if node.kind == "text":
            _say(_named(parent, "p", node), node.text)
        elif node.kind == "table":
            _rows(_named(parent, "table", node), node.children)


def _rows(table: etree._Element, rows: Sequence[Node]) -> None:
    for row in rows:
        element = _named(table, "tr", row)
        for cell in row.text.split("\t"):
            _say(_in(_in(element, "td"), "p"), cell)


def _attachment(parent: etree._Element, annex: Node, told: etree._Element) -> None:
    """An annex as a document of its own; its words and passages stand among its provisions."""
    attachment = _named(parent, "attachment", annex)
    _head(attachment, annex)
    document = _in(attachment, "doc", name="annex")
    document.append(told)
    body = _in(document, "mainBody")
    before, within, behind = _around(annex)
    _blocks(body, annex.text, before)
    _provisions(body, within)
    _blocks(body, "", behind)
