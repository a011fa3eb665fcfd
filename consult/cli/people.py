"""Commands that add agencies and people."""

from typing import Annotated

import typer

from consult.access import Role
from consult.accounts import actions as accounts
from consult.accounts.queries import agency_by_code
from consult.accounts.second_factor.actions import reset_factors
from consult.accounts.second_factor.queries import holder_of
from consult.cli.start import AS_ADMINISTRATOR, open_platform

app = typer.Typer()
agency_app = typer.Typer(no_args_is_help=True, help="The bodies that publish drafts.")
user_app = typer.Typer(no_args_is_help=True, help="The people who work with them.")
app.add_typer(agency_app, name="agency")
app.add_typer(user_app, name="user")


@agency_app.command("add")
def add_agency(
    code: Annotated[str, typer.Option()],
    name: Annotated[str, typer.Option()],
    lang: Annotated[str, typer.Option(help="The language of the name.")] = "en",
    kind: Annotated[str, typer.Option()] = "ministry",
) -> None:
    """Add a body."""
    platform = open_platform()
    with platform.database.writing() as session:
        accounts.add_agency(session, code=code, names={lang: name}, kind=kind, now=platform.clock())
    typer.echo(f"Added {code}.")


@user_app.command("add")
def add_user(
    email: Annotated[str, typer.Option()],
    name: Annotated[str, typer.Option()],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, envvar="CONSULT_PASSWORD")],
    lang: Annotated[str, typer.Option()] = "ky",
    role: Annotated[Role | None, typer.Option(help="A role to grant.")] = None,
    agency: Annotated[str, typer.Option(help="For which agency (its code); else all.")] = "",
) -> None:
    """Add a person, with a role or as a citizen."""
    platform = open_platform()
    now = platform.clock()
    with platform.database.writing() as session:
        person = accounts.add_person(
            session, email=email, name=name, password=password, lang=lang, now=now
        )
        if role is not None:
            agency_id = agency_by_code(session, agency).id if agency else None
            accounts.grant(session, person.id or 0, role, agency_id, now)
    typer.echo(f"Added {email}.")


@user_app.command("reset-factor")
def reset_factor(email: Annotated[str, typer.Option()]) -> None:
    """Forget a person's second factor; they sign in by password and set up another."""
    platform = open_platform()
    with platform.database.writing() as session:
        person_id = holder_of(session, email)
        reset_factors(session, actor=AS_ADMINISTRATOR, person_id=person_id, now=platform.clock())
    typer.echo(f"The second factor of {email} is reset.")
