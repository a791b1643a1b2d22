from __future__ import annotations

from pathlib import Path

from corpus.generation.files import DataFolder


def test_generations_of_one_second_have_names_of_their_own(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    names = []
    for _ in range(3):
        name = data.free_name("20250306T120000-747a5326")
        data.generation(name).path.mkdir(parents=True)
        names.append(name)
    assert names == [f"20250306T120000-747a5326{ending}" for ending in ("", "-2", "-3")]
