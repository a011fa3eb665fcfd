"""The resources of what was said: rounds, comments, tallies of votes. Never a person's vote.

Of a comment that is not shown stands what its place on the page says: that it was, and why not.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, null
from sqlmodel import col, select

from consult.accounts.models import Person
from consult.accounts.shown import who_columns
from consult.answers.models import Issue, IssueComment
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.comments.rules import CHANGES, CHANNELS, KINDS, STANCES
from consult.consultations.models import Consultation, Tally
from consult.errors import N_
from consult.marks import PERSONAL_DATA, spoken
from consult.naming import Kind
from consult.opendata.columns import Column, Type
from consult.opendata.resource import Context, Resource, address
from consult.opendata.resources.shared import PUBLIC_DRAFT, PUBLIC_VERSION, draft_column, id_column
from drafts.models import Draft, DraftVersion

GONE = ("disavowed", "withdrawn", "hidden", "held")
SHOWN = and_(*public())
NOT_SHOWN = "null where it is not shown"
WHO = who_columns(Comment, Person, SHOWN)


def _rounds(query: Any) -> Any:
    return (
        query.select_from(Consultation)
        .outerjoin(DraftVersion, col(DraftVersion.id) == Consultation.version_id)
        .outerjoin(Draft, col(Draft.id) == Consultation.draft_id)
        .where(PUBLIC_VERSION)
    )


def _comments(query: Any) -> Any:
    return (
        query.select_from(Comment)
        .outerjoin(Person, col(Person.id) == Comment.author_id)
        .outerjoin(Draft, col(Draft.id) == Comment.draft_id)
        .outerjoin(DraftVersion, col(DraftVersion.id) == Comment.version_id)
        .outerjoin(Consultation, col(Consultation.id) == Comment.consultation_id)
        .where(PUBLIC_DRAFT)
    )


def _tallies(query: Any) -> Any:
    return (
        query.select_from(Tally)
        .outerjoin(DraftVersion, col(DraftVersion.id) == Tally.version_id)
        .outerjoin(Draft, col(Draft.id) == Tally.draft_id)
        .where(PUBLIC_VERSION)
    )


def shown(of: Any) -> ColumnElement[Any]:
    """A column of a comment as far as its words are shown, else null."""
    return case((SHOWN, of), else_=null())


def _said(
    name: str, type_: Type, meaning: str, of: Any, values: tuple[str, ...] = (), read: Any = None
) -> Column:
    """A column that is null where the comment is not shown."""
    return Column(name, type_, f"{meaning}; {NOT_SHOWN}", (shown(of),), read, True, values)


def _words(_context: Context, text: str | None) -> str | None:
    return spoken(text, PERSONAL_DATA) if text is not None else None


def _yes(_context: Context, value: Any) -> bool | None:
    return bool(value) if value is not None else None


_ISSUE = (
    select(IssueComment.issue_id)
    .join(Issue, col(Issue.id) == IssueComment.issue_id)
    .where(
        col(IssueComment.comment_id) == col(Comment.id), col(Consultation.reported_at).is_not(None)
    )
    .correlate(Comment, Consultation)
    .scalar_subquery()
)

ROUNDS = Resource(
    name="rounds",
    title=N_("Discussions"),
    meaning=N_("The periods in which a version may be, or could be, commented on."),
    source=_rounds,
    filters={"agency": col(Draft.agency_id), "draft": col(Draft.id)},
    dated="opens_at",
    columns=(
        id_column(col(Consultation.id), "the round"),
        draft_column(col(Consultation.draft_id)),
        Column("round", Type.INTEGER, "Which round on the draft it is", (col(Consultation.round),)),
        Column(
            "version",
            Type.INTEGER,
            "The version that is discussed: versions.n",
            (col(DraftVersion.n),),
        ),
        Column(
            "opens_at",
            Type.INSTANT,
            "When it opens by the announcement",
            (col(Consultation.opens_at),),
        ),
        Column(
            "closes_at",
            Type.INSTANT,
            "When it closes by the announcement",
            (col(Consultation.closes_at),),
        ),
        Column(
            "opened_at",
            Type.INSTANT,
            "When it did open",
            (col(Consultation.opened_at),),
            nullable=True,
        ),
        Column(
            "closed_at",
            Type.INSTANT,
            "When it did close",
            (col(Consultation.closed_at),),
            nullable=True,
        ),
        Column(
            "reported_at",
            Type.INSTANT,
            "When its report was published",
            (col(Consultation.reported_at),),
            nullable=True,
        ),
        Column(
            "exception_basis",
            Type.TEXT,
            "Why the term is shorter than the legal minimum; empty: it is not",
            (col(Consultation.exception_basis),),
        ),
        address("/drafts/{}", col(Consultation.draft_id)),
    ),
)

COMMENTS = Resource(
    name="comments",
    rights=N_("Comments belong to those who wrote them."),
    title=N_("Comments"),
    meaning=N_("What people and organisations said, with their names as they wish to be shown."),
    source=_comments,
    filters={"agency": col(Draft.agency_id), "draft": col(Comment.draft_id)},
    dated="created_at",
    columns=(
        id_column(col(Comment.id), "the comment"),
        Column("receipt", Type.TEXT, "The number on its receipt", (col(Comment.receipt),)),
        draft_column(col(Comment.draft_id)),
        Column(
            "version",
            Type.INTEGER,
            "The version it was said of: versions.n",
            (col(DraftVersion.n),),
        ),
        Column(
            "round",
            Type.INTEGER,
            "The round in which it was said: rounds.round",
            (col(Consultation.round),),
        ),
        Column(
            "provision",
            Type.TEXT,
            "The provision it is about (provisions.wid); empty: the draft",
            (col(Comment.wid),),
        ),
        Column(
            "reply_to",
            Type.INTEGER,
            "The comment it replies to",
            (col(Comment.parent_id),),
            nullable=True,
        ),
        Column(
            "thread",
            Type.INTEGER,
            "The comment its thread begins with",
            (col(Comment.root_id),),
            nullable=True,
        ),
        Column("created_at", Type.INSTANT, "When it was said", (col(Comment.created_at),)),
        Column(
            "gone",
            Type.TEXT,
            "Why it is not shown; null where it is",
            (
                case(
                    (col(Comment.disavowed_at).is_not(None), "disavowed"),
                    (col(Comment.withdrawn_at).is_not(None), "withdrawn"),
                    (col(Comment.hidden_at).is_not(None), "hidden"),
                    (col(Comment.held_at).is_not(None), "held"),
                    else_=null(),
                ),
            ),
            nullable=True,
            values=GONE,
        ),
        _said("edited_at", Type.INSTANT, "When its author last changed it", col(Comment.edited_at)),
        _said(
            "redacted",
            Type.BOOLEAN,
            "Whether personal data was taken out of it",
            col(Comment.redacted_at).is_not(None),
            read=_yes,
        ),
        _said("lang", Type.TEXT, "The language it is written in", col(Comment.lang)),
        _said("kind", Type.TEXT, "What kind of comment it is", col(Comment.kind), KINDS),
        _said("stance", Type.TEXT, "Whether it is for or against", col(Comment.stance), STANCES),
        _said("channel", Type.TEXT, "How it came", col(Comment.channel), CHANNELS),
        Column(
            "who",
            Type.TEXT,
            f"Whom the public sees; empty: no name is shown; {NOT_SHOWN}",
            (shown(WHO[1]),),
            nullable=True,
        ),
        Column(
            "who_kind",
            Type.TEXT,
            f"What that name is; {NOT_SHOWN}",
            (WHO[0],),
            nullable=True,
            values=tuple(Kind),
        ),
        Column(
            "region",
            Type.TEXT,
            f"The region of who said it; empty: not told; {NOT_SHOWN}",
            (shown(WHO[2]),),
            nullable=True,
        ),
        _said(
            "identified",
            Type.BOOLEAN,
            "Whether it is known who said it (by an eID or at a desk)",
            WHO[3],
            read=_yes,
        ),
        _said(
            "organisation",
            Type.INTEGER,
            "The organisation that said it, by its number; null also for a person",
            col(Comment.organisation_id),
        ),
        _said(
            "mandate",
            Type.TEXT,
            "On whose behalf an organisation speaks",
            col(Comment.mandate),
            read=_words,
        ),
        _said(
            "quote", Type.TEXT, "The words of the text it is about", col(Comment.quote), read=_words
        ),
        _said("quote_lang", Type.TEXT, "The language of these words", col(Comment.anchor_lang)),
        _said("body", Type.TEXT, "What it says", col(Comment.body), read=_words),
        _said(
            "change",
            Type.TEXT,
            "What it proposes to do to the text; empty: nothing",
            col(Comment.change),
            CHANGES,
        ),
        _said("proposed", Type.TEXT, "The words it proposes", col(Comment.proposed), read=_words),
        _said("votes_for", Type.INTEGER, "Votes for it", col(Comment.for_n)),
        _said("votes_against", Type.INTEGER, "Votes against it", col(Comment.against_n)),
        _said(
            "signatures",
            Type.INTEGER,
            "People who signed it as their own as well",
            col(Comment.signed_n),
        ),
        _said("files", Type.INTEGER, "Files that came with it", col(Comment.files_n)),
        _said(
            "answered_at", Type.INSTANT, "Since when its answer is public", col(Comment.answered_at)
        ),
        Column(
            "issue",
            Type.INTEGER,
            "The group it was answered with (issues.id), once the report is out",
            (shown(_ISSUE),),
            nullable=True,
        ),
        address("/comments/{}", col(Comment.id)),
    ),
)

VOTES = Resource(
    name="votes",
    title=N_("Votes"),
    meaning=N_("How many voted for and against each provision; nobody's own vote is told."),
    key=("version_id", "provision"),
    source=_tallies,
    filters={"agency": col(Draft.agency_id), "draft": col(Tally.draft_id)},
    columns=(
        Column("version_id", Type.INTEGER, "The version: versions.id", (col(Tally.version_id),)),
        Column(
            "provision",
            Type.TEXT,
            "The provision (provisions.wid); empty: the draft as a whole",
            (col(Tally.wid),),
        ),
        draft_column(col(Tally.draft_id)),
        Column(
            "version",
            Type.INTEGER,
            "Which version of the draft it is: versions.n",
            (col(DraftVersion.n),),
        ),
        Column("comments", Type.INTEGER, "Comments on it", (col(Tally.comments_n),)),
        Column("votes_for", Type.INTEGER, "Votes for it", (col(Tally.for_n),)),
        Column("votes_against", Type.INTEGER, "Votes against it", (col(Tally.against_n),)),
        Column(
            "identified_for",
            Type.INTEGER,
            "Of those for it, by people of whom it is known who they are",
            (col(Tally.identified_for_n),),
        ),
        Column(
            "identified_against",
            Type.INTEGER,
            "Of those against it, the same",
            (col(Tally.identified_against_n),),
        ),
    ),
)
