"""Pages of the officer's list of comments: narrowed, put together, given to colleagues.

One answer is in answering_routes.py, approval in release_routes.py, publication consult/reports.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from consult.access import Actor, Role
from consult.accounts.queries import people_with
from consult.answers import answering_routes, release_routes
from consult.answers.actions import group_comments, ungroup
from consult.answers.assigning import assign
from consult.answers.bench import Bench, open_bench
from consult.answers.forms import AssignForm, ChosenForm, GroupForm, WorkQuery
from consult.answers.models import Issue
from consult.answers.queries import issues_of
from consult.answers.standing import STATUSES
from consult.answers.worklist import NOBODY, PAGE, WorkCounts, count_work, found_ids, list_work
from consult.answers.worklist import with_words as narrowed
from consult.comments.rules import CHANNELS, KINDS, STANCES
from consult.forms import Form, Posted
from consult.procedure.stages import Stage, Verb, allows
from consult.security import Allow, Db
from consult.web import go, platform_of, render

router = APIRouter()
router.include_router(answering_routes.router)
router.include_router(release_routes.router)

AtDesk = Annotated[Actor, Depends(Allow("desk"))]
Officer = Annotated[Actor, Depends(Allow("answer"))]
Narrowed = Annotated[WorkQuery, Query()]


@router.get("/desk/consultations/{consultation_id}")
def working_list(
    request: Request, session: Db, actor: AtDesk, consultation_id: int, wanted: Narrowed
) -> Response:
    """The comments of a consultation, narrowed and counted."""
    bench = open_bench(request, session, actor, consultation_id)
    return _list_page(request, session, actor, bench, wanted, Form())


def _list_page(
    request: Request,
    session: Db,
    actor: Actor,
    bench: Bench,
    wanted: WorkQuery,
    form: Form[GroupForm] | Form[AssignForm],
) -> Response:
    found = narrowed(session, bench.id, wanted.filter, wanted.words)
    counts = count_work(session, bench.id, found)
    officers = people_with(session, Role.OFFICER, bench.draft.agency_id)
    return render(
        request,
        "answers/list.html",
        status=form.status,
        bench=bench,
        wanted=wanted,
        form=form,
        counts=counts,
        rows=list_work(session, bench.id, bench.lang, found, wanted.page),
        issues=issues_of(session, bench.id),
        officers={one.id: one.name for one in officers},
        mine=_mine(actor, counts),
        statuses=STATUSES,
        kinds=KINDS,
        stances=STANCES,
        channels=CHANNELS,
        nobody=NOBODY,
        may_work=bench.consultation.reported_at is None
        and allows(Stage(bench.draft.stage), Verb.GROUP),
        more=counts.found > wanted.page * PAGE,
    )


def _mine(actor: Actor, counts: WorkCounts) -> tuple[int, int] | None:
    """(given, waiting) of whoever looks; None when nothing was given to them."""
    return counts.load.get(actor.person_id)


@router.post("/desk/consultations/{consultation_id}/groups")
def regroup(
    request: Request,
    session: Db,
    actor: Officer,
    posted: Posted,
    consultation_id: int,
    wanted: Narrowed,
) -> Response:
    """Put the chosen comments into a group, or take them out of theirs."""
    bench = open_bench(request, session, actor, consultation_id)
    form = Form[GroupForm](posted).check(GroupForm)
    issue: Issue | None = None
    if form.ok:
        with form.attempt(session):
            issue = _regroup(request, session, actor, bench, form.value, wanted)
    if not form.ok:
        return _list_page(request, session, actor, bench, wanted, form)
    if issue is None:
        back = bench.url + wanted.address(page=wanted.page)
        return go(back, "The comments were taken out of their groups.")
    return go(f"{bench.url}/groups/{issue.id}", "These comments now get one answer together.")


def _regroup(
    request: Request,
    session: Db,
    actor: Actor,
    bench: Bench,
    typed: GroupForm,
    wanted: WorkQuery,
) -> Issue | None:
    chosen = _chosen(session, bench, typed, wanted)
    now = platform_of(request).clock()
    if typed.then == "ungroup":
        ungroup(
            session,
            actor=actor,
            consultation=bench.consultation,
            draft=bench.draft,
            comment_ids=chosen,
            now=now,
        )
        return None
    return group_comments(
        session,
        actor=actor,
        consultation=bench.consultation,
        draft=bench.draft,
        comment_ids=chosen,
        title=typed.title,
        issue_id=typed.issue or None,
        now=now,
    )


def _chosen(session: Db, bench: Bench, typed: ChosenForm, wanted: WorkQuery) -> list[int]:
    """The comments that were ticked, or all that the list finds, on every page."""
    if not typed.everything:
        return typed.comments
    return found_ids(session, bench.id, narrowed(session, bench.id, wanted.filter, wanted.words))


@router.post("/desk/consultations/{consultation_id}/assignments")
def give(
    request: Request,
    session: Db,
    actor: AtDesk,
    posted: Posted,
    consultation_id: int,
    wanted: Narrowed,
) -> Response:
    """Give the chosen comments to an officer of the agency, or take them back."""
    bench = open_bench(request, session, actor, consultation_id)
    form = Form[AssignForm](posted).check(AssignForm)
    if form.ok:
        typed = form.value
        with form.attempt(session):
            assign(
                session,
                actor=actor,
                consultation=bench.consultation,
                draft=bench.draft,
                comment_ids=_chosen(session, bench, typed, wanted),
                officer_id=None if typed.then == "take_back" else typed.to or 0,
                now=platform_of(request).clock(),
            )
    if not form.ok:
        return _list_page(request, session, actor, bench, wanted, form)
    back = bench.url + wanted.address(page=wanted.page)
    if form.value.then == "take_back":
        return go(back, "These comments are nobody's again.")
    return go(back, "The comments are given. The officer is told once of all of them.")
