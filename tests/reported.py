"""Reports made up for tests of how they are read and written; and files read back."""

import zipfile
from collections.abc import Iterable
from dataclasses import replace
from io import BytesIO

import docx
import pypdfium2
from lxml import etree, html

from consult.procedure.packs import load_pack
from consult.reports.snapshot import (
    Answer,
    Campaign,
    Change,
    Head,
    Residue,
    Row,
    Said,
    Snapshot,
)
from consult.reports.wording import Paper, paper_of

SITE = "https://kenesh.example"
SHEETS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
UNSEEN = "\u00ad\u200b\u202c\u202e\u2066\u2067\u2069"
LETTERS = "Ә Ғ Қ Ң Ө Ұ Ү Һ І Ё ә ғ қ ң ө ұ ү һ і ё"
HOSTILE = (
    '#set page(width: 1pt) #read("/etc/passwd") $x^2$ \\ *b* _i_ `c` ```raw``` <label> @ref',
    "= Heading\n- a list\n+ numbered\n/ term: it // a comment /* another */ ~ -- ... [ ] { } ( )",
    '=HYPERLINK("http://evil.example","click")',
    "<script>alert(1)</script> &amp; {{ 7 * 7 }} {% raw %}",
    "\u202eright to left\u202c and \u2066isolated\u2069 back",
    "https://evil.example/" + "a" * 200,
)


def a_comment(number: int = 1, **more: object) -> Said:
    """A comment of a report."""
    plain = Said(
        comment_id=number,
        receipt=f"K-2026-{number:06}",
        wid="art_2",
        places={"ky": "2-берене", "ru": "Статья 2"},
        quote="",
        who="Айзада",
        who_kind="name",
        is_organisation=False,
        region="Нарын",
        lang="ky",
        kind="substantive",
        stance="oppose",
        proposal=f"Пикир номер {number}.",
        proposed="",
        said_at="2026-09-08T05:00:00+00:00",
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def a_row(number: int, *said: Said, **more: object) -> Row:
    """An answer with its comments."""
    answer = Answer(
        issue="",
        outcome="rejected",
        reason=f"Себеби {number}: акча жок.",
        lang="ky",
        wid="",
        places={},
        before="",
        after="",
        comments=len(said),
    )
    return Row(number, replace(answer, **more), said)  # type: ignore[arg-type]


HEAD = Head(
    schema=2,
    draft_id=1,
    titles={"ky": "Айыл китепканалары жөнүндө", "ru": "О сельских библиотеках"},
    agency={"ky": "Маданият министрлиги", "ru": "Министерство культуры"},
    act_type="law",
    version=1,
    newest=2,
    round=1,
    rounds=2,
    opens_at="2026-09-07T04:00:00+00:00",
    closes_at="2026-10-07T18:00:00+00:00",
    published_at="2026-11-01T05:00:00+00:00",
    people=12,
    organisations=3,
    comments=1234,
    distinct=1200,
    channels={"web": 1230, "paper": 4},
    outcomes={"rejected": 1000, "accepted": 234},
    term={
        "amount": 1,
        "unit": "month",
        "citation": "Ченемдик актылар жөнүндө мыйзам, 22-берене",
        "citation_lang": "ky",
        "earliest": "2026-10-07",
        "exception": "",
    },
    answers=40,
    template=10,
    changes_n=2,
    unexplained=1,
    promised=3,
    kept=1,
    campaigns_n=1,
)


def a_report(*rows: Row, **more: object) -> Snapshot:
    """A report with these rows, two changed provisions and a campaign."""
    changes = (
        Change(
            "art_2",
            "edited",
            {"ky": "2-берене", "ru": "Статья 2"},
            {"ky": ("Беш күн ачык.", "Алты күн ачык."), "ru": ("Пять дней.", "Шесть дней.")},
            (1,),
        ),
        Change("art_9", "added", {"ky": "9-берене"}, {"ky": ("", "Жаңы берене.")}, ()),
    )
    residue = Residue(2, "ky", "Менин балам ошол жерде окуйт.")
    campaign = Campaign(1, "ky", "Китепкананы жаппагыла!", 12, 4, 1, (residue,))
    return Snapshot(replace(HEAD, **more), rows, changes, (campaign,))  # type: ignore[arg-type]


def on_paper(snapshot: Snapshot, lang: str = "ky") -> Paper:
    """The report in words, by the rules of Kyrgyzstan."""
    return paper_of(snapshot, lang, pack=load_pack("kg"), site=SITE)


def words_in(code: str, content: bytes) -> str:
    """All words of a file, as a program finds them."""
    return {"docx": _docx, "xlsx": _xlsx, "pdf": pdf_words, "html": _html}[code](content)


def _docx(content: bytes) -> str:
    word = docx.Document(BytesIO(content))
    lines = [paragraph.text for paragraph in word.paragraphs]
    cells = (cell.text for table in word.tables for row in table.rows for cell in row.cells)
    return "\n".join([*lines, *cells])


def sheets_of(content: bytes) -> list[list[list[str]]]:
    """The sheets of a spreadsheet: their lines, their cells as they are written."""
    with zipfile.ZipFile(BytesIO(content)) as file:
        shared = etree.fromstring(file.read("xl/sharedStrings.xml"))
        words = ["".join(each.itertext()) for each in shared]
        names = sorted(name for name in file.namelist() if "worksheets/sheet" in name)
        return [_sheet(etree.fromstring(file.read(name)), words) for name in names]


def _sheet(sheet: etree._Element, words: list[str]) -> list[list[str]]:
    return [
        [_cell(cell, words) for cell in line.iter(f"{SHEETS}c")]
        for line in sheet.iter(f"{SHEETS}row")
    ]


def _cell(cell: etree._Element, words: list[str]) -> str:
    value = cell.findtext(f"{SHEETS}v") or ""
    return words[int(value)] if cell.get("t") == "s" else value


def _xlsx(content: bytes) -> str:
    return "\n".join(cell for sheet in sheets_of(content) for line in sheet for cell in line)


def pdf_words(content: bytes) -> str:
    """The words of all pages."""
    file = pypdfium2.PdfDocument(content)
    try:
        return "\n".join(_page(page) for page in file)
    finally:
        file.close()


def _page(page: pypdfium2.PdfPage) -> str:
    words = page.get_textpage()
    try:
        return str(words.get_text_bounded())
    finally:
        words.close()
        page.close()


def _html(content: bytes) -> str:
    return str(html.fromstring(content.decode()).text_content())


def squeezed(text: str) -> str:
    """A text without white space, and without what only says where to break or which way to run."""
    return "".join(
        c for c in text if not c.isspace() and c not in "\u200b\u202c\u202e\u2066\u2069\u00ad"
    )


def stands_in(words: str, text: str) -> bool:
    """Whether the words stand in the text, whatever the white space."""
    return squeezed(words) in squeezed(text)


def missing(wanted: Iterable[str], text: str) -> list[str]:
    """The words that do not stand in the text."""
    return [words for words in wanted if not stands_in(words, text)]
