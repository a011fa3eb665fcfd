"""Whom the public sees behind something that was said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.naming import FORMER, Kind, KnownAs, PublicName, public_name

WHO = {"name": "Asan", "pseudonym": "Ak kalpak", "region": "Naryn", "verified": True}


@pytest.mark.parametrize(
    ("told", "seen"),
    [
        ({"shown": "name"}, PublicName(Kind.NAME, "Asan", "Naryn", True)),
        ({"shown": "pseudonym"}, PublicName(Kind.PSEUDONYM, "Ak kalpak", "Naryn", True)),
        ({"shown": "nothing"}, PublicName(Kind.NOTHING, identified=True)),
        ({"shown": "pseudonym", "pseudonym": ""}, PublicName(Kind.NOTHING, identified=True)),
        ({"shown": "name", "name": ""}, PublicName(Kind.NOTHING, identified=True)),
        ({"shown": "name", "forgotten": True}, FORMER),
        (
            {"shown": "nothing", "organisation": "Union"},
            PublicName(Kind.ORGANISATION, "Union", "Naryn"),
        ),
        (
            {"shown": "name", "organisation": "Union", "forgotten": True},
            PublicName(Kind.ORGANISATION, "Union"),
        ),
    ],
)
def test_a_person_is_seen_as_they_chose(told: dict[str, object], seen: PublicName) -> None:
    assert public_name(**{**WHO, **told}) == seen  # type: ignore[arg-type]


@given(
    shown=st.sampled_from(["pseudonym", "nothing"]),
    pseudonym=st.sampled_from(["", "Ak kalpak"]),
    organisation=st.sampled_from(["", "Union"]),
    forgotten=st.booleans(),
    verified=st.booleans(),
)
def test_a_name_that_is_not_to_be_shown_is_in_nothing_of_it(
    shown: str, pseudonym: str, organisation: str, forgotten: bool, verified: bool
) -> None:
    seen = public_name(
        name="Asan",
        shown=shown,
        pseudonym=pseudonym,
        organisation=organisation,
        forgotten=forgotten,
        verified=verified,
    )
    assert "Asan" not in repr(seen)
    assert seen.said(str)


def test_who_chose_to_be_nobody_is_said_to_be_a_participant_and_no_place_is_told() -> None:
    nobody = public_name(name="Asan", shown="nothing", region="Naryn")
    assert (nobody.said(str.upper), nobody.region) == ("A PARTICIPANT", "")
    assert FORMER.said(str.upper) == "A FORMER PARTICIPANT"


def test_a_pseudonym_is_said_to_be_one_and_a_name_is_not() -> None:
    said = {
        shown: public_name(name="Asan", shown=shown, pseudonym="{name}").said(str)
        for shown in ("pseudonym", "name")
    }
    assert said == {"pseudonym": "{name} (pseudonym)", "name": "Asan"}


def test_who_answers_is_told_whether_the_public_sees_the_name_they_see() -> None:
    named, hidden = (
        public_name(name="Asan", shown="name"),
        public_name(name="Asan", shown="nothing"),
    )
    union = public_name(name="Union", shown="name", organisation="Union")
    assert not KnownAs(named, "Asan").is_hidden
    assert KnownAs(hidden, "Asan").is_hidden
    assert not KnownAs(union, "Union").is_hidden, "what an officer entered of an organisation"
    assert not KnownAs(FORMER, "").is_hidden
