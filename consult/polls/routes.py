"""The desk's page of a poll: which questions are asked in a round of a draft."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from consult.access import Actor, check_agency
from consult.consultations.models import Consultation
from consult.consultations.queries import consultation_by_id
from consult.errors import N_
from consult.forms import Form, Posted
from consult.polls.actions import set_questions
from consult.polls.queries import count_answers, questions_of
from consult.polls.rules import KINDS, MOST, OPTIONS_MOST, QUESTION_MAX, Asked
from consult.security import Allow, Db
from consult.web import go, platform_of, render
from drafts.models import Draft, DraftVersion
from drafts.queries import draft_for

router = APIRouter()

KEPT = N_("The questions are kept. They are asked while the discussion is open.")
TAKEN_BACK = N_("The questions are taken back: nothing is asked.")
Preparer = Annotated[Actor, Depends(Allow("prepare"))]


def asked_in(raw: dict[str, Any], langs: Sequence[str]) -> list[Asked]:
    """The questions that were typed; one without any words is none. Answers stand one a line."""
    found = []
    for n in range(1, MOST + 1):
        words = {lang: str(raw.get(f"words_{lang}_{n}", "")) for lang in langs}
        told = {lang: _lines(str(raw.get(f"options_{lang}_{n}", ""))) for lang in langs}
        if not any(words.values()) and not any(told.values()):
            continue
        kind = str(raw.get(f"kind_{n}", ""))
        longest = max(map(len, told.values()), default=0)
        options = [
            {lang: lines[i] if i < len(lines) else "" for lang, lines in told.items()}
            for i in range(longest)
        ]
        found.append(Asked(n, kind, words, options))
    return found


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _typed(session: Db, consultation: Consultation, langs: Sequence[str]) -> dict[str, str]:
    """The questions as they stand, as the form has them."""
    raw = {}
    for row in questions_of(session, [consultation.id or 0]):
        raw[f"kind_{row.position}"] = row.kind
        for lang in langs:
            raw[f"words_{lang}_{row.position}"] = row.words.get(lang, "")
            raw[f"options_{lang}_{row.position}"] = "\n".join(
                option.get(lang, "") for option in row.options
            )
    return raw


@router.get("/desk/consultations/{consultation_id}/poll")
def edit_poll(request: Request, session: Db, actor: Preparer, consultation_id: int) -> Response:
    """The questions of a round, to be changed as long as nobody has answered."""
    consultation, draft, langs = _own(session, actor, consultation_id)
    form: Form[Any] = Form[Any](_typed(session, consultation, langs))
    return _page(request, session, consultation, draft, langs, form)


@router.post("/desk/consultations/{consultation_id}/poll")
def set_poll(
    request: Request, session: Db, actor: Preparer, posted: Posted, consultation_id: int
) -> Response:
    """Ask these questions; refused, the page shows what was typed."""
    consultation, draft, langs = _own(session, actor, consultation_id)
    form: Form[Any] = Form[Any](posted)
    questions = asked_in(posted, langs)
    with form.attempt(session):
        set_questions(
            session,
            actor=actor,
            draft=draft,
            consultation=consultation,
            questions=questions,
            now=platform_of(request).clock(),
        )
    if not form.ok:
        return _page(request, session, consultation, draft, langs, form)
    return go(f"/desk/drafts/{draft.id}", KEPT if questions else TAKEN_BACK)


def _own(session: Db, actor: Actor, consultation_id: int) -> tuple[Consultation, Draft, list[str]]:
    consultation = consultation_by_id(session, consultation_id)
    draft = draft_for(session, consultation.draft_id, actor)
    check_agency(actor, "prepare", draft.agency_id)
    return consultation, draft, session.get_one(DraftVersion, consultation.version_id).langs


def _page(
    request: Request,
    session: Db,
    consultation: Consultation,
    draft: Draft,
    langs: Sequence[str],
    form: Form[Any],
) -> Response:
    now = platform_of(request).clock()
    answered = count_answers(session, consultation.id or 0) > 0
    closed = consultation.closed_at is not None or now >= consultation.closes_at
    return render(
        request,
        "polls/desk.html",
        status=form.status,
        consultation=consultation,
        draft=draft,
        langs=langs,
        form=form,
        questions=questions_of(session, [consultation.id or 0]),
        kinds=KINDS,
        most=MOST,
        options_most=OPTIONS_MOST,
        question_max=QUESTION_MAX,
        fixed="closed" if closed else "answered" if answered else "",
    )
