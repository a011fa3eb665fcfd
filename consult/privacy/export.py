"""A person's data as one ZIP: data.json, a page to read, the files they sent. No HTTP.

data.json is one object:
    format "kenesh-person", version 1, site, person (their number), made_at, lang;
    holdings: as in holdings.py, each {key, what, why, kept, seen, forgotten, places}, where a place
    is {table, whose, rows}; a row has the columns named in the registry, instants in ISO 8601
    (UTC), and {"id", …} for an agency, organisation, draft or comment it refers to;
    searches: the searches followed, as in their addresses;
    answers: [{comment, agency, outcome, reason, lang, text_before, text_after, published_at}], the
    agency in place of whoever wrote them;
    files: [{comment, name, size, sha256, file}], `file` being its name in the ZIP, or null where
    its bytes are lost.
Nobody else's data stands in it. Rows go from the database into the file a few hundred at a time.
"""

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cached_property
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlalchemy import String, cast, literal
from sqlmodel import Session, col, select

from consult.accounts.models import Agency, Person
from consult.answers.queries import published_for
from consult.attachments.content import ENDINGS
from consult.attachments.models import Attachment
from consult.attachments.rules import clean_name
from consult.attachments.storing import path_of
from consult.comments.models import Comment
from consult.i18n.catalogues import LANGUAGES, translations
from consult.platform import Platform
from consult.privacy.holdings import HOLDINGS
from consult.privacy.queries import BATCH, rows_held
from consult.privacy.rules import Holding, how_long
from consult.templating import STATIC, environment
from drafts.models import Draft
from notifications.models import SavedSearch, Subscription

FORMAT, VERSION = "kenesh-person", 1


@dataclass(frozen=True, slots=True)
class Answer:
    """A published answer to a comment of the person; `agency` {lang: name} gave it."""

    comment: str
    agency: dict[str, str]
    outcome: str
    reason: str
    lang: str
    text_before: str
    text_after: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sent:
    """A file the person sent; `file` is its name in the ZIP."""

    comment: str
    name: str
    size: int
    sha256: str
    file: str | None


class Taking:
    """One download: what is held about a person, read anew for each of its files."""

    def __init__(self, session: Session, platform: Platform, person: Person, now: datetime) -> None:
        self.session = session
        self.platform = platform
        self.person = person
        self.person_id = person.id or 0
        self.now = now
        default = platform.settings.default_lang
        self.lang = person.lang if person.lang in LANGUAGES else default

    @cached_property
    def head(self) -> dict[str, Any]:
        """What the file is, of whom, from where."""
        said = {"format": FORMAT, "version": VERSION, "site": self.platform.settings.base_url}
        return said | {"person": self.person_id, "made_at": self.now, "lang": self.lang}

    def sentences(self, holding: Holding) -> dict[str, str]:
        """What a reader is told of a holding, in the person's language."""
        say = translations(self.lang).gettext
        kept, values = how_long(holding.keep, self.platform.settings.model_dump())
        told = {name: say(getattr(holding, name)) for name in ("what", "why", "seen", "forgotten")}
        return {"key": holding.key, **told, "kept": say(kept).format(**values)}

    def rows(self, holding: Holding) -> Iterator[tuple[str, str, Iterator[dict[str, Any]]]]:
        """(table, whose, rows) of every place that gives any."""
        for place in holding.places:
            if place.given:
                yield place.table, place.whose, rows_held(self.session, place, self.person_id)

    def searches(self) -> Sequence[str]:
        """What was asked in the searches they follow ("search:5"), which they share with others."""
        target = literal("search:").concat(cast(col(SavedSearch.id), String))
        query = select(SavedSearch.asked).join(Subscription, col(Subscription.target) == target)
        return self.session.exec(
            query.where(Subscription.person_id == self.person_id).order_by(col(SavedSearch.id))
        ).all()

    def answers(self) -> Iterator[Answer]:
        """The published answers to the person's comments, by comment."""
        for comments in self._comments():
            given = published_for(self.session, [comment.id or 0 for comment in comments])
            bodies = self._bodies({comment.draft_id for comment in comments})
            for comment in comments:
                if answer := given.get(comment.id or 0):
                    yield Answer(
                        comment.receipt,
                        bodies[comment.draft_id],
                        answer.outcome,
                        answer.reason,
                        answer.lang,
                        answer.text_before,
                        answer.text_after,
                        answer.published_at,
                    )

    def files(self) -> Iterator[Sent]:
        """The files they sent, with names fit for every disk; no scans, for they show more."""
        for comments in self._comments():
            receipts = {comment.id or 0: comment.receipt for comment in comments}
            query = select(Attachment).where(
                col(Attachment.comment_id).in_(receipts), col(Attachment.is_source).is_(False)
            )
            for row in self.session.exec(query.order_by(col(Attachment.id))).all():
                called = f"files/{row.id}-{clean_name(row.name, ENDINGS)}"
                there = path_of(self.platform.settings.data_dir, row.sha256).is_file()
                receipt = receipts[row.comment_id]
                yield Sent(receipt, row.name, row.size, row.sha256, called if there else None)

    def _comments(self) -> Iterator[list[Comment]]:
        after = 0
        query = select(Comment).where(Comment.author_id == self.person_id)
        while found := self.session.exec(
            query.where(col(Comment.id) > after).order_by(col(Comment.id)).limit(BATCH)
        ).all():
            yield list(found)
            after = found[-1].id or 0
            self.session.expunge_all()

    def _bodies(self, draft_ids: set[int]) -> dict[int, dict[str, str]]:
        query = select(Draft.id, Agency.names).join(Agency).where(col(Draft.id).in_(draft_ids))
        return {draft_id or 0: dict(names) for draft_id, names in self.session.exec(query).all()}


