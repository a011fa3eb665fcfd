"""Kinds of act: which agency publishes one, with what it begins, what parliament must see."""

import pytest

from consult.errors import Invalid
from consult.procedure.acts import (
    ActForm,
    check_body,
    check_file_begins,
    check_parliament,
    publishable,
)
from consult.procedure.packs import load_pack

KG = load_pack("kg")
KENESH, TREATY = KG.acts["kenesh_decision"], KG.acts["international"]


def test_a_ministry_does_not_publish_what_a_kenesh_decides() -> None:
    check_body(KENESH, "kenesh")
    with pytest.raises(Invalid, match="does not publish such acts") as refusal:
        check_body(KENESH, "ministry")
    assert refusal.value.field == "act_type"


def test_an_act_for_which_no_body_is_named_is_for_all() -> None:
    check_body(KG.acts["law"], "akimat")
    assert KENESH not in publishable(KG.act_type, {"ministry", "akimat"})
    assert KENESH in publishable(KG.act_type, {"ministry", "kenesh"})


def test_what_is_a_form_does_not_begin_with_a_file() -> None:
    check_file_begins(KG.acts["law"])
    with pytest.raises(Invalid, match="Fill in the form"):
        check_file_begins(KG.acts["concept"])


def test_a_treaty_is_adopted_only_after_parliament() -> None:
    check_parliament(TREATY, was_there=True)
    check_parliament(KG.acts["law"], was_there=False)
    check_parliament(None, was_there=False)
    with pytest.raises(Invalid, match="before parliament"):
        check_parliament(TREATY, was_there=False)


@pytest.mark.parametrize("code", ["kg", "kz"])
def test_each_form_ships_with_a_kind_of_act(code: str) -> None:
    pack = load_pack(code)
    assert {act.form for act in pack.act_type} == set(ActForm)
    assert any(act.needs_parliament for act in pack.act_type)
    assert any(act.body_kinds for act in pack.act_type)


def test_a_column_is_headed_by_its_name_and_its_unit() -> None:
    plan = next(one for one in KG.acts["budget_programme"].columns if one.code == "plan")
    assert plan.title("ru") == "План, тыс. сомов"
