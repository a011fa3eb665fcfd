"""What each kind of message says, whole and without what may be missing: hostile on purpose."""

from typing import Any

NASTY = "\"Water\" <b>& 'soil'</b> {base} %(name)s {0}"
TITLES = {"ky": f"Мыйзам {NASTY}", "ru": f"Закон {NASTY}"}
AGENCY = {"ky": "Министрлик & <i>Ко</i>", "ru": "Министерство"}
LINES = f"First {NASTY}\n> quoted?\n\nLast."
ABOUT: dict[str, Any] = {"titles": TITLES, "agency": AGENCY}
COMMENT = ABOUT | {"receipt": "K-2026-000001", "body": LINES, "lang": "ru"}
COMMENT |= {"quote": f"five {NASTY}", "quote_lang": "ky"}
BARE_COMMENT = COMMENT | {"quote": "", "quote_lang": ""}
WORDS = [["same", "Open "], ["del", "five"], ["ins", "six <b>"], ["same", " days"]]
ANSWER = {"outcome": "accepted_in_part", "reason": LINES, "reason_lang": "ru"}
ANSWER |= {"before": "Open five days", "after": "Open six <b> days", "words": WORDS}
BARE_ANSWER = ANSWER | {"reason": "", "before": "", "after": "", "words": []}
DUTY = {"duty": {"ky": "Жооп", "ru": "Ответ & отчёт", "en": "Answer"}, "titles": TITLES}
BARE_DUTY = DUTY | {"titles": {}}
MODERATED = COMMENT | {"reason": "insult", "note": NASTY, "appeal_until_on": "2026-10-01"}
MODERATED |= {"appeal_path": "/comments/1/appeal/2"}
BARE_MODERATED = BARE_COMMENT | {"reason": NASTY, "note": "", "appeal_until_on": ""}
SETTLED = ABOUT | {"receipt": "K-1", "act": "hide", "reason": "insult", "note": NASTY}
REVIEW = COMMENT | {"was": "rejected", "outcome": "accepted", "decision": LINES}
REVIEW |= {"decision_lang": "ky"}
PROPOSED = DUTY | {"kind": "extended", "extra": 5, "unit": "working_day"}
PROPOSED |= {"basis": NASTY, "reason": LINES}
MATTERS = {"receipt": "K-1", "body": LINES, "lang": "ru", "quote_lang": "ky", "state": "weak"}
MATTERS |= {"before": "five", "after": "six", "words": WORDS, "path": "/comments/1#then"}
MOVED = DUTY | {"was_on": "2026-09-10", "now_on": "2026-09-14", "path": "/obligations/1"}
PLAN = ABOUT | {"change": "moved", "old_on": "2026-10-01", "new_on": "2026-11-01"}
PLAN |= {"reason": NASTY}
HEARING = ABOUT | {
    "kind": "hearing",
    "starts_at": "2026-03-05T09:00:00+00:00",
    "place": NASTY,
    "link": "https://cbd.minjust.gov.kg/7?a=1&b=2",
}
PROPOSAL = {"number": 7, "proposal": NASTY, "lang": "ru", "agency": AGENCY}
HIDDEN_PROPOSAL = PROPOSAL | {"proposal": ""}
PROBLEM = ABOUT | {"body": LINES, "lang": "ru", "quote": "", "quote_lang": ""}
OPINION = ABOUT | {"council": AGENCY, "conclusion": "for_with_remarks", "taken": "part"}
QUESTION = {"number": 7, "title": NASTY, "lang": "ru", "kind": "person", "agency": AGENCY}
HIDDEN_QUESTION = QUESTION | {"title": ""}
EMAIL = {"email": "o'neil+<b>@example.org"}
DAY, MOMENT = "2026-09-30", "2026-09-30T12:00:00+00:00"

NEWS = [{"subject": f"Open for comment: {NASTY}", "path": "/drafts/1"}]
SECTIONS = [{"names": TITLES, "said": NEWS}, {"names": {}, "said": NEWS}]

