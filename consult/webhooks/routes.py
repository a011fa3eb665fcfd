"""Webhooks: my own in the cabinet, and the page for programmers that says what a call holds."""

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.forms import Form, Posted
from consult.security import Allow, Db, Reader
from consult.web import go, platform_of, render
from consult.webhooks.actions import add_webhook, end, renew_secret, send_trial
from consult.webhooks.forms import WebhookForm
from consult.webhooks.queries import webhooks_of
from consult.webhooks.rules import ERRORS, FIELDS, KINDS, MEANINGS, URL_MAX, payload_of

router = APIRouter()

Owner = Annotated[Actor, Depends(Allow("cabinet"))]
WebhookId = Annotated[int, Path(ge=1, lt=2**31)]
HOME = "/cabinet/webhooks"


@router.get(HOME)
def show_webhooks(request: Request, session: Db, actor: Owner) -> Response:
    """My webhooks with their last calls, and the form to add one."""
    return _page(request, session, actor, Form())


def _page(
    request: Request,
    session: Db,
    actor: Actor,
    form: Form[WebhookForm],
    secret: str = "",
    *,
    renewed: bool = False,
) -> Response:
    response = render(
        request,
        "webhooks/own.html",
        status=form.status,
        form=form,
        secret=secret,
        renewed=renewed,
        watched=webhooks_of(session, actor.person_id),
        kinds=KINDS,
        meanings=MEANINGS,
        errors=ERRORS,
        url_max=URL_MAX,
    )
    if secret:
        response.headers["cache-control"] = "no-store"
    return response


@router.post(HOME)
def post_webhook(request: Request, session: Db, actor: Owner, posted: Posted) -> Response:
    """Have an address called. Answers with a page: the secret is shown there, and never again."""
    platform, form, secret = platform_of(request), Form[WebhookForm](posted).check(WebhookForm), ""
    if form.ok:
        with form.attempt(session):
            _, secret = add_webhook(
                session,
                actor=actor,
                settings=platform.settings,
                url=form.value.url,
                kinds=form.value.kinds,
                now=platform.clock(),
            )
    return _page(request, session, actor, Form() if form.ok else form, secret)


@router.post(HOME + "/{webhook_id}/secret")
def post_secret(request: Request, session: Db, actor: Owner, webhook_id: WebhookId) -> Response:
    """A new secret. Answers with a page: it is shown there, and never again."""
    platform = platform_of(request)
    secret = renew_secret(
        session,
        actor=actor,
        settings=platform.settings,
        webhook_id=webhook_id,
        now=platform.clock(),
    )
    return _page(request, session, actor, Form(), secret, renewed=True)


@router.post(HOME + "/{webhook_id}/end")
def post_end(request: Request, session: Db, actor: Owner, webhook_id: WebhookId) -> Response:
    """Have an address called no more."""
    end(session, actor=actor, webhook_id=webhook_id, now=platform_of(request).clock())
    return go(HOME, "The webhook was ended.")


@router.post(HOME + "/{webhook_id}/trial")
def post_trial(request: Request, session: Db, actor: Owner, webhook_id: WebhookId) -> Response:
    """Have a trial call made."""
    send_trial(session, actor=actor, webhook_id=webhook_id, now=platform_of(request).clock())
    return go(HOME, "A trial call is on its way. Load this page again to see what came of it.")


@router.get("/webhooks/events")
def show_events(request: Request, _actor: Reader) -> Response:
    """What can be had, what a call holds, how to check that it came from here."""
    platform = platform_of(request)
    base = platform.settings.base_url.rstrip("/")
    data = {
        "draft_id": 12,
        "titles": {"en": "On village libraries"},
        "agency": "MOJ",
        "url": f"{base}/drafts/12",
        "version": 2,
    }
    example = payload_of("draft.published", platform.clock(), data)
    return render(
        request,
        "webhooks/events.html",
        fields=FIELDS,
        kinds=(*KINDS, "webhook.trial"),
        meanings=MEANINGS,
        example=json.dumps(example, indent=2, ensure_ascii=False),
    )
