"""Kill an ingest at random points of its course: what answered goes on, and the next run succeeds."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from corpus.store.database import open_database
from corpus.store.reading import published
from ingest.generations import list_generations
from ingest.pipeline import run_ingest
from ingest.progress import Progress
from rag.engine import Fundstelle
from tests.conftest import LATER, SmallWorld, copy_world
from tests.official import reworded, write_mirror

SEED = 20250305


class Noted:
    """Writes the stage that an ingest is in to a file."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def stage(self, name: str) -> None:
        self.file.write_text(name, encoding="utf-8")

    def share(self, done: float) -> None:
        pass


def update(root: Path, noted: Path) -> None:
    """What the child does until it is killed."""
    progress: Progress = Noted(noted)
    run_ingest(SmallWorld(root).config(LATER), progress)


def start(world: SmallWorld, noted: Path) -> ForkServerProcess:
    """An ingest in a process of its own, forked from one that has everything imported."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.ingest.test_crash"])
    noted.write_text("Beginn", encoding="utf-8")
    process = context.Process(target=update, args=(world.root, noted))
    process.start()
    return process


def allow(world: SmallWorld, days: int) -> None:
    write_mirror(world.laws, reworded("aufenthg_2004", "140 Tagen", f"{days} Tagen"))


def answer(world: SmallWorld) -> tuple[int, str]:
    """Number of the generation that answers, and its answer."""
    engine = Fundstelle(world.data)
    try:
        hits = engine.search("An wie vielen Tagen darf ein Gast arbeiten?").hits
        return engine.index().number, hits[0].passage.text
    finally:
        engine.close()


def test_a_killed_ingest_changes_nothing_and_the_next_succeeds(
    ingested: SmallWorld,
    tmp_path: Path,
    pytestconfig: pytest.Config,
    capsys: pytest.CaptureFixture[str],
) -> None:
    world = copy_world(ingested, tmp_path / "world")
    noted = tmp_path / "stage"
    whole = []
    for days in (141, 142):
        allow(world, days)
        begin = time.monotonic()
        process = start(world, noted)
        process.join()
        assert process.exitcode == 0
        whole.append(time.monotonic() - begin)
    dice = random.Random(SEED)
    rounds = pytestconfig.getoption("crashes")
    killed: Counter[str] = Counter()
    before, days = 142, 142
    for _ in range(rounds):
        days += 1
        number = answer(world)[0]
        allow(world, days)
        process = start(world, noted)
        process.join(dice.uniform(0, whole[-1]))
        if process.pid is not None and process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
        process.join()
        assert process.exitcode in (0, -signal.SIGKILL)
        ended = noted.read_text(encoding="utf-8") if process.exitcode else "zu Ende gelaufen"
        killed[ended] += 1
        now, text = answer(world)
        # Killed after the one transaction: the new generation answers, whole and checked.
        expected = before if now == number else days
        assert f"{expected} Tagen" in text, ended
        begin = time.monotonic()
        world.ingest(LATER)
        whole.append((whole[-1] + time.monotonic() - begin) / 2)
        assert f"{days} Tagen" in answer(world)[1], ended
        assert_tidy(world)
        before = days
    with capsys.disabled():
        print(f"\n{rounds} killed of {rounds} answered and recovered, in {dict(killed)}")


def assert_tidy(world: SmallWorld) -> None:
    """Nothing of the killed run is left: no staged generation, no files that none needs."""
    engine = open_database(world.data.database)
    current = published(engine)
    held = list_generations(world.data, engine)
    engine.dispose()
    assert current is not None
    assert all(generation.record.published_at for generation in held)
    there = {path.name for path in world.data.generations.iterdir()}
    assert there == {g.record.name for g in held[-3:]}
    assert len(list(world.data.encoders.iterdir())) == 1
