"""The content of a report: what is kept of a consultation for good. Its looks are elsewhere.

How what was kept is read is snapshot.py; the changed provisions are changes.py.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from consult.accounts.models import Agency
from consult.answers.detector import template_share
from consult.answers.models import Disposition
from consult.answers.queries import Answering
from consult.answers.rules import ACCEPTING
from consult.comments.models import Comment
from consult.consultations.actions import earliest_close
from consult.consultations.models import Consultation
from consult.consultations.queries import current_round
from consult.law.queries import Law
from consult.procedure.deadlines import Term, local_day
from consult.reports.campaigns import campaigns_in
from consult.reports.changes import changed_provisions, place_names_by_language
from consult.reports.snapshot import CAMPAIGNS, CHANGES, ROWS, SCHEMA
from drafts.models import Draft, DraftVersion
from drafts.queries import latest_version


@dataclass(frozen=True, slots=True)
class Subject:
    """What a report is on, with everything said and decided about it."""

    draft: Draft
    consultation: Consultation
    discussed: DraftVersion
    newest: DraftVersion
    work: Answering

    @property
    def id(self) -> int:
        return self.consultation.id or 0


def compose_report(
    session: Session,
    draft: Draft,
    consultation: Consultation,
    work: Answering,
    *,
    law: Law,
    now: datetime,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The report as plain JSON: what is said of the whole, and its lines as `report_line` has them.

    № · provision · who · proposal · decision · reason · where changed; what is answered together
    is one row. A snapshot: it says what was known at `now` and never changes afterwards.
    """
    discussed = session.get_one(DraftVersion, consultation.version_id)
    newest = latest_version(session, draft.id or 0) or discussed
    subject = Subject(draft, consultation, discussed, newest, work)
    places = place_names_by_language(session, discussed, newest)
    rows = in_rows(work, {wid: at for at, wid in enumerate(places)})
    sources = _sources(rows)
    changes = changed_provisions(session, discussed, newest, places, sources)
    numbers = {c.id or 0: n for n, (_, said) in enumerate(rows, start=1) for c in said}
    distinct, campaigns = campaigns_in(session, work.comments, numbers)
    head = _whole(session, subject, law, now) | _counts(work)
    share = template_share(session, subject.id)
    head |= _promises(work) | {
        "distinct": distinct,
        "campaigns_n": len(campaigns),
        "answers": share.points,
        "template": share.templated,
        "changes_n": len(changes),
        "unexplained": sum(not change["sources"] for change in changes),
    }
    lines = [
        *_lines_of_rows(rows, places, work),
        *_lines_of(CHANGES, changes),
        *_lines_of(CAMPAIGNS, [asdict(campaign) for campaign in campaigns]),
    ]
    return head, lines


Rows = list[tuple[Disposition, list[Comment]]]


def in_rows(work: Answering, order: Mapping[str, int]) -> Rows:
    """Each answer with the comments it is given to: in the order of the text, of the first of them.

    What is said of the draft as a whole comes first, replies after what they reply to.
    """
    decided = work.effective
    rows: dict[int, tuple[Disposition, list[Comment]]] = {}
    for comment in in_order(work.comments, order):
        answer = decided[comment.id or 0]
        rows.setdefault(answer.id or 0, (answer, []))[1].append(comment)
    return list(rows.values())


def in_order(comments: Sequence[Comment], order: Mapping[str, int]) -> list[Comment]:
    """In the order of the text, the draft as a whole first, threads as they grew."""
    return sorted(comments, key=lambda c: (order.get(c.wid, -1), c.root_id or c.id, c.id))


def _sources(rows: Rows) -> dict[str, list[int]]:
    """The numbers of the rows that say why a provision was changed, by wid."""
    found: dict[str, list[int]] = {}
    for number, (answer, _) in enumerate(rows, start=1):
        if answer.changed_wid:
            found.setdefault(answer.changed_wid, []).append(number)
    return found


