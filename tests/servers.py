"""Real servers for tests: Chroma's and a throw-away PostgreSQL, both reachable from this machine only."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

_PATIENCE = 30.0


class ChromaServer:
    """``chroma run`` on a loopback port; keeps its port and its data when it is started again."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port: int = probe.getsockname()[1]
        self._folder = folder
        self.url = f"http://127.0.0.1:{self._port}"
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        where = ["--host", "127.0.0.1", "--port", str(self._port), "--path", str(self._folder)]
        self._process = subprocess.Popen(
            [Path(sys.executable).parent / "chroma", "run", *where],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            try:
                if httpx.get(f"{self.url}/api/v2/heartbeat").status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise TimeoutError("chroma run does not answer")

    def kill(self) -> None:
        """End it without warning."""
        self._process.kill()
        self._process.wait()

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Let it accept connections and answer nothing."""
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)


def postgres_binaries() -> Path | None:
    """Directory of ``initdb`` and ``pg_ctl``; None if no PostgreSQL server is installed."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((f for f in folders if (f / "initdb").is_file() and (f / "pg_ctl").is_file()), None)


class PostgresServer:
    """A PostgreSQL cluster that listens on a socket in ``folder`` only; PostgreSQL refuses to be root."""

    def __init__(self, folder: Path, binaries: Path) -> None:
        self._folder = folder
        self._binaries = binaries
        self._account = _account()
        self._databases = 0
        if self._account is not None:
            os.chown(folder, self._account.pw_uid, self._account.pw_gid)
        self._run("initdb", "-U", "fundstelle", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")

    def database(self) -> str:
        """URL of a new, empty database."""
        self._databases += 1
        name = f"test{self._databases}"
        server = make_url(f"postgresql+psycopg://fundstelle@/postgres?host={self._folder}")
        engine = create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return server.set(database=name).render_as_string()

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-c listen_addresses= -c fsync=off -c unix_socket_directories={self._folder}"
        self._run("pg_ctl", "start", "-w", "-l", str(self._folder / "log"), "-o", options)

    def stop(self) -> None:
        """Stop it, connections or not."""
        self._run("pg_ctl", "stop", "-m", "fast")

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Let it be away for as long as the context lasts."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    def _run(self, program: str, *arguments: str) -> None:
        account = self._account
        subprocess.run(
            [self._binaries / program, "-D", self._folder / "data", *arguments],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
            check=True,
        )


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """A new cluster for as long as the context lasts; FileNotFoundError without PostgreSQL."""
    binaries = postgres_binaries()
    if binaries is None:
        raise FileNotFoundError("PostgreSQL fehlt (Debian-Paket postgresql).")
    # Not below pytest's directory, which only its owner may enter.
    folder = Path(tempfile.mkdtemp(prefix="fundstelle-postgres-"))
    try:
        server = PostgresServer(folder, binaries)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)


def _account() -> pwd.struct_passwd | None:
    """Whom to run PostgreSQL as; None: as ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")
