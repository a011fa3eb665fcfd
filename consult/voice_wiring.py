"""Which handlers the events of other voices have; wiring.py takes these in."""

from collections.abc import Mapping

from consult import voice_events as events
from consult.adoption.practice.handlers import settle_review_duty
from consult.chambers.sittings.handlers import owe_results, settle_results
from consult.councils.handlers import (
    end_failed_opinion,
    keep_given_opinion,
    owe_opinion,
    settle_answered_opinion,
)
from consult.events import Event
from consult.obligations.hearing_handlers import owe_minutes, settle_minutes
from consult.pacing import Handler, Steps
from consult.proposals.handlers import (
    cancel_hidden_proposal,
    owe_answer_to_proposal,
    settle_answered_proposal,
)
from consult.questions.handlers import (
    cancel_hidden_question,
    cancel_withdrawn_question,
    owe_answer_elsewhere,
    owe_answer_to_question,
    settle_answered_question,
)
from consult.record.handlers import keep_record
from consult.webhooks.voices import (
    call_on_hearing,
    call_on_opinion,
    call_on_proposal,
    call_on_question,
    call_on_roll_call,
)
from notifications.chambers import announce_reading, announce_roll_call
from notifications.councils import (
    announce_opinion,
    tell_members_answered,
    tell_members_asked,
    tell_members_to_vote,
    tell_officers_of_opinion,
)
from notifications.hearings import announce_hearing, remind_guests, tell_of_seat
from notifications.practice import announce_review
from notifications.proposals import (
    announce_joining,
    announce_proposal,
    clean_proposal_notices,
    tell_author_of_hidden_proposal,
)
from notifications.questions import (
    announce_question_answer,
    clean_question_notices,
    tell_asked_body,
    tell_of_forwarding,
    tell_of_hidden_question,
)

VOICES: Mapping[type[Event], tuple[Handler, ...]] = {
    events.ProposalMade: (keep_record,),
    events.ProposalReached: (
        owe_answer_to_proposal,
        announce_proposal,
        keep_record,
        call_on_proposal,
    ),
    events.ProposalAnswered: (
        settle_answered_proposal,
        announce_proposal,
        keep_record,
        call_on_proposal,
    ),
    events.ProposalLed: (announce_proposal, keep_record),
    events.ProposalJoined: (announce_joining, keep_record),
    events.ProposalWithdrawn: (announce_proposal, keep_record),
    events.ProposalHidden: (
        cancel_hidden_proposal,
        tell_author_of_hidden_proposal,
        clean_proposal_notices,
        keep_record,
    ),
    events.OpinionAsked: (owe_opinion, tell_members_asked),
    events.OpinionPut: (tell_members_to_vote,),
    events.OpinionGiven: (
        keep_given_opinion,
        announce_opinion,
        tell_officers_of_opinion,
        keep_record,
        call_on_opinion,
    ),
    events.OpinionFailed: (end_failed_opinion, keep_record),
    events.OpinionAnswered: (settle_answered_opinion, tell_members_answered, keep_record),
    events.HearingAnnounced: (announce_hearing, keep_record, call_on_hearing),
    events.HearingChanged: (announce_hearing, keep_record, call_on_hearing),
    events.HearingCalledOff: (announce_hearing, keep_record, call_on_hearing),
    events.HearingNear: (remind_guests,),
    events.HearingHeld: (owe_minutes, keep_record),
    events.MinutesPublished: (settle_minutes, announce_hearing, keep_record),
    events.SeatGiven: (tell_of_seat,),
    events.QuestionAsked: (owe_answer_to_question, tell_asked_body, keep_record, call_on_question),
    events.QuestionAnswered: (
        settle_answered_question,
        announce_question_answer,
        keep_record,
        call_on_question,
    ),
    events.QuestionForwarded: (
        owe_answer_elsewhere,
        tell_asked_body,
        tell_of_forwarding,
        keep_record,
    ),
    events.QuestionRated: (keep_record,),
    events.QuestionWithdrawn: (cancel_withdrawn_question, keep_record),
    events.QuestionHidden: (
        cancel_hidden_question,
        tell_of_hidden_question,
        clean_question_notices,
        keep_record,
    ),
    events.BillRegistered: (keep_record,),
    events.ReadingRecorded: (announce_reading, keep_record),
    events.ReadingCorrected: (keep_record,),
    events.AmendmentsRecorded: (keep_record,),
    events.RollCallPublished: (announce_roll_call, keep_record, call_on_roll_call),
    events.SittingHeld: (owe_results, keep_record),
    events.SittingPublished: (settle_results, keep_record),
    events.AppealsReported: (keep_record,),
    events.ReviewPublished: (settle_review_duty, announce_review, keep_record),
}

# Those that tell very many people, a batch at a time (wiring.py).
VOICES_IN_STEPS: tuple[Steps, ...] = (
    announce_proposal,
    announce_joining,
    announce_opinion,
    announce_hearing,
    remind_guests,
    announce_question_answer,
    announce_review,
    announce_reading,
    announce_roll_call,
)

# Those that run without a transaction (wiring.py).
VOICES_OUTSIDE: tuple[Handler, ...] = ()