def _whole(session: Session, subject: Subject, law: Law, now: datetime) -> dict[str, Any]:
    draft, consultation = subject.draft, subject.consultation
    latest = current_round(session, draft.id or 0)
    discussed = subject.discussed
    return {
        "schema": SCHEMA,
        "draft_id": draft.id,
        "titles": {**draft.titles, **discussed.titles},  # in other languages than its text, too
        "langs": discussed.langs,
        "agency": session.get_one(Agency, draft.agency_id).names,
        "act_type": draft.act_type,
        "version": discussed.n,
        "newest": subject.newest.n,
        "round": consultation.round,
        "rounds": latest.round if latest else consultation.round,
        "opens_at": consultation.opens_at.isoformat(),
        "closes_at": consultation.closes_at.isoformat(),
        "published_at": now.isoformat(),
        "term": _term(draft, consultation, law),
    }


def _term(draft: Draft, consultation: Consultation, law: Law) -> dict[str, Any]:
    """How long a discussion of this act must last, by which rule, and how long this one did."""
    on = local_day(consultation.opens_at, law.tz)
    rule = law.pack.rule_for(Term.CONSULTATION, draft.act_type, on, draft.attributes)
    return {
        "amount": rule.amount,
        "unit": rule.unit.value,
        "citation": rule.citation,
        "citation_lang": rule.citation_lang,
        "earliest": earliest_close(law, draft, consultation.opens_at).due_on.isoformat(),
        "exception": consultation.exception_basis,
    }


def _counts(work: Answering) -> dict[str, Any]:
    """People and organisations are counted once, comments and replies each.

    Who spoke for an organisation and for themselves is counted with it and beside it.
    """
    people = {one.author_id for one in work.comments if one.organisation_id is None}
    organisations = {one.organisation_id for one in work.comments} - {None}
    return {
        "people": len(people),
        "organisations": len(organisations),
        "comments": len(work.comments),
        "replies": sum(comment.parent_id is not None for comment in work.comments),
        "signatures": sum(comment.signed_n for comment in work.comments),
        "channels": Counter(comment.channel for comment in work.comments),
        "outcomes": Counter(answer.outcome for answer in work.effective.values()),
    }


def _promises(work: Answering) -> dict[str, int]:
    """Of the answers that accept something, how many the published text keeps already."""
    answers = {answer.id: answer for answer in work.effective.values()}.values()
    accepting = [answer for answer in answers if answer.outcome in ACCEPTING]
    kept = sum(
        bool(answer.changed_wid) and answer.text_before != answer.text_after for answer in accepting
    )
    return {"promised": len(accepting), "kept": kept}


def _lines_of_rows(
    rows: Rows,
    places: Mapping[str, Mapping[str, str]],
    work: Answering,
) -> Iterable[dict[str, Any]]:
    number = 0
    for row, (answer, comments) in enumerate(rows, start=1):
        begins = number + 1
        for comment in comments:
            number += 1
            content = {"row": row} | _said(comment, places)
            if number == begins:
                content["answer"] = _decided(answer, work, places) | {"comments": len(comments)}
            yield {"part": ROWS, "number": number, "begins": begins, "content": content}


def _lines_of(part: str, contents: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    for number, content in enumerate(contents, start=1):
        yield {"part": part, "number": number, "begins": number, "content": content}


def _said(comment: Comment, places: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """What is kept of a comment: not who said it, which is their choice from day to day."""
    return {
        "receipt": comment.receipt,
        "comment_id": comment.id,
        "wid": comment.wid,
        "places": places.get(comment.wid, {}),
        "quote": comment.quote,
        "mandate": comment.mandate,
        "channel": comment.channel,
        "lang": comment.lang,
        "kind": comment.kind,
        "stance": comment.stance,
        "change": comment.change,
        "proposal": comment.body,
        "proposed": comment.proposed,
        "signed": comment.signed_n,
        "is_reply": comment.parent_id is not None,
        "said_at": comment.created_at.isoformat(),
    }


def _decided(
    answer: Disposition, work: Answering, places: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    issue = work.issues.get(answer.issue_id or 0)
    return {
        "issue": issue.title if issue else "",
        "outcome": answer.outcome,
        "reason": answer.reason,
        "lang": answer.lang,
        "wid": answer.changed_wid,
        "places": places.get(answer.changed_wid, {}),
        "before": answer.text_before,
        "after": answer.text_after,
    }
