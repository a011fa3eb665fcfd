"""A small state made by chance, written row by row: what figures are counted of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from consult.accounts.demographics.models import Demographic
from consult.accounts.models import Agency, Organisation, Person
from consult.adoption.models import Commitment, Problem
from consult.adoption.practice.models import PracticeReview
from consult.adoption.rules import COMMITMENT_STATES, PRACTICE
from consult.answers.models import Disposition
from consult.answers.rules import OUTCOMES
from consult.campaigns.models import Cluster, TextCount
from consult.comments.models import Comment
from consult.comments.rules import CHANNELS, KINDS, STANCES
from consult.consultations.models import Consultation
from consult.councils.models import CouncilOpinion, OpinionAnswer
from consult.councils.rules import TAKEN
from consult.exchange.models import ExchangeLink, ExchangeSystem
from consult.feedback.models import AnswerRating, Contest
from consult.obligations.ledger.rules import Stored
from consult.obligations.models import Obligation
from consult.plans.models import PlanItem
from consult.proposals.models import Proposal
from consult.questions.models import Question
from consult.votes.models import Vote
from drafts.models import Draft, DraftVersion
from tests.counted_heard import fill_hearings

ZONE = ZoneInfo("Asia/Bishkek")
BEGINS = datetime(2023, 11, 1, tzinfo=UTC)
NOW = datetime(2026, 9, 1, 9, tzinfo=UTC)
TOPICS = ("health", "digital")
ACTS = ("law", "order")
OF_ROUNDS = ("answer", "report", "start_notice", "decision")
OF_ACTS = ("problem_answer", "practice_review")
DUTIES = (*OF_ROUNDS, *OF_ACTS)
BODY = "x"


@dataclass
class Chance:
    """Writes a state that chance chooses; some things happen often, some hardly ever."""

    session: Session
    random: Random
    n: int = 0
    people: list[Person] = field(default_factory=list)

    def add(self, row: Any) -> Any:
        self.session.add(row)
        self.session.flush()
        return row

    def often(self, probability: float) -> bool:
        return self.random.random() < probability

    def day(self, first: datetime = BEGINS, days: int = 900) -> datetime:
        return first + timedelta(seconds=self.random.randrange(days * 24 * 3600))

    def perhaps(self, at: datetime, probability: float) -> datetime | None:
        return at if self.often(probability) else None

    def fill(self) -> None:
        choose = self.random.choice
        bodies = [
            self.add(Agency(code=f"A{n}", kind=kind, names={}, created_at=self.day()))
            for n, kind in enumerate(("ministry", "akimat", "oversight", "agency"))
        ]
        bodies[3].closed_on = self.day().date()
        self.people = [self._person(n) for n in range(self.random.randrange(4, 25))]
        firms = [self.add(Organisation(name=f"O{n}", created_at=BEGINS)) for n in range(2)]
        for _ in range(self.random.randrange(4, 12)):
            draft = Draft(
                agency_id=choose(bodies[:3]).id,
                act_type=choose(ACTS),
                topic=choose(TOPICS),
                titles={},
                stage=choose(("draft", "open", "answering", "reported", "withdrawn")),
                created_at=BEGINS,
                published_at=self.perhaps(self.day(), 0.9),
            )
            self._draft(self.add(draft), firms)
        fill_hearings(self)
        self._questions()
        self._exchanged(bodies[0])
        for draft in self.session.exec(select(Draft)).all():
            self._practice(draft)
            self._proposed(draft)
            self._counselled(draft)
            self._duty(draft, None, OF_ACTS)

    def _exchanged(self, body: Agency) -> None:
        """Some drafts came from the system of their agency."""
        by = self.people[0].id
        system = self.add(
            ExchangeSystem(agency_id=body.id, title="x", token_hash="x", made_by=by, made_at=BEGINS)
        )
        for draft in self.session.exec(select(Draft)).all():
            if self.often(0.3):
                link = {"agency_id": draft.agency_id, "number": f"{draft.id}"}
                link |= {"draft_id": draft.id, "system_id": system.id, "registered_at": BEGINS}
                self.add(ExchangeLink(**link))

    def _counselled(self, draft: Draft) -> None:
        """Councils say something of some drafts; some of it was given, and answered in public."""
        texts = select(DraftVersion).where(DraftVersion.draft_id == draft.id)
        version = self.session.exec(texts).first()
        states = self.random.sample(("asked", "voting", "given", "failed"), 2)
        for state, council in zip(states, self.session.exec(select(Agency)), strict=False):
            about = {"draft_id": draft.id, "version_id": version and version.id, "state": state}
            opinion = self.add(CouncilOpinion(agency_id=council.id, **about))
            if state == "given" and self.often(0.8):
                taken = self.random.choice(TAKEN)
                said = {"text": "x", "lang": "ky", "taken": taken, "written_at": BEGINS}
                at = self.perhaps(BEGINS, 0.7)
                self.add(OpinionAnswer(opinion_id=opinion.id, published_at=at, **said))

    def _questions(self) -> None:
        """Some about drafts, some taken back or hidden, some rated."""
        for draft in self.session.exec(select(Draft)).all():
            for _ in range(self.random.randrange(6)):
                at = self.day()
                row = Question(
                    agency_id=draft.agency_id,
                    draft_id=draft.id if self.often(0.8) else None,
                    kind="person",
                    title="x",
                    body="x",
                    lang="ky",
                    author_id=self.random.choice(self.people).id,
                    asked_at=at,
                    answered_at=self.perhaps(at, 0.8),
                    met=self.random.choice((True, False, None)),
                    withdrawn_at=self.perhaps(at, 0.1),
                    hidden_at=self.perhaps(at, 0.1),
                )
                self.add(row)

    def _person(self, n: int) -> Person:
        person: Person = self.add(
            Person(
                email=f"p{n}@example.org" if self.often(0.8) else None,
                name="P",
                lang="ky",
                password_hash="",
                created_at=BEGINS,
                verified_at=self.perhaps(BEGINS, 0.4),
            )
        )
        if self.often(0.7):
            region = self.random.choice(("osh", "osh", "talas", ""))
            self.add(Demographic(person_id=person.id, region=region, said_at=BEGINS))
        return person

    def _draft(self, draft: Draft, firms: Sequence[Organisation]) -> None:
        at = draft.published_at or BEGINS
        version = self.add(DraftVersion(draft_id=draft.id, n=1, langs=["en"], created_at=at))
        if self.often(0.5):
            self.add(
                PlanItem(
                    agency_id=draft.agency_id,
                    titles={},
                    act_type=draft.act_type,
                    expected_on=at.date(),
                    state=self.random.choice(("started", "published")),
                    draft_id=draft.id,
                    created_at=at,
                    published_at=at + timedelta(days=self.random.choice((-9, 9))),
                )
            )
        for n in range(self.random.randrange(3)):
            self._round(draft, version, n + 1, at, firms)
        self.add(TextCount(draft_id=draft.id, submissions=7, distinct_n=self.random.randrange(7)))
        for _ in range(self.random.randrange(4)):
            self._vote(draft, f"version:{version.id}" + self.random.choice(("", "#art_1")))

    def _vote(self, draft: Draft, target: str) -> None:
        who = self.random.choice([*self.people, None])
        known = {(v.person_id, v.target) for v in self.session.exec(select(Vote))}
        if who is None or (who.id, target) not in known:
            self.add(
                Vote(
                    person_id=who.id if who else None,
                    draft_id=draft.id,
                    target=target,
                    value=self.random.choice((1, -1)),
                    is_identified=self.often(0.5),
                    cast_at=self.day(),
                )
            )

    def _round(
        self, draft: Draft, version: DraftVersion, n: int, at: datetime, firms: Sequence[Any]
    ) -> None:
        closes = at + timedelta(days=self.random.randrange(10, 60))
        opened, closed = self.perhaps(at, 0.8), self.perhaps(closes, 0.7)
        less = timedelta(hours=self.random.randrange(-200, 400))
        minimum = self.perhaps(closes - less, 0.7)
        held = self.add(
            Consultation(
                draft_id=draft.id,
                version_id=version.id,
                round=n,
                opens_at=at,
                closes_at=closes,
                opened_at=opened,
                closed_at=closed,
                reported_at=self.perhaps(closes + timedelta(days=30), 0.6) if closed else None,
                exception_basis="An act." if self.often(0.3) else "",
                minimum_at=minimum,
            )
        )
        said: list[Comment] = []
        for _ in range(self.random.randrange(7)):
            said.append(self._comment(draft, held, said, firms))
        for _ in range(self.random.randrange(3)):
            self._duty(draft, held, OF_ROUNDS)

    def _comment(
        self, draft: Draft, held: Consultation, said: Sequence[Comment], firms: Sequence[Any]
    ) -> Comment:
        choose, self.n = self.random.choice, self.n + 1
        root = choose(said) if said and self.often(0.2) else None
        root = root if root and root.parent_id is None else None
        gone = self.perhaps(BEGINS, 0.1)
        closed = held.closed_at or BEGINS
        comment = self.add(
            Comment(
                receipt=str(self.n),
                consultation_id=held.id,
                draft_id=draft.id,
                version_id=held.version_id,
                parent_id=root.id if root else None,
                root_id=root.id if root else None,
                depth=1 if root else 0,
                author_id=choose(self.people).id,
                organisation_id=choose(firms).id if self.often(0.2) else None,
                kind=choose(KINDS),
                stance=choose(STANCES),
                channel=choose(CHANNELS),
                lang=choose(("ky", "ru")),
                body=BODY,
                body_hash="",
                created_at=self.day(),
                withdrawn_at=gone,
                disavowed_at=gone if self.often(0.5) else None,
                hidden_at=self.perhaps(BEGINS, 0.1),
                held_at=self.perhaps(BEGINS, 0.1),
                answered_at=closed + timedelta(hours=self.random.randrange(2000)),
            )
        )
        if root is None and self.often(0.6):
            self._answer(draft, held, comment)
        if self.often(0.1):
            self.add(
                Cluster(
                    draft_id=draft.id,
                    medoid_id=comment.id,
                    submissions=2,
                    distinct_n=1,
                    first_at=BEGINS,
                    last_at=BEGINS,
                )
            )
        return comment

    def _answer(self, draft: Draft, held: Consultation, comment: Comment) -> None:
        choose, by = self.random.choice, self.people[0].id
        given = self.add(
            Disposition(
                consultation_id=held.id,
                comment_id=comment.id,
                outcome=choose(OUTCOMES),
                reason=choose(("", "No money.", "No time.", "No.")),
                lang="en",
                changed_wid=choose(("", "art_1", "art_2")),
                text_before="a",
                text_after=choose(("a", "b")),
                state="published" if held.reported_at and self.often(0.9) else "draft",
                drafted_by=by,
                drafted_at=BEGINS,
            )
        )
        if self.often(0.3):
            rated = AnswerRating(
                comment_id=comment.id, person_id=by, met=self.often(0.5), rated_at=NOW
            )
            self.add(rated)
        if self.often(0.3):
            self.add(
                Contest(
                    draft_id=draft.id,
                    comment_id=comment.id,
                    disposition_id=given.id,
                    reason="No.",
                    contested_at=NOW,
                    outcome=choose(("", *OUTCOMES)),
                    decided_at=self.perhaps(NOW, 0.5),
                )
            )
        if self.often(0.3):
            self.add(
                Commitment(
                    draft_id=draft.id,
                    consultation_id=held.id,
                    disposition_id=given.id,
                    state=choose(COMMITMENT_STATES),
                    created_at=NOW,
                    changed_at=NOW,
                )
            )

    def _practice(self, draft: Draft) -> None:
        """Somebody reported how the act works; perhaps a year of it was reviewed."""
        self.add(
            Problem(
                draft_id=draft.id,
                kind=self.random.choice(PRACTICE),
                lang="en",
                body="So it is.",
                author_id=self.people[0].id,
                created_at=NOW,
                hidden_at=self.perhaps(NOW, 0.2),
            )
        )
        if self.often(0.5):
            self.n += 1
            self.add(
                PracticeReview(
                    draft_id=draft.id,
                    n=self.n,
                    since_on=NOW.date(),
                    until_on=NOW.date(),
                    begun_at=NOW,
                    written_at=NOW,
                    overall=self.random.choice(("keep", "change")),
                    published_at=self.perhaps(NOW, 0.7),
                )
            )

    def _proposed(self, draft: Draft) -> None:
        """Somebody proposed something about it; perhaps another draft began with it."""
        if self.often(0.5):
            self.add(
                Proposal(
                    kind="problem",
                    level="local",
                    agency_id=draft.agency_id,
                    draft_id=draft.id,
                    lang="en",
                    title="So it is.",
                    body="So it is.",
                    author_id=self.people[0].id,
                    created_at=NOW,
                    needed=1,
                    counts="all",
                    gathers_until=NOW,
                    hidden_at=self.perhaps(NOW, 0.2),
                    led_to=self.perhaps(draft.id, 0.5),
                )
            )

    def _duty(self, draft: Draft, held: Consultation | None, duties: Sequence[str]) -> None:
        self.n += 1
        state = self.random.choice([one.value for one in Stored])
        due = self.day(BEGINS, 1500)
        self.add(
            Obligation(
                key=str(self.n),
                duty=self.random.choice(duties),
                subject=self.random.choice(("", "", "comment:1")),
                rule_code="r",
                agency_id=draft.agency_id,
                draft_id=draft.id,
                consultation_id=held.id if held else None,
                state=state,
                due_at=None if state == "planned" else due,
                fulfilled_at=self.day(BEGINS, 1500) if state == "fulfilled" else None,
            )
        )
