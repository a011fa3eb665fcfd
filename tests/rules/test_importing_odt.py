"""OpenDocument texts: printed numbers, tables, notes, tracked changes."""

import pytest

from drafts.importing.odt.reading import read
from drafts.importing.preview import import_bytes
from drafts.importing.source import Tracked
from tests.rules.odt_files import (
    changed,
    h,
    items,
    level,
    list_style,
    listed,
    mark,
    note,
    odt,
    p,
    region,
    row,
    table,
)

ACT = list_style(
    level(1, "1", 'style:num-suffix="."'),
    level(2, "а", 'style:num-suffix=")"'),
    level(3, "i", 'style:num-prefix="(" style:num-suffix=")"'),
)


def texts(data: bytes, tracked: Tracked = "accepted") -> list[str]:
    return [line.text for line in read(data, tracked).lines if line.text]


def test_the_numbers_libreoffice_prints_become_part_of_the_text() -> None:
    inner = listed("раз;", "два;", p("три:") + listed("вглубь", style=""), style="")
    body = listed(p("Так:") + inner + p("Дальше без номера."), "Иначе.")
    assert texts(odt(body, automatic=ACT)) == [
        "1. Так:",
        "а) раз;",
        "б) два;",
        "в) три:",
        "(i) вглубь",
        "Дальше без номера.",
        "2. Иначе.",
    ]


@pytest.mark.parametrize(
    ("form", "more", "start", "label"),
    [
        ("1", 'style:num-suffix=".)"', 9, "9.)"),
        ("a", "", 28, "ab"),
        ("a", 'style:num-letter-sync="true"', 28, "bb"),
        ("A", "", 3, "C"),
        ("i", "", 4, "iv"),
        ("I", "", 1999, "MCMXCIX"),
        ("а", 'style:num-suffix=")"', 10, "к)"),
        ("А", 'style:num-suffix="."', 7, "Ж."),
        ("а, б, .., аа, аб, ... (ru)", "", 30, "аб"),
        ("а, б, .., аа, бб, ... (ru)", "", 30, "бб"),
        ("А, Б, .., Аа, Аб, ... (ru)", "", 29, "Аа"),
        ("01, 02, 03, ...", "", 7, "07"),
        ("1", 'style:num-prefix="Статья " style:num-suffix="."', 1, "Статья 1."),
        ("1", 'style:num-suffix="." loext:num-list-format="§ %1%)"', 3, "§ 3)"),
        ("First", "", 2, "2"),
    ],
)
def test_every_number_format(form: str, more: str, start: int, label: str) -> None:
    style = list_style(level(1, form, f'{more} text:start-value="{start}"'))
    assert texts(odt(listed("Текст"), automatic=style)) == [f"{label} Текст"]


def test_a_number_format_not_known_is_told_with_its_place() -> None:
    style = list_style(level(1, "First"))
    (warning,) = read(odt(p("а"), listed("б", "в"), automatic=style)).warnings
    assert warning.params == {"kind": "First"}
    assert warning.place == "paragraph 2"


def test_a_level_without_a_format_prints_no_lonely_stop() -> None:
    style = list_style(level(1, "", 'style:num-suffix="."'))
    assert texts(odt(listed("Текст"), automatic=style)) == ["Текст"]


def test_what_follows_a_label_may_be_nothing() -> None:
    alignment = '<style:list-level-label-alignment text:label-followed-by="nothing"/>'
    number = level(1, "1", 'style:num-suffix="-"').replace("/>", f">{alignment}")
    style = list_style(number + "</text:list-level-style-number>")
    assert texts(odt(listed("берене"), automatic=style)) == ["1-берене"]


def test_bullets_are_bullets_or_dashes() -> None:
    bullet = '<text:list-level-style-bullet text:level="1" text:bullet-char="{}"/>'
    styles = list_style(bullet.format("\uf0b7")) + list_style(bullet.format("–"), name="D")
    body = listed("пуля"), listed("тире", style="D"), listed("без стиля", style="X")
    assert texts(odt(*body, automatic=styles)) == ["• пуля", "– тире", "• без стиля"]


def test_levels_name_those_above_them() -> None:
    more = 'style:num-suffix="." text:display-levels="{}"'
    style = list_style(level(1, "I"), *(level(n, "1", more.format(n)) for n in (2, 3)))
    below = listed(p("б") + listed("в", style=""), style="")
    found = texts(odt(listed(p("а") + below, "г"), automatic=style))
    assert found == ["I а", "I.1. б", "I.1.1. в", "II г"]


def test_a_list_begins_anew_unless_it_says_that_it_goes_on() -> None:
    other = list_style(level(1, "a"), name="M")
    body = (
        listed("а", "б", more='xml:id="one"'),
        p("между"),
        listed("в", more='text:continue-numbering="true"'),
        listed("г"),
        listed("д", style="M"),
        listed("е", more='text:continue-list="one"'),
        listed("ж", style="M", more='text:continue-numbering="true"'),
    )
    found = texts(odt(*body, automatic=ACT + other))
    assert found == ["1. а", "2. б", "между", "3. в", "1. г", "a д", "4. е", "a ж"]


