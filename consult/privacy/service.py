"""[pure] The registry's other half: what is held of those who work here, and to run the site."""

from consult.errors import N_
from consult.privacy.rules import Holding, Keep, Place, Then
from consult.privacy.sentences import AFTER, ALL_DELETED, FOR_GOOD, NO_LIMIT, NOBODY, NUMBER_ONLY


def _did(where: str, *when: str) -> Place:
    """Something done for an agency ("issue.created_by"), given with the day; it stays."""
    table, _, column = where.partition(".")
    return Place(table, column, Then.STAY, given=when)


SERVICE: tuple[Holding, ...] = (
    Holding(
        "webhooks",
        what=N_("Addresses you asked us to call, and the calls."),
        why=N_("To tell your programs what happened in public."),
        keep=Keep(
            N_("An address: until you take it back. A call: deleted after this many days: {n}."),
            setting="keep_webhook_calls_days",
            for_ever=NO_LIMIT,
        ),
        seen=N_("You and administrators."),
        forgotten=ALL_DELETED,
        places=(
            Place(
                "webhook_call",
                "webhook_id.owner_id",
                Then.DELETE,
                given=("kind", "created_at", "sent_at", "status", "error"),
            ),
            Place(
                "webhook",
                "owner_id",
                Then.DELETE,
                given=("url", "kinds", "created_at", "disabled_at", "ended_at"),
                secret=("seed", "former_seed"),
            ),
        ),
    ),
    Holding(
        "api_keys",
        what=N_("Keys with which your programs write here, and what they were answered."),
        why=N_("So that nobody but your programs can write in your name, and nothing twice."),
        keep=Keep(
            N_("A key: until your account ends. An answer: deleted after this many days: {n}."),
            setting="keep_api_answers_days",
            for_ever=NO_LIMIT,
        ),
        seen=N_("You."),
        forgotten=ALL_DELETED,
        places=(
            Place(
                "api_answer",
                "key_id.person_id",
                Then.DELETE,
                given=("answer", "answered_at"),
                secret=("repeat_key", "asked_hash"),
            ),
            Place(
                "api_key",
                "person_id",
                Then.DELETE,
                given=("name", "terms", "accepted_at", "created_at", "used_on", "ended_at"),
                secret=("token_hash",),
            ),
        ),
    ),
    Holding(
        "audit",
        what=N_("The log of what was done to accounts: roles, identification, downloads of data."),
        why=N_("So that misuse can be found."),
        keep=Keep(
            N_("For good; that somebody took data: deleted after this many days: {n}."),
            setting="keep_reading_log_days",
            for_ever=N_("For good."),
        ),
        seen=N_("Administrators and the oversight body."),
        forgotten=N_("It stays, with a number in place of you: it holds no words and no names."),
        places=(
            Place("audit_entry", "subject_id", Then.STAY, given=("action", "at")),
            Place("audit_entry", "actor_id", Then.STAY, given=("action", "at")),
        ),
    ),
    Holding(
        "events",
        what=N_("What happened and is still to be passed on; an address you typed, until then."),
        why=N_("So that nothing is lost or done twice if the site stops in between."),
        keep=Keep(AFTER, setting="keep_events_days", for_ever=NO_LIMIT),
        seen=N_("Whoever runs this site."),
        forgotten=N_("It is deleted. Addresses are emptied as soon as they have been used."),
        places=(Place("outbox_event", "", Then.OWN_WAY, secret=("payload",)),),
    ),
    Holding(
        "limits",
        what=N_("How often something was asked for from an account or a part of the network."),
        why=N_("So that nobody can stop others from using the site."),
        keep=Keep(N_("Minutes, at most a few days.")),
        seen=NOBODY,
        forgotten=N_("It runs out by itself."),
    ),
    Holding(
        "record",
        what=N_("Entries of the public record, and published reports."),
        why=N_("So that anybody can check that no comment was lost or changed."),
        keep=FOR_GOOD,
        seen=N_("Everybody. No words and no people stand in the record, only fingerprints."),
        forgotten=N_(
            "If your words are removed, the key to their fingerprints is deleted: nobody can tell "
            "any more what they were. Reports are shown without your name."
        ),
        places=(
            Place("record_salt", "", Then.OWN_WAY, secret=("salt",)),
            Place("report_line", "", Then.OWN_WAY, secret=("content",)),
        ),
    ),
    Holding(
        "work",
        what=N_("If you work for an agency: what you did in its name, and when."),
        why=N_("An act of an agency must be traceable to whoever did it."),
        keep=Keep(N_("For good: it belongs to the file of the agency.")),
        seen=N_("Your agency, the oversight body; the public sees the agency."),
        forgotten=NUMBER_ONLY,
        places=(
            _did("act_outcome.recorded_by", "draft_id", "recorded_at"),
            _did("alignment_decision.decided_by", "decided_at"),
            _did("answer_template.written_by", "title", "written_at"),
            _did("appeal.decided_by", "decided_at"),
            _did("assignment.officer_id", "comment_id", "assigned_at"),
            _did("assignment.assigned_by", "comment_id", "assigned_at"),
            _did("attachment.added_by", "comment_id", "added_at"),
            _did("calendar_act.entered_by", "entered_at"),
            _did("calendar_act.revoked_by", "revoked_at"),
            _did("commitment_step.actor_id", "changed_at"),
            _did("consultation.created_by", "draft_id"),
            _did("consultation_extension.extended_by", "extended_at"),
            _did("contest.decided_by", "comment_id", "decided_at"),
            _did("disposition.drafted_by", "comment_id", "drafted_at"),
            _did("disposition.approved_by", "comment_id", "approved_at"),
            _did("duty_proposal.proposed_by", "proposed_at"),
            _did("duty_proposal.decided_by", "decided_at"),
            _did("group_suggestion.decided_by", "decided_at"),
            _did("identity.identified_by", "identified_at"),
            _did("import_preview.created_by", "created_at"),
            _did("internal_note.author_id", "written_at"),
            _did("invitation.invited_by", "created_at"),
            _did("issue.created_by", "title", "created_at"),
            _did("poll_question.set_by", "set_at"),
            _did("referral.referred_by", "draft_id", "referred_at"),
            _did("referral.ended_by", "draft_id", "ended_at"),
            _did("membership.added_by", "created_at"),
            _did("membership.ended_by", "ended_at"),
            _did("moderation_act.actor_id", "act", "acted_at"),
            _did("obligation.officer_id", "duty", "due_at"),
            _did("obligation_event.actor_id", "kind", "at"),
            _did("plan_change.actor_id", "kind", "changed_at"),
            _did("plan_item.created_by", "created_at"),
            _did("problem.answered_by", "answered_at"),
            _did("problem.hidden_by", "hidden_at"),
            _did("provenance.entered_by", "comment_id", "entered_at"),
            _did("provision_change.confirmed_by", "confirmed_at"),
            _did("report.published_by", "published_at"),
            _did("rule_confirmation.confirmed_by", "confirmed_at"),
            _did("rule_confirmation.withdrawn_by", "withdrawn_at"),
            _did("stage_change.actor_id", "draft_id", "changed_at"),
        ),
    ),
)
