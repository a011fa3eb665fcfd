"""The comparative table at the desk: its rows one by one, or read from a Word file."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor, check_agency
from consult.errors import DomainError, Invalid, NotFound
from consult.forms import FieldError, Form, Posted
from consult.security import Allow, Db
from consult.web import go, language_of, platform_of, render
from drafts.comparative.actions import (
    add_row,
    change_row,
    copy_rows,
    delete_row,
    may_edit,
    move_row,
    replace_rows,
)
from drafts.comparative.forms import RowForm, TableFile, WholeTable
from drafts.comparative.linking import suggest
from drafts.comparative.models import ComparativeRow
from drafts.comparative.queries import counts, row_in, rows_of, words_of
from drafts.comparative.reading import Found, read_table
from drafts.comparative.rows import CELL_MAX, Words, from_json, stamp_of, to_json
from drafts.models import Draft, DraftVersion
from drafts.queries import draft_for, load_tree, place_names, provisions, versions

router = APIRouter()

Preparer = Annotated[Actor, Depends(Allow("prepare"))]
Lang = Annotated[str, Query(max_length=2)]
BASE = "/desk/drafts/{draft_id}/comparative-table"


@dataclass(frozen=True, slots=True)
class Bench:
    """The table one works at: that of the newest version, in one language."""

    actor: Actor
    draft: Draft
    every: Sequence[DraftVersion]
    lang: str

    @property
    def version(self) -> DraftVersion:
        return self.every[-1]

    @property
    def url(self) -> str:
        return BASE.format(draft_id=self.draft.id)

    @property
    def editable(self) -> bool:
        return may_edit(self.actor, self.draft, self.version)

    @property
    def asked(self) -> dict[str, Any]:
        """What every action is told."""
        return {"actor": self.actor, "draft": self.draft, "version": self.version}


def _bench(request: Request, session: Session, actor: Actor, draft_id: int, lang: str) -> Bench:
    """Raises NotFound, NotAllowed for what is not this person's to prepare."""
    draft = draft_for(session, draft_id, actor)
    check_agency(actor, "prepare", draft.agency_id)
    every = versions(session, draft_id)
    if not every:
        raise NotFound("This draft has no text yet.")
    langs = every[-1].langs
    wished = (lang, language_of(request), langs[0])
    return Bench(actor, draft, every, next(code for code in wished if code in langs))


@router.get(BASE)
def table(
    request: Request, session: Db, actor: Preparer, draft_id: int, lang: Lang = ""
) -> Response:
    """The rows there are, with what can be done with them."""
    bench = _bench(request, session, actor, draft_id, lang)
    return _table_page(request, session, bench, Form[TableFile]())


def _table_page(
    request: Request, session: Session, bench: Bench, form: Form[TableFile], status: int = 200
) -> Response:
    rows = rows_of(session, bench.version.id or 0, bench.lang)
    earlier = counts(session, [version.id or 0 for version in bench.every[:-1]])
    sources = [v for v in bench.every[:-1] if (v.id or 0, bench.lang) in earlier]
    return render(
        request,
        "comparative/desk.html",
        status=status,
        bench=bench,
        rows=[(row, words_of(row)) for row in rows],
        names=_names(session, bench),
        sources=[] if rows else sources,
        form=form,
    )


def _names(session: Session, bench: Bench) -> dict[str, str]:
    """What the provisions of the text are called, by wid."""
    return place_names(provisions(session, bench.version.id or 0, bench.lang))


@router.get(f"{BASE}/rows/new")
def new_row(
    request: Request,
    session: Db,
    actor: Preparer,
    draft_id: int,
    lang: Lang = "",
    after: int | None = None,
) -> Response:
    """The form for another row, at the end or behind one there is."""
    bench = _bench(request, session, actor, draft_id, lang)
    form = Form[RowForm]({"after": after} if after is not None else None)
    return _row_page(request, session, bench, None, form)


def _row_page(
    request: Request,
    session: Session,
    bench: Bench,
    row: ComparativeRow | None,
    form: Form[RowForm],
) -> Response:
    return render(
        request,
        "comparative/row.html",
        status=form.status,
        bench=bench,
        row=row,
        words=words_of(row) if row else Words(),
        names=_names(session, bench),
        form=form,
        limit=CELL_MAX,
    )


@router.post(f"{BASE}/rows")
def add(
    request: Request,
    session: Db,
    actor: Preparer,
    posted: Posted,
    draft_id: int,
    lang: Lang = "",
) -> Response:
    """Put a row into the table."""
    bench = _bench(request, session, actor, draft_id, lang)
    form = Form[RowForm](posted).check(RowForm)
    row_id: int | None = None
    if form.ok:
        with form.attempt(session):
            typed = form.value
            row = add_row(
                session,
                **bench.asked,
                lang=bench.lang,
                words=typed.words,
                after=typed.after or None,
            )
            row_id = row.id
    if not form.ok:
        return _row_page(request, session, bench, None, form)
    return go(f"{bench.url}?lang={bench.lang}#row-{row_id}", "The row is in the table.")


