"""What the pages made of several features need to know, read in a constant number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from consult.access import Actor
from consult.accounts.models import Agency
from consult.answers.models import Disposition
from consult.answers.queries import published_for
from consult.comments.queries import CommentView, Discussion
from consult.consultations.models import Consultation
from consult.consultations.queries import current_round, tallies
from consult.consultations.rules import is_open
from consult.errors import NotFound
from consult.procedure.stages import Stage
from consult.votes.queries import votes_of
from drafts.models import Draft, DraftVersion
from drafts.queries import draft_for, versions
from notifications.queries import is_following

HEAT_STEPS = 10


@dataclass(frozen=True, slots=True)
class Count:
    """What was said and voted on a place: comments on all versions, votes on `voted_version`."""

    comments: int = 0
    votes_for: int = 0
    votes_against: int = 0


@dataclass(frozen=True, slots=True)
class DraftPage:
    """What the head of every page of a draft shows."""

    draft: Draft
    agency: Agency
    versions: list[DraftVersion]
    version: DraftVersion
    lang: str
    consultation: Consultation | None
    is_open: bool
    following: bool
    counts: Mapping[str, Count]
    most: int  # comments on the most discussed provision
    my_votes: Mapping[str, int]

    @property
    def voted_version(self) -> DraftVersion:
        """The version votes are counted for: the one last put to discussion, as far as shown.

        A later text is not voted on until its own round; the votes on the earlier one stay.
        """
        return _voted(self.versions, self.version, self.consultation)

    @property
    def comments(self) -> int:
        return sum(count.comments for count in self.counts.values())

    def count(self, wid: str) -> Count:
        return self.counts.get(wid, Count())

    def heat(self, wid: str) -> int:
        """How much a provision is discussed, from 0 to 10 of the most discussed one."""
        return -(-self.count(wid).comments * HEAT_STEPS // self.most) if self.most else 0


def draft_page(
    session: Session,
    draft_id: int,
    actor: Actor,
    now: datetime,
    *,
    n: int | None = None,
    langs: Sequence[str] = (),
) -> DraftPage:
    """The draft as this person may see it; `n` is a version, `langs` wishes. Raises NotFound."""
    draft = draft_for(session, draft_id, actor)
    every = versions(session, draft_id)
    readable = [v for v in every if v.published_at or actor.may_for("desk", draft.agency_id)]
    version = _chosen(readable, n)
    consultation = current_round(session, draft_id)
    counts = _counts(tallies(session, draft_id), _voted(readable, version, consultation).id or 0)
    return DraftPage(
        draft=draft,
        agency=session.get_one(Agency, draft.agency_id),
        versions=readable,
        version=version,
        lang=next((code for code in langs if code in version.langs), version.langs[0]),
        consultation=consultation,
        is_open=is_open(consultation, Stage(draft.stage), now),
        following=is_following(session, actor, f"draft:{draft_id}"),
        counts=counts,
        most=max((count.comments for wid, count in counts.items() if wid), default=0),
        my_votes=votes_of(session, actor, draft_id),
    )


def _chosen(readable: Sequence[DraftVersion], n: int | None) -> DraftVersion:
    fitting = [version for version in readable if n in (None, version.n)]
    if not fitting:
        raise NotFound("There is no such version of this draft.")
    return fitting[-1]


def _voted(
    readable: Sequence[DraftVersion], shown: DraftVersion, consultation: Consultation | None
) -> DraftVersion:
    discussed = [v for v in readable if consultation and v.id == consultation.version_id]
    return discussed[0] if discussed and discussed[0].n <= shown.n else shown


def _counts(rows: Sequence[Row[Any]], version_id: int) -> dict[str, Count]:
    counts: dict[str, Count] = {}
    for row in rows:
        so_far = counts.get(row.wid, Count())
        shown = row.version_id == version_id
        counts[row.wid] = Count(
            comments=so_far.comments + row.comments_n,
            votes_for=row.for_n if shown else so_far.votes_for,
            votes_against=row.against_n if shown else so_far.votes_against,
        )
    return counts


def answers_to(session: Session, page: Discussion) -> dict[int, Disposition]:
    """The published answers to the comments of a page and their replies."""
    ids = [view.comment.id or 0 for shown in page.comments for view in _thread(shown)]
    return published_for(session, ids)


def _thread(view: CommentView) -> Sequence[CommentView]:
    return (view, *view.replies)
