"""Rule packs: what ships is whole and unconfirmed; what is wrong is said plainly."""

import re
from datetime import date
from pathlib import Path

import pytest

from consult.errors import Invalid, NotFound
from consult.procedure.deadlines import Term
from consult.procedure.duties import Audience
from consult.procedure.packs import FOLDER, RulePack, load_pack, parse_pack

CODES = sorted(path.stem for path in FOLDER.glob("*.toml"))
KG = (FOLDER / "kg.toml").read_text(encoding="utf-8")


@pytest.fixture(params=CODES)
def pack(request: pytest.FixtureRequest) -> RulePack:
    return load_pack(request.param)


def test_four_packs_ship() -> None:
    assert CODES == ["eu", "kg", "kz", "uk"]


def test_no_shipped_rule_claims_to_be_confirmed(pack: RulePack) -> None:
    assert not any(rule.confirmed or rule.confirmed_by for rule in pack.rule)


def test_each_shipped_rule_says_what_is_to_be_checked(pack: RulePack) -> None:
    assert all(rule.note and rule.citation and rule.source for rule in pack.rule)


def test_each_act_type_has_a_rule_for_every_term(pack: RulePack) -> None:
    for term in Term:
        for act_type in pack.act_types:
            assert pack.rule_for(term, act_type, date(2026, 6, 1)).term is term


def test_a_duty_is_reminded_of_from_the_nearest_to_the_widest(pack: RulePack) -> None:
    order = list(Audience)
    for duty in pack.duties.values():
        late = [rung for rung in duty.rungs if rung.days > 0]
        reached = [order.index(rung.audience) for rung in sorted(late, key=lambda r: r.days)]
        assert reached == sorted(reached)
        assert len({rung.key for rung in duty.rungs}) == len(duty.rungs)


def test_everything_has_a_name_in_four_languages(pack: RulePack) -> None:
    for names in (pack.names, *pack.act_types.values(), *pack.topics.values()):
        assert all(names.in_language(lang) for lang in ("ky", "ru", "kk", "en"))
    assert pack.names.in_language("de") == pack.names.en


def test_the_special_rule_goes_before_the_general() -> None:
    pack, on = load_pack("kg"), date(2026, 1, 1)
    assert pack.rule_for(Term.CONSULTATION, "law", on).code == "kg-consultation"
    special = pack.rule_for(Term.CONSULTATION, "kenesh_decision", on)
    assert special.code == "kg-consultation-kenesh"


def test_before_the_special_rule_was_in_force_the_general_applied() -> None:
    rule = load_pack("kg").rule_for(Term.CONSULTATION, "kenesh_decision", date(2024, 1, 1))
    assert rule.code == "kg-consultation"


def test_a_change_of_law_takes_effect_on_its_day() -> None:
    pack = load_pack("kz")
    old, new = date(2024, 8, 19), date(2024, 8, 20)
    assert pack.rule_for(Term.CONSULTATION, "order", old).code == "kz-consultation-10"
    assert pack.rule_for(Term.CONSULTATION, "order", new).code == "kz-consultation-15"


def test_a_day_before_all_law_has_no_rule() -> None:
    with pytest.raises(NotFound):
        load_pack("kg").rule_for(Term.CONSULTATION, "law", date(1991, 1, 1))


def test_a_pack_is_read_once() -> None:
    assert load_pack("kg") is load_pack("kg")


def test_an_operator_may_bring_a_pack_of_their_own(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(KG, encoding="utf-8")
    assert load_pack(str(own)).code == "kg"


@pytest.mark.parametrize("code", ["atlantis", "../kg.txt", ""])
def test_a_pack_that_is_not_there_is_not_found(code: str) -> None:
    with pytest.raises(NotFound):
        load_pack(code)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('code = "kg"', "code = ", "line"),
        ("amount = 14", "amount = 0", "kg-answer, amount"),
        ('unit = "month"', 'unit = "moon"', "kg-consultation, unit"),
        ('country = "KG"', 'country = "ZZZ"', "country 'ZZZ'"),
        ('country = "KG"', 'country = "KG"\nsubdivision = "X"', "subdivision 'X'"),
        ("Asia/Bishkek", "Asia/Nowhere", "timezone 'Asia/Nowhere'"),
        ("weekend = [5, 6]", "weekend = [0, 1, 2, 3, 4, 5, 6]", "weekend"),
        ("weekend = [5, 6]", "weekend = [5, 7]", "weekend"),
        ('code = "kg-report"', 'code = "kg-answer"', "rule kg-answer is there twice"),
        ('["kenesh_decision"]', '["edict"]', "'edict', which is not defined"),
        ('act_types = ["kenesh_decision"]', "", "at the same time"),
        ('trigger = "consultation_closed"', 'trigger = "report_published"', "different events"),
        ("valid_from = 2007-05-04", "valid_from = 2007-05-04\nvalid_to = 2020-01-01", "no lasting"),
        ('ru = "Закон"', 'rus = "Закон"', "act_type, law, names"),
    ],
)
def test_what_is_wrong_in_a_pack_is_said_with_its_place(right: str, wrong: str, said: str) -> None:
    assert right in KG
    with pytest.raises(Invalid, match=re.escape(said)):
        parse_pack(KG.replace(right, wrong, 1), "kg")


def test_a_rule_of_another_jurisdiction_does_not_belong_in_a_pack() -> None:
    foreign = KG.replace('code = "kg-report"', 'code = "kg-report"\njurisdiction = "kz"')
    with pytest.raises(Invalid, match="kg-report is of 'kz'"):
        parse_pack(foreign, "kg")
