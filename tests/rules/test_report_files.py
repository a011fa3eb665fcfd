"""Reports as files: all words in every form, in the language asked for, whatever is said."""

import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO

import docx
import pypdfium2
import pytest
import typst
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from consult import typesetting
from consult.reports.formats import FORMATS
from tests.reported import (
    HOSTILE,
    LETTERS,
    SITE,
    a_comment,
    a_report,
    a_row,
    missing,
    on_paper,
    pdf_words,
    sheets_of,
    squeezed,
    words_in,
)

CODES = sorted(FORMATS)


def written(code: str, *rows: object, lang: str = "ky") -> bytes:
    return FORMATS[code].write(on_paper(a_report(*rows), lang))  # type: ignore[arg-type]


@pytest.mark.parametrize("code", CODES)
def test_every_word_said_and_every_reason_stands_in_every_form(code: str) -> None:
    wordy = a_comment(1, quote="беш күн", proposed="алты күн", mandate="Окурмандар атынан")
    many = [a_comment(n, who=f"Адам {n}", region=f"Айыл {n}") for n in range(2, 40)]
    rows = [
        a_row(1, wordy, wid="art_2", before="Беш күн ачык.", after="Алты күн ачык."),
        a_row(2, *many[:5], issue="Иш күндөрү"),
        *(a_row(n, said) for n, said in enumerate(many[5:], start=3)),
    ]
    found = words_in(code, written(code, *rows))
    wanted = [words for row in rows for words in (row.answer.reason, row.answer.issue)]
    for said in (wordy, *many):
        wanted += [said.proposal, said.who, said.region, said.mandate, said.quote, said.proposed]
        wanted.append(said.receipt)
    wanted += [
        "Беш күн ачык.",
        "Алты күн ачык.",
        "Жаңы берене.",
        LETTERS and "Маданият министрлиги",
    ]
    wanted += ["Ченемдик актылар жөнүндө мыйзам, 22-берене", f"{SITE}/drafts/1/report/1"]
    assert missing(wanted, found) == []


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("words", HOSTILE)
def test_words_are_words_whatever_they_look_like(code: str, words: str) -> None:
    rows = (a_row(1, a_comment(1, proposal=words, who=words), reason=words), a_row(2, a_comment(2)))
    found = words_in(code, written(code, *rows))
    shown = words if "\u202e" not in words else "and"  # what runs to the left is read the other way
    assert missing([shown, "Пикир номер 2.", "Себеби 2: акча жок."], found) == []


@pytest.mark.parametrize("code", CODES)
def test_headings_outcomes_and_places_are_in_the_language_asked_for(code: str) -> None:
    found = words_in(code, written(code, a_row(1, a_comment()), lang="ru"))
    asked = ["Отчёт об общественном обсуждении", "О сельских библиотеках", "Статья 2", "Не принято"]
    assert missing([*asked, "Министерство культуры", "Пикир номер 1.", "Шесть дней."], found) == []
    assert "Кабыл алынган жок" not in found


@pytest.mark.parametrize("code", CODES)
def test_equal_reports_give_equal_files(code: str) -> None:
    assert written(code, a_row(1, a_comment())) == written(code, a_row(1, a_comment()))


@pytest.mark.parametrize("code", CODES)
def test_where_words_are_gone_a_mark_stands(code: str) -> None:
    hidden = a_comment(1, gone="hidden", who="", region="", proposal="")
    found = words_in(code, written(code, a_row(1, hidden), lang="en"))
    assert missing(["Hidden by a moderator.", "K-2026-000001", "Not accepted"], found) == []
    removed = a_comment(2, proposal="Call [personal data removed 7].", redacted=True)
    found = words_in(code, written(code, a_row(1, removed), lang="en"))
    assert missing(["Call [personal data removed]."], found) == []


@pytest.mark.parametrize("code", CODES)
def test_a_report_on_nothing_is_a_report(code: str) -> None:
    assert missing(["Айыл китепканалары жөнүндө"], words_in(code, written(code))) == []


def test_no_cell_is_a_formula_and_numbers_and_dates_are_what_they_are() -> None:
    rows = [a_row(n, a_comment(n, proposal=words)) for n, words in enumerate(HOSTILE, start=1)]
    content = written("xlsx", *rows, lang="en")
    with zipfile.ZipFile(BytesIO(content)) as file:
        sheets = [file.read(name).decode() for name in file.namelist() if "sheets/sheet" in name]
    assert len(sheets) == 3
    assert not any("<f>" in sheet or "hyperlink" in sheet for sheet in sheets)
    assert all("<pane " in sheet and "<autoFilter " in sheet for sheet in sheets)
    lines, figures, _ = sheets_of(content)
    assert [line[0] for line in lines[1:]] == [str(n) for n in range(1, len(HOSTILE) + 1)]
    in_bishkek = (date(2026, 9, 8) - date(1899, 12, 30)).days + 11 / 24
    assert float(lines[1][2]) == pytest.approx(in_bishkek)
    told = {line[0]: line[1] for line in figures if len(line) > 1}
    assert (told["Comments and replies"], told["Template answers"]) == ("1234", "0.25")


