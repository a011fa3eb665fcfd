"""Word files: printed numbers, tables, notes, tracked changes."""

from io import BytesIO

import docx as python_docx
import pytest

from drafts.importing.preview import import_bytes
from drafts.importing.source import Tracked
from drafts.importing.word.reading import read
from tests.rules.importing_files import abstract, lvl, num, p, run, table, word

ACT = abstract(
    0,
    lvl(0, "decimal", "Статья %1."),
    lvl(1, "decimal", "%2."),
    lvl(2, "russianLower", "%3)"),
    lvl(3, "bullet", "\uf0b7"),
)
TRACKED = (
    f"{run('слово ')}<w:del><w:r><w:delText>старое</w:delText></w:r></w:del>"
    f"<w:ins>{run('новое')}</w:ins>"
)


def texts(data: bytes) -> list[str]:
    return [line.text for line in read(data).lines]


def test_the_numbers_word_prints_become_part_of_the_text() -> None:
    body = (
        p("Предмет", num="1", level=0),
        p("Так:", num="1", level=1),
        p("раз;", num="1", level=2),
        p("два.", num="1", level=2),
        p("пуля", num="1", level=3),
        p("Иначе.", num="1", level=1),
        p("Понятия", num="1", level=0),
        p("Снова.", num="1", level=1),
    )
    assert texts(word(*body, numbering=ACT + num(1, 0))) == [
        "Статья 1. Предмет",
        "1. Так:",
        "а) раз;",
        "б) два.",
        "• пуля",
        "2. Иначе.",
        "Статья 2. Понятия",
        "1. Снова.",
    ]


@pytest.mark.parametrize(
    ("form", "start", "label"),
    [
        ("decimal", 9, "9."),
        ("decimalZero", 9, "09."),
        ("lowerLetter", 27, "aa."),
        ("upperLetter", 3, "C."),
        ("lowerRoman", 4, "iv."),
        ("upperRoman", 1999, "MCMXCIX."),
        ("russianLower", 7, "ж."),
        ("russianUpper", 10, "К."),
        ("none", 1, "."),
        ("numberInDash", 3, "- 3 -."),
        ("cardinalText", 2, "2."),
    ],
)
def test_every_number_format(form: str, start: int, label: str) -> None:
    numbering = abstract(0, lvl(0, form, "%1.", start=start)) + num(1, 0)
    assert texts(word(p("Текст", num="1"), numbering=numbering)) == [f"{label} Текст"]


def test_multilevel_numbers_name_the_levels_above() -> None:
    levels = (
        lvl(0, "upperRoman", "%1."),
        lvl(1, "decimal", "%1.%2."),
        lvl(2, "decimal", "%1.%2.%3", "<w:isLgl/>"),
    )
    body = [p("А", num="1", level=depth) for depth in (0, 1, 2, 2, 1, 0, 1)]
    found = texts(word(*body, numbering=abstract(0, *levels) + num(1, 0)))
    assert [text.split()[0] for text in found] == [
        "I.", "I.1.", "1.1.1", "1.1.2", "I.2.", "II.", "II.1."
    ]  # fmt: skip


def test_a_level_may_run_through_and_lists_may_share_or_restart_their_count() -> None:
    levels = lvl(0, "decimal", "%1."), lvl(1, "decimal", "%2)", '<w:lvlRestart w:val="0"/>')
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbering = abstract(0, *levels) + num(1, 0) + num(2, 0) + num(3, 0, again)
    body = (
        p("А", num="1", level=0), p("А", num="1", level=1), p("А", num="1", level=0),
        p("А", num="1", level=1), p("А", num="2", level=0), p("А", num="3", level=0),
        p("А", num="3", level=0),
    )  # fmt: skip
    found = texts(word(*body, numbering=numbering))
    assert [text.split()[0] for text in found] == ["1.", "1)", "2.", "2)", "3.", "1.", "2."]


def test_numbers_come_from_styles_and_what_they_are_based_on() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="A"><w:name w:val="heading 1"/><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="B"><w:name w:val="mine"/><w:basedOn w:val="A"/>'
        "</w:style>"
    )
    levels = lvl(0, "decimal", "Глава %1.", '<w:pStyle w:val="A"/>')
    body = p("Общее", style="A"), p("Иное", style="B"), p("Без", style="A", num="0")
    source = read(word(*body, numbering=abstract(0, levels) + num(1, 0), styles=styles))
    assert [line.text for line in source.lines] == ["Глава 1. Общее", "Глава 2. Иное", "Без"]
    assert {line.kind_hint for line in source.lines} == {"heading"}


