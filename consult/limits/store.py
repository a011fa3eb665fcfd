"""How full the buckets are: in memory, SQLite or PostgreSQL, by pyrate-limiter's GCRA.

A bucket is one small row however much is asked of it. A store that is down lets everything through
and is asked again a little later: a limit must never be why the site stands still.
"""

import logging
import sqlite3
import tomllib
from collections import OrderedDict
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

from pyrate_limiter.abstracts.algorithm import GCRA, Decision, State, StateAlgorithm
from pyrate_limiter.abstracts.rate import Rate
from pyrate_limiter.abstracts.store import StateStore
from pyrate_limiter.buckets.state_bucket import InMemoryStateStore
from sqlalchemy import Engine, create_engine, event, make_url, text

from consult.config import Settings
from consult.db import affected
from consult.limits.rules import (
    Keys,
    Limit,
    Pressed,
    Table,
    hidden,
    spent,
    table_of,
    trusted,
    wait_of,
)

log = logging.getLogger(__name__)
MOST_KEPT = 100_000  # buckets; beyond that those nearest to being full again are forgotten
SWEEP_EVERY = 2_000  # requests
PAUSE = timedelta(seconds=10)  # before a store that was down is asked again
PATIENCE_MS = 100  # for a store that is slow
TRIES = 4  # when others spend the same bucket at the same instant
IN_MEMORY = frozenset({"any", "read"})  # most requests by far: each process counts its own

CREATE = """CREATE {unlogged} TABLE IF NOT EXISTS rate_bucket (
    key VARCHAR(64) PRIMARY KEY, state VARCHAR(64) NOT NULL, full_at BIGINT NOT NULL)"""
INDEX = "CREATE INDEX IF NOT EXISTS ix_rate_bucket_full_at ON rate_bucket (full_at)"
READ = text("SELECT state FROM rate_bucket WHERE key = :key")
# The state that was read must still be there: of two at the same instant, one tries again.
WRITE = text(
    "INSERT INTO rate_bucket (key, state, full_at) VALUES (:key, :state, :full_at) ON CONFLICT "
    "(key) DO UPDATE SET state = excluded.state, full_at = excluded.full_at "
    "WHERE rate_bucket.state = :before"
)
FORGET = text("DELETE FROM rate_bucket WHERE full_at <= :now")
FORGET_MORE = text(
    "DELETE FROM rate_bucket WHERE key IN "
    "(SELECT key FROM rate_bucket ORDER BY full_at DESC LIMIT -1 OFFSET :most)"
)


