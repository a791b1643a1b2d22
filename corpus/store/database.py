"""Open the corpus store's database."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, create_engine, event, func, inspect, select
from sqlalchemy.engine import make_url

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


def open_database(url: str) -> Engine:
    """Connect to ``url`` and create missing tables; raises :class:`DatabaseOutdated`.

    SQLite runs in WAL mode, so readers never wait for a writer and a killed writer leaves the last
    committed state.
    """
    parsed = make_url(url)
    sqlite = parsed.get_backend_name() == "sqlite"
    if sqlite and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": 30} if sqlite else {})
    if sqlite:

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
