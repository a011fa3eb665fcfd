"""Keeping the index of a machine up to date: from all there is, then event by event.

Nobody tells the index what changed: it reads the events itself, asks the database how what they
changed is now, and keeps with that how far it has read. So any number of machines may have one.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

from sqlalchemy import func
from sqlmodel import Session, col, select

from consult.accounts.models import Agency
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.errors import Conflict
from consult.marks import spoken
from consult.platform import Platform
from consult.procedure.deadlines import local_day
from drafts.models import Draft
from drafts.queries import PUBLIC_STAGES
from drafts.search.indexing import documents_of_drafts
from drafts.search.interface import Batch, Document, Groups
from drafts.search.place import Lag, Place, further, is_there, lag, newest

DRAFTS, COMMENTS = 100, 1000  # read at once
NIGHT = 2  # o'clock, where the law runs

Tell = Callable[[int, int], None]  # how many groups are read, of how many


class _Outdated(Exception):
    """An interrupted rebuild cannot go on: the events since then are gone."""


def keep_index(platform: Platform, now: datetime) -> int:
    """Rebuild the index if it is lost, else follow what happened; how many groups changed.

    Nothing is done where another process does it already.
    """
    try:
        with platform.search.following():
            if needs_rebuild(platform):
                rebuild(platform)
            return follow(platform, now)
    except Conflict:
        return 0


def renew_index(platform: Platform, now: datetime) -> int:
    """Write the index anew in the night after words were taken out; whether that was done.

    Nothing finds them from then on, but the files of an engine hold them until it is through with
    putting its files together, if ever: whoever was forgotten stands in none.
    """
    place = Place.read(platform.search.place())
    if place is None or not place.taken_out:
        return 0
    tz = platform.pack.tz
    here, since = now.astimezone(tz), datetime.fromtimestamp(place.taken_out, tz)
    if here.hour < NIGHT or since.date() >= here.date():
        return 0
    try:
        rebuild(platform, anew=True)
    except Conflict:
        return 0
    return 1


def follow(platform: Platform, now: datetime) -> int:
    """Bring the index up to all that has happened; how many groups changed."""
    changed = 0
    while place := Place.read(since := platform.search.place()):
        with platform.database.reading() as session:
            then, names = further(session, place, now)
            groups = documents(session, names, platform.pack.tz)
        if then == place and not groups:
            break
        platform.search.replace(groups, str(then), since=since)
        changed += len(groups)
        if then.last == place.last:  # only what was late came
            break
    return changed


def needs_rebuild(platform: Platform) -> bool:
    """Is there no index, or one that cannot follow the events of this database?"""
    if platform.search.needs_rebuild():
        return True
    place = Place.read(platform.search.place())
    with platform.database.reading() as session:
        return place is None or not is_there(session, place)


def lag_of(platform: Platform) -> Lag | None:
    """What the index of this machine has yet to follow; None if it is lost."""
    place = Place.read(platform.search.place())
    if place is None:
        return None
    with platform.database.reading() as session:
        return lag(session, place)


def size(session: Session) -> int:
    """How many drafts and comments there are to be found."""
    drafts, comments = _count(session, 0, 0)
    return drafts + comments


def rebuild(
    platform: Platform, *, anew: bool = False, tell: Tell = lambda _done, _all: None
) -> None:
    """Build the index anew beside the live one, or go on where that was interrupted.

    Raises Conflict if somebody does so already.
    """
    reading = _Reading(platform, tell)
    try:
        platform.search.rebuild(reading.batches, anew=anew)
    except _Outdated:
        platform.search.rebuild(reading.batches, anew=True)


def documents(session: Session, groups: Sequence[str], tz: tzinfo) -> Groups:
    """By group what is found of it now, nothing if it is not public; in four queries at most."""
    ids: dict[str, list[int]] = {"draft": [], "comment": []}
    for group in groups:
        kind, _, number = group.partition(":")
        ids[kind].append(int(number))
    found: dict[str, Sequence[Document]] = dict.fromkeys(groups, ())
    if ids["draft"]:
        drafts = documents_of_drafts(session, ids["draft"], tz=tz)
        found |= {f"draft:{draft_id}": texts for draft_id, texts in drafts.items()}
    if ids["comment"]:
        said = _comments(session, col(Comment.id).in_(ids["comment"]), tz)
        found |= {document.id: (document,) for document in said}
    return found


class _Mark(NamedTuple):
    """How far a rebuild has read: which kind, up to which id; and from where events follow."""

    kind: str
    last: int
    place: str

    @classmethod
    def read(cls, text: str) -> "_Mark | None":
        return cls(*json.loads(text)) if text else None

    def __str__(self) -> str:
        return json.dumps(self)


@dataclass(frozen=True, slots=True)
class _Reading:
    """All that is found, in batches; each is read by itself, so that nobody waits for it."""

    platform: Platform
    tell: Tell

    def batches(self, after: str) -> Iterator[Batch]:
        """Those after a mark, then what has changed since the rebuild began."""
        mark = _Mark.read(after)
        with self.platform.database.reading() as session:
            place = Place.read(mark.place) if mark else newest(session)
            if place is None or not is_there(session, place):
                raise _Outdated
            every = sum(_count(session, 0, 0))
            mark = mark or _Mark("draft", 0, str(place))
            at = (mark.last, 0) if mark.kind == "draft" else (None, mark.last)
            left = sum(_count(session, *at))
        self.tell(every - left, every)
        for kind, read in (("draft", self._drafts), ("comment", self._comments)):
            if mark.kind != kind:
                if kind == "draft":
                    continue
                mark = mark._replace(kind=kind, last=0)
            while batch := read(mark):
                last, groups = batch
                mark = mark._replace(last=last)
                left -= len(groups)
                self.tell(max(every - left, 0), every)
                yield Batch(groups, str(mark), str(place))
        yield from self._since(place, mark)

    def _since(self, place: Place, mark: _Mark) -> Iterator[Batch]:
        while True:
            with self.platform.database.reading() as session:
                then, names = further(session, place, self.platform.clock())
                groups = documents(session, names, self.platform.pack.tz)
            yield Batch(groups, str(mark), str(then))
            if then.last == place.last:
                return
            place = then

    def _drafts(self, mark: _Mark) -> tuple[int, Groups] | None:
        with self.platform.database.reading() as session:
            ids = session.exec(
                select(Draft.id)
                .where(col(Draft.id) > mark.last, *_is_public())
                .order_by(col(Draft.id))
                .limit(DRAFTS)
            ).all()
            names = [f"draft:{draft_id}" for draft_id in ids]
            groups = documents(session, names, self.platform.pack.tz)
        return (ids[-1] or 0, groups) if ids else None

    def _comments(self, mark: _Mark) -> tuple[int, Groups] | None:
        with self.platform.database.reading() as session:
            found = _comments(
                session, col(Comment.id) > mark.last, self.platform.pack.tz, most=COMMENTS
            )
        return (found[-1].comment_id, {one.id: (one,) for one in found}) if found else None


def _is_public() -> tuple[Any, ...]:
    return col(Draft.stage).in_(PUBLIC_STAGES), col(Draft.published_at).is_not(None)


def _count(session: Session, after_draft: int | None, after_comment: int) -> tuple[int, int]:
    """How many drafts and comments are found beyond these ids; None: no drafts."""
    drafts = 0
    if after_draft is not None:
        query = select(func.count()).select_from(Draft)
        drafts = session.exec(query.where(col(Draft.id) > after_draft, *_is_public())).one()
    said = select(func.count()).select_from(Comment)
    return drafts, session.exec(said.where(col(Comment.id) > after_comment, *public())).one()


def _comments(session: Session, among: Any, tz: tzinfo, most: int | None = None) -> list[Document]:
    """Public comments in the order of their ids: their words, what they propose, what they quote.

    Never a name. They are narrowed by what their draft is, but for its stage, which moves.
    """
    columns: tuple[Any, ...] = (
        *(Comment.id, Comment.draft_id, Comment.wid, Comment.lang, Comment.kind, Comment.stance),
        *(Comment.created_at, Comment.body, Comment.proposed, Comment.quote),
        *(Agency.code, Draft.act_type, Draft.topic),
    )
    query = (
        select(*columns)
        .join(Draft, col(Draft.id) == col(Comment.draft_id))
        .join(Agency, col(Agency.id) == col(Draft.agency_id))
        .where(among, *public(), *_is_public())
        .order_by(col(Comment.id))
    )
    return [
        Document(
            id=f"comment:{row.id}",
            draft_id=row.draft_id,
            wid=row.wid,
            lang=row.lang,
            agency=row.code,
            act_type=row.act_type,
            topic=row.topic,
            year=local_day(row.created_at, tz).year,
            comment_kind=row.kind,
            stance=row.stance,
            at=int(row.created_at.timestamp()),
            body=spoken(" ".join(filter(None, (row.body, row.proposed, row.quote))), "…"),
        )
        for row in session.execute(query.limit(most))
    ]
