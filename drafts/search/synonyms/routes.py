"""The administrator's pages of the synonyms: all groups, one group."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from consult.access import Actor
from consult.forms import Form, Posted
from consult.i18n.catalogues import LANGUAGES
from consult.security import Allow, Db
from consult.web import go, platform_of, render
from drafts.search.analyzers import fold, normalised
from drafts.search.synonyms.actions import add, change, remove
from drafts.search.synonyms.queries import beginning, synonyms, synonyms_of
from drafts.search.synonyms.rules import TYPED_CHARS, Synonyms, typed

router = APIRouter()

Administrator = Annotated[Actor, Depends(Allow("administer"))]
Typed = Annotated[str, Field(max_length=TYPED_CHARS)]
Sought = Annotated[str, Query(max_length=100)]


class WordsForm(BaseModel):
    """The words of a group by language, with commas between them; `n` as it was read."""

    ky: Typed = ""
    ru: Typed = ""
    kk: Typed = ""
    en: Typed = ""
    n: Annotated[int, Field(ge=0, lt=2**31 - 1)] = 0

    @property
    def typed(self) -> dict[str, str]:
        """What was typed, by language."""
        return {lang: str(getattr(self, lang)) for lang in LANGUAGES}


class RemoveForm(BaseModel):
    """How often the group had changed when it was read."""

    n: Annotated[int, Field(ge=0, lt=2**31 - 1)] = 0


@router.get("/admin/synonyms")
def show_synonyms(request: Request, session: Db, _actor: Administrator, q: Sought = "") -> Response:
    """All groups, or those with a word that begins so; a form for a new one."""
    return _list(request, session, q, Form[WordsForm]())


@router.post("/admin/synonyms")
def post_synonyms(request: Request, session: Db, actor: Administrator, posted: Posted) -> Response:
    """Add a group."""
    form = Form[WordsForm](posted).check(WordsForm)
    if form.ok:
        with form.attempt(session):
            now = platform_of(request).clock()
            code = add(session, actor=actor, typed=form.value.typed, now=now)
    if not form.ok:
        return _list(request, session, "", form)
    return go(f"/admin/synonyms/{code}", "The words are kept: searches use them from now on.")


@router.get("/admin/synonyms/{code}")
def show_group(request: Request, session: Db, _actor: Administrator, code: str) -> Response:
    """One group, to be changed or taken away; one that was taken away, to be put back."""
    group = synonyms_of(session, code)
    words = group.words or beginning().get(code, group).words
    return _page(request, group, Form[WordsForm](dict(typed(words))))


@router.post("/admin/synonyms/{code}")
def post_group(
    request: Request, session: Db, actor: Administrator, posted: Posted, code: str
) -> Response:
    """Put other words in its place."""
    form = Form[WordsForm](posted).check(WordsForm)
    if form.ok:
        with form.attempt(session):
            given, now = form.value, platform_of(request).clock()
            change(session, actor=actor, code=code, n=given.n, typed=given.typed, now=now)
    if not form.ok:
        return _page(request, synonyms_of(session, code), form)
    return go(f"/admin/synonyms/{code}", "The words are kept: searches use them from now on.")


@router.post("/admin/synonyms/{code}/remove")
def post_remove(
    request: Request, session: Db, actor: Administrator, posted: Posted, code: str
) -> Response:
    """Take it away."""
    form = Form[RemoveForm](posted).check(RemoveForm)
    if form.ok:
        with form.attempt(session):
            now = platform_of(request).clock()
            remove(session, actor=actor, code=code, n=form.value.n, now=now)
    if not form.ok:
        group = synonyms_of(session, code)
        form.raw |= typed(group.words)
        return _page(request, group, form)
    return go("/admin/synonyms", "The words are taken away.")


def _list(request: Request, session: Db, q: str, form: Form[WordsForm]) -> Response:
    sought = fold(normalised(q.strip()))
    groups = [one for one in synonyms(session) if not sought or _has(one, sought)]
    return render(
        request,
        "admin/synonyms.html",
        status=form.status,
        groups=[one for one in groups if one.words],
        removed=[] if sought else [one for one in groups if not one.words],
        q=q,
        form=form,
    )


def _has(group: Synonyms, sought: str) -> bool:
    return any(sought in fold(normalised(text)) for _, text in group.group)


def _page(request: Request, group: Synonyms, form: Form[Any]) -> Response:
    """The form counts on the group as it is now, which the page tells beside what was typed."""
    return render(request, "admin/synonym.html", status=form.status, group=group, form=form)
