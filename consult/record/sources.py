"""The rows the record speaks of, read as snapshots. Which columns count stands in kinds.py."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, exists
from sqlalchemy import select as sa_select
from sqlmodel import Session, SQLModel, col, select

from consult.adoption.models import Problem
from consult.adoption.practice.models import PracticeReview
from consult.adoption.practice.queries import findings_of
from consult.answers.models import Disposition
from consult.chambers.bills.models import Amendment, BillRegistration, Reading
from consult.chambers.sittings.models import AppealsReport, Sitting
from consult.chambers.voting.models import RollCall
from consult.comments.models import Comment, CommentRevision
from consult.consultations.models import Consultation
from consult.councils.models import CouncilOpinion, CouncilVote, OpinionAnswer
from consult.councils.rules import CLOSED
from consult.feedback.models import Contest
from consult.hearings.models import Hearing, HearingDraft
from consult.moderation.models import Appeal, ModerationAct
from consult.obligations.models import Obligation, ObligationEvent
from consult.polls.models import PollQuestion
from consult.polls.queries import told_json, told_of
from consult.proposals.models import Proposal, ProposalAnswer
from consult.questions.models import Question, QuestionAnswer, QuestionMove
from consult.record.deliberated import agenda, votes_cast
from consult.record.kinds import KINDS, Snapshot, canonical, plain
from consult.record.models import RecordEntry
from consult.reports.models import Report, ReportLine
from drafts.models import DraftVersion, Provision

Gathered = Mapping[int, tuple[dict[str, Any], dict[str, Any]]]  # row: more facts, more words


@dataclass(frozen=True, slots=True)
class Source:
    """The table a kind of entry speaks of, which of its rows, and what is gathered beside them."""

    model: type[SQLModel]
    where: tuple[ColumnElement[bool], ...] = ()
    gather: Callable[[Session, Collection[int]], Gathered] | None = None

    @property
    def id(self) -> Any:
        return self.model.__table__.c.id  # type: ignore[attr-defined]


def snapshots(
    session: Session,
    kind: str,
    ids: Collection[int] | None = None,
    *,
    after: int = 0,
    most: int | None = None,
) -> list[Snapshot]:
    """Rows as they are now, by id: those with these ids, or the next `most` after one."""
    fields, source = KINDS[kind], SOURCES[kind]
    names = ("id", *fields.facts, *fields.words, *fields.private)
    columns = source.model.__table__.c  # type: ignore[attr-defined]
    query = sa_select(*(columns[name] for name in names)).where(*source.where, source.id > after)
    if ids is not None:
        query = query.where(source.id.in_(ids))
    rows = session.execute(query.order_by(source.id).limit(most)).mappings().all()
    found = source.gather(session, [row["id"] for row in rows]) if source.gather and rows else {}
    return [_snapshot(kind, row, *found.get(row["id"], ({}, {}))) for row in rows]


def _snapshot(
    kind: str, row: Mapping[Any, Any], more_facts: dict[str, Any], more_words: dict[str, Any]
) -> Snapshot:
    fields = KINDS[kind]
    facts = {name: plain(row[name]) for name in fields.facts} | more_facts
    words = {name: plain(row[name]) for name in fields.words} | more_words
    private = {name: row[name] for name in fields.private}
    hidden = {"words": words, "private": private}
    return Snapshot(kind, row["id"], facts, {group: said for group, said in hidden.items() if said})


def unrecorded(session: Session, kind: str, *, after: int = 0, most: int) -> list[int]:
    """The first rows the record says nothing of."""
    source = SOURCES[kind]
    query = sa_select(source.id).where(
        *source.where,
        source.id > after,
        ~exists().where(col(RecordEntry.kind) == kind, col(RecordEntry.row_id) == source.id),
    )
    return list(session.execute(query.order_by(source.id).limit(most)).scalars())


def vanished(session: Session, kind: str) -> Iterator[int]:
    """The rows the record speaks of and the database has not, or not in that state, by id."""
    source = SOURCES[kind]
    query = select(RecordEntry.row_id).where(
        RecordEntry.kind == kind,
        ~exists().where(source.id == col(RecordEntry.row_id), *source.where),
    )
    yield from session.exec(query.distinct().order_by(col(RecordEntry.row_id)))


def _texts(session: Session, ids: Collection[int]) -> Gathered:
    """Of each language of a version: SHA-256 of its provisions, a canonical JSON list each, in
    reading order, every one followed by a line end."""
    columns = [getattr(Provision, name) for name in TEXT_COLUMNS]
    query = sa_select(Provision.version_id, Provision.lang, *columns).where(  # type: ignore[call-overload]
        col(Provision.version_id).in_(ids)
    )
    order = (Provision.version_id, Provision.lang, Provision.position)
    hashes: dict[int, dict[str, Any]] = defaultdict(lambda: defaultdict(sha256))
    for version_id, lang, *row in session.execute(query.order_by(*order)).yield_per(1000):
        hashes[version_id][lang].update(canonical(row) + b"\n")
    return {
        version_id: ({"texts": {lang: text.hexdigest() for lang, text in texts.items()}}, {})
        for version_id, texts in hashes.items()
    }


def _report(session: Session, ids: Collection[int]) -> Gathered:
    """Of a report SHA-256 of its lines, a canonical JSON list each, each followed by a line end."""
    columns = [col(getattr(ReportLine, name)) for name in REPORT_COLUMNS]
    query = sa_select(col(ReportLine.report_id), *columns).where(col(ReportLine.report_id).in_(ids))
    order = (ReportLine.report_id, ReportLine.part, ReportLine.number)
    hashes: dict[int, Any] = defaultdict(sha256)
    for report_id, *line in session.execute(query.order_by(*map(col, order))).yield_per(1000):
        hashes[report_id].update(canonical(line) + b"\n")
    return {report_id: ({}, {"lines": lines.hexdigest()}) for report_id, lines in hashes.items()}


def _lines(session: Session, ids: Collection[int]) -> Gathered:
    """Of each duty its ledger: what happened and what it became due, in public; the rest hashed."""
    query = select(ObligationEvent).where(col(ObligationEvent.obligation_id).in_(ids))
    ledgers: dict[int, list[ObligationEvent]] = defaultdict(list)
    for line in session.exec(query.order_by(col(ObligationEvent.seq))).all():
        ledgers[line.obligation_id].append(line)
    return {
        duty_id: (
            {
                "lines": [
                    {name: plain(getattr(line, name)) for name in LINE_COLUMNS}
                    | {"due_at": line.data.get("due_at")}
                    for line in lines
                ]
            },
            {"ledger": [[line.seq, line.actor_id, line.data] for line in lines]},
        )
        for duty_id, lines in ledgers.items()
    }


def _result(session: Session, ids: Collection[int]) -> Gathered:
    """Of each question how it was answered, as everybody is told: no small part stands there."""
    return {
        told.question.id or 0: ({"result": told_json(told)}, {}) for told in told_of(session, ids)
    }


def _findings(session: Session, ids: Collection[int]) -> Gathered:
    """Of each review what it concludes of provisions, [[wid, conclusion, words], …]."""
    found = findings_of(session, ids)
    return {
        id_: ({}, {"findings": [[one.wid, one.conclusion, one.words] for one in found[id_]]})
        for id_ in ids
    }


def _drafts_heard(session: Session, ids: Collection[int]) -> Gathered:
    """Of each hearing the numbers of the drafts it is about."""
    query = select(HearingDraft).where(col(HearingDraft.hearing_id).in_(ids))
    drafts: dict[int, list[int]] = defaultdict(list)
    for row in session.exec(query.order_by(col(HearingDraft.draft_id))).all():
        drafts[row.hearing_id].append(row.draft_id)
    return {id_: ({"drafts": drafts[id_]}, {}) for id_ in ids}


TEXT_COLUMNS = (
    *("position", "wid", "eid", "parent_eid", "depth", "kind", "number", "label", "heading"),
    *("text", "text_hash"),
)
REPORT_COLUMNS = ("part", "number", "begins", "content")
LINE_COLUMNS = ("seq", "kind", "at", "recorded_at")

# Of a question in a round that is still to come, or runs, the record says nothing.
_IN_OPEN_ROUND = exists().where(
    col(Consultation.id) == col(PollQuestion.consultation_id),
    col(Consultation.closed_at).is_(None),
)
_DECIDED = exists().where(
    col(CouncilOpinion.id) == col(CouncilVote.opinion_id), col(CouncilOpinion.state).in_(CLOSED)
)
SOURCES: Mapping[str, Source] = {
    "comment": Source(Comment),
    "wording": Source(CommentRevision),
    "version": Source(DraftVersion, (col(DraftVersion.published_at).is_not(None),), _texts),
    "answer": Source(Disposition, (col(Disposition.state) == "published",)),
    "report": Source(Report, (), _report),
    "duty": Source(Obligation, (), _lines),
    "poll": Source(PollQuestion, (~_IN_OPEN_ROUND,), _result),
    "moderation": Source(ModerationAct),
    "proposal": Source(Proposal),
    "proposal_answer": Source(ProposalAnswer, (col(ProposalAnswer.state) == "published",)),
    "question": Source(Question),
    "question_answer": Source(QuestionAnswer, (col(QuestionAnswer.state) == "published",)),
    "question_move": Source(QuestionMove),
    "problem": Source(Problem),
    "review": Source(PracticeReview, (col(PracticeReview.published_at).is_not(None),), _findings),
    "hearing": Source(Hearing, (), _drafts_heard),
    "bill": Source(BillRegistration),
    "reading": Source(Reading),
    "amendment": Source(Amendment),
    "roll_call": Source(RollCall, (), votes_cast),
    "sitting": Source(Sitting, (), agenda),
    "appeals_report": Source(AppealsReport),
    "opinion": Source(CouncilOpinion, (col(CouncilOpinion.state).in_(CLOSED),)),
    "opinion_vote": Source(CouncilVote, (_DECIDED,)),
    "opinion_answer": Source(OpinionAnswer, (col(OpinionAnswer.published_at).is_not(None),)),
    "appeal": Source(Appeal),
    "contest": Source(Contest),
}
