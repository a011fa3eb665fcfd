"""[pure] What a person may correct in a text that was read, and the text with the corrections."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from drafts.tree import Node, Tree, identify

Edit = Mapping[str, Any]


def corrected(
    nodes: tuple[Node, ...], edits: Sequence[Edit], lang: str, *, keep_wids: bool = False
) -> Tree:
    """The text as read with the edits applied in order, identified anew.

    `keep_wids`: the file itself said which provision is which.
    """
    if edits:
        raise NotImplementedError
    return identify(Tree(lang, tuple(_bare(node, keep_wids=keep_wids) for node in nodes)))


def _bare(node: Node, *, keep_wids: bool) -> Node:
    """Without the ids that depend on where it stands."""
    children = tuple(_bare(child, keep_wids=keep_wids) for child in node.children)
    return replace(node, eid="", wid=node.wid if keep_wids else "", children=children)
