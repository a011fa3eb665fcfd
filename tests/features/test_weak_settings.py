"""`consult check` names each setting that is unsafe where real people come, and only there."""

from typing import Any

import pytest

from consult.checks import SECRET_LENGTH, weak_settings
from consult.config import Settings

SOUND: dict[str, Any] = {
    "environment": "production",
    "secret_key": "k" * SECRET_LENGTH,
    "base_url": "https://kenesh.example",
    "smtp_host": "mail.example",
    "limits_enabled": True,
    "staff_second_factor": True,
}


def named(**changed: Any) -> list[str]:
    found = weak_settings(Settings(**SOUND | changed))
    assert all(finding.serious for finding in found)
    return [finding.text.split()[0] for finding in found]


def test_a_sound_installation_has_none() -> None:
    assert named() == []


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("secret_key", "k" * (SECRET_LENGTH - 1)),
        ("base_url", "http://kenesh.example"),
        ("staff_second_factor", False),
        ("limits_enabled", False),
        ("smtp_starttls", False),
        ("smtp_host", ""),
    ],
)
def test_what_is_weak_is_named(setting: str, value: object) -> None:
    assert named(**{setting: value}) == [f"CONSULT_{setting.upper()}"]
    assert named(**{setting: value, "environment": "development"}) == []


def test_mail_that_does_not_leave_the_machine_needs_no_encryption() -> None:
    assert named(smtp_host="localhost", smtp_starttls=False) == []
