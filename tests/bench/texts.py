"""[pure] Laws of any size and their revisions, the same for the same seed: to measure how long
importing and aligning take. The words are those of words.py; `as_text` makes a .txt of a law.
"""

import random
from collections.abc import Callable
from dataclasses import replace

from drafts.grammar.render import render
from drafts.tree import Node, Tree, identify
from tests.bench.words import LANG, WEIGHTS, WORDS, sentence

ARTICLES = 10  # of a chapter
SENTENCE = 25  # words
LETTERS = "абвгдежз"
EDITED, DELETED, INSERTED, SPLIT, MOVED = 0.10, 0.02, 0.03, 0.01, 0.01  # shares of a revision

Spoken = Callable[[], str]


def law(provisions: int, words: int, seed: int = 1) -> Tree:
    """About so many provisions that hold so many words together; articles, points, letters."""
    rng = random.Random(seed)
    spoken = provisions * 50 // 61  # of a chapter, ten articles and five provisions below each

    def speech() -> str:
        return passage(rng, max(3, words // spoken))

    chapters = [_chapter(rng, n, speech) for n in range(1, max(1, round(provisions / 61)) + 1)]
    return renumbered(Tree(LANG, tuple(chapters)))


def passage(rng: random.Random, words: int) -> str:
    """So many words in sentences."""
    lengths = [*[SENTENCE] * (words // SENTENCE), words % SENTENCE]
    return " ".join(sentence(rng, length) for length in lengths if length)


def _chapter(rng: random.Random, n: int, speech: Spoken) -> Node:
    articles = tuple(_article(rng, (n - 1) * ARTICLES + k + 1, speech) for k in range(ARTICLES))
    return Node("chapter", heading=sentence(rng, 4)[:-1], children=articles)


def _article(rng: random.Random, number: int, speech: Spoken) -> Node:
    """Three points, the second with two letters."""
    letters = tuple(Node("subparagraph", text=speech()) for _ in range(2))
    points = (
        Node("paragraph", text=speech()),
        Node("paragraph", text=f"{speech()[:-1]}:", children=letters),
        Node("paragraph", text=speech()),
    )
    return Node("article", str(number), heading=sentence(rng, 4)[:-1], children=points)


def renumbered(tree: Tree) -> Tree:
    """Numbers and labels in the order of the text; what had a wid keeps it."""
    articles = 0

    def numbered(node: Node, place: int) -> Node:
        nonlocal articles
        number = str(place)
        if node.kind == "article":
            articles += 1
            number = str(articles)
        elif node.kind == "subparagraph":
            number = LETTERS[place - 1] if place <= len(LETTERS) else number
        label = {"chapter": "{}-глава.", "article": "{}-берене.", "paragraph": "{}."}
        children = tuple(numbered(child, n) for n, child in enumerate(node.children, 1))
        text = label.get(node.kind, "{})").format(number)
        return replace(node, number=number, label=text, children=children, eid="")

    nodes = tuple(numbered(node, n) for n, node in enumerate(tree.nodes, 1))
    return identify(Tree(tree.lang, nodes))


def revised(tree: Tree, seed: int = 2) -> Tree:
    """The law after a year in committees; the wids stay the true ones, what is new has new ones."""
    rng = random.Random(seed)

    def edited(node: Node) -> Node:
        words = node.text.split()
        for _ in range(max(1, round(len(words) * rng.choice((0.02, 0.1, 0.3))))):
            words[rng.randrange(len(words))] = rng.choices(WORDS, cum_weights=WEIGHTS)[0]
        return replace(node, text=" ".join(words))

    def one(node: Node) -> list[Node]:
        chance = rng.random()
        if node.kind != "paragraph" or node.children:
            kept = edited(node) if node.text and chance < EDITED else node
            return [replace(kept, children=row(node.children))]
        if chance < DELETED:
            return []
        if chance < DELETED + SPLIT:
            words = node.text.split()
            half = len(words) // 2
            first, second = " ".join(words[:half]) + ".", " ".join(words[half:])
            return [replace(node, text=first), Node(node.kind, text=second, wid=_new(rng))]
        if chance < DELETED + SPLIT + EDITED:
            return [edited(node)]
        if chance < DELETED + SPLIT + EDITED + INSERTED:
            length = len(node.text.split())
            return [node, Node(node.kind, text=passage(rng, length), wid=_new(rng))]
        return [node]

    def row(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        return tuple(after for node in nodes for after in one(node))

    return renumbered(Tree(tree.lang, _moved(rng, row(tree.nodes))))


def _new(rng: random.Random) -> str:
    return f"new-{rng.getrandbits(48)}"


def _moved(rng: random.Random, chapters: tuple[Node, ...]) -> tuple[Node, ...]:
    """A few articles stand in another chapter."""
    rows = [list(chapter.children) for chapter in chapters]
    for _ in range(max(1, round(MOVED * sum(map(len, rows))))):
        source, target = rng.choice(rows), rng.choice(rows)
        if len(source) > 1:
            target.insert(rng.randrange(len(target) + 1), source.pop(rng.randrange(len(source))))
    told = zip(chapters, rows, strict=True)
    return tuple(replace(chapter, children=tuple(row)) for chapter, row in told)


def bare(tree: Tree) -> Tree:
    """The text as a file brings it: without ids."""

    def stripped(node: Node) -> Node:
        return replace(node, eid="", wid="", children=tuple(map(stripped, node.children)))

    return Tree(tree.lang, tuple(map(stripped, tree.nodes)))


def as_text(tree: Tree) -> str:
    """The law as a .txt file holds it."""
    return render(tree)
