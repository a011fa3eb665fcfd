"""A report as data for programs: JSON as it is kept, CSV with a line a comment. In no language."""

import json
from collections.abc import Iterable
from dataclasses import asdict

from consult.reports.snapshot import Row, Said, Snapshot
from consult.spreadsheets import csv_text

COLUMNS = (
    *("number", "receipt", "said_at", "wid", "provision", "who", "who_kind"),
    *(
        "region",
        "mandate",
        "channel",
        "kind",
        "stance",
        "lang",
        "quote",
        "proposal",
        "change",
        "proposed",
        "gone",
        "redacted",
    ),
    *("issue", "outcome", "reason", "reason_lang", "changed_wid", "before", "after"),
)


def as_json(snapshot: Snapshot) -> bytes:
    """The report as JSON: what is said of the whole, then `rows`, `changes`, `campaigns`."""
    whole = asdict(snapshot)
    for row in whole["rows"]:
        del row["continued"]
    return json.dumps({**whole.pop("head"), **whole}, ensure_ascii=False).encode()


def as_csv(snapshot: Snapshot) -> bytes:
    """The comments with their answers as a table; what is answered together shares its number."""
    return csv_text(COLUMNS, _lines(snapshot.rows)).encode()


def _lines(rows: Iterable[Row]) -> Iterable[list[object]]:
    for row in rows:
        answer = row.answer
        decided = [answer.issue, answer.outcome, answer.reason, answer.lang, answer.wid]
        for said in row.said:
            yield [row.number, *_said(said), *decided, answer.before, answer.after]


def _said(said: Said) -> list[object]:
    place = next(iter(said.places.values()), "")
    told = [said.receipt, said.said_at, said.wid, place]
    told += [said.who, said.who_kind, said.region, said.mandate, said.channel]
    told += [said.kind, said.stance, said.lang, said.quote, said.proposal]
    return [*told, said.change, said.proposed, said.gone, int(said.redacted)]
