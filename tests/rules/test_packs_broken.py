"""Rule packs with one broken place each, and the sentence that is said about it."""

import re
from pathlib import Path

import pytest

from consult.errors import Invalid
from consult.procedure.packs import FOLDER, examine_pack, load_pack, parse_pack

KG = (FOLDER / "kg.toml").read_text(encoding="utf-8")

# A pack with one of everything; each row of the tables below breaks it in one place.
SMALL = """
code = "xx"
names = { ky = "Өлкө", ru = "Страна", kk = "Ел", en = "Country" }
since = 2021-01-01
timezone = "Asia/Bishkek"
country = "KG"
weekend = [5, 6]
languages = ["ky"]
holiday_languages = { ky = "ky" }
due_soon = 3
long_overdue = 20
agency_kinds = ["ministry"]
topic = [{ code = "law", names = { ky = "А", ru = "А", kk = "А", en = "A" } }]
act_type = [
  { code = "law", names = { ky = "М", ru = "З", kk = "З", en = "Law" } },
  { code = "order", names = { ky = "Б", ru = "П", kk = "Б", en = "Order" } },
]
attribute = [
  { code = "urgent", names = { ky = "Ш", ru = "С", kk = "Ш", en = "Urgent" } },
  { code = "business", names = { ky = "И", ru = "П", kk = "К", en = "Business" } },
]
tolling = [{ code = "papers", names = { ky = "К", ru = "Д", kk = "Қ", en = "Papers" } }]

[[rule]]
code = "xx-consultation"
term = "consultation"
trigger = "consultation_opened"
amount = 30
unit = "calendar_day"
citation = "Act 1"
citation_lang = "en"
source = "Gazette"
valid_from = 2020-01-01
confirmed = false

[[rule]]
code = "xx-urgent"
term = "consultation"
attributes = ["urgent"]
trigger = "consultation_opened"
amount = 7
unit = "calendar_day"
citation = "Act 1, urgent"
citation_lang = "en"
source = "Gazette"
valid_from = 2020-01-01

[[rule]]
code = "xx-orders"
term = "consultation"
act_types = ["order"]
trigger = "consultation_opened"
amount = 15
unit = "working_day"
citation = "Act 2"
citation_lang = "en"
source = "Gazette"
valid_from = 2020-01-01
valid_to = 2022-12-31

[[rule]]
code = "xx-answer"
term = "answer"
trigger = "consultation_closed"
amount = 14
unit = "working_day"
max_extension = 5
tolling_events = ["papers"]
citation = "Act 3"
citation_lang = "en"
source = "Gazette"
valid_from = 2020-06-01

[[rule]]
code = "xx-quarterly"
term = "quarterly_report"
trigger = "quarter_ended"
amount = 10
unit = "working_day"
citation = "Act 4"
citation_lang = "en"
source = "Gazette"
valid_from = 2020-01-01

[[duty]]
code = "answer"
names = { ky = "Ж", ru = "О", kk = "Ж", en = "Answer" }
term = "answer"
trigger = "consultation_closed"
per = "issue"
responsible = "officer"
evidence = "answer"
rungs = [{ days = 1, audience = "head" }, { days = 3, audience = "head" }]

[[duty]]
code = "quarterly"
names = { ky = "К", ru = "К", kk = "Т", en = "Quarterly" }
term = "quarterly_report"
trigger = "quarter_ended"
per = "agency"
agency_kinds = ["ministry"]
responsible = "head"
evidence = "document"
"""


def problems_of(text: str, tmp_path: Path) -> list[str]:
    file = tmp_path / "own.toml"
    file.write_text(text, encoding="utf-8")
    return examine_pack(str(file))[1]


def test_nothing_is_wrong_with_a_pack_that_is_right(tmp_path: Path) -> None:
    assert problems_of(SMALL, tmp_path) == []


