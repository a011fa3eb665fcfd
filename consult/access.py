"""[pure] Who may do what: roles, actors, the table of rights. No HTTP, no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from consult.errors import NotAllowed


class Role(StrEnum):
    """A person's standing. Everybody is a visitor; a confirmed address makes a citizen.

    Who speaks for an organisation now stands as that, not as a citizen.
    """

    VISITOR = "visitor"
    CITIZEN = "citizen"
    ORGANISATION = "organisation"
    OFFICER = "officer"
    APPROVER = "approver"
    MODERATOR = "moderator"
    PARLIAMENTARIAN = "parliamentarian"
    COUNCILLOR = "councillor"  # member of a supervisory council
    OVERSIGHT = "oversight"
    ADMINISTRATOR = "administrator"


GRANTED = (
    Role.OFFICER,
    Role.APPROVER,
    Role.MODERATOR,
    Role.PARLIAMENTARIAN,
    Role.COUNCILLOR,
    Role.OVERSIGHT,
    Role.ADMINISTRATOR,
)

_EVERYBODY = frozenset(Role)
_SIGNED_IN = _EVERYBODY - {Role.VISITOR}
_DESK = frozenset({Role.OFFICER, Role.APPROVER})

RIGHTS: Mapping[str, frozenset[Role]] = {
    "read": _EVERYBODY,
    "join": _EVERYBODY,  # register, sign in, choose a language, unsubscribe by a mailed link
    "cabinet": _SIGNED_IN,
    "follow": _SIGNED_IN,
    "comment": frozenset({Role.CITIZEN, Role.ORGANISATION}),
    "vote": frozenset({Role.CITIZEN, Role.ORGANISATION}),
    "prepare": frozenset({Role.OFFICER}),  # import a text, set the dates of a consultation
    "desk": _DESK,
    "start": frozenset(GRANTED),  # the start page of whoever works here
    "answer": frozenset({Role.OFFICER}),
    "identify": frozenset({Role.OFFICER}),  # a person who came to the desk
    "approve": frozenset({Role.APPROVER}),
    "publish": _DESK,
    "review": frozenset({Role.APPROVER, Role.OVERSIGHT}),  # an answer that was contested
    "flag": _SIGNED_IN,  # report a comment to the moderators
    "moderate": frozenset({Role.MODERATOR}),
    "oversee": frozenset({Role.OVERSIGHT}),
    "correct": frozenset({Role.APPROVER, Role.OVERSIGHT}),  # by which rule, from when a term runs
    "brief": _EVERYBODY,
    "refer": frozenset({Role.PARLIAMENTARIAN}),  # bring a bill before a committee
    "inquire": frozenset({Role.PARLIAMENTARIAN}),  # ask an agency, as a deputy
    "counsel": frozenset({Role.COUNCILLOR}),  # an opinion of a council; what it asks an agency for
    "propose": frozenset({Role.CITIZEN}),  # a change of law, or a problem; and support one
    "unite": frozenset({Role.CITIZEN, Role.MODERATOR}),  # two proposals: an author, a moderator
    "ask": frozenset({Role.CITIZEN, Role.ORGANISATION}),  # the head of a body
    # put a question, of whichever kind
    "question": frozenset({Role.CITIZEN, Role.ORGANISATION, Role.PARLIAMENTARIAN, Role.COUNCILLOR}),
    "attend": frozenset({Role.CITIZEN, Role.ORGANISATION}),  # a hearing
    "convene": frozenset({Role.OFFICER}),  # hearings, sittings: announce them, write the minutes
    # a snapshot of figures, for ever
    "keep": frozenset({Role.OFFICER, Role.APPROVER, Role.PARLIAMENTARIAN, Role.OVERSIGHT}),
    "administer": frozenset({Role.ADMINISTRATOR}),
    "audit": frozenset({Role.ADMINISTRATOR, Role.OVERSIGHT}),  # read who gave whom which right
    "develop": _EVERYBODY,  # pages that exist in development only
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: plain values, so that rules and actions need neither session nor request.

    `agencies` maps a role to the agencies it is held for; an empty set means "everywhere".
    `bodies` are all agencies any role was granted for, even one that is held everywhere too.
    `organisation` is the one they speak for now; their votes are their own all the same.
    Who `is_identified` is known by a national eID or a document, not by an address alone.
    Who `lacks_second_factor` is signed in by a password alone where that is not enough: until they
    show the other one they may do what a visitor may. `unread` counts notices, to a hundred.
    """

    id: int | None = None
    name: str = ""
    lang: str = ""
    region: str = ""
    organisation: str = ""
    organisation_id: int | None = None
    roles: frozenset[Role] = frozenset({Role.VISITOR})
    agencies: Mapping[Role, frozenset[int]] = field(default_factory=dict)
    bodies: frozenset[int] = frozenset()
    is_identified: bool = False
    lacks_second_factor: bool = False
    unread: int = 0

    @property
    def is_staff(self) -> bool:
        return bool(self.roles & set(GRANTED))

    def may(self, right: str) -> bool:
        """Whether any role of this actor carries the right."""
        return bool(self.roles & RIGHTS[right])

    def may_for(self, right: str, agency_id: int) -> bool:
        """Whether a role that carries the right is held for this agency (or for all)."""
        return any(
            not (held := self.agencies.get(role, frozenset())) or agency_id in held
            for role in self.roles & RIGHTS[right]
        )

    def held_for(self, right: str) -> frozenset[int]:
        """The agencies for which a role with this right is held; empty means everywhere.

        Ask `may` first: for nobody it would mean the same as for everybody.
        """
        held = [self.agencies.get(role, frozenset()) for role in self.roles & RIGHTS[right]]
        return frozenset().union(*held) if all(held) else frozenset()

    @property
    def person_id(self) -> int:
        """The person's id; raises NotAllowed for a visitor."""
        if self.id is None:
            raise NotAllowed("Please sign in first.")
        return self.id


VISITOR = Actor()


def check_right(actor: Actor, right: str) -> None:
    """Raise NotAllowed unless the actor has the right."""
    if not actor.may(right):
        raise NotAllowed("Your role does not allow this.")


def check_agency(actor: Actor, right: str, agency_id: int) -> None:
    """Raise NotAllowed unless the actor has the right for this agency."""
    if not actor.may_for(right, agency_id):
        raise NotAllowed("This belongs to another agency.")
