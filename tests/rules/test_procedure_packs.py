"""Rule packs: what ships is whole and unconfirmed, and the nearest rule counts."""

from datetime import UTC, date, datetime, timedelta
from itertools import chain, combinations
from pathlib import Path

import pytest

from consult.accounts.models import AGENCY_KINDS
from consult.errors import NotFound
from consult.procedure.deadlines import Term, Trigger, compute
from consult.procedure.duties import Audience, Evidence
from consult.procedure.packs import FOLDER, RulePack, load_pack

CODES = sorted(path.stem for path in FOLDER.glob("*.toml"))
KG = (FOLDER / "kg.toml").read_text(encoding="utf-8")


@pytest.fixture(params=CODES)
def pack(request: pytest.FixtureRequest) -> RulePack:
    return load_pack(request.param)


def test_four_packs_ship() -> None:
    assert CODES == ["eu", "kg", "kz", "uk"]


def test_each_pack_is_called_as_its_file_is(pack: RulePack) -> None:
    assert pack is load_pack(pack.code)


def test_no_shipped_rule_claims_to_be_confirmed(pack: RulePack) -> None:
    assert not any(rule.confirmed for rule in pack.rule)


def test_each_shipped_rule_says_what_is_to_be_checked(pack: RulePack) -> None:
    assert all(rule.note and rule.citation and rule.source for rule in pack.rule)


def test_kinds_of_agency_in_a_pack_are_kinds_an_agency_can_have(pack: RulePack) -> None:
    assert set(pack.agency_kinds) <= set(AGENCY_KINDS)


def test_every_act_always_has_a_rule_for_each_term_that_a_duty_uses(pack: RulePack) -> None:
    """Also on the days on which some rule begins or ends, and whatever attributes an act has."""
    days = {pack.since, date(2026, 6, 1), date(2099, 12, 31)}
    for rule in pack.rule:
        ends = rule.valid_to or rule.valid_from
        days |= {rule.valid_from, ends, ends + timedelta(days=1)}
    codes = list(pack.attributes)
    sets = list(chain.from_iterable(combinations(codes, n) for n in range(len(codes) + 1)))
    used = {Term.CONSULTATION, *(duty.term for duty in pack.duty)}
    for on in (day for day in days if day >= pack.since):
        for act_type in (*pack.act_types, ""):
            for term in used:
                for attributes in sets:
                    rule = pack.rule_for(term, act_type, on, attributes)
                    assert rule.term is term


def test_no_two_rules_of_a_shipped_pack_are_equally_near_to_an_act(pack: RulePack) -> None:
    """By brute force what the check of a pack says by comparing rules two at a time."""
    codes = list(pack.attributes)
    sets = list(chain.from_iterable(combinations(codes, n) for n in range(len(codes) + 1)))
    for on in {rule.valid_from for rule in pack.rule}:
        in_force = [rule for rule in pack.rule if rule.in_force(on)]
        for act_type in pack.act_types:
            for attributes in sets:
                for term in Term:
                    ranks = sorted(
                        rule.rank
                        for rule in in_force
                        if rule.term is term and rule.applies_to(act_type, attributes)
                    )
                    assert len(ranks) < 2 or ranks[-1] > ranks[-2]


def test_a_duty_is_reminded_of_from_the_nearest_to_the_widest(pack: RulePack) -> None:
    order = list(Audience)
    for duty in pack.duties.values():
        late = [rung for rung in duty.rungs if rung.days > 0]
        reached = [order.index(rung.audience) for rung in sorted(late, key=lambda r: r.days)]
        assert reached == sorted(reached)


def test_names_fall_back_to_english() -> None:
    names = load_pack("kg").names
    assert names.in_language("ky") == "Кыргыз Республикасы"
    assert names.in_language("de") == names.en == "Kyrgyz Republic"


