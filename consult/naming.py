"""[pure] Whom the public sees behind what somebody said, and whom those see who answer it.

The same rule as an expression of the database stands in accounts/shown.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from consult.errors import N_


class Kind(StrEnum):
    """What is shown: an organisation, a person's name or pseudonym, or that there is somebody."""

    ORGANISATION = "organisation"
    NAME = "name"
    PSEUDONYM = "pseudonym"
    NOTHING = "nothing"
    FORMER = "former"


UNNAMED = {Kind.NOTHING: N_("a participant"), Kind.FORMER: N_("a former participant")}
A_PSEUDONYM = N_("{name} (pseudonym)")


@dataclass(frozen=True, slots=True)
class PublicName:
    """Whom the public sees. `name` and `region` are empty where nothing is to be shown.

    `identified`: it is known who it is, by eID or at a desk; nothing else is said by it.
    """

    kind: str
    name: str = ""
    region: str = ""
    identified: bool = False

    @property
    def is_organisation(self) -> bool:
        return self.kind == Kind.ORGANISATION

    def said(self, say: Callable[[str], str]) -> str:
        """The name, or what stands in its place, translated by `say`.

        A pseudonym is said to be one: nobody takes it for the name of somebody who is known.
        """
        if self.kind == Kind.PSEUDONYM:
            return say(A_PSEUDONYM).replace("{name}", self.name)
        return self.name or say(UNNAMED.get(Kind(self.kind), UNNAMED[Kind.NOTHING]))


FORMER = PublicName(Kind.FORMER)


@dataclass(frozen=True, slots=True)
class KnownAs:
    """Whom the agency that answers and the moderators see: `name` is of the person themselves."""

    public: PublicName
    name: str

    @property
    def is_hidden(self) -> bool:
        """Whether the public does not see that name."""
        return self.name not in ("", self.public.name)


def public_name(
    *,
    name: str,
    shown: str,
    pseudonym: str = "",
    region: str = "",
    organisation: str = "",
    forgotten: bool = False,
    verified: bool = False,
) -> PublicName:
    """Whom the public sees behind something that was said, in the name of `organisation` if any.

    What an organisation said stays its own, also when the person who spoke for it is forgotten;
    that it is known who that person is says nothing of the organisation.
    """
    if organisation:
        return PublicName(Kind.ORGANISATION, organisation, "" if forgotten else region)
    if forgotten:
        return FORMER
    if shown == "pseudonym" and pseudonym:
        return PublicName(Kind.PSEUDONYM, pseudonym, region, verified)
    if shown == "name" and name:
        return PublicName(Kind.NAME, name, region, verified)
    return PublicName(Kind.NOTHING, identified=verified)
