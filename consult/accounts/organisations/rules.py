"""[pure] Rules of organisations: who may speak for one, who ends that, who manages it."""

from collections.abc import Collection, Mapping

from consult.errors import Conflict, NotAllowed

# More than anybody speaks for; one who enters them by the hundred means something else.
MOST_OF_ONE_PERSON = 20


def check_manages(*, manages: bool) -> None:
    """Whoever manages an organisation invites, ends memberships, names a successor."""
    if not manages:
        raise NotAllowed("Only a manager of the organisation may do this.")


def check_may_end(actor_id: int, member_id: int, managers: Collection[int]) -> None:
    """A manager ends anybody's membership, everybody else their own; raises NotAllowed, Conflict.

    `managers` are the people who manage it now. The last cannot leave without a successor: nobody
    could invite or end anything any more.
    """
    if actor_id != member_id:
        check_manages(manages=actor_id in managers)
    if set(managers) == {member_id}:
        raise Conflict("The organisation would have no manager. Hand it over to a member first.")


def check_may_take_over(actor_id: int, member_id: int, managers: Collection[int]) -> None:
    """A manager hands over to a member who does not manage yet; raises NotAllowed, Conflict."""
    check_manages(manages=actor_id in managers)
    if member_id in managers:
        raise Conflict("This member manages the organisation already.")


def check_speaks_for(posted: Mapping[str, object], organisation_id: int | None) -> None:
    """What was written under one name is not said under another; raises Conflict.

    `posted` holds, as "speaks_for", for whom its author spoke when the form was opened: they may
    have changed that meanwhile, on another page.
    """
    then = posted.get("speaks_for")
    if then is not None and then != str(organisation_id or ""):
        raise Conflict(
            "You opened this form in another name than the one you write in now. "
            "Please look in whose name you write, then send it again."
        )


def check_not_too_many(memberships: int) -> None:
    """One person speaks for some organisations, not for hundreds; raises Conflict."""
    if memberships >= MOST_OF_ONE_PERSON:
        raise Conflict(
            "You speak for {most} organisations already. End one of these memberships first.",
            most=MOST_OF_ONE_PERSON,
        )