@pytest.mark.parametrize("code", ["kg", "kz"])
def test_the_half_yearly_report_is_due_on_15_january_and_15_july(code: str) -> None:
    pack = load_pack(code)
    rule = pack.rule_for(Term.HALF_YEAR_REPORT, "", date(2026, 1, 1))
    for year in range(2023, 2028):  # among them years in which these days are days off
        for last, due in (((6, 30), (7, 15)), ((12, 31), (1, 15))):
            ended = datetime(year, *last, 12, tzinfo=pack.tz)
            computed = compute(rule, ended, pack.calendar(), pack.tz)
            assert (computed.due_on.month, computed.due_on.day) == due


@pytest.mark.parametrize("code", ["kg", "kz"])
def test_reports_recur_for_ministries_agencies_and_akimats(code: str) -> None:
    recurrent = [duty for duty in load_pack(code).duty if duty.per == "agency"]
    assert {duty.trigger for duty in recurrent} == {
        Trigger.QUARTER_ENDED,
        Trigger.HALF_YEAR_ENDED,
        Trigger.YEAR_ENDED,
    }
    for duty in recurrent:
        assert duty.agency_kinds == ("ministry", "agency", "akimat")
        assert (duty.responsible, duty.coordinator) == (Audience.HEAD, Audience.COORDINATOR)
        assert duty.evidence is Evidence.DOCUMENT
        assert duty.rungs
    rules = [
        rule for rule in load_pack(code).rule if rule.trigger in {d.trigger for d in recurrent}
    ]
    assert all(rule.proposed for rule in rules)


@pytest.mark.parametrize("code", ["kg", "kz"])
def test_a_clock_can_be_paused_where_it_can_be_extended(code: str) -> None:
    pack = load_pack(code)
    assert {rule.code for rule in pack.rule if rule.tolling_events} == {
        rule.code for rule in pack.rule if rule.max_extension
    }
    assert set(pack.tolling_grounds) == {"documents_requested", "expert_examination"}


# Which rule sets the shortest consultation: pack, kind of act, its attributes, day, rule.
CHOSEN = [
    ("kg", "law", (), date(2026, 1, 1), "kg-consultation"),
    ("kg", "kenesh_decision", (), date(2026, 1, 1), "kg-consultation-kenesh"),
    # before the special rule was in force the general applied
    ("kg", "kenesh_decision", (), date(2024, 1, 1), "kg-consultation"),
    ("kg", "law", ("urgent",), date(2026, 1, 1), "kg-consultation-urgent"),
    ("kg", "law", ("affects_business",), date(2026, 1, 1), "kg-consultation-business"),
    # what touches business keeps its term when it is urgent
    ("kg", "law", ("affects_business", "urgent"), date(2026, 1, 1), "kg-consultation-business"),
    ("kg", "budget_programme", (), date(2026, 1, 1), "kg-consultation-budget"),
    ("kg", "place_name", (), date(2026, 1, 1), "kg-consultation-place-name"),
    ("kz", "order", (), date(2024, 8, 19), "kz-consultation-10"),
    # a change of law takes effect on its day
    ("kz", "order", (), date(2024, 8, 20), "kz-consultation-15"),
    ("kz", "concept", (), date(2026, 1, 1), "kz-consultation-concept"),
    ("kz", "place_name", (), date(2026, 1, 1), "kz-consultation-place-name"),
    ("kz", "order", ("public_services",), date(2026, 1, 1), "kz-consultation-services"),
    # a law may mention public services; the shorter term is for acts below it
    ("kz", "law", ("public_services",), date(2026, 1, 1), "kz-consultation-15"),
    ("kz", "order", ("public_services", "urgent"), date(2026, 1, 1), "kz-consultation-services"),
    (
        "kz",
        "order",
        ("public_services", "affects_business"),
        date(2026, 1, 1),
        "kz-consultation-business",
    ),
    ("uk", "law", (), date(2026, 1, 1), "uk-consultation"),
    ("uk", "guidance", (), date(2026, 1, 1), "uk-consultation-guidance"),
    ("uk", "law", ("urgent", "affects_charities"), date(2026, 1, 1), "uk-consultation-charities"),
    ("uk", "council_decision", ("traffic_order",), date(2026, 1, 1), "uk-consultation-traffic"),
    ("uk", "council_decision", ("local_plan",), date(2026, 1, 1), "uk-consultation-local-plan"),
    ("eu", "law", (), date(2026, 1, 1), "eu-consultation"),
    ("eu", "law", (), date(2015, 1, 1), "eu-consultation-2012"),
    ("eu", "law", (), date(2011, 12, 31), "eu-consultation-2003"),
    ("eu", "concept", (), date(2026, 1, 1), "eu-call-for-evidence"),
    ("eu", "law", ("adopted",), date(2026, 1, 1), "eu-feedback-adopted"),
    ("eu", "delegated_act", (), date(2026, 1, 1), "eu-feedback"),
]


