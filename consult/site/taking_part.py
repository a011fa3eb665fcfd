"""Taking part: writing, editing, withdrawing comments, replying, voting."""

from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.accounts.organisations.rules import check_speaks_for
from consult.anchors.actions import say_relevance
from consult.anchors.forms import RelevanceForm
from consult.attachments.actions import attach
from consult.attachments.forms import PostedWithFiles, take_files
from consult.comments.actions import Place, edit_comment, submit_comment, withdraw_comment
from consult.comments.forms import CommentForm, VoteForm
from consult.comments.models import Comment
from consult.comments.queries import comment_by_id, comment_view
from consult.errors import Invalid, NotFound
from consult.forms import Form, Posted
from consult.security import Allow, Db
from consult.site.cards import comment_card
from consult.site.drafts import open_page, open_provision
from consult.site.said_alike import Alike, kept_fields, said_alike
from consult.site.views import DraftPage, votes_on
from consult.votes.actions import vote_on_comment, vote_on_text
from consult.votes.rules import comment_target, value_of
from consult.web import go, language_of, local_path, platform_of, render, wants_fragment
from drafts.models import Provision
from drafts.queries import draft_for, provision

router = APIRouter()

Commenter = Annotated[Actor, Depends(Allow("comment"))]
Voter = Annotated[Actor, Depends(Allow("vote"))]
Owner = Annotated[Actor, Depends(Allow("cabinet"))]


@router.post("/drafts/{draft_id}/comments")
def post_comment(
    request: Request,
    session: Db,
    actor: Commenter,
    posted: PostedWithFiles,
    draft_id: int,
    wid: str = "",
    text: Annotated[str, Query(max_length=2)] = "",
) -> Response:
    """Take a comment; refused, the page shows the form again with everything that was typed."""
    platform = platform_of(request)
    form = Form[CommentForm](posted).check(CommentForm)
    files = take_files(form, platform.settings, platform.clock())
    draft = draft_for(session, draft_id, actor)
    comment, alike = None, None
    if form.ok:
        typed = form.value
        lang = text or open_page(request, session, draft_id, actor).lang
        place = Place(wid=wid, lang=lang, quote=typed.quote, quote_start=typed.start)
        most, now = platform.settings.comment_max_chars, platform.clock()
        with form.attempt(session, keep=403):
            check_speaks_for(posted, actor.organisation_id)
            if not form["seen"]:
                alike = said_alike(
                    session,
                    actor=actor,
                    draft=draft,
                    wid=wid,
                    words=typed.words,
                    most=most,
                    now=now,
                )
            if alike is None:
                comment = submit_comment(
                    session,
                    actor=actor,
                    draft=draft,
                    place=place,
                    words=typed.words,
                    lang=language_of(request),
                    most=most,
                    now=now,
                )
                attach(session, actor=actor, comment=comment, files=files, now=now)
    if alike:
        page = open_page(request, session, draft_id, actor, text)
        return _alike_page(request, form, page, alike, wid)
    if comment is None:
        return _refused(request, session, actor, form, draft_id, wid, text)
    return go(f"/comments/{comment.id}", "Your comment was received and registered.")


def _alike_page(
    request: Request, form: Form[CommentForm], page: DraftPage, alike: Alike, wid: str
) -> Response:
    """Others said nearly the same: sign one of them, or send one's own anyway.

    No page can keep a file until the next form: it asks for those that were chosen once more.
    """
    return render(
        request,
        "cosigning/alike.html",
        page=page,
        alike=alike,
        form=form,
        files_mb=platform_of(request).settings.attachment_max_mb,
        words=form.value.words,
        fields=kept_fields(form.raw),
        action=f"/drafts/{page.draft.id}/comments?{urlencode({'wid': wid, 'text': page.lang})}",
    )


def _refused(
    request: Request,
    session: Db,
    actor: Actor,
    form: Form[CommentForm],
    draft_id: int,
    wid: str,
    text: str,
) -> Response:
    if not wid:
        return _form_page(request, form, open_page(request, session, draft_id, actor, text), None)
    here = open_provision(request, session, draft_id, wid, actor, text)
    if here.gone and form["quote"]:  # a comment on the whole draft quotes in its own words
        form.raw["body"] = f"«{form['quote']}»\n\n{form['body']}"
    return _form_page(request, form, here.page, here.row, gone=here.gone)


