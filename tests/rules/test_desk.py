"""What the desk says is to be done next with a draft."""

import pytest

from consult.procedure.stages import Stage
from consult.site.desk import next_step


@pytest.mark.parametrize(
    ("stage", "counts", "awaiting", "step"),
    [
        (Stage.DRAFT, {}, 0, ("dates", 0)),
        (Stage.SCHEDULED, {}, 0, ("wait", 0)),
        (Stage.OPEN, {"unanswered": 3, "submitted": 1}, 1, ("collect", 3)),
        (Stage.CLOSED, {"unanswered": 3, "returned": 1, "draft": 1}, 0, ("answer", 5)),
        (Stage.ANSWERING, {"unanswered": 1, "submitted": 9}, 2, ("answer", 1)),
        (Stage.ANSWERING, {"approved": 1, "submitted": 9}, 2, ("approve", 2)),
        (Stage.ANSWERING, {"approved": 10}, 0, ("publish", 10)),
        (Stage.CLOSED, {}, 0, ("publish", 0)),
        (Stage.REPORTED, {"published": 10}, 0, ("new_round", 0)),
        (Stage.ADOPTED, {"published": 10}, 0, ("none", 0)),
    ],
)
def test_the_next_step_follows_from_the_stage_and_what_is_unanswered(
    stage: Stage, counts: dict[str, int], awaiting: int, step: tuple[str, int]
) -> None:
    assert next_step(stage, counts, awaiting) == step


def test_an_approver_does_not_wait_for_the_last_answer() -> None:
    counts = {"unanswered": 1, "submitted": 9}
    assert next_step(Stage.ANSWERING, counts, 2, approves=True) == ("approve", 2)