class Memory:
    """Buckets of this process; those not used for longest are forgotten."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self.most = most
        self.kept: OrderedDict[str, StateStore] = OrderedDict()
        self._lock = Lock()

    def bucket(self, key: str) -> StateStore:
        with self._lock:
            found = self.kept.pop(key, None) or InMemoryStateStore()
            self.kept[key] = found
            if len(self.kept) > self.most:
                self.kept.popitem(last=False)
            return found

    def sweep(self, now: int) -> None:
        """Nothing to do: there are never more than `most`."""

    def close(self) -> None:
        self.kept.clear()


class Row(StateStore):
    """One bucket in a table."""

    def __init__(self, engine: Engine, key: str) -> None:
        self.engine = engine
        self.key = key

    def check(
        self, algorithm: StateAlgorithm, rates: list[Rate], now: int, weight: int
    ) -> Decision:
        """Spend `weight`; of those who spend the same bucket at once, the losers try again."""
        with self.engine.connect() as connection:
            for _ in range(TRIES):
                before = connection.execute(READ, {"key": self.key}).scalar() or ""
                state = algorithm.decode([before]) if before else algorithm.initial(rates)
                after, decision = algorithm.step(rates, state, now, weight)
                if not decision.allowed:
                    return decision
                values = {"key": self.key, "before": before, **_columns(after)}
                if affected(connection.execute(WRITE, values)) == 1:
                    return decision
        return Decision(failing_rate=rates[0], retry_after_ms=1000)  # a crowd: one at a time

    def read(self, algorithm: StateAlgorithm, rates: list[Rate]) -> State:
        with self.engine.connect() as connection:
            kept = connection.execute(READ, {"key": self.key}).scalar()
        return algorithm.decode([kept]) if kept else algorithm.initial(rates)

    def reset(self) -> None:
        with self.engine.connect() as connection:
            connection.execute(text("DELETE FROM rate_bucket WHERE key = :key"), {"key": self.key})


def _columns(state: State) -> dict[str, Any]:
    """GCRA keeps the microsecond at which the bucket is full again."""
    return {"state": str(int(state[0])), "full_at": int(state[0]) // 1000}


class Rows:
    """Buckets in a table that all processes share; SQLite keeps it in a file of its own."""

    def __init__(self, url: str, most: int = MOST_KEPT) -> None:
        self.url = url
        self.most = most

    @cached_property
    def engine(self) -> Engine:
        """Made when first needed: an installation without limits has no such file."""
        sqlite = make_url(self.url).get_backend_name() == "sqlite"
        # A statement is a transaction; nothing waits for long, in a pool, a lock or a network.
        patience = PATIENCE_MS / 1000
        options: dict[str, Any] = (
            {"check_same_thread": False, "timeout": patience}
            if sqlite
            else {"connect_timeout": 2, "options": f"-c statement_timeout={PATIENCE_MS}"}
        )
        engine = create_engine(
            self.url,
            isolation_level="AUTOCOMMIT",
            connect_args=options,
            pool_size=4,
            max_overflow=4,
            pool_timeout=patience,
            hide_parameters=True,
        )
        if sqlite:
            event.listen(engine, "connect", _prepare_sqlite)
        with engine.connect() as connection:
            connection.execute(text(CREATE.format(unlogged="" if sqlite else "UNLOGGED")))
            connection.execute(text(INDEX))
        return engine

    def bucket(self, key: str) -> StateStore:
        return Row(self.engine, key)

    def sweep(self, now: int) -> None:
        """Forget the buckets that are full again, and what goes beyond the most that are kept."""
        sqlite = self.engine.dialect.name == "sqlite"
        more = FORGET_MORE if sqlite else text(FORGET_MORE.text.replace("LIMIT -1", ""))
        with self.engine.connect() as connection:
            connection.execute(FORGET, {"now": now})
            connection.execute(more, {"most": self.most})

    def close(self) -> None:
        if "engine" in self.__dict__:
            self.engine.dispose()


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=OFF")  # a power cut may forget who asked how often


class Limits:
    """Spends the buckets of requests."""

    def __init__(self, settings: Settings, table: Table | None = None) -> None:
        self.enabled = settings.limits_enabled
        self.proxies = trusted(settings.trusted_proxies)  # a bad setting is said at the start
        self.secret = settings.secret_key
        self.table = table or read_table()
        self.memory = Memory()
        self.shared = _store(settings)
        self.asleep_until: datetime | None = None
        self._asked = 0

    def spend(
        self, kind: str, keys: Keys, now: datetime, *, posted: bool = False, proved: bool = False
    ) -> None:
        """Take one from each bucket this request is counted in; raises Pressed if one is empty.

        Some buckets may then be spent in vain: it is the flood that loses by it. Whoever `proved`
        spends none of those that a proof opens.
        """
        for limit in spent(self.table, kind, keys):
            if proved and limit.proves:
                continue
            decision = self._check(limit, keys[limit.whose], now)
            if not decision.allowed:
                raise Pressed(limit, wait_of(decision.retry_after_ms, limit), posted=posted)

    def _check(self, limit: Limit, key: str, now: datetime) -> Decision:
        local = limit.kind in IN_MEMORY
        if not local and self.asleep_until is not None and now < self.asleep_until:
            return Decision()
        at = int(now.timestamp() * 1000)
        name = hidden(self.secret, f"{limit.kind}:{limit.whose}:{key}")
        rates = [Rate(limit.many, limit.seconds * 1000)]
        try:
            store = (self.memory if local else self.shared).bucket(name)
            decision = store.check(GCRA(), rates, at, 1)
            self._sweep_now_and_then(at)
        except Exception:  # of whatever store: it must not be why a request fails
            log.exception("the limits cannot be read; everything is let through for a while")
            self.asleep_until = now + PAUSE
            return Decision()
        assert isinstance(decision, Decision)  # noqa: S101 - none of these stores is asynchronous
        return decision

    def _sweep_now_and_then(self, at: int) -> None:
        self._asked += 1
        if self._asked % SWEEP_EVERY == 0:
            self.shared.sweep(at)

    def close(self) -> None:
        """Give back connections; to be used again as if it were new."""
        self.memory.close()
        self.shared.close()


def _store(settings: Settings) -> Memory | Rows:
    kind = settings.limits_store
    if kind == "memory":
        return Memory()
    file = f"sqlite:///{settings.data_dir / 'limits.db'}"
    if kind == "database":
        return Rows(file if settings.database.startswith("sqlite") else settings.database)
    return Rows(file)


def read_table() -> Table:
    """The limits of limits.toml, which stands beside this module."""
    return table_of(tomllib.loads(Path(__file__).with_name("limits.toml").read_text("utf-8")))
