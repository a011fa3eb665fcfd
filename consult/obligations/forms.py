"""What the forms of duties send."""

from pydantic import BaseModel, Field


class EvidenceForm(BaseModel):
    """What shows that a duty was fulfilled: a path on this site, an address, or words."""

    evidence: str = Field(default="", max_length=1000)
