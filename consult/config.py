"""What an installation may set: every CONSULT_* variable, with its default."""

from functools import cached_property
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ADDRESS_OR_NONE = r"^([^@\s<>+]+@[^@\s<>]+)?$"
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
    search_engine: Literal["whoosh", "tantivy"] = Field(
        "whoosh", description="What searches: whoosh, or tantivy for more than 10,000 documents."
    )
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
    questions_waiting: int = Field(
        3, description="How many questions of a person may wait for an answer of one body.", ge=1
    )
    edit_window_minutes: int = Field(15, description="How long an author may edit a comment.")
    sign_in_days: int = Field(30, description="How long a sign-in lasts, in days.")
    keep_unconfirmed_days: int = Field(
        30, description="How long an account waits for its address to be confirmed.", ge=0
    )
    keep_links_days: int = Field(
        30, description="How long a link or an invitation is kept after it has run out.", ge=0
    )
    keep_sign_ins_days: int = Field(
        30, description="How long a sign-in is kept after it has run out.", ge=0
    )
    keep_notices_days: int = Field(730, description="How long a notice is kept.", ge=0)
    keep_mails_days: int = Field(
        90, description="How long a mail is kept once it is sent or given up.", ge=0
    )
    keep_events_days: int = Field(
        90, description="How long an event is kept once all it leads to is done.", ge=0
    )
    keep_webhook_calls_days: int = Field(
        90, description="How long a call of a webhook is kept once it is made or given up.", ge=0
    )
    keep_api_answers_days: int = Field(
        7, description="How long a program that repeats a request gets the same answer.", ge=0
    )
    keep_reading_log_days: int = Field(
        1095, description="How long it is kept who read or took the data of a person.", ge=0
    )
    dumps_kept: int = Field(
        7, description="Of how many nights the public data is kept as files; 0: none.", ge=0, le=60
    )
    staff_second_factor: bool = Field(
        default=True, description="Whoever holds a role must sign in with a second factor."
    )
    smtp_host: str = Field("", description="SMTP server; empty: mails are written to data_dir.")
    smtp_port: int = Field(587, description="Port of the SMTP server.")
    smtp_user: str = Field("", description="User name at the SMTP server, if it wants one.")
    smtp_password: str = Field("", description="Password at the SMTP server.")
    smtp_starttls: bool = Field(default=True, description="Encrypt the connection by STARTTLS.")
    mail_from: str = Field("kenesh@localhost", description="Sender of all mails.")
    mail_per_minute: int = Field(
        0, description="How many mails go out in a minute at most; 0: as many as can.", ge=0
    )
    mail_bounce_address: str = Field(
        "",
        description="Where mails that come back go, each to bounce+…@; empty: to the sender.",
        pattern=ADDRESS_OR_NONE,
    )
    mail_bounce_secret: str = Field(
        "", description="Secret (whsec_…) of calls to `/bounces`; empty: none are taken."
    )
    mail_bounce_limit: int = Field(
        3, description="After so many mails that came back for good, none are sent.", ge=1
    )
    mail_unsubscribe_address: str = Field(
        "",
        description="Where a mail that stops mails may be sent; `consult bounces read` reads it.",
        pattern=ADDRESS_OR_NONE,
    )
    oidc_issuer: str = Field(
        "", description="Address of the national eID (OpenID Connect); empty: there is none."
    )
    oidc_client_id: str = Field("", description="What this site is called at the eID.")
    oidc_client_secret: str = Field("", description="Secret at the eID; empty: PKCE alone.")
    oidc_scopes: str = Field("openid", description="What is asked of the eID; the least is enough.")
    oidc_levels: str = Field(
        "", description="Levels of assurance (acr) that are enough, with spaces; empty: any."
    )
    oidc_name: str = Field("eID", description="What the eID is called on the pages.")

    esign_roots: str = Field(
        "", description="Folder of certificates of trusted issuers; empty: no e-signatures."
    )
    esign_crls: str = Field(
        "", description="Folder of lists of revoked certificates; empty: nobody is asked."
    )
    esign_name: str = Field("", description="What the e-signature is called on the pages.")
    esign_algorithms: str = Field(
        "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512",
        description="Methods of signing that are taken, with spaces, as JOSE names them.",
    )
    esign_subject: str = Field(
        "2.5.4.5",
        description="Attribute of a certificate that holds the number of its owner.",
        pattern=r"^[0-2](\.[0-9]+)+$",
    )
    esign_minutes: int = Field(
        60, description="How long a statement may be signed, in minutes.", ge=5, le=10_080
    )
    esign_provider: str = Field("cms", description="What checks signatures; cms is built in.")

    webhooks_allow_private: bool = Field(
        default=False, description="Call addresses inside the network: only to try things out."
    )

    @model_validator(mode="after")
    def _refuse_private_webhooks(self) -> Self:
        if self.environment == "production" and self.webhooks_allow_private:
            raise ValueError("CONSULT_WEBHOOKS_ALLOW_PRIVATE must not be set in production.")
        return self

    limits_enabled: bool = Field(default=True, description="Limit how much may be asked for.")
    limits_store: Literal["database", "memory", "sqlite"] = Field(
        "database",
        description="Where limits are counted: in PostgreSQL if that is the database, else in a "
        "file in data_dir (sqlite); or in memory, if there is one process.",
    )
    trusted_proxies: str = Field(
        "127.0.0.1,::1", description="Proxies whose X-Forwarded-For is believed; with commas."
    )

    @model_validator(mode="after")
    def _refuse_default_secrets(self) -> Self:
        if self.environment == "production" and self.secret_key == DEVELOPMENT_SECRET:
            raise ValueError("CONSULT_SECRET_KEY must be set in production.")
        return self

    @model_validator(mode="after")
    def _refuse_unsafe_eid(self) -> Self:
        unsafe = self.oidc_issuer and not self.oidc_issuer.startswith("https://")
        if self.environment == "production" and unsafe:
            raise ValueError("CONSULT_OIDC_ISSUER must begin with https:// in production.")
        if self.oidc_issuer and not self.oidc_client_id:
            raise ValueError("CONSULT_OIDC_CLIENT_ID must be set where there is an issuer.")
        return self

    @cached_property
    def is_production(self) -> bool:
        return self.environment == "production"

    @cached_property
    def eid_name(self) -> str:
        """What the eID is called on the pages; empty where there is none."""
        return self.oidc_name if self.oidc_issuer else ""

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
