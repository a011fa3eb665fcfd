"""A comment's permanent page: its receipt, what became of it, its answer, its thread."""

from datetime import timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.adoption.queries import promise_of
from consult.adoption.rules import evidence_parts
from consult.anchors.queries import question_about
from consult.answers.models import Disposition
from consult.answers.queries import published_for
from consult.comments.models import Comment
from consult.comments.queries import Thread, revisions_of, thread
from consult.cosigning.queries import Signing, signing_of
from consult.feedback.queries import Feedback, feedback_on
from consult.moderation.appeals import Standing, shown_on_appeal_at, standing_acts
from consult.moderation.queries import reason_for_hiding
from consult.obligations.queries import answer_due
from consult.procedure.stages import Stage, Verb, allows
from consult.security import Db, Reader
from consult.site.anchors import Anchors, anchors_of, passage
from consult.site.cards import comment_card
from consult.site.drafts import open_page
from consult.site.enclosed import Enclosed, enclosed
from consult.site.views import DraftPage
from consult.web import language_of, platform_of, render
from drafts.versions.diffing import word_pieces

router = APIRouter()

Cursor = Annotated[int, Query(ge=0, le=2**31 - 1)]


@router.get("/comments/{comment_id}")
def read_comment(
    request: Request, session: Db, actor: Reader, comment_id: int, replies: Cursor = 0
) -> Response:
    """A comment's permanent page: its receipt, its path, its answer, what its author may do."""
    platform = platform_of(request)
    found = thread(session, comment_id, after=replies)
    comment = found.view.comment
    page = open_page(request, session, comment.draft_id, actor, comment.anchor_lang, head=False)
    answers = _answers(session, found)
    anchors = anchors_of(session, page, [found.view])
    besides = enclosed(session, found.views(), actor, page.agency, language_of(request))
    card = _card(found, answers, anchors, besides)
    if comment.hidden_at or comment.held_at:
        card["hidden_reason"] = reason_for_hiding(session, comment_id)
    window = timedelta(minutes=platform.settings.edit_window_minutes)
    own = actor.id == comment.author_id
    answer = answers.get(comment_id)
    was_edited = comment.is_public and comment.edited_at is not None
    return render(
        request,
        "comments/comment.html",
        page=page,
        comment=comment,
        card=card,
        replies_after=found.after,
        replies_from=replies,
        passage=passage(session, anchors, comment) if comment.is_public else None,
        question=question_about(session, comment_id) if own and len(page.versions) > 1 else None,
        answer=answer,
        signing=_signing(session, actor, page, comment),
        feedback=_feedback(request, session, actor, page, comment, answer),
        promised=promise_of(session, answer.id or 0) if answer else None,
        evidence_parts=evidence_parts,
        standing=_standing(request, session, actor, page, comment),
        shown_at=shown_on_appeal_at(session, comment) if comment.is_public else None,
        changed=_changed_words(answer),
        due_at=None if answer else answer_due(session, platform.pack, comment),
        revisions=revisions_of(session, comment_id) if was_edited else [],
        own=own,
        editable_until=comment.created_at + window,
        can_edit=own
        and actor.may("comment")
        and page.is_open
        and not comment.signed_n
        and platform.clock() < comment.created_at + window,
        can_withdraw=own and allows(Stage(page.draft.stage), Verb.WITHDRAW_COMMENT),
        can_vote=page.is_open and actor.may("vote"),
    )


def _answers(session: Db, found: Thread) -> dict[int, Disposition]:
    """The published answers in a thread; a comment without its own has that of its first one."""
    comment = found.view.comment
    ids = [one.comment.id or 0 for one in found.views()]
    root = comment.root_id or comment.id or 0
    answers = published_for(session, [*ids, root])
    if root in answers and answers[root].consultation_id == comment.consultation_id:
        answers.setdefault(comment.id or 0, answers[root])
    return answers


def _card(
    found: Thread,
    answers: dict[int, Disposition],
    anchors: Anchors,
    besides: Enclosed,
) -> dict[str, Any]:
    """The comment with the replies of this page; those apart say whom they reply to."""
    page = anchors.page
    show = partial(
        comment_card,
        answers=answers,
        votes=page.my_votes,
        agency=besides.agency,
        enclosed=besides,
    )
    card = show(found.view, anchors=anchors, brief=False)
    card["replies"] += [show(view) for view in found.apart]
    card["more_replies"] = False  # they are on the next page
    return card


def _signing(session: Db, actor: Actor, page: DraftPage, comment: Comment) -> Signing:
    """Whether the reader signed it, and may: in the round it was made in."""
    in_round = page.is_open and page.rounds[0].id == comment.consultation_id
    return signing_of(session, actor, comment, is_open=in_round)


def _feedback(
    request: Request,
    session: Db,
    actor: Actor,
    page: DraftPage,
    comment: Comment,
    answer: Disposition | None,
) -> Feedback | None:
    """What may be said of the answer, and what was; nothing while there is none."""
    if answer is None:
        return None
    now = platform_of(request).clock()
    return feedback_on(session, page.law, actor, page.draft, comment, now)


def _standing(
    request: Request, session: Db, actor: Actor, page: DraftPage, comment: Comment
) -> list[Standing]:
    """What moderators did about the comment, for its author, who may appeal against it."""
    touched = comment.hidden_at or comment.held_at or comment.redacted_at
    if actor.id != comment.author_id or not touched:
        return []
    return standing_acts(session, page.law, comment, platform_of(request).clock())


def _changed_words(answer: Disposition | None) -> list[tuple[str, str]]:
    """The provision before and after, if it was changed because of the comment."""
    if answer is None or answer.text_before == answer.text_after:
        return []
    return word_pieces(answer.text_before, answer.text_after)
