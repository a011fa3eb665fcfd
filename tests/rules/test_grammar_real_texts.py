"""Two real texts, held to their counts. They lie beside the project, not in it."""

from pathlib import Path
from time import perf_counter

import pytest

from drafts.grammar.line import lines_of
from drafts.grammar.parse import parse
from drafts.grammar.render import render
from drafts.importing.preview import import_bytes

DATA = Path(__file__).parents[3] / "shared" / "data"
EXPECTED = {
    "kz-constitution.en.txt": {"section": 9, "article": 102, "paragraph": 288, "note": 111},
    "kg-egov-programme-2014.ky.txt": {"annex": 3, "part": 10, "section": 4, "table": 5, "row": 69},
}
FILES = [DATA / name for name in EXPECTED if (DATA / name).exists()]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_real_text_is_read_whole_and_in_order(file: Path) -> None:
    lang = file.name.split(".")[1]
    begun = perf_counter()
    preview = import_bytes(file.read_bytes(), file.name, lang)
    assert perf_counter() - begun < 3
    assert preview.coverage == 1.0
    assert preview.warnings == ()
    assert preview.tree.counts().items() >= EXPECTED[file.name].items()
    read = parse(lines_of(file.read_text(encoding="utf-8")), lang)
    assert parse(lines_of(render(read)), lang) == read


@pytest.mark.parametrize("file", [file for file in FILES if ".en." in file.name])
def test_no_article_of_the_constitution_is_missing(file: Path) -> None:
    tree = import_bytes(file.read_bytes(), file.name, "en").tree
    articles = [node for node in tree.walk() if node.kind == "article"]
    whole = [node.number for node in articles if "-" not in node.number]
    assert whole == [str(number) for number in range(1, 100)]
    assert {node.number for node in articles} - set(whole) == {"83-1", "94-1", "94-2"}


@pytest.mark.parametrize("file", [file for file in FILES if ".ky." in file.name])
def test_the_programme_has_its_eight_parts(file: Path) -> None:
    programme = import_bytes(file.read_bytes(), file.name, "ky").tree.nodes[0]
    parts = [node for node in programme.children if node.kind == "part"]
    assert [part.number for part in parts] == [str(number) for number in range(1, 9)]
    inner = [sum(child.kind == "paragraph" for child in part.children) for part in parts]
    assert inner == [0, 0, 6, 7, 7, 0, 8, 0]