def test_an_item_may_say_its_number_and_an_inner_list_may_begin_anew() -> None:
    started = '<text:list-item text:start-value="7">' + p("б") + "</text:list-item>"
    inner = listed("раз", "два", style="")
    body = listed(items(p("а") + inner + inner), started, items("в"))
    found = texts(odt(body, automatic=ACT))
    assert found == ["1. а", "а) раз", "б) два", "а) раз", "б) два", "7. б", "8. в"]


def test_a_list_broken_off_goes_on_below_the_item_it_was_in() -> None:
    inner = listed("два", style="")
    body = (
        listed(p("а") + listed("раз", style="")),
        p("между"),
        listed(inner, more='text:continue-numbering="true"'),
        listed("б", more='text:continue-numbering="true"'),
    )
    assert texts(odt(*body, automatic=ACT)) == ["1. а", "а) раз", "между", "б) два", "2. б"]


def test_list_headers_and_styles_of_single_items() -> None:
    header = f"<text:list-header>{p('Шапка')}</text:list-header>"
    override = f'<text:list-item text:style-override="M">{p("б")}</text:list-item>'
    other = list_style(level(1, "A"), name="M")
    body = f'<text:list text:style-name="L">{header}{items("а")}{override}</text:list>'
    assert texts(odt(body, automatic=ACT + other)) == ["Шапка", "1. а", "B б"]


def test_a_list_without_a_style_takes_that_of_its_paragraphs() -> None:
    parent = '<style:style style:name="A" style:family="paragraph" style:list-style-name="L"/>'
    child = '<style:style style:name="B" style:family="paragraph" style:parent-style-name="A"/>'
    body = listed(p("а", "B"), style="")
    assert texts(odt(body, automatic=ACT, styles=parent + child)) == ["1. а"]


def test_numbered_paragraphs_count_without_a_list() -> None:
    each = (
        f'<text:numbered-paragraph text:list-id="x" text:style-name="L">{p(text)}'
        "</text:numbered-paragraph>"
        for text in ("а", "б")
    )
    assert texts(odt(*each, automatic=ACT)) == ["1. а", "2. б"]


def test_headings_have_levels_and_the_numbers_of_the_outline() -> None:
    levels = "".join(
        level(depth, "1", more, "outline-level-style")
        for depth, more in (
            (1, 'style:num-prefix="Глава " style:num-suffix="."'),
            (2, 'text:display-levels="2"'),
        )
    )
    styles = f"<text:outline-style>{levels}</text:outline-style>"
    styles += '<style:style style:name="N" style:family="paragraph" style:list-style-name=""/>'
    body = h("а"), h("б", 2), h("в", 2), h("г"), h("д", 2), h("без", style="N")
    source = read(odt(*body, h("шапка", 1, 'text:is-list-header="true"'), styles=styles))
    assert [line.text for line in source.lines] == [
        "Глава 1. а", "1.1 б", "1.2 в", "Глава 2. г", "2.1 д", "без", "шапка"
    ]  # fmt: skip
    assert [line.level for line in source.lines] == [1, 2, 2, 1, 2, 1, 1]
    assert {line.kind_hint for line in source.lines} == {"heading"}


def test_tables_become_rows_with_spanned_and_repeated_cells_once() -> None:
    wide = f'<table:table-cell table:number-columns-spanned="2">{p("а")}</table:table-cell>'
    covered = "<table:covered-table-cell/>"
    empty = '<table:table-cell table:number-columns-repeated="2"/>'
    again = row("г", "д", "е").replace("row>", 'row table:number-rows-repeated="2">', 1)
    inner = f"<table:table-cell>{p('1')}{listed('в', 'г')}</table:table-cell>"
    head = f"<table:table-header-rows>{row(wide, covered, 'б')}</table:table-header-rows>"
    data = odt(p("1. Так."), table(head, row("в", empty), row(inner, "", ""), again), automatic=ACT)
    preview = import_bytes(data, "a.odt", "ru")
    assert [node.text for node in preview.tree.walk() if node.kind == "row"] == [
        "а\t\tб", "в\t\t", "1 1. в 2. г\t\t", "г\tд\tе", "г\tд\tе"
    ]  # fmt: skip
    assert preview.coverage == 1.0


