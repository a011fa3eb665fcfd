"""How full the buckets are, on each store: rates, many at once, a store that is down, growth."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import pytest
from sqlalchemy import text

from consult.config import Settings
from consult.limits.rules import Limit, Pressed, Table
from consult.limits.store import Limits, Memory, Rows
from tests.conftest import START, TestClock

FIVE = Limit("write", "network", 5, 60)
TABLE = Table({"write": (FIVE,), "mail": (Limit("mail", "name", 1, 60, True),)}, (), ())
HERE = {"network": "192.0.2.1"}


def limits_on(store: str, folder: Path, url: str = "") -> Limits:
    folder.mkdir(parents=True, exist_ok=True)
    chosen = {"limits_enabled": True, "limits_store": store, "database_url": url}
    return Limits(Settings(data_dir=folder, **chosen), TABLE)  # type: ignore[arg-type]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def limits(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Limits]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    kind = "database" if url else request.param
    made = limits_on(kind, tmp_path, url)
    yield made
    if isinstance(made.shared, Rows):
        with made.shared.engine.connect() as connection:
            connection.execute(text("DROP TABLE IF EXISTS rate_bucket"))
    made.close()


def rows(limits: Limits) -> int:
    if isinstance(limits.shared, Memory):
        return len(limits.shared.kept)
    with limits.shared.engine.connect() as connection:
        return connection.execute(text("SELECT COUNT(*) FROM rate_bucket")).scalar_one()


def test_as_many_as_the_limit_then_one_more_with_time(limits: Limits, clock: TestClock) -> None:
    for _ in range(5):
        limits.spend("write", HERE, clock())
    with pytest.raises(Pressed) as refused:
        limits.spend("write", HERE, clock())
    assert refused.value.seconds == 12
    limits.spend("write", {"network": "192.0.2.2"}, clock())  # another is not held back
    clock.forward(seconds=11)
    with pytest.raises(Pressed):
        limits.spend("write", HERE, clock())
    clock.forward(seconds=1)
    limits.spend("write", HERE, clock())


def test_a_proof_opens_what_it_may_and_nothing_else(limits: Limits, clock: TestClock) -> None:
    for _ in range(3):
        limits.spend("mail", {"name": "a@example.org"}, clock(), proved=True)
    limits.spend("mail", {"name": "a@example.org"}, clock())
    with pytest.raises(Pressed) as refused:
        limits.spend("mail", {"name": "a@example.org"}, clock())
    assert refused.value.limit.proves
    for _ in range(5):
        limits.spend("write", HERE, clock(), proved=True)
    with pytest.raises(Pressed):
        limits.spend("write", HERE, clock(), proved=True)


def test_of_many_at_once_no_more_get_through(limits: Limits) -> None:
    def ask(_: int) -> bool:
        try:
            limits.spend("write", HERE, START)
        except Pressed:
            return False
        return True

    limits.spend("write", {"network": "a table that is there"}, START)
    with ThreadPoolExecutor(6) as crowd:
        assert sum(crowd.map(ask, range(40))) <= 5
    assert limits.asleep_until is None


def test_buckets_that_are_full_again_are_forgotten(
    limits: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consult.limits.store.SWEEP_EVERY", 50)
    limits.shared.most = 60
    for n in range(300):  # each from another network, half a minute apart
        limits.spend("write", {"network": str(n)}, START + timedelta(seconds=30 * n))
    assert rows(limits) <= 60
    for n in range(300):  # all at the same instant
        limits.spend("write", {"network": str(n)}, START + timedelta(days=1))
    assert rows(limits) <= 110


def test_no_address_is_kept(limits: Limits) -> None:
    limits.spend("mail", {"name": "aizada@example.org"}, START)
    if isinstance(limits.shared, Memory):
        kept = str(list(limits.shared.kept))
    else:
        with limits.shared.engine.connect() as connection:
            kept = str(connection.execute(text("SELECT * FROM rate_bucket")).all())
    assert "aizada" not in kept


def test_a_store_that_is_down_lets_through_and_is_asked_again_later(
    tmp_path: Path, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "limits.db").write_text("this is no database " * 100)
    limits = limits_on("sqlite", tmp_path)
    for _ in range(20):
        limits.spend("write", HERE, clock())
    assert caplog.text.count("let through") == 1
    (tmp_path / "limits.db").unlink()
    clock.forward(seconds=11)
    for _ in range(5):
        limits.spend("write", HERE, clock())
    with pytest.raises(Pressed):
        limits.spend("write", HERE, clock())
    limits.close()


def test_a_server_that_is_not_there_fails_nothing(tmp_path: Path) -> None:
    limits = limits_on("database", tmp_path, "postgresql://nobody@127.0.0.1:9/none")
    for _ in range(20):
        limits.spend("write", HERE, START)
    assert limits.asleep_until is not None
    limits.close()


def test_a_check_takes_a_few_hundred_microseconds(limits: Limits) -> None:
    limits.spend("write", HERE, START)
    begun = perf_counter()
    for n in range(200):
        limits.spend("write", {"network": str(n)}, START)
    each = (perf_counter() - begun) / 200 * 1000
    print(f"{type(limits.shared).__name__} {each:.3f} ms a check")
    assert each < 10  # ten times what it takes on two shared cores
