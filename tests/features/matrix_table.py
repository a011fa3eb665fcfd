"""The table of the access matrix: each verb, how it is done, by which right, by whom besides.

It is the only place where the tests say so; the expectation of every cell is computed from it, from
FEATURES and from RIGHTS.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from consult.access import RIGHTS
from consult.procedure.stages import FEATURES, Stage, Verb
from tests.features import matrix_acts as acts
from tests.features import matrix_bills as bills
from tests.features import matrix_councils as councils
from tests.features import matrix_practice as practice
from tests.features.matrix import Moment, Player, Tie, Where

Act = Callable[[Moment], None]


class Reach(StrEnum):
    """Of those who have the right, who may use it on this draft."""

    ALL = "all"
    AGENCY = "those of its agency"
    INDEPENDENT = "those who are not of its agency"
    REVIEWERS = "those of its agency, and the oversight body"
    CLOCK = "the clock, whoever looks on"


REACHES: Mapping[Reach, Callable[[Player], bool]] = {
    Reach.ALL: lambda player: True,
    Reach.AGENCY: lambda player: player.where is not Where.OTHER,
    Reach.INDEPENDENT: lambda player: player.where is not Where.OWN,
    Reach.REVIEWERS: lambda player: (
        player.where is not Where.OTHER or player.role in RIGHTS["oversee"]
    ),
    Reach.CLOCK: lambda player: True,
}


class Ties(NamedTuple):
    """How one may stand to what an action is about, and how one may not."""

    may: tuple[Tie, ...]
    may_not: tuple[Tie, ...] = ()


ANYBODY = Ties((Tie.STRANGER,))
AUTHOR = Ties((Tie.AUTHOR,), (Tie.STRANGER, Tie.SIGNER))
NOT_ONES_OWN = Ties((Tie.STRANGER,), (Tie.AUTHOR,))
SECOND_PERSON = Ties((Tie.STRANGER,), (Tie.DID,))


@dataclass(frozen=True, slots=True)
class Line:
    """One way to do a verb: `act`, attempted after `given`, and the address it is posted to.

    `ties` are to the comment `to` and what was decided of it. `also`: a verb at whose stages
    the same action is possible. `backstage`: by this right those of its agency may before the draft
    is public, at a stage that has no such verb. `silent`: it changes nothing. `claims`: it changes
    something before it can be refused, and its transaction takes that back.
    """

    right: str
    act: Act
    door: str = ""
    reach: Reach = Reach.ALL
    ties: Ties = ANYBODY
    to: str = "now"
    given: Act | None = None
    also: Verb | None = None
    backstage: str = ""
    silent: bool = False
    claims: bool = False

    def allowed(self, verb: Verb, stage: Stage, player: Player, tie: Tie) -> bool:
        """What FEATURES, RIGHTS and this line say of one cell."""
        may = player.role in RIGHTS[self.right] and REACHES[self.reach](player)
        may = may and tie in self.ties.may
        if self.backstage and stage is Stage.DRAFT:
            own = player.role in RIGHTS[self.backstage] and player.where is not Where.OTHER
            return may and own
        return may and bool({verb, self.also} & FEATURES[stage])


DRAFTS, DESK = "/desk/drafts/{draft_id}", "/desk/consultations/{consultation_id}"
PROBLEMS, REVIEWS = "/problems/{problem_id}", "/desk/reviews/{review_id}"
COMMENTS, OPINIONS = "/comments/{comment_id}", "/opinions/{opinion_id}"


def _office(right: str, act: Act, door: str, **more: object) -> Line:
    """What only the draft's own agency does."""
    return Line(right, act, door, Reach.AGENCY, **more)  # type: ignore[arg-type]


def _counsels(act: Act, step: str, given: Act) -> Line:
    """What the members of a council of that agency do."""
    return Line("counsel", act, f"POST {step}", Reach.AGENCY, given=given)


def _moderates(act: Act, door: str, **more: object) -> Line:
    return Line("moderate", act, door, Reach.INDEPENDENT, **more)  # type: ignore[arg-type]


