"""What is attempted for the access matrix: each verb through the real action, as its page does it.

A name that begins with `given` makes beforehand what an action needs besides a stage and a right,
at every stage alike, so that nothing but those decides.
"""

from datetime import timedelta

from consult.adoption.actions import (
    change_commitment,
    correct_outcome,
    hide_problem,
    publish_final_text,
    record_outcome,
    report_problem,
    submit_to_parliament,
)
from consult.adoption.models import ActOutcome, Commitment, Problem
from consult.adoption.rules import Decided, Met, Step
from consult.answers import actions as answers
from consult.answers.assigning import assign
from consult.answers.models import Disposition
from consult.comments.actions import Place, Words, edit_comment, submit_comment, withdraw_comment
from consult.consultations import actions as consultations
from consult.consultations.rules import last_minute
from consult.cosigning.actions import sign_comment, unsign_comment
from consult.feedback.actions import contest_answer, rate_answer, review_contest
from consult.feedback.queries import contest_by_id
from consult.grouping.actions import ask_for_suggestions, dismiss_suggestion, take_suggestion
from consult.grouping.models import GroupSuggestion
from consult.intake.actions import Arrival, Contributor, enter_comment
from consult.moderation import actions as moderation
from consult.moderation.appealing import appeal, decide_appeal
from consult.moderation.disavowing import disavow_comment
from consult.moderation.models import Appeal, ModerationAct
from consult.moderation.redactions import redact_comment
from consult.papers.actions import send_paper
from consult.papers.rules import Part
from consult.procedure.deadlines import local_day
from consult.reports.actions import publish_report
from consult.votes.actions import vote_on_comment, vote_on_text
from drafts.actions import keep_preview, take_over
from drafts.answering.actions import Answered
from drafts.answering.actions import answer as give_answers
from drafts.comparative.actions import add_row
from drafts.comparative.rows import Words as RowWords
from drafts.confirmation.actions import discard
from drafts.importing.preview import Preview
from drafts.models import DraftVersion, ImportPreview
from drafts.previews import NODES
from drafts.queries import draft_for
from notifications.following import follow
from tests.decrees import PACK
from tests.factories import add_version, make_tree
from tests.features.matrix import Moment

MOST = 20_000
WORDS = Words(body="Think of the children.", kind="substantive", stance="neutral")
TEXTS = ("A library stands in every village.", "It is open every day.")


def read(m: Moment) -> None:
    draft_for(m.session, m.row("draft"), m.actor)


def follow_it(m: Moment) -> None:
    m.do(follow, pack=PACK, target=f"draft:{m.row('draft')}")


# What citizens do.


def comment(m: Moment) -> None:
    m.do(submit_comment, draft=m.draft, place=Place(), words=WORDS, lang="en", most=MOST)


def reply(m: Moment) -> None:
    place = Place(parent_id=m.comment().id)
    m.do(submit_comment, draft=m.draft, place=place, words=WORDS, lang="en", most=MOST)


def paper(m: Moment) -> None:
    parts = [Part("art_1", "In every village, yes."), Part("art_2", "On Sundays as well.")]
    m.do(send_paper, draft=m.draft, title="Libraries", parts=parts, lang="en", most=MOST)


def edit(m: Moment) -> None:
    m.do(edit_comment, comment=m.comment(), words=WORDS, window=timedelta(hours=1), most=MOST)


def withdraw(m: Moment) -> None:
    m.do(withdraw_comment, comment=m.comment())


def vote_for_provision(m: Moment) -> None:
    m.do(vote_on_text, draft=m.draft, wid="art_1", value=1)


def vote_for_comment(m: Moment) -> None:
    m.do(vote_on_comment, draft=m.draft, comment=m.comment(), value=1)


def sign(m: Moment) -> None:
    m.do(sign_comment, comment=m.comment())


def unsign(m: Moment) -> None:
    m.do(unsign_comment, comment=m.comment())


def disavow(m: Moment) -> None:
    disavow_comment(m.session, comment=m.comment(), note="I never wrote this.", now=m.now)


def rate(m: Moment) -> None:
    m.do(rate_answer, comment=m.comment("answered"), met=True)


def contest(m: Moment) -> None:
    m.do(contest_answer, law=m.law, comment=m.comment("answered"), reason="It misses the point.")


def appeal_act(m: Moment) -> None:
    act = m.session.get_one(ModerationAct, m.row("act on hidden"))
    m.do(appeal, act=act, comment=m.comment("hidden"), reason="It is no insult.", law=m.law)


