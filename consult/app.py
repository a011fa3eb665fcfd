"""The composition root: builds the installation from its settings, and the ASGI application."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from threading import Event, Thread

import anyio.to_thread
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from sqlalchemy.exc import IntegrityError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from consult.accounts import queries as accounts
from consult.accounts import routes as account_routes
from consult.accounts.actions import see
from consult.accounts.agencies import admin_routes as agency_admin_routes
from consult.accounts.agencies import routes as agency_routes
from consult.accounts.appearance import routes as appearance_routes
from consult.accounts.demographics import routes as demographics_routes
from consult.accounts.eid import desk_routes as eid_desk_routes
from consult.accounts.eid import routes as eid_routes
from consult.accounts.esign import routes as esign_routes
from consult.accounts.invitations import routes as invitation_routes
from consult.accounts.keys import routes as key_routes
from consult.accounts.organisations import admin_routes as organisation_admin_routes
from consult.accounts.organisations import routes as organisation_routes
from consult.accounts.second_factor import own_routes as factor_routes
from consult.accounts.second_factor import routes as second_factor_routes
from consult.accounts.signins import routes as sign_in_routes
from consult.adoption import problem_routes
from consult.adoption import routes as adoption_routes
from consult.adoption.practice import routes as practice_routes
from consult.answers import routes as answer_routes
from consult.answers.teamwork import routes as teamwork_routes
from consult.attachments import routes as attachment_routes
from consult.chambers.bills import amendment_routes
from consult.chambers.bills import routes as bill_routes
from consult.chambers.deputies import routes as deputy_routes
from consult.chambers.sittings import routes as sitting_routes
from consult.chambers.voting import routes as voting_routes
from consult.clock import Clock, utc_now
from consult.config import Settings
from consult.consultations import extension_routes
from consult.consultations import routes as consultation_routes
from consult.cosigning import routes as cosigning_routes
from consult.councils import member_routes as council_member_routes
from consult.councils import routes as council_routes
from consult.db import Database
from consult.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, TooLarge
from consult.exchange import desk_routes as exchange_desk_routes
from consult.exchange import routes as exchange_routes
from consult.exports import routes as export_routes
from consult.feedback import routes as feedback_routes
from consult.grouping import routes as grouping_routes
from consult.hearings import routes as hearing_routes
from consult.intake import routes as intake_routes
from consult.law import calculator_routes
from consult.law import routes as law_routes
from consult.limits.rules import Pressed
from consult.limits.store import Limits
from consult.moderation import act_routes as moderation_act_routes
from consult.moderation import answer_routes as moderation_answer_routes
from consult.moderation import appeal_routes as moderation_appeal_routes
from consult.moderation import routes as moderation_routes
from consult.obligations import correction_routes as duty_correction_routes
from consult.obligations import duty_routes
from consult.obligations import routes as obligation_routes
from consult.opendata import pages as open_data_pages
from consult.opendata import routes as open_data_routes
from consult.openness import indicator_routes
from consult.openness import routes as openness_routes
from consult.papers import routes as paper_routes
from consult.parliament import routes as parliament_routes
from consult.plans import desk_routes, item_routes, table_routes
from consult.plans import routes as plan_routes
from consult.platform import Platform
from consult.polls import routes as poll_routes
from consult.pressure import show_pressed
from consult.privacy import leaving_routes
from consult.privacy import routes as privacy_routes
from consult.privacy.forgetting import forget_again
from consult.procedure.packs import load_pack
from consult.proposals import desk_routes as proposal_desk_routes
from consult.proposals import routes as proposal_routes
from consult.questions import desk_routes as question_desk_routes
from consult.questions import routes as question_routes
from consult.record import routes as record_routes
from consult.reports import routes as report_routes
from consult.security import Guard
from consult.site import routes as site_routes
from consult.snapshots import routes as snapshot_routes
from consult.statistics import comparing_routes
from consult.statistics import routes as statistics_routes
from consult.templating import STATIC
from consult.web import is_for_programs, problem, show_error
from consult.webhooks import routes as webhook_routes
from consult.worker import run_forever
from drafts import routes as draft_routes
from drafts.answering import routes as answering_routes
from drafts.comparative import routes as comparative_routes
from drafts.confirmation import routes as confirmation_routes
from drafts.correcting import routes as correcting_routes
from drafts.search.engines import engine_in
from drafts.search.synonyms import routes as synonym_routes
from notifications import disavowing_routes, following_routes
from notifications import routes as notification_routes
from notifications.bounces import routes as bounce_routes
from notifications.queries import unread_among

ROUTERS: tuple[APIRouter, ...] = (
    proposal_routes.router,  # before all: else /proposals/new would be a proposal
    site_routes.router,  # first: the pages most read, and routes are tried in turn
    account_routes.router,
    sign_in_routes.router,
    second_factor_routes.router,
    factor_routes.router,
    agency_routes.router,
    agency_admin_routes.router,
    invitation_routes.router,
    organisation_routes.router,
    organisation_admin_routes.router,
    appearance_routes.router,
    key_routes.router,
    demographics_routes.router,
    eid_routes.router,
    eid_desk_routes.router,
    esign_routes.router,
    draft_routes.router,
    confirmation_routes.router,
    correcting_routes.router,
    answering_routes.router,
    comparative_routes.router,
    consultation_routes.router,
    extension_routes.router,
    answer_routes.router,
    teamwork_routes.router,
    grouping_routes.router,
    report_routes.router,
    feedback_routes.router,
    cosigning_routes.router,
    paper_routes.router,
    attachment_routes.router,
    intake_routes.router,
    hearing_routes.router,
    proposal_desk_routes.router,
    question_routes.router,
    question_desk_routes.router,
    record_routes.router,
    duty_routes.router,
    duty_correction_routes.router,
    obligation_routes.router,
    calculator_routes.router,
    law_routes.router,
    adoption_routes.router,
    problem_routes.router,
    practice_routes.router,
    plan_routes.router,
    table_routes.router,
    desk_routes.router,
    synonym_routes.router,
    item_routes.router,
    moderation_routes.router,
    moderation_act_routes.router,
    moderation_answer_routes.router,
    moderation_appeal_routes.router,
    statistics_routes.router,
    poll_routes.router,
    council_routes.router,
    council_member_routes.router,
    comparing_routes.router,
    snapshot_routes.router,
    openness_routes.router,
    indicator_routes.router,
    parliament_routes.router,
    bill_routes.router,
    amendment_routes.router,
    voting_routes.router,
    deputy_routes.router,
    sitting_routes.router,
    export_routes.router,
    exchange_routes.router,
    exchange_desk_routes.router,
    open_data_routes.router,
    open_data_pages.router,
    following_routes.router,
    notification_routes.router,
    bounce_routes.router,
    disavowing_routes.router,
    webhook_routes.router,
    privacy_routes.router,
    leaving_routes.router,
)
BODY_LIMIT = 100_000_000  # bytes after which the server stops reading; forms.py refuses earlier


def build_platform(settings: Settings, clock: Clock = utc_now) -> Platform:
    """The parts of an installation; makes the data folder if it is not there."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Platform(
        settings=settings,
        database=Database(settings.database),
        clock=clock,
        pack=load_pack(settings.jurisdiction),
        search=engine_in(settings.data_dir, settings.search_engine),
        limits=Limits(settings),
        identify=partial(
            accounts.identify,
            staff_second_factor=settings.staff_second_factor,
            unread=unread_among,
        ),
        unseen=accounts.is_unseen,
        see=see,
    )


