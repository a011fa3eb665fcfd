"""Which handlers an event has: the one place to look when asking what follows from what."""

from collections.abc import Mapping

from consult import account_events, events
from consult.accounts.handlers import register_person
from consult.adoption.handlers import (
    cancel_hidden_problem,
    keep_outcome_duties,
    keep_promises,
    owe_answer_to_problem,
    settle_answered_problem,
)
from consult.anchors.handlers import ask_authors, resolve_anchors
from consult.campaigns.handlers import compare_all, compare_comment
from consult.councils.handlers import ask_councils, end_requests
from consult.feedback.handlers import end_review, owe_review, settle_review
from consult.grouping.handlers import forget_shared_words, suggest_groups
from consult.obligations.handlers import (
    end_duties_of_draft,
    keep_comment_duties,
    keep_duties,
    keep_duties_to_comment,
    owe_appeal_decision,
    owe_for_comment,
    settle_appeal_decision,
)
from consult.obligations.keeping.recounting import recount_duties
from consult.pacing import Handler, Steps
from consult.plans.handlers import start_planned
from consult.polls.handlers import count_identified_answers
from consult.privacy.forgetting import forget_everywhere, forget_taken_over
from consult.proposals.handlers import count_identified_support
from consult.record.handlers import keep_record
from consult.reports.handlers import answer_restored, keep_redacted
from consult.voice_wiring import VOICES, VOICES_IN_STEPS, VOICES_OUTSIDE
from consult.votes.handlers import count_identified_votes
from consult.webhooks.handlers import (
    call_on_closing,
    call_on_comment,
    call_on_extension,
    call_on_opening,
    call_on_outcome,
    call_on_overdue,
    call_on_report,
    call_on_version,
)
from notifications.accounts import (
    mail_address_change,
    mail_address_changed,
    mail_address_restored,
    mail_confirmation,
    mail_factor_change,
    mail_identified,
    mail_key_made,
    mail_known_address,
    mail_link_to_mails,
    mail_membership,
    mail_password_change,
    mail_recovery_code_used,
    mail_reset,
    mail_strange_browser,
)
from notifications.adoption import (
    announce_outcome,
    tell_author_of_problem_answer,
    tell_author_of_problem_hiding,
    tell_authors_of_promise,
)
from notifications.answers import tell_given_comments
from notifications.by_mail import (
    mail_follow_link,
    mail_managing_link,
)
from notifications.duties import (
    tell_approvers,
    tell_assigned,
    tell_of_correction,
    tell_of_delay,
    tell_of_moved_terms,
    tell_proposer,
)
from notifications.feedback import tell_author_of_review, tell_reviewers
from notifications.handlers import (
    announce_extension,
    announce_opening,
    announce_report,
    ask_author_whether_it_matters,
    remind_responsible,
    settle_notices,
    tell_author_of_answer,
    tell_author_of_receipt,
    tell_parent_of_reply,
)
from notifications.invitations import mail_invitation
from notifications.moderation import (
    clean_notices,
    tell_author_of_act,
    tell_of_appeal,
    tell_of_appeal_decision,
    tell_reporters,
)
from notifications.parliament import tell_committee
from notifications.plans import tell_of_plan
from notifications.practice import tell_officers_of_report
from notifications.signing import (
    tell_signers_of_act,
    tell_signers_of_answer,
    tell_signers_of_review,
    tell_signers_of_withdrawal,
)
from notifications.webhooks import tell_owner_of_webhook

