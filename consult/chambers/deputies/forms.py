"""What the form about a deputy sends."""

from pydantic import BaseModel

from consult.adoption.forms import Day, MaybeDay, MaybeId
from consult.chambers.deputies.rules import Sat


class DeputyForm(BaseModel):
    """A deputy as typed; `person` is the number of their account."""

    name: str = ""
    faction: str = ""
    constituency: str = ""
    since_on: Day
    until_on: MaybeDay = None
    person: MaybeId = None

    def said(self) -> Sat:
        return Sat(self.name, self.faction, self.constituency, self.since_on, self.until_on)