def test_number_formats_not_known_are_told_with_the_place_of_the_first() -> None:
    newer = (
        '<w:lvl w:ilvl="1"><w:start w:val="1"/><mc:AlternateContent xmlns:mc="urn:x"><mc:Choice>'
        '<w:numFmt w:val="custom" w:format="001, 002, ..."/></mc:Choice></mc:AlternateContent>'
        '<w:lvlText w:val="%2."/></w:lvl>'
    )
    levels = lvl(0, "ordinal", "%1"), newer
    body = p("Так"), *(p("А", num="1", level=depth) for depth in (0, 1, 0))
    source = read(word(*body, numbering=abstract(0, *levels) + num(1, 0)))
    assert [line.text for line in source.lines] == ["Так", "1 А", "1. А", "2 А"]
    assert [(warning.params["kind"], warning.place) for warning in source.warnings] == [
        ("ordinal", "paragraph 2"),
        ("001, 002, ...", "paragraph 3"),
    ]


def test_a_restart_begins_where_the_list_that_restarts_says() -> None:
    levels = lvl(0, "decimal", "%1."), lvl(1, "decimal", "%2)", start=3)
    again = '<w:lvlOverride w:ilvl="1"><w:startOverride w:val="5"/></w:lvlOverride>'
    numbering = abstract(0, *levels) + num(1, 0) + num(2, 0, again)
    body = [p("А", num=each, level=depth) for each in "12" for depth in (0, 1, 1, 0, 1)]
    found = texts(word(*body, numbering=numbering))
    assert [text.split()[0] for text in found] == [
        "1.", "3)", "4)", "2.", "3)", "3.", "5)", "6)", "4.", "5)"
    ]  # fmt: skip


def test_a_level_restarts_only_behind_the_level_it_names() -> None:
    levels = (
        lvl(0, "decimal", "%1."),
        lvl(1, "decimal", "%2)"),
        lvl(2, "decimal", "%3", '<w:lvlRestart w:val="1"/>'),
    )
    body = [p("А", num="1", level=depth) for depth in (0, 1, 2, 1, 2, 0, 2)]
    found = texts(word(*body, numbering=abstract(0, *levels) + num(1, 0)))
    assert [text.split()[0] for text in found] == ["1.", "1)", "1", "2)", "2", "2.", "1"]


