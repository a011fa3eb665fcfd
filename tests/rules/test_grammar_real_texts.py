"""Two real texts, held to their counts.

They lie beside the project, not in it; where they are missing, the loops have nothing to do and
the other grammar tests, which bring their own texts, are what there is.
"""

from pathlib import Path
from time import perf_counter

from drafts.grammar.line import lines_of
from drafts.grammar.parse import parse
from drafts.grammar.render import render
from drafts.importing.preview import import_bytes

DATA = Path(__file__).parents[3] / "shared" / "data"
CONSTITUTION = DATA / "kz-constitution.en.txt"
PROGRAMME = DATA / "kg-egov-programme-2014.ky.txt"
EXPECTED = {
    CONSTITUTION: {"section": 9, "article": 102, "paragraph": 288, "note": 111},
    PROGRAMME: {"annex": 3, "part": 10, "section": 4, "table": 5, "row": 69},
}


def present(*files: Path) -> list[Path]:
    return [file for file in files if file.exists()]


def test_a_real_text_is_read_whole_and_without_a_doubt() -> None:
    for file in present(CONSTITUTION, PROGRAMME):
        begun = perf_counter()
        preview = import_bytes(file.read_bytes(), file.name, file.name.split(".")[1])
        assert perf_counter() - begun < 3
        assert preview.coverage == 1.0
        assert preview.warnings == ()
        assert preview.tree.counts().items() >= EXPECTED[file].items()


def test_a_real_text_written_out_is_read_again_as_it_was() -> None:
    for file in present(CONSTITUTION, PROGRAMME):
        lang = file.name.split(".")[1]
        tree = parse(lines_of(file.read_text(encoding="utf-8")), lang)
        assert parse(lines_of(render(tree)), lang) == tree


def test_no_article_of_the_constitution_is_missing() -> None:
    for file in present(CONSTITUTION):
        tree = import_bytes(file.read_bytes(), file.name, "en").tree
        numbers = [node.number for node in tree.walk() if node.kind == "article"]
        inserted = {number for number in numbers if "-" in number}
        assert inserted == {"83-1", "94-1", "94-2"}
        whole = [number for number in numbers if number not in inserted]
        assert whole == [str(number) for number in range(1, 100)]


def test_the_programme_has_its_eight_parts_each_with_its_own_list() -> None:
    for file in present(PROGRAMME):
        programme = import_bytes(file.read_bytes(), file.name, "ky").tree.nodes[0]
        parts = [node for node in programme.children if node.kind == "part"]
        assert [part.number for part in parts] == [str(number) for number in range(1, 9)]
        listed = [sum(child.kind == "paragraph" for child in part.children) for part in parts]
        assert listed == [0, 0, 6, 7, 7, 0, 8, 0]
