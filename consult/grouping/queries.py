"""Reads of suggested groups: what is compared, and what waits for a person."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from consult.answers.actions import batches
from consult.answers.models import Disposition, IssueComment
from consult.campaigns.models import Fingerprint
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.errors import NotFound
from consult.grouping.common_words import COMMON_WORDS
from consult.grouping.models import GroupSuggestion
from consult.grouping.rules import Text
from drafts.search.analyzers import fold, tokens
from drafts.search.function_words import FUNCTION_WORDS

SILENT = FUNCTION_WORDS | COMMON_WORDS
READ = 20_000  # comments compared at once; the newest of more, until those are grouped
PAGE = 10
SAMPLES = 6  # comments of a proposal that are shown


def ungrouped(session: Session, consultation_id: int) -> list[Text]:
    """The comments neither grouped nor answered yet, as they are compared; replies go with their
    thread.

    One by one from the database: of a quarter of a million the newest READ.
    """
    rows = session.execute(
        select_columns(
            col(Comment.id),
            col(Comment.lang),
            col(Comment.body),
            col(Comment.proposed),
            col(Comment.wid),
            col(Fingerprint.exact),
            col(Fingerprint.cluster_id),
        )
        .join(Fingerprint, col(Fingerprint.comment_id) == col(Comment.id))
        .where(
            col(Comment.consultation_id) == consultation_id,
            col(Comment.parent_id).is_(None),
            *_free(),
        )
        .order_by(col(Comment.id).desc())
        .limit(READ)
    )
    return [
        Text(id_, _words(f"{body} {proposed}", lang), exact, cluster, wid)
        for id_, lang, body, proposed, wid, exact, cluster in rows
    ]


def _free() -> tuple[ColumnElement[bool], ...]:
    """Whether a comment can still be grouped: it is public, stands in no group and has no answer
    of its own, which would hold in a group too."""
    taken = (
        select(column).where(column == Comment.id).correlate(Comment).exists()
        for column in (col(IssueComment.comment_id), col(Disposition.comment_id))
    )
    return *public(), *(~one for one in taken)


def _words(text: str, lang: str) -> tuple[tuple[str, str], ...]:
    """(stem on any keyboard, word) of a text, without words that tell nothing, and numbers."""
    return tuple(
        (one.folded, one.word)
        for one in tokens(text, lang)
        if not one.word.isdigit() and fold(one.word) not in SILENT
    )


@dataclass(frozen=True, slots=True)
class Proposal:
    """A suggestion with some of its `n` comments, as far as they are still free."""

    suggestion: GroupSuggestion
    samples: Sequence[Comment]
    n: int


def open_suggestions(session: Session, consultation_id: int, page: int = 1) -> list[Proposal]:
    """A page of the proposals that wait, one more than PAGE, with samples.

    Those with no comment left that a group can be made of wait no more. Which they are no index
    knows: all are looked at, READ comments at most.
    """
    rows = session.exec(
        select(GroupSuggestion)
        .where(GroupSuggestion.consultation_id == consultation_id, GroupSuggestion.state == "open")
        .order_by(col(GroupSuggestion.id))
    ).all()
    free = still_free(session, [id_ for row in rows for id_ in row.comment_ids])
    waiting = [row for row in rows if not free.isdisjoint(row.comment_ids)]
    first = (page - 1) * PAGE
    return proposals(session, waiting[first : first + PAGE + 1])


def proposals(session: Session, rows: Sequence[GroupSuggestion]) -> list[Proposal]:
    """Some suggestions with the first of their comments that a group can still be made of."""
    free = still_free(session, [id_ for row in rows for id_ in row.comment_ids])
    left = {row.id: [id_ for id_ in row.comment_ids if id_ in free] for row in rows}
    shown = {id_ for ids in left.values() for id_ in ids[:SAMPLES]}
    comments = session.exec(select(Comment).where(col(Comment.id).in_(shown))).all()
    by_id = {comment.id: comment for comment in comments}
    return [
        Proposal(
            suggestion=row,
            samples=[by_id[id_] for id_ in left[row.id][:SAMPLES]],
            n=len(left[row.id]),
        )
        for row in rows
    ]


def still_free(session: Session, comment_ids: Sequence[int]) -> set[int]:
    """Those among some comments that can still be grouped."""
    found: set[int] = set()
    for some in batches(comment_ids):
        query = select(Comment.id).where(col(Comment.id).in_(some), *_free())
        found.update(id_ or 0 for id_ in session.exec(query))
    return found


def suggestion_by_id(session: Session, consultation_id: int, suggestion_id: int) -> GroupSuggestion:
    """One suggestion of this consultation; raises NotFound."""
    row = session.get(GroupSuggestion, suggestion_id)
    if row is None or row.consultation_id != consultation_id:
        raise NotFound("There is no such proposal.")
    return row
