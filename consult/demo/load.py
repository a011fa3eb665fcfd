"""Loads the demonstration state into an empty installation, as if it had happened day by day."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session, select

from consult.accounts.models import Agency
from consult.demo.answering import Answering
from consult.demo.keeping import Keeping
from consult.demo.measuring import keep_figures, measure
from consult.demo.scenario import Draft, Scenario, Version, load_scenario
from consult.demo.sitting import Sitting
from consult.demo.stage import PASSWORD, Stage
from consult.demo.steps import HOUR, Step, call
from consult.demo.voices.every import voices
from consult.errors import Conflict
from consult.platform import Platform
from consult.procedure.deadlines import local_day
from consult.worker import drain
from drafts.search.following import rebuild
from drafts.search.interface import Batch, Groups, Page, Query

ANSWERED = ("answering", "reported", "in_parliament", "adopted")
REPORTED = ("reported", "in_parliament", "adopted")


def load_demo(platform: Platform) -> None:
    """Load the demonstration, once; raises Conflict if the database holds something else."""
    marker = platform.settings.data_dir / "demo-loaded"
    with platform.database.reading() as session:
        holds_data = session.exec(select(Agency.id).limit(1)).first() is not None
    if holds_data and marker.exists():
        return
    if holds_data:
        raise Conflict(
            "The demonstration needs an empty database, and this one holds data already "
            "(perhaps of a loading that was interrupted). Delete {folder} and start again.",
            folder=platform.settings.data_dir,
        )
    play(replace(platform, search=_Later()), load_scenario())
    rebuild(platform)
    marker.touch()


class _Later:
    """Stands for the search engine meanwhile: the index is built once, from what came of it all."""

    def search(self, query: Query) -> Page:  # noqa: ARG002 - the name belongs to the interface
        return Page()

    def words(self, most: int) -> Sequence[tuple[str, int]]:  # noqa: ARG002 - likewise
        return ()

    def version(self) -> str:
        return ""

    def place(self) -> str:
        return ""

    def replace(
        self, groups: Groups, place: str | None = None, *, since: str | None = None
    ) -> None: ...

    def following(self) -> AbstractContextManager[None]:
        raise Conflict("The search index is being written. Try again in a few minutes.")

    def rebuild(self, read: Callable[[str], Iterable[Batch]], *, anew: bool = False) -> None: ...

    def needs_rebuild(self) -> bool:
        return False


def play(platform: Platform, scenario: Scenario) -> None:
    """Do every step in the order of its time; background work follows each day's steps."""
    start = platform.clock()
    stage = Stage(platform, start)
    keeping = Keeping(stage)
    steps = [
        *_steps(stage, scenario),
        *_planned(keeping, scenario),
        *_kept(keeping, scenario),
        *_answered(Answering(stage), scenario),
        *_sat(Sitting(stage), scenario),
        *voices(stage),
    ]
    steps.sort(key=lambda step: step.day)
    first = steps[0].day - 1
    with platform.database.writing() as session:
        stage.settle(session, scenario, stage.at(first))
        measure(session, local_day(start, platform.pack.tz).year, stage.at(first))
    last = first
    for step in steps:
        if step.day > last:
            drain(platform, stage.at(step.day))
            with platform.database.writing() as session:
                keeping.hand_in(session, scenario.reports, stage.at(step.day))
        with platform.database.writing() as session:
            step.act(session, stage.at(step.day))
        last = step.day
    drain(platform, start)
    with platform.database.writing() as session:
        keep_figures(session, platform.pack, start)


def _steps(stage: Stage, scenario: Scenario) -> Iterator[Step]:
    for draft in scenario.draft:
        yield from _draft_steps(stage, scenario, draft)
    terms = {draft.slug: draft.consultation for draft in scenario.draft}
    for comment in scenario.comment:
        term = terms[comment.draft]
        closes = term.closes_day if term else 0
        yield Step(comment.day, partial(call, stage.speak, comment))
        voted = min(comment.day + 2, closes - 1, -HOUR)
        yield Step(max(voted, comment.day + HOUR / 60), partial(call, stage.vote_on, comment))
    for votes in scenario.vote:
        term = terms[votes.draft]
        closes = term.closes_day if term else 0
        yield Step(min(closes - 1, -HOUR), partial(call, stage.vote, votes))