@router.get(f"{BASE}/rows/{{row_id}}")
def one_row(request: Request, session: Db, actor: Preparer, draft_id: int, row_id: int) -> Response:
    """The form for what a row says."""
    bench, row = _row(request, session, actor, draft_id, row_id)
    return _row_page(request, session, bench, row, Form[RowForm]())


def _row(
    request: Request, session: Session, actor: Actor, draft_id: int, row_id: int
) -> tuple[Bench, ComparativeRow]:
    bench = _bench(request, session, actor, draft_id, "")
    row = row_in(session, row_id, bench.version.id or 0)
    return replace(bench, lang=row.lang), row


@router.post(f"{BASE}/rows/{{row_id}}")
def change(
    request: Request, session: Db, actor: Preparer, posted: Posted, draft_id: int, row_id: int
) -> Response:
    """Say something else in a row; if somebody else did meanwhile, both are shown."""
    bench, row = _row(request, session, actor, draft_id, row_id)
    form = Form[RowForm](posted).check(RowForm)
    if form.ok:
        with form.attempt(session):
            typed = form.value
            change_row(session, **bench.asked, row=row, words=typed.words, seen=typed.seen)
    if not form.ok:
        return _row_page(request, session, bench, row, form)
    return go(f"{bench.url}?lang={bench.lang}#row-{row_id}", "The row was changed.")


@router.post(f"{BASE}/rows/{{row_id}}/delete")
def delete(
    request: Request, session: Db, actor: Preparer, posted: Posted, draft_id: int, row_id: int
) -> Response:
    """Take a row out of the table."""
    bench, row = _row(request, session, actor, draft_id, row_id)
    delete_row(session, **bench.asked, row=row, seen=str(posted.get("seen", "")))
    return go(f"{bench.url}?lang={bench.lang}", "The row was deleted.")


@router.post(f"{BASE}/rows/{{row_id}}/move")
def move(
    request: Request, session: Db, actor: Preparer, posted: Posted, draft_id: int, row_id: int
) -> Response:
    """Let a row change places with its neighbour."""
    bench, row = _row(request, session, actor, draft_id, row_id)
    if posted.get("way") not in ("up", "down"):
        raise Invalid("This was not understood.")
    move_row(session, **bench.asked, row=row, up=posted["way"] == "up")
    return go(f"{bench.url}?lang={bench.lang}#row-{row_id}")


@router.post(f"{BASE}/import")
def read_file(
    request: Request, actor: Preparer, posted: Posted, draft_id: int, lang: Lang = ""
) -> Response:
    """Show what a file holds; nothing is changed yet.

    So it only reads, in spite of being posted: reading a file and finding the provisions its rows
    are about takes a while, and a writing transaction would keep everybody else waiting meanwhile.
    """
    form = Form[TableFile](posted).check(TableFile)
    found = _read(form)
    with platform_of(request).database.reading() as session:
        bench = _bench(request, session, actor, draft_id, lang)
        if found is None:
            return _table_page(request, session, bench, form, 422)
        wids = suggest(found.rows, load_tree(session, bench.version.id or 0, bench.lang))
        rows = [replace(row, wid=wid) for row, wid in zip(found.rows, wids, strict=True)]
        old = rows_of(session, bench.version.id or 0, bench.lang)
        return render(
            request,
            "comparative/preview.html",
            bench=bench,
            rows=rows,
            columns=found.columns,
            names=_names(session, bench),
            old=len(old),
            told=to_json(rows),
            seen=stamp_of([words_of(row) for row in old]),
        )


def _read(form: Form[TableFile]) -> Found | None:
    """What is in the file; errors go into the form."""
    if not form.ok:
        return None
    try:
        upload = form.value.file
        if not upload.filename:
            raise Invalid("Please choose a file.", field="file")
        return read_table(upload.file.read(), upload.filename)
    except DomainError as refusal:
        form.errors.append(FieldError("file", refusal.message, refusal.params))
        return None


@router.post(f"{BASE}/replace")
def replace_all(
    request: Request,
    session: Db,
    actor: Preparer,
    posted: Posted,
    draft_id: int,
    lang: Lang = "",
) -> Response:
    """Put the rows of a preview in place of those there are."""
    bench = _bench(request, session, actor, draft_id, lang)
    form = Form[WholeTable](posted).check(WholeTable)
    if not form.ok:
        raise Invalid("This was not understood.")
    rows = from_json(form.value.rows)
    replace_rows(session, **bench.asked, lang=bench.lang, rows=rows, seen=form.value.seen)
    return go(f"{bench.url}?lang={bench.lang}", "The table was taken over.")


@router.post(f"{BASE}/copy")
def copy(
    request: Request,
    session: Db,
    actor: Preparer,
    posted: Posted,
    draft_id: int,
    lang: Lang = "",
) -> Response:
    """Begin with the table of an earlier version."""
    bench = _bench(request, session, actor, draft_id, lang)
    source = next((v for v in bench.every[:-1] if str(v.n) == posted.get("n")), None)
    if source is None:
        raise NotFound("There is no such version of this draft.")
    copy_rows(session, **bench.asked, source=source, lang=bench.lang)
    return go(f"{bench.url}?lang={bench.lang}", "The table was taken over.")
