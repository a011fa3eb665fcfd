"""How the index of any engine is changed, rebuilt, interrupted, damaged and shared."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from consult.errors import Conflict
from drafts.search import whoosh_engine
from drafts.search.engines import ENGINES
from drafts.search.interface import Batch, Page, Query, SearchEngine
from tests.searched import comment, draft, fill, found, grouped, put, read, take

Make = Callable[[Path], SearchEngine]


@pytest.fixture(params=ENGINES)
def make(request: pytest.FixtureRequest) -> Make:
    return ENGINES[request.param]


@pytest.fixture
def engine(make: Make, tmp_path: Path) -> SearchEngine:
    return make(tmp_path / "index")


class TestChanging:
    def test_replacing_twice_is_replacing_once(self, engine: SearchEngine) -> None:
        fill(engine, draft(1, "Суу"), draft(2, "Жер"))
        for _ in range(2):
            put(engine, draft(1, "Жер", "жер"))
        assert (sorted(found(engine, "жер")), found(engine, "суу")) == ([1, 2], [])
        assert engine.search(Query("жер")).facets["agency"] == {"MOJ": 2}

    def test_a_removed_group_is_gone_and_may_be_removed_again(self, engine: SearchEngine) -> None:
        fill(
            engine, draft(1, "Жер", "жер"), draft(11, "Жер"), comment(1, "Жер"), comment(11, "Жер")
        )
        for draft_id in (1, 1, 99):
            take(engine, draft_id)
        assert found(engine, "жер") == [11]
        engine.replace({"comment:1": ()})
        hits = engine.search(Query("жер", unit="comment")).hits
        assert [hit.comment_id for hit in hits] == [11]

    def test_many_changes_one_by_one(self, engine: SearchEngine) -> None:
        fill(engine)
        for n in range(1, 13):
            put(engine, draft(n, f"Жер {n}", "жер"))
        for n in range(1, 13, 2):
            take(engine, n)
        assert sorted(found(engine, "жер")) == [2, 4, 6, 8, 10, 12]
        assert found(engine, "", filters={"agency": ["MOJ"]}) == [12, 10, 8, 6, 4, 2]

    def test_changes_neither_pile_up_nor_touch_all_there_is(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(whoosh_engine, "SMALL", (3, 9))
        engine = ENGINES["whoosh"](tmp_path / "index")
        fill(engine, *(draft(n, "Жер", "жер") for n in range(1, 11)))
        (large,) = tmp_path.rglob("*.trm")
        for n in range(100, 140):
            put(engine, comment(n, "жер"))
        assert large.exists()
        assert len([*tmp_path.rglob("*.trm")]) < 20
        assert engine.search(Query("жер", unit="comment")).total == 40

    def test_words_that_memory_has_no_room_for_are_found(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(whoosh_engine, "MEMORY", 0)
        monkeypatch.setattr(whoosh_engine, "TOGETHER", 7)
        engine = ENGINES["whoosh"](tmp_path / "index")
        fill(engine, *(draft(n, "Жер", f"жер суу{n}", "тоо") for n in range(1, 13)))
        assert engine.search(Query("жер тоо")).total == 12
        assert found(engine, '"жер суу7"') == [7]

    def test_how_far_events_are_followed_is_kept_with_what_they_changed(
        self, engine: SearchEngine
    ) -> None:
        engine.rebuild(lambda _mark: [Batch(grouped(draft(1, "Жер")), "", "ten")])
        assert engine.place() == "ten"
        engine.replace(grouped(draft(2, "Жер")), "twelve", since="ten")
        assert (engine.place(), sorted(found(engine, "жер"))) == ("twelve", [1, 2])
        engine.replace(grouped(draft(3, "Жер")), "eleven", since="ten")  # somebody else was faster
        assert (engine.place(), sorted(found(engine, "жер"))) == ("twelve", [1, 2])

    def test_a_change_makes_another_version_and_nothing_else_does(
        self, engine: SearchEngine
    ) -> None:
        assert engine.version() == ""
        fill(engine, draft(1, "Жер"))
        version = engine.version()
        found(engine, "жер")
        engine.replace({}, "further")
        assert engine.version() == version
        put(engine, draft(1, "Суу"))
        assert engine.version() != version

    def test_searches_go_on_while_it_is_rebuilt_but_no_other_rebuild(
        self, engine: SearchEngine
    ) -> None:
        fill(engine, draft(1, "Жер"))

        def batches(_mark: str) -> Iterator[Batch]:
            yield Batch(grouped(draft(2, "Жер")), "1", "")
            assert found(engine, "жер") == [1]
            with pytest.raises(Conflict):
                engine.rebuild(read(draft(4, "Жер")))
            put(engine, draft(1, "Суу"))
            assert found(engine, "жер") == []
            yield Batch(grouped(draft(3, "Жер")), "2", "")

        engine.rebuild(batches)
        assert sorted(found(engine, "жер")) == [2, 3]

    def test_a_group_that_comes_again_in_a_rebuild_is_as_it_came_last(
        self, engine: SearchEngine
    ) -> None:
        late = [draft(1, "Суу"), draft(2, "Жер"), draft(1, "Жер"), draft(3, "Жер")]
        engine.rebuild(read(*late))
        assert (sorted(found(engine, "жер")), found(engine, "суу")) == ([1, 2, 3], [])

    @pytest.mark.parametrize("far", [True, False])
    def test_an_interrupted_rebuild_goes_on_where_it_was(
        self, engine: SearchEngine, monkeypatch: pytest.MonkeyPatch, far: bool
    ) -> None:
        monkeypatch.setattr("drafts.search.kept_index.CHECKPOINT", 2 if far else 1000)
        fill(engine, draft(1, "Суу"))
        marks: list[str] = []

        def batches(mark: str) -> Iterator[Batch]:
            marks.append(mark)
            yield from read(*(draft(n, "Жер") for n in range(4)))(mark)
            if len(marks) == 1:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            engine.rebuild(batches)
        assert found(engine, "суу") == [1]
        engine.rebuild(batches)
        assert marks == ["", "2" if far else ""]
        assert (sorted(found(engine, "жер")), found(engine, "суу")) == ([0, 1, 2, 3], [])
        engine.rebuild(batches)
        assert marks[2:] == [""]

    def test_a_rebuild_that_fails_changes_nothing_and_the_next_everything(
        self, engine: SearchEngine
    ) -> None:
        fill(engine, draft(1, "Жер"))

        def batches(_mark: str) -> Iterator[Batch]:
            yield Batch(grouped(draft(2, "Жер")), "1", "")
            raise ConnectionError

        with pytest.raises(ConnectionError):
            engine.rebuild(batches)
        assert found(engine, "жер") == [1]
        fill(engine, draft(3, "Жер"))
        assert found(engine, "жер") == [3]
        assert not engine.needs_rebuild()


class TestLosing:
    def test_without_an_index_nothing_is_found(self, engine: SearchEngine) -> None:
        assert engine.search(Query("жер")) == engine.search(Query()) == Page(lost=True)
        assert engine.needs_rebuild()
        fill(engine)
        assert engine.search(Query("жер")) == engine.search(Query()) != Page(lost=True)
        assert not engine.needs_rebuild()

    def test_a_lost_folder_is_made_anew(self, engine: SearchEngine, tmp_path: Path) -> None:
        fill(engine, draft(1, "Жер"), draft(2, "Жер"))
        shutil.rmtree(tmp_path / "index")
        assert engine.search(Query("жер")).lost
        put(engine, draft(2, "Жер"))
        assert engine.search(Query("жер")).lost
        assert engine.needs_rebuild()
        fill(engine, draft(1, "Жер"), draft(2, "Жер"))
        assert sorted(found(engine, "жер")) == [1, 2]
        assert not engine.needs_rebuild()

    @pytest.mark.parametrize("seed", range(8))
    def test_a_damaged_file_is_no_error_but_a_reason_to_rebuild(
        self, engine: SearchEngine, tmp_path: Path, seed: int
    ) -> None:
        chance = random.Random(seed)
        fill(engine, *(draft(n, f"Жер {n}", "Жер участогу") for n in range(1, 20)))
        files = sorted(path for path in tmp_path.rglob("*") if path.is_file())
        damaged = chance.choice([path for path in files if path.stat().st_size])
        content = damaged.read_bytes()
        damaged.write_bytes(content[: chance.randrange(len(content))])

        page = engine.search(Query("«жер участогу»", filters={"agency": ["MOJ"]}))
        assert page.total == 19 or engine.needs_rebuild()
        put(engine, draft(20, "Суу"))
        assert found(engine, "суу") == [20] or engine.needs_rebuild()
        fill(engine, draft(1, "Жер"))
        assert found(engine, "жер") == [1]

    def test_an_index_made_by_other_rules_counts_as_lost(
        self, engine: SearchEngine, tmp_path: Path
    ) -> None:
        fill(engine, draft(1, "Жер"))
        (pointer,) = (tmp_path / "index").glob("*/live")
        pointer.write_text(pointer.read_text() + "1")
        assert engine.needs_rebuild()
        assert found(engine, "жер") == []


class TestSharing:
    def test_older_code_beside_newer_keeps_an_index_of_its_own(
        self, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def of_code(version: str) -> SearchEngine:
            monkeypatch.setattr("drafts.search.kept_index.FINGERPRINT", version)
            return make(tmp_path / "index")

        older, newer = of_code("1"), of_code("2")
        fill(older, draft(1, "Жер"))
        with older.following(), newer.following():  # neither waits for the other's worker
            fill(newer, draft(1, "Жер"), draft(2, "Жер"))
            assert not older.needs_rebuild()
            put(older, draft(3, "Жер"))
        assert (found(older, "жер"), sorted(found(newer, "жер"))) == ([3, 1], [1, 2])
        for version in "345":  # what nobody uses any more does not pile up
            fill(of_code(version), draft(4, "Жер"))
        assert len([*(tmp_path / "index").glob("*/live")]) == 2
        for path in (*tmp_path.rglob("live"), *tmp_path.rglob("place")):
            os.utime(path, (1, 1))
        fill(of_code("5"), draft(4, "Жер"))
        assert len([*(tmp_path / "index").glob("*/live")]) == 1

    def test_a_process_finds_what_another_writes(self, make: Make, tmp_path: Path) -> None:
        reader = make(tmp_path)
        fill(make(tmp_path), draft(1, "Жер"))
        assert found(reader, "жер") == [1]
        code = (
            "import sys, pathlib; from tests.searched import *;"
            "from drafts.search.engines import ENGINES;"
            "engine = ENGINES[sys.argv[2]](pathlib.Path(sys.argv[1]));"
            "put(engine, draft(2, 'Жер')); print(found(engine, 'жер'))"
        )
        name = next(name for name, one in ENGINES.items() if one is make)
        run = [sys.executable, "-c", code, str(tmp_path), name]
        answer = subprocess.run(run, check=True, capture_output=True, text=True).stdout
        assert (answer.strip(), found(reader, "жер")) == ("[2, 1]", [2, 1])

    def test_threads_read_write_and_rebuild_at_once(self, engine: SearchEngine) -> None:
        everything = [draft(n, "Жер", "жер") for n in range(1, 9)]
        fill(engine, *everything)

        def work(n: int) -> int:
            if n == 5:
                fill(engine, *everything)
            elif n % 4 == 0:
                put(engine, draft(n % 8 + 1, "Жер", "жер"))
            return len(found(engine, "жер"))

        with ThreadPoolExecutor(6) as pool:
            assert set(pool.map(work, range(40))) == {8}
