"""The interface is complete in all its languages, and every translation keeps its placeholders."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from consult.i18n.catalogues import FOLDER, LANGUAGES
from consult.i18n.collect import KEYWORDS, collect
from tests.contracts.test_size import ROOT, name

TRANSLATED = [lang for lang in LANGUAGES if lang != "en"]  # the keys are English
MODULES = [
    path for part in ("consult", "drafts", "notifications") for path in (ROOT / part).rglob("*.py")
]
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w*\}|%%|<[^>]+>")


@pytest.fixture(scope="module")
def said() -> Catalog:
    """What the interface can say today."""
    return collect()


def catalogue(lang: str) -> Catalog:
    with (FOLDER / f"{lang}.po").open("rb") as source:
        return read_po(source, locale=lang)


def forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


@pytest.mark.parametrize("lang", TRANSLATED)
def test_every_sentence_is_translated(lang: str, said: Catalog) -> None:
    known = catalogue(lang)
    missing = [
        message.id
        for message in said
        if message.id and not (message.id in known and all(forms(known[message.id])))
    ]
    assert not missing, "run `make messages` and translate what is new"


@pytest.mark.parametrize("lang", TRANSLATED)
def test_no_sentence_is_kept_that_is_no_longer_said(lang: str, said: Catalog) -> None:
    assert not [m.id for m in catalogue(lang) if m.id and m.id not in said]


@pytest.mark.parametrize("lang", TRANSLATED)
def test_a_translation_keeps_the_placeholders(lang: str) -> None:
    for message in catalogue(lang):
        if not message.id:
            continue
        keys = [message.id] if isinstance(message.id, str) else list(message.id)
        wanted = set(PLACEHOLDER.findall(keys[-1]))
        for text in forms(message):
            assert set(PLACEHOLDER.findall(text)) == wanted, f"{keys[0]} → {text}"


def called(call: ast.Call) -> str:
    return getattr(call.func, "id", "") or getattr(call.func, "attr", "")


def unmarked(value: ast.expr) -> bool:
    """Whether an expression holds words that are not within N_()."""
    if isinstance(value, ast.Call):
        return False
    if isinstance(value, ast.IfExp):
        return unmarked(value.body) or unmarked(value.orelse)
    return isinstance(value, ast.JoinedStr | ast.BinOp) or (
        isinstance(value, ast.Constant) and isinstance(value.value, str)
    )


def sentences(tree: ast.Module) -> Iterator[ast.expr]:
    """What is given, where a sentence belongs, to everything that takes one."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and called(call) in KEYWORDS:
            place = (KEYWORDS[called(call)] or (1,))[0]
            yield from call.args[place - 1 : place]


def assigned(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            yield from ((n.id, node.value) for n in node.targets if isinstance(n, ast.Name))


def imported(tree: ast.Module) -> dict[str, Path]:
    """The module of this project that each name comes from."""
    return {
        alias.name: ROOT / f"{node.module.replace('.', '/')}.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_sentence_kept_under_a_name_is_marked_where_it_is_written(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    origin = imported(tree)
    for said in sentences(tree):
        if isinstance(said, ast.Constant):
            continue  # collected as it stands
        assert not unmarked(said), ast.unparse(said)
        for used in (node.id for node in ast.walk(said) if isinstance(node, ast.Name)):
            home = origin.get(used, path)
            there = ast.parse(home.read_text("utf-8")) if home != path and home.exists() else tree
            plain = [value for kept, value in assigned(there) if kept == used and unmarked(value)]
            assert not plain, f"{used}: {ast.unparse(plain[0])}"
