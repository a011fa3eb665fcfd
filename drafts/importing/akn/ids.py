"""[pure] Which ids of an Akoma Ntoso file may be used. Anybody may make such a file.

A permanent id goes into addresses and pages, and comments hang on it: it must look like one and
stand for one provision only.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from drafts.tree import WID, Node, Tree, identify


@dataclass(frozen=True, slots=True)
class Settled:
    """A tree with ids that are safe, each once.

    `own_wids`: at least one `wId` of the file is among them; `refused`: how many are not.
    """

    tree: Tree
    own_wids: bool
    refused: int


def settle(tree: Tree) -> Settled:
    """Keep the ids of the file as far as they may be used; the others are made by `identify`.

    As the standard has it, an element without a `wId` takes its `eId` as one. The eids are kept
    only all together, for they say where a provision stands among the others.
    """
    nodes = list(tree.walk())
    told = [node.eid for node in nodes]
    eids = told
    if len(set(told)) < len(told) or not all(map(WID.fullmatch, told)):
        eids = [node.eid for node in identify(tree).walk()]
    taken: set[str] = set()
    permanent = [_take(node.wid, taken) for node in nodes]
    refused = sum(bool(node.wid) and not wid for node, wid in zip(nodes, permanent, strict=True))
    wids = [wid or _take(eid, taken) for wid, eid in zip(permanent, told, strict=True)]
    wids = [wid or _take_beside(eid, taken) for wid, eid in zip(wids, eids, strict=True)]
    named = zip(eids, wids, strict=True)
    return Settled(Tree(tree.lang, _with(tree.nodes, named)), any(permanent), refused)


def _take(name: str, taken: set[str]) -> str:
    if name in taken or not WID.fullmatch(name):
        return ""
    taken.add(name)
    return name


def _take_beside(name: str, taken: set[str]) -> str:
    """A name that is ours, with a number behind it if the file has given it to something else."""
    free, count = name, 1
    while free in taken:
        count += 1
        free = f"{name}-n{count}"
    taken.add(free)
    return free


def _with(nodes: tuple[Node, ...], named: Iterator[tuple[str, str]]) -> tuple[Node, ...]:
    """The nodes with the next ids, in reading order."""
    found = []
    for node in nodes:
        eid, wid = next(named)
        found.append(replace(node, eid=eid, wid=wid, children=_with(node.children, named)))
    return tuple(found)
