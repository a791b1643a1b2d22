"""Long work beside the service: one ingest and one evaluation at a time, each a process of its own.

The process outlives the service: a service that starts again finds it by its number and start time.
"""

from __future__ import annotations

import getpass
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Collection
from dataclasses import replace

import psutil
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from corpus.generation.files import DataFolder
from corpus.progress import read_told, tell_cancelled
from ingest.lock import Locked, Owner, refuse_if_locked
from ingest.report import IngestReport, read_report
from service.job_store import Job, JobFiles, JobKind, JobState, JobStore, Order, Process
from service.settings import Settings

PATIENCE = 10.0
"""Seconds that a cancelled process has before it is killed."""
# Seconds between two looks at a running process.
_LOOK_EVERY = 0.2
# Seconds by which the start time of one and the same process may differ: it is computed from the
# time of the last boot, which moves when the clock is set.
_SAME_START = 2.0
# Bytes of a log that are shown: its end.
_LOG_SHOWN = 20_000
_LOG = logging.getLogger("fundstelle")


class UnknownJob(Exception):
    """There is no job of that number."""

    code = "unknown_job"
    message = "Diesen Vorgang gibt es nicht."


class JobOver(Exception):
    """The job has ended already: nothing to cancel."""

    code = "job_over"
    message = "Dieser Vorgang ist schon beendet."


