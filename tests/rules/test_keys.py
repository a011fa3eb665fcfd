"""Keys for programs: their terms, what they may do, what the same request is."""

import hashlib
import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.access import RIGHTS, Actor, Role
from consult.accounts.keys.rules import as_program, asked_hash, check_repeat_key
from consult.accounts.keys.terms import terms
from consult.errors import Invalid
from consult.i18n.catalogues import LANGUAGES

STAFF = frozenset(Role) - {Role.VISITOR, Role.CITIZEN, Role.ORGANISATION}
# The fingerprint of the terms of each version. Whoever changes what they mean gives them another
# version, and a line here: those who accepted the old ones have not accepted the new.
FINGERPRINTS = {1: "e69dbccd0ac0a932"}


def test_terms_that_read_otherwise_have_another_version() -> None:
    read = terms().model_dump_json(include={"point"})
    assert FINGERPRINTS[terms().version] == hashlib.sha256(read.encode()).hexdigest()[:16]


def test_terms_are_there_in_every_language() -> None:
    for point in terms().point:
        assert all(point.model_dump()[lang].strip() for lang in LANGUAGES)


@given(st.frozensets(st.sampled_from(Role)), st.booleans())
def test_a_program_may_do_nothing_that_only_the_state_may(
    roles: frozenset[Role], everywhere: bool
) -> None:
    agencies = {role: frozenset() if everywhere else frozenset({1}) for role in roles}
    actor = as_program(Actor(id=7, roles=roles, agencies=agencies, bodies=frozenset({1})))
    theirs = [right for right, allowed in RIGHTS.items() if allowed <= STAFF]
    assert not any(actor.may(right) for right in theirs)
    assert not actor.is_staff
    assert actor.agencies == {}


SCALARS = st.none() | st.booleans() | st.integers() | st.text()
JSON = SCALARS | st.lists(SCALARS, max_size=3)


@given(st.dictionaries(st.text(), JSON, max_size=5), st.randoms())
def test_the_order_of_fields_makes_no_other_request(
    sent: dict[str, object], chance: Random
) -> None:
    names = list(sent)
    chance.shuffle(names)
    other = {name: sent[name] for name in names}
    assert asked_hash("POST", "/x", sent) == asked_hash("POST", "/x", other)
    more = json.loads(json.dumps(sent)) | {"one more field": 1}
    assert (asked_hash("POST", "/x", more) == asked_hash("POST", "/x", sent)) == (more == sent)


@pytest.mark.parametrize("text", ["", "x" * 256, "ключ", "a\nb", "\x7f"])
def test_what_no_header_should_hold_is_no_idempotency_key(text: str) -> None:
    with pytest.raises(Invalid):
        check_repeat_key(text)
