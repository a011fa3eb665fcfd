"""The habits of the house, checked in the syntax tree: where commits, clocks and queries may be."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contracts.test_size import ROOT, name, sources

# Who may end a transaction: those who open it.
COMMITTERS = {"consult/db.py", "consult/worker.py", "consult/security.py"}
# Who writes a search index, which has commits of its own: they know no database at all.
INDEXERS = {
    f"drafts/search/{name}.py" for name in ("kept_index", "tantivy_engine", "whoosh_engine")
}
FORBIDDEN_NAMES = {"services.py", "utils.py", "helpers.py", "common.py"}


def calls(path: Path) -> Iterator[str]:
    """Every call in a module, as it is written: "session.commit", "datetime.now"."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def imports(path: Path) -> Iterator[str]:
    """Every module that one imports from, as it is written."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("path", sources(), ids=name)
def test_only_who_opens_a_transaction_commits_it(path: Path) -> None:
    if name(path) in INDEXERS:
        assert not {"sqlmodel", "sqlalchemy", "consult.db"} & set(imports(path))
    elif name(path) not in COMMITTERS:
        assert not [call for call in calls(path) if call.endswith(".commit")]


@pytest.mark.parametrize("path", sources(), ids=name)
def test_only_the_clock_asks_for_the_time(path: Path) -> None:
    asking = {"datetime.now", "datetime.utcnow", "date.today", "datetime.today", "time.time"}
    if name(path) != "consult/clock.py":
        assert not asking & set(calls(path))


@pytest.mark.parametrize("path", sources(), ids=name)
def test_routes_leave_queries_to_queries(path: Path) -> None:
    called = set(calls(path))
    if "APIRouter" in called:
        assert not {"select", "insert", "update", "delete"} & called


def test_what_says_it_is_pure_is_held_to_it() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    held = next(c for c in contracts["contracts"] if c["name"].startswith("Rules are pure"))
    said = {
        ".".join(Path(name(path)).with_suffix("").parts)
        for path in sources()
        if path.read_text("utf-8").startswith('"""[pure]')
    }
    packages = tuple(f"{module}." for module in held["source_modules"])
    assert not {m for m in said - {*held["source_modules"]} if not m.startswith(packages)}


@pytest.mark.parametrize("path", sources(), ids=name)
def test_a_module_opens_with_what_lives_there(path: Path) -> None:
    text = path.read_text("utf-8")
    if path.name == "__init__.py":
        assert not text.strip(), "an __init__ stays empty"
    else:
        assert ast.get_docstring(ast.parse(text)), "say in a line what lives here"


@pytest.mark.parametrize("path", sources(), ids=name)
def test_no_drawer_for_everything(path: Path) -> None:
    assert path.name not in FORBIDDEN_NAMES


@pytest.mark.parametrize("path", sources(), ids=name)
def test_no_import_hides_inside_a_function(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            hidden = [n for n in ast.walk(function) if isinstance(n, ast.Import | ast.ImportFrom)]
            assert not hidden, f"{function.name} imports inside"


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=name)
def test_only_components_may_call_html_safe(path: Path) -> None:
    if "components" not in path.parts:
        text = path.read_text("utf-8")
        assert "|safe" not in text.replace(" ", "")
        assert "Markup(" not in text


def test_no_country_and_no_act_type_in_code() -> None:
    codes = {'"kg"', '"kz"', '"budget_programme"', '"kenesh_decision"', '"resolution"'}
    allowed = {"consult/config.py"}  # the default pack of an installation
    for path in sources():
        if name(path) not in allowed:
            text = path.read_text("utf-8")
            assert not [code for code in codes if code in text], name(path)