def test_notes_stand_under_the_provision_that_refers_to_them() -> None:
    within = f"<table:table-cell>{p('в ячейке' + note('Сноска.', 'endnote'))}</table:table-cell>"
    body = p(f"1. Так{note('Смотри закон.')}."), p("2. Да:"), table(row(within, "б"))
    preview = import_bytes(odt(*body), "a.odt", "ru")
    assert [(node.kind, node.label, node.text) for node in preview.tree.walk()] == [
        ("paragraph", "1.", "Так[1]."),
        ("note", "[1]", "Смотри закон."),
        ("paragraph", "2.", "Да:"),
        ("table", "", ""),
        ("row", "", "в ячейке[2]\tб"),
        ("note", "[2]", "Сноска."),
    ]
    assert preview.coverage == 1.0


CHANGES = changed(
    region("a", "insertion"), region("b", "deletion", p("старое")), region("c", "format-change")
)
WORDS = (
    f"слово {mark('change-start', 'a')}<text:span>новое</text:span><text:s/>"
    f"{mark('change-end', 'a')}{mark('change', 'b')} дальше"
)


@pytest.mark.parametrize(
    ("tracked", "text"),
    [("accepted", "слово новое дальше"), ("original", "слово старое дальше")],
)
def test_tracked_changes_are_accepted_or_undone_and_told(tracked: Tracked, text: str) -> None:
    preview = import_bytes(odt(CHANGES, p(WORDS)), "a.odt", "ru", tracked)
    assert " ".join(preview.tree.nodes[0].text.split()) == text
    assert preview.warnings[0].params == {"count": 2}
    assert preview.coverage == 1.0


def test_a_paragraph_that_was_put_in_goes_and_the_numbers_close_up() -> None:
    start, end = mark("change-start", "a"), mark("change-end", "a")
    body = listed(p(f"один.{start}"), p(f"новое.{end}"), "три.").replace(
        f"{start}</text:p><text:p", f"{start}</text:p></text:list-item><text:list-item><text:p"
    )
    data = odt(changed(region("a", "insertion")), body, automatic=ACT)
    assert texts(data) == ["1. один.", "2. новое.", "3. три."]
    assert texts(data, "original") == ["1. один.", "2. три."]


def test_deleted_paragraphs_and_items_come_back_with_their_numbers() -> None:
    kept = p("") + listed("два.")
    regions = changed(
        region("a", "deletion", kept), region("b", "deletion", p(" начало.") + p("конец "))
    )
    body = listed(p(f"один.{mark('change', 'a')}"), "три."), p(f"Тут{mark('change', 'b')}и там.")
    data = odt(regions, *body, automatic=ACT)
    assert texts(data) == ["1. один.", "2. три.", "Тути там."]
    assert texts(data, "original") == [
        "1. один.", "2. два.", "3. три.", "Тут начало.", "конец и там."
    ]  # fmt: skip
    preview = import_bytes(data, "a.odt", "ru", "original")
    assert preview.coverage == 1.0


def test_frames_breaks_blanks_links_and_sections_are_read() -> None:
    box = f"<draw:frame><draw:text-box>{p('В рамке')}</draw:text-box></draw:frame>"
    body = (
        p("Статья 1.<text:line-break/>Предмет<text:s text:c='3'/>и<text:tab/>цель"),
        f"<text:section>{p(f'До{box}после')}</text:section>",
        p('<text:a xlink:href="https://example.org">ссыл\u00adка</text:a>'),
    )
    data = odt(*body)
    assert texts(data) == ["Статья 1.", "Предмет и цель", "До", "В рамке", "после", "ссылка"]
    assert import_bytes(data, "a.odt", "ru").coverage == 1.0


def test_remarks_and_pictures_are_left_out_and_told() -> None:
    remark = f"<office:annotation><office:x>2020</office:x>{p('Замечание')}</office:annotation>"
    picture = '<draw:frame><draw:image xlink:href="Pictures/a.png"/></draw:frame>'
    preview = import_bytes(odt(p(f"1. Так{remark}{picture}.")), "a.odt", "ru")
    assert preview.tree.nodes[0].text == "Так."
    assert [warning.params for warning in preview.warnings] == [{"count": 1}, {"count": 1}]
    assert preview.coverage == 1.0


def test_figures_set_high_stay_apart_from_the_number_before_them() -> None:
    style = (
        '<style:style style:name="T" style:family="text">'
        '<style:text-properties style:text-position="super 58%"/></style:style>'
    )
    body = p('Статья 8<text:span text:style-name="T">1</text:span>. Предмет'), p("Текст.")
    preview = import_bytes(odt(*body, automatic=style), "a.odt", "ru")
    assert preview.tree.nodes[0].label == "Статья 8¹."
    assert preview.coverage == 1.0


def test_a_table_of_contents_is_told_by_its_place() -> None:
    contents = (
        "<text:table-of-content><text:table-of-content-source>x</text:table-of-content-source>"
        f"<text:index-body>{p('Статья 1. Предмет 3')}</text:index-body></text:table-of-content>"
    )
    tree = import_bytes(odt(contents, p("Статья 1. Предмет"), p("Текст.")), "a.odt", "ru").tree
    assert [node.eid for node in tree.walk()] == ["note_1", "art_1"]