# kind → (all that it may say, the least it says).
SAID: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "address": ({}, {}),
    "address_asked": (EMAIL, EMAIL),
    "address_changed": ({}, {}),
    "address_left": (EMAIL, EMAIL),
    "address_restored": ({}, {}),
    "adopted": (
        ABOUT
        | {"number": "№ 7 <b>", "decided_on": DAY, "in_force_on": DAY}
        | {"url": "https://cbd.minjust.gov.kg/7?a=1&b=2"},
        ABOUT | {"number": "7", "decided_on": DAY, "in_force_on": "", "url": ""},
    ),
    "answer_contested": (REVIEW | {"contest": LINES}, BARE_COMMENT | {"contest": "No."}),
    "answered": (COMMENT | ANSWER, BARE_COMMENT | BARE_ANSWER),
    "appeal_decided": (
        SETTLED | {"decision": "overturned", "decision_reason": LINES},
        SETTLED | {"decision": "upheld", "decision_reason": "No.", "act": "hold"},
    ),
    "appealed": (SETTLED, SETTLED | {"act": "redact", "reason": "doubtful_author", "note": ""}),
    "comments_assigned": (
        {"count": 3, "by": NASTY, "titles": TITLES},
        {"count": 1, "by": "Olga", "titles": TITLES},
    ),
    "opinion_answered": (OPINION, OPINION | {"taken": "none"}),
    "opinion_asked": (OPINION, OPINION),
    "opinion_given": (OPINION, OPINION | {"conclusion": "against"}),
    "opinion_put": (OPINION, OPINION),
    "opinion_to_answer": (OPINION, OPINION | {"conclusion": "for"}),
    "bill_referred": (ABOUT | {"committee": AGENCY}, ABOUT | {"committee": {"ky": "К"}}),
    "commitment": (
        COMMENT
        | {"state": "done", "note": LINES}
        | {"evidence": [["See <b>", ""], ["/drafts/1?a=1&b=2", "/drafts/1?a=1&b=2"]]},
        BARE_COMMENT | {"state": "dropped", "note": "", "evidence": []},
    ),
    "confirm": ({}, {}),
    "consultation_extended": (ABOUT | {"closes_at": MOMENT, "reason": NASTY},) * 2,
    "consultation_opened": (
        ABOUT
        | {"summaries": {"ru": LINES}, "closes_at": MOMENT, "round": 2}
        | {"changes_path": "/drafts/1/comparison/1/2"},
        ABOUT | {"summaries": {}, "closes_at": MOMENT, "round": 1, "changes_path": ""},
    ),
    "contest_decided": (REVIEW, BARE_COMMENT | REVIEW | {"outcome": "rejected", "quote": ""}),
    "delay": (
        DUTY | {"due_on": DAY, "expected_on": DAY, "reason": LINES},
        BARE_DUTY | {"due_on": DAY, "expected_on": DAY, "reason": "Ill."},
    ),
    "digest": (
        {"cadence": "weekly", "count": 130, "more": 30, "sections": SECTIONS},
        {"cadence": "daily", "count": 1, "more": 0, "sections": SECTIONS[1:]},
    ),
    "duty_assigned": (
        {"duties": [DUTY | {"due_on": DAY, "path": "/obligations/1"}] * 2, "count": 9, "more": 7},
        {"duties": [BARE_DUTY | {"due_on": "", "path": "/a/path?x=1&y=2"}], "count": 1, "more": 0},
    ),
    "duty_corrected": (
        DUTY | {"reason": NASTY, "due_on": DAY},
        BARE_DUTY | {"reason": "Wrong.", "due_on": ""},
    ),
    "duty_decided": (
        PROPOSED | {"approved": True, "note": LINES, "due_on": DAY},
        BARE_DUTY | {"kind": "waived", "approved": False, "note": "", "due_on": ""},
    ),
    "duty_proposed": (PROPOSED, PROPOSED | {"kind": "waived", "extra": 0, "titles": {}}),
    "held": (MODERATED, BARE_MODERATED),
    "hidden": (MODERATED, BARE_MODERATED),
    "invitation": (
        {"role": "officer", "agency": AGENCY, "organisation": "", "inviter": NASTY},
        {"role": "", "agency": {}, "organisation": NASTY, "inviter": ""},
    ),
    "hearing_announced": (HEARING, HEARING | {"kind": "questions", "place": ""}),
    "hearing_changed": (
        HEARING | {"change": "changed", "reason": NASTY, "began_at": MOMENT},
        HEARING | {"change": "called_off", "reason": "No heating.", "began_at": ""},
    ),
    "hearing_minutes": (HEARING | {"came": 41},) * 2,
    "hearing_near": (HEARING, HEARING | {"link": ""}),
    "hearing_seat": (HEARING,) * 2,
    "known_address": ({}, {}),
    "password_changed": ({}, {}),
    "plan_changed": (PLAN, PLAN | {"change": "dropped", "reason": "No money."}),
    "plan_published": (
        {"agency": AGENCY, "count": 31, "items": [{"titles": TITLES, "month": "2026-10-01"}] * 30},
        {"agency": AGENCY, "count": 1, "items": [{"titles": TITLES, "month": "2026-10-01"}]},
    ),
    "plan_started": (
        ABOUT | {"led": True, "opens_at": MOMENT, "closes_at": MOMENT},
        ABOUT | {"led": False},
    ),
    "problem_answered": (PROBLEM | {"answer": LINES, "answer_lang": "ru"},) * 2,
    "practice_review": (
        ABOUT | {"year": 1, "overall": "change"},
        ABOUT | {"year": 2, "overall": "keep"},
    ),
    "problem_reported": (ABOUT | {"found": "unclear"}, ABOUT | {"found": "problem"}),
    "problem_hidden": (PROBLEM | {"reason": "insult"}, PROBLEM | {"reason": NASTY}),
    "deputy_asked": (QUESTION | {"kind": "deputy"}, HIDDEN_QUESTION | {"kind": "deputy"}),
    "question_answered": (
        QUESTION | {"answer": LINES, "answer_lang": "ru"},
        HIDDEN_QUESTION | {"answer": "Yes.", "answer_lang": "ky"},
    ),
    "question_asked": (QUESTION, HIDDEN_QUESTION | {"kind": "council"}),
    "question_forwarded": (QUESTION | {"was": AGENCY, "reason": LINES, "reason_lang": "ru"},) * 2,
    "question_hidden": (QUESTION | {"reason": "insult"}, QUESTION | {"reason": NASTY}),
    "proposal_answered": (
        PROPOSAL | {"outcome": "accepted", "reason": LINES, "reason_lang": "ky"},
        HIDDEN_PROPOSAL | {"outcome": "rejected", "reason": "No.", "reason_lang": "ky"},
    ),
    "proposal_hidden": (PROPOSAL | {"reason": "insult"}, PROPOSAL | {"reason": NASTY}),
    "proposal_joined": (
        PROPOSAL | {"into": NASTY, "into_lang": "ky", "into_path": "/proposals/1?a=1&b=2"},
        HIDDEN_PROPOSAL | {"into": "", "into_lang": "ky", "into_path": "/proposals/1"},
    ),
    "proposal_led": (
        PROPOSAL | {"titles": TITLES, "draft_path": "/drafts/1"},
        HIDDEN_PROPOSAL | {"titles": {"ky": "М"}, "draft_path": "/drafts/1"},
    ),
    "proposal_reached": (PROPOSAL | {"count": 300}, HIDDEN_PROPOSAL | {"count": 1}),
    "proposal_withdrawn": (PROPOSAL, HIDDEN_PROPOSAL),
    "receipt": (
        COMMENT | {"hash": "0" * 64, "created_at": MOMENT, "disavow_path": "/disavow/1.f"},
        BARE_COMMENT | {"hash": "0" * 64, "created_at": MOMENT, "disavow_path": ""},
    ),
    "redacted": (MODERATED, BARE_MODERATED),
    "rejected": (ABOUT | {"decided_on": DAY, "reason": LINES},) * 2,
    "reading_held": (
        ABOUT | {"body": AGENCY, "n": 2, "held_on": DAY, "outcome": "passed", "note": NASTY},
        ABOUT | {"body": AGENCY, "n": 1, "held_on": DAY, "outcome": "returned", "note": ""},
    ),
    "roll_call": (
        ABOUT | {"n": 2, "held_on": DAY, "amendment": "7 <b>", "counts": [61, 20, 3, 6]},
        ABOUT | {"n": 1, "held_on": DAY, "amendment": "", "counts": [0, 0, 0, 0]},
    ),
    "reminder": (DUTY | {"due_on": DAY, "rung": 3}, BARE_DUTY | {"due_on": DAY, "rung": -3}),
    "reply": (COMMENT | {"who": NASTY}, BARE_COMMENT | {"who": "Bolot"}),
    "report_published": (ABOUT | {"round": 1},) * 2,
    "report_settled": (SETTLED, SETTLED | {"act": "keep", "reason": NASTY, "note": ""}),
    "reset": ({}, {}),
    "restored": (COMMENT | {"reason": NASTY, "note": ""}, BARE_COMMENT | {"reason": "A mistake."}),
    "signed_answered": (COMMENT | ANSWER, BARE_COMMENT | BARE_ANSWER),
    "signed_contest_decided": (REVIEW, REVIEW | {"outcome": "rejected", "quote": ""}),
    "signed_hidden": (MODERATED, BARE_MODERATED),
    "signed_restored": (MODERATED, BARE_MODERATED),
    "signed_withdrawn": (COMMENT, BARE_COMMENT),
    "still_relevant": (
        ABOUT | {"n": 2, "comments": [MATTERS, MATTERS | {"words": []}], "more": 4},
        ABOUT | {"n": 2, "comments": [MATTERS], "more": 0},
    ),
    "terms_moved": (
        {"document": NASTY, "revoked": False, "year": "2026", "moved": [MOVED]}
        | {"count": 9, "more": 8, "marked": 2},
        {"document": "№ 1", "revoked": True, "year": "", "moved": []}
        | {"count": 0, "more": 0, "marked": 0},
    ),
    "factor_changed": (
        {"factor": "recovery_codes", "added": True},
        {"factor": "all", "added": False},
    ),
    "key_made": ({"name": NASTY}, {"name": "My program"}),
    "identified": (
        {"by": NASTY, "when_at": MOMENT, "signed": True},
        {"by": "", "when_at": MOMENT, "signed": False},
    ),
    "follow": ({"names": TITLES},) * 2,
    "following": ({}, {}),
    "forgotten": ({"remove": True}, {"remove": False}),
    "mails_again": ({}, {}),
    "membership": (
        {"change": "ended", "who": NASTY, "organisation": NASTY},
        {"change": "began", "who": "", "organisation": "Union"},
    ),
    "recovery_code_used": ({"left": 3}, {"left": 1}),
    "strange_browser": (
        {"browser": "Firefox", "system": "Android", "when_at": MOMENT},
        {"browser": "", "system": "", "when_at": MOMENT},
    ),
    "webhook_off": ({"host": "example.org"},) * 2,
}


def flowed_back(text: str) -> list[str]:
    """The paragraphs a program reads that knows format=flowed (RFC 3676)."""
    paragraphs, going_on = [], False
    for line in text.splitlines():
        shown = line.removeprefix("> ") if going_on else line
        if going_on:
            paragraphs[-1] += shown
        else:
            paragraphs.append(shown)
        going_on = line.endswith(" ") and line != "-- "
    return paragraphs
