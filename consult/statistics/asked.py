"""What a visitor to the pages of figures wants them narrowed to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from pydantic import BaseModel, Field
from sqlmodel import Session

from consult.accounts.models import Agency
from consult.accounts.queries import agencies
from consult.errors import NotFound
from consult.procedure.packs import RulePack
from consult.statistics.scope import Scope


class Asked(BaseModel):
    """The codes and the year as they stand in an address; empty means any.

    `SAID` are those that stand there even if empty, because leaving them out means something else.
    """

    SAID: ClassVar[frozenset[str]] = frozenset()

    agency: str = Field(default="", max_length=20)
    topic: str = Field(default="", max_length=40)
    act_type: str = Field(default="", max_length=40)
    year: str = Field(default="", pattern=r"^((19|20)\d\d)?$")

    @property
    def codes(self) -> dict[str, str]:
        """What the figures are narrowed to, by name."""
        return {name: getattr(self, name) for name in Asked.model_fields}

    @property
    def narrowed(self) -> dict[str, str]:
        """The same without what is left empty."""
        return {name: value for name, value in self.codes.items() if value}

    @property
    def data(self) -> str:
        """The query of the same figures as a file; empty where all is asked for."""
        return _query(self.codes, self.SAID)

    def with_(self, **more: Any) -> str:
        """The query of the same page with something else instead; empty takes it away."""
        return _query(self.model_dump() | more, self.SAID)

    def only(self, **more: Any) -> str:
        """The same for another page of figures, which shows and sorts in its own way."""
        return _query(self.codes | more)


class AskedOfAgencies(Asked):
    """Without a year the last one is meant, so that all years have to be asked for."""

    SAID: ClassVar[frozenset[str]] = frozenset({"year"})


def _query(values: Mapping[str, str], said: Collection[str] = ()) -> str:
    given = {name: value for name, value in values.items() if value or name in said}
    return f"?{urlencode(given)}" if given else ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was asked for, found: `bodies` are all agencies by id, `agency` the chosen one."""

    asked: Asked
    scope: Scope
    bodies: Mapping[int, Agency]
    agency: Agency | None

    @property
    def codes(self) -> dict[int, str]:
        return {id_: body.code for id_, body in self.bodies.items()}

    @property
    def by_code(self) -> dict[str, Agency]:
        return {body.code: body for body in self.bodies.values()}


def chosen(session: Session, asked: Asked, pack: RulePack) -> Chosen:
    """Raises NotFound for an agency, a topic or a kind of act there is not."""
    bodies = agencies(session)
    agency = next((body for body in bodies.values() if body.code == asked.agency), None)
    if asked.agency and agency is None:
        raise NotFound("There is no agency with the code {code}.", code=asked.agency)
    unknown = (asked.topic and asked.topic not in pack.topics) or (
        asked.act_type and asked.act_type not in pack.act_types
    )
    if unknown:
        raise NotFound("Nothing was found here.")
    scope = Scope.of_year(
        int(asked.year) if asked.year else None,
        agency_id=agency.id if agency else None,
        topic=asked.topic,
        act_type=asked.act_type,
    )
    return Chosen(asked, scope, bodies, agency)
