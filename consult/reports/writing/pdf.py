"""A report as PDF, set by Typst: for paper, tagged for whoever has it read aloud (PDF/UA-1).

The sheet is report.typ; words come to it as data and are never read as markup.
The fonts that Typst brings along have all letters of Kyrgyz and Kazakh; for other scripts those
of the machine are asked.
"""

import json
from dataclasses import asdict
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

import typst

from consult.reports.wording import Paper
from drafts.exporting.docx.words import printable

SHEET = Path(__file__).with_name("report.typ")
RUNNING = 110  # characters of a title that fit on a line above the text


def write(paper: Paper) -> bytes:
    """The file; equal papers give equal bytes."""
    words = json.dumps(_data(paper), ensure_ascii=False)
    at = int(paper.published_at.timestamp())
    try:
        return _set(words, at, "ua-1")
    except typst.TypstError as error:
        # PDF/UA asks for a picture of every letter. Where no font has one the file is as readable
        # as it can be, tagged as before, and does not say that it fulfils the standard.
        if "could not be displayed" not in error.message:
            raise
        return _set(words, at, None)


def _set(words: str, at: int, standard: Literal["ua-1"] | None) -> bytes:
    return typst.compile(
        SHEET,
        root=SHEET.parent,
        font_paths=_fonts(),
        sys_inputs={"paper": words},
        format="pdf",
        pdf_standards=standard,
        timestamp=at,
    )


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=True)


def _data(paper: Paper) -> object:
    """The paper as the sheet reads it: numbers as words, no letter that cannot be set."""
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
    return _settable(plain)


def _settable(value: object) -> object:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _settable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_settable(each) for each in value]
    return None if isinstance(value, datetime) else value
