"""Jobs: real processes, from their start to every end they can have."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from datetime import time as clock
from pathlib import Path

import pytest

from corpus.generation.files import DataFolder
from corpus.progress import read_told
from corpus.store.database import open_database
from corpus.store.reading import published
from ingest.lock import Locked, write_lock
from service import jobs as jobs_module
from service.job_store import UPDATES, Job, JobFiles, JobKind, JobState, JobStore, Order, Process
from service.jobs import BadOrder, JobOver, Jobs, UnknownJob
from service.schedule import Schedule, next_run
from service.settings import Settings
from tests.conftest import CHECKOUT, SmallWorld

INGEST = Order(JobKind.INGEST)


@contextmanager
def opened(world: SmallWorld) -> Iterator[Jobs]:
    engine = open_database(world.data.database)
    jobs = Jobs(engine, Settings(data=world.data.root, laws=str(world.laws)))
    try:
        yield jobs
    finally:
        for job in jobs.newest():
            if job.state.active:
                with suppress(JobOver):  # it may end meanwhile
                    jobs.cancel(job.id)
                until(jobs, job.id, lambda j: not j.state.active)
        jobs.close()
        engine.dispose()


@pytest.fixture
def jobs(world: SmallWorld) -> Iterator[Jobs]:
    with opened(world) as running:
        yield running


def until(jobs: Jobs, number: int, wanted: Callable[[Job], bool], patience: float = 90) -> Job:
    end = time.monotonic() + patience
    while not wanted(job := jobs.get(number)):
        assert time.monotonic() < end, job
        time.sleep(0.05)
    return job


def every_look(jobs: Jobs, number: int) -> Iterator[Job]:
    """The job again and again, until its end."""
    while (job := jobs.get(number)).state.active:
        yield job
        time.sleep(0.05)


def ended(jobs: Jobs, number: int) -> Job:
    return until(jobs, number, lambda job: not job.state.active)


def instead(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Let a job run this program; ``told`` is the file for its progress."""
    head = "import os, pathlib, signal, sys, time\ntold = pathlib.Path(sys.argv[1])\n"

    def command(order: Order, files: JobFiles) -> list[str]:
        return [sys.executable, "-c", head + code, str(files.progress)]

    monkeypatch.setattr(jobs_module, "_command", command)


def test_an_ingest_runs_tells_its_progress_and_leaves_a_report(
    jobs: Jobs, world: SmallWorld
) -> None:
    job = jobs.start(INGEST)
    assert job.state is JobState.RUNNING
    until(jobs, job.id, lambda j: j.stage != "")
    with pytest.raises(Locked) as refused:
        jobs.start(INGEST)
    assert str(job.process and job.process.pid) in refused.value.message
    stages = {job.stage for job in every_look(jobs, job.id)}
    job = jobs.get(job.id)
    assert (job.state, job.exit_code, job.message) == (JobState.DONE, 0, "")
    assert "Sprachmodell trainieren" in stages
    report = jobs.report(job.id)
    assert report is not None
    assert f"Veröffentlicht: {report.published}" in jobs.log(job.id)
    assert "Gesetze lesen" in jobs.files(job.id).log.read_text(encoding="utf-8")
    current = published(open_database(world.data.database))
    assert current is not None
    assert current.name == report.published


def test_a_cancelled_ingest_leaves_the_old_generation_answering(
    jobs: Jobs, world: SmallWorld
) -> None:
    world.ingest()
    engine = open_database(world.data.database)
    before = published(engine)
    job = jobs.start(INGEST)
    until(jobs, job.id, lambda j: j.stage in ("Sprachmodell trainieren", "Index bauen"))
    assert jobs.cancel(job.id).message == "Der Abbruch ist verlangt."
    job = ended(jobs, job.id)
    assert (job.state, job.exit_code) == (JobState.CANCELLED, -signal.SIGTERM)
    assert published(engine) == before
    with pytest.raises(JobOver):
        jobs.cancel(job.id)
    engine.dispose()