def _form_page(
    request: Request,
    form: Form[CommentForm],
    page: DraftPage,
    row: Provision | None,
    *,
    parent: dict[str, object] | None = None,
    comment: Comment | None = None,
    gone: int = 0,
) -> Response:
    """The form by itself: with errors, for a reply (`parent`) or to edit (`comment`).

    `gone` is the version that no longer has the provision: the comment is for the whole draft.
    """
    settings = platform_of(request).settings
    return render(
        request,
        "comments/form.html",
        status=form.status,
        form=form,
        page=page,
        row=row,
        parent=parent,
        comment=comment,
        gone=gone,
        limit=settings.comment_max_chars,
        files_mb=0 if comment else settings.attachment_max_mb,
    )


def _passage(session: Db, comment: Comment) -> Provision | None:
    """The provision as it was when the comment was made."""
    if not comment.wid:
        return None
    return provision(session, comment.version_id, comment.anchor_lang, comment.wid)


@router.post("/comments/{comment_id}/relevance")
def say_whether_it_matters(
    request: Request, session: Db, actor: Owner, posted: Posted, comment_id: int
) -> Response:
    """The author says whether the comment still matters now that its text has changed."""
    comment = _own(session, actor, comment_id)
    form = Form[RelevanceForm](posted).check(RelevanceForm)
    if not form.ok:
        raise Invalid("Please choose one of the options.")
    said, now = form.value, platform_of(request).clock()
    say_relevance(session, actor=actor, comment=comment, n=said.version, value=said.value, now=now)
    return go(
        local_path(said.next, f"/comments/{comment_id}"),
        "Thank you. What you said stands beside your comment.",
    )


@router.get("/comments/{comment_id}/edit")
def edit_form(request: Request, session: Db, actor: Commenter, comment_id: int) -> Response:
    """The form with the words as they stand."""
    comment = _own(session, actor, comment_id)
    page = open_page(request, session, comment.draft_id, actor, comment.anchor_lang)
    fields = ("body", "kind", "stance", "change", "proposed", "mandate")
    form = Form[CommentForm](
        {name: getattr(comment, name) for name in fields if getattr(comment, name)}
    )
    return _form_page(request, form, page, _passage(session, comment), comment=comment)


@router.post("/comments/{comment_id}/edit")
def edit(
    request: Request, session: Db, actor: Commenter, posted: Posted, comment_id: int
) -> Response:
    """Change one's words within the window."""
    settings = platform_of(request).settings
    comment = _own(session, actor, comment_id)
    form = Form[CommentForm](posted).check(CommentForm)
    if form.ok:
        with form.attempt(session, keep=403):
            edit_comment(
                session,
                actor=actor,
                comment=comment,
                words=form.value.words,
                window=timedelta(minutes=settings.edit_window_minutes),
                most=settings.comment_max_chars,
                now=platform_of(request).clock(),
            )
    if not form.ok:
        page = open_page(request, session, comment.draft_id, actor, comment.anchor_lang)
        return _form_page(request, form, page, _passage(session, comment), comment=comment)
    return go(f"/comments/{comment_id}", "Your comment was changed.")


def _own(session: Db, actor: Actor, comment_id: int) -> Comment:
    comment = comment_by_id(session, comment_id)
    if comment.author_id != actor.id:
        raise NotFound("There is no such comment.")  # nobody learns whose it is by guessing
    return comment


@router.post("/comments/{comment_id}/withdraw")
def withdraw(request: Request, session: Db, actor: Owner, comment_id: int) -> Response:
    """Take one's words back."""
    comment = _own(session, actor, comment_id)
    withdraw_comment(session, actor=actor, comment=comment, now=platform_of(request).clock())
    return go(f"/comments/{comment_id}", "Your comment was withdrawn.")


@router.get("/comments/{comment_id}/reply")
def reply_form(request: Request, session: Db, actor: Commenter, comment_id: int) -> Response:
    """A form for a reply, beneath the words it replies to."""
    return _reply_page(request, session, actor, comment_id, Form[CommentForm]())


