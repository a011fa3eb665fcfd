"""The figures of one draft, counted by the database in a constant number of queries.

The figures of all drafts are in overall.py; what is more than a number is in brief.py.
"""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, literal, select
from sqlmodel import Session, col

from consult.accounts.models import Person
from consult.answers.models import Disposition
from consult.answers.rules import ACCEPTING, OUTCOMES
from consult.answers.standing import count_outcomes
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.comments.rules import CHANNELS, KINDS, STANCES
from consult.consultations.models import Consultation
from consult.consultations.queries import rounds_by_draft
from consult.feedback.queries import feedback_counts
from consult.feedback.rules import DECISIONS
from consult.obligations.ledger.rules import Stored
from consult.obligations.models import Obligation
from consult.obligations.registers.listing import SINGLE
from consult.procedure.deadlines import local_day
from consult.statistics.derived import what_they_said
from consult.statistics.participants import about, account, identity, took_part
from consult.statistics.parts import (
    ACCOUNTS,
    IDENTITIES,
    KNOWN,
    NOT_SHOWN,
    PARTICIPANTS,
    STANDINGS,
    SUBJECTS,
    SUBSTANCE,
    WAYS,
)
from consult.statistics.rules import (
    LEAST,
    Cell,
    Figure,
    Figures,
    Place,
    counted,
    periods,
    share,
    sum_over,
    without_small_cells,
)
from consult.votes.models import Vote

DRAFT = "(draft)"  # as a part of "provision": the draft as a whole
NO_REPLY = col(Comment.parent_id).is_(None)


@dataclass(frozen=True, slots=True)
class DraftFigures:
    """The figures of a draft by code, and the rows behind some of them.

    `unit` is what the comments over time are shown in: day, week or month. `duties` are (duty,
    standing, n, due_at); `changes` (changed_wid, text_before, text_after, lang).
    """

    figures: Figures
    unit: str
    places: Sequence[Place]
    rounds: Sequence[Consultation]
    duties: Sequence[Row[Any]]
    changes: Sequence[Row[Any]]


def draft_figures(
    session: Session,
    draft_id: int,
    *,
    tz: tzinfo,
    now: datetime,
    rounds: Sequence[Consultation] | None = None,
    whole: bool = True,
) -> DraftFigures:
    """Everything that is counted about a draft, over all its `rounds` (the newest first).

    Unless `whole`, without the comments over time, and what people say of their answers.
    """
    rounds = rounds_by_draft(session, draft_id) if rounds is None else rounds
    rounds = [each for each in reversed(rounds) if each.opened_at]
    said, votes = _said(session, draft_id), _votes(session, draft_id)
    places = _places([row for row in said if row.standing == "comment"], votes)
    unit, over_time = _over_time(session, rounds if whole else (), tz, now)
    duties = _duties(session, draft_id, now)
    reported = [each.id or 0 for each in rounds if each.reported_at]
    closed = {each.id for each in rounds if each.closed_at}
    changes = _changes(session, reported)
    figures = {
        "people": _people(session, draft_id),
        **_comments(said, places, {"language": _languages(session, draft_id), unit: over_time}),
        "votes": _vote_figure(votes),
        "voices_for": counted(provision={p.wid: p.voices_for for p in places if p.wid}),
        "voices_against": counted(provision={p.wid: p.voices_against for p in places if p.wid}),
        "answers_owed": Figure(sum(row.n for row in said if _is_owed(row, closed))),
        "answers": _answers(session, reported),
        **(_feedback(session, draft_id) if whole else {}),
        "changed_provisions": counted(provision={row.changed_wid: 1 for row in changes}),
        **duty_figures(sum_over(duties, "standing")),
    }
    figures["share_answered"] = Figure(
        share(figures["answers"].value, figures["answers_owed"].value)
    )
    return DraftFigures(figures, unit, places, rounds, duties, changes)