def write_data(taking: Taking, target: IO[bytes]) -> None:
    """Write the ZIP; `target` need not be able to go back."""
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        _write(archive, "data.json", _json(taking), taking.now)
        _write(archive, "data.html", _page(taking), taking.now)
        for sent in taking.files():
            if sent.file is not None:
                stored = path_of(taking.platform.settings.data_dir, sent.sha256)
                info = _entry(sent.file, taking.now)
                with stored.open("rb") as source, archive.open(info, "w") as entry:
                    shutil.copyfileobj(source, entry)


def _write(archive: ZipFile, name: str, pieces: Iterable[str], now: datetime) -> None:
    with archive.open(_entry(name, now), "w", force_zip64=True) as entry:
        for piece in pieces:
            entry.write(piece.encode())


def _entry(name: str, now: datetime) -> ZipInfo:
    info = ZipInfo(name, now.timetuple()[:6])
    info.compress_type = ZIP_DEFLATED
    return info


def _json(taking: Taking) -> Iterator[str]:
    """data.json in pieces: no list of rows is ever held whole."""
    yield _text(taking.head)[:-1] + ',"holdings":['
    for n, holding in enumerate(HOLDINGS):
        yield ("," if n else "") + _text(taking.sentences(holding))[:-1] + ',"places":['
        for m, (table, whose, rows) in enumerate(taking.rows(holding)):
            yield ("," if m else "") + _text({"table": table, "whose": whose})[:-1] + ',"rows":'
            yield from _list(rows)
            yield "}"
        yield "]}"
    yield '],"searches":' + json.dumps(taking.searches(), ensure_ascii=False) + ',"answers":'
    yield from _list(map(_plain, taking.answers()))
    yield ',"files":'
    yield from _list(map(_plain, taking.files()))
    yield "}\n"


def _list(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield "["
    for n, row in enumerate(rows):
        yield (",\n" if n else "") + _text(row)
    yield "]"


def _plain(row: Answer | Sent) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(row)}


def _text(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, default=_said)


def _said(value: object) -> object:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in JSON")


def _page(taking: Taking) -> Iterator[str]:
    """The page to read, in the language of the person; it needs nothing but itself."""
    env = environment(taking.lang, ZoneInfo(taking.platform.pack.timezone))
    style = Markup((STATIC / "css/mailed.css").read_text("utf-8"))  # noqa: S704 - our own
    return env.get_template("privacy/mail/data.html").generate(
        head=taking.head,
        holdings=((taking.sentences(one), taking.rows(one)) for one in HOLDINGS),
        searches=taking.searches(),
        answers=taking.answers(),
        files=taking.files(),
        style=style,
    )
