"""[pure] Which figures the facts come to: rows of counts in, figures by their codes out.

What a row is stands in facts/ground.py, what each figure means in metrics/*.toml. Rows of several
keys may be put together: all facts but those of people add up.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from consult.adoption.rules import COMMITMENT_STATES, PRACTICE
from consult.answers.rules import ACCEPTING, OUTCOMES
from consult.comments.rules import CHANNELS, KINDS
from consult.councils.rules import TAKEN
from consult.feedback.rules import DECISIONS
from consult.procedure.duties import Evidence
from consult.procedure.stages import Stage
from consult.statistics.parts import (
    ABOUT,
    ACCOUNTS,
    IDENTITIES,
    KEPT,
    KNOWN,
    NOT_SHOWN,
    ORGANISATION,
    PARTICIPANTS,
    SHORT,
    STANDINGS,
    SUBJECTS,
    SUBSTANCE,
    YES,
)
from consult.statistics.rules import (
    LEAST,
    Cell,
    Figure,
    counted,
    in_steps,
    median,
    percentile,
    ratio,
    sum_over,
    without_small_cells,
)

STAGES = tuple(stage.value for stage in Stage if stage is not Stage.DRAFT)
SLOW = 90  # per cent of the answers came within that many days
Parts = Mapping[str, int | None]


class Facts:
    """Rows by the name of their fact. `duties` are the codes of duties by their evidence."""

    def __init__(self, rows: Iterable[Any], duties: Mapping[Evidence, Collection[str]]) -> None:
        self.duties = duties
        self._by: dict[str, list[Any]] = {}
        for row in rows:
            self._by.setdefault(row.fact, []).append(row)

    def of(self, fact: str, **parts: str | Collection[str]) -> list[Any]:
        """The rows of a fact that have these parts: p1="yes", p2=("a", "b")."""
        rows = self._by.get(fact, [])
        for name, wanted in parts.items():
            several = {wanted} if isinstance(wanted, str) else set(wanted)
            rows = [row for row in rows if getattr(row, name) in several]
        return rows

    def n(self, fact: str, **parts: str | Collection[str]) -> int:
        return sum(row.n for row in self.of(fact, **parts))

    def days(self, fact: str) -> dict[int, int]:
        """How many took so many days; without those of which it is not known."""
        return sum_over((row for row in self.of(fact) if row.days is not None), "days")


def derived(facts: Facts) -> dict[str, Figure]:
    """The figures that add up: all but those of people, and of agencies."""
    return {
        **_said(facts),
        **_heard(facts),
        **_deliberated(facts),
        **_coverage(facts),
        **_discussion(facts),
        **_answering(facts),
        **_asked(facts),
        **_counselled(facts),
        **_procedure(facts),
        **_effect(facts),
    }


def _ordered(names: Sequence[str], part: str, rows: Iterable[Any]) -> dict[str, int]:
    counts = sum_over(rows, part)
    return {name: counts.get(name, 0) for name in names}


def people(facts: Facts) -> dict[str, Figure]:
    """Who took part: to be counted for each scope by itself, since a person counts once in each."""
    rows = facts.of("people")
    parts: dict[str, Parts] = {
        "kind": _ordered(PARTICIPANTS, "p0", rows),
        "account": _ordered(ACCOUNTS, "p1", rows),
        "identity": _ordered(IDENTITIES, "p2", rows),
    }
    value = facts.n("people")
    if about := facts.of("about"):
        parts |= what_they_said(sum_over(about, "p0", "p1"), parts)
    return {
        "people": Figure(value, parts),
        "first_time": Figure(facts.n("first_time")),
        "share_first_time": ratio(facts.n("first_time"), facts.n("people", p0="person")),
    }


def what_they_said(
    told: Mapping[tuple[str, str], int], people: Mapping[str, Parts]
) -> dict[str, Parts]:
    """People by each thing they may say of themselves, {(what, said): n}, never by two together.

    Cells of few people stand together, and all are told in steps: of two scopes, or two days, that
    differ by a person the difference would tell what that person said. Organisations, which have
    no age, stand by themselves.
    """
    bodies = people["kind"][PARTICIPANTS[1]]
    found: dict[str, Parts] = {}
    for what in ABOUT:
        cells = {said: Cell(n, n) for (each, said), n in told.items() if each == what}
        shown = in_steps(without_small_cells(cells))
        found[what] = shown | ({ORGANISATION: bodies} if bodies else {})
    return found


def languages(facts: Facts) -> dict[str, int | None]:
    """Comments by language, those of few people together."""
    return without_small_cells({row.p0: Cell(row.n, row.days) for row in facts.of("language")})


def bodies(facts: Facts) -> dict[str, Figure]:
    """How many agencies there are, and how many of them opened a discussion."""
    there, consulting = facts.n("bodies"), facts.n("bodies", p0=YES)
    return {
        "bodies": Figure(there),
        "bodies_consulting": Figure(consulting),
        "share_bodies_consulting": ratio(consulting, there),
    }


def _said(facts: Facts) -> dict[str, Figure]:
    comments = facts.of("comments", p0="comment")
    return {
        "comments": counted(
            kind=_ordered(KINDS, "p1", comments), channel=_ordered(CHANNELS, "p2", comments)
        ),
        "replies": Figure(facts.n("comments", p0="reply")),
        "not_shown": counted(reason=_ordered(NOT_SHOWN, "p0", facts.of("comments"))),
        "votes": counted(
            value={"for": facts.n("votes", p0=YES), "against": facts.n("votes", p0="")},
            identity=dict(
                zip(KNOWN, (facts.n("votes", p1=YES), facts.n("votes", p1="")), strict=True)
            ),
            subject=_ordered(SUBJECTS, "p2", facts.of("votes")),
        ),
    }


def _heard(facts: Facts) -> dict[str, Figure]:
    return {
        "hearings": Figure(facts.n("hearings")),
        "hearing_people": Figure(facts.n("came")),
        "hearing_contributions": Figure(facts.n("contributions")),
    }


def _deliberated(facts: Facts) -> dict[str, Figure]:
    called = facts.n("readings", p0=YES)
    return {
        "bills_read": Figure(facts.n("bills_read")),
        "share_roll_calls": ratio(called, facts.n("readings")),
    }


def _coverage(facts: Facts) -> dict[str, Figure]:
    opened = facts.n("drafts", p1=YES)
    commented = facts.n("drafts", p1=YES, p2=(f"{YES}/", f"{YES}/{YES}"))
    return {
        "drafts": counted(stage=_ordered(STAGES, "p0", facts.of("drafts"))),
        "drafts_opened": Figure(opened),
        "drafts_silent": Figure(facts.n("drafts", p1=YES, p2="/")),
        "share_commented": ratio(commented, opened),
    }


def _discussion(facts: Facts) -> dict[str, Figure]:
    kinds = _ordered(KINDS, "p1", facts.of("comments", p0="comment"))
    distinct = facts.n("distinct")
    return {
        "share_substance": ratio(sum(kinds[kind] for kind in SUBSTANCE), sum(kinds.values())),
        "distinct_texts": Figure(distinct),
        "share_distinct": ratio(distinct, facts.n("compared")),
        "campaigns": Figure(facts.n("campaigns")),
    }


def _answering(facts: Facts) -> dict[str, Figure]:
    owed = facts.n("comments", p0=("comment", "reply"), p3=YES)
    given, days = facts.n("answers"), facts.days("answers")
    reasons, ratings = facts.n("reasons"), facts.n("ratings")
    contests = counted(decision=_ordered(DECISIONS, "p0", facts.of("contests")))
    met = facts.n("ratings", p0=YES)
    return {
        "answers_owed": Figure(owed),
        "answers": counted(outcome=_ordered(OUTCOMES, "p0", facts.of("answers"))),
        "share_answered": ratio(given, owed),
        "answer_days_median": Figure(median(days), of=sum(days.values())),
        "answer_days_p90": Figure(percentile(days, SLOW), of=sum(days.values())),
        "share_answers_on_time": _on_time(facts, Evidence.ANSWER),
        "share_accepted": ratio(facts.n("answers", p0=ACCEPTING), given),
        "share_reasoned": ratio(facts.n("answers", p1=YES), given),
        "share_identical": ratio(facts.n("reasons", p0="repeated"), reasons),
        "ratings": counted(met={"yes": met, "no": ratings - met}),
        "share_met": ratio(met, ratings) if ratings >= LEAST else Figure(None, of=ratings),
        "contests": contests,
        "share_contested": ratio(contests.value, given),
    }


def _asked(facts: Facts) -> dict[str, Figure]:
    asked, met = facts.n("questions"), facts.n("questions", p1=YES)
    rated = met + facts.n("questions", p1="no")
    return {
        "questions": Figure(asked),
        "share_questions_answered": ratio(facts.n("questions", p0=YES), asked),
        "share_questions_met": ratio(met, rated) if rated >= LEAST else Figure(None, of=rated),
    }


def _counselled(facts: Facts) -> dict[str, Figure]:
    given, answered = facts.n("opinions"), facts.n("opinions", p0=TAKEN)
    taken = facts.n("opinions", p0=("all", "part"))
    return {
        "opinions": Figure(given),
        "share_opinions_answered": ratio(answered, given),
        "share_opinions_taken": ratio(taken, answered),
    }


def _on_time(facts: Facts, evidence: Evidence | None = None) -> Figure:
    """The share of the duties that fell due which were kept in time."""
    codes = {} if evidence is None else {"p0": facts.duties[evidence]}
    rows = facts.of("duties", p1=("on_time", "late", "overdue"), **codes)
    kept = sum(row.n for row in rows if row.p1 == "on_time")
    return ratio(kept, sum(row.n for row in rows))


def _procedure(facts: Facts) -> dict[str, Figure]:
    kept, short = facts.n("rounds", p1=KEPT), facts.n("rounds", p1=SHORT)
    days, drafts = facts.days("rounds"), facts.n("drafts")
    announced = facts.n("drafts", p3=YES)
    return {
        "rounds": Figure(facts.n("rounds")),
        "share_term_kept": ratio(kept, kept + short),
        "extra_days_median": Figure(median(days), of=sum(days.values())),
        "exceptions": Figure(facts.n("rounds", p0=YES)),
        "drafts_announced": Figure(announced),
        "drafts_exchanged": Figure(facts.n("exchanged")),
        "share_announced": ratio(announced, drafts),
        "share_notices_on_time": _on_time(facts, Evidence.ANNOUNCEMENT),
        "reports": Figure(facts.n("rounds", p2=YES)),
        "reports_late": Figure(
            facts.n("duties", p0=facts.duties[Evidence.REPORT], p1=("late", "overdue"))
        ),
        "duties": counted(standing=_ordered(STANDINGS, "p1", facts.of("duties"))),
        "share_on_time": _on_time(facts),
    }


def _effect(facts: Facts) -> dict[str, Figure]:
    commitments = counted(state=_ordered(COMMITMENT_STATES, "p0", facts.of("commitments")))
    return {
        "changed_provisions": Figure(facts.n("changed")),
        "share_drafts_changed": ratio(facts.n("reported", p0=YES), facts.n("reported")),
        "commitments": commitments,
        "share_implemented": ratio(commitments.part("state", "done"), commitments.value),
        "practice_reports": counted(kind=_ordered(PRACTICE, "p0", facts.of("practice"))),
        "share_practice_answered": _on_time(facts, Evidence.PROBLEM_ANSWER),
        "share_reviews_on_time": _on_time(facts, Evidence.REVIEW),
        "acts_to_change": Figure(facts.n("acts_to_change")),
        "proposals": Figure(facts.n("proposed")),
        "drafts_from_proposals": Figure(facts.n("begun")),
    }
