"""The files of a night: of one moment, whole or not at all, without what has to be hidden."""

import csv
import gzip
import json
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import select as sa_select
from sqlmodel import Session, select

from consult import outbox
from consult.accounts.models import Agency
from consult.comments.models import Comment
from consult.errors import Conflict
from consult.events import CommentHidden
from consult.opendata import dumps, parquet
from consult.opendata.columns import Type
from consult.opendata.registry import RESOURCES
from consult.opendata.resource import Resource
from consult.plans.models import PlanItem
from consult.platform import Platform
from consult.spreadsheets import BYTE_ORDER_MARK
from tests.client import Client
from tests.conftest import TestClock
from tests.filled import Filled, make_filled

FORMULA = '=HYPERLINK("https://evil.example")'
READ = {
    Type.INTEGER: "BIGINT",
    Type.BOOLEAN: "BOOLEAN",
    Type.DATE: "DATE",
    Type.INSTANT: "TIMESTAMP WITH TIME ZONE",
    Type.LIST: "VARCHAR[]",
}


def read_back(resource: Resource) -> str:
    """What is selected to get the values as they stand in JSON."""
    said = {
        Type.DATE: "strftime({}, '%Y-%m-%d')",
        Type.INSTANT: "replace(strftime({}, '%Y-%m-%dT%H:%M:%S.%f+00:00'), '.000000', '')",
    }
    columns = resource.columns
    return ", ".join(said.get(one.type, "{}").format(f'"{one.name}"') for one in columns)


@pytest.fixture
def filled(platform: Platform, clock: TestClock) -> Filled:
    filled = make_filled(platform, clock)
    with platform.database.writing() as session:
        comment = session.get_one(Comment, filled.scene.comments["lately edited"])
        comment.body = FORMULA
        session.add(comment)
    clock.forward(minutes=5)  # whatever happened is known everywhere
    return filled


@pytest.fixture
def kept(filled: Filled, monkeypatch: pytest.MonkeyPatch) -> Platform:
    """Where files are kept for two nights, without Parquet, which takes a process."""
    monkeypatch.setattr(parquet, "is_here", lambda: False)
    settings = filled.platform.settings.model_copy(update={"dumps_kept": 2})
    object.__setattr__(filled.platform, "settings", settings)
    return filled.platform


def lines(folder: Path, name: str) -> list[dict[str, Any]]:
    text = gzip.decompress((folder / f"{name}.jsonl.gz").read_bytes()).decode()
    return [json.loads(line) for line in text.split("\n") if line]


def test_all_forms_hold_the_same_rows_with_their_types(filled: Filled, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    made = dumps.write(filled.platform, folder, filled.clock.now)
    visitor = Client(filled.platform)
    for name, resource in RESOURCES.items():
        rows = lines(folder, name)
        assert len(rows) == made.rows[name]
        text = gzip.decompress((folder / f"{name}.csv.gz").read_bytes()).decode()
        assert text == visitor.get(f"/api/v1/{name}.csv").text
        duckdb.execute("SET TimeZone = 'UTC'")
        table = duckdb.sql(f"SELECT * FROM '{folder / name}.parquet'")
        types = {column.name: READ.get(column.type, "VARCHAR") for column in resource.columns}
        assert dict(zip(table.columns, map(str, table.types), strict=True)) == types
        read = duckdb.sql(f"SELECT {read_back(resource)} FROM '{folder / name}.parquet'").fetchall()
        assert read == [tuple(row.values()) for row in rows]
    cells = csv.DictReader(
        StringIO(
            gzip.decompress((folder / "comments.csv.gz").read_bytes())
            .decode()
            .removeprefix(BYTE_ORDER_MARK)
        )
    )
    assert f"'{FORMULA}" in [row["body"] for row in cells]
    assert FORMULA in [row["body"] for row in lines(folder, "comments")]
    sums = dict(
        reversed(line.split("  ")) for line in (folder / dumps.SUMS).read_text().splitlines()
    )
    files = {path.name for path in folder.iterdir()} - {dumps.SUMS}
    assert {name: sha256((folder / name).read_bytes()).hexdigest() for name in files} == sums
    schema = json.loads((folder / "csv-metadata.json").read_text())["tables"]
    assert {table["url"] for table in schema} <= files
    with pytest.raises(Conflict):
        dumps.write(filled.platform, folder, filled.clock.now)


def test_a_long_table_is_written_in_groups_that_fit_into_memory(tmp_path: Path) -> None:
    row = {"name": "code", "type": "text"}
    (tmp_path / "d.json").write_text(json.dumps({"resources": [{"name": "a", "fields": [row]}]}))
    written = "".join(f'{{"code":"{n}"}}\n' for n in range(2 * parquet.ROWS + 1))
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(written.encode()))
    parquet.write(tmp_path, tmp_path / "d.json")
    groups = duckdb.sql(
        f"SELECT row_group_num_rows FROM parquet_metadata('{tmp_path / 'a.parquet'}')"
    ).fetchall()
    assert groups == [(parquet.ROWS,), (parquet.ROWS,), (1,)]


