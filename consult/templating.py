"""Templates: one environment a language, with the filters pages and mails share. No HTTP."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_decimal
from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    pass_context,
    pass_environment,
    pass_eval_context,
    select_autoescape,
)
from jinja2.filters import do_truncate
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from markupsafe import Markup

from consult.db import text_in
from consult.i18n.catalogues import LANGUAGES, LOCALES, translations
from consult.marks import PERSONAL_DATA, beginning, split
from consult.procedure.deadlines import last_day
from consult.procedure.duties import Names
from drafts.importing.table.figures import is_figure

ROOT = Path(__file__).parent.parent
STATIC = ROOT / "static"


@lru_cache(maxsize=256)
def static_url(name: str) -> str:
    """The address of a file under static/, changing with its content so that it may be cached."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"


def place_url(draft_id: int, wid: str = "", **asked: object) -> str:
    """The address of a draft's text, or of one provision in whichever part of it that stands.

    `asked` is what the reading page takes: text, version, beside, part, all; empty is left out.
    """
    query = {name: value for name, value in (*asked.items(), ("at", wid)) if value}
    place = f"#{quote(wid)}" if wid else ""
    return f"/drafts/{draft_id}{'?' if query else ''}{urlencode(query)}{place}"


def change_url(draft_id: int, wid: str) -> str:
    """The address that leads to the newest change of a provision, in whichever comparison."""
    return f"/drafts/{draft_id}/comparison?{urlencode({'at': wid})}#{quote(wid)}" if wid else ""


def problem_url(draft_id: int, problem_id: int) -> str:
    """The address of a reported problem, on the page of their list that begins with it."""
    return f"/drafts/{draft_id}/after?before={problem_id + 1}#problem-{problem_id}"


@lru_cache(maxsize=4096)
def _number(value: float, locale: str) -> str:
    return format_decimal(value, locale=locale)


@lru_cache(maxsize=4096)
def _date(value: date, locale: str, zone: ZoneInfo, form: str) -> str:
    """A day; without «г.», whose full stop would end a sentence."""
    if isinstance(value, datetime):
        value = value.astimezone(zone).date()
    return format_date(value, format=form, locale=locale).removesuffix("г.").rstrip()


@lru_cache(maxsize=1024)
def _month(value: date | str, locale: str) -> str:
    """The month of a day (in JSON a text); without «г.», whose full stop would end a sentence."""
    on = date.fromisoformat(value) if isinstance(value, str) else value
    return format_skeleton("yMMMM", on, locale=locale).removesuffix("г.").rstrip()


@lru_cache(maxsize=4096)
def _datetime(value: datetime, locale: str, zone: ZoneInfo) -> str:
    return format_datetime(value, format="medium", tzinfo=zone, locale=locale).removesuffix(":00")


@lru_cache(maxsize=4096)
def _moment(value: datetime, locale: str, zone: ZoneInfo) -> str:
    day = format_date(value.astimezone(zone).date(), format="long", locale=locale)
    return f"{day}, {value.astimezone(zone):%H:%M}"


def _name(names: Mapping[str, Any] | Names, lang: str) -> str:
    """A name in the language of the interface: of an agency, a draft, a kind of act."""
    return names.in_language(lang) if isinstance(names, Names) else text_in(dict(names), lang)[0]


@pass_context
def _say(context: Context, message: str, params: Mapping[str, object] | None = None) -> str:
    """Translate a message that came from the code with its values, such as an error's."""
    said = str(context.environment.globals["translate"](message))  # type: ignore[operator]
    in_words = context.environment.filters["date"]
    values = {key: in_words(v) if isinstance(v, date) else v for key, v in (params or {}).items()}
    return said.format(**values) if values else said


@pass_environment
def _truncate(env: Environment, text: str, length: int = 255, end: str = "...") -> str:
    """The filter of Jinja, which cuts no mark in two (marks.py)."""
    return beginning(text, lambda words: do_truncate(env, words, length, end=end))


def _marker(said: str) -> Callable[..., Any]:
    """The filter that says the marks of a text (marks.py) as `said`, in HTML as what they are."""
    shown = Markup('<mark class="removed">{}</mark>').format(said)

    @pass_eval_context
    def marked(context: EvalContext, text: str | Sequence[tuple[str, str]]) -> Any:
        if not isinstance(text, str):  # pieces, as provision.words takes them
            return [(op, marked(context, words)) for op, words in text]
        return (shown if context.autoescape else said).join(split(text)[::2])

    return marked


@lru_cache(maxsize=8)
def environment(lang: str, zone: ZoneInfo) -> Environment:
    """The templates in one language; built once, since gettext is bound at compile time."""
    env = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=select_autoescape(default=True, disabled_extensions=("txt",)),  # plain mails
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    catalogue = translations(lang)
    env.install_gettext_callables(  # type: ignore[attr-defined]
        catalogue.gettext, catalogue.ngettext, newstyle=True
    )
    locale = LOCALES[lang]
    env.globals.update(
        lang=lang,
        languages=LANGUAGES,
        change_url=change_url,
        place_url=place_url,
        static=static_url,
        translate=catalogue.gettext,
    )
    env.tests["figure"] = is_figure
    env.filters.update(
        date=partial(_date, locale=locale, zone=zone, form="long"),
        short_date=partial(_date, locale=locale, zone=zone, form="medium"),
        weekday=partial(_date, locale=locale, zone=zone, form="full"),
        month=partial(_month, locale=locale),
        datetime=partial(_moment, locale=locale, zone=zone),
        last_day=partial(last_day, tz=zone),  # of what is due by, or ends at, an instant
        number=partial(_number, locale=locale),
        name=lambda names: _name(names, lang),
        local=lambda names: text_in(names, lang),
        say=_say,
        truncate=_truncate,
        who=lambda one: one.said(catalogue.gettext),  # a naming.PublicName
        marked=_marker(catalogue.gettext(PERSONAL_DATA)),
        tojson_text=lambda value: Markup.escape(json.dumps(value, ensure_ascii=False)),
    )
    return env
