"""All that other voices do in the demonstration: each module beside this one plays its own story.

A story stands in the .toml of the same name; the module says its shape, and makes its steps.
"""

from collections.abc import Iterator

from consult.demo.stage import Stage
from consult.demo.steps import Step
from consult.demo.voices import (
    chambers,
    councils,
    exchange,
    hearings,
    practice,
    proposals,
    questions,
)


def voices(stage: Stage) -> Iterator[Step]:
    """The steps of all of them."""
    yield from exchange.steps(stage)
    yield from hearings.steps(stage)
    yield from questions.steps(stage)
    yield from councils.steps(stage)
    yield from proposals.steps(stage)
    yield from chambers.steps(stage)
    yield from practice.steps(stage)