@pytest.mark.parametrize(("code", "act_type", "attributes", "on", "rule"), CHOSEN)
def test_the_special_rule_goes_before_the_general(
    code: str, act_type: str, attributes: tuple[str, ...], on: date, rule: str
) -> None:
    assert load_pack(code).rule_for(Term.CONSULTATION, act_type, on, attributes).code == rule


@pytest.mark.parametrize(
    ("code", "earlier", "later"),
    [
        ("kg", "kg-decision-government", "kg-decision"),
        ("kz", "kz-consultation-10", "kz-consultation-15"),
        ("kz", "kz-problem-answer-2007", "kz-problem-answer"),
        ("eu", "eu-consultation-2003", "eu-consultation-2012"),
        ("eu", "eu-consultation-2012", "eu-consultation"),
    ],
)
def test_a_rule_that_was_replaced_ends_on_the_eve_of_its_successor(
    code: str, earlier: str, later: str
) -> None:
    rules = load_pack(code).rules
    ended = rules[earlier].valid_to
    assert ended is not None
    assert ended + timedelta(days=1) == rules[later].valid_from


def test_what_the_demonstration_counts_with_stays() -> None:
    """Durations that published dates rest on: a change of one is another rule."""
    kg, kz = load_pack("kg").rules, load_pack("kz").rules
    assert (kg["kg-consultation"].amount, kg["kg-consultation"].unit) == (1, "month")
    assert (kg["kg-answer"].amount, kg["kg-answer"].unit) == (14, "working_day")
    assert (kg["kg-report"].amount, kz["kz-answer"].amount, kz["kz-report"].amount) == (20, 10, 15)


def test_a_day_before_all_law_has_no_rule() -> None:
    with pytest.raises(NotFound):
        load_pack("kg").rule_for(Term.CONSULTATION, "law", date(1991, 1, 1))


def test_a_pack_is_read_once() -> None:
    assert load_pack("kg") is load_pack("kg")


def test_an_operator_may_bring_a_pack_of_their_own(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(KG, encoding="utf-8")
    assert load_pack(str(own)).code == "kg"


@pytest.mark.parametrize("code", ["atlantis", "../kg.txt", "", "/"])
def test_a_pack_that_is_not_there_is_not_found(code: str) -> None:
    with pytest.raises(NotFound):
        load_pack(code)


def test_a_rule_says_the_same_when_it_is_read_back_from_where_it_was_kept(pack: RulePack) -> None:
    for rule in pack.rule:
        assert type(rule).model_validate(rule.model_dump(mode="json")) == rule


def test_a_consultation_of_an_urgent_act_may_be_shorter_and_of_others_not() -> None:
    pack, opened = load_pack("kg"), datetime(2026, 9, 1, 3, tzinfo=UTC)
    due = {}
    for attributes in ((), ("urgent",), ("affects_business",)):
        rule = pack.rule_for(Term.CONSULTATION, "law", opened.date(), attributes)
        due[attributes] = compute(rule, opened, pack.calendar(), pack.tz).due_on
    assert due["urgent",] < due[()] == due["affects_business",]
