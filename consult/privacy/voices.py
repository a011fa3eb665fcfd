"""[pure] The registry: what is held of other voices — proposals, opinions, questions, hearings."""

from consult.errors import N_
from consult.privacy.rules import Holding, Keep, Place, Then
from consult.privacy.sentences import ALL_DELETED, EVERYBODY, FOR_GOOD

VOICES: tuple[Holding, ...] = (
    Holding(
        "deputies",
        what=N_("If you are or were a deputy: your office, faction and constituency."),
        why=N_("How deputies act in public is for everybody to see."),
        keep=FOR_GOOD,
        seen=EVERYBODY,
        forgotten=N_("What you did in a public office stays public, without your account."),
        places=(
            Place(
                "deputy",
                "person_id",
                Then.EMPTY,
                given=(
                    *("body_id", "name", "faction", "constituency", "since_on", "until_on"),
                    "recorded_at",
                ),
                emptied=("person_id",),
            ),
        ),
    ),
    Holding(
        "proposals",
        what=N_("What you proposed."),
        why=N_("A proposal is public, and the agency may owe an answer to it."),
        keep=FOR_GOOD,
        seen=EVERYBODY,
        forgotten=N_(
            "As you choose: your words stay as those of “a former participant”, or they are "
            "removed and only their place is left."
        ),
        places=(
            Place(
                "proposal",
                "author_id",
                Then.CHOICE,
                given=(
                    *("kind", "agency_id", "draft_id", "lang", "title", "body", "wanted"),
                    *("created_at", "answered_at", "withdrawn_at", "hidden_at", "hidden_reason"),
                ),
                emptied=("title", "body", "wanted"),
            ),
        ),
    ),
    Holding(
        "supports",
        what=N_("Which proposals you support."),
        why=N_("To count each person once, and to tell you what becomes of them."),
        keep=FOR_GOOD,
        seen=N_("Nobody sees who supports a proposal: everybody sees the counts."),
        forgotten=N_("It stays counted, without you."),
        places=(
            Place(
                "proposal_support",
                "person_id",
                Then.EMPTY,
                given=("proposal_id", "supported_at"),
                emptied=("person_id",),
            ),
        ),
    ),
    Holding(
        "hearings",
        what=N_(
            "To which hearings you registered, whether you want to speak, what you need there."
        ),
        why=N_("So that there is a seat for you, and nobody is kept out."),
        keep=Keep(
            N_("As long as you have an account. What you need is deleted when the hearing is over.")
        ),
        seen=N_("You, and the officers of the agency that holds the hearing."),
        forgotten=ALL_DELETED,
        places=(
            Place(
                "hearing_seat",
                "person_id",
                Then.DELETE,
                given=(
                    *("hearing_id", "organisation_id", "state", "speaks", "lang", "needs"),
                    "registered_at",
                ),
            ),
        ),
    ),
    Holding(
        "councils",
        what=N_("If you sit in a council: your name there, how you voted, why you dissented."),
        why=N_("Members of a council act in public."),
        keep=FOR_GOOD,
        seen=N_("Everybody, once a vote is closed."),
        forgotten=N_("How you voted and what you said in office stays, without your name."),
        places=(
            Place(
                "council_member",
                "person_id",
                Then.EMPTY,
                given=("agency_id", "name", "field", "is_chair", "since_at", "until_at"),
                emptied=("name", "field"),
            ),
            Place(
                "council_vote",
                "member_id.person_id",
                Then.STAY,
                given=("opinion_id", "vote", "dissent", "voted_at"),
            ),
            Place(
                "council_opinion",
                "drafted_by.person_id",
                Then.STAY,
                given=("draft_id", "drafted_at"),
            ),
        ),
    ),
    Holding(
        "questions",
        what=N_("What you asked of a body, and whether the answer met your point."),
        why=N_("A question is public, and the body owes an answer to it."),
        keep=FOR_GOOD,
        seen=EVERYBODY,
        forgotten=N_(
            "As you choose: your words stay as those of “a former participant”, or they are "
            "removed and only their place is left."
        ),
        places=(
            Place(
                "question",
                "author_id",
                Then.CHOICE,
                given=(
                    *("kind", "agency_id", "council_id", "draft_id", "organisation_id", "lang"),
                    *("title", "body", "asked_at", "answered_at", "met", "rated_at"),
                    *("withdrawn_at", "hidden_at", "hidden_reason"),
                ),
                emptied=("title", "body"),
            ),
        ),
    ),
    Holding(
        "wishes",
        what=N_("Which questions of others you want to know the answer to."),
        why=N_("To tell you of the answer."),
        keep=FOR_GOOD,
        seen=N_("Nobody sees who wants to know: everybody sees the counts."),
        forgotten=ALL_DELETED,
        places=(
            Place(
                "question_wish",
                "person_id",
                Then.DELETE,
                given=("question_id", "wished_at"),
            ),
        ),
    ),
)
