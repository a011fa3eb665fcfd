"""Figures as files for other programs: JSON and CSV, with licence, time and where they are from.

The keys are a promise: they may be added to, never renamed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from fastapi import Response
from fastapi.responses import JSONResponse

from consult.polls.queries import told_json
from consult.spreadsheets import csv_text
from consult.statistics.brief import Brief, Held
from consult.statistics.metrics import ADDRESS, Metric, metrics
from consult.statistics.rules import Figures, most_disputed

LICENCE = {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}
COLUMNS = ("figure", "by", "part", "label", "value")
ANY_ORIGIN = {"Access-Control-Allow-Origin": "*"}  # open data: a page anywhere may read it
Labels = Mapping[str, Mapping[str, str]]  # {"provision": {"art_2": "Article 2"}}


def envelope(base_url: str, path: str, now: datetime) -> dict[str, Any]:
    """What every file says of itself."""
    return {
        "url": base_url.rstrip("/") + path,
        "generated_at": now.isoformat(),
        "licence": LICENCE,
        "definitions": base_url.rstrip("/") + ADDRESS,
    }


def figures_json(figures: Figures) -> dict[str, Any]:
    """Figures by code: the value, its parts, and the version of the definition they follow."""
    return {
        code: {
            "value": figure.value,
            "of": figure.of,
            "version": metrics()[code].version,
            "by": {name: dict(parts) for name, parts in figure.by.items()},
        }
        for code, figure in figures.items()
    }


def figure_rows(figures: Figures, labels: Labels) -> Iterable[Sequence[object]]:
    """One line a number: the figure itself has no `by` and no part."""
    for code, figure in figures.items():
        yield code, "", "", "", figure.value
        for dimension, parts in figure.by.items():
            names = labels.get(dimension, {})
            for part, value in parts.items():
                yield code, dimension, part, names.get(part, ""), value


def brief_json(brief: Brief, names: Mapping[str, str]) -> dict[str, Any]:
    """The brief of a draft with nothing cut short; `names` are of its provisions, by wid."""
    return {
        "survey": False,  # those who took part chose to
        "rounds": [_round(held) for held in brief.held],
        "figures": figures_json(brief.counts.figures),
        "disputed": [
            asdict(place) | {"provision": names.get(place.wid, "")}
            for place in most_disputed(brief.counts.places)
        ],
        "issues": [
            {
                "title": issue.title,
                "comments": issue.comments,
                "outcome": issue.outcome,
                "best": {stance: _comment(row) for stance, row in issue.best.items()},
            }
            for issue in brief.issues
        ],
        "changes": [
            {
                "wid": change.wid,
                "provision": names.get(change.wid, ""),
                "lang": change.lang,
                "before": change.before,
                "after": change.after,
            }
            for change in brief.changes
        ],
        "polls": [told_json(told) for told in brief.polls],
        "duties": [
            {"duty": row.duty, "standing": row.standing, "n": row.n, "due_at": _instant(row.due_at)}
            for row in brief.counts.duties
        ],
    }


def _round(held: Held) -> dict[str, Any]:
    return {
        "round": held.round,
        "opens_at": _instant(held.opens_at),
        "closes_at": _instant(held.closes_at),
        "days_open": held.days,
        "days_minimum": held.minimum,
        "citation": held.computation.citation,
        "preliminary": held.computation.preliminary,
        "exception": held.exception,
    }


def _comment(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "who": row.who.name,  # empty where the public sees no name
        "who_kind": row.who.kind,
        "lang": row.lang,
        "body": row.body,
        "votes_for": row.for_n,
        "votes_against": row.against_n,
    }


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def metric_json(metric: Metric) -> dict[str, Any]:
    """A definition."""
    return metric.model_dump()


def csv_answer(filename: str, figures: Figures, labels: Labels) -> Response:
    """A CSV file to save."""
    return _csv(filename, csv_text(COLUMNS, figure_rows(figures, labels)))


def _csv(filename: str, text: str) -> Response:
    return Response(
        text,
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{filename}.csv"',
            "Link": f'<{LICENCE["url"]}>; rel="license"',
            **ANY_ORIGIN,
        },
    )


def compared_csv(filename: str, what: str, rows: Iterable[tuple[str, Figures]]) -> Response:
    """Figures of several agencies or years without their parts: which, code, value, of, unit."""
    lines = [
        (name, code, figure.value, figure.of, metrics()[code].unit)
        for name, own in rows
        for code, figure in own.items()
    ]
    return _csv(filename, csv_text((what, "figure", "value", "of", "unit"), lines))


def json_answer(content: Mapping[str, Any]) -> Response:
    """A JSON document."""
    return JSONResponse(content, headers=ANY_ORIGIN)
