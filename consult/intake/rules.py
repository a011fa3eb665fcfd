"""[pure] Rules of intake: who is named, when and by which way it came."""

from datetime import date

from consult.comments.rules import CHANNELS, OWN_CHANNELS
from consult.errors import Invalid

# What an officer enters.
BROUGHT = tuple(channel for channel in CHANNELS if channel not in OWN_CHANNELS)


def check_brought(channel: str) -> None:
    """Refuse a way by which nothing is brought to an officer."""
    if channel not in BROUGHT:
        raise Invalid("Please choose one of the options.", field="channel")


def check_received(received_on: date, opens_on: date, closes_on: date, today: date) -> None:
    """Refuse a day on which this discussion could not receive anything; all days are local."""
    if received_on > today:
        raise Invalid("This day is still to come.", field="received_on")
    if not opens_on <= received_on <= closes_on:
        raise Invalid(
            "The discussion lasted from {first} to {last}: what came on another day cannot be "
            "entered.",
            field="received_on",
            first=opens_on,
            last=closes_on,
        )


def check_named(name: str, organisation: str) -> None:
    """Refuse words that nobody stands behind."""
    if not name and not organisation:
        raise Invalid("Please enter who said it: a person or an organisation.", field="name")