UNIT = "Input should be 'working_day', 'calendar_day' or 'month', not 'moon'"
KIND_OF_DAY = "A day is written as 2026-01-31, not 2020"
NO_PAIR = "rules xx-urgent and {} can apply to the same act at the same time: one of them needs a"
ANSWER_RULE = 'code = "xx-answer"\nterm = "answer"'
ENDS = "valid_to = 2022-12-31"
AN_ORDER = '{ code = "order", names = { ky = "Б", ru = "П", kk = "Б", en = "Order" }'
ORDER = f"{AN_ORDER} }}"
NAMES = '{ ky = "А", ru = "А", kk = "А", en = "A" }'
ASKED = f'{{ code = "why", names = {NAMES} }}'
CODED = f'{{ code = "code", names = {NAMES}, kind = "code" }}'
PAGED = f'{{ code = "code", names = {NAMES}, kind = "pages" }}'

# What stands in the pack, what stands there instead, and the one line that is said.
BROKEN = [
    # an entry by itself
    ("amount = 14", "amount = 0", "rule xx-answer, amount: … equal to 1, not 0"),
    ("amount = 14", 'amount = "14"', "rule xx-answer, amount: … valid integer, not '14'"),
    ("amount = 14", "amount = 14.5", "rule xx-answer, amount: … valid integer, not 14.5"),
    ("amount = 14", "", "rule xx-answer, amount: is missing"),
    ("amount = 14", "amount = 14\namuont = 15", "rule xx-answer, amuont: there is no such key"),
    ('unit = "working_day"\nmax', 'unit = "moon"\nmax', f"rule xx-answer, unit: {UNIT}"),
    ('code = "xx-answer"', "", "rule number 4, code: is missing"),
    ('code = "xx-answer"', 'code = "XX 1"', "rule XX 1, code: Only small letters, digits …"),
    ("valid_from = 2020-06-01", "valid_from = 2020", f"rule xx-answer, valid_from: {KIND_OF_DAY}"),
    (ENDS, "valid_to = 2019-12-31", "rule xx-orders, valid_to: lies before valid_from"),
    ('citation = "Act 3"', 'citation = "  "', "rule xx-answer, citation: is empty"),
    ("max_extension = 5", "max_extension = -1", "rule xx-answer, max_extension: … to 0, not -1"),
    (
        "max_extension = 5",
        "extend_after_expiry = true",
        "rule xx-answer, extend_after_expiry: needs a max_extension",
    ),
    (
        "max_extension = 5",
        'max_extension = 5\nextend_after_expiry = "yes"',
        "rule xx-answer, extend_after_expiry: … valid boolean, not 'yes'",
    ),
    (
        "confirmed = false",
        "confirmed = true",
        "rule xx-consultation, confirmed: a rule is confirmed in the interface, not in the file",
    ),
    (
        "confirmed = false",
        'confirmed_by = "me"',
        "rule xx-consultation, confirmed_by: there is no such key",
    ),
    ('en = "Law"', 'en = " "', "act_type law, names, en: is empty"),
    ('en = "Law"', 'fr = "Loi", en = "Law"', "act_type law, names, fr: there is no such key"),
    ('en = "Urgent"', "en = 5", "attribute urgent, names, en: … valid string, not 5"),
    ("days = 3", "days = 1", "duty answer, rungs: one is there twice"),
    ('per = "issue"', 'per = "week"', "duty answer, per: … 'review', not 'week'"),
    (
        'responsible = "head"',
        'responsible = "public"',
        "duty quarterly, responsible: the public is told of …",
    ),
    # kinds of act
    (ORDER, f'{AN_ORDER}, form = "tabel" }}', "act_type order, form: … or 'table', not 'tabel'"),
    (ORDER, f'{AN_ORDER}, form = "questions" }}', "act_type order, question: a form has at least…"),
    (ORDER, f"{AN_ORDER}, question = [{ASKED}] }}", "act_type order, question: only for form = …"),
    (
        ORDER,
        f'{AN_ORDER}, form = "questions", question = [{ASKED}, {ASKED}] }}',
        "act_type order, question: 'why' is there 2 times",
    ),
    (ORDER, f'{AN_ORDER}, form = "table" }}', "act_type order, columns: a table has one column …"),
    (
        ORDER,
        f'{AN_ORDER}, form = "table", columns = [{CODED}] }}',
        "act_type order, columns: a table has at least one of figures",
    ),
    (
        ORDER,
        f'{AN_ORDER}, form = "table", columns = [{PAGED}] }}',
        "act_type order, columns code, kind: … or 'money', not 'pages'",
    ),
    (ORDER, f"{AN_ORDER}, total = {NAMES} }}", "act_type order, total: only for form = 'table'"),
    (ORDER, f'{AN_ORDER}, needs_parliament = "yes" }}', "act_type order, needs_parliament: …"),
    (
        ORDER,
        f'{AN_ORDER}, body_kinds = ["kenesh"] }}',
        "act_type order, body_kinds: 'kenesh' is not among those of the pack",
    ),
    # the top of the file
    ("weekend = [5, 6]", "weekend = [0, 1, 2, 3, 4, 5, 6]", "weekend: … at most 6 items …"),
    ("weekend = [5, 6]", "weekend = [5, 7]", "weekend number 2: … equal to 6, not 7"),
    ("since = 2021-01-01", "", "since: is missing"),
    ('timezone = "Asia/Bishkek"', 'timezone = "Asia/Nowhere"', "timezone: 'Asia/Nowhere' is not …"),
    ('timezone = "Asia/Bishkek"', 'timezone = "Asia"', "timezone: 'Asia' is not known"),
    ('country = "KG"', 'country = "ZZ"', "country: 'ZZ' is not known to the holidays library"),
    ('country = "KG"', 'country = "KG"\nsubdivision = "X"', "subdivision: 'X' is not known …"),
    ('{ ky = "ky" }', '{ ky = "kyr" }', "holiday_languages: 'kyr' is not known …"),
    ('{ ky = "ky" }', '{ de = "ky" }', "holiday_languages, de…: … 'en', not 'de'"),
    ("due_soon = 3", "", "due_soon: is missing"),
    ("due_soon = 3", "due_soon = 0", "due_soon: … equal to 1, not 0"),
    ("long_overdue = 20", "long_overdue = 20.0", "long_overdue: … integer, not 20.0"),
    # entries that do not fit together
    ('code = "xx-answer"', 'code = "xx-urgent"', "rule xx-urgent: is there 2 times"),
    ('code = "business"', 'code = "urgent"', "attribute urgent: is there 2 times"),
    ('act_types = ["order"]', 'act_types = ["edict"]', "rule xx-orders, act_types: 'edict' is …"),
    ('["urgent"]', '["urgnt"]', "rule xx-urgent, attributes: 'urgnt' is not defined"),
    ('["papers"]', '["strike"]', "rule xx-answer, tolling_events: 'strike' is not defined"),
    (
        'code = "xx-answer"',
        'code = "xx-answer"\njurisdiction = "kz"',
        "rule xx-answer, jurisdiction: 'kz' is not 'xx'",
    ),
    (
        'attributes = ["urgent"]\ntrigger = "consultation_opened"',
        'attributes = ["urgent"]\ntrigger = "consultation_closed"',
        "rule xx-urgent, trigger: a consultation runs from consultation_opened",
    ),
    # rules that no rank tells apart
    ('act_types = ["order"]', "", NO_PAIR.format("xx-orders").replace("urgent", "consultation")),
    ('act_types = ["order"]', 'attributes = ["business"]', NO_PAIR.format("xx-orders")),
    ('act_types = ["order"]', 'attributes = ["urgent"]', NO_PAIR.format("xx-orders")),
    # terms without a rule
    (
        "valid_from = 2020-06-01",
        "valid_from = 2020-06-01\nvalid_to = 2024-12-31",
        "term answer: no rule without attributes from 2025-01-01 on",
    ),
    (
        "valid_from = 2020-06-01",
        "valid_from = 2021-06-01",
        "term answer: no rule without attributes from 2021-01-01 to 2021-05-31",
    ),
    (ANSWER_RULE, f'{ANSWER_RULE}\nattributes = ["urgent"]', "term answer: no rule without …"),
    (
        ANSWER_RULE,
        f'{ANSWER_RULE}\nact_types = ["order"]',
        "term answer of the act type law: no rule without attributes from 2021-01-01 on",
    ),
    (
        'term = "quarterly_report"\ntrigger = "quarter_ended"\nper',
        'term = "report"\ntrigger = "quarter_ended"\nper',
        "term report: no rule without attributes from 2021-01-01 on",
    ),
    # duties
    ('per = "issue"', 'per = "problem"', "duty answer, trigger: consultation_closed does not go …"),
    ('per = "issue"', 'per = "draft"', "duty answer, trigger: … takes act_adopted, report_pub…"),
    (
        'per = "agency"\nagency_kinds = ["ministry"]',
        'per = "consultation"',
        "duty quarterly, trigger: quarter_ended does not go with per = 'consultation'; …",
    ),
    (
        'per = "agency"\nagency_kinds = ["ministry"]',
        'per = "agency"',
        "duty quarterly, agency_kinds: say which kinds of agency owe it",
    ),
    (
        'agency_kinds = ["ministry"]\nresponsible',
        'agency_kinds = ["minstry"]\nresponsible',
        "duty quarterly, agency_kinds: 'minstry' is not among those of the pack",
    ),
    (
        'per = "issue"',
        'per = "issue"\nagency_kinds = ["ministry"]',
        "duty answer, agency_kinds: only for per = 'agency'",
    ),
    (
        'term = "answer"\ntrigger = "consultation_closed"\nper',
        'term = "answer"\ntrigger = "report_published"\nper',
        "duty answer, trigger: report_published, but its rule xx-answer runs from …",
    ),
]