def test_who_does_not_end_is_killed(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    instead(
        monkeypatch,
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        """told.write_text('{"time": "2025-03-06T00:00:00Z", "stage": "taub"}\\n')\n"""
        "time.sleep(60)",
    )
    monkeypatch.setattr(jobs_module, "PATIENCE", 0.5)
    job = jobs.start(INGEST)
    until(jobs, job.id, lambda j: j.stage == "taub")
    jobs.cancel(job.id)
    job = ended(jobs, job.id)
    assert (job.state, job.exit_code) == (JobState.CANCELLED, -signal.SIGKILL)


@pytest.mark.parametrize(
    ("code", "state", "error"),
    [
        ("sys.exit(3)", JobState.FAILED, "job_crashed"),
        ("os.kill(os.getpid(), signal.SIGKILL)", JobState.INTERRUPTED, "job_interrupted"),
        ("", JobState.INTERRUPTED, "job_interrupted"),
        (
            "from corpus.progress import tell_failure\n"
            "tell_failure(told, 'source_older', 'Die Quelle ist älter.'); sys.exit(1)",
            JobState.FAILED,
            "source_older",
        ),
    ],
)
def test_every_end_has_its_state(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch, code: str, state: JobState, error: str
) -> None:
    instead(monkeypatch, code)
    job = ended(jobs, jobs.start(INGEST).id)
    assert (job.state, job.code) == (state, error)
    assert job.message.endswith(".")


def test_a_job_that_cannot_be_started_has_failed(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs_module, "_command", lambda order, files: ["/gibt/es/nicht"])
    job = jobs.start(INGEST)
    assert (job.state, job.code) == (JobState.FAILED, "io")


def test_what_the_command_says_is_what_the_job_says(jobs: Jobs, tmp_path: Path) -> None:
    job = ended(jobs, jobs.start(Order(JobKind.INGEST, laws="/gibt/es/nicht")).id)
    assert (job.state, job.code) == (JobState.FAILED, "not_found")
    assert "Bitte prüfen Sie die Adresse" in job.message
    job = ended(jobs, jobs.start(Order(JobKind.HISTORY, path=str(tmp_path))).id)
    assert (job.state, job.code) == (JobState.FAILED, "no_dated_files")


def test_an_evaluation_waits_for_what_writes_and_keeps_no_update_waiting(
    jobs: Jobs, world: SmallWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluation = Order(JobKind.EVAL, path=str(tmp_path / "faelle.jsonl"))
    with write_lock(world.data, "Einlesen"), pytest.raises(Locked):
        jobs.start(evaluation)
    instead(monkeypatch, "time.sleep(60)")
    first = jobs.start(evaluation)
    with pytest.raises(Locked) as refused:
        jobs.start(evaluation)
    assert "Auswertung" in refused.value.message
    update = jobs.start(INGEST)
    assert [job.id for job in jobs.newest(kinds=UPDATES)] == [update.id]
    for job in (first, update):
        jobs.cancel(job.id)
        assert ended(jobs, job.id).state is JobState.CANCELLED


def test_an_evaluation_is_done_when_it_wrote_its_result(
    jobs: Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluation = Order(JobKind.EVAL, path=str(tmp_path / "faelle.jsonl"))
    job = ended(jobs, jobs.start(evaluation).id)
    assert (job.state, job.code) == (JobState.FAILED, "bad_cases")
    instead(monkeypatch, """print('[{"run": "lauf"}]')""")
    job = ended(jobs, jobs.start(evaluation).id)
    assert (job.state, jobs.output(job.id).strip()) == (JobState.DONE, '[{"run": "lauf"}]')


@pytest.mark.parametrize(
    "order", [Order(JobKind.HISTORY), Order(JobKind.EVAL), Order(JobKind.INGEST, path="x")]
)
def test_an_order_must_make_sense(jobs: Jobs, order: Order) -> None:
    with pytest.raises(BadOrder):
        jobs.start(order)
    assert jobs.newest() == ()


def test_while_another_process_writes_nothing_starts(jobs: Jobs, world: SmallWorld) -> None:
    with write_lock(world.data, "Einlesen"), pytest.raises(Locked, match=str(os.getpid())):
        jobs.start(INGEST)
    assert jobs.newest() == ()
    with pytest.raises(UnknownJob):
        jobs.get(1)


SERVICE_THAT_DIES = """
import os, sys, service.jobs
from pathlib import Path
from corpus.generation.files import DataFolder
from corpus.store.database import open_database
from service.job_store import JobKind, Order
from service.settings import Settings
service.jobs._command = lambda order, files: [sys.executable, "-c", "import time; time.sleep(60)"]
data = DataFolder(Path(sys.argv[1]))
service.jobs.Jobs(open_database(data.database), Settings(data=data.root)).start(Order(JobKind.INGEST))
os._exit(1)
"""


@pytest.fixture
def orphan(world: SmallWorld) -> Process:
    """A job whose service is gone."""
    command = [sys.executable, "-c", SERVICE_THAT_DIES, str(world.data.root)]
    assert subprocess.run(command, cwd=CHECKOUT, check=False).returncode == 1
    (job,) = JobStore(open_database(world.data.database)).active()
    assert job.process is not None
    return job.process


def test_a_job_that_outlived_the_service_is_found_again(world: SmallWorld, orphan: Process) -> None:
    with opened(world) as jobs:
        (job,) = jobs.newest()
        assert (job.state, job.process) == (JobState.RUNNING, orphan)
        with pytest.raises(Locked):
            jobs.start(INGEST)
        jobs.cancel(job.id)
        assert ended(jobs, job.id).state is JobState.CANCELLED


def test_a_job_that_died_with_the_service_is_shown_as_interrupted(
    world: SmallWorld, orphan: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.kill(orphan.pid, signal.SIGKILL)
    time.sleep(0.2)
    with opened(world) as jobs:
        (job,) = jobs.newest()
        assert job.state is JobState.INTERRUPTED
        instead(monkeypatch, "sys.exit(3)")
        assert ended(jobs, jobs.again(job.id).id).code == "job_crashed"


def test_a_later_process_of_the_same_number_is_not_the_job(world: SmallWorld) -> None:
    store = JobStore(open_database(world.data.database))
    number = store.add(INGEST)
    store.started(number, Process(os.getpid(), 1.0))
    with opened(world) as jobs:
        assert jobs.get(number).state is JobState.INTERRUPTED


def test_a_job_noted_but_never_started_is_interrupted(world: SmallWorld) -> None:
    number = JobStore(open_database(world.data.database)).add(INGEST)
    with opened(world) as jobs:
        assert jobs.get(number).state is JobState.INTERRUPTED


def test_lines_that_are_not_whole_are_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "progress.jsonl"
    assert read_told(file).stage == ""
    file.write_text(
        '{"time": "2025-03-06T00:00:00Z", "stage": "Index bauen", "share": 0.5}\n{"time": "2025'
    )
    told = read_told(file)
    assert (told.stage, told.share) == ("Index bauen", 0.5)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2025, 3, 6, 3, 29), datetime(2025, 3, 6, 3, 30)),
        (datetime(2025, 3, 6, 3, 30), datetime(2025, 3, 7, 3, 30)),
        (datetime(2025, 12, 31, 12), datetime(2026, 1, 1, 3, 30)),
    ],
)
def test_the_daily_update_is_due_at_its_time(now: datetime, due: datetime) -> None:
    assert next_run(now, clock(3, 30)) == due