def in_order(names: Sequence[str], counts: Mapping[Any, int]) -> dict[str, int]:
    """Counts by name, in this order, with 0 for a name that has none."""
    return {name: counts.get(name, 0) for name in names}


def pairs(session: Session, query: Any) -> dict[Any, int]:
    """The answer to a query for names and their counts."""
    return {row[0]: row[1] for row in session.execute(query).all()}


def comment_standing() -> ColumnElement[str]:
    """In SQL: one of NOT_SHOWN, "reply" or "comment"."""
    return case(
        (col(Comment.disavowed_at).is_not(None), "disavowed"),
        (col(Comment.withdrawn_at).is_not(None), "withdrawn"),
        (col(Comment.hidden_at).is_not(None), "hidden"),
        (col(Comment.held_at).is_not(None), "held"),
        (col(Comment.parent_id).is_not(None), "reply"),
        else_="comment",
    )


def vote_subject() -> ColumnElement[str]:
    """In SQL: one of SUBJECTS."""
    return case(
        (col(Vote.target).startswith("comment:"), "comment"),
        (col(Vote.target).contains("#"), "provision"),
        else_="draft",
    )


def _said(session: Session, draft_id: int) -> Sequence[Row[Any]]:
    """All comments and replies by standing, round, place, kind, stance, channel and identity."""
    standing = comment_standing().label("standing")
    parts = (
        col(Comment.consultation_id),
        col(Comment.wid),
        col(Comment.kind),
        col(Comment.stance),
        col(Comment.channel),
    )
    by_organisation = col(Comment.organisation_id).is_not(None)
    query = select(standing, *parts, identity(by_organisation), func.count().label("n"))
    query = query.join(Person, col(Person.id) == col(Comment.author_id))
    query = query.where(col(Comment.draft_id) == draft_id)
    return session.execute(query.group_by("standing", *parts, "identity")).all()


def _is_owed(row: Row[Any], closed: Set[int | None]) -> bool:
    """Whether the agency has to answer: it is shown, and its round is over."""
    return row.standing not in NOT_SHOWN and row.consultation_id in closed


def _comments(
    said: Sequence[Row[Any]], places: Sequence[Place], more: Mapping[str, Any]
) -> dict[str, Figure]:
    comments = [row for row in said if row.standing == "comment"]
    standings = sum_over(said, "standing")
    by_kind = in_order(KINDS, sum_over(comments, "kind"))
    total = sum(by_kind.values())
    return {
        "comments": Figure(
            total,
            {
                "kind": by_kind,
                "stance": in_order(STANCES, sum_over(comments, "stance")),
                "channel": in_order(CHANNELS, sum_over(comments, "channel")),
                "identity": in_order(IDENTITIES, sum_over(comments, "identity")),
                "provision": {place.wid or DRAFT: place.comments for place in places},
                **more,
            },
        ),
        "share_substance": Figure(share(sum(by_kind[kind] for kind in SUBSTANCE), total)),
        "replies": Figure(standings.get("reply", 0)),
        "not_shown": counted(reason=in_order(NOT_SHOWN, standings)),
    }


def _languages(session: Session, draft_id: int) -> dict[str, int | None]:
    rows = session.execute(
        select(col(Comment.lang), func.count(), func.count(col(Comment.author_id).distinct()))
        .where(col(Comment.draft_id) == draft_id, *public(), NO_REPLY)
        .group_by(col(Comment.lang))
    ).all()
    return without_small_cells({lang: Cell(n, people) for lang, n, people in rows})


def bucket(moment: Any, edges: Sequence[datetime], first: int = 0) -> Any:
    """In SQL: how many of the ascending `edges` a moment has reached.

    A tree of comparisons, so that each row costs the logarithm of the number of edges; it is the
    same on every database, and right for every time zone, since the edges are instants.
    """
    if not edges:
        return literal(first)
    middle = len(edges) // 2
    return case(
        (moment < edges[middle], bucket(moment, edges[:middle], first)),
        else_=bucket(moment, edges[middle + 1 :], first + middle + 1),
    )


