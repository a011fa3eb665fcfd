"""What `consult check` and /healthz look at: whether this installation can do its work."""

from dataclasses import dataclass

from sqlalchemy import func, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from consult.accounts.esign.providers import PROVIDERS
from consult.attachments.storing import faults
from consult.config import Settings
from consult.errors import DomainError
from consult.law.queries import confirmations, law_of
from consult.law.rules import unconfirmed_years
from consult.moderation.appeals import appeal_kinds, oversight_agency
from consult.opendata.dumps import dumps
from consult.outbox import Delivery
from consult.platform import Platform
from consult.privacy.forgotten import FILE, known_again, strangers
from consult.procedure.deadlines import local_day
from consult.record.queries import head_holds
from consult.schema import is_current
from consult.snapshots.queries import tampered
from drafts.search.following import lag_of, needs_rebuild, size
from notifications.models import Mail

STALE = 2  # days after which files that are written each night are late
LATE = 600  # seconds after which an index that lags needs somebody
MOST_FOR_WHOOSH = 10_000  # drafts and comments
SECRET_LENGTH = 32  # characters; at random, more than 128 bits however they are written


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know; serious if it must be mended before the installation works."""

    text: str
    serious: bool


def can_serve(platform: Platform) -> bool:
    """Whether the database answers."""
    try:
        with platform.database.reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def findings(platform: Platform) -> list[Finding]:
    """Everything that is not as it should be."""
    if not can_serve(platform):
        return [Finding("The database does not answer.", serious=True)]
    if not is_current(platform.database.engine):
        return [Finding("The database is not up to date: run `consult migrate`.", serious=True)]
    found = weak_settings(platform.settings) + unfit_signing(platform.settings)
    found += _index(platform)
    with platform.database.reading() as session:
        for model, name in ((Delivery, "background tasks"), (Mail, "mails")):
            count = session.exec(
                select(func.count()).select_from(model).where(col(model.parked_at).is_not(None))
            ).one()
            if count:
                found.append(Finding(f"{count} {name} were given up; see /admin.", serious=True))
        if not head_holds(session):
            found.append(Finding("The public record is broken: run `consult verify-record`.", True))
        found += _bad_files(session, platform)
        found += _forgotten(session, platform)
        found += _unconfirmed(session, platform)
        found += _appeals(session, platform)
        found += _dumps(platform)
        found += [
            Finding(f"The snapshot {url} is no longer what was kept.", serious=True)
            for url in tampered(session)
        ]
    return found


def _index(platform: Platform) -> list[Finding]:
    """Whether search knows what there is, soon enough, and serves as many texts as there are."""
    found = []
    if needs_rebuild(platform):
        found.append(Finding("The search index is missing or old: run `consult reindex`.", True))
    elif (lag := lag_of(platform)) and lag.since:
        late = int((platform.clock() - lag.since).total_seconds())
        text = f"The search index lags behind: {lag.waiting} events, the first {late} seconds old."
        found.append(Finding(text, serious=late > LATE))
    with platform.database.reading() as session:
        texts = size(session)
    if texts > MOST_FOR_WHOOSH and platform.settings.search_engine == "whoosh":
        text = (
            f"{texts} drafts and comments are searched: tantivy does so faster. Run "
            "`consult reindex --engine tantivy`, then set CONSULT_SEARCH_ENGINE=tantivy."
        )
        found.append(Finding(text, serious=False))
    return found


def _dumps(platform: Platform) -> list[Finding]:
    """Files of open data that are not written any more."""
    newest = next(iter(dumps(platform).values()), None)
    if not platform.settings.dumps_kept or newest is None:
        return []
    days = (platform.clock() - newest.made_at).days
    told = f"The newest files of open data are {days} days old: does `consult worker` run?"
    return [Finding(told, serious=False)] if days >= STALE else []


def weak_settings(settings: Settings) -> list[Finding]:
    """What is allowed while trying things out, and unsafe where real people come."""
    if not settings.is_production:
        return []
    plain_mail = settings.smtp_host not in {"", "localhost", "127.0.0.1", "::1"}
    weak = {
        "CONSULT_SECRET_KEY is short: take 32 letters or more, made at random.": (
            len(settings.secret_key) < SECRET_LENGTH
        ),
        "CONSULT_BASE_URL does not begin with https://.": (
            not settings.base_url.startswith("https://")
        ),
        "CONSULT_STAFF_SECOND_FACTOR is off: a stolen password opens a desk.": (
            not settings.staff_second_factor
        ),
        "CONSULT_LIMITS_ENABLED is off: passwords can be guessed as fast as one likes.": (
            not settings.limits_enabled
        ),
        "CONSULT_SMTP_STARTTLS is off: mails and their links travel in the open.": (
            plain_mail and not settings.smtp_starttls
        ),
        "CONSULT_SMTP_HOST is empty: mails stay in a folder, and nobody gets them.": (
            not settings.smtp_host
        ),
    }
    return [Finding(text, serious=True) for text, is_so in weak.items() if is_so]


def unfit_signing(settings: Settings) -> list[Finding]:
    """What keeps electronic signatures from being checked, where they are wished."""
    if not settings.esign_roots:
        return []
    if settings.esign_provider not in PROVIDERS:
        text = f"CONSULT_ESIGN_PROVIDER is none of {', '.join(PROVIDERS)}."
        return [Finding(text, serious=True)]
    try:
        PROVIDERS[settings.esign_provider](settings)
    except DomainError as wrong:
        return [Finding(f"Signatures cannot be checked: {wrong}", serious=True)]
    return []


def _bad_files(session: Session, platform: Platform) -> list[Finding]:
    """The files of comments that are not there any more, or not as they were."""
    missing, damaged = faults(platform.settings.data_dir, session)
    return [
        *(Finding(f"The attached file {name} is missing.", serious=True) for name in missing),
        *(Finding(f"The attached file {name} is damaged.", serious=True) for name in damaged),
    ]


def _forgotten(session: Session, platform: Platform) -> list[Finding]:
    """Whether everybody is forgotten who was, also after a backup was put back."""
    again = sum(1 for _ in known_again(session, platform.settings))
    others, found = strangers(session, platform.settings), []
    if again:
        text = f"{again} people who were forgotten are known again: run `consult restore`."
        found.append(Finding(text, serious=True))
    if others:
        text = f"{others} numbers in {FILE} are other people's by now."
        found.append(Finding(text, serious=False))
    return found


def _unconfirmed(session: Session, platform: Platform) -> list[Finding]:
    """The rules and the calendars that somebody still has to compare with the law in force."""
    law, found = law_of(session, platform.pack), []
    rules = len(law.pack.rule) - len(confirmations(session, law.pack))
    if rules:
        found.append(f"{rules} rules of law are not confirmed by the operator; see /admin/rules.")
    found += [
        f"The working calendar of {year} is not confirmed; see /admin/calendar?year={year}."
        for year in unconfirmed_years(law.calendar, local_day(platform.clock(), law.tz))
    ]
    return [Finding(text, serious=False) for text in found]


def _appeals(session: Session, platform: Platform) -> list[Finding]:
    """Whether somebody owes a decision to an author who appeals against moderation."""
    kinds = appeal_kinds(platform.pack)
    if not kinds:
        text = "The rules give no time to appeal against moderation, so nobody can."
    elif oversight_agency(session, platform.pack, other_than=0) is None:
        text = f"No agency ({', '.join(kinds)}) is entered that owes decisions on appeals."
    else:
        return []
    return [Finding(text, serious=False)]
