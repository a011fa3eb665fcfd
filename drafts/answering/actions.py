"""Answering the questions of a kind of act: a draft, its next version, or another language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from consult.access import Actor, check_agency
from consult.errors import Conflict, Invalid
from consult.procedure.acts import ActForm, ActType
from consult.procedure.packs import RulePack
from drafts.actions import check_kind, keep_preview, take_over
from drafts.answering.queries import answers_now
from drafts.answering.rules import problems, text_of
from drafts.importing.preview import Preview
from drafts.models import Draft, DraftVersion
from drafts.queries import latest_version


@dataclass(frozen=True, slots=True)
class Answered:
    """What an officer says in one language; `answers` by the codes of the questions, cleaned.

    `act_type` and `topic` count where a draft begins; `note`: why a version differs.
    """

    lang: str
    title: str
    answers: Mapping[str, str]
    act_type: str = ""
    topic: str = ""
    summary: str = ""
    note: str = ""


def answer(
    session: Session,
    *,
    actor: Actor,
    agency_id: int,
    draft: Draft | None,
    said: Answered,
    pack: RulePack,
    now: datetime,
) -> DraftVersion:
    """Make a text of the answers: of a new draft, or for the version that is not public yet.

    Raises Invalid while a question that has to be is not answered, Conflict where nothing is new.
    """
    check_agency(actor, "prepare", agency_id)
    act_type = draft.act_type if draft else said.act_type
    check_kind(pack, act_type, draft.topic if draft else said.topic)
    act = pack.acts[act_type]
    if act.form is not ActForm.QUESTIONS:
        raise Invalid("Please choose the kind of act.", field="act_type")
    for problem in problems(act, said.answers):
        raise problem
    if draft and _is_there(session, draft, act, said):
        raise Conflict("These answers are already there. Nothing is different.")
    row = keep_preview(
        session,
        actor=actor,
        preview=Preview(text_of(act, said.answers, said.lang), said.title, (), 1.0, own_wids=True),
        agency_id=agency_id,
        draft=draft,
        facts={
            "act_type": said.act_type,
            "topic": said.topic,
            "title": said.title,
            "summary": said.summary,
        },
        now=now,
    )
    return take_over(session, actor=actor, preview=row, pack=pack, note=said.note, now=now)


def _is_there(session: Session, draft: Draft, act: ActType, said: Answered) -> bool:
    """Whether the newest version says all this already. One that lacks the language does not: there
    what an older version said is said again."""
    newest = latest_version(session, draft.id or 0)
    if newest is None or newest.titles.get(said.lang) != said.title:
        return False
    if said.summary and newest.summaries.get(said.lang) != said.summary:
        return False
    given = {code: text for code, text in said.answers.items() if text}
    return said.lang in newest.langs and answers_now(session, draft, act, said.lang) == given
