"""Setting words on paper: a PDF from a Typst sheet and data. What is said stands in the features.

The words come to the sheet as data (JSON) and are never read as markup. The fonts that Typst brings
along have all letters of Kyrgyz and Kazakh; for other scripts those of the machine are asked.
"""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

import typst

from drafts.exporting.docx.words import printable


def pdf_of(sheet: Path, paper: object, made_at: datetime) -> bytes:
    """The file, tagged for whoever has it read aloud (PDF/UA-1); equal data give equal bytes."""
    words = json.dumps(_settable(paper), ensure_ascii=False)
    at = int(made_at.timestamp())
    try:
        return _set(sheet, words, at, "ua-1")
    except typst.TypstError as error:
        # PDF/UA asks for a picture of every letter. Where no font has one the file is as readable
        # as it can be, tagged as before, and does not say that it fulfils the standard.
        if "could not be displayed" not in error.message:
            raise
        return _set(sheet, words, at, None)


def _set(sheet: Path, words: str, at: int, standard: Literal["ua-1"] | None) -> bytes:
    return typst.compile(
        sheet,
        root=sheet.parent,
        font_paths=_fonts(),
        sys_inputs={"paper": words},
        format="pdf",
        pdf_standards=standard,
        timestamp=at,
    )


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=True)


def _settable(value: object) -> object:
    """Data as a sheet reads it: no letter that cannot be set, no instants."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _settable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_settable(each) for each in value]
    return None if isinstance(value, datetime) else value
