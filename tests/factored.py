"""A person in one browser who gave their password, and what they do with second factors."""

from dataclasses import dataclass

from sqlmodel import Session

from consult.access import Actor
from consult.accounts.models import Person, SignIn
from consult.accounts.queries import identify
from consult.accounts.second_factor import actions, passkeys
from consult.accounts.second_factor.queries import app_to_set_up
from consult.accounts.second_factor.rules import code_at, step_of
from consult.accounts.secrets import token_hash
from tests.conftest import TestClock
from tests.factories import sign_in_token
from tests.passkeys import Device

KEY = "the secret key of a test"
BASE = "https://kenesh.example"
SITE = "kenesh.example"


@dataclass
class Browser:
    """One person in one browser, who gave the password and nothing else yet."""

    session: Session
    clock: TestClock
    person: Person
    token: str

    @property
    def actor(self) -> Actor:
        return identify(self.session, self.token, self.clock())

    def who(self) -> dict:
        return {"actor": self.actor, "token": self.token, "now": self.clock()}

    def keyed(self) -> dict:
        return {**self.who(), "secret_key": KEY}

    def secret(self) -> str:
        actions.begin_app(self.session, **self.keyed())
        return app_to_set_up(self.session, self.person.id or 0, secret_key=KEY, site="Kenesh")[0]

    def with_app(self) -> tuple[str, list[str]]:
        """(secret, recovery codes) of an app that was set up half a minute ago."""
        secret = self.secret()
        code = code_at(secret, step_of(self.clock()))
        codes = actions.confirm_app(self.session, typed=code, **self.keyed())
        self.clock.forward(seconds=30)
        return secret, codes

    def code(self, typed: str) -> None:
        actions.use_code(self.session, typed=typed, **self.keyed())

    def now(self, secret: str, later: int = 0) -> str:
        return code_at(secret, step_of(self.clock()) + later)

    def with_passkey(self, device: Device, name: str = "my phone") -> list[str]:
        asked = passkeys.options_to_add(self.session, base_url=BASE, site="Kenesh", **self.who())
        return self.add(device.make(asked), name)

    def add(self, answer: str, name: str = "my phone") -> list[str]:
        challenge = passkeys.take_challenge(self.session, self.token)
        return passkeys.add_passkey(
            self.session,
            answer=answer,
            challenge=challenge,
            name=name,
            base_url=BASE,
            **self.keyed(),
        )

    def asked(self) -> str:
        return passkeys.options_to_show(
            self.session, actor=self.actor, token=self.token, base_url=BASE
        )

    def show(self, answer: str) -> None:
        challenge = passkeys.take_challenge(self.session, self.token)
        passkeys.use_passkey(
            self.session, answer=answer, challenge=challenge, base_url=BASE, **self.who()
        )

    def elsewhere(self) -> "Browser":
        return browser(self.session, self.clock, self.person)


def browser(session: Session, clock: TestClock, person: Person) -> Browser:
    token = sign_in_token(session, person, clock())
    row = session.get_one(SignIn, token_hash(token))
    row.second_factor_at = None
    session.add(row)
    session.flush()
    return Browser(session, clock, person, token)