def create_app(platform: Platform) -> FastAPI:
    """The application for one installation."""
    settings = platform.settings
    app = FastAPI(
        title="Kenesh",
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        max_body_size=BODY_LIMIT,
    )
    app.state.platform = platform
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=4)
    app.add_middleware(Guard, secure=settings.is_production)
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_exception_handler(DomainError, _domain_error)
    app.add_exception_handler(Pressed, _pressed)
    app.add_exception_handler(IntegrityError, _done_meanwhile)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _bad_address)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    platform: Platform = app.state.platform
    # Many threads only wait for each other's turn at the interpreter: a few are faster under load.
    anyio.to_thread.current_default_thread_limiter().total_tokens = platform.settings.threads
    forget_again(platform, platform.clock())  # a backup that was put back knows too many
    stop = Event()
    thread = Thread(target=run_forever, args=(platform, stop), name="worker", daemon=True)
    if platform.settings.embedded_worker:
        thread.start()
    yield
    stop.set()
    if thread.is_alive():
        thread.join(timeout=10)


async def _domain_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)  # noqa: S101 - registered for this class only
    return show_error(request, error)


async def _pressed(request: Request, error: Exception) -> Response:
    assert isinstance(error, Pressed)  # noqa: S101 - registered for this class only
    return await show_pressed(request, error)


async def _done_meanwhile(request: Request, _error: Exception) -> Response:
    """Of two that did the same at the same instant, the constraint let one through."""
    return show_error(request, Conflict("This was done a moment ago already. Please look again."))


async def _http_error(request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 500)
    if is_for_programs(request):
        return problem(status, getattr(error, "detail", "") or "This was not understood.")
    known: dict[int, Callable[[], DomainError]] = {
        403: lambda: NotAllowed("Your role does not allow this."),
        404: lambda: NotFound("There is no such page."),
        413: lambda: TooLarge("This is more than can be taken at once."),
    }
    domain_error = known.get(status, lambda: Invalid("This was not understood."))()
    response = show_error(request, domain_error)
    response.status_code = status
    return response


async def _bad_address(request: Request, error: Exception) -> Response:
    """An address that cannot be read, such as /drafts/abc, is one that does not exist; a program
    is told which parameter it was."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    place, *names = error.errors()[0]["loc"]
    if is_for_programs(request) and place == "query":
        return show_error(request, Invalid("This was not understood.", field=str(names[0])))
    return show_error(request, NotFound("There is no such page."))
