"""What every command begins with: the platform, and who an operator is."""

import sys
from typing import Annotated

import typer

from consult.access import Actor, Role
from consult.app import build_platform
from consult.config import Settings
from consult.platform import Platform
from consult.privacy.forgetting import forget_again
from consult.schema import is_current
from consult.worker import drain

MOST = 2**31 - 1  # what the database takes for a number
Number = Annotated[int, typer.Argument(min=1, max=MOST)]  # of a draft or a version
Json = Annotated[bool, typer.Option("--json")]
OPERATOR = Actor(name="operator", roles=frozenset({Role.OFFICER, Role.APPROVER}))
# Who takes over what belongs to no agency: roles, calendars, scores.
AS_ADMINISTRATOR = Actor(name="operator", roles=frozenset({Role.ADMINISTRATOR}))


def open_platform(*, ready: bool = True, port: int | None = None, trial: bool = False) -> Platform:
    """The installation the settings describe; it must be migrated unless `ready` is false.

    In a trial staff need no second factor, unless the settings say that they do.
    """
    settings = Settings()
    if port and "base_url" not in settings.model_fields_set:  # links in mails lead to this server
        settings = settings.model_copy(update={"base_url": f"http://127.0.0.1:{port}"})
    if trial and "staff_second_factor" not in settings.model_fields_set:
        settings = settings.model_copy(update={"staff_second_factor": False})
    platform = build_platform(settings)
    if ready and not is_current(platform.database.engine):
        sys.exit("consult: the database is not up to date; run `consult migrate` first.")
    return platform


def catch_up(platform: Platform) -> None:
    """Do the background work that is due, the search index included."""
    forget_again(platform, platform.clock())
    drain(platform, platform.clock())