@pytest.mark.parametrize(("right", "wrong", "said"), BROKEN)
def test_one_thing_wrong_in_a_pack_is_said_in_one_line_with_its_place(
    right: str, wrong: str, said: str, tmp_path: Path
) -> None:
    assert right in SMALL
    (line,) = problems_of(SMALL.replace(right, wrong, 1), tmp_path)
    assert re.match(".*".join(map(re.escape, said.split("…"))), line), line


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        # acts that cannot be of both kinds, days that do not meet, a precedence that decides
        ('attributes = ["urgent"]', 'act_types = ["law"]'),
        ('attributes = ["urgent"]', 'act_types = ["order"]\nvalid_to = 2019-12-31'),
        ('act_types = ["order"]', 'attributes = ["business"]\nprecedence = 1'),
        ('act_types = ["order"]', 'attributes = ["business"]\nact_types = ["order"]'),
        ('act_types = ["order"]', 'attributes = ["business", "urgent"]'),
    ],
)
def test_rules_that_are_told_apart_need_no_precedence(
    right: str, wrong: str, tmp_path: Path
) -> None:
    changed = SMALL.replace(right, wrong, 1)
    if "2019" in wrong:  # the urgent one ends before the one for orders begins
        changed = changed.replace("valid_from = 2020-01-01", "valid_from = 2018-01-01", 2)
    assert problems_of(changed, tmp_path) == []


