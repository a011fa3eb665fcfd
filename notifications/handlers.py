"""What people are told about events. Each message has a key, so that nobody gets it twice."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from consult import events
from consult.access import Role
from consult.accounts.models import Agency, Person
from consult.accounts.queries import people_with
from consult.anchors.queries import asked_of, passages
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.consultations.queries import consultation_by_id, extensions_of, rounds_by_draft
from consult.law.queries import law_of
from consult.obligations.keeping.following import follow_consultation, fulfil_by_evidence
from consult.obligations.keeping.reminding import bundle_of, still_due
from consult.obligations.models import Obligation
from consult.platform import Platform
from consult.procedure.duties import Audience, Evidence
from consult.procedure.stages import Stage
from drafts.models import Draft, DraftVersion
from notifications.actions import notify
from notifications.links import DISAVOW, sign
from notifications.queries import waits_for_notice
from notifications.targets import Reached
from notifications.telling import (
    answer_values,
    comment_values,
    draft_values,
    tell_author,
    tell_interested,
    titles_of,
)

RESPONSIBLE = {
    Audience.OFFICER: Role.OFFICER,
    Audience.HEAD: Role.APPROVER,
    Audience.COORDINATOR: Role.OVERSIGHT,
}


LISTED = 30  # comments told of in one message; the others are counted, and stand in the cabinet


class NotYetDoneError(Exception):
    """Something that must come first is not done; the delivery is tried again later."""


def announce_opening(
    session: Session,
    platform: Platform,
    event: events.ConsultationOpened,
    now: datetime,
    cursor: str = "",
) -> str:
    """Followers of the draft and of what it belongs to, all who took part in an earlier round."""
    consultation = consultation_by_id(session, event.consultation_id)
    draft = session.get_one(Draft, event.draft_id)
    values = draft_values(session, draft) | {
        "summaries": draft.summaries,
        "closes_at": consultation.closes_at.isoformat(),
        "round": consultation.round,
        "changes_path": _changes_path(session, draft, consultation),
    }
    key, kind = f"opened:{consultation.id}", "consultation_opened"
    reached = Reached(Stage.OPEN.value, consultation)
    return tell_interested(
        session, platform, draft, key, kind, values, now, cursor=cursor, reached=reached
    )


def _changes_path(session: Session, draft: Draft, consultation: Consultation) -> str:
    """Where the text of this round is compared with that of the round before; "" if it is it."""
    before = [r for r in rounds_by_draft(session, draft.id or 0) if r.round < consultation.round]
    if not before or before[0].version_id == consultation.version_id:
        return ""
    old, new = (session.get_one(DraftVersion, r.version_id).n for r in (before[0], consultation))
    return f"/drafts/{draft.id}/comparison/{old}/{new}"


def announce_extension(
    session: Session,
    platform: Platform,
    event: events.ConsultationExtended,
    now: datetime,
    cursor: str = "",
) -> str:
    """A discussion closes later than people were told: there is time to say more."""
    draft = session.get_one(Draft, event.draft_id)
    extension = extensions_of(session, event.consultation_id)[-1]
    values = draft_values(session, draft) | {
        "closes_at": event.closes_at.isoformat(),
        "reason": extension.reason,
    }
    key = f"extended:{event.consultation_id}:{event.closes_at:%Y%m%d%H%M}"
    kind = "consultation_extended"
    return tell_interested(session, platform, draft, key, kind, values, now, cursor=cursor)


def announce_report(
    session: Session,
    platform: Platform,
    event: events.ReportPublished,
    now: datetime,
    cursor: str = "",
) -> str:
    """Everybody interested learns that the report is out; authors get their answers apart."""
    draft = session.get_one(Draft, event.draft_id)
    consultation = consultation_by_id(session, event.consultation_id)
    values = draft_values(session, draft) | {"round": consultation.round}
    key = f"report:{consultation.id}"
    path = f"/drafts/{draft.id}/report/{consultation.round}"
    kind, reached = "report_published", Reached(Stage.REPORTED.value, consultation)
    return tell_interested(session, platform, draft, key, kind, values, now, path, cursor, reached)


def tell_author_of_receipt(
    session: Session, platform: Platform, event: events.CommentSubmitted, now: datetime
) -> None:
    comment, values = comment_values(session, event.comment_id)
    token = sign(platform.settings.secret_key, DISAVOW, str(comment.id))
    values |= {
        "hash": comment.body_hash,
        "created_at": comment.created_at.isoformat(),
        "disavow_path": f"/disavow/{token}",
    }
    tell_author(session, platform, comment, f"receipt:{comment.id}", "receipt", values, now)


def tell_parent_of_reply(
    session: Session, platform: Platform, event: events.CommentSubmitted, now: datetime
) -> None:
    reply, values = comment_values(session, event.comment_id)
    if reply.parent_id is None or not reply.is_public:
        return
    parent = session.get_one(Comment, reply.reply_to_id or reply.parent_id)
    if parent.author_id != reply.author_id:
        tell_author(session, platform, parent, f"reply:{reply.id}", "reply", values, now)


def tell_author_of_answer(
    session: Session, platform: Platform, event: events.CommentAnswered, now: datetime
) -> None:
    """The heart of it: the comment, the outcome, the reason, the text before and after."""
    comment = session.get_one(Comment, event.comment_id)
    values = answer_values(session, event.comment_id, event.disposition_id)
    tell_author(session, platform, comment, f"answered:{comment.id}", "answered", values, now)


def ask_author_whether_it_matters(
    session: Session, platform: Platform, event: events.AuthorAsked, now: datetime
) -> None:
    """One message about all comments whose text changed with a version; none if all were said."""
    asked = asked_of(session, event.version_id, event.person_id)
    if not asked:
        return
    words = passages(session, asked[:LISTED])
    comments = [
        {
            "receipt": question.comment.receipt,
            "body": question.comment.body,
            "lang": question.comment.lang,
            "quote_lang": question.comment.anchor_lang,
            "state": question.resolution.state,
            "before": words[question.comment.id or 0].before,
            "after": words[question.comment.id or 0].after,
            "words": words[question.comment.id or 0].words,
            "path": f"/comments/{question.comment.id}#then",
        }
        for question in asked[:LISTED]
    ]
    draft = session.get_one(Draft, event.draft_id)
    version = session.get_one(DraftVersion, event.version_id)
    notify(
        session,
        session.get_one(Person, event.person_id),
        key=f"matters:{event.version_id}",
        kind="still_relevant",
        values=draft_values(session, draft)
        | {"n": version.n, "comments": comments, "more": len(asked) - len(comments)},
        path="/cabinet/changed",
        zone=platform.pack.tz,
        now=now,
    )


def settle_notices(
    session: Session, platform: Platform, event: events.AnswersReleased, now: datetime
) -> None:
    """Once every author has been told, the duty to tell them is fulfilled."""
    if waits_for_notice(session, event.consultation_id):
        raise NotYetDoneError("not everybody has been told yet")
    consultation = consultation_by_id(session, event.consultation_id)
    draft = session.get_one(Draft, event.draft_id)
    law = law_of(session, platform.pack)
    follow_consultation(session, law, draft, consultation, now)  # so that the duty runs
    path = f"/drafts/{draft.id}/discussion"
    fulfil_by_evidence(session, law, consultation, Evidence.NOTICE, path, now, now)


def remind_responsible(
    session: Session, platform: Platform, event: events.ReminderDue, now: datetime
) -> None:
    """The officer first, then the head of the body, then the coordinating body."""
    audience = Audience(event.audience)
    if audience not in RESPONSIBLE:
        return  # the public list of overdue duties is a page: it needs no message
    duty = session.get_one(Obligation, event.obligation_id)
    if not still_due(session, platform.pack, duty, event.due_on):
        return
    draft = session.get(Draft, duty.draft_id) if duty.draft_id else None
    values: dict[str, Any] = {
        "duty": platform.pack.duties[duty.duty].names.model_dump(),
        "due_on": event.due_on.isoformat(),
        "rung": event.rung,
        "titles": titles_of(draft) if draft else {},
    }
    for person in _responsible(session, duty, audience):
        notify(
            session,
            person,
            key=f"reminder:{bundle_of(duty)}:{event.due_on}:{event.rung}:{event.audience}",
            kind="reminder",
            values=values,
            path=f"/obligations/{duty.id}",
            zone=platform.pack.tz,
            now=now,
        )


def _responsible(session: Session, duty: Obligation, audience: Audience) -> list[Person]:
    """The officer a duty was given to, as long as they hold that office; else all officers."""
    body = session.get_one(Agency, duty.agency_id)
    if body.kind == "council" and audience is not Audience.COORDINATOR:
        return people_with(session, Role.COUNCILLOR, duty.agency_id)  # it has no other staff
    people = people_with(session, RESPONSIBLE[audience], duty.agency_id)
    if audience is not Audience.OFFICER:
        return people
    return [person for person in people if person.id == duty.officer_id] or people