def beginnings(starts: Sequence[date], tz: tzinfo) -> list[datetime]:
    """The instants at which these days begin."""
    return [datetime.combine(start, time(), tz).astimezone(UTC) for start in starts]


def _over_time(
    session: Session, rounds: Sequence[Consultation], tz: tzinfo, now: datetime
) -> tuple[str, dict[str, int]]:
    """The comments by day, week or month from the first opening to the last closing."""
    if not rounds:
        return "day", {}
    ends = min(now, max(each.closes_at for each in rounds))
    cut = periods(local_day(rounds[0].opens_at, tz), local_day(ends, tz))
    edges = beginnings(cut.starts[1:], tz)
    query = select(bucket(col(Comment.created_at), edges).label("period"), func.count())
    query = query.where(col(Comment.draft_id) == rounds[0].draft_id, *public(), NO_REPLY)
    found = pairs(session, query.group_by("period"))
    return cut.unit, {start.isoformat(): found.get(i, 0) for i, start in enumerate(cut.starts)}


def _votes(session: Session, draft_id: int) -> Sequence[Row[Any]]:
    """Votes by what they are on ("version:7#art_2"; all comments together), value, identity."""
    on_comment = col(Vote.target).startswith("comment:")
    subject = case((on_comment, "comment"), else_=col(Vote.target)).label("subject")
    known = case((col(Vote.is_identified), "identified"), else_="unidentified").label("identity")
    query = select(subject, col(Vote.value).label("cast"), known, func.count().label("n"))
    query = query.where(col(Vote.draft_id) == draft_id)
    return session.execute(query.group_by("subject", col(Vote.value), "identity")).all()


def _vote_figure(votes: Sequence[Row[Any]]) -> Figure:
    by_subject = dict.fromkeys(SUBJECTS, 0)
    by_value = {"for": 0, "against": 0}
    for row in votes:
        subject = "provision" if "#" in row.subject else "draft"
        by_subject["comment" if row.subject == "comment" else subject] += row.n
        by_value["for" if row.cast > 0 else "against"] += row.n
    by_identity = in_order(KNOWN, sum_over(votes, "identity"))
    return counted(value=by_value, identity=by_identity, subject=by_subject)


def _places(comments: Sequence[Row[Any]], votes: Sequence[Row[Any]]) -> list[Place]:
    """What was said about each provision ("" the draft as a whole), in all versions."""
    said, stances = sum_over(comments, "wid"), sum_over(comments, "wid", "stance")
    cast: dict[tuple[str, int], int] = {}
    for row in votes:
        if row.subject != "comment":
            place = (row.subject.partition("#")[2], row.cast)
            cast[place] = cast.get(place, 0) + row.n
    return [
        Place(
            wid=wid,
            comments=said.get(wid, 0),
            voices_for=stances.get((wid, "support"), 0) + cast.get((wid, 1), 0),
            voices_against=stances.get((wid, "oppose"), 0) + cast.get((wid, -1), 0),
        )
        for wid in dict.fromkeys([*said, *(wid for wid, _ in cast)])
    ]


