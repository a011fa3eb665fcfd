"""The resource of polls: what all answered, once the round is over; never who answered what."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from consult.consultations.models import Consultation
from consult.errors import N_
from consult.opendata.columns import LANGUAGES, Column, Type
from consult.opendata.resource import Asked, Context, Resource, address
from consult.opendata.resources.shared import PUBLIC_DRAFT
from consult.polls.models import PollQuestion
from consult.polls.queries import Told, told_json, told_of
from consult.polls.rules import KINDS, size_of
from drafts.models import Draft

ABOUT = "for the question as a whole"


def _polls(session: Session, context: Context, asked: Asked) -> Sequence[Mapping[str, Any]]:
    """Each question gives a row or more: so many questions are enough for a page of rows."""
    query = (
        select(PollQuestion.id, Consultation)
        .join(Consultation, col(Consultation.id) == col(PollQuestion.consultation_id))
        .join(Draft, col(Draft.id) == col(Consultation.draft_id))
        .where(
            PUBLIC_DRAFT,
            col(Consultation.opened_at).is_not(None),
            col(Consultation.closes_at) <= context.now,  # as polls.queries.is_over
            *asked.conditions,
        )
        .order_by(col(PollQuestion.id))
        .limit(asked.limit + 2)  # of the first all rows may be known already
    )
    if asked.after:
        query = query.where(col(PollQuestion.id) >= asked.after[0])
    rounds = {id_: held for id_, held in session.exec(query).all() if id_}
    told = sorted(told_of(session, rounds), key=lambda one: one.question.id or 0)
    return [row for one in told for row in _rows(context, one, rounds[one.question.id or 0])]


def _rows(context: Context, told: Told, held: Consultation) -> Iterator[dict[str, Any]]:
    """The question as a whole, then each thing that could be chosen."""
    question, result = told.question, told_json(told)
    of_all = {
        "question": question.id,
        "draft": held.draft_id,
        "round": held.round,
        "position": question.position,
        "kind": question.kind,
        "closes_at": held.closes_at,
        "url": context.address(f"/drafts/{held.draft_id}/poll"),
    }
    size = size_of(question.kind, question.options)
    ends = {1: 0, size: 1} if question.kind == "scale" else {n: n - 1 for n in range(1, size + 1)}
    parts = [result, *(result["options"] or [{"people": None, "identified": None}] * size)]
    for n, part in enumerate(parts):
        words = question.options[ends[n]] if n in ends else {}
        said = {f"words_{lang}": question.words.get(lang) or None for lang in LANGUAGES}
        said |= {f"option_{lang}": words.get(lang) or None for lang in LANGUAGES}
        counts = {"people": part["people"], "identified": part["identified"]}
        yield of_all | {"option": n} | said | counts


def _words(name: str, meaning: str) -> list[Column]:
    return [
        Column(f"{name}_{lang}", Type.TEXT, f"{meaning}, in the language {lang}", nullable=True)
        for lang in LANGUAGES
    ]


POLLS = Resource(
    name="polls",
    title=N_("Questions to the public"),
    meaning=N_("What was asked beside drafts and how many answered what, once it is over."),
    key=("question", "option"),
    listed=_polls,
    filters={"agency": col(Draft.agency_id), "draft": col(Consultation.draft_id)},
    dated="closes_at",
    columns=(
        Column("question", Type.INTEGER, "The number of the question", (col(PollQuestion.id),)),
        Column("option", Type.INTEGER, f"Which answer could be chosen: 1 …; 0 {ABOUT}"),
        Column("draft", Type.INTEGER, "The draft it belongs to: drafts.id"),
        Column("round", Type.INTEGER, "The round in which it was asked: rounds.round"),
        Column("position", Type.INTEGER, "Which question of the round it is: 1 is the first"),
        Column("kind", Type.TEXT, "How it could be answered", values=KINDS),
        Column(
            "closes_at",
            Type.INSTANT,
            "Until when it could be answered",
            (col(Consultation.closes_at),),
        ),
        *_words("words", "What was asked"),
        *_words("option", f"What could be chosen; null {ABOUT} and between the ends of a scale"),
        Column(
            "people",
            Type.INTEGER,
            f"People who chose it; {ABOUT}, who answered; null: too few answered to tell",
            nullable=True,
        ),
        Column(
            "identified",
            Type.INTEGER,
            "Of these, people of whom it is known who they are; null: too few to tell",
            nullable=True,
        ),
        address("/drafts/{}/poll"),
    ),
)
