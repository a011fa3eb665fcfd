"""What became of a draft after its report, for everybody: the act, its text, promises, problems."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.adoption.models import ActOutcome
from consult.adoption.queries import count_commitments, outcome_of, promises
from consult.adoption.rules import COMMITMENT_STATES, evidence_parts
from consult.errors import NotFound
from consult.moderation.rules import is_independent
from consult.procedure.stages import Stage, Verb, allows
from consult.security import Db, Reader
from consult.site.drafts import draft_context, open_page
from consult.site.practice import practice_of
from consult.site.views import DraftPage
from consult.web import language_of, render
from drafts.compared import compare_versions
from drafts.models import DraftVersion
from drafts.queries import places
from drafts.versions.aligning import ChangeKind
from drafts.versions.comparing import counts

router = APIRouter()

State = Annotated[str, Query(max_length=20)]
RowId = Annotated[int, Query(ge=0, lt=2**31)]
PROMISES = 30


@dataclass(frozen=True, slots=True)
class FinalText:
    """The text as it was adopted, beside the one people discussed last.

    `changed` counts provisions by what became of them; None when the two share no language.
    """

    version: DraftVersion
    discussed: DraftVersion | None
    changed: Mapping[ChangeKind, int] | None

    @property
    def is_other(self) -> bool:
        """Whether it is another version than people discussed."""
        return self.discussed is not None and self.discussed.id != self.version.id

    @property
    def url(self) -> str:
        """The comparison of both, the older one first whichever that is."""
        n, other = self.version.n, self.discussed.n if self.discussed else self.version.n
        return f"/drafts/{self.version.draft_id}/comparison/{min(n, other)}/{max(n, other)}"


@router.get("/drafts/{draft_id}/after")
def read_after(
    request: Request,
    session: Db,
    actor: Reader,
    draft_id: int,
    state: State = "",
    after: RowId = 0,
    before: RowId = 0,
    at: Annotated[str, Query(max_length=300)] = "",
    kind: State = "",
) -> Response:
    """The act with its number, how its text differs, what was promised, what people met with."""
    page = open_page(request, session, draft_id, actor)
    outcome = outcome_of(session, draft_id)
    promised = count_commitments(session, draft_id)
    if outcome is None and not promised:
        raise NotFound("Nothing is recorded yet of what became of this draft.")
    state = state if state in COMMITMENT_STATES else ""
    kept = promises(session, draft_id, state=state, after=after, limit=PROMISES)
    takes = allows(Stage(page.draft.stage), Verb.REPORT_PROBLEM)
    practice = None
    if takes:
        practice = practice_of(session, draft_id, actor, at=at, kind=kind, before=before)
    wids = [one.answer.changed_wid for one in kept] + (practice.wids if practice else [])
    return render(
        request,
        "adoption/after.html",
        outcome=outcome,
        final=final_text(session, page, outcome, language_of(request)),
        shown=kept[:PROMISES],
        promised=promised,
        state=state,
        more=kept[PROMISES - 1].commitment.id if len(kept) > PROMISES else None,
        places=places(session, page.version.id or 0, page.lang, wids) if any(wids) else {},
        evidence_parts=evidence_parts,
        practice=practice,
        may_hide=actor.may("moderate") and is_independent(actor, page.draft.agency_id),
        may_answer=actor.may("answer") and actor.may_for("answer", page.draft.agency_id),
        may_track=actor.may("answer") and actor.may_for("answer", page.draft.agency_id),
        **draft_context(request, page, "after"),
    )


def final_text(
    session: Session, page: DraftPage, outcome: ActOutcome | None, lang: str
) -> FinalText | None:
    """The final text of an act, if it is here, and how it differs from what was discussed."""
    final = next((v for v in page.versions if outcome and v.id == outcome.version_id), None)
    if final is None:
        return None
    opened = [one.version_id for one in page.rounds if one.opened_at]
    discussed = next((v for v in page.versions if opened and v.id == opened[0]), None)
    if discussed is None or discussed.id == final.id:
        return FinalText(final, discussed, None)
    if not set(discussed.langs) & set(final.langs):
        return FinalText(final, discussed, None)
    old, new = sorted((discussed.n, final.n))
    found = compare_versions(session, page.versions, old, new, [lang])
    return FinalText(final, discussed, counts(found.rows))