HANDLERS: Mapping[type[events.Event], tuple[Handler, ...]] = {
    account_events.PersonRegistered: (mail_confirmation,),
    account_events.RegistrationAsked: (register_person,),
    account_events.PasswordResetAsked: (mail_reset,),
    account_events.PasswordChanged: (mail_password_change,),
    account_events.AddressChangeAsked: (mail_address_change,),
    account_events.AddressChanged: (mail_address_changed,),
    account_events.AddressRestored: (mail_address_restored,),
    account_events.PersonInvited: (mail_invitation,),
    account_events.RegistrationRepeated: (mail_known_address,),
    account_events.PersonForgotten: (forget_everywhere,),
    account_events.FactorChanged: (mail_factor_change,),
    account_events.KeyMade: (mail_key_made,),
    account_events.RecoveryCodeUsed: (mail_recovery_code_used,),
    account_events.StrangeBrowser: (mail_strange_browser,),
    account_events.MailWanted: (mail_link_to_mails,),
    account_events.MembershipChanged: (mail_membership,),
    account_events.AddressTakenOver: (forget_taken_over,),
    account_events.FollowAsked: (mail_follow_link,),
    account_events.FollowingAsked: (mail_managing_link,),
    account_events.PersonIdentified: (
        count_identified_votes,
        count_identified_answers,
        count_identified_support,
        mail_identified,
    ),
    account_events.IdentityTakenBack: (
        count_identified_votes,
        count_identified_answers,
        count_identified_support,
    ),
    events.DraftChanged: (end_duties_of_draft,),
    events.VersionPublished: (
        resolve_anchors,
        start_planned,
        keep_record,
        call_on_version,
    ),
    events.AnchorsResolved: (ask_authors,),
    events.AuthorAsked: (ask_author_whether_it_matters,),
    events.ConsultationScheduled: (start_planned,),
    events.ConsultationOpened: (keep_duties, ask_councils, announce_opening, call_on_opening),
    events.ConsultationClosed: (
        keep_duties,
        keep_comment_duties,
        compare_all,
        suggest_groups,
        keep_record,
        call_on_closing,
    ),
    events.CommentSubmitted: (
        owe_for_comment,
        tell_author_of_receipt,
        tell_parent_of_reply,
        compare_comment,
        keep_record,
        call_on_comment,
    ),
    events.CommentEdited: (compare_comment, keep_record),  # nobody is told: the window is short
    events.CommentWithdrawn: (
        compare_comment,
        keep_duties_to_comment,
        end_review,
        clean_notices,
        tell_signers_of_withdrawal,
        keep_record,
    ),
    events.CommentHidden: (
        compare_comment,
        keep_duties_to_comment,
        end_review,
        tell_author_of_act,
        tell_signers_of_act,
        clean_notices,
        tell_reporters,
        keep_record,
    ),
    events.CommentRestored: (
        compare_comment,
        keep_duties_to_comment,
        owe_review,
        answer_restored,
        tell_author_of_act,
        tell_signers_of_act,
        clean_notices,
        tell_reporters,
        keep_record,
    ),
    events.CommentKept: (tell_reporters, keep_record),
    events.ReportPublished: (
        keep_duties,
        keep_comment_duties,
        keep_promises,
        announce_report,
        keep_record,
        call_on_report,
    ),
    events.CommentAnswered: (tell_author_of_answer, tell_signers_of_answer),
    events.AnswersReleased: (settle_notices,),
    events.ReminderDue: (remind_responsible, call_on_overdue),
    events.DutyProposed: (tell_approvers,),
    events.DutyProposalDecided: (tell_proposer,),
    events.DutiesAssigned: (tell_assigned,),
    events.DutyCorrected: (tell_of_correction,),
    events.DelayAnnounced: (tell_of_delay,),
    events.CalendarChanged: (recount_duties,),
    events.TermsMoved: (tell_of_moved_terms,),
    events.CommentsRegrouped: (keep_comment_duties,),
    events.CommentsAssigned: (tell_given_comments,),
    events.ConsultationExtended: (announce_extension, call_on_extension),
    events.PlanItemChanged: (tell_of_plan,),
    events.OutcomeRecorded: (
        keep_outcome_duties,
        end_requests,
        announce_outcome,
        call_on_outcome,
    ),
    events.CommitmentChanged: (tell_authors_of_promise,),
    events.ProblemReported: (owe_answer_to_problem, tell_officers_of_report, keep_record),
    events.ProblemAnswered: (settle_answered_problem, tell_author_of_problem_answer, keep_record),
    events.SuggestionsAsked: (suggest_groups,),
    events.CommentSigned: (),
    events.CommentDisavowed: (
        compare_comment,
        keep_duties_to_comment,
        end_review,
        clean_notices,
        tell_signers_of_withdrawal,
        keep_record,
    ),
    events.CommentHeld: (
        compare_comment,
        keep_duties_to_comment,
        end_review,
        clean_notices,
        tell_author_of_act,
        keep_record,
    ),
    events.CommentRedacted: (
        compare_comment,
        forget_shared_words,
        keep_redacted,
        tell_author_of_act,
        clean_notices,
        tell_reporters,
        keep_record,
    ),
    events.ModerationAppealed: (owe_appeal_decision, tell_of_appeal, keep_record),
    events.AppealDecided: (
        compare_comment,
        keep_redacted,
        settle_appeal_decision,
        clean_notices,
        tell_of_appeal_decision,
        keep_record,
    ),
    events.AnswerContested: (owe_review, tell_reviewers, keep_record),
    events.ContestDecided: (
        settle_review,
        tell_author_of_review,
        tell_signers_of_review,
        keep_record,
    ),
    events.LedgersWritten: (keep_record,),
    events.WebhookSwitchedOff: (tell_owner_of_webhook,),
    events.ReportRedacted: (keep_record,),
    events.BillReferred: (tell_committee,),
    events.PollAnswerHidden: (keep_record,),
    events.ProblemHidden: (cancel_hidden_problem, tell_author_of_problem_hiding, keep_record),
    **VOICES,
}

_IN_STEPS: tuple[Steps, ...] = (
    announce_opening,
    announce_extension,
    announce_report,
    announce_outcome,
    tell_of_plan,
)

# Handlers that tell very many people, a batch at a time: each is given how far it came, and says
# how far it is now, "" when it is done. What others wait for is done between two batches.
IN_STEPS: Mapping[str, Steps] = {
    handler.__name__: handler for handler in (*_IN_STEPS, *VOICES_IN_STEPS)
}

# Handlers run without a transaction, for their work lies outside the database or is done in
# many short ones. They are idempotent.
OUTSIDE: frozenset[Handler] = frozenset(
    {
        resolve_anchors,
        keep_comment_duties,
        compare_all,
        suggest_groups,
        end_duties_of_draft,
        forget_everywhere,
        recount_duties,
        keep_promises,
        tell_authors_of_promise,
        tell_of_delay,
        tell_signers_of_act,
        tell_signers_of_answer,
        tell_signers_of_review,
        tell_signers_of_withdrawal,
        *VOICES_OUTSIDE,
    }
)
