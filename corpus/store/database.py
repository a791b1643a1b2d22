"""Open the corpus store's database."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, create_engine, event, func, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from corpus.store.tables import Base, GenerationRow


class DatabaseOutdated(Exception):
    """The tables are those of an earlier version of this project; nothing was changed."""

    code = "database_outdated"

    def __init__(self, missing: tuple[str, ...]) -> None:
        self.missing = missing
        """Tables and columns (``table.column``) that this version needs."""
        super().__init__(missing)

    @property
    def message(self) -> str:
        """German: what is missing, and the cure."""
        return (
            f"Die Datenbank stammt von einer früheren Programmversion (es fehlt: "
            f"{', '.join(self.missing)}). Bitte legen Sie sie beiseite und führen Sie „make ingest“ "
            "aus; frühere Fassungen trägt danach „fundstelle history“ nach."
        )


# Any number that nothing else on the server uses: processes that start together create tables in turn.
_CREATING = 7_301_622


class DatabaseUnreachable(Exception):
    """The database server does not answer, or its URL or driver is wrong."""

    code = "database_unreachable"
    message = (
        "Die Datenbank ist nicht erreichbar. Bitte prüfen Sie, ob sie läuft, ob FUNDSTELLE_DATABASE "
        "stimmt und ob ihr Treiber installiert ist."
    )

    def __init__(self) -> None:
        super().__init__(self.message)


def open_database(url: str) -> Engine:
    """Connect to ``url`` and create missing tables; raises :class:`DatabaseOutdated`.

    SQLite runs in WAL mode, so readers never wait for a writer and a killed writer leaves the last
    committed state. Raises :class:`DatabaseUnreachable`.
    """
    if url.startswith("sqlite"):
        return _open_sqlite(url)
    try:
        # A connection may have been cut since its last use: ask before using it.
        engine = create_engine(url, pool_pre_ping=True)
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_CREATING})"))
            Base.metadata.create_all(connection)
    except (ArgumentError, ImportError, OperationalError) as error:
        raise DatabaseUnreachable from error
    return engine


def _open_sqlite(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def _configure(connection, _record):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    missing = _missing(engine)
    if missing:
        engine.dispose()
        raise DatabaseOutdated(missing)
    Base.metadata.create_all(engine)
    return engine


def _missing(engine: Engine) -> tuple[str, ...]:
    """What the tables lack that an earlier version filled.

    A table that is not there at all is created, unless generations already show what belongs into it.
    """
    look = inspect(engine)
    there = set(look.get_table_names())
    columns = tuple(
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        if table.name in there
        for column in table.columns
        if column.name not in {held["name"] for held in look.get_columns(table.name)}
    )
    if columns or GenerationRow.__tablename__ not in there:
        return columns
    with engine.connect() as connection:
        filled = connection.scalar(select(func.count()).select_from(GenerationRow))
    if not filled:
        return ()
    versioned = {table.name for table in Base.metadata.sorted_tables if "until" in table.columns}
    return tuple(sorted(versioned - there))
