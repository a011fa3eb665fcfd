"""Every event has its handlers or an explicit none; every setting is documented."""

from dataclasses import fields

from consult.account_events import PRIVATE
from consult.config import Settings
from consult.outbox import EVENTS
from consult.wiring import HANDLERS, OUTSIDE
from tests.contracts.test_size import ROOT


def test_every_event_says_what_follows_from_it() -> None:
    assert set(HANDLERS) == set(EVENTS.values())


def test_handlers_are_told_apart_by_name() -> None:
    for handlers in HANDLERS.values():
        names = [handler.__name__ for handler in handlers]
        assert len(names) == len(set(names))


def test_what_works_outside_the_database_is_wired() -> None:
    wired = {handler for handlers in HANDLERS.values() for handler in handlers}
    assert wired >= OUTSIDE


def test_every_setting_is_explained_here_and_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for field, info in Settings.model_fields.items():
        assert info.description, field
        assert f"CONSULT_{field.upper()}" in readme, field


def test_an_event_with_a_link_or_an_address_has_one_handler() -> None:
    """After it that is forgotten: another one would find none."""
    for kind, handlers in HANDLERS.items():
        links = [field for field in fields(kind) if field.name.endswith("_path")]
        if links or kind in PRIVATE:
            assert len(handlers) == 1, kind