def problem(m: Moment) -> None:
    m.do(report_problem, draft=m.draft, met=Met("They ask for the old paper.", "en"), most=MOST)


# What an officer does with the text and its dates.


def _preview() -> Preview:
    return Preview(make_tree(TEXTS), "On village libraries", (), 1.0)


def upload(m: Moment) -> None:
    draft = m.draft
    m.do(keep_preview, preview=_preview(), agency_id=draft.agency_id, draft=draft, facts={})


def given_preview(m: Moment) -> None:
    found, draft = _preview(), m.draft
    row = ImportPreview(
        id="matrix",
        agency_id=draft.agency_id,
        draft_id=draft.id,
        created_at=m.now,
        filename="law.txt",
        lang="en",
        act_type=draft.act_type,
        title=found.title,
        nodes=NODES.dump_python(found.tree.nodes, mode="json"),
        warnings=[],
        coverage=1.0,
    )
    m.session.add(row)


def take_text(m: Moment) -> None:
    m.do(take_over, preview=m.session.get_one(ImportPreview, "matrix"), pack=m.law.pack)


def given_questions(m: Moment) -> None:
    m.draft.act_type = "concept"
    m.session.flush()


def answer_questions(m: Moment) -> None:
    asked = m.law.pack.acts["concept"].question
    said = Answered("en", "A concept", {one.code: "Our answer." for one in asked})
    m.do(give_answers, agency_id=m.draft.agency_id, draft=m.draft, said=said, pack=m.law.pack)


def given_version(m: Moment) -> None:
    m.keep("unpublished", add_version(m.session, m.draft, TEXTS, now=m.now))


def discard_text(m: Moment) -> None:
    m.do(discard, draft=m.draft, version=m.session.get_one(DraftVersion, m.row("unpublished")))


def edit_public_table(m: Moment) -> None:
    version, words = m.session.get_one(DraftVersion, m.row("version")), RowWords("Art. 1", "", "A")
    add_row(m.session, actor=m.actor, draft=m.draft, version=version, lang="en", words=words)


def given_announced(m: Moment) -> None:
    m.round.opens_at = m.round.next_transition_at = m.now
    m.round.opened_at = None


def given_answered_for(m: Moment) -> None:
    m.round.closed_at = m.round.reported_at = m.now
    m.round.next_transition_at = None


def set_dates(m: Moment) -> None:
    opens_at = m.now + timedelta(days=1)
    ends = last_minute(consultations.earliest_close(m.law, m.draft, opens_at))
    dates = {"opens_at": opens_at, "closes_at": ends, "exception": ""}
    m.do(consultations.schedule, draft=m.draft, law=m.law, **dates)


def open_at_once(m: Moment) -> None:
    m.do(consultations.open_at_once, draft=m.draft, law=m.law)


def open_in_time(m: Moment) -> None:
    consultations.advance(m.session, m.round, m.now)


def close_in_time(m: Moment) -> None:
    consultations.advance(m.session, m.round, m.round.closes_at)


def extend(m: Moment) -> None:
    later = m.round.closes_at + timedelta(days=5)
    m.do(consultations.extend, draft=m.draft, closes_at=later, reason="It is harvest time.")


def withdraw_draft(m: Moment) -> None:
    m.do(consultations.withdraw_draft, draft=m.draft)


# What the agency does with comments.


def enter(m: Moment) -> None:
    came = {
        "contributor": Contributor("Asan"),
        "arrival": Arrival("paper", local_day(m.now, m.law.tz), "12"),
        "place": Place(),
        "words": WORDS,
    }
    m.do(enter_comment, consultation=m.round, lang="en", most=MOST, tz=m.law.tz, **came)


def given_entered(m: Moment) -> None:
    m.comment().channel = "paper"


def correct_entered(m: Moment) -> None:
    edit(m)


def group(m: Moment) -> None:
    m.work(answers.group_comments, comment_ids=[m.comment().id], title="Sundays", now=m.now)


def ungroup(m: Moment) -> None:
    m.work(answers.ungroup, comment_ids=[m.comment().id], now=m.now)


def give_to_officer(m: Moment) -> None:
    m.work(assign, comment_ids=[m.comment().id], officer_id=m.row("olga"), now=m.now)


def ask_machine(m: Moment) -> None:
    m.work(ask_for_suggestions, now=m.now)


