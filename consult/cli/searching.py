"""Commands of search: ask it as a person would, and judge how well it answers."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from consult.cli.start import Json, open_platform
from consult.demo.relevance import Answers, ask_all, fill, judged_set
from consult.errors import Invalid
from drafts.search.asking import ask
from drafts.search.engines import ENGINES, engine_in
from drafts.search.interface import UNITS, Hit, Page, Query
from drafts.search.judging import AT, Judged, Score, ndcg, recall, score
from drafts.search.synonyms.queries import beginning
from drafts.search.widening import Thesaurus

app = typer.Typer()

EngineName = Annotated[str, typer.Option(help=f"One of: {', '.join(ENGINES)}.")]


@app.command()
def search(
    query: str,
    *,
    lang: Annotated[str, typer.Option(help="Of the interface: it ranks.")] = "ky",
    unit: Annotated[str, typer.Option(help=f"What is found: {', '.join(UNITS)}.")] = "draft",
    engine: EngineName = "",
    as_json: Json = False,
) -> None:
    """Search drafts, provisions or comments, as the page of search does.

    Another engine than that in use needs `consult reindex --engine` first.
    """
    wanted = next((one for one in UNITS if one == unit), None)
    if wanted is None:
        raise Invalid("Please choose one of the options: {options}.", options=", ".join(UNITS))
    platform = open_platform()
    if _known(engine):
        index = engine_in(platform.settings.data_dir, engine)
        platform = replace(platform, search=index)
    with platform.database.reading() as session:
        page = ask(session, platform, Query(query, lang, unit=wanted))
    told = {"total": page.total, **_of_query(page), "hits": [_hit(hit) for hit in page.hits]}
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
    if page.lost:
        typer.echo("consult: there is no index; run `consult reindex` first.", err=True)
        raise typer.Exit(1)
    if as_json:
        return
    typer.echo(f"{page.total} found")
    for name in ("corrected", "meant"):
        if value := getattr(page, name):
            typer.echo(f"{name}: {value}")
    if page.also:
        typer.echo(f"also: {', '.join(page.also)}")
    for hit in map(_hit, page.hits):
        place = f"comment {hit['comment']}" if hit["comment"] else hit["provision"]
        typer.echo(f"{hit['draft']:>6}  {hit['title']}  {place}\n        {hit['snippet']}")


def _known(engine: str) -> bool:
    """Whether an engine was named; raises Invalid if it is none."""
    if engine and engine not in ENGINES:
        raise Invalid("Please choose one of the options: {options}.", options=", ".join(ENGINES))
    return bool(engine)


def _of_query(page: Page) -> dict[str, Any]:
    """What became of the query, as far as anything did."""
    told = {"corrected": page.corrected, "meant": page.meant, "also": page.also, "lost": page.lost}
    return {name: value for name, value in told.items() if value}


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "draft": hit.draft_id,
        "provision": hit.wid,
        "comment": hit.comment_id or None,
        "lang": hit.lang,
        "title": hit.title,
        "heading": hit.heading,
        "snippet": "".join(text for text, _ in hit.snippet),
        "score": round(hit.score, 3),
    }


@app.command()
def relevance(
    *,
    engine: EngineName = "",
    misses: Annotated[bool, typer.Option("--misses", help="Name what was answered badly.")] = False,
    as_json: Json = False,
) -> None:
    """Judge the search by queries graded by hand: nDCG@10 and recall, of one engine or of each."""
    answers = {name: _answers(name) for name in ([engine] if _known(engine) else ENGINES)}
    if as_json:
        told = {
            name: {group: asdict(one) for group, one in _scores(found)}
            for name, found in answers.items()
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    for name, found in answers.items():
        typer.echo(f"{name:<24}{'queries':>8}{f'nDCG@{AT}':>9}{'recall':>8}{'wrong':>7}")
        for group, one in _scores(found):
            figures = f"{one.queries:>8}{one.ndcg:>9.3f}{one.recall:>8.3f}{one.wrong:>7}"
            typer.echo(f"  {group:<22}{figures}")
        for line in _misses(found) if misses else ():
            typer.echo(line)


def _answers(name: str) -> Answers:
    thesaurus = Thesaurus(one.group for one in beginning().values())
    with tempfile.TemporaryDirectory(prefix="kenesh-relevance-") as folder:
        engine = ENGINES[name](Path(folder))
        fill(engine, judged_set())
        return ask_all(engine, judged_set(), thesaurus)


def _scores(answers: Answers) -> Iterator[tuple[str, Score]]:
    """Of all queries, of those of each language and of each kind."""
    yield "all", score(answers)
    for of in ("lang", "kind"):
        for group in dict.fromkeys(getattr(query, of) for query, _ in answers):
            yield group, score([one for one in answers if getattr(one[0], of) == group])


def _misses(answers: Answers) -> Iterator[str]:
    def badly(query: Judged, found: Any) -> bool:
        return ndcg(found, query.grades) < 0.8 or recall(found, query.grades) < 0.5

    for query, found in answers:
        if badly(query, found):
            wanted = sorted(query.grades, key=query.grades.__getitem__, reverse=True)
            yield f"    {query.lang} {query.kind}: {query.text}"
            yield f"        found {', '.join(found[:5]) or '—'}; wanted {', '.join(wanted)}"
