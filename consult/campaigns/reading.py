"""Every public text of a draft, read page by page; what is kept of it is mended on the way."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Row, insert
from sqlmodel import Session, col, or_, select

from consult.campaigns.candidates import strike
from consult.campaigns.keeping import held, keep
from consult.campaigns.models import Fingerprint
from consult.campaigns.rules import Text, text_of
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.db import Database

AT_ONCE = 2000  # rows read, or written in one transaction


@dataclass(slots=True)
class Seen:
    """The texts of a draft and the comments that say them, in the order of their numbers.

    Of each text how often it was `sent` and its `first` comment; of each comment the place of its
    text (`says`) and the cluster it stood in (`stood`, 0: none).
    """

    texts: list[Text] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    comments: "array[int]" = field(default_factory=lambda: array("q"))
    says: "array[int]" = field(default_factory=lambda: array("q"))
    stood: "array[int]" = field(default_factory=lambda: array("q"))
    places: dict[str, int] = field(default_factory=dict)

    def add(self, comment_id: int, text: Text, cluster_id: int) -> None:
        place = self.places.setdefault(text.exact, len(self.texts))
        if place == len(self.texts):
            self.texts.append(text)
            self.sent.append(0)
            self.first.append(comment_id)
        self.sent[place] += 1
        self.comments.append(comment_id)
        self.says.append(place)
        self.stood.append(cluster_id)


def read_all(database: Database, draft_id: int) -> Seen:
    """What all public comments say, replies left out; each has its fingerprint then."""
    _let_go(database, draft_id)
    seen = Seen()
    for page in _pages(database, draft_id):
        wrong = []
        for row in page:
            text = text_of(row.body, row.proposed)
            right = text.exact == row.exact
            seen.add(row.id, text, row.cluster_id or 0 if right else 0)
            if not right:
                wrong.append(row.id)
        if wrong:
            with database.writing() as session:
                held(session, draft_id)
                _mend(session, wrong)
    return seen


def _pages(database: Database, draft_id: int) -> Iterator[Sequence[Row[tuple[int, str, str]]]]:
    last = 0
    while True:
        with database.reading() as session:
            page = session.execute(
                select(  # type: ignore[call-overload]
                    Comment.id,
                    Comment.body,
                    Comment.proposed,
                    Fingerprint.exact,
                    Fingerprint.cluster_id,
                )
                .outerjoin(Fingerprint, col(Fingerprint.comment_id) == col(Comment.id))
                .where(
                    Comment.draft_id == draft_id,
                    col(Comment.parent_id).is_(None),
                    col(Comment.id) > last,
                    *public(),
                )
                .order_by(col(Comment.id))
                .limit(AT_ONCE)
            ).all()
        if not page:
            return
        yield page
        last = page[-1].id


def _mend(session: Session, comment_ids: list[int]) -> None:
    """Fingerprints of the words as they are at this moment; they stand in no cluster yet."""
    for row in session.exec(
        select(Fingerprint).where(col(Fingerprint.comment_id).in_(comment_ids))
    ):
        strike(session, row)
        session.delete(row)
    session.flush()
    said = session.execute(
        select(Comment.id, Comment.draft_id, Comment.body, Comment.proposed).where(
            col(Comment.id).in_(comment_ids), *public()
        )
    )
    rows = []
    for comment_id, draft_id, body, proposed in said:
        text = text_of(body, proposed)
        rows.append(
            {
                "comment_id": comment_id,
                "draft_id": draft_id,
                "exact": text.exact,
                "sketch": text.words.encode(),
            }
        )
    if rows:
        session.connection().execute(insert(Fingerprint), rows)


def _let_go(database: Database, draft_id: int) -> None:
    """Of comments that are public no more nothing is kept, should an event have been lost."""
    with database.reading() as session:
        gone = session.exec(
            select(Fingerprint.comment_id)
            .join(Comment, col(Comment.id) == col(Fingerprint.comment_id))
            .where(
                Fingerprint.draft_id == draft_id,
                or_(*(~condition for condition in public())),
            )
        ).all()
    for comment_id in gone:
        with database.writing() as session:
            keep(session, comment_id)
