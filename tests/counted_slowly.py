"""The figures of a state counted slowly, in Python: what SQL counts is held against this."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from statistics import median
from typing import Any

from sqlmodel import Session, SQLModel, select

from consult.accounts.demographics.models import Demographic
from consult.accounts.models import Agency, Person
from consult.adoption.models import Commitment, Problem
from consult.adoption.practice.models import PracticeReview
from consult.answers.models import Disposition
from consult.campaigns.models import Cluster, TextCount
from consult.chambers.bills.models import Reading
from consult.chambers.voting.models import RollCall
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.councils.models import CouncilOpinion, OpinionAnswer
from consult.exchange.models import ExchangeLink
from consult.feedback.models import AnswerRating, Contest
from consult.hearings.models import Hearing, HearingDraft
from consult.intake.models import Provenance
from consult.obligations.models import Obligation
from consult.plans.models import PlanItem
from consult.proposals.models import Proposal
from consult.questions.models import Question
from consult.votes.models import Vote
from drafts.models import Draft
from tests.counted import DUTIES, NOW, ZONE


class Slow:
    """All rows of a state, and the drafts among them that are counted."""

    def __init__(self, session: Session, wanted: Callable[[Draft], bool]) -> None:
        def rows(table: type[SQLModel]) -> list[Any]:
            return list(session.exec(select(table)))

        public = [d for d in rows(Draft) if d.stage != "draft" and d.published_at]
        self.drafts = [draft for draft in public if wanted(draft)]
        self.all_comments, self.all_votes = rows(Comment), rows(Vote)
        self.people = {person.id: person for person in rows(Person)}
        self.comments = self.of_drafts(self.all_comments)
        self.votes = self.of_drafts(self.all_votes)
        self.rounds = self.of_drafts(rows(Consultation))
        self.held = {held.id: held for held in rows(Consultation)}
        self.dispositions = {one.id: one for one in rows(Disposition)}
        self.plan, self.agencies = rows(PlanItem), rows(Agency)
        self.regions = {one.person_id: one.region for one in rows(Demographic)}
        self.duties = self.of_drafts(rows(Obligation))
        self.commitments = self.of_drafts(rows(Commitment))
        self.problems = self.of_drafts(rows(Problem))
        self.reviews = self.of_drafts(rows(PracticeReview))
        self.texts, self.clusters = self.of_drafts(rows(TextCount)), self.of_drafts(rows(Cluster))
        self.hearings, self.about = rows(Hearing), rows(HearingDraft)
        self.questions = rows(Question)
        self.proposals = rows(Proposal)
        self.opinions = self.of_drafts(rows(CouncilOpinion))
        self.opinion_answers = rows(OpinionAnswer)
        self.provenances = rows(Provenance)
        self.links = self.of_drafts(rows(ExchangeLink))
        self.readings = self.of_drafts(rows(Reading))
        self.called = {call.reading_id for call in rows(RollCall)}
        self.contests, self.ratings = self.of_drafts(rows(Contest)), rows(AnswerRating)

    def of_drafts(self, rows: Iterable[Any]) -> list[Any]:
        ids = {draft.id for draft in self.drafts}
        return [row for row in rows if row.draft_id in ids]

    def shown(self, comments: Iterable[Comment]) -> list[Comment]:
        return [comment for comment in comments if comment.is_public]

    def answers(self) -> dict[int, Disposition]:
        """The published answer that counts for each comment shown, by its number."""
        own = {one.comment_id: one for one in self.dispositions.values()}
        found = {}
        for comment in self.shown(self.comments):
            given = own.get(comment.id)
            root = own.get(comment.root_id)
            if given is None and root and root.consultation_id == comment.consultation_id:
                given = root
            reported = self.held[comment.consultation_id].reported_at
            if given and given.state == "published" and reported:
                found[comment.id] = given
        return found

    def figures(self) -> dict[str, float | None]:
        told = self._people() | self._heard() | self._asked() | self._counselled() | self._drafts()
        return told | self._deliberated() | self._answering() | self._procedure()

    def persons(self) -> set[int]:
        spoke = {c.author_id for c in self.shown(self.comments) if c.organisation_id is None}
        return spoke | {vote.person_id for vote in self.votes if vote.person_id}

    def by_region(self) -> Counter[str]:
        return Counter(self.regions.get(who, "") for who in self.persons())

    def bodies(self, year: int) -> tuple[int, int]:
        """The agencies there were in a year, and those of them that opened a discussion."""
        first, after = datetime(year, 1, 1, tzinfo=ZONE), datetime(year + 1, 1, 1, tzinfo=ZONE)
        own = {draft.id: draft.agency_id for draft in self.drafts}
        there = {
            body.id
            for body in self.agencies
            if (body.id in own.values() or (body.created_at < after and body.kind != "oversight"))
            and (body.closed_on is None or body.closed_on > first.date())
        }
        opened = {own[held.draft_id] for held in self.rounds if held.opened_at}
        return len(there), len(there & opened)

    def _people(self) -> dict[str, float | None]:
        shown, persons = self.shown(self.comments), self.persons()
        firms = {c.organisation_id for c in shown if c.organisation_id}

        def first(comments: Iterable[Comment], votes: Iterable[Vote], who: int) -> datetime:
            own = [
                c.created_at
                for c in self.shown(comments)
                if c.author_id == who and not c.organisation_id
            ]
            return min([*own, *(v.cast_at for v in votes if v.person_id == who)])

        new = sum(
            first(self.comments, self.votes, who) == first(self.all_comments, self.all_votes, who)
            for who in persons
        )
        hidden = [c for c in self.comments if c.withdrawn_at or c.hidden_at or c.held_at]
        return {
            "people": len(persons) + len(firms),
            "first_time": new,
            "share_first_time": part(new, len(persons)),
            "comments": sum(c.parent_id is None for c in shown),
            "replies": sum(c.parent_id is not None for c in shown),
            "not_shown": len(hidden),
            "votes": len(self.votes),
        }

    def _deliberated(self) -> dict[str, float | None]:
        called = sum(one.id in self.called for one in self.readings)
        return {
            "bills_read": len({one.draft_id for one in self.readings}),
            "share_roll_calls": part(called, len(self.readings)),
        }

    def _heard(self) -> dict[str, float | None]:
        first: dict[int, int] = {}
        for one in self.about:
            first[one.hearing_id] = min(one.draft_id, first.get(one.hearing_id, one.draft_id))
        ids = {draft.id for draft in self.drafts}
        held = [one for one in self.hearings if one.state == "held" and first.get(one.id) in ids]
        entered = {one.comment_id for one in self.provenances if one.hearing_id}
        return {
            "hearings": len(held),
            "hearing_people": sum(one.came or 0 for one in held),
            "hearing_contributions": sum(c.id in entered for c in self.shown(self.comments)),
        }

    def _asked(self) -> dict[str, float | None]:
        ids = {draft.id for draft in self.drafts}
        about = [one for one in self.questions if one.draft_id in ids]
        asked = [one for one in about if one.state in ("waiting", "answered")]
        answered = [one for one in asked if one.state == "answered"]
        rated = [one.met for one in answered if one.met is not None]
        return {
            "questions": len(asked),
            "share_questions_answered": part(len(answered), len(asked)),
            "share_questions_met": part(sum(rated), len(rated)) if len(rated) >= 5 else None,
        }

    def _counselled(self) -> dict[str, float | None]:
        given = {one.id for one in self.opinions if one.state == "given"}
        public = [one for one in self.opinion_answers if one.published_at]
        answered = [one for one in public if one.opinion_id in given]
        taken = [one for one in answered if one.taken != "none"]
        return {
            "opinions": len(given),
            "share_opinions_answered": part(len(answered), len(given)),
            "share_opinions_taken": part(len(taken), len(answered)),
        }

    def _drafts(self) -> dict[str, float | None]:
        opened = {held.draft_id for held in self.rounds if held.opened_at}
        shown = [c for c in self.shown(self.comments) if c.parent_id is None]
        talked = {c.draft_id for c in shown}
        voted = {vote.draft_id for vote in self.votes}
        substance = sum(c.kind in ("substantive", "wording") for c in shown)
        planned = {
            draft.id
            for draft in self.drafts
            for item in self.plan
            if item.draft_id == draft.id
            and item.state == "started"
            and item.published_at < draft.published_at
        }
        distinct = sum(text.distinct_n for text in self.texts)
        return {
            "drafts": len(self.drafts),
            "drafts_opened": len(opened),
            "drafts_silent": len(opened - talked - voted),
            "share_commented": part(len(opened & talked), len(opened)),
            "share_substance": part(substance, len(shown)),
            "distinct_texts": distinct,
            "share_distinct": part(distinct, sum(text.submissions for text in self.texts)),
            "campaigns": len(self.clusters),
            "drafts_announced": len(planned),
            "drafts_exchanged": len(self.links),
            "share_announced": part(len(planned), len(self.drafts)),
        }

    def _answering(self) -> dict[str, float | None]:
        shown = {c.id: c for c in self.shown(self.comments)}
        owed = sum(self.held[c.consultation_id].closed_at is not None for c in shown.values())
        given = self.answers()
        waited = []
        for number in given:
            passed = shown[number].answered_at - self.held[shown[number].consultation_id].closed_at
            waited.append(int(passed.total_seconds() // 86400))
        waited.sort()
        times: Counter[tuple[int, str]] = Counter()
        agency = {draft.id: draft.agency_id for draft in self.drafts}
        for one in self.dispositions.values():
            draft_id = self.held[one.consultation_id].draft_id
            if one.state == "published" and one.reason and draft_id in agency:
                times[agency[draft_id], one.reason] += 1
        ratings = [rating.met for rating in self.ratings if rating.comment_id in shown]
        contests = [contest for contest in self.contests if contest.comment_id in shown]
        taken = sum(a.outcome in ("accepted", "accepted_in_part") for a in given.values())
        return {
            "answers_owed": owed,
            "answers": len(given),
            "share_answered": part(len(given), owed),
            "answer_days_median": median(waited) if waited else None,
            "answer_days_p90": waited[-(-len(waited) * 9 // 10) - 1] if waited else None,
            "share_answers_on_time": self._on_time("answer"),
            "share_accepted": part(taken, len(given)),
            "share_reasoned": part(sum(a.reason != "" for a in given.values()), len(given)),
            "share_identical": part(sum(n for n in times.values() if n > 1), times.total()),
            "ratings": len(ratings),
            "share_met": part(sum(ratings), len(ratings)) if len(ratings) >= 5 else None,
            "contests": len(contests),
            "share_contested": part(len(contests), len(given)),
        }

    def _standings(self, *duties: str) -> Counter[str]:
        found: Counter[str] = Counter()
        for duty in self.duties:
            if duty.duty not in duties or duty.subject or duty.state in ("waived", "cancelled"):
                continue
            if duty.state == "fulfilled":
                found["late" if duty.fulfilled_at >= duty.due_at else "on_time"] += 1
            elif duty.state == "running" and duty.due_at <= NOW:
                found["overdue"] += 1
            else:
                found["to_come"] += 1
        return found

    def _on_time(self, *duties: str) -> float | None:
        found = self._standings(*duties)
        return part(found["on_time"], found.total() - found["to_come"])

    def _procedure(self) -> dict[str, float | None]:
        held = [one for one in self.rounds if one.opened_at]
        known = [one for one in held if one.minimum_at]
        extra = [int((one.closes_at - one.minimum_at).total_seconds() / 86400) for one in known]
        late = self._standings("report")
        reported = {one.draft_id for one in self.rounds if one.reported_at}
        changed = {
            (self.held[one.consultation_id].draft_id, one.changed_wid)
            for one in self.dispositions.values()
            if one.state == "published"
            and one.outcome in ("accepted", "accepted_in_part")
            and one.changed_wid
            and one.text_before != one.text_after
            and self.held[one.consultation_id].reported_at
        }
        changed = {(draft_id, wid) for draft_id, wid in changed if draft_id in reported}
        done = sum(one.state == "done" for one in self.commitments)
        return {
            "rounds": len(held),
            "share_term_kept": part(sum(o.closes_at >= o.minimum_at for o in known), len(known)),
            "extra_days_median": median(extra) if extra else None,
            "exceptions": sum(one.exception_basis != "" for one in held),
            "share_notices_on_time": self._on_time("start_notice"),
            "reports": sum(one.reported_at is not None for one in held),
            "reports_late": late["late"] + late["overdue"],
            "duties": self._standings(*DUTIES).total(),
            "share_on_time": self._on_time(*DUTIES),
            "changed_provisions": len(changed),
            "share_drafts_changed": part(len({d for d, _ in changed}), len(reported)),
            "commitments": len(self.commitments),
            "share_implemented": part(done, len(self.commitments)),
            **self._practice(),
            **self._proposed(),
        }

    def _proposed(self) -> dict[str, float | None]:
        ids = {draft.id for draft in self.drafts}
        shown = [one for one in self.proposals if one.hidden_at is None]
        return {
            "proposals": sum(one.draft_id in ids for one in shown),
            "drafts_from_proposals": len({one.led_to for one in shown} & ids),
        }

    def _practice(self) -> dict[str, float | None]:
        change = [one for one in self.reviews if one.published_at and one.overall == "change"]
        return {
            "practice_reports": sum(one.hidden_at is None for one in self.problems),
            "share_practice_answered": self._on_time("problem_answer"),
            "share_reviews_on_time": self._on_time("practice_review"),
            "acts_to_change": len({one.draft_id for one in change}),
        }


def part(n: float, whole: float) -> float | None:
    """A share as it is told; None of nothing."""
    return round(n / whole, 4) if whole else None


def year_of(draft: Draft) -> int:
    assert draft.published_at
    return draft.published_at.astimezone(ZONE).year
