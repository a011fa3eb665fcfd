"""The forms in which a version can be taken away, each with its ending, type and writer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sqlmodel import Session

from consult.errors import N_, NotFound
from consult.exports.queries import Edition, document_of, remarks_on
from consult.platform import Platform
from drafts.comparative import writing
from drafts.comparative.queries import rows_of, words_of
from drafts.exporting import annotations
from drafts.exporting.akn import writing as akn
from drafts.exporting.docx import writing as docx

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
JSON_LD = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'


@dataclass(frozen=True, slots=True)
class Format:
    """One of them; `ending` follows the language in an address: "ru-comments.docx".

    `said` and `hint` are sentences for the person who chooses. Without what it `needs`, the file
    would be empty and is not offered.
    """

    code: str
    ending: str
    media_type: str
    said: str
    hint: str
    write: Callable[[Session, Edition, Platform], bytes]
    needs: Literal["", "remarks", "table"] = ""


def _docx(session: Session, edition: Edition, platform: Platform) -> bytes:
    return docx.write(document_of(session, edition, platform))


def _commented(session: Session, edition: Edition, platform: Platform) -> bytes:
    document = document_of(session, edition, platform)
    return docx.write(document, remarks_on(session, edition, platform))


def _table(session: Session, edition: Edition, platform: Platform) -> bytes:
    rows = rows_of(session, edition.version.id or 0, edition.lang)
    if not rows:
        raise NotFound("This version has no comparative table in that language.")
    return writing.write(document_of(session, edition, platform), list(map(words_of, rows)))


def _akn(session: Session, edition: Edition, platform: Platform) -> bytes:
    return akn.write(document_of(session, edition, platform))


def _annotations(session: Session, edition: Edition, platform: Platform) -> bytes:
    document = document_of(session, edition, platform)
    return annotations.write(document, remarks_on(session, edition, platform))


FORMATS = {
    each.code: each
    for each in (
        Format(
            code="docx",
            ending=".docx",
            media_type=WORD,
            said=N_("The text as a Word file"),
            hint=N_("To read, print and edit."),
            write=_docx,
        ),
        Format(
            code="docx-comments",
            ending="-comments.docx",
            media_type=WORD,
            said=N_("The text as a Word file with the comments in its margin"),
            hint=N_("Each comment on its words, with its author and the answer."),
            write=_commented,
            needs="remarks",
        ),
        Format(
            code="comparative-table",
            ending="-comparative-table.docx",
            media_type=WORD,
            said=N_("The comparative table as a Word file"),
            hint=N_("The wording in force beside the proposed one, with the reasons."),
            write=_table,
            needs="table",
        ),
        Format(
            code="akn",
            ending=".akn.xml",
            media_type="application/akn+xml",
            said=N_("The text as Akoma Ntoso (XML)"),
            hint=N_("For programs that work with laws."),
            write=_akn,
        ),
        Format(
            code="annotations",
            ending=".jsonld",
            media_type=JSON_LD,
            said=N_("The comments as Web Annotations (JSON-LD)"),
            hint=N_("For programs that work with discussions."),
            write=_annotations,
            needs="remarks",
        ),
    )
}