def test_what_is_written_meanwhile_waits_for_nobody_and_is_not_in_it(
    filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = dumps._write_resource

    def disturbed(session: Session, resource: Any, *rest: Any) -> int:
        count = write(session, resource, *rest)
        if resource.name == "agencies":
            with filled.platform.database.writing() as other:
                agency = other.exec(select(Agency)).first()
                assert agency
                other.add(
                    PlanItem(
                        agency_id=agency.id or 0,
                        titles={"en": "Later"},
                        act_type="law",
                        expected_on=date(2027, 3, 1),
                        state="published",
                        created_at=filled.clock.now,
                    )
                )
        return count

    monkeypatch.setattr(dumps, "_write_resource", disturbed)
    dumps.write(filled.platform, tmp_path / "out", filled.clock.now, ("jsonl",))
    titles = [row["title_en"] for row in lines(tmp_path / "out", "plan-items")]
    assert titles
    assert "Later" not in titles
    assert "Later" in Client(filled.platform).get("/api/v1/plan-items.jsonl").text


def test_what_breaks_off_leaves_nothing_behind(
    filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: Any) -> Iterator[None]:
        raise OSError("the disk is full")

    monkeypatch.setattr(dumps, "_filed", breaks)
    with pytest.raises(OSError, match="full"):
        dumps.write(filled.platform, tmp_path / "out", filled.clock.now, ("csv",))
    assert list(tmp_path.glob("*out*")) == []


def test_each_night_has_its_files_and_the_oldest_go(kept: Platform, clock: TestClock) -> None:
    clock.now = clock.forward(days=1).replace(hour=12)
    for _ in range(3):
        assert dumps.keep_dumps(kept, clock.now) >= 1
        assert dumps.keep_dumps(kept, clock.now) == 0
        clock.forward(days=1)
    found = list(dumps.dumps(kept))
    assert len(found) == 2
    assert found[0] == (clock.now - timedelta(days=1)).date()
    midnight = clock.now.replace(hour=18, minute=30)  # half past midnight in Bishkek
    assert dumps.keep_dumps(kept, midnight) == 0
    assert dumps.keep_dumps(kept, midnight + timedelta(hours=2)) == 2  # one comes, one goes
    page = Client(kept).get("/open-data").text
    day = next(iter(dumps.dumps(kept)))
    assert f"/open-data/dumps/{day}/drafts.csv.gz" in page
    answer = Client(kept).get("/open-data/dumps/latest/drafts.csv.gz", status=302)
    file = Client(kept).follow(answer)
    assert file.content == (dumps.home_of(kept) / str(day) / "drafts.csv.gz").read_bytes()
    Client(kept).get(f"/open-data/dumps/{day}/..%2f.lock", status=404)
    Client(kept).get(f"/open-data/dumps/{day}/nothing", status=404)
    for written in (f"{day:%Y%m%d}", f"{day:%G-W%V-%u}"):  # the same day, and no folder's name
        Client(kept).get(f"/open-data/dumps/{written}/drafts.csv.gz", status=404)


def test_what_has_to_be_hidden_goes_at_once_and_the_rest_comes_back_within_the_hour(
    kept: Platform, clock: TestClock
) -> None:
    dumps.keep_dumps(kept, clock.now)
    clock.forward(minutes=5)
    with kept.database.writing() as session:
        outbox.record(session, CommentHidden(comment_id=1, draft_id=1, act_id=1), clock.now)
    assert dumps.keep_dumps(kept, clock.now) == 1
    assert dumps.dumps(kept) == {}
    assert dumps.keep_dumps(kept, clock.now) == 0
    assert dumps.keep_dumps(kept, clock.forward(hours=1)) == 1
    assert dumps.keep_dumps(kept, clock.forward(minutes=5)) == 0
    assert len(dumps.dumps(kept)) == 1


def test_what_is_written_after_a_deletion_is_not_deleted_for_the_same_reason(
    kept: Platform, clock: TestClock
) -> None:
    dumps.keep_dumps(kept, clock.now)
    clock.forward(hours=3)
    with kept.database.writing() as session:
        outbox.record(session, CommentHidden(comment_id=1, draft_id=1, act_id=1), clock.now)
    assert dumps.keep_dumps(kept, clock.forward(seconds=1)) == 1
    assert dumps.dumps(kept) == {}
    assert dumps.keep_dumps(kept, clock.forward(minutes=1)) == 1
    assert dumps.keep_dumps(kept, clock.forward(minutes=1)) == 0
    assert len(dumps.dumps(kept)) == 1


def test_where_nothing_is_kept_nothing_is_written(kept: Platform, clock: TestClock) -> None:
    off = kept.settings.model_copy(update={"dumps_kept": 0})
    object.__setattr__(kept, "settings", off)
    assert dumps.keep_dumps(kept, clock.now) == 0
    assert not dumps.home_of(kept).exists()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_rows_come_in_the_order_of_their_key_without_being_sorted(platform: Platform) -> None:
    """Else each piece of a long table costs as much as all of it."""
    with platform.database.reading() as session:
        for name, resource in RESOURCES.items():
            if resource.listed is None:
                key = [resource.column(part).sql[0] for part in resource.key]
                everything = [each for column in resource.columns for each in column.sql]
                query = resource.source(sa_select(*everything)).order_by(*key).limit(9)
                told = str(
                    query.compile(session.connection(), compile_kwargs={"literal_binds": True})
                )
                plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {told}").all()
                assert not [row for row in plan if "TEMP B-TREE" in str(row)], name