def test_what_is_too_long_for_a_cell_goes_on_below_and_nothing_is_lost_or_said_twice() -> None:
    words, reason = "а" * 32_766 + "б" * 40_000, "в" * 32_768
    rows = a_row(1, a_comment(1, proposal=words), reason=reason), a_row(2, a_comment(2))
    lines = sheets_of(written("xlsx", *rows))[0][1:]
    assert [line[0] for line in lines] == ["1", "1", "1", "2"]
    cells = [[cell for cell in line if cell[:40].strip("…абв") == ""] for line in lines[:3]]
    assert [len(cell) for line in cells for cell in line if cell][:2] == [32_767, 32_767]
    said = [cell for line in cells for cell in line if cell]
    for letters, whole in (("аб", words), ("в", reason)):
        parts = [cell for cell in said if cell.strip("…")[0] in letters]
        assert "".join(part.strip("…") for part in parts) == whole
        assert all(len(part) <= 32_767 for part in parts)
    receipts = [cell for line in lines for cell in line if cell.startswith("K-2026-")]
    assert len(receipts) == 2


def test_a_word_file_is_wide_headed_and_says_its_languages() -> None:
    content = written("docx", a_row(1, a_comment()), lang="ru")
    word = docx.Document(BytesIO(content))
    assert word.sections[0].orientation == WD_ORIENT.LANDSCAPE
    headings = [p.style.name for p in word.paragraphs if p.style and "eading" in p.style.name]
    assert headings == ["Heading 1", *["Heading 2"] * 4]
    for table in word.tables:
        assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")) is not None
    said = word.tables[-1].rows[1].cells[3].paragraphs[0]
    assert [lang.get(qn("w:val")) for lang in said._p.iter(qn("w:lang"))] == ["ky-KG"]
    with zipfile.ZipFile(BytesIO(content)) as file:
        assert b"PAGE" in b"".join(file.read(n) for n in file.namelist() if "footer" in n)


def test_paper_needs_no_fonts_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "_fonts", lambda: typst.Fonts(include_system_fonts=False))
    content = written("pdf", a_row(1, a_comment(proposal=LETTERS)))
    assert missing([LETTERS], pdf_words(content)) == []
    assert b"pdfuaid" in content


def test_letters_no_font_has_do_not_stop_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "_fonts", lambda: typst.Fonts(include_system_fonts=False))
    content = written("pdf", a_row(1, a_comment(proposal="Ооба 😀 \U00012000 макулмун.")))
    assert missing(["Ооба", "макулмун."], pdf_words(content)) == []
    assert b"pdfuaid" not in content


def test_an_endless_word_stays_in_its_column_and_is_copied_as_it_was_written() -> None:
    endless = a_comment(1, who="Ы" * 300, proposal="W" * 300, mandate="ж" * 60)
    content = written("pdf", a_row(1, endless, reason="https://example.org/" + "w" * 200))
    assert "\u200b" not in pdf_words(content)
    for page in pypdfium2.PdfDocument(content):
        words, width = page.get_textpage(), page.get_width()
        assert all(words.get_rect(n)[2] < width - 30 for n in range(words.count_rects()))
        boxes = [words.get_rect(n) for n in range(words.count_rects())]
        names = [box for box in boxes if "ЫЫЫ" in words.get_text_bounded(*box)]
        assert all(right - left < 80 for left, _, right, _ in names)  # points: 27 mm


def test_the_permanent_address_of_a_pdf_is_a_link_that_can_be_copied() -> None:
    content = written("pdf", a_row(1, a_comment()), lang="en")
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content)]
    address = f"{SITE}/drafts/1/report/1"
    assert all(address in words for words in pages)
    assert f"Permanent address: {address}" in pages[0]
    assert f"/URI({address})".encode() in content


def test_comments_and_replies_are_told_apart() -> None:
    first, *_ = on_paper(a_report(replies=34), "en").figures
    assert (first.value, first.note) == (1234, "Comments: 1,200 · Replies: 34")


def test_what_runs_to_the_left_stays_in_its_cell() -> None:
    turned = a_comment(1, proposal="\u202e\u202e\u2067 no end", who="\u202eadaziA")
    found = squeezed(pdf_words(written("pdf", a_row(1, turned, reason="Тартип менен."))))
    assert squeezed("Тартип менен.") in found


def test_a_long_report_has_its_head_on_every_page() -> None:
    content = written("pdf", *(a_row(n, a_comment(n)) for n in range(1, 120)), lang="ru")
    pages = pdf_words(content).count("Решение")
    assert pages > 3


def test_a_page_to_mail_needs_no_other_file() -> None:
    page = written("html", a_row(1, a_comment())).decode()
    assert "<link" not in page
    assert "src=" not in page
    assert 'href="/' not in page


def test_a_figure_that_was_not_kept_is_not_made_up() -> None:
    paper = on_paper(replace(a_report(), head=replace(a_report().head, distinct=None)), "en")
    assert "Distinct texts" not in [figure.label for figure in paper.figures]
