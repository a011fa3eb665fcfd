"""[pure] The registry of all the site holds about people: one entry a thing, with its places.

The page /privacy, the download of one's data and forgetting are made of it. A test compares it with
the tables: each column that refers to a person, or is named like an address, stands here.
"""

from consult.errors import N_
from consult.privacy.posted import POSTED
from consult.privacy.rules import Holding, Keep, Place, Then
from consult.privacy.sentences import (
    AFTER_END,
    ALL_DELETED,
    COUNTED,
    EVERYBODY,
    FOR_GOOD,
    NO_LIMIT,
    NOBODY,
    WITH_ACCOUNT,
    YOU,
)
from consult.privacy.service import SERVICE
from consult.privacy.voices import VOICES

DELETE, EMPTY, CHOICE, STAY = Then.DELETE, Then.EMPTY, Then.CHOICE, Then.STAY

HOLDINGS: tuple[Holding, ...] = (
    Holding(
        "account",
        what=N_("Your account: address, name, region, language."),
        why=N_("To sign you in, to write to you, and to show your words under the name you chose."),
        keep=Keep(
            N_(
                "As long as you have an account. If the address is never confirmed, it is deleted "
                "after this many days: {n}."
            ),
            setting="keep_unconfirmed_days",
            for_ever=WITH_ACCOUNT.said,
        ),
        seen=N_(
            "You. Everybody sees the name you chose; agencies that answer you and moderators see "
            "your name. Your address is seen by administrators, and by whoever manages an "
            "organisation you speak for."
        ),
        forgotten=N_("It is emptied. Only a number without a name is left."),
        places=(
            Place(
                "person",
                "id",
                EMPTY,
                given=(
                    *("email", "name", "pseudonym", "shown", "region", "lang"),
                    *("zone", "acts_for_id", "created_at", "email_confirmed_at", "verified_at"),
                    *("second_factor_since", "mail_off_at", "bounces_n", "forgotten_at"),
                ),
                secret=("password_hash",),
                emptied=(
                    *("email", "name", "pseudonym", "pseudonym_key", "region", "zone"),
                    *("acts_for_id", "email_confirmed_at", "second_factor_since", "mail_off_at"),
                    *("bounces_n", "password_hash"),
                ),
            ),
        ),
    ),
    Holding(
        "demographics",
        what=N_("Where you live, your age and gender, if you said them to be counted."),
        why=N_("To show whom discussions reach, and whom they do not."),
        keep=WITH_ACCOUNT,
        seen=N_("You. Everybody else sees only sums, and none of fewer than five people."),
        forgotten=ALL_DELETED,
        places=(
            Place(
                "demographic",
                "person_id",
                DELETE,
                given=("region", "age_band", "gender", "said_at"),
            ),
        ),
    ),
    Holding(
        "keys",
        what=N_("Your password, one-time codes, passkeys, and the links we mailed to you."),
        why=N_("So that nobody but you can open your account."),
        keep=Keep(
            N_(
                "As long as you use them. A link: deleted this many days after it has run out: {n}."
            ),
            setting="keep_links_days",
            for_ever=NO_LIMIT,
        ),
        seen=NOBODY,
        forgotten=ALL_DELETED,
        places=(
            Place(
                "totp",
                "person_id",
                DELETE,
                given=("created_at", "confirmed_at"),
                secret=("secret", "waiting", "last_step"),
            ),
            Place(
                "recovery_code",
                "person_id",
                DELETE,
                given=("created_at", "used_at"),
                secret=("code_hash",),
            ),
            Place(
                "passkey",
                "person_id",
                DELETE,
                given=("name", "created_at", "used_at"),
                secret=("credential_id", "public_key", "sign_count"),
            ),
            Place(
                "mail_token",
                "person_id",
                DELETE,
                given=("purpose", "email", "expires_at", "used_at"),
                secret=("token_hash", "entered"),  # maybe by somebody else; with a password's hash
            ),
        ),
    ),
    Holding(
        "sign_ins",
        what=N_("Where you are signed in: the browser, since when, and the day of its last use."),
        why=N_("So that you can see who uses your account, and end it."),
        keep=Keep(AFTER_END, setting="keep_sign_ins_days", for_ever=NO_LIMIT),
        seen=YOU,
        forgotten=ALL_DELETED,
        places=(
            Place(
                "sign_in",
                "person_id",
                DELETE,
                given=("agent", "created_at", "expires_at", "seen_on", "second_factor_at"),
                secret=("token_hash", "challenge"),
            ),
            Place(
                "eid_attempt",
                "person_id",
                DELETE,
                given=("expires_at",),
                secret=("state_hash", "browser_hash", "verifier", "nonce"),
            ),
            Place(
                "esign_statement",
                "person_id",
                DELETE,
                given=("created_at", "expires_at"),
                secret=("text",),
            ),
        ),
    ),
    Holding(
        "identity",
        what=N_("That you were identified, by whom, when, and by which kind of document."),
        why=N_("So that verified people are counted apart, and nobody is counted twice."),
        keep=WITH_ACCOUNT,
        seen=N_("Everybody sees that you are verified. The number of the document is not kept."),
        forgotten=N_("It is deleted. What was counted as verified stays counted so."),
        places=(
            Place(
                "identity",
                "person_id",
                DELETE,
                given=("issuer", "identified_at", "agency_id", "document"),
                secret=("subject_hash",),
            ),
        ),
    ),
    Holding(
        "roles",
        what=N_("Your roles at agencies, the organisations you speak for, and invitations to you."),
        why=N_("To know what you may do here, and in whose name."),
        keep=Keep(
            N_(
                "As long as you hold them. An invitation: deleted this many days after it has run "
                "out: {n}."
            ),
            setting="keep_links_days",
            for_ever=WITH_ACCOUNT.said,
        ),
        seen=N_("You, administrators, and whoever manages the organisation."),
        forgotten=ALL_DELETED,
        places=(
            Place("role_grant", "person_id", DELETE, given=("role", "agency_id", "granted_at")),
            Place(
                "membership",
                "person_id",
                DELETE,
                given=("organisation_id", "mandate", "manages", "created_at", "ended_at"),
            ),
            Place(
                "invitation",
                "email=email",
                DELETE,
                given=("role", "agency_id", "organisation_id", "created_at", "expires_at"),
                secret=("token_hash",),
            ),
            Place("invitation", "accepted_by", DELETE, given=("accepted_at",)),
        ),
    ),
    Holding(
        "comments",
        what=N_("What you wrote: comments and their earlier wordings, proposals, papers."),
        why=N_("A consultation is public, and every comment must be answered."),
        keep=FOR_GOOD,
        seen=EVERYBODY,
        forgotten=N_(
            "As you choose: your words stay as those of “a former participant”, or they are "
            "removed and only their place is left."
        ),
        places=(
            Place(
                "comment",
                "author_id",
                CHOICE,
                given=(
                    *("receipt", "draft_id", "wid", "quote", "kind", "stance", "lang", "channel"),
                    *("organisation_id", "mandate", "body", "change", "proposed", "created_at"),
                    *("edited_at", "withdrawn_at", "hidden_at", "answered_at"),
                ),
                emptied=("body", "proposed", "mandate"),
            ),
            Place(
                "comment_revision",  # the record speaks of the rows: they stay
                "comment_id.author_id",
                CHOICE,
                given=("comment_id", "body", "proposed", "mandate", "replaced_at"),
                emptied=("body", "proposed", "mandate"),
            ),
            Place(
                "anchor_resolution",
                "comment_id.author_id",
                STAY,
                given=("comment_id", "relevance", "relevance_at"),
            ),
            Place(
                "paper",
                "author_id",
                CHOICE,
                given=("draft_id", "organisation_id", "title", "created_at"),
                emptied=("title",),
            ),
            Place(
                "problem",
                "author_id",
                CHOICE,
                given=(
                    *("draft_id", "wid", "kind", "lang", "organisation_id", "body", "created_at"),
                    *("answer", "answered_at", "follows", "hidden_at", "hidden_reason"),
                ),
                emptied=("body",),
            ),
            Place("fingerprint", "comment_id.author_id", STAY, secret=("exact", "sketch")),
            Place("moderation_act", "comment_id.author_id", STAY, given=("act", "acted_at")),
        ),
    ),
    Holding(
        "files",
        what=N_("Files you sent with a comment; scans of what came from you on paper."),
        why=N_("They belong to what you said."),
        keep=FOR_GOOD,
        seen=N_(
            "Everybody; scans are opened by the agency, by moderators and the oversight body alone."
        ),
        forgotten=N_("They are deleted: your name, your picture may stand in them."),
        places=(
            Place(
                "attachment",
                "comment_id.author_id",
                DELETE,
                given=("comment_id", "name", "media_type", "size", "added_at", "is_source"),
            ),
        ),
    ),
    Holding(
        "entered",
        what=N_("How you can be reached, where an officer entered what you said on paper."),
        why=N_("So that the agency can answer you."),
        keep=FOR_GOOD,
        seen=N_("The agency alone."),
        forgotten=ALL_DELETED,
        places=(
            Place(
                "provenance",
                "comment_id.author_id",
                EMPTY,
                given=("comment_id", "received_on", "reference", "contact"),
                emptied=("contact", "reference"),
            ),
        ),
    ),
    Holding(
        "votes",
        what=N_(
            "Your votes, your signatures, your answers to questions beside a draft, and whether an "
            "answer met your point."
        ),
        why=N_("To count each person once."),
        keep=FOR_GOOD,
        seen=N_("Everybody sees the counts, and what you signed under the name you chose to show."),
        forgotten=COUNTED,
        places=(
            Place(
                "vote",
                "person_id",
                EMPTY,
                given=("draft_id", "target", "value", "cast_at"),
                emptied=("person_id",),
            ),
            Place(
                "signature",
                "person_id",
                EMPTY,
                given=("comment_id", "organisation_id", "mandate", "signed_at"),
                emptied=("mandate",),
            ),
            Place(
                "poll_answer",
                "person_id",
                EMPTY,
                given=("question_id", "choices", "words", "lang", "answered_at", "hidden_at"),
                emptied=("person_id",),
            ),
            Place("problem_echo", "person_id", DELETE, given=("problem_id", "echoed_at")),
            Place("answer_rating", "person_id", STAY, given=("comment_id", "met", "rated_at")),
        ),
    ),
    Holding(
        "disputes",
        what=N_("What you reported, appealed against, contested or said not to be yours."),
        why=N_("So that somebody else looks at it again, and can be asked why they decided so."),
        keep=FOR_GOOD,
        seen=N_("Whoever decides; who reported a comment is told to nobody."),
        forgotten=N_(
            "Your reasons are removed; why you contested an answer stays with your words, if you "
            "keep them. What was decided stays."
        ),
        places=(
            Place(
                "comment_flag",
                "person_id",
                EMPTY,
                given=("comment_id", "reason", "note", "flagged_at"),
                emptied=("note",),
            ),
            Place(
                "appeal",
                "person_id",
                EMPTY,
                given=(
                    *("comment_id", "reason", "appealed_at"),
                    *("decision", "decision_reason", "decided_at"),
                ),
                emptied=("reason",),
            ),
            Place(
                "contest",
                "comment_id.author_id",
                CHOICE,
                given=("comment_id", "reason", "contested_at", "outcome", "decision", "decided_at"),
                emptied=("reason",),
            ),
            Place(
                "disavowal",
                "comment_id.author_id",
                EMPTY,
                given=("comment_id", "note", "disavowed_at"),
                emptied=("note",),
            ),
            Place(
                "redaction",
                "comment_id.author_id",
                EMPTY,
                secret=("words",),
                emptied=("words",),
            ),
        ),
    ),
    *VOICES,
    *POSTED,
    *SERVICE,
)

# Columns that are named like something personal and are not about a person.
NOT_PERSONAL: dict[str, str] = {
    "agency.names": "the name of a body",
    "agency_name.names": "the name of a body",
    "organisation.name": "the name of a body",
    "outbox_event.name": "the kind of an event",
    "daily_work.name": "the name of a piece of work",
    "calendar_act.filename": "the file of a decree",
    "calendar_day.name": "the name of a holiday",
    "import_preview.filename": "the file of a draft law",
    "indicator.names": "what an indicator of a programme is called",
    "score_year.names": "what a scale is called",
    "kept_figures.name": "which figures they are",
}
