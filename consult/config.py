"""What an installation may set: every CONSULT_* variable, with its default."""

from functools import cached_property
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEVELOPMENT_SECRET = "only-for-development"  # noqa: S105 - refused in production below


class Settings(BaseSettings):
    """Settings of one installation; the description of each is its documentation."""

    model_config = SettingsConfigDict(env_prefix="CONSULT_", frozen=True)

    data_dir: Path = Field(Path("var"), description="Folder for the database, index and mails.")
    database_url: str = Field("", description="PostgreSQL or SQLite; empty: SQLite in data_dir.")
    environment: Literal["development", "production"] = Field(
        "development", description="In production, default secrets are refused and cookies secure."
    )
    secret_key: str = Field(DEVELOPMENT_SECRET, description="Signs links in mails; keep it secret.")
    base_url: str = Field(
        "http://127.0.0.1:8000", description="The public address; written into mails and feeds."
    )
    jurisdiction: str = Field("kg", description="The rule pack: kg, kz, uk, eu or a path to one.")
    default_lang: str = Field("ky", description="Interface language when a visitor has no wish.")
    threads: int = Field(4, description="Requests a process works on at once.", ge=1, le=64)
    embedded_worker: bool = Field(
        default=True, description="Do background work in the web process; else `consult worker`."
    )
    max_upload_mb: int = Field(20, description="Largest file taken for import, in megabytes.")
    preview_days: int = Field(
        30, description="How long a text that was read in waits to be taken over, in days.", ge=1
    )
    attachment_max_mb: int = Field(
        10, description="Largest file attached to a comment, in megabytes.", ge=1, le=18
    )
    comment_max_chars: int = Field(20_000, description="Longest comment, in characters.")
    edit_window_minutes: int = Field(15, description="How long an author may edit a comment.")
    sign_in_days: int = Field(30, description="How long a sign-in lasts, in days.")
    smtp_host: str = Field("", description="SMTP server; empty: mails are written to data_dir.")
    smtp_port: int = Field(587, description="Port of the SMTP server.")
    smtp_user: str = Field("", description="User name at the SMTP server, if it wants one.")
    smtp_password: str = Field("", description="Password at the SMTP server.")
    smtp_starttls: bool = Field(default=True, description="Encrypt the connection by STARTTLS.")
    mail_from: str = Field("kenesh@localhost", description="Sender of all mails.")

    @model_validator(mode="after")
    def _refuse_default_secrets(self) -> Self:
        if self.environment == "production" and self.secret_key == DEVELOPMENT_SECRET:
            raise ValueError("CONSULT_SECRET_KEY must be set in production.")
        return self

    @cached_property
    def is_production(self) -> bool:
        return self.environment == "production"

    @cached_property
    def keeps_mails(self) -> bool:
        """Whether mails are kept to be read on the site: never where they go to real people."""
        return not self.is_production and not self.smtp_host

    @cached_property
    def database(self) -> str:
        """The database address in SQLAlchemy's form."""
        if not self.database_url:
            return f"sqlite:///{self.data_dir / 'kenesh.db'}"
        for short in ("postgres://", "postgresql://"):
            if self.database_url.startswith(short):
                return "postgresql+psycopg://" + self.database_url.removeprefix(short)
        return self.database_url
