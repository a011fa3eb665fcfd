"""What of entries can be shown to whom: receipts and proofs, as pages and verify.py take them."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_
from sqlmodel import Session, col, select

from consult.comments.models import Comment
from consult.comments.queries import revisions_of
from consult.comments.rules import body_hash
from consult.errors import NotFound
from consult.record.kinds import KINDS, group_salt, hidden_hash
from consult.record.models import RecordEntry, RecordHead, RecordSalt
from consult.record.numbers import asked_for
from consult.record.queries import inclusions, root_of
from consult.record.sources import snapshots

Hidden = dict[str, dict[str, Any]]  # group: its columns
Opened = dict[str, dict[str, Any]]  # group: {"salt": …, "value": …}


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry with what it says; `opened` is what this reader may compare its hashes with."""

    entry: RecordEntry
    said: dict[str, Any]
    opened: Opened

    @property
    def proof(self) -> dict[str, Any]:
        """As verify.py takes it, but for the path."""
        number, payload = self.entry.number, self.entry.payload
        return {"number": number, "payload": payload, "opened": self.opened}


def entry_view(session: Session, number: int, reader: int | None) -> EntryView:
    """One entry; raises NotFound."""
    entry = session.get(RecordEntry, number)
    if entry is None:
        raise NotFound("The record has no such entry.")
    return _views(session, [entry], reader)[0]


def entries_of_comment(session: Session, comment: Comment, reader: int | None) -> list[EntryView]:
    """What the record says of a comment and of its earlier wordings, the first first."""
    wordings = [revision.id for revision in revisions_of(session, comment.id or 0)]
    entry = RecordEntry
    query = select(entry).where(
        or_(
            (col(entry.kind) == "comment") & (col(entry.row_id) == comment.id),
            (col(entry.kind) == "wording") & col(entry.row_id).in_(wordings),
        )
    )
    return _views(session, session.exec(query.order_by(col(entry.number))).all(), reader)


def newest_entries(session: Session, before: int | None, limit: int) -> list[EntryView]:
    """Entries, the newest first, without their words."""
    query = select(RecordEntry).order_by(col(RecordEntry.number).desc()).limit(limit)
    if before is not None:
        query = query.where(col(RecordEntry.number) < before)
    return [EntryView(entry, json.loads(entry.payload), {}) for entry in session.exec(query).all()]


def entries_from(session: Session, number: int, limit: int) -> Sequence[RecordEntry]:
    """Entries in their order, from one on: the whole record can be taken away by them."""
    query = select(RecordEntry).where(col(RecordEntry.number) >= number)
    return session.exec(query.order_by(col(RecordEntry.number)).limit(limit)).all()


def proof(
    session: Session, views: Sequence[EntryView], head: RecordHead | None, size: int | None = None
) -> dict[str, Any]:
    """Entries with their audit paths to a head (the newest unless a `size` is named), for
    verify.py; raises NotFound if there is none, or an entry is not in it."""
    if size is None and head is not None:
        size = head.size
    if not size or head is None or size > head.size:
        raise NotFound("The record has not so many entries yet.")
    paths = inclusions(session, [view.entry.number for view in views], size)
    entries = [view.proof | {"path": path} for view, path in zip(views, paths, strict=True)]
    return {"heads": [{"size": size, "root": root_of(session, size)}], "entries": entries}


def comment_by_receipt(session: Session, text: str) -> Comment:
    """The comment whose number somebody typed, in any way numbers.py knows; raises NotFound.

    The number on a receipt ends with the id of its comment (comments.rules.receipt_number).
    """
    asked = asked_for(text)
    comment = session.get(Comment, asked.n) if asked else None
    if asked is None or comment is None or not comment.receipt.endswith(asked.ending):
        raise NotFound(
            "No comment was found under this number. Please compare it with your receipt: "
            "comments that are hidden or withdrawn are found here too."
        )
    return comment


def _views(session: Session, entries: Sequence[RecordEntry], reader: int | None) -> list[EntryView]:
    numbers = [entry.number for entry in entries]
    rows = session.exec(select(RecordSalt).where(col(RecordSalt.number).in_(numbers))).all()
    salts, known = {row.number: bytes.fromhex(row.salt) for row in rows}, _known(session, entries)
    views = []
    for entry in entries:
        said, salt = json.loads(entry.payload), salts.get(entry.number)
        groups = _groups(session, entry.kind, said, reader) if salt else set()
        values = known.get((entry.kind, entry.row_id), [])
        views.append(EntryView(entry, said, _opened(said, salt or b"", groups, values)))
    return views


def _opened(said: dict[str, Any], salt: bytes, groups: set[str], known: list[Hidden]) -> Opened:
    """These groups with the values the entry was made of, where they are still known: nothing is
    shown that does not fit its hash."""
    return {
        group: {"salt": group_salt(salt, group).hex(), "value": values[group]}
        for values in known
        for group in groups & values.keys()
        if hidden_hash(salt, group, values[group]) == said["hashes"][group]
    }


def _groups(session: Session, kind: str, said: dict[str, Any], reader: int | None) -> set[str]:
    """Words that are public are everybody's to check; who withdrew theirs checks them alone."""
    if kind in KINDS and KINDS[kind].open_to_all:
        return {"words"}
    of_comment = {"comment": said["row"], "wording": said["facts"].get("comment_id")}.get(kind)
    comment = session.get(Comment, of_comment) if of_comment else None
    if comment is None:
        return set()
    if reader is not None and comment.author_id == reader:
        return {"words", "private"}
    return {"words"} if comment.is_public else set()


def _known(session: Session, entries: Sequence[RecordEntry]) -> dict[tuple[str, int], list[Hidden]]:
    """What rows are made of now, and comments were made of before they were edited."""
    rows: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        if entry.kind in KINDS:
            rows[entry.kind].add(entry.row_id)
    known = {
        (kind, row.row): [row.hidden]
        for kind, ids in rows.items()
        for row in snapshots(session, kind, ids)
    }
    for (kind, row), values in known.items():
        for earlier in revisions_of(session, row) if kind == "comment" else ():
            words = {name: getattr(earlier, name) for name in KINDS["wording"].words}
            private = {"body_hash": body_hash(earlier.body, earlier.proposed, earlier.change)}
            before = {"words": words, "private": private}
            values.append({group: values[0][group] | was for group, was in before.items()})
    return known