def _draft_steps(stage: Stage, scenario: Scenario, draft: Draft) -> Iterator[Step]:
    for version in draft.versions:
        yield Step(version.day, partial(_import, stage, draft, version))
    if draft.consultation is None:
        return
    announced = min(draft.consultation.opens_day - HOUR, -HOUR)
    yield Step(announced, partial(call, stage.set_dates, draft))
    answered = -1.0  # while it is open, officers begin to write
    if draft.stage in ANSWERED:
        revised = max(version.day for version in draft.versions)
        answered = max(draft.consultation.closes_day + 2, revised + HOUR)
    for issue in scenario.issue:
        if issue.draft == draft.slug:
            yield Step(answered, partial(call, stage.group, issue))
    for disposition in scenario.disposition:
        if disposition.draft == draft.slug:
            yield Step(answered + HOUR, partial(call, stage.answer, disposition))
    if draft.stage in REPORTED:
        yield Step(answered + 1, partial(call, stage.report, draft))


def _sat(sitting: Sitting, scenario: Scenario) -> Iterator[Step]:
    """Committees and their bills; what is asked beside drafts, and answered: sitting.py."""
    for referral in scenario.referral:
        yield Step(referral.day, partial(call, sitting.refer, referral))
    terms = {draft.slug: draft.consultation for draft in scenario.draft}
    for poll in scenario.poll:
        if term := terms[poll.draft]:
            yield Step(min(term.opens_day - HOUR / 2, -HOUR), partial(call, sitting.ask, poll))
            answered = min(term.closes_day - 1, -HOUR)
            yield Step(answered, partial(call, sitting.answer, poll))


def _planned(keeping: Keeping, scenario: Scenario) -> Iterator[Step]:
    """The plan of law-making, and what became of its items."""
    for item in scenario.plan:
        yield Step(item.day, partial(call, keeping.plan, item))
        if item.draft:
            versions = next(draft for draft in scenario.draft if draft.slug == item.draft).versions
            yield Step(versions[0].day + HOUR / 60, partial(call, keeping.link, item))
        if item.moved_day is not None:
            yield Step(item.moved_day, partial(call, keeping.put_off, item))
        if item.dropped_day is not None:
            yield Step(item.dropped_day, partial(call, keeping.drop, item))


def _kept(keeping: Keeping, scenario: Scenario) -> Iterator[Step]:
    """The calendar, more time, what comes after: keeping.py."""
    for year in scenario.calendar:
        yield Step(year.day, partial(call, keeping.calendar, year))
    for wish in scenario.extension:
        yield Step(wish.day, partial(call, keeping.ask_for_time, wish))
        if wish.approved_day is not None:
            yield Step(wish.approved_day, partial(call, keeping.allow_time, wish))
    for draft in scenario.draft:
        if draft.outcome:
            yield Step(draft.outcome.day, partial(call, keeping.adopt, draft))
    for progress in scenario.progress:
        yield Step(progress.day, partial(call, keeping.proceed, progress))
    yield Step(scenario.reports.delay_day, partial(call, keeping.regret, scenario.reports))


def _answered(answering: Answering, scenario: Scenario) -> Iterator[Step]:
    """What becomes of comments beside their answers: answering.py."""
    played: tuple[tuple[Callable[..., None], Iterable[Any]], ...] = (
        (answering.sign, scenario.signature),
        (answering.enter, scenario.entry),
        (answering.send, scenario.paper),
        (answering.say, (*scenario.hiding, *scenario.redaction)),
        (answering.rate, scenario.rating),
        (answering.contest, scenario.contest),
        (answering.keep_template, scenario.template),
        (answering.note, scenario.note),
    )
    for act, parts in played:
        for part in parts:
            yield Step(part.day, partial(call, act, part))
    for hiding in scenario.hiding:
        yield Step(hiding.hidden_day, partial(call, answering.hide, hiding))
        yield Step(hiding.appeal_day, partial(call, answering.appeal, hiding))
        yield Step(hiding.decided_day, partial(call, answering.decide, hiding))
    for redaction in scenario.redaction:
        yield Step(redaction.redacted_day, partial(call, answering.redact, redaction))
    for contest in scenario.contest:
        yield Step(contest.decided_day, partial(call, answering.review, contest))


def _import(stage: Stage, draft: Draft, version: Version, session: Session, now: datetime) -> None:
    stage.bring_in(session, draft, version, now)


def sign_ins() -> str:
    """The people of the demonstration with a role, one a line, and the password of all."""
    lines = []
    for person in load_scenario().person:
        roles = ", ".join(f"{held.role} {held.agency}".strip() for held in person.roles)
        if roles or person.key in ("aizada", "okuu"):
            standing = roles or ("organisation" if person.organisation else "citizen")
            lines.append(f"  {person.email:<28} {standing:<22} {person.name}")
    return "\n".join([f"Sign in with the password {PASSWORD!r} as", *lines])
