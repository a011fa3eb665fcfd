"""The registry of everything that can be taken away as data. The API, its description, the files
of every night, their dictionary and catalogue are all made from it."""

from collections.abc import Mapping

from consult.errors import NotFound
from consult.opendata.resource import Resource
from consult.opendata.resources.agencies import AGENCIES
from consult.opendata.resources.answers import ANSWERS, ISSUES, OUTCOMES_OF_DRAFTS, REPORTS
from consult.opendata.resources.chambers import (
    AMENDMENTS,
    READINGS,
    ROLL_CALL_VOTES,
    SITTINGS,
)
from consult.opendata.resources.councils import OPINION_VOTES, OPINIONS
from consult.opendata.resources.discussion import COMMENTS, ROUNDS, VOTES
from consult.opendata.resources.drafts import DRAFTS, PROVISIONS, VERSIONS
from consult.opendata.resources.duties import DUTIES, PLAN
from consult.opendata.resources.hearings import HEARINGS
from consult.opendata.resources.polls import POLLS
from consult.opendata.resources.practice import PROBLEMS, REVIEWS
from consult.opendata.resources.proposals import PROPOSALS
from consult.opendata.resources.questions import QUESTIONS
from consult.opendata.resources.record import METRICS, RECORD

RESOURCES: Mapping[str, Resource] = {
    resource.name: resource
    for resource in (
        AGENCIES,
        PLAN,
        DRAFTS,
        VERSIONS,
        PROVISIONS,
        ROUNDS,
        COMMENTS,
        VOTES,
        POLLS,
        OPINIONS,
        OPINION_VOTES,
        HEARINGS,
        PROPOSALS,
        QUESTIONS,
        ISSUES,
        ANSWERS,
        REPORTS,
        OUTCOMES_OF_DRAFTS,
        PROBLEMS,
        REVIEWS,
        READINGS,
        AMENDMENTS,
        ROLL_CALL_VOTES,
        SITTINGS,
        DUTIES,
        RECORD,
        METRICS,
    )
}


def resource_of(name: str) -> Resource:
    """One of them by its name; raises NotFound."""
    if name not in RESOURCES:
        raise NotFound("There is no such page.")
    return RESOURCES[name]
