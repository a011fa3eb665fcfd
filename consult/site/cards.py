"""Rows turned into what the components of the pages show: comments, drafts, terms."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from consult.accounts.models import Agency
from consult.answers.models import Disposition
from consult.comments.queries import CommentView
from consult.consultations.models import Consultation
from consult.db import text_in
from consult.law.queries import Law
from consult.procedure.calendars import Calendar
from consult.procedure.deadlines import last_day, working_days_left
from consult.procedure.packs import RulePack
from consult.procedure.stages import Stage
from consult.site.anchors import Anchors
from consult.site.enclosed import Enclosed
from consult.templating import change_url
from consult.votes.rules import comment_target
from drafts.models import Draft
from drafts.versions.proposing import brief as brief_pieces
from drafts.versions.proposing import pieces

AS_KEPT = (
    *("id", "receipt", "author_id", "lang", "kind", "stance", "channel", "change", "depth"),
    *("created_at", "edited_at", "withdrawn_at", "hidden_at", "held_at", "redacted_at"),
    "disavowed_at",
    *("for_n", "against_n", "signed_n", "replies_n", "wid", "anchor_lang", "paper_id"),
)
WORDS = ("body", "quote", "mandate", "organisation_id")  # shown only while the comment is


def comment_card(
    view: CommentView,
    answers: Mapping[int, Disposition],
    votes: Mapping[str, int],
    *,
    agency: str,
    places: Mapping[str, str] | None = None,
    anchors: Anchors | None = None,
    enclosed: Enclosed | None = None,
    brief: bool = True,
    nested: bool = False,
) -> dict[str, Any]:
    """A comment as components/comment.html shows it.

    `places` names provisions by wid; `anchors` says where the words stand in the version shown;
    `enclosed` are the files, and how it came if an officer entered it; `brief`: long unchanged
    words of a proposal are cut; `nested`: it stands beneath what it replies to.
    """
    comment = view.comment
    card: dict[str, Any] = {name: getattr(comment, name) for name in AS_KEPT}
    card |= {name: getattr(comment, name) if comment.is_public else "" for name in WORDS}
    card |= {
        "who": view.who,
        "anchor": anchors.of(comment) if anchors else {},
        "my_vote": votes.get(comment_target(comment.id or 0), 0),
        "url": f"/comments/{comment.id}",
        "vote_url": f"/comments/{comment.id}/vote",
        "identified": (comment.identified_for_n, comment.identified_against_n),
        "reply_url": f"/comments/{comment.id}/reply",
        "is_reply": comment.parent_id is not None,
        "round": anchors.page.round_of(comment.consultation_id) if anchors else 0,
        "replies": [
            comment_card(reply, answers, votes, agency=agency, enclosed=enclosed, nested=True)
            for reply in view.replies
        ],
        "more_replies": comment.replies_n > sum(1 for _ in view.thread()) - 1,
    }
    if comment.is_public and comment.change:
        card["proposed"] = proposal_pieces(view, whole=not brief)
    if not nested or comment.reply_to_id:
        card |= _replies_to(view)
    card |= enclosed.of(comment) if enclosed else {}
    if places and comment.wid:
        card["place"] = places.get(comment.wid, "")
        card["place_url"] = f"/drafts/{comment.draft_id}/provisions/{comment.wid}"
    if answer := answers.get(comment.id or 0):
        card["outcome"] = answer.outcome
        card["answer"] = answer_card(answer, comment.draft_id, agency)
    return card


def _replies_to(view: CommentView) -> dict[str, Any]:
    """Of a reply, whom it replies to, where that can not be seen from its place."""
    comment = view.comment
    if comment.parent_id is None:
        return {}
    url = f"/comments/{comment.reply_to_id or comment.parent_id}"
    return {"replies_to": view.replies_to, "replies_to_url": url}


def proposal_pieces(view: CommentView, *, whole: bool = False) -> list[tuple[str, str]]:
    """What a comment proposes as a difference from the provision as it was when it was made."""
    one = view.comment
    found = pieces(one.change, one.proposed, view.text, one.quote, one.quote_start or 0)
    return list(found) if whole else brief_pieces(found)


def answer_card(answer: Disposition, draft_id: int, agency: str) -> dict[str, Any]:
    """A published answer as components/comment.html shows it."""
    return {
        "agency": agency,
        "text": answer.reason,
        "lang": answer.lang,
        "published_at": answer.published_at,
        "changed_url": change_url(draft_id, answer.changed_wid),
    }


def draft_card(
    draft: Draft,
    agency: Agency,
    consultation: Consultation | None,
    comments: int,
    *,
    pack: RulePack,
    lang: str,
    now: datetime,
    calendar: Calendar,
) -> dict[str, Any]:
    """A draft in a list as components/card.html shows it."""
    title, title_lang = text_in(draft.titles, lang)
    summary, summary_lang = text_in(draft.summaries, lang)
    card: dict[str, Any] = {
        "url": f"/drafts/{draft.id}",
        "title": title,
        "lang": title_lang,
        "summary": summary,
        "summary_lang": summary_lang,
        "agency": text_in(agency.names, lang)[0],
        "act_type": type_name(pack, draft.act_type, lang),
        "stage": draft.stage,
        "comments": comments,
    }
    if consultation:
        card["opens_at"], card["closes_at"] = consultation.opens_at, consultation.closes_at
        if draft.stage == Stage.OPEN:
            card["days_left"] = working_days_left(now, consultation.closes_at, calendar, pack.tz)
    return card


def type_name(pack: RulePack, code: str, lang: str) -> str:
    """The name of a kind of act; its code if the rules no longer know it."""
    names = pack.act_types.get(code)
    return names.in_language(lang) if names else code


def term_card(consultation: Consultation, stage: str, law: Law, now: datetime) -> dict[str, Any]:
    """The term of a consultation as components/term.html shows it."""
    opens_at, closes_at = consultation.opens_at, consultation.closes_at
    return {
        "stage": stage,
        "opens_at": opens_at,
        "closes_at": closes_at,
        "days_left": working_days_left(now, closes_at, law.calendar, law.tz),
        "total": (closes_at - opens_at).days or 1,
        "passed": max(0, (now - opens_at).days),
        "trace_url": f"/drafts/{consultation.draft_id}/term",
        "exception": consultation.exception_basis,
        "preliminary": not law.calendar.is_confirmed(last_day(closes_at, law.tz)),
    }
