"""Plays parliament and a local kenesh: deputies, readings, amendments, roll-calls, sittings."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from sqlmodel import Session, select

from consult.accounts.queries import agency_by_code
from consult.adoption.actions import submit_to_parliament
from consult.chambers.bills.actions import record_reading, record_speech, register_bill
from consult.chambers.bills.amending import decide_amendment, enter_amendment
from consult.chambers.bills.models import Amendment, Reading
from consult.chambers.bills.queries import reading_by_number
from consult.chambers.bills.rules import Change, Decided, Held, Registered, Spoken
from consult.chambers.deputies.actions import take_deputies
from consult.chambers.deputies.models import Deputy
from consult.chambers.deputies.queries import seats_of
from consult.chambers.deputies.reading import read_deputies
from consult.chambers.sittings.actions import (
    add_item,
    publish_appeals,
    publish_sitting,
    record_sitting,
)
from consult.chambers.sittings.models import Sitting as SittingRow
from consult.chambers.sittings.rules import Considered, Convened, Item, counts_in
from consult.chambers.voting.actions import publish_roll_call
from consult.chambers.voting.reading import Setting, read_roll_call
from consult.demo.stage import Stage
from consult.demo.steps import HOUR, Step
from consult.demo.voices.telling import Part, story
from consult.procedure.deadlines import local_day

SIGNS = {"+": "for", "-": "against", "0": "abstained", ".": "absent"}


class Body(Part):
    """The deputies of a body, as a table."""

    code: str
    by: str
    day: float
    deputies: str


class Speech(Part):
    """Who spoke: a deputy, or a guest."""

    deputy: str = ""
    guest: str = ""
    stance: str
    lang: str
    gist: str


class ReadingPart(Part):
    """A reading; of `votes` each sign is how a deputy voted, in the order of the list."""

    n: int
    day: float
    outcome: str
    note: str = ""
    votes: str = ""
    speech: tuple[Speech, ...] = ()


class AmendmentPart(Part):
    """An amendment, entered after the first reading and decided at the last."""

    number: str
    wid: str = ""
    place: str = ""
    deputy: str = ""
    author: str = ""
    proposed: str
    conclusion: str
    decision: str
    reason: str = ""
    votes: str = ""


class Bill(Part):
    """A bill; with an `officer` of its agency, who brings it before parliament."""

    draft: str
    body: str
    committee: str = ""
    by: str
    officer: str = ""
    submitted_day: float = 0
    number: str
    registered_day: float
    reading: tuple[ReadingPart, ...]
    amendment: tuple[AmendmentPart, ...] = ()


class Dealt(Part):
    """An item of an agenda."""

    title: str
    result: str
    draft: str = ""


class Sitting(Part):
    """A sitting; without `published_day` its results are still owed."""

    body: str
    by: str
    day: float
    lang: str
    title: str
    published_day: float | None = None
    results: str = ""
    item: tuple[Dealt, ...] = ()


class Appeals(Part):
    """A report on appeals of a period."""

    body: str
    by: str
    day: float
    since_day: float
    until_day: float
    lang: str
    text: str
    counts: str


class Story(Part):
    body: tuple[Body, ...]
    bill: tuple[Bill, ...]
    sitting: tuple[Sitting, ...]
    appeals: tuple[Appeals, ...]


def steps(stage: Stage) -> Iterator[Step]:
    """Deputies are entered, bills read, sittings held."""
    told = story(Story, "chambers")
    for body in told.body:
        yield Step(body.day, partial(_seat, stage, body))
    for bill in told.bill:
        if bill.officer:
            yield Step(bill.submitted_day, partial(_submit, stage, bill))
        yield Step(bill.registered_day, partial(_register, stage, bill))
        for reading in bill.reading:
            yield Step(reading.day, partial(_read, stage, bill, reading))
        last = bill.reading[-1].day
        for n, amendment in enumerate(bill.amendment, start=1):
            yield Step(bill.reading[0].day + n, partial(_amend, stage, bill, amendment))
            yield Step(last + HOUR, partial(_decide, stage, bill, amendment))
    for sitting in told.sitting:
        yield Step(sitting.day, partial(_sit, stage, sitting))
        if sitting.published_day is not None:
            yield Step(sitting.published_day, partial(_publish, stage, sitting))
    for appeals in told.appeals:
        yield Step(appeals.day, partial(_report, stage, appeals))


def _day(stage: Stage, day: float) -> date:
    return local_day(stage.at(day), stage.platform.pack.tz)


def _seat(stage: Stage, part: Body, session: Session, now: datetime) -> None:
    read = read_deputies(part.deputies.strip().encode())
    body, actor = agency_by_code(session, part.code), stage.actor(session, part.by)
    take_deputies(session, actor=actor, body=body, deputies=read.rows, now=now)


def _submit(stage: Stage, part: Bill, session: Session, now: datetime) -> None:
    draft, actor = stage.draft(session, part.draft), stage.actor(session, part.officer)
    submit_to_parliament(session, actor=actor, draft=draft, now=now)


def _register(stage: Stage, part: Bill, session: Session, now: datetime) -> None:
    committee = agency_by_code(session, part.committee).id if part.committee else None
    body_id = agency_by_code(session, part.body).id or 0
    said = Registered(body_id, part.number, _day(stage, part.registered_day), committee)
    register_bill(
        session,
        actor=stage.actor(session, part.by),
        draft=stage.draft(session, part.draft),
        said=said,
        tz=stage.platform.pack.tz,
        now=now,
    )


def _read(stage: Stage, bill: Bill, part: ReadingPart, session: Session, now: datetime) -> None:
    """The reading with who spoke, and how was voted on the bill as a whole."""
    actor, draft = stage.actor(session, bill.by), stage.draft(session, bill.draft)
    held = Held(part.n, _day(stage, part.day), part.outcome, part.note)
    tz = stage.platform.pack.tz
    reading = record_reading(session, actor=actor, draft=draft, said=held, tz=tz, now=now)
    for one in part.speech:
        deputy = _deputy(session, bill.body, one.deputy)
        said = Spoken(one.gist, one.lang, one.stance, deputy, one.guest)
        record_speech(session, actor=actor, draft=draft, reading=reading, said=said, now=now)
    if part.votes:
        _call(stage, bill, reading, part.votes, None, session, now)


def _amend(stage: Stage, bill: Bill, part: AmendmentPart, session: Session, now: datetime) -> None:
    said = Change(
        number=part.number,
        proposed=part.proposed,
        lang="ru",
        wid=part.wid,
        place=part.place,
        deputy_id=_deputy(session, bill.body, part.deputy),
        author=part.author,
    )
    actor, draft = stage.actor(session, bill.by), stage.draft(session, bill.draft)
    enter_amendment(session, actor=actor, draft=draft, said=said, now=now)


def _decide(stage: Stage, bill: Bill, part: AmendmentPart, session: Session, now: datetime) -> None:
    """At the last reading; some amendments were voted on by name."""
    actor, draft = stage.actor(session, bill.by), stage.draft(session, bill.draft)
    row = session.exec(
        select(Amendment).where(Amendment.draft_id == draft.id, Amendment.number == part.number)
    ).one()
    said = Decided(part.decision, part.conclusion, part.reason)
    decide_amendment(session, actor=actor, draft=draft, amendment=row, said=said, why="", now=now)
    if part.votes:
        reading = reading_by_number(session, draft.id or 0, bill.reading[-1].n)
        _call(stage, bill, reading, part.votes, row.id, session, now)


def _call(
    stage: Stage,
    bill: Bill,
    reading: Reading,
    votes: str,
    amendment_id: int | None,
    session: Session,
    now: datetime,
) -> None:
    """A roll-call, through the same table as a secretariat sends."""
    seats = seats_of(session, agency_by_code(session, bill.body).id or 0)
    lines = [
        f"{seat.name},{SIGNS[sign]},{'' if sign == '.' else f'11:{n:02}'}"
        for n, (seat, sign) in enumerate(zip(seats, votes, strict=True))
    ]
    setting = Setting(seats, reading.held_on, stage.platform.pack.tz)
    read = read_roll_call("\n".join(("deputy,vote,time", *lines)), setting)
    assert not read.problems  # noqa: S101 - the story names its own deputies
    publish_roll_call(
        session,
        actor=stage.actor(session, bill.by),
        draft=stage.draft(session, bill.draft),
        reading=reading,
        ballots=read.rows,
        amendment_id=amendment_id,
        now=now,
    )


def _deputy(session: Session, code: str, name: str) -> int | None:
    if not name:
        return None
    body_id = agency_by_code(session, code).id
    query = select(Deputy.id).where(Deputy.body_id == body_id, Deputy.name == name)
    return session.exec(query).one()


def _sit(stage: Stage, part: Sitting, session: Session, now: datetime) -> None:
    actor, said = (
        stage.actor(session, part.by),
        Convened(part.title, _day(stage, part.day), part.lang),
    )
    body, tz = agency_by_code(session, part.body), stage.platform.pack.tz
    sitting = record_sitting(session, actor=actor, body=body, said=said, tz=tz, now=now)
    for one in part.item:
        draft_id = stage.draft(session, one.draft).id if one.draft else None
        add_item(session, actor=actor, sitting=sitting, said=Item(one.title, one.result, draft_id))


def _publish(stage: Stage, part: Sitting, session: Session, now: datetime) -> None:
    sitting = session.exec(select(SittingRow).where(SittingRow.title == part.title)).one()
    actor = stage.actor(session, part.by)
    publish_sitting(session, actor=actor, sitting=sitting, results=part.results, url="", now=now)


def _report(stage: Stage, part: Appeals, session: Session, now: datetime) -> None:
    said = Considered(
        _day(stage, part.since_day),
        _day(stage, part.until_day),
        part.lang,
        part.text,
        counts_in(part.counts.strip()),
    )
    body, actor = agency_by_code(session, part.body), stage.actor(session, part.by)
    tz = stage.platform.pack.tz
    publish_appeals(session, actor=actor, body=body, said=said, tz=tz, now=now)
