"""What is told to webhooks of an event: one call for each address that wants it, laid out once."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from consult import events
from consult.accounts.models import Agency
from consult.adoption.queries import outcome_of
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.db import upsert
from consult.obligations.keeping.reminding import bundle_of, still_due
from consult.obligations.models import Obligation
from consult.platform import Platform
from consult.procedure.duties import Audience
from consult.webhooks.models import Webhook, WebhookCall
from consult.webhooks.rules import QUIET, payload_of
from drafts.models import Draft
from drafts.queries import PUBLIC_STAGES


def call_on_version(
    session: Session, platform: Platform, event: events.VersionPublished, now: datetime
) -> None:
    """The text of a draft was published, the first or a new one."""
    more = {"version": event.n}
    of_draft(
        session, platform, f"draft.published:{event.version_id}", event.draft_id, "", more, now
    )


def call_on_opening(
    session: Session, platform: Platform, event: events.ConsultationOpened, now: datetime
) -> None:
    """Comments are taken."""
    _of_round(session, platform, "consultation.opened", event.consultation_id, now)


def call_on_extension(
    session: Session, platform: Platform, event: events.ConsultationExtended, now: datetime
) -> None:
    """A discussion closes later; each time it is put off is told."""
    until = f":{event.closes_at:%Y%m%d%H%M}"
    _of_round(session, platform, "consultation.extended", event.consultation_id, now, until)


def call_on_closing(
    session: Session, platform: Platform, event: events.ConsultationClosed, now: datetime
) -> None:
    """A discussion closed."""
    _of_round(session, platform, "consultation.closed", event.consultation_id, now)


def call_on_comment(
    session: Session, platform: Platform, event: events.CommentSubmitted, now: datetime
) -> None:
    """A comment came in; nothing of its words, and only if everybody may read them."""
    said = session.get_one(Comment, event.comment_id)
    if not said.is_public:
        return
    more = {
        "consultation_id": said.consultation_id,
        "receipt": said.receipt,
        "wid": said.wid,
        "kind": said.kind,
        "lang": said.lang,
    }
    key, path = f"comment.received:{said.id}", "/discussion"
    of_draft(session, platform, key, event.draft_id, path, more, now)


def call_on_report(
    session: Session, platform: Platform, event: events.ReportPublished, now: datetime
) -> None:
    """The report on a discussion is out."""
    found = session.get_one(Consultation, event.consultation_id)
    more = {"consultation_id": found.id, "round": found.round}
    key, path = f"report.published:{found.id}", f"/report/{found.round}"
    of_draft(session, platform, key, event.draft_id, path, more, now)


def call_on_outcome(
    session: Session, platform: Platform, event: events.OutcomeRecorded, now: datetime
) -> None:
    """A draft became an act, or it is known that it will not; told once, corrections are not."""
    outcome = outcome_of(session, event.draft_id)
    if outcome is None:
        return
    more = {
        "outcome": outcome.outcome,
        "number": outcome.number,
        "decided_on": outcome.decided_on.isoformat(),
    }
    key = f"outcome.recorded:{event.draft_id}"
    of_draft(session, platform, key, event.draft_id, "/after", more, now)


def call_on_overdue(
    session: Session, platform: Platform, event: events.ReminderDue, now: datetime
) -> None:
    """A duty came onto the public list: the rung of its reminders that speaks to everybody."""
    duty = session.get_one(Obligation, event.obligation_id)
    if event.audience != Audience.PUBLIC.value:
        return
    if not still_due(session, platform.pack, duty, event.due_on):
        return
    draft = session.get(Draft, duty.draft_id) if duty.draft_id else None
    if draft is not None and not _is_public(draft):
        return
    data = {
        "duty_id": duty.id,
        "duty": duty.duty,
        "names": platform.pack.duties[duty.duty].names.model_dump(),
        "agency": session.get_one(Agency, duty.agency_id).code,
        "due_on": event.due_on.isoformat(),
        "draft_id": duty.draft_id,
        "subject": duty.subject,
        "url": f"{base_of(platform)}/obligations/{duty.id}",
    }
    call(session, f"duty.overdue:{bundle_of(duty)}:{event.due_on}", data, now)


def _of_round(
    session: Session,
    platform: Platform,
    kind: str,
    consultation_id: int,
    now: datetime,
    time: str = "",
) -> None:
    found = session.get_one(Consultation, consultation_id)
    data = {
        "consultation_id": found.id,
        "round": found.round,
        "opens_at": found.opens_at.isoformat(),
        "closes_at": found.closes_at.isoformat(),
    }
    of_draft(session, platform, f"{kind}:{found.id}{time}", found.draft_id, "", data, now)


def of_draft(
    session: Session,
    platform: Platform,
    key: str,
    draft_id: int,
    path: str,
    more: dict[str, Any],
    now: datetime,
) -> None:
    """Calls about a draft; `path` is what is told of, below the page of the draft."""
    draft = session.get_one(Draft, draft_id)
    if not _is_public(draft):
        return
    data = {
        "draft_id": draft.id,
        "titles": draft.titles,
        "agency": session.get_one(Agency, draft.agency_id).code,
        "url": f"{base_of(platform)}/drafts/{draft.id}{path}",
        **more,
    }
    call(session, key, data, now)


def _is_public(draft: Draft) -> bool:
    return draft.published_at is not None and draft.stage in PUBLIC_STAGES


def base_of(platform: Platform) -> str:
    """The address of this site, without a slash at its end."""
    return platform.settings.base_url.rstrip("/")


def call(session: Session, key: str, data: dict[str, Any], now: datetime) -> None:
    """One call for each address that wants this kind; none that is laid out already."""
    kind = key.partition(":")[0]
    live = (col(Webhook.disabled_at).is_(None), col(Webhook.ended_at).is_(None))
    wanting = [
        webhook_id
        for webhook_id, kinds in session.exec(select(Webhook.id, Webhook.kinds).where(*live))
        if (not kinds and kind not in QUIET) or kind in kinds
    ]
    if not wanting:
        return
    common: dict[str, Any] = {"key": key, "kind": kind, "payload": payload_of(kind, now, data)}
    common |= {"created_at": now, "due_at": now, "attempts": 0, "error": ""}
    session.execute(
        upsert(session, WebhookCall).on_conflict_do_nothing(index_elements=["webhook_id", "key"]),
        [{"webhook_id": webhook_id, **common} for webhook_id in wanting],
    )
