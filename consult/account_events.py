"""[pure] What can happen to accounts, in the past tense. What happens to drafts: events.py."""

from dataclasses import dataclass

from consult.events import Event


@dataclass(frozen=True, slots=True)
class PersonRegistered(Event):
    person_id: int
    confirm_path: str


@dataclass(frozen=True, slots=True)
class RegistrationAsked(Event):
    """Somebody filled in the form; whether the address is known is seen by the handler."""

    email: str
    name: str
    lang: str
    region: str
    organisation: str
    password_hash: str
    shown: str = "name"


@dataclass(frozen=True, slots=True)
class PasswordResetAsked(Event):
    email: str


@dataclass(frozen=True, slots=True)
class PasswordChanged(Event):
    person_id: int


@dataclass(frozen=True, slots=True)
class AddressChangeAsked(Event):
    """A person wants to use the account with another address: both addresses are told."""

    person_id: int
    email: str


@dataclass(frozen=True, slots=True)
class AddressChanged(Event):
    """The account of a person has another address; `old` may take it back for a while."""

    person_id: int
    old: str


@dataclass(frozen=True, slots=True)
class AddressRestored(Event):
    """The change of an address was taken back; `email` is the one it had meanwhile."""

    person_id: int
    email: str


@dataclass(frozen=True, slots=True)
class PersonInvited(Event):
    invitation_id: int
    accept_path: str


@dataclass(frozen=True, slots=True)
class RegistrationRepeated(Event):
    """Somebody registered with an address that already has an account: its owner is told."""

    person_id: int


@dataclass(frozen=True, slots=True)
class PersonIdentified(Event):
    """It is known who a person is: by a national eID, or at a desk."""

    person_id: int


@dataclass(frozen=True, slots=True)
class IdentityTakenBack(Event):
    """How a person was identified does not hold: its owner says it was somebody else."""

    person_id: int


@dataclass(frozen=True, slots=True)
class FactorChanged(Event):
    """A second factor of a person is there or gone; `kind`: app, passkey, recovery_codes, all."""

    person_id: int
    kind: str
    added: bool


@dataclass(frozen=True, slots=True)
class KeyMade(Event):
    """A person made a key with which programs write in their name."""

    person_id: int
    key_id: int


@dataclass(frozen=True, slots=True)
class RecoveryCodeUsed(Event):
    person_id: int
    left: int


@dataclass(frozen=True, slots=True)
class StrangeBrowser(Event):
    """Somebody signed in with a browser that was not known; `agent` is what it says it is."""

    person_id: int
    agent: str


@dataclass(frozen=True, slots=True)
class MailWanted(Event):
    """Whose mails came back says that the address works: a link goes there, as proof."""

    person_id: int


@dataclass(frozen=True, slots=True)
class MembershipChanged(Event):
    """A membership of an organisation `began`, `ended`, or its person `manages` it from now on."""

    membership_id: int
    change: str
    by_id: int


@dataclass(frozen=True, slots=True)
class AddressTakenOver(Event):
    """Somebody confirmed an address that had no account: what it follows is theirs from now on."""

    from_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class FollowAsked(Event):
    """Somebody without a sign-in wants mails about something at this address."""

    email: str
    lang: str
    target: str


@dataclass(frozen=True, slots=True)
class FollowingAsked(Event):
    """Somebody wants the link to all that this address follows."""

    email: str


@dataclass(frozen=True, slots=True)
class PersonForgotten(Event):
    """An account was closed for good; with `remove` the public words of the person go as well."""

    person_id: int
    remove: bool


# What these say about people is emptied once it is delivered. Each has one handler (tested).
PRIVATE = frozenset(
    {
        RegistrationAsked,
        PasswordResetAsked,
        AddressChangeAsked,
        AddressChanged,
        AddressRestored,
        StrangeBrowser,
        FollowAsked,
        FollowingAsked,
    }
)