def test_a_list_may_take_its_levels_from_a_style_or_change_one() -> None:
    styles = (
        '<w:style w:type="numbering" w:styleId="N"><w:name w:val="mine"/><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    linked = '<w:abstractNum w:abstractNumId="9"><w:numStyleLink w:val="N"/></w:abstractNum>'
    own = f'<w:lvlOverride w:ilvl="0">{lvl(0, "russianUpper", "%1.", start=2)}</w:lvlOverride>'
    numbering = abstract(0, lvl(0, "russianLower", "%1)")) + linked + num(1, 0) + num(2, 9)
    numbering += num(3, 0, own)
    body = [p("А", num=each) for each in "1223"]
    found = texts(word(*body, numbering=numbering, styles=styles))
    assert [text.split()[0] for text in found] == ["а)", "б)", "в)", "Г."]


def test_numbers_within_a_table_count_on_and_covered_cells_have_none() -> None:
    def cell(content: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"

    number = p("", num="1", level=0)
    rows = (
        cell(number, '<w:vMerge w:val="restart"/>') + cell(p("а"), '<w:gridSpan w:val="2"/>'),
        cell(number, "<w:vMerge/>") + cell(p("б")) + cell(p("в")),
        cell(number) + cell(p("г")) + cell(p("д")),
        '<w:trPr><w:gridBefore w:val="1"/></w:trPr>' + cell(p("е")) + cell(p("ж")),
    )
    grid = f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"
    numbering = abstract(0, lvl(0, "decimal", "%1.")) + num(1, 0)
    data = word(p("Так:"), grid, p("Дальше", num="1"), numbering=numbering)
    assert [text for text in texts(data) if text] == [
        "Так:", "1.\tа\t", "\tб\tв", "2.\tг\tд", "\tе\tж", "3. Дальше"
    ]  # fmt: skip
    assert import_bytes(data, "a.docx", "ru").coverage == 1.0


def test_numbering_that_was_changed_is_undone_with_the_rest() -> None:
    before = '<w:pPrChange><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:pPrChange>'
    body = f"<w:p><w:pPr>{before}</w:pPr>{run('Текст')}</w:p>"
    data = word(body, numbering=abstract(0, lvl(0, "decimal", "%1.")) + num(1, 0))
    assert [line.text for line in read(data).lines] == ["Текст"]
    assert [line.text for line in read(data, "original").lines] == ["1. Текст"]


@pytest.mark.parametrize(
    ("tracked", "found"),
    [
        ("accepted", ["1. Один и два.", "2. Три. ", "3. Четыре.", "4. Пять."]),
        ("original", ["1. Один ", "2. и два.", "3. Три. Пять."]),
    ],
)
def test_paragraphs_whose_end_is_undone_are_one(tracked: Tracked, found: list[str]) -> None:
    def ended(mark: str, content: str) -> str:
        listed = '<w:numPr><w:numId w:val="1"/></w:numPr>'
        return f"<w:p><w:pPr>{listed}<w:rPr><w:{mark}/></w:rPr></w:pPr>{content}</w:p>"

    body = (
        *(ended("del", run("Один ")), p("и два.", num="1"), ended("ins", run("Три. "))),
        *(ended("ins", f"<w:ins>{run('Четыре.')}</w:ins>"), p("Пять.", num="1")),
    )
    data = word(*body, numbering=abstract(0, lvl(0, "decimal", "%1.")) + num(1, 0))
    assert [line.text for line in read(data, tracked).lines] == found


def test_tables_become_rows_and_cells_may_hold_several_paragraphs() -> None:
    nested = (
        f"<w:tbl><w:tr><w:tc>{p('а')}{p('б')}</w:tc><w:tc>{table(['в', 'г'])}</w:tc></w:tr></w:tbl>"
    )
    preview = import_bytes(word(p("1. Так."), nested, p("2. Иначе.")), "a.docx", "ru")
    rows = [node.text for node in preview.tree.walk() if node.kind == "row"]
    assert rows == ["а б\tв г"]
    assert preview.coverage == 1.0


def test_footnotes_are_notes_under_the_provision_that_refers_to_them() -> None:
    reference = f'{run("1. Так")}<w:r><w:footnoteReference w:id="7"/></w:r>{run(".")}'
    notes = f'<w:footnote w:id="7">{p("Смотри закон.")}</w:footnote>'
    preview = import_bytes(word(p(reference), p("2. Да."), footnotes=notes), "a.docx", "ru")
    assert [(node.eid, node.label, node.text) for node in preview.tree.walk()] == [
        ("para_1", "1.", "Так[1]."),
        ("para_1__note_1", "[1]", "Смотри закон."),
        ("para_2", "2.", "Да."),
    ]
    assert preview.coverage == 1.0


def test_text_boxes_line_breaks_fields_and_wrappers_are_read() -> None:
    box = f"<w:r><w:pict><w:txbxContent>{p('В рамке')}</w:txbxContent></w:pict></w:r>"
    field = "<w:r><w:instrText>PAGE</w:instrText></w:r>"
    broken = f"{run('Статья 1.')}<w:r><w:br/></w:r>{run('Предмет')}{field}"
    wrapped = f"<w:sdt><w:sdtContent>{p('Обёрнуто')}</w:sdtContent></w:sdt>"
    found = [text for text in texts(word(p(broken), p(box), wrapped)) if text]
    assert found == ["Статья 1.", "Предмет", "В рамке", "Обёрнуто"]


def test_a_table_of_contents_is_told_by_its_style() -> None:
    styles = '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="toc 1"/></w:style>'
    body = p("Статья 1. Предмет 3", style="T"), p("Статья 1. Предмет"), p("Текст.")
    tree = import_bytes(word(*body, styles=styles), "a.docx", "ru").tree
    assert [node.eid for node in tree.walk()] == ["note_1", "art_1"]


def test_a_file_written_by_python_docx_is_read() -> None:
    document = python_docx.Document()
    document.add_heading("Жалпы жоболор", level=1)
    for text in ("Биринчи.", "Экинчи."):
        document.add_paragraph(text, style="List Number")
    written = BytesIO()
    document.save(written)
    preview = import_bytes(written.getvalue(), "Эреже.docx", "ky")
    assert [node.eid for node in preview.tree.walk()] == ["sec_1", "sec_1__para_1", "sec_1__para_2"]
    assert preview.coverage == 1.0
    assert preview.title == "Эреже"


def test_figures_set_high_stay_apart_and_soft_hyphens_go() -> None:
    high = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>1</w:t></w:r>'
    title = run(". Пред\u00adмет")
    data = word(p(f"{run('Статья 8')}{high}{title}"), p("Текст."))
    preview = import_bytes(data, "a.docx", "ru")
    assert (preview.tree.nodes[0].label, preview.tree.nodes[0].heading) == ("Статья 8¹.", "Предмет")
    assert preview.coverage == 1.0


def test_a_note_referred_to_twice_is_read_once() -> None:
    reference = f'{run("Так")}<w:r><w:footnoteReference w:id="7"/></w:r>'
    notes = f'<w:footnote w:id="7">{p("Смотри закон.")}</w:footnote>'
    data = word(p(reference), p(reference), footnotes=notes)
    assert texts(data) == ["Так[1]", "[1] Смотри закон.", "Так[1]"]