@router.post("/comments/{comment_id}/reply")
def reply(
    request: Request, session: Db, actor: Commenter, posted: PostedWithFiles, comment_id: int
) -> Response:
    """Take a reply."""
    platform = platform_of(request)
    form = Form[CommentForm](posted).check(CommentForm)
    files = take_files(form, platform.settings, platform.clock())
    parent = comment_by_id(session, comment_id)
    draft = draft_for(session, parent.draft_id, actor)
    said = None
    if form.ok:
        with form.attempt(session, keep=403):
            check_speaks_for(posted, actor.organisation_id)
            said = submit_comment(
                session,
                actor=actor,
                draft=draft,
                place=Place(parent_id=comment_id),
                words=form.value.words,
                lang=language_of(request),
                most=platform.settings.comment_max_chars,
                now=platform.clock(),
            )
            attach(session, actor=actor, comment=said, files=files, now=platform.clock())
    if said is None:
        return _reply_page(request, session, actor, comment_id, form)
    return go(f"/comments/{said.id}", "Your reply was received and registered.")


def _reply_page(
    request: Request, session: Db, actor: Actor, comment_id: int, form: Form[CommentForm]
) -> Response:
    view = comment_view(session, comment_id)
    comment = view.comment
    if not comment.is_public:
        raise NotFound("The comment you reply to is no longer there.")
    page = open_page(request, session, comment.draft_id, actor, comment.anchor_lang)
    parent = comment_card(view, {}, {}, agency="")
    return _form_page(request, form, page, None, parent=parent | {"more_replies": False})


@router.post("/drafts/{draft_id}/vote")
def vote_on_draft(
    request: Request, session: Db, actor: Voter, posted: Posted, draft_id: int
) -> Response:
    """Vote on the draft as a whole."""
    return _vote_on_text(request, session, actor, posted, draft_id, "")


@router.post("/drafts/{draft_id}/provisions/{wid}/vote")
def vote_on_provision(
    request: Request, session: Db, actor: Voter, posted: Posted, draft_id: int, wid: str
) -> Response:
    """Vote on a provision of the text under discussion."""
    return _vote_on_text(request, session, actor, posted, draft_id, wid)


def _vote_on_text(
    request: Request, session: Db, actor: Actor, posted: Posted, draft_id: int, wid: str
) -> Response:
    draft = draft_for(session, draft_id, actor)
    now = platform_of(request).clock()
    vote_on_text(session, actor=actor, draft=draft, wid=wid, value=_choice(posted), now=now)
    if not wants_fragment(request):
        return go(
            f"/drafts/{draft_id}" + (f"/provisions/{wid}" if wid else ""), "Your vote stands."
        )
    page = open_page(request, session, draft_id, actor)
    given = votes_on(session, page, wid)
    action = f"/drafts/{draft_id}" + (f"/provisions/{wid}" if wid else "") + "/vote"
    return render(
        request,
        "comments/_votes.html",
        action=action,
        for_n=given.votes_for,
        against_n=given.votes_against,
        mine=given.mine,
        identified=given.identified,
        key="vote-place",
    )


@router.post("/comments/{comment_id}/vote")
def vote_on_a_comment(
    request: Request, session: Db, actor: Voter, posted: Posted, comment_id: int
) -> Response:
    """Vote on what somebody said."""
    comment = comment_by_id(session, comment_id)
    draft = draft_for(session, comment.draft_id, actor)
    now = platform_of(request).clock()
    value = _choice(posted)
    vote_on_comment(session, actor=actor, draft=draft, comment=comment, value=value, now=now)
    if not wants_fragment(request):
        return go(f"/comments/{comment_id}", "Your vote stands.")
    session.refresh(comment)
    return render(
        request,
        "comments/_votes.html",
        action=f"/comments/{comment_id}/vote",
        for_n=comment.for_n,
        against_n=comment.against_n,
        mine=value,
        identified=(comment.identified_for_n, comment.identified_against_n),
        key=comment_target(comment_id).replace(":", "-").replace("comment", "vote"),
    )


def _choice(posted: dict[str, object]) -> int:
    form = Form[VoteForm](dict(posted)).check(VoteForm)
    if not form.ok:
        raise Invalid("Please choose one of the options.")
    return value_of(form.value.value)
