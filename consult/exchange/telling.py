"""[pure] What a system is told: drafts, comments, duties as JSON. The keys are a promise."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol


def told_draft(seen: Any, base: str) -> dict[str, Any]:
    """A draft (queries.Seen): what it is, how far it has come, its newest text and round."""
    draft, version, term = seen.draft, seen.version, seen.round
    return {
        "draft": draft.id,
        "number": seen.number,
        "titles": draft.titles or version.titles,
        "act_type": draft.act_type,
        "topic": draft.topic,
        "stage": draft.stage,
        "version": version.n,
        "langs": version.langs,
        "published": version.published_at is not None,
        "round": term
        and {
            "n": term.round,
            "opens_at": term.opens_at.isoformat(),
            "closes_at": term.closes_at.isoformat(),
            "reported_at": _instant(term.reported_at),
        },
        "url": f"{base}/drafts/{draft.id}",
    }


def as_tag(told: Mapping[str, Any]) -> str:
    """The ETag of what is told: another as soon as any of it is otherwise."""
    said = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return f'"{sha256(said.encode()).hexdigest()[:32]}"'


def told_comment(row: Any, places: Mapping[tuple[int, str, str], str], base: str) -> dict[str, Any]:
    """A comment as the public sees it, with how far its answer has come: (Comment, its author as
    shown, group, answer, answer to the group), as queries.comments_after gives it."""
    comment, shown, group, answer, shared = row
    return {
        "id": comment.id,
        "receipt": comment.receipt,
        "created_at": comment.created_at.isoformat(),
        "wid": comment.wid,
        "provision": places.get((comment.version_id, comment.anchor_lang, comment.wid), ""),
        "quote": comment.quote,
        "kind": comment.kind,
        "stance": comment.stance,
        "lang": comment.lang,
        "body": comment.body,
        "change": comment.change,
        "proposed": comment.proposed,
        "author": {"kind": shown.kind, "name": shown.name, "identified": shown.identified},
        "channel": comment.channel,
        "reply_to": comment.parent_id,
        "group": group,
        "answer": _answer(answer),
        "group_answer": _answer(shared),
        "url": f"{base}/comments/{comment.id}",
    }


def _answer(answer: Any) -> dict[str, str] | None:
    return answer and {"state": answer.state, "outcome": answer.outcome, "tag": answer.mark}


class _Duty(Protocol):
    id: int | None
    duty: str
    subject: str
    due_at: datetime | None
    fulfilled_at: datetime | None
    preliminary: bool


def told_duty(duty: _Duty, names: Mapping[str, str], status: str, base: str) -> dict[str, Any]:
    """A duty with its due instant; `status` is derived, as on the pages."""
    return {
        "id": duty.id,
        "duty": duty.duty,
        "names": dict(names),
        "subject": duty.subject,
        "status": status,
        "due_at": _instant(duty.due_at),
        "preliminary": duty.preliminary,
        "fulfilled_at": _instant(duty.fulfilled_at),
        "url": f"{base}/obligations/{duty.id}",
    }


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