def test_a_rule_for_a_period_names_no_act(tmp_path: Path) -> None:
    named = SMALL.replace(
        'term = "quarterly_report"\ntrigger = "quarter_ended"\namount',
        'term = "quarterly_report"\nact_types = ["law"]\ntrigger = "quarter_ended"\namount',
    )
    assert problems_of(named, tmp_path) == [
        "rule xx-quarterly: a duty of this kind is about no act, so name none",
        "term quarterly_report: no rule without attributes from 2021-01-01 on",
    ]


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    bad = SMALL.replace("amount = 14", "amount = 0").replace('en = "Law"', 'en = ""')
    assert len(problems_of(bad, tmp_path)) == 2
    bad = SMALL.replace('["papers"]', '["strike"]').replace('country = "KG"', 'country = "ZZ"')
    assert len(problems_of(bad, tmp_path)) == 2


@pytest.mark.parametrize("data", [b"code = ", b"\xff\xfe", b"rule = 5", b'rule = ["x"]', b""])
def test_a_file_that_is_no_pack_is_refused_and_named(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes(data)
    with pytest.raises(Invalid, match=r"The rule pack “mine\.toml” is wrong: ."):
        load_pack(str(tmp_path / "mine.toml"))


def test_a_wrong_pack_cannot_be_used() -> None:
    with pytest.raises(Invalid, match=r"“kg\.toml” is wrong: .*'edict' is not defined"):
        parse_pack(KG.replace('["kenesh_decision"]', '["edict"]'), "kg.toml")
