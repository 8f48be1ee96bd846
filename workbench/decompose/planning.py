"""What a harvest or a training will take, before it starts; what cannot fit is refused with the numbers."""

from __future__ import annotations

import math
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import torch


@dataclass(frozen=True)
class Plan:
    """What a training will take, before it starts.

    Attributes:
        memory: bytes of weights, gradients, Adam's two means and what one batch holds.
        disk: bytes of a checkpoint without observers, twice, for one is written beside the other.
        speed: tokens per second, measured on a part of the first batch.
        seconds: for all steps.
    """

    memory: int
    disk: int
    speed: float
    seconds: float

    def __repr__(self) -> str:
        minutes = f"{self.seconds / 60:.1f} min" if self.seconds >= 60 else f"{self.seconds:.0f} s"
        return (
            f"memory {readable(self.memory)} · checkpoints {readable(self.disk)} · "
            f"about {self.speed:,.0f} tokens/s · {minutes}"
        )


def existing(device: str | torch.device) -> torch.device:
    """The device, if it is there; else a ValueError that names those that are.

    Example:
        >>> from workbench.decompose.planning import existing
        >>> existing("cpu")
        device(type='cpu')
    """
    there = ["cpu", *(f"cuda:{n}" for n in range(torch.cuda.device_count()))]
    there += ["mps"] if torch.backends.mps.is_available() else []
    try:
        torch.empty(1, device=device).tolist()  # a device that only pretends holds no numbers
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise ValueError(f"there is no device {str(device)!r} here; there are: {', '.join(there)}") from error
    return torch.device(device)


def settled(device: torch.device) -> float:
    """The time in seconds, when the device has done all that it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return time.perf_counter()


def memory_for(weights: int, batch: int, width: int, device: torch.device, there: int = 0) -> int:
    """Bytes that a training takes, `there` of them taken already.

    They are weights, gradients and Adam's two means, and z, what is on and copies of parts of z for one batch.

    Raises:
        MemoryError: so many are not free.
    """
    needed = 4 * (4 * weights + 6 * batch * width)
    if needed - there > (free := free_memory(device)):
        raise MemoryError(
            f"this training needs {readable(needed)} and {readable(free)} are free: {weights:,} weights, 16 bytes "
            f"each, and a batch of {batch} tokens. Make width or batch smaller, or train fewer dictionaries at once."
        )
    return needed


def room_for(needed: int, what: str) -> int:
    """Bytes that are needed in this machine's memory.

    Raises:
        MemoryError: so many are not free.
    """
    if needed > (free := free_memory(torch.device("cpu"))):
        numbers = f"{what} need {readable(needed)} and {readable(free)} are free"
        raise MemoryError(f"{numbers}; name a folder to keep them on disk, or ask for fewer tokens")
    return needed


def free_memory(device: torch.device) -> float:
    """Bytes that may still be taken: of the GPU, of the machine, or of the container where it has a limit."""
    if device.type == "cuda":
        kept = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)  # torch gives it out again
        return torch.cuda.mem_get_info(device)[0] + kept
    free = math.inf
    info = Path("/proc/meminfo")
    if info.exists():
        free = next(int(line.split()[1]) * 1024 for line in info.read_text().splitlines() if "MemAvailable" in line)
    group = Path("/sys/fs/cgroup")
    if (group / "memory.max").exists() and (limit := (group / "memory.max").read_text().strip()) != "max":
        stat = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
        taken = int((group / "memory.current").read_text()) - int(stat.get("inactive_file", 0))  # a cache gives way
        free = min(free, int(limit) - taken)
    return free


def disk_for(needed: int, folder: Path, what: str) -> int:
    """Bytes that are needed in a folder, which need not exist yet.

    Raises:
        OSError: so many are not free there.
    """
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    if needed > (free := shutil.disk_usage(there).free):
        numbers = f"{what} need {readable(needed)} and {readable(free)} are free in {there}"
        raise OSError(f"{numbers}; make room there, or name a folder on another disk")
    return needed


def readable(n: float) -> str:
    """A number of bytes, with three digits and its unit.

    Example:
        >>> from workbench.decompose.planning import readable
        >>> readable(123_456)
        '123 kB'
    """
    for unit in ("bytes", "kB", "MB", "GB"):
        if n < 1000:
            return f"{n:.3g} {unit}"
        n /= 1000
    return f"{n:.3g} TB"
