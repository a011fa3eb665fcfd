"""Which receipt somebody means, however they write its number."""

import pytest

from consult.record.numbers import asked_for

WHOLE, ENDING = "K-2026-000101", "-000101"
CYRILLIC = "\N{CYRILLIC CAPITAL LETTER KA}"


@pytest.mark.parametrize(
    ("written", "ending"),
    [
        ("K-2026-000101", WHOLE),
        ("№ K-2026-000101", WHOLE),
        ("№K-2026-000101.", WHOLE),
        ("No. K-2026-000101", WHOLE),
        (f"{CYRILLIC}-2026-000101", WHOLE),
        (f" {CYRILLIC.lower()} 2026 000101 ", WHOLE),
        ("k 2026 000101", WHOLE),
        ("K2026000101", WHOLE),
        ("2026\N{EN DASH}000101", WHOLE),
        ("000101", ENDING),
        ("№ 000101", ENDING),
        ("1000101", "-1000101"),
        ("K-2026-1000101", "K-2026-1000101"),
    ],
)
def test_a_number_is_understood_as_it_is_printed_typed_or_read_out(
    written: str, ending: str
) -> None:
    asked = asked_for(written)
    assert asked is not None
    assert asked.ending == ending


@pytest.mark.parametrize(
    "written", ["", " ", "K-2026", "K-1", "X-2026-000101", "K-2026-000101-5", "9" * 40, "- " * 9999]
)
def test_what_is_no_number_of_a_receipt_asks_for_none(written: str) -> None:
    assert asked_for(written) is None
