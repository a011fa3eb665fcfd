"""[pure] A tree back to plain text, so that the grammar reads the same tree from it again."""

from collections.abc import Iterator

from drafts.tree import Node, Tree

HEADS = ("part", "section", "chapter", "article", "annex")


def render(tree: Tree) -> str:
    """The text of a tree, one passage a line."""
    return "\n".join(line for node in tree.nodes for line in _lines(node)) + "\n"


def _lines(node: Node) -> Iterator[str]:
    if node.kind == "table":
        yield from _table(node)
        return
    if node.kind in HEADS:
        yield from _head(node)
    else:
        yield " ".join(part for part in (node.label, node.heading, node.text) if part)
    for child in node.children:
        yield from _lines(child)


def _head(node: Node) -> Iterator[str]:
    """The title stands behind a label that ends in a stop, else below it."""
    if node.label.endswith((".", ":")) and node.heading:
        yield f"{node.label} {node.heading}"
    else:
        yield from filter(None, (node.label, node.heading))
    if node.text:
        yield node.text


def _table(node: Node) -> Iterator[str]:
    yield from filter(None, (node.label, node.heading))
    for row in node.children:
        yield ""
        yield from ("\t" + cell for cell in row.text.split("\t"))
    yield from ("", "")