def test_the_schedule_starts_a_job(
    jobs: Jobs, world: SmallWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    instead(monkeypatch, "sys.exit(3)")
    monkeypatch.setattr("service.schedule.next_run", lambda now, at: now)
    schedule = Schedule(jobs, clock(3, 30))
    end = time.monotonic() + 20
    while not jobs.newest() and time.monotonic() < end:
        time.sleep(0.05)
    monkeypatch.undo()
    schedule.close()
    assert jobs.newest()[-1].order == INGEST


@pytest.mark.parametrize(("value", "wanted"), [("", None), ("03:30", clock(3, 30))])
def test_the_time_of_the_update_is_a_setting(
    monkeypatch: pytest.MonkeyPatch, value: str, wanted: clock | None
) -> None:
    monkeypatch.setenv("FUNDSTELLE_UPDATE_AT", value)
    assert Settings().update_at == wanted


def test_a_job_gets_the_settings_of_its_service(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, laws="hier", decrees=tmp_path)
    environment = settings.environment()
    assert environment["FUNDSTELLE_DATA"] == str(tmp_path)
    assert environment["FUNDSTELLE_DECREES"] == str(tmp_path)
    assert not any("TOKEN" in name for name in environment)
    assert DataFolder(tmp_path).jobs == settings.folder.jobs
