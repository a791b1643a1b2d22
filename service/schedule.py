"""The daily update of a running service."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, time, timedelta

from ingest.lock import Locked
from service.job_store import JobKind, Order
from service.jobs import Jobs
from service.observe import log_event

# Seconds after which the clock is looked at again: it may be set, or the machine may have slept.
_LOOK_EVERY = 30.0
_LOG = logging.getLogger("fundstelle")


def next_run(now: datetime, at: time) -> datetime:
    """The next moment after ``now`` at which the clock on the wall shows ``at``."""
    today = datetime.combine(now.date(), at)
    return today if today > now else today + timedelta(days=1)


class Schedule:
    """Starts an ingest every day at ``at``; a day on which something else writes is left out."""

    def __init__(self, jobs: Jobs, at: time) -> None:
        self._jobs = jobs
        self._at = at
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Start nothing any more."""
        self._closed.set()
        self._thread.join()

    def _run(self) -> None:
        due = next_run(datetime.now(), self._at)
        while True:
            left = (due - datetime.now()).total_seconds()
            if self._closed.wait(min(max(left, 0.0), _LOOK_EVERY)):
                return
            if datetime.now() >= due:
                self._start()
                due = next_run(datetime.now(), self._at)

    def _start(self) -> None:
        try:
            job = self._jobs.start(Order(JobKind.INGEST))
        except Locked as error:
            log_event("update_left_out", reason=error.message)
        except Exception:
            # Tomorrow is another try.
            _LOG.exception("update_not_started")
        else:
            log_event("update_started", job=job.id)
