"""The forms in which a report can be taken away, and the files made and kept of it.

What is for people is in a language; what is for programs (data.py) is in none.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session, col

from consult.comments.models import Comment
from consult.comments.queries import names_told
from consult.db import text_in
from consult.errors import N_
from consult.kept import KEPT, digest_of
from consult.platform import Platform
from consult.reports.data import as_csv, as_json
from consult.reports.models import Report
from consult.reports.queries import changed_since, head_of, snapshot_of
from consult.reports.snapshot import Snapshot
from consult.reports.wording import Paper, paper_of
from consult.reports.writing import docx, html, pdf, xlsx

OFFICE = "application/vnd.openxmlformats-officedocument"
WRITERS = (
    "consult/i18n/*.po",
    "consult/reports/**/*.py",
    "consult/typesetting.py",
    "drafts/exporting/docx/*.py",
    "static/css/mailed.css",
    "templates/components/status.html",
    "consult/reports/writing/*.typ",
    "templates/reports/mail/*.html",
)
CODE = digest_of(WRITERS)


@dataclass(frozen=True, slots=True)
class Format:
    """One of them: what it is called after the language in an address, and for who chooses."""

    code: str
    media_type: str
    said: str
    write: Callable[[Paper], bytes]


@dataclass(frozen=True, slots=True)
class Data:
    """A form for programs, in no language."""

    code: str
    media_type: str
    write: Callable[[Snapshot], bytes]


FORMATS = {
    each.code: each
    for each in (
        Format("docx", f"{OFFICE}.wordprocessingml.document", N_("Word (DOCX)"), docx.write),
        Format("xlsx", f"{OFFICE}.spreadsheetml.sheet", N_("Spreadsheet (XLSX)"), xlsx.write),
        Format("pdf", "application/pdf", N_("For printing (PDF)"), pdf.write),
        Format("html", "text/html", N_("One page to send by mail (HTML)"), html.write),
    )
}
DATA = {
    each.code: each
    for each in (
        Data("json", "application/json", as_json),
        Data("csv", "text/csv", as_csv),
    )
}


@dataclass(frozen=True, slots=True)
class Edition:
    """A report in a language and a form. `content` is None while the file is not made."""

    form: Format | Data
    title: str
    stamp: str
    content: bytes | None


def written(
    session: Session, report: Report, form: Format | Data, lang: str, platform: Platform
) -> bytes:
    """The file; the database is let go of before the work begins. `lang` is of the interface."""
    snapshot = snapshot_of(session, report)
    session.close()
    if isinstance(form, Data):
        return form.write(snapshot)
    site = platform.settings.base_url.rstrip("/")
    return form.write(paper_of(snapshot, lang, pack=platform.pack, site=site))


def edition_of(
    session: Session,
    report: Report,
    form: Format | Data,
    lang: str,
    platform: Platform,
    *,
    make: bool,
) -> Edition:
    """The file as far as it is kept, or made and kept."""
    title = text_in(dict(head_of(report).titles), lang)[0]
    stamp = stamp_of(session, report, form, lang, platform)
    content = KEPT.get((platform.database, stamp))
    if content is None and make:
        content = written(session, report, form, lang, platform)
        KEPT.put((platform.database, stamp), content)
    return Edition(form, title, stamp, content)


def stamp_of(
    session: Session, report: Report, form: Format | Data, lang: str, platform: Platform
) -> str:
    """32 digits that change when the file would: with whatever may no longer be shown, too.

    And with how the public sees those who took part.
    """
    since = changed_since(session, report.consultation_id)
    told = [
        *(CODE, form.code, lang, platform.settings.base_url, platform.pack.country),
        *(platform.pack.timezone, report.id, report.published_at.timestamp()),
        sorted((id_, one.gone, *one.words.values()) for id_, one in since.items()),
        names_told(session, col(Comment.consultation_id) == report.consultation_id),
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]
