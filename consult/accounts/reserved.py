"""Names that are not for everybody to take: of agencies, of offices and of who holds one.

Nobody checks the name that a person or an organisation gives; so it must not look like one that
somebody would believe. An administrator may give it all the same (organisations/admin_routes.py).
"""

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from sqlmodel import Session, col, select

from consult.accounts.lookalike import look, looks
from consult.accounts.models import Agency, AgencyName, Grant, Organisation, Person
from consult.errors import N_, Invalid
from consult.i18n.catalogues import LANGUAGES, translations
from consult.naming import UNNAMED

A_BODY = N_("This is the name of an agency or organisation, or looks like one.")
AN_OFFICE = N_("This is the name or the title of somebody who holds an office. Choose another.")


def check_person_name(session: Session, name: str, *, field: str = "name") -> None:
    """No agency and no office; raises Invalid. Two people may share a name, officers too."""
    _check_words(name, field)
    if look(name) in _looks_of(_agency_names(session)):
        raise Invalid(A_BODY, field=field)


def check_organisation_name(session: Session, name: str, *, field: str = "name") -> None:
    """No agency, no office, nobody who holds one; raises Invalid.

    Two organisations may share a name: nobody knows which of them came first in the world.
    """
    check_person_name(session, name, field=field)
    _check_no_holder(session, name, field, own=None)


def check_pseudonym(session: Session, name: str, *, own: int | None) -> None:
    """The same, and no organisation; raises Invalid. `own`: the person who takes it."""
    check_person_name(session, name, field="pseudonym")
    _check_no_holder(session, name, "pseudonym", own=own)
    if look(name) in _looks_of(session.exec(select(Organisation.name)).all()):
        raise Invalid(A_BODY, field="pseudonym")


def nobody() -> list[str]:
    """What stands where there is no name, in every language."""
    return [translations(lang).gettext(said) for lang in LANGUAGES for said in UNNAMED.values()]


def _check_words(name: str, field: str) -> None:
    bodies, titles = _offices()
    if looks(name) & bodies or look(name) in _looks_of(nobody()):
        raise Invalid(A_BODY, field=field)
    if looks(name) & titles:
        raise Invalid(AN_OFFICE, field=field)


def _check_no_holder(session: Session, name: str, field: str, *, own: int | None) -> None:
    holders = select(Person.name).where(col(Person.id).in_(select(Grant.person_id)))
    if own is not None:
        holders = holders.where(col(Person.id) != own)
    if look(name) in _looks_of(session.exec(holders).all()):
        raise Invalid(AN_OFFICE, field=field)


@cache
def _offices() -> tuple[frozenset[str], frozenset[str]]:
    words = tomllib.loads(Path(__file__).with_name("offices.toml").read_text("utf-8"))
    return frozenset(_looks_of(words["bodies"])), frozenset(_looks_of(words["titles"]))


def _agency_names(session: Session) -> list[str]:
    names: list[str] = []
    for agency in session.exec(select(Agency)).all():
        names += [agency.code, *agency.names.values()]
    for earlier in session.exec(select(AgencyName.names)).all():
        names += earlier.values()
    return names


def _looks_of(names: Iterable[str]) -> set[str]:
    return {look(name) for name in names} - {""}