TABLE: Mapping[Verb, tuple[Line, ...]] = {
    Verb.READ: (Line("read", acts.read, "GET /drafts/{draft_id}", backstage="desk", silent=True),),
    Verb.FOLLOW: (Line("follow", acts.follow_it, "POST /follow", backstage="desk"),),
    Verb.COMMENT: (
        Line("comment", acts.comment, "POST /drafts/{draft_id}/comments"),
        Line("comment", acts.reply, f"POST {COMMENTS}/reply"),
        Line("comment", acts.paper, "POST /drafts/{draft_id}/paper"),
    ),
    Verb.EDIT_COMMENT: (Line("comment", acts.edit, f"POST {COMMENTS}/edit", ties=AUTHOR),),
    Verb.WITHDRAW_COMMENT: (
        Line("cabinet", acts.withdraw, f"POST {COMMENTS}/withdraw", ties=AUTHOR),
    ),
    Verb.VOTE: (
        Line("vote", acts.vote_for_provision, "POST /drafts/{draft_id}/provisions/{wid}/vote"),
        Line("vote", acts.vote_for_comment, f"POST {COMMENTS}/vote", ties=NOT_ONES_OWN),
    ),
    Verb.SIGN_COMMENT: (
        Line("comment", acts.sign, f"POST {COMMENTS}/sign", ties=NOT_ONES_OWN),
        Line("comment", acts.unsign, f"POST {COMMENTS}/unsign", ties=Ties((Tie.SIGNER,))),
    ),
    Verb.ENTER_COMMENT: (
        _office("answer", acts.enter, f"POST {DESK}/enter"),
        _office(
            "answer",
            acts.correct_entered,
            "POST /desk/comments/{comment_id}/correct",
            given=acts.given_entered,
        ),
    ),
    Verb.DISAVOW_COMMENT: (Line("join", acts.disavow, "POST /disavow/{token}"),),
    Verb.IMPORT_TEXT: (
        _office("prepare", acts.upload, "POST /desk/import"),
        _office(
            "prepare",
            acts.take_text,
            "POST /desk/import/{preview_id}",
            given=acts.given_preview,
            claims=True,
        ),
        _office(
            "prepare",
            acts.answer_questions,
            f"POST {DRAFTS}/answering",
            given=acts.given_questions,
        ),
        _office(
            "prepare",
            acts.discard_text,
            f"POST {DRAFTS}/versions/{{n}}/discard",
            given=acts.given_version,
        ),
    ),
    Verb.EDIT_TEXT: (
        _office("prepare", acts.edit_public_table, f"POST {DRAFTS}/comparative-table/rows"),
    ),
    Verb.SCHEDULE: (
        _office(
            "prepare",
            acts.set_dates,
            f"POST {DRAFTS}/schedule",
            given=acts.given_announced,
            also=Verb.START_ROUND,
        ),
    ),
    Verb.OPEN: (
        _office(
            "prepare",
            acts.open_at_once,
            f"POST {DRAFTS}/open",
            given=acts.given_announced,
            also=Verb.START_ROUND,
        ),
        Line("read", acts.open_in_time, reach=Reach.CLOCK, given=acts.given_announced, claims=True),
    ),
    Verb.EXTEND: (_office("prepare", acts.extend, f"POST {DRAFTS}/extend"),),
    Verb.CLOSE: (Line("read", acts.close_in_time, reach=Reach.CLOCK, claims=True),),
    Verb.GROUP: (
        _office("answer", acts.group, f"POST {DESK}/groups"),
        _office("answer", acts.ungroup, f"POST {DESK}/groups/{{issue_id}}"),
        _office("desk", acts.give_to_officer, f"POST {DESK}/assignments"),
        _office("answer", acts.ask_machine, f"POST {DESK}/suggestions"),
        _office(
            "answer",
            acts.take_group,
            f"POST {DESK}/suggestions/{{suggestion_id}}",
            given=acts.given_suggestion,
        ),
        _office(
            "answer",
            acts.dismiss_group,
            f"POST {DESK}/suggestions/{{suggestion_id}}/dismiss",
            given=acts.given_suggestion,
        ),
    ),
    Verb.ANSWER: (
        _office("answer", acts.answer, f"POST {DESK}/comments/{{comment_id}}"),
        _office("answer", acts.drop_answer, f"POST {DESK}/answers/{{answer_id}}/drop"),
    ),
    Verb.APPROVE: (
        _office(
            "approve", acts.approve, f"POST {DESK}/approvals", ties=SECOND_PERSON, to="waiting"
        ),
        _office("approve", acts.give_back, f"POST {DESK}/approvals/return"),
    ),
    Verb.PUBLISH_REPORT: (
        _office("publish", acts.publish, f"POST {DESK}/report", given=acts.given_all_answered),
    ),
    Verb.RATE_ANSWER: (
        Line(
            "cabinet",
            acts.rate,
            f"POST {COMMENTS}/rating",
            ties=Ties((Tie.AUTHOR, Tie.SIGNER), (Tie.STRANGER,)),
            to="answered",
        ),
    ),
    Verb.CONTEST_ANSWER: (
        Line("cabinet", acts.contest, f"POST {COMMENTS}/contest", ties=AUTHOR, to="answered"),
    ),
    Verb.REVIEW_CONTEST: (
        Line(
            "review",
            acts.review,
            "POST /contests/{contest_id}",
            Reach.REVIEWERS,
            SECOND_PERSON,
            "contested",
        ),
    ),
    Verb.START_ROUND: (
        _office(
            "prepare",
            acts.set_dates,
            f"POST {DRAFTS}/schedule",
            given=acts.given_answered_for,
            also=Verb.SCHEDULE,
        ),
    ),
    Verb.SUBMIT: (_office("prepare", acts.submit, f"POST {DRAFTS}/outcome/submitted"),),
    Verb.DELIBERATE: (
        _office(
            "convene", bills.reading, f"POST {DRAFTS}/parliament/readings", given=bills.given_bill
        ),
        _office("convene", bills.amendment, f"POST {DRAFTS}/amendments", given=bills.given_bill),
    ),
    Verb.RECORD_OUTCOME: (_office("prepare", acts.record, f"POST {DRAFTS}/outcome/{{name}}"),),
    Verb.CORRECT_OUTCOME: (
        _office(
            "prepare", acts.correct, f"POST {DRAFTS}/outcome/corrected", given=acts.given_outcome
        ),
    ),
    Verb.PUBLISH_FINAL_TEXT: (
        _office(
            "prepare", acts.publish_act, f"POST {DRAFTS}/outcome/final", given=acts.given_outcome
        ),
    ),
    Verb.TRACK: (_office("answer", acts.track, f"POST {DRAFTS}/commitments/{{commitment_id}}"),),
    Verb.REPORT_PROBLEM: (
        Line("comment", acts.problem, "POST /drafts/{draft_id}/report-problem"),
        Line("vote", practice.echo, f"POST {PROBLEMS}/echo", given=acts.given_problem),
        Line("vote", practice.unecho, f"POST {PROBLEMS}/unecho", given=practice.given_echo),
    ),
    Verb.REVIEW_ACT: (
        _office("answer", practice.write, f"POST {REVIEWS}", given=practice.given_review),
        _office(
            "approve", practice.publish, f"POST {REVIEWS}/publish", given=practice.given_review
        ),
    ),
    Verb.COUNSEL: (
        _office(
            "prepare",
            councils.ask,
            "POST /drafts/{draft_id}/opinions/ask",
            given=councils.given_council,
        ),
        _counsels(councils.begin, "/drafts/{draft_id}/opinions/new", councils.given_council),
        _counsels(councils.write, f"{OPINIONS}/edit", councils.given_asked),
        _counsels(councils.put, f"{OPINIONS}/put", councils.given_drafted),
        _counsels(councils.vote, f"{OPINIONS}/vote", councils.given_voting),
        _counsels(councils.close, f"{OPINIONS}/close", councils.given_voted),
    ),
    Verb.ANSWER_OPINION: (
        _office("answer", councils.answer, f"POST {OPINIONS}/answer", given=councils.given_opinion),
        _office(
            "approve",
            councils.publish,
            f"POST {OPINIONS}/publish-answer",
            given=councils.given_answer,
        ),
    ),
    Verb.WITHDRAW_DRAFT: (
        _office(
            "prepare",
            acts.withdraw_draft,
            f"POST {DRAFTS}/withdraw",
            given=acts.given_answered_for,
        ),
    ),
    Verb.MODERATE: (
        _moderates(acts.hold, f"POST {COMMENTS}/hold"),
        _moderates(acts.hide, f"POST {COMMENTS}/hide"),
        _moderates(acts.restore, f"POST {COMMENTS}/restore"),
        _moderates(acts.keep, f"POST {COMMENTS}/keep"),
        _moderates(acts.redact, f"POST {COMMENTS}/redact"),
        _moderates(
            acts.hide_reported, "POST /problems/{problem_id}/hide", given=acts.given_problem
        ),
    ),
    Verb.APPEAL: (
        Line(
            "cabinet",
            acts.appeal_act,
            f"POST {COMMENTS}/appeal/{{act_id}}",
            ties=AUTHOR,
            to="hidden",
        ),
    ),
    Verb.DECIDE_APPEAL: (
        Line(
            "oversee",
            acts.decide_on_appeal,
            "POST /appeals/{appeal_id}",
            Reach.INDEPENDENT,
            SECOND_PERSON,
            "appealed",
        ),
    ),
}
