"""The corpus of short cases, one file a language: see grammar_cases/README.md."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from drafts.grammar.line import lines_of
from drafts.grammar.parse import Parsed, parse_with_warnings
from drafts.importing.coverage import coverage
from drafts.tree import Node

FOLDER = Path(__file__).parent / "grammar_cases"
LANGUAGES = ("en", "kk", "ky", "ru")
FEWEST = 60  # cases a grammar


@dataclass(frozen=True)
class Case:
    """A text, the outline of its tree, and the doubts about it."""

    lang: str
    rule: str
    text: str
    outline: tuple[str, ...]
    doubts: tuple[str, ...]


def cases(lang: str) -> Iterator[Case]:
    for block in (FOLDER / f"{lang}.txt").read_text("utf-8").split("### ")[1:]:
        rule, rest = block.split("\n", 1)
        text, expected = rest.split("\n---\n")
        lines = [line for line in expected.splitlines() if line.strip()]
        yield Case(
            *(lang, rule.strip(), text),
            tuple(line for line in lines if not line.startswith("! ")),
            tuple(line[2:] for line in lines if line.startswith("! ")),
        )


CASES = [case for lang in LANGUAGES for case in cases(lang)]


def outline(nodes: tuple[Node, ...], depth: int = 0) -> Iterator[str]:
    """The tree as a case writes it."""
    for node in nodes:
        told = [node.kind, node.number, f"«{node.heading}»" if node.heading else ""]
        text = " | ".join(node.text.split("\t")).replace("\n", " ")
        line = " ".join(filter(None, told)) + (f" = {text}" if text else "")
        yield "  " * depth + line
        yield from outline(node.children, depth + 1)


def shortened(told: list[str], wanted: tuple[str, ...]) -> list[str]:
    """What was told, cut where the case is cut."""
    cut = list(told)
    for i, (line, asked) in enumerate(zip(told, wanted, strict=False)):
        if asked.endswith("…") and line.startswith(asked[:-1]):
            cut[i] = asked
    return cut


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.lang}: {case.rule}")
def test_a_text_becomes_the_tree_a_lawyer_sees(case: Case) -> None:
    parsed: Parsed = parse_with_warnings(lines_of(case.text), case.lang)
    told = list(outline(parsed.tree.nodes))
    assert shortened(told, case.outline) == list(case.outline)
    assert coverage(case.text, parsed.tree) == 1.0
    doubts = [str(doubt) for doubt in parsed.warnings]
    if case.doubts == ("none",):
        assert not doubts
    else:
        assert all(any(wanted in doubt for doubt in doubts) for wanted in case.doubts)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_grammar_has_its_corpus_and_no_rule_twice(lang: str) -> None:
    rules = [case.rule for case in CASES if case.lang == lang]
    assert len(rules) >= FEWEST
    assert len(set(rules)) == len(rules)
