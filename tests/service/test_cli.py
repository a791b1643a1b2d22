from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.cli import app
from tests.conftest import CHECKOUT, SmallWorld, copy_world, write_memo

RUNNER = CliRunner()


def run(world: SmallWorld, *arguments: str, code: int = 0) -> str:
    result = RUNNER.invoke(app, list(arguments), env={"FUNDSTELLE_DATA": str(world.data.root)})
    assert result.exit_code == code, result.output
    return result.output


def test_ask_search_and_norm_as_json(ingested: SmallWorld) -> None:
    asked = json.loads(run(ingested, "ask", "§ 16b Abs. 3 AufenthG Tage", "--json"))
    assert asked["statements"][0]["pinpoint"].startswith("§ 16b Abs. 3")
    found = json.loads(run(ingested, "search", "Pass", "--k", "2", "--json"))
    assert len(found["hits"]) == 2
    norm = json.loads(run(ingested, "norm", "§ 45 AufenthV", "--json"))
    assert norm["citation"] == "§ 45 AufenthV"


def test_ask_search_and_norm_for_people(ingested: SmallWorld) -> None:
    assert "140 Tagen" in run(ingested, "ask", "§ 16b Abs. 3 AufenthG Tage")
    assert "§ 3 Abs. 1 AufenthG" in run(ingested, "search", "Pass")
    assert "93 Euro" in run(ingested, "norm", "§ 45 AufenthV")


def unborne_memos(world: SmallWorld) -> list[dict[str, object]]:
    """What the check says of the memos; the summaries are about the real laws, not about these."""
    sentences = json.loads(run(world, "check", "memos", "--json"))["sentences"]
    return [one for one in sentences if not one["document"].startswith("summary:")]


def test_documents_are_held_against_the_law(ingested: SmallWorld, tmp_path: Path) -> None:
    assert unborne_memos(ingested) == []
    world = copy_world(ingested, tmp_path / "world")
    body = "## Kosten\n\nDie Erteilung kostet 250 Euro (§ 45 Nr. 1 AufenthV)."
    write_memo(world.memos, "faq-gebuehren", "Was kostet die Erlaubnis?", body, audience="public")
    world.ingest()
    (found,) = unborne_memos(world)
    assert (found["document"], found["places"]) == ("faq-gebuehren", ["§ 45 Nr. 1 AufenthV"])
    assert found["findings"] == ["„250 Euro“ steht nicht in der Fundstelle."]
    assert "250 Euro" in run(world, "check", "memos", "--strict", code=1)
    answer = run(world, "ask", "§ 45 AufenthV: Was kostet die Erteilung?")
    assert "weicht womöglich vom Gesetz ab (§ 45 Nr. 1 AufenthV)" in " ".join(answer.split())


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("ask", ""), "question_empty"),
        (("ask", "Pass", "--as-of", "2024-02-31"), "bad_date"),
        (("norm", "irgendwas"), "bad_reference"),
        (("norm", "§ 25c AufenthG"), "unknown_norm"),
        (("ingest", "--laws", "/gibt/es/nicht"), "not_found"),
    ],
)
def test_bad_input_ends_with_a_sentence_and_its_code(
    ingested: SmallWorld, arguments: tuple[str, ...], code: str
) -> None:
    assert f"({code})" in run(ingested, *arguments, code=1)


def test_coverage_for_people_and_machines(ingested: SmallWorld) -> None:
    assert "mehrere Normen beanspruchen" in run(ingested, "coverage")
    laws = {law["law"]: law for law in json.loads(run(ingested, "coverage", "--json"))["laws"]}
    assert (
        laws["AufenthG"]["covered"] + len(laws["AufenthG"]["without"])
        == laws["AufenthG"]["absaetze"]
    )


def test_before_the_first_ingest_the_cure_is_named(world: SmallWorld) -> None:
    assert "make ingest" in run(world, "ask", "Pass", code=1)


def test_generations_are_listed_and_verified(updated: SmallWorld) -> None:
    first, second = json.loads(run(updated, "index", "list", "--json"))
    assert (first["published"], first["can_answer"], first["base"]) == (False, True, None)
    assert (second["published"], second["can_answer"], second["base"]) == (True, False, 1)
    assert "Rückkehr möglich" in run(updated, "index", "list")
    assert "in Ordnung" in run(updated, "index", "verify")
    assert json.loads(run(updated, "index", "verify", "--json"))["name"] == second["name"]
    assert json.loads(run(updated, "index", "verify", "1", "--json"))["name"] == first["name"]


def test_going_back_clearing_away_and_what_is_then_impossible(
    updated: SmallWorld, tmp_path: Path
) -> None:
    world = copy_world(updated, tmp_path)
    assert json.loads(run(world, "index", "rollback", "1", "--json")) == {"number": 1}
    assert "140 Tagen" in run(world, "ask", "§ 16b Abs. 3 AufenthG Tage")
    assert "Gelöscht" in run(world, "index", "prune", "--keep", "1")
    assert json.loads(run(world, "index", "prune", "--json")) == {"removed": []}
    assert "(generation_pruned)" in run(world, "index", "rollback", "2", code=1)
    assert "(generation_pruned)" in run(world, "index", "verify", "2", code=1)
    assert "(generation_unknown)" in run(world, "index", "verify", "9", code=1)