def given_suggestion(m: Moment) -> None:
    alike = {"method": "same_text", "score": 1, "comment_ids": [m.comment().id]}
    row = GroupSuggestion(consultation_id=m.row("round"), proposed_at=m.now, **alike)
    m.keep("suggestion", row)


def take_group(m: Moment) -> None:
    suggestion = m.session.get_one(GroupSuggestion, m.row("suggestion"))
    m.work(take_suggestion, suggestion=suggestion, left_out=(), title="Sundays", now=m.now)


def dismiss_group(m: Moment) -> None:
    suggestion = m.session.get_one(GroupSuggestion, m.row("suggestion"))
    m.work(dismiss_suggestion, suggestion=suggestion, now=m.now)


def answer(m: Moment) -> None:
    said = {"outcome": "rejected", "reason": "There is no money.", "lang": "en", "submit": True}
    m.work(answers.decide, comment_id=m.comment().id, now=m.now, **said)


def _waiting(m: Moment) -> Disposition:
    return m.session.get_one(Disposition, m.row("answer"))


def drop_answer(m: Moment) -> None:
    m.work(answers.drop_answer, disposition=_waiting(m))


def approve(m: Moment) -> None:
    m.do(answers.approve, draft=m.draft, disposition=_waiting(m))


def give_back(m: Moment) -> None:
    about = {"draft": m.draft, "disposition": _waiting(m)}
    answers.give_back(m.session, actor=m.actor, note="Say why.", **about)


def given_all_answered(m: Moment) -> None:
    waiting = _waiting(m)
    waiting.state = "approved"
    kept = waiting.model_dump(exclude={"id", "comment_id"})
    m.session.add_all(
        Disposition(comment_id=m.comment(name).id, **kept) for name in ("now", "flagged")
    )


def publish(m: Moment) -> None:
    m.work(publish_report, law=m.law, now=m.now)


def review(m: Moment) -> None:
    said = {"outcome": "rejected", "decision": "It was looked at again.", "lang": "en"}
    m.do(review_contest, contested=contest_by_id(m.session, m.row("contest")), **said)


# What comes after the report.


def submit(m: Moment) -> None:
    m.do(submit_to_parliament, draft=m.draft)


def _decided(m: Moment, number: str) -> Decided:
    return Decided("adopted", local_day(m.now, m.law.tz), number)


def record(m: Moment) -> None:
    m.do(record_outcome, draft=m.draft, said=_decided(m, "214"), version_id=None, pack=m.law.pack)


def given_outcome(m: Moment) -> None:
    said = {"outcome": "adopted", "number": "214", "decided_on": local_day(m.now, m.law.tz)}
    m.session.add(ActOutcome(draft_id=m.row("draft"), recorded_at=m.now, **said))


def correct(m: Moment) -> None:
    m.do(correct_outcome, draft=m.draft, said=_decided(m, "215"), why="A slip.", tz=m.law.tz)


def publish_act(m: Moment) -> None:
    m.do(publish_final_text, draft=m.draft, version_id=m.row("version"))


def track(m: Moment) -> None:
    row = m.session.get_one(Commitment, m.row("commitment"))
    step = Step("in_progress")
    m.do(change_commitment, draft=m.draft, commitment=row, seen=row.state, step=step)


# What moderators and the oversight body do.


def hold(m: Moment) -> None:
    m.do(moderation.hold_comment, comment=m.comment(), reason="threat", note="")


def hide(m: Moment) -> None:
    m.do(moderation.hide_comment, comment=m.comment(), reason="threat")


def restore(m: Moment) -> None:
    m.do(moderation.restore_comment, comment=m.comment("hidden"), reason="It names nobody.")


def keep(m: Moment) -> None:
    m.do(moderation.keep_comment, comment=m.comment("flagged"), reason="It is no threat.")


def redact(m: Moment) -> None:
    m.do(redact_comment, comment=m.comment(), pieces=("now",), note="", law=m.law)


def given_problem(m: Moment) -> None:
    met = {"lang": "en", "body": "Fools!", "created_at": m.now}
    m.keep("problem", Problem(draft_id=m.row("draft"), author_id=m.row("olga"), **met))


def hide_reported(m: Moment) -> None:
    met = m.session.get_one(Problem, m.row("problem"))
    m.do(hide_problem, draft=m.draft, problem=met, reason="insult")


def decide_on_appeal(m: Moment) -> None:
    row = m.session.get_one(Appeal, m.row("appeal"))
    m.do(decide_appeal, row=row, decision="overturned", reason="It is no insult.")
