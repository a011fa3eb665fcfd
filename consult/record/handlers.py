"""What is recorded when something happened: the rows an event speaks of, as they are then.

Rows change only by what leaves an event, in the same transaction, so nothing is missed; and no row
is recorded without one, so that what is put in by hand is found (verifying.py).
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from consult import events as happened
from consult import voice_events as voices
from consult.answers.models import Disposition
from consult.comments.models import CommentRevision
from consult.councils.models import CouncilVote, OpinionAnswer
from consult.events import Event
from consult.moderation.models import ModerationAct
from consult.platform import Platform
from consult.polls.models import PollQuestion
from consult.record.writing import forget_earlier, keep
from consult.reports.models import Report

# Whatever changes a row that stands in the record.
RECORDED: frozenset[type[Event]] = frozenset(
    {
        happened.VersionPublished,
        happened.ConsultationClosed,
        happened.CommentSubmitted,
        happened.CommentEdited,
        happened.CommentWithdrawn,
        happened.CommentDisavowed,
        happened.CommentHeld,
        happened.CommentHidden,
        happened.CommentRestored,
        happened.CommentKept,
        happened.CommentRedacted,
        happened.ModerationAppealed,
        happened.AppealDecided,
        happened.AnswerContested,
        happened.ContestDecided,
        happened.ProblemReported,
        happened.ProblemAnswered,
        happened.ProblemHidden,
        happened.PollAnswerHidden,
        happened.ReportPublished,
        happened.ReportRedacted,
        happened.LedgersWritten,
        voices.ReviewPublished,
        voices.BillRegistered,
        voices.ReadingRecorded,
        voices.ReadingCorrected,
        voices.AmendmentsRecorded,
        voices.RollCallPublished,
        voices.SittingHeld,
        voices.SittingPublished,
        voices.AppealsReported,
        voices.HearingAnnounced,
        voices.HearingChanged,
        voices.HearingCalledOff,
        voices.HearingHeld,
        voices.MinutesPublished,
        voices.OpinionGiven,
        voices.OpinionFailed,
        voices.OpinionAnswered,
        voices.ProposalMade,
        voices.ProposalReached,
        voices.ProposalAnswered,
        voices.ProposalLed,
        voices.ProposalJoined,
        voices.ProposalWithdrawn,
        voices.ProposalHidden,
        voices.QuestionAsked,
        voices.QuestionAnswered,
        voices.QuestionForwarded,
        voices.QuestionRated,
        voices.QuestionWithdrawn,
        voices.QuestionHidden,
    }
)
# What of an event names rows to be looked at: of a comment its earlier wordings are looked at too.
NAMED = {
    "comment_id": "comment",
    "version_id": "version",
    "act_id": "moderation",
    "appeal_id": "appeal",
    "contest_id": "contest",
    "hearing_id": "hearing",
    "bill_id": "bill",
    "reading_id": "reading",
    "roll_call_id": "roll_call",
    "sitting_id": "sitting",
    "appeals_report_id": "appeals_report",
    "problem_id": "problem",
    "review_id": "review",
    "opinion_id": "opinion",
    "proposal_id": "proposal",
    "proposal_answer_id": "proposal_answer",
    "question_id": "question",
    "question_answer_id": "question_answer",
    "move_id": "question_move",
}


def keep_record(session: Session, _platform: Platform, event: Event, now: datetime) -> None:
    """Put on record what happened; the worker does the same for many events at once."""
    keep_records(session, [event], now)


def keep_records(session: Session, events: Collection[Event], now: datetime) -> None:
    """Put on record what several events speak of, in few statements."""
    keep(session, rows_of(session, events), now)
    redacted = happened.CommentRedacted, happened.ReportRedacted
    cut = rows_of(session, [event for event in events if isinstance(event, redacted)])
    cut = {kind: cut[kind] for kind in ("comment", "wording", "report") if kind in cut}
    if cut:
        forget_earlier(session, cut, now)


def rows_of(session: Session, events: Collection[Event]) -> dict[str, set[int]]:
    """The rows events speak of, by kind."""
    rows: dict[str, set[int]] = {kind: set() for kind in (*NAMED.values(), "amendment", "duty")}
    reported = set()
    for event in events:
        for name, kind in NAMED.items():
            if row := getattr(event, name, None):
                rows[kind].add(row)
        rows["duty"].update(getattr(event, "obligation_ids", ()))
        rows["amendment"].update(getattr(event, "amendment_ids", ()))
        if isinstance(event, happened.ReportPublished | happened.ReportRedacted):
            reported.add(event.consultation_id)
    rows["moderation"] |= _other_acts(session, events)
    of_comments = col(CommentRevision.comment_id).in_(rows["comment"])
    rows["wording"] = _ids(session, CommentRevision, of_comments)
    closed = {
        event.consultation_id for event in events if isinstance(event, happened.ConsultationClosed)
    }
    if closed:
        of_rounds = col(PollQuestion.consultation_id).in_(closed)
        rows["poll"] = _ids(session, PollQuestion, of_rounds)
    for kind, part in (("opinion_vote", CouncilVote), ("opinion_answer", OpinionAnswer)):
        rows[kind] = _ids(session, part, col(part.opinion_id).in_(rows["opinion"]))
    for kind, model in (("answer", Disposition), ("report", Report)):
        rows[kind] = _ids(session, model, col(model.consultation_id).in_(reported))
    return {kind: ids for kind, ids in rows.items() if ids}


def _other_acts(session: Session, events: Collection[Event]) -> set[int]:
    """Acts whose events do not name them: on problems, and those that undo what was appealed."""
    problems = {event.problem_id for event in events if isinstance(event, happened.ProblemHidden)}
    appealed = {event.comment_id for event in events if isinstance(event, happened.AppealDecided)}
    if not problems | appealed:
        return set()
    act = ModerationAct
    of_appeals = and_(col(act.comment_id).in_(appealed), col(act.act) == "put_back")
    return _ids(session, act, or_(col(act.problem_id).in_(problems), of_appeals))


def _ids(
    session: Session,
    model: type[
        CommentRevision
        | CouncilVote
        | Disposition
        | ModerationAct
        | OpinionAnswer
        | PollQuestion
        | Report
    ],
    which: ColumnElement[bool],
) -> set[int]:
    return {row or 0 for row in session.exec(select(col(model.id)).where(which)).all()}
