"""Sending a paper: all its parts become comments with their receipts, or none does."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, select

from consult.access import Actor, check_right
from consult.accounts.models import Person
from consult.accounts.rules import clean_line
from consult.comments.actions import Place, Words, register_comment
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.consultations.queries import current_round
from consult.consultations.rules import check_open
from consult.errors import Conflict, Invalid
from consult.papers.models import Paper
from consult.papers.queries import langs_of_provisions
from consult.papers.rules import TITLE_MAX, Part, check_parts
from consult.procedure.stages import Stage, Verb
from drafts.models import Draft


def send_paper(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    title: str,
    parts: Sequence[Part],
    mandate: str = "",
    lang: str,
    most: int,
    now: datetime,
) -> Paper:
    """Take a paper; raises NotAllowed, Invalid, Conflict, naming the part ("part-2") in `field`.

    Sent twice it is one paper: its parts are the comments they already are. So is a part the
    person sent before by itself, and the paper takes it in.
    """
    check_right(actor, "comment")
    stage = Stage(draft.stage)
    consultation = check_open(current_round(session, draft.id or 0), stage, Verb.COMMENT, now)
    title = clean_line(title)
    _check(title, parts)
    # Of two sendings at once the second waits here, and then finds what the first has sent.
    own = select(Person.id).where(Person.id == actor.person_id)
    session.exec(own.with_for_update(key_share=True)).one()
    comments = _register(session, actor, consultation, parts, mandate, lang, most, now)
    fresh = [comment for comment in comments if comment.paper_id is None]
    if not fresh:
        return session.get_one(Paper, comments[0].paper_id)
    paper = Paper(
        draft_id=consultation.draft_id,
        consultation_id=consultation.id or 0,
        author_id=actor.person_id,
        organisation_id=actor.organisation_id,
        title=title,
        created_at=now,
    )
    session.add(paper)
    session.flush()
    for comment in fresh:
        comment.paper_id = paper.id
        session.add(comment)
    session.flush()
    return paper


def _check(title: str, parts: Sequence[Part]) -> None:
    if not title:
        raise Invalid("Please fill this in.", field="title")
    if len(title) > TITLE_MAX:
        raise Invalid("This is too long: at most {most} characters.", field="title", most=TITLE_MAX)
    check_parts(parts)
    if all(part.out for part in parts):
        raise Invalid("Every part is left out: there is nothing to send.", field="part-0")


def _register(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    parts: Sequence[Part],
    mandate: str,
    lang: str,
    most: int,
    now: datetime,
) -> list[Comment]:
    langs = langs_of_provisions(session, consultation.version_id, lang)
    comments = []
    for at, part in enumerate(parts):
        if part.out:
            continue
        try:
            comments.append(
                register_comment(
                    session,
                    consultation=consultation,
                    author_id=actor.person_id,
                    organisation_id=actor.organisation_id,
                    place=Place(wid=part.wid, lang=langs.get(part.wid, lang)),
                    words=Words(body=part.text, kind=part.kind, stance="neutral", mandate=mandate),
                    lang=lang,
                    most=most,
                    now=now,
                )
            )
        except (Invalid, Conflict) as refusal:
            field = "mandate" if refusal.field == "mandate" else f"part-{at}"
            raise type(refusal)(refusal.message, field=field, **refusal.params) from refusal
    return comments
