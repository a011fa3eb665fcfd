"""What the pages made of several features need to know, read in a constant number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, and_, exists
from sqlmodel import Session, col, select

from consult.access import Actor
from consult.accounts.agencies.queries import Called, called
from consult.accounts.models import Agency, AgencyName
from consult.adoption.models import Commitment
from consult.anchors.queries import arrivals
from consult.answers.models import Disposition
from consult.answers.queries import published_for
from consult.chambers.bills.models import BillRegistration
from consult.comments.queries import Discussion
from consult.consultations.models import Consultation
from consult.consultations.queries import rounds_by_draft, tallies
from consult.consultations.rules import is_open
from consult.councils.models import CouncilOpinion
from consult.councils.queries import is_public
from consult.errors import NotFound
from consult.law.queries import Law
from consult.procedure.deadlines import local_day
from consult.procedure.stages import Stage
from consult.votes.queries import votes_kept_with, votes_of
from consult.votes.rules import version_target
from drafts.comparative.models import ComparativeRow
from drafts.models import Draft, DraftVersion
from drafts.queries import draft_for, versions

HEAT_STEPS = 10
ENDED = frozenset({Stage.ADOPTED.value, Stage.REJECTED.value})


@dataclass(frozen=True, slots=True)
class Count:
    """How many comments there are on a place, on all versions.

    `arrived` of them were made on another provision whose words stand here by now.
    """

    comments: int = 0
    arrived: int = 0


@dataclass(frozen=True, slots=True)
class Votes:
    """The votes on a place: those that count for the text under discussion, and earlier ones.

    `n` is the version they are on; `identified` (for, against) of these votes are of people of
    whom it is known who they are; `earlier` are (n, for, against) of versions before the words
    were changed.
    """

    n: int
    votes_for: int
    votes_against: int
    mine: int
    identified: tuple[int, int]
    earlier: Sequence[tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class DraftPage:
    """What the head of every page of a draft shows.

    Where none is shown (`draft_page`), nothing is counted, and what it `has` is all False.
    """

    draft: Draft
    agency: Agency
    called: Called
    versions: list[DraftVersion]
    version: DraftVersion
    lang: str
    rounds: Sequence[Consultation]  # the newest first
    law: Law
    is_open: bool
    counts: Mapping[str, Count]
    most: int  # comments on the most discussed provision
    votes: Mapping[tuple[int, str], tuple[int, int]]  # for and against, by version and wid
    identified: Mapping[tuple[int, str], tuple[int, int]]  # of these, by those who are known
    my_votes: Mapping[str, int]
    has_table: bool  # whether any of the versions has a comparative table
    has_after: bool  # whether it is known how it ended, or anything was accepted
    has_opinions: bool  # whether a council was asked, or has decided on an opinion
    has_bill: bool  # whether it was registered in parliament or a kenesh

    @property
    def voted_version(self) -> DraftVersion:
        """The version votes are counted for: the one last put to discussion, as far as shown.

        A later text is not voted on until its own round; the votes on the earlier one stay.
        """
        return _voted(self.versions, self.version, self.consultation)

    @property
    def consultation(self) -> Consultation | None:
        """The newest round."""
        return self.rounds[0] if self.rounds else None

    def round_of(self, consultation_id: int) -> int:
        """The number of a round, 0 where there is only one: then nobody needs to be told."""
        numbers = {one.id: one.round for one in self.rounds}
        return numbers.get(consultation_id, 0) if len(self.rounds) > 1 else 0

    @property
    def report_round(self) -> int:
        """The newest round whose report is out, 0 if none: the next begins only after it."""
        if self.consultation is None:
            return 0
        return self.consultation.round - (self.consultation.reported_at is None)

    @property
    def comments(self) -> int:
        return sum(count.comments - count.arrived for count in self.counts.values())

    def count(self, wid: str) -> Count:
        return self.counts.get(wid, Count())

    def heat(self, wid: str) -> int:
        """How much a provision is discussed, from 0 to 10 of the most discussed one."""
        return -(-self.count(wid).comments * HEAT_STEPS // self.most) if self.most else 0


def draft_page(
    session: Session,
    law: Law,
    draft_id: int,
    actor: Actor,
    now: datetime,
    *,
    n: int | None = None,
    langs: Sequence[str] = (),
    head: bool = True,
) -> DraftPage:
    """The draft as this person may see it; `n` is a version, `langs` wishes. Raises NotFound.

    `head`: whether the page shows the draft's head or its text, which take four queries more.
    """
    draft = draft_for(session, draft_id, actor)
    every = versions(session, draft_id)
    readable = [v for v in every if v.published_at or actor.may_for("desk", draft.agency_id)]
    version = _chosen(readable, n)
    rounds = rounds_by_draft(session, draft_id)
    arrived = arrivals(session, version.id or 0) if head and version.n > 1 else {}
    rows = tallies(session, draft_id) if head else []
    counts = _counts(rows, arrived)
    faces = _faces(session, draft, readable) if head else _Faces(*(False,) * len(_Faces._fields))
    agency = session.get_one(Agency, draft.agency_id)
    is_other = faces.was_renamed or (head and agency.closed_on is not None)
    begun_on = local_day(draft.published_at or now, law.tz)
    return DraftPage(
        draft=draft,
        agency=agency,
        called=called(session, agency, begun_on) if is_other else Called(agency.names, ()),
        versions=readable,
        version=version,
        lang=next((code for code in langs if code in version.langs), version.langs[0]),
        rounds=rounds,
        law=law,
        is_open=is_open(rounds[0] if rounds else None, Stage(draft.stage), now),
        counts=counts,
        most=max((count.comments for wid, count in counts.items() if wid), default=0),
        votes={(r.version_id, r.wid): (r.for_n, r.against_n) for r in rows},
        identified={
            (r.version_id, r.wid): (r.identified_for_n, r.identified_against_n) for r in rows
        },
        my_votes=votes_of(session, actor, draft_id),
        has_table=faces.has_table,
        has_after=head and (draft.stage in ENDED or faces.is_promised),
        has_opinions=faces.has_opinions,
        has_bill=faces.has_bill,
    )


class _Faces(NamedTuple):
    """Whether there is a comparative table, anything was accepted, the agency had other names,
    councils have an opinion or are asked for one, and it was registered as a bill."""

    has_table: bool
    is_promised: bool
    was_renamed: bool
    has_opinions: bool
    has_bill: bool


def _faces(session: Session, draft: Draft, readable: Sequence[DraftVersion]) -> _Faces:
    """All of them in one query."""
    asked = (
        col(ComparativeRow.version_id).in_([version.id for version in readable]),
        col(Commitment.draft_id) == draft.id,
        col(AgencyName.agency_id) == draft.agency_id,
        and_(col(CouncilOpinion.draft_id) == draft.id, is_public()),
        col(BillRegistration.draft_id) == draft.id,
    )
    return _Faces(*session.execute(select(*(exists().where(one) for one in asked))).one())


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


def _counts(rows: Sequence[Row[Any]], arrived: Mapping[str, int]) -> dict[str, Count]:
    counts = {wid: Count(comments=n, arrived=n) for wid, n in arrived.items()}
    for row in rows:
        so_far = counts.get(row.wid, Count())
        counts[row.wid] = replace(so_far, comments=so_far.comments + row.comments_n)
    return counts


def votes_on(session: Session, page: DraftPage, wid: str) -> Votes:
    """The votes on the draft (`wid` "") or a provision, in a query at most."""
    kept_with = votes_kept_with(session, page.voted_version, wid)
    n = next((v.n for v in page.versions if v.id == kept_with), page.voted_version.n)
    given = {v.n: page.votes.get((v.id or 0, wid), (0, 0)) for v in page.versions if v.n <= n}
    return Votes(
        n,
        *given.pop(n),
        mine=page.my_votes.get(version_target(kept_with, wid), 0),
        identified=page.identified.get((kept_with, wid), (0, 0)),
        earlier=[(n, *votes) for n, votes in given.items() if any(votes)],
    )


def answers_to(session: Session, page: Discussion) -> dict[int, Disposition]:
    """The published answers to the comments of a page and their replies."""
    ids = [view.comment.id or 0 for shown in page.comments for view in shown.thread()]
    return published_for(session, ids)
