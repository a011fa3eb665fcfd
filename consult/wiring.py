"""Which handlers an event has: the one place to look when asking what follows from what."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from consult import events
from consult.anchors.handlers import ask_authors, resolve_anchors
from consult.obligations.handlers import keep_duties
from consult.platform import Platform
from drafts.search.indexing import index_draft
from notifications.handlers import (
    announce_opening,
    announce_report,
    ask_author_whether_it_matters,
    mail_confirmation,
    mail_known_address,
    mail_reset,
    remind_responsible,
    settle_notices,
    tell_author_of_answer,
    tell_author_of_hiding,
    tell_author_of_receipt,
    tell_author_of_restoring,
    tell_parent_of_reply,
)

Handler = Callable[[Session, Platform, Any, datetime], None]

HANDLERS: Mapping[type[events.Event], tuple[Handler, ...]] = {
    events.PersonRegistered: (mail_confirmation,),
    events.PasswordResetAsked: (mail_reset,),
    events.RegistrationRepeated: (mail_known_address,),
    events.DraftChanged: (index_draft,),
    events.VersionPublished: (index_draft, resolve_anchors),
    events.AnchorsResolved: (ask_authors,),
    events.AuthorAsked: (ask_author_whether_it_matters,),
    events.ConsultationScheduled: (),  # the draft's change of stage is indexed by DraftChanged
    events.ConsultationOpened: (keep_duties, announce_opening),
    events.ConsultationClosed: (keep_duties,),
    events.CommentSubmitted: (tell_author_of_receipt, tell_parent_of_reply),
    events.CommentEdited: (),  # nobody is told: the window is short, the history is kept
    events.CommentWithdrawn: (),
    events.CommentHidden: (tell_author_of_hiding,),
    events.CommentRestored: (tell_author_of_restoring,),
    events.ReportPublished: (keep_duties, announce_report),
    events.CommentAnswered: (tell_author_of_answer,),
    events.AnswersReleased: (settle_notices,),
    events.ReminderDue: (remind_responsible,),
    events.DutyProposed: (),
    events.DutyProposalDecided: (),
    events.DutyAssigned: (),
    events.DelayAnnounced: (),
    events.CalendarChanged: (),
    events.TermsMoved: (),
    events.CommentsRegrouped: (),
    events.ConsultationExtended: (),
    events.PlanItemChanged: (),
    events.OutcomeRecorded: (),
    events.CommitmentChanged: (),
    events.ProblemReported: (),
    events.ProblemAnswered: (),
    events.ProblemHidden: (),
}

# Handlers run without a transaction, for their work lies outside the database or is done in
# many short ones. They are idempotent.
OUTSIDE: frozenset[Handler] = frozenset({index_draft, resolve_anchors})