def _people(session: Session, draft_id: int) -> Figure:
    said = select(col(Comment.author_id), col(Comment.organisation_id))
    who = took_part(
        said.where(col(Comment.draft_id) == draft_id, *public()),
        select(col(Vote.person_id)).where(col(Vote.draft_id) == draft_id),
    )
    parts = (
        who.c.participant,
        who.c.way,
        account(),
        identity(who.c.participant == "organisation"),
    )
    # What they said of themselves comes in the same answer, in rows of its own: never crossed.
    told = about(who).subquery()
    none = literal("")
    counts_of = (
        select(*parts, func.count().label("n"), none.label("what"), none.label("said"))
        .join(who, who.c.person_id == col(Person.id))
        .group_by(who.c.participant, who.c.way, "account", "identity")
    )
    both = counts_of.union_all(
        select(none, none, none, none, told.c.n, told.c.what, told.c.said).select_from(told)
    )
    every = session.execute(both).all()
    rows = [row for row in every if not row.what]
    of_themselves = sum_over((row for row in every if row.what), "what", "said")
    counts: dict[str, Mapping[str, int | None]] = {
        "kind": in_order(PARTICIPANTS, sum_over(rows, "participant")),
        "identity": in_order(IDENTITIES, sum_over(rows, "identity")),
        "way": in_order(WAYS, sum_over(rows, "way")),
        "account": in_order(ACCOUNTS, sum_over(rows, "account")),
    }
    total = sum(n or 0 for n in counts["kind"].values())
    return Figure(total, counts | what_they_said(of_themselves, counts))


def _answers(session: Session, reported: Sequence[int]) -> Figure:
    """Where no report is out, it is known without asking that nothing was answered."""
    outcomes = count_outcomes(session, reported) if reported else {}
    return counted(outcome=in_order(OUTCOMES, sum(outcomes.values(), Counter())))


def _feedback(session: Session, draft_id: int) -> dict[str, Figure]:
    """What those who got an answer say of it."""
    said, decided = feedback_counts(session, draft_id)
    enough = said.total >= LEAST
    return {
        "ratings": counted(met={"yes": said.met, "no": said.not_met}),
        "share_met": Figure(share(said.met, said.total) if enough else None),
        "contests": counted(decision=in_order(DECISIONS, decided)),
    }


def _changes(session: Session, reported: Sequence[int]) -> Sequence[Row[Any]]:
    """The published answers that changed a provision, with its words before and after."""
    if not reported:
        return []
    before, after = col(Disposition.text_before), col(Disposition.text_after)
    return session.execute(
        select(col(Disposition.changed_wid), before, after, col(Disposition.lang))
        .where(
            col(Disposition.consultation_id).in_(reported),
            col(Disposition.state) == "published",
            col(Disposition.outcome).in_(ACCEPTING),
            col(Disposition.changed_wid) != "",
            before != after,
        )
        .order_by(col(Disposition.id))
    ).all()


def duty_standing(now: datetime) -> ColumnElement[str]:
    """How a duty stands, as obligations.rules.derived says it, in SQL."""
    fulfilled = col(Obligation.state) == Stored.FULFILLED.value
    running = col(Obligation.state) == Stored.RUNNING.value
    return case(
        (and_(fulfilled, col(Obligation.fulfilled_at) >= col(Obligation.due_at)), "late"),
        (fulfilled, "on_time"),
        (and_(running, col(Obligation.due_at) <= now), "overdue"),
        else_="to_come",
    )


# Not those owed for a single comment: thousands of receipts would outweigh every late report.
OWED = and_(col(Obligation.state).not_in((Stored.WAIVED.value, Stored.CANCELLED.value)), ~SINGLE)


def _duties(session: Session, draft_id: int, now: datetime) -> Sequence[Row[Any]]:
    standing = duty_standing(now).label("standing")
    due_at = func.min(col(Obligation.due_at)).label("due_at")
    query = select(col(Obligation.duty), standing, func.count().label("n"), due_at)
    query = query.where(col(Obligation.draft_id) == draft_id, OWED)
    return session.execute(
        query.group_by(col(Obligation.duty), "standing").order_by(due_at.is_(None), due_at)
    ).all()


def duty_figures(standings: Mapping[str, int]) -> dict[str, Figure]:
    """The duties as they stand, and the share of those that were kept in time."""
    duties = in_order(STANDINGS, standings)
    fell_due = sum(n for standing, n in duties.items() if standing != "to_come")
    return {
        "duties": counted(standing=duties),
        "share_on_time": Figure(share(duties["on_time"], fell_due)),
    }