def test_silent_damage_is_found(updated: SmallWorld, tmp_path: Path) -> None:
    world = copy_world(updated, tmp_path)
    name = json.loads(run(world, "index", "verify", "--json"))["name"]
    file = world.data.generation(name).topics
    file.write_text(file.read_text(encoding="utf-8") + " ", encoding="utf-8")
    output = run(world, "index", "verify", code=1)
    assert "topics.json" in output
    assert "(generation_broken)" in output


def test_backup_and_restore(updated: SmallWorld, tmp_path: Path) -> None:
    file = tmp_path / "sicherung.tar.gz"
    assert "Generation 2" in run(updated, "backup", str(file))
    assert "(backup_exists)" in run(updated, "backup", str(file), code=1)
    assert "(data_not_empty)" in run(updated, "restore", str(file), code=1)
    assert json.loads(run(SmallWorld(tmp_path), "restore", str(file), "--json"))["number"] == 2
    assert "150 Tagen" in run(SmallWorld(tmp_path), "ask", "§ 16b Abs. 3 AufenthG Tage")


def test_an_outdated_database_is_named_with_its_cure(updated: SmallWorld, tmp_path: Path) -> None:
    world = copy_world(updated, tmp_path)
    with closing(sqlite3.connect(world.data.root / "fundstelle.sqlite")) as connection:
        connection.execute("DROP TABLE snapshot")
    for command in (("ask", "Pass"), ("ingest",), ("index", "list"), ("serve",)):
        output = run(world, *command, code=1)
        assert "snapshot" in output
        assert "(database_outdated)" in output


def test_a_wrong_setting_is_named(world: SmallWorld) -> None:
    result = RUNNER.invoke(app, ["ask", "Pass"], env={"FUNDSTELLE_PORT": "viele"})
    assert result.exit_code == 1
    assert "FUNDSTELLE_PORT" in result.output
    assert "(bad_setting)" in result.output


def test_a_damaged_index_is_named_with_its_cure(world: SmallWorld) -> None:
    name = world.ingest().published
    assert name is not None
    (world.data.generation(name).path / "passages.json").write_text("[", encoding="utf-8")
    assert "beschädigt" in run(world, "ask", "Pass", code=1)


def test_every_command_and_option_is_in_the_docs() -> None:
    docs = (CHECKOUT / "docs" / "befehle.md").read_text(encoding="utf-8")
    for command in ("ingest", "serve", "ask", "search", "norm", "eval run", "eval compare",
                    "eval bench", "eval ablation", "eval runs", "eval show", "eval case", "eval export",
                    "eval cases", "coverage", "changes", "gaps", "memo list",
                    "memo show", "memo confirm", "memo revise", "memo withdraw", "memo add",
                    "memo replace", "index list", "index verify", "index rollback", "index prune",
                    "backup", "restore", "history"):  # fmt: skip
        assert f"fundstelle {command}" in docs
        output = RUNNER.invoke(app, [*command.split(), "--help"], env={"COLUMNS": "200"}).output
        for word in output.replace("│", " ").split():
            if word.startswith("--") and word not in ("--help",):
                assert word.rstrip(",.") in docs, f"{command} {word}"


def test_every_setting_is_in_the_docs() -> None:
    from service.settings import Settings

    docs = (CHECKOUT / "docs" / "einstellungen.md").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"FUNDSTELLE_{name.upper()}" in docs


def test_an_office_cares_for_its_documents(world: SmallWorld, tmp_path: Path) -> None:
    run(world, "ingest", "--laws", str(world.laws))
    new = tmp_path / "Hilfe 7.md"
    new.write_text("# Ablauf\n\nZuerst wird an Schalter 7 gefragt.", encoding="utf-8")
    assert "Aufgenommen: hilfe-7" in run(world, "memo", "add", str(new), "--title", "Hilfe")
    assert "Schalter 7" in run(world, "ask", "Wo wird an Schalter 7 gefragt?")
    assert "(document_exists)" in run(world, "memo", "add", str(new), code=1)
    new.write_text("# Ablauf\n\nZuerst wird an Schalter 8 gefragt.", encoding="utf-8")
    run(world, "memo", "replace", "hilfe-7", str(new))
    why = ("--name", "E. Beispiel", "--reason", "geprüft")
    run(world, "memo", "revise", "hilfe-7", *why)
    history = run(world, "memo", "show", "hilfe-7")
    assert "überarbeitet von E. Beispiel: geprüft" in history
    assert "hilfe-7.md" in history
    assert json.loads(run(world, "memo", "list", "--json")) == {"documents": []}
    run(world, "memo", "withdraw", "hilfe-7", *why)
    assert "Schalter 8" not in run(world, "ask", "Wo wird an Schalter 8 gefragt?")
    assert "(withdrawn)" in run(world, "memo", "add", str(new), code=1)
    assert "(withdrawn)" in run(world, "memo", "replace", "hilfe-7", str(new), code=1)
    assert "(unknown_document)" in run(world, "memo", "confirm", "gibt-es-nicht", *why, code=1)
    assert "(not_found)" in run(world, "memo", "add", str(tmp_path / "fehlt.md"), code=1)
    new.write_bytes(b"\xff")
    assert "(memo_encoding)" in run(world, "memo", "add", str(new), code=1)


def test_an_ingest_by_command_line(world: SmallWorld, tmp_path: Path) -> None:
    output = run(world, "ingest", "--laws", str(world.laws), "--json")
    report = json.loads(output[output.index("{") :])
    assert report["official"] is True
    assert "Nichts zu tun" in run(world, "ingest", "--laws", str(world.laws))
