"""A report as PDF, for paper. The sheet is report.typ."""

from dataclasses import asdict
from pathlib import Path

from consult.reports.wording import Paper
from consult.typesetting import pdf_of

SHEET = Path(__file__).with_name("report.typ")
RUNNING = 110  # characters of a title that fit on a line above the text


def write(paper: Paper) -> bytes:
    """The file; equal papers give equal bytes."""
    return pdf_of(SHEET, _data(paper), paper.published_at)


def _data(paper: Paper) -> object:
    """The paper as the sheet reads it: numbers as words."""
    short = " ".join(paper.title.text.split())
    short = short if len(short) <= RUNNING else short[: RUNNING - 1].rstrip() + "…"
    figures = [
        {"label": figure.label, "value": figure.written, "note": figure.note}
        for figure in paper.figures
    ]
    plain = asdict(paper) | {"figures": figures, "short": short}
    for row, shown in zip(plain["rows"], paper.rows, strict=True):
        for comment, told in zip(row["comments"], shown.comments, strict=True):
            comment["who"] = told.who
    return plain
