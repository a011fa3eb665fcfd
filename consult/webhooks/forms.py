"""What the form for a webhook sends."""

from pydantic import BaseModel, Field


class WebhookForm(BaseModel):
    """An address and the kinds of events; what they may be is a rule (rules.read_url, KINDS)."""

    url: str = Field(min_length=1)
    kinds: list[str] = Field(alias="kinds[]", default_factory=list)
