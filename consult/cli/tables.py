"""Reading a table that a command is given, whole or not at all. What it says is its feature's."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

import typer

from consult.errors import Invalid
from consult.tables import MOST_BYTES


class Reading(Protocol):
    """What a file says; one problem spoils it all."""

    @property
    def problems(self) -> Sequence[Invalid]: ...


R = TypeVar("R", bound=Reading)


def read_table(file: Path, read: Callable[[bytes], R]) -> R:
    """What `read` makes of a file; its problems are told, a line each, and end the command."""
    with file.open("rb") as source:
        reading = read(source.read(MOST_BYTES + 1))
    for problem in reading.problems:
        typer.echo(f"{file.name}: {problem}", err=True)
    if reading.problems:
        raise typer.Exit(1)
    return reading
