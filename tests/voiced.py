"""What other voices say in the filled installation, by the actions of the site where they allow it.

Of each kind something everybody may read, and something that is not public yet.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlmodel import col, select

from consult.accounts.models import Agency
from consult.adoption.practice.models import PracticeReview
from consult.chambers.bills.actions import record_reading, record_speech, register_bill
from consult.chambers.bills.amending import enter_amendment
from consult.chambers.bills.models import Reading
from consult.chambers.bills.rules import Change, Held, Registered, Spoken
from consult.chambers.sittings.actions import (
    add_item,
    publish_appeals,
    publish_sitting,
    record_sitting,
)
from consult.chambers.sittings.models import Sitting
from consult.chambers.sittings.rules import Considered, Convened, Count, Item
from consult.chambers.voting.actions import publish_roll_call
from consult.chambers.voting.rules import Ballot
from consult.hearings import actions as hearings
from consult.hearings.models import Hearing
from consult.hearings.queries import hearing_by_id
from consult.procedure.deadlines import local_day
from consult.procedure.stages import Stage
from consult.proposals import answering as proposals
from consult.proposals.actions import Addressed, propose
from consult.proposals.models import Proposal
from consult.proposals.queries import answer_of
from consult.proposals.rules import Said
from consult.questions import answering as questions
from consult.questions.actions import Asked, ask
from consult.questions.models import Question
from consult.questions.queries import answer_to
from tests.deliberated import deputy_named, make_body
from tests.features import matrix_practice as practice
from tests.features.matrix import Moment
from tests.heard import MINUTES, WHY, said
from tests.proposed import CROSSING, LIBRARY, REASON
from tests.questioned import BODY, TITLE

At = Callable[[str], Moment]


def speak(at: At) -> None:
    """All of it; what is not public is kept as "waiting …" among the rows of the scene."""
    _propose(at)
    _ask(at)
    _convene(at)
    _review(at)
    _deliberate(at("officer"))


def _propose(at: At) -> None:
    """One proposal is answered; the answer to the other one was given back."""
    citizen, officer, approver = at("citizen"), at("officer"), at("approver")
    known = replace(citizen, actor=replace(citizen.actor, is_identified=True))
    for words in (CROSSING, LIBRARY):
        proposal = _put(known, words)
        answer = {"outcome": "accepted", "reason": REASON, "lang": "en"}
        officer.do(proposals.write_answer, proposal=proposal, **answer)
        row = answer_of(citizen.session, proposal.id or 0)
        assert row
        if words is CROSSING:
            approver.do(proposals.approve_answer, proposal=proposal, seen=row.mark)
        else:
            note = {"seen": row.mark, "note": "Say when."}
            approver.do(proposals.return_answer, proposal=proposal, **note)
            citizen.scene.rows["waiting proposal answer"] = row.id or 0


def _put(m: Moment, words: Said) -> Proposal:
    """A proposal that enough people support."""
    to = Addressed(m.draft.agency_id)
    proposal = propose(m.session, actor=m.actor, law=m.law, said=words, to=to, now=m.now)
    proposal.supported_at = m.now
    m.session.add(proposal)
    m.session.flush()
    return proposal


def _ask(at: At) -> None:
    """A question is answered; the answer to that of a deputy was given back."""
    officer, approver = at("officer"), at("approver")
    for who, kind in (("citizen", "person"), ("parliamentarian", "deputy")):
        question = _question(at(who), kind)
        answer = {"body": "In August.", "lang": "en", "submit": True}
        officer.do(questions.write_answer, question=question, **answer)
        if kind == "person":
            approver.do(questions.approve_answer, question=question)
        else:
            by: dict[str, Any] = {"actor": approver.actor, "question": question}
            questions.return_answer(approver.session, **by, note="Say when.")
            row = answer_to(approver.session, question.id or 0)
            assert row
            approver.scene.rows["waiting question answer"] = row.id or 0


def _question(m: Moment, kind: str) -> Question:
    agency = m.session.get_one(Agency, m.draft.agency_id)
    asked = Asked(f"{TITLE} ({kind})", f"{BODY} ({kind})", "en", kind)
    about: dict[str, Any] = {"agency": agency, "asked": asked, "most": 500, "room": 2}
    return ask(m.session, actor=m.actor, now=m.now, **about)


def _convene(at: At) -> None:
    """One hearing is to come, and was put off; of the other one there are minutes."""
    officer, begins = at("officer"), at("officer").now + timedelta(days=20)
    drafts, pack = (officer.row("draft"),), officer.law.pack
    about = {"agency_id": officer.draft.agency_id, "pack": pack}
    officer.do(hearings.announce, said=said(begins, drafts=drafts), **about)
    hearing = officer.session.exec(select(Hearing)).one()
    wish = hearings.Wish(speaks=True, lang="en", needs="A place for a wheelchair.")
    at("citizen").do(hearings.register, hearing_id=hearing.id, wish=wish)
    later = said(begins + timedelta(days=1), drafts=drafts)
    officer.do(hearings.change, hearing_id=hearing.id, said=later, reason=WHY, pack=pack)
    held = hearing_by_id(officer.session, hearing.id or 0).model_dump(exclude={"id"})
    ago = officer.now - timedelta(days=9)
    held |= {"starts_at": ago, "ends_at": ago + timedelta(hours=1), "register_until": ago}
    held |= {"state": "held", "held_at": ago, "reminded_at": ago, "announced_at": ago}
    held |= {"minutes": MINUTES, "came": 12, "minutes_at": officer.now, "seats": None}
    held |= {"link": "https://example.org/x"}
    officer.keep("held hearing", Hearing(**held))


def _review(at: At) -> None:
    """The review of the first year of the act is public, that of the second one is not."""
    m = at("officer")
    practice.given_review(m)
    first = m.session.get_one(PracticeReview, m.row("review"))
    second = PracticeReview(**first.model_dump(exclude={"id"}))
    second.n, second.since_on = 2, first.until_on
    second.until_on = second.since_on + timedelta(days=365)
    place: dict[str, Any] = {"wid": "art_1", "names": {"en": "Article 1"}, "kinds": {"unclear": 1}}
    place |= {"follows": {"no": 1}, "echoes": 0, "waiting": 0}
    first.figures, first.published_at = {"places": [place], "promises": {}}, m.now
    m.session.add(first)
    m.keep("waiting review", second)


def _deliberate(m: Moment) -> None:
    """The draft is before a parliament for the time of this: read, spoken about, voted on."""
    body, secretary = make_body(m.session)
    deputy_named(m.session, "Petrova Olga").since_on += timedelta(days=1)  # so names may be alike
    by, tz, today = replace(m, actor=secretary), {"tz": m.law.tz}, local_day(m.now, m.law.tz)
    stage, m.draft.stage = m.draft.stage, Stage.IN_PARLIAMENT.value
    about: dict[str, Any] = {"draft": m.draft}
    by.do(register_bill, said=Registered(body.id or 0, "6-1/26", today), **about, **tz)
    by.do(record_reading, said=Held(1, today, "passed", "Of 80 deputies."), **about, **tz)
    about["reading"] = m.session.exec(select(Reading)).one()
    by.do(record_speech, said=Spoken("It is needed.", "en", guest="A librarian"), **about)
    deputy = deputy_named(m.session, "Asanov Bakyt").id or 0
    by.do(publish_roll_call, ballots=[Ballot(deputy, "for", "Unity", m.now)], **about)
    # Of a new provision: a change is shown word by word, in which nothing planted is known again.
    said = Change("1", "It is open daily.", "en", place="After Article 2", deputy_id=deputy)
    by.do(enter_amendment, draft=m.draft, said=said)
    m.draft.stage = stage
    _sit(by, body, today)


def _sit(m: Moment, body: Agency, today: date) -> None:
    """The results of the first sitting are public; those of the second one are not."""
    tz = {"tz": m.law.tz}
    for title in ("The first sitting", "The second sitting"):
        m.do(record_sitting, body=body, said=Convened(title, today, "en"), **tz)
    first, second = m.session.exec(select(Sitting).order_by(col(Sitting.id))).all()
    for sitting in (first, second):
        said = Item("On libraries", "Taken.", m.row("draft"))
        item = add_item(m.session, actor=m.actor, sitting=sitting, said=said)
    m.scene.rows["waiting item"] = item.id or 0
    m.do(publish_sitting, sitting=first, results="It was short.", url="https://example.org/x")
    since = today - timedelta(days=90)
    counts = [Count("roads", "answered", 3)]
    said_of = Considered(since, today - timedelta(days=1), "en", "Few wrote.", counts)
    m.do(publish_appeals, body=body, said=said_of, **tz)
