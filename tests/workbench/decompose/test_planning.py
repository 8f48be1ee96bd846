"""What cannot fit is refused before it starts, and says by how much."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from workbench.decompose import planning


def test_a_size_has_three_digits_and_a_unit() -> None:
    assert [planning.readable(n) for n in (12, 1234, 56_789_000, 2e12)] == ["12 bytes", "1.23 kB", "56.8 MB", "2 TB"]


@pytest.mark.parametrize("missing", ["meta", "gpu", "xpu"])
def test_a_device_that_is_not_there_is_named_with_those_that_are(missing: str) -> None:
    with pytest.raises(ValueError, match=f"no device '{missing}' here; there are: cpu"):
        planning.existing(missing)
    assert planning.existing("cpu") == torch.device("cpu")


def test_what_is_there_already_is_not_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    needed = planning.memory_for(1000, 10, 100, torch.device("cpu"))
    assert needed == 16 * 1000 + 24 * 10 * 100
    monkeypatch.setattr(planning, "free_memory", lambda _: needed - 1)
    with pytest.raises(MemoryError, match=r"needs 40 kB and 40 kB are free: 1,000 weights"):
        planning.memory_for(1000, 10, 100, torch.device("cpu"))
    assert planning.memory_for(1000, 10, 100, torch.device("cpu"), there=1) == needed


def test_a_disk_is_asked_where_the_folder_will_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr(planning.shutil, "disk_usage", lambda path: asked.append(path) or usage)
    assert planning.disk_for(1000, tmp_path / "not" / "yet", "they") == 1000 and asked == [tmp_path]
    with pytest.raises(OSError, match=r"they need 1 kB and 1 kB are free in .*make room"):
        planning.disk_for(1001, tmp_path, "they")