class BadOrder(Exception):
    """A job that cannot be done as it was ordered."""

    code = "bad_job"

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class Jobs:
    """Starts, follows and cancels jobs; safe to use from several threads."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._store = JobStore(engine)
        self._settings = settings
        self._starting = threading.Lock()
        self._watched: dict[int, threading.Thread] = {}
        self._kill_at: dict[int, float] = {}
        self._closed = threading.Event()
        self._settle_lost()

    @property
    def _data(self) -> DataFolder:
        return self._settings.folder

    def files(self, number: int) -> JobFiles:
        """Where a job keeps what it writes."""
        return JobFiles(self._data.jobs, number)

    def start(self, order: Order) -> Job:
        """Start a job in a process of its own.

        Raises :class:`ingest.lock.Locked` while any process writes or another job of this kind runs,
        and :class:`BadOrder`.
        """
        if (order.kind is not JobKind.INGEST) != bool(order.path):
            raise BadOrder(
                "Ein Verzeichnis datierter Dateien gehört zum Nachtragen früherer Fassungen, eine Datei "
                "mit Fällen zur Auswertung; eine Aktualisierung hat keines von beiden."
            )
        with self._starting:
            self._refuse_second(order.kind)
            number = self._store.add(order)
            try:
                process = self._spawn(order, self.files(number))
            except OSError as error:
                message = f"Der Vorgang ließ sich nicht starten ({error})."
                self._store.ended(number, JobState.FAILED, code="io", message=message)
                return self.get(number)
            self._store.started(number, Process(process.pid, process.create_time()))
            self._watch(number, process)
        return self.get(number)

    def again(self, number: int) -> Job:
        """Start what a job was told to do once more; raises what :meth:`start` does."""
        return self.start(self.get(number).order)

    def cancel(self, number: int) -> Job:
        """Ask a job to end, and kill it if it does not; what is published stays.

        Raises :class:`UnknownJob` and :class:`JobOver`.
        """
        job = self.get(number)
        process = _running(job.process)
        if not job.state.active or process is None:
            raise JobOver
        tell_cancelled(self.files(number).progress)
        self._kill_at[number] = time.monotonic() + PATIENCE
        _signal_all(process, signal.SIGTERM)
        return self.get(number)

    def get(self, number: int) -> Job:
        """One job, as far as it is now; raises :class:`UnknownJob`."""
        self._settle_lost()
        job = self._store.get(number)
        if job is None:
            raise UnknownJob
        return self._live(job)

    def newest(
        self, most: int = 20, kinds: Collection[JobKind] = tuple(JobKind)
    ) -> tuple[Job, ...]:
        """The last jobs of these kinds, newest first."""
        self._settle_lost()
        return tuple(self._live(job) for job in self._store.newest(most, kinds))

    def log(self, number: int) -> str:
        """The end of what a job wrote for people."""
        try:
            with self.files(number).log.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - _LOG_SHOWN))
                text = file.read().decode("utf-8", "replace")
        except OSError:
            return ""
        return text if size <= _LOG_SHOWN else text.partition("\n")[2]

    def report(self, number: int) -> IngestReport | None:
        """What an ingest did; None if it did not get there."""
        return read_report(self.files(number).report)

    def output(self, number: int) -> str:
        """What a job wrote for machines; "" if it did not get there."""
        try:
            return self.files(number).report.read_text(encoding="utf-8")
        except OSError:
            return ""

    def close(self) -> None:
        """Watch no longer; a running job goes on."""
        self._closed.set()
        for thread in tuple(self._watched.values()):
            thread.join()

    def _live(self, job: Job) -> Job:
        """While a job is active its file knows more than the table."""
        if not job.state.active:
            return job
        told = read_told(self.files(job.id).progress)
        message = "Der Abbruch ist verlangt." if told.cancelled else job.message
        return replace(job, stage=told.stage, share=told.share, message=message)

    def _refuse_second(self, kind: JobKind) -> None:
        """The lock decides; a job of ours that has not reached it yet counts like one that has.

        An evaluation waits for what writes, since figures of two states say nothing; it never keeps
        an update waiting.
        """
        refuse_if_locked(self._data)
        self._settle_lost()
        for job in self._store.active():
            if kind.writes and not job.order.kind.writes:
                continue
            pid = job.process.pid if job.process else os.getpid()
            since = job.started_at.isoformat()
            raise Locked(Owner(pid, getpass.getuser(), job.order.kind.label, since))

    def _spawn(self, order: Order, files: JobFiles) -> psutil.Popen:
        files.folder.mkdir(parents=True, exist_ok=True)
        with files.log.open("wb") as log, files.report.open("wb") as report:
            return psutil.Popen(
                _command(order, files),
                env={**os.environ, **self._settings.environment()},
                stdin=subprocess.DEVNULL,
                stdout=report,
                stderr=log,
                # A group of its own: Ctrl+C for the service is none for the job.
                start_new_session=True,
            )

    def _settle_lost(self) -> None:
        """Follow active jobs that nobody here follows, and note the end of those that are gone."""
        for job in self._store.active():
            if job.id in self._watched or self._closed.is_set():
                continue
            process = _running(job.process)
            if process is not None:
                self._watch(job.id, process)
            elif job.process is not None or not self._starting.locked():
                self._settle(job.id, None)

    def _watch(self, number: int, process: psutil.Process) -> None:
        thread = threading.Thread(target=self._follow, args=(number, process), daemon=True)
        self._watched[number] = thread
        thread.start()

    def _follow(self, number: int, process: psutil.Process) -> None:
        """Wait for the end of a process and note it."""
        try:
            while _alive(process):
                if self._closed.wait(_LOOK_EVERY):
                    return
                if time.monotonic() > self._kill_at.get(number, float("inf")):
                    _signal_all(process, signal.SIGKILL)
            exit_code = process.wait() if isinstance(process, psutil.Popen) else None
            self._settle(number, exit_code)
        except SQLAlchemyError:
            # The next look at the table finds the process gone and notes it then.
            _LOG.exception("job_end_not_noted")
        finally:
            self._kill_at.pop(number, None)
            self._watched.pop(number, None)

    def _settle(self, number: int, exit_code: int | None) -> None:
        """Note the end of a job whose process is gone."""
        told = read_told(self.files(number).progress)
        code, message = told.code, told.message
        if self._finished(number):
            state = JobState.DONE
        elif told.cancelled:
            state = JobState.CANCELLED
        elif told.code:
            state = JobState.FAILED
        elif exit_code is not None and exit_code > 0:
            state, code = JobState.FAILED, "job_crashed"
            message = (
                f"Der Vorgang endete mit dem Rückgabewert {exit_code}; der bisherige Bestand bleibt "
                "gültig. Näheres steht im Protokoll."
            )
        else:
            state, code = JobState.INTERRUPTED, "job_interrupted"
            message = (
                "Der Vorgang wurde von außen beendet, bevor er fertig war. Der bisherige Bestand "
                "bleibt gültig."
            )
        self._store.ended(
            number,
            state,
            exit_code=exit_code,
            stage=told.stage,
            share=told.share,
            code=code,
            message=message,
        )
        _LOG.info("job_ended", extra={"fields": {"job": number, "code": code}})

    def _finished(self, number: int) -> bool:
        """Whether a job whose process is gone got to its end: its last act is to write its result."""
        job = self._store.get(number)
        if job is not None and job.order.kind is JobKind.EVAL:
            return bool(self.output(number).strip())
        return self.report(number) is not None


def _command(order: Order, files: JobFiles) -> list[str]:
    command = [sys.executable, "-m", "service.cli", *order.kind.command, "--json"]
    command.append(f"--progress-file={files.progress}")
    if order.laws:
        command.append(f"--laws={order.laws}")
    if order.kind is JobKind.EVAL:
        command.append(f"--cases={order.path}")
    elif order.path:
        command += ["--", order.path]
    return command


def _running(noted: Process | None) -> psutil.Process | None:
    """The process that was noted; None if it is gone, or its number belongs to another now."""
    if noted is None:
        return None
    try:
        process = psutil.Process(noted.pid)
        same = abs(process.create_time() - noted.started) < _SAME_START
    except psutil.Error:
        return None
    return process if same and _alive(process) else None


def _alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _signal_all(process: psutil.Process, number: signal.Signals) -> None:
    """Signal a job's process and those that it started: it leads a group of its own."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return
