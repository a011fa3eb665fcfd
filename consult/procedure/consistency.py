"""[pure] Whether the entries of a rule pack fit together: what no single entry can know.

Each problem is one line for the operator: the entry by its code, its field, what is wrong with it.
How a file is read, and what an entry must look like, stands in packs.py.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations

from consult.procedure.acts import ActType
from consult.procedure.calendars import DAY
from consult.procedure.deadlines import DeadlineRule, Term, Trigger
from consult.procedure.duties import Duty, Per

PERIODS = frozenset({Trigger.QUARTER_ENDED, Trigger.HALF_YEAR_ENDED, Trigger.YEAR_ENDED})
ROUND = frozenset(
    {Trigger.COMMENT_SUBMITTED, Trigger.CONSULTATION_CLOSED, Trigger.REPORT_PUBLISHED}
)
# Whoever owes a decision on what is asked for owes it to somebody who had a time to ask.
RIGHTS: Mapping[Per, Term] = {Per.CONTEST: Term.CONTEST, Per.APPEAL: Term.APPEAL}
# Owed by some kind of agency, whatever agency the draft is of.
BY_KIND = frozenset({Per.AGENCY, Per.APPEAL})
# Owed about no draft, so that no rule for it can name a kind of act.
OF_NO_ACT = frozenset(
    {Per.AGENCY, Per.PROPOSAL, Per.QUESTION, Per.DEPUTY_QUESTION, Per.INFORMATION}
    | {Per.HEARING, Per.SITTING}
)
# Terms that no duty has: until when people may do something.
TERMS_OF_PEOPLE: Mapping[Per, Term] = {Per.PROPOSAL: Term.PROPOSAL_SUPPORT}
# What can set a duty running that is owed per …
TRIGGERS: Mapping[Per, frozenset[Trigger]] = {
    Per.CONSULTATION: ROUND | {Trigger.CONSULTATION_OPENED},
    Per.COMMENT: ROUND,
    Per.ISSUE: ROUND,
    Per.DRAFT: frozenset({Trigger.ACT_ADOPTED, Trigger.REPORT_PUBLISHED}),
    Per.AGENCY: PERIODS,
    Per.PROBLEM: frozenset({Trigger.PROBLEM_REPORTED}),
    Per.CONTEST: frozenset({Trigger.ANSWER_CONTESTED}),
    Per.APPEAL: frozenset({Trigger.MODERATION_APPEALED}),
    Per.PROPOSAL: frozenset({Trigger.PROPOSAL_SUPPORTED}),
    Per.OPINION_REQUEST: frozenset({Trigger.OPINION_ASKED}),
    Per.OPINION: frozenset({Trigger.OPINION_GIVEN}),
    Per.QUESTION: frozenset({Trigger.QUESTION_ASKED}),
    Per.DEPUTY_QUESTION: frozenset({Trigger.DEPUTY_ASKED}),
    Per.INFORMATION: frozenset({Trigger.INFORMATION_ASKED}),
    Per.HEARING: frozenset({Trigger.HEARING_HELD}),
    Per.SITTING: frozenset({Trigger.SITTING_HELD}),
    Per.REVIEW: frozenset({Trigger.ACT_YEAR_ENDED}),
}


def doubled(kind: str, codes: Iterable[str]) -> Iterator[str]:
    """Codes that are there more than once among the entries of a kind."""
    counted = Counter(codes)
    yield from (f"{kind} {code}: is there {n} times" for code, n in counted.items() if n > 1)


def act_problems(acts: Iterable[ActType], agency_kinds: Collection[str]) -> Iterator[str]:
    """Kinds of agency that publish an act and are not among those of the pack."""
    for act in acts:
        for unknown in sorted(set(act.body_kinds) - set(agency_kinds)):
            yield f"act_type {act.code}, body_kinds: {unknown!r} is not among those of the pack"


def rule_problems(
    rules: Sequence[DeadlineRule], jurisdiction: str, words: Mapping[str, Collection[str]]
) -> Iterator[str]:
    """What is wrong with the rules as a whole.

    `words` are the codes that are defined for each field of a rule that names some.
    """
    for rule in rules:
        if rule.jurisdiction != jurisdiction:
            yield f"rule {rule.code}, jurisdiction: {rule.jurisdiction!r} is not {jurisdiction!r}"
        if rule.term is Term.CONSULTATION and rule.trigger is not Trigger.CONSULTATION_OPENED:
            yield f"rule {rule.code}, trigger: a consultation runs from consultation_opened"
        if rule.term is Term.PROPOSAL_SUPPORT and rule.trigger is not Trigger.PROPOSAL_MADE:
            yield f"rule {rule.code}, trigger: support is gathered from proposal_made on"
        for field, defined in words.items():
            for unknown in sorted(set(getattr(rule, field)) - set(defined)):
                yield f"rule {rule.code}, {field}: {unknown!r} is not defined"
    for one, other in combinations(rules, 2):
        if one.term is other.term and one.rank == other.rank and _can_meet(one, other):
            yield (
                f"rules {one.code} and {other.code} can apply to the same act at the same time: "
                "one of them needs a precedence"
            )


def _can_meet(one: DeadlineRule, other: DeadlineRule) -> bool:
    """Whether some act falls under both on some day; it may have the attributes of both."""
    if one.act_types and other.act_types and not one.act_types & other.act_types:
        return False
    apart = (one.valid_to or date.max) < other.valid_from
    return not (apart or (other.valid_to or date.max) < one.valid_from)


def duty_problems(
    duties: Sequence[Duty],
    rules: Sequence[DeadlineRule],
    act_types: Collection[str],
    agency_kinds: Collection[str],
    since: date,
) -> Iterator[str]:
    """What is wrong with the duties as a whole, and where a term they need has no rule."""
    for duty in duties:
        yield from _own_problems(duty, agency_kinds)
        for rule in (rule for rule in rules if rule.term is duty.term):
            if rule.trigger is not duty.trigger:
                yield (
                    f"duty {duty.code}, trigger: {duty.trigger.value}, but its rule {rule.code} "
                    f"runs from {rule.trigger.value}"
                )
            if duty.per in OF_NO_ACT and (rule.act_types or rule.attributes):
                yield f"rule {rule.code}: a duty of this kind is about no act, so name none"
    of_acts = {Term.CONSULTATION, *(duty.term for duty in duties if duty.per not in OF_NO_ACT)}
    of_acts |= {RIGHTS[duty.per] for duty in duties if duty.per in RIGHTS}
    for term in sorted(of_acts):
        yield from _gaps(rules, term, sorted(act_types), since)
    of_none = {duty.term for duty in duties}
    of_none |= {TERMS_OF_PEOPLE[duty.per] for duty in duties if duty.per in TERMS_OF_PEOPLE}
    for term in sorted(of_none - of_acts):
        yield from _gaps(rules, term, [""], since)


def _own_problems(duty: Duty, agency_kinds: Collection[str]) -> Iterator[str]:
    if duty.trigger not in TRIGGERS[duty.per]:
        fitting = ", ".join(sorted(trigger.value for trigger in TRIGGERS[duty.per]))
        yield (
            f"duty {duty.code}, trigger: {duty.trigger.value} does not go with "
            f"per = {duty.per.value!r}; that takes {fitting}"
        )
    for unknown in sorted(set(duty.agency_kinds) - set(agency_kinds)):
        yield f"duty {duty.code}, agency_kinds: {unknown!r} is not among those of the pack"
    if duty.per in BY_KIND and not duty.agency_kinds:
        yield f"duty {duty.code}, agency_kinds: say which kinds of agency owe it"
    if duty.per not in BY_KIND and duty.agency_kinds:
        yield f"duty {duty.code}, agency_kinds: only for per = 'agency' or 'appeal'"


def _gaps(
    rules: Sequence[DeadlineRule], term: Term, act_types: Sequence[str], since: date
) -> Iterator[str]:
    """Days from `since` on, and kinds of act, for which a term has no rule without attributes."""
    general = [rule for rule in rules if rule.term is term and not rule.attributes]
    found: dict[str, list[str]] = {}
    for act_type in act_types:
        applying = [rule for rule in general if rule.applies_to(act_type, ())]
        for gap in _uncovered(applying, since):
            found.setdefault(gap, []).append(act_type)
    for gap, kinds in found.items():
        of = "" if len(kinds) == len(act_types) else f" of the act type {', '.join(kinds)}"
        yield f"term {term.value}{of}: no rule without attributes {gap}"


def _uncovered(rules: Iterable[DeadlineRule], since: date) -> Iterator[str]:
    day = since
    for rule in sorted(rules, key=lambda rule: rule.valid_from):
        if rule.valid_from > day:
            yield f"from {day} to {rule.valid_from - DAY}"
        if rule.valid_to is None or rule.valid_to == date.max:
            return
        day = max(day, rule.valid_to + DAY)
    yield f"from {day} on"
