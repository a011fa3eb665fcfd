"""What an officer does with the comparative table of a version: rows one by one, or all at once."""

from collections.abc import Sequence
from dataclasses import asdict, replace

from sqlalchemy import delete, insert, update
from sqlmodel import Session, col

from consult.access import Actor, check_agency
from consult.errors import N_, Conflict, Invalid, NotFound
from consult.procedure.stages import Stage, Verb, allows, check_allowed
from drafts.comparative.models import ComparativeRow
from drafts.comparative.queries import rows_of, words_of
from drafts.comparative.rows import ROWS_MAX, Words, check_table, check_words, stamp_of
from drafts.models import Draft, DraftVersion
from drafts.queries import text_hashes

CHANGED = N_("Somebody has changed this meanwhile. What you typed is still here: compare the two.")


def may_edit(actor: Actor, draft: Draft, version: DraftVersion) -> bool:
    """Whether this person may change the table: their agency's, and not settled yet."""
    open_still = version.published_at is None or allows(Stage(draft.stage), Verb.EDIT_TEXT)
    return actor.may_for("prepare", draft.agency_id) and open_still


def add_row(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    version: DraftVersion,
    lang: str,
    words: Words,
    after: int | None = None,
) -> ComparativeRow:
    """Put a row behind row `after`, else at the end. Raises NotAllowed, Invalid, NotFound."""
    _open(session, actor, draft, version, lang)
    _check(session, version, lang, words)
    rows = rows_of(session, version.id or 0, lang)
    if len(rows) >= ROWS_MAX:
        raise Invalid("The table is full: it has {rows} rows.", rows=ROWS_MAX)
    position = rows[-1].position + 1 if rows else 0
    if after is not None:
        before = next((row for row in rows if row.id == after), None)
        if before is None:
            raise NotFound("There is no such row in this table.")
        position = before.position + 1
        _make_room(session, version, lang, position)
    row = ComparativeRow(version_id=version.id or 0, lang=lang, position=position)
    _say(row, words)
    session.add(row)
    session.flush()
    return row


def change_row(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    version: DraftVersion,
    row: ComparativeRow,
    words: Words,
    seen: str,
) -> None:
    """Say something else; `seen` is the stamp of what it said before (Conflict if no more)."""
    _open(session, actor, draft, version, row.lang)
    _unchanged(session, version, row, seen)
    _check(session, version, row.lang, words)
    _say(row, words)
    session.add(row)
    session.flush()


def delete_row(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    version: DraftVersion,
    row: ComparativeRow,
    seen: str,
) -> None:
    """Take a row away, unless it was changed since it was seen (Conflict)."""
    _open(session, actor, draft, version, row.lang)
    _unchanged(session, version, row, seen)
    session.delete(row)
    session.flush()


def move_row(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    version: DraftVersion,
    row: ComparativeRow,
    up: bool,
) -> None:
    """Let a row change places with the one above or below it; at the end it stays."""
    _open(session, actor, draft, version, row.lang)
    rows = rows_of(session, version.id or 0, row.lang)
    at = next((i for i, each in enumerate(rows) if each.id == row.id), None)
    if at is None:
        raise NotFound("There is no such row in this table.")
    other = at - 1 if up else at + 1
    if 0 <= other < len(rows):
        places = rows[at].position, rows[other].position
        rows[at].position = -1  # of two rows none may have the same place, not for a moment
        session.flush()
        rows[other].position = places[0]
        session.flush()
        rows[at].position = places[1]
        session.flush()


def replace_rows(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    version: DraftVersion,
    lang: str,
    rows: Sequence[Words],
    seen: str,
) -> None:
    """Put these rows in place of all there are, unless those were changed since (Conflict)."""
    _open(session, actor, draft, version, lang)
    old = [words_of(row) for row in rows_of(session, version.id or 0, lang)]
    if stamp_of(old) != seen:
        raise Conflict("The table was changed meanwhile. Look at it, and read the file again.")
    check_table(rows)
    _check_links(session, version, lang, rows)
    session.execute(
        delete(ComparativeRow).where(
            col(ComparativeRow.version_id) == version.id, col(ComparativeRow.lang) == lang
        )
    )
    _insert(session, version, lang, rows)


def copy_rows(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    version: DraftVersion,
    source: DraftVersion,
    lang: str,
) -> int:
    """Begin with the table of an earlier version, where this one has none; how many rows.

    A link to a provision that is gone is left out. Raises Conflict where there is a table already.
    """
    _open(session, actor, draft, version, lang)
    if rows_of(session, version.id or 0, lang):
        raise Conflict("This version has a comparative table already.")
    rows = [words_of(row) for row in rows_of(session, source.id or 0, lang)]
    there = _wids(session, version, lang)
    _insert(
        session,
        version,
        lang,
        [row if row.wid in there else replace(row, wid="") for row in rows],
    )
    return len(rows)


def _open(session: Session, actor: Actor, draft: Draft, version: DraftVersion, lang: str) -> None:
    """Raise NotAllowed, NotFound unless the table may be edited.

    Until this transaction ends nobody else edits it, and nobody makes the version public.
    """
    check_agency(actor, "prepare", draft.agency_id)
    session.flush()  # reading anew forgets what is not written yet
    session.refresh(version, with_for_update={"key_share": True})
    session.refresh(draft)
    if version.published_at is not None:
        check_allowed(Stage(draft.stage), Verb.EDIT_TEXT)
    if version.draft_id != draft.id or lang not in version.langs:
        raise NotFound("This version has no text in that language.")


def _unchanged(session: Session, version: DraftVersion, row: ComparativeRow, seen: str) -> None:
    fresh = session.get(ComparativeRow, row.id, populate_existing=True)
    if fresh is None or fresh.version_id != version.id:
        raise NotFound("There is no such row in this table.")
    if words_of(fresh).stamp != seen:
        raise Conflict(CHANGED)


def _check(session: Session, version: DraftVersion, lang: str, words: Words) -> None:
    check_words(words)
    _check_links(session, version, lang, [words])


def _check_links(session: Session, version: DraftVersion, lang: str, rows: Sequence[Words]) -> None:
    linked = {row.wid for row in rows if row.wid}
    if linked and linked - _wids(session, version, lang):
        raise Invalid("There is no such provision in this text.", field="wid")


def _wids(session: Session, version: DraftVersion, lang: str) -> set[str]:
    return {wid for wid, _ in text_hashes(session, version.id or 0, [lang])}


def _make_room(session: Session, version: DraftVersion, lang: str, position: int) -> None:
    """Move all rows from this place on by one: by way of negative places, which nobody has."""
    place = col(ComparativeRow.position)
    mine = (col(ComparativeRow.version_id) == version.id, col(ComparativeRow.lang) == lang)
    away = update(ComparativeRow).where(*mine, place >= position).values(position=-place - 2)
    session.execute(away, execution_options={"synchronize_session": False})
    back = update(ComparativeRow).where(*mine, place < 0).values(position=-place - 1)
    session.execute(back, execution_options={"synchronize_session": False})
    session.expire_all()


def _insert(session: Session, version: DraftVersion, lang: str, rows: Sequence[Words]) -> None:
    place = {"version_id": version.id, "lang": lang}
    told = [place | {"position": at} | asdict(words) for at, words in enumerate(rows)]
    if told:
        session.execute(insert(ComparativeRow), told)


def _say(row: ComparativeRow, words: Words) -> None:
    for name, said in asdict(words).items():
        setattr(row, name, said)
