"""Activations, shuffled: on disk in bounded memory, or held in memory; read in batches from any position.

The shuffle is exactly uniform. Every token goes to one of K buckets, drawn evenly and
for itself; then each bucket is shuffled in memory and written as a shard. Shards one
after another are a uniform permutation of all tokens (Rao 1961; Sandelius 1962), and
never more than one shard was held.

A harvest that was killed goes on where it was: buckets are files that only grow, and
a journal says how far they are good. Every shard has a checksum; one that is cut short
or was changed is found when it is read, and named. What was harvested is plain data:
a store knows no model.
"""

from __future__ import annotations

import hashlib
import json
import os
from abc import ABC, abstractmethod
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count, islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from safetensors import SafetensorError
from safetensors.torch import load, save_file
from torch import Tensor

from ..model import Model
from ..names import canonical
from ..progress import bar
from .planning import disk_for, room_for

MANIFEST, JOURNAL = "manifest.json", "journal.json"
FORMAT = 1
POOL = 2048
"""Texts that are tokenised together and batched by length."""
PLACES = {"text": np.int32, "position": np.int32, "token": np.int32}
"""What is kept of every token beside its activations: which text, where in it (BOS counts), which token."""
SHARD, SHARDS = 2**25, 1024
"""Bytes that a shard aims at, and how many shards there are at most."""
UNKNOWN = 1024
"""How many shards there are where the number of tokens is not known before."""
FLUSH = 2**24
"""Bytes that are gathered before they go to the buckets."""


class Activations(ABC):
    """Activations of many tokens at some sites, in a random order.

    Attributes:
        sites: how many numbers each site holds, by its name.
        lengths: how many tokens each shard has.
        seed: of the order.
        provenance: model, hash, BOS, tokens, dtype.
    """

    sites: Mapping[str, int]
    lengths: Sequence[int]
    seed: int
    provenance: Mapping[str, object]

    @abstractmethod
    def shard(self, number: int) -> dict[str, Tensor]:
        """One shard: the value at each site, [n, D], and `text`, `position` and `token`, [n]."""

    def __len__(self) -> int:
        return sum(self.lengths)

    def __repr__(self) -> str:
        sites = " · ".join(f"{site} [{width}]" for site, width in self.sites.items())
        about = self.provenance
        return (
            f"{type(self).__name__}({about.get('model', '?')} {about.get('hash', '')} · {len(self):,} tokens · {sites})"
        )

    def batches(self, size: int, *, start: int = 0) -> Generator[dict[str, Tensor]]:
        """Batches of `size` tokens without end, beginning at any token; one pass after another, each in a new order.

        The first pass is in the order of the shuffle. Later ones shuffle the shards, and the tokens within them.

        Example:
            >>> import torch
            >>> from workbench.decompose.store import Held
            >>> held = Held({"resid_post.0": torch.randn(10, 4)})
            >>> [len(batch["resid_post.0"]) for _, batch in zip(range(3), held.batches(4))]
            [4, 4, 4]
        """
        if size < 1 or start < 0 or not len(self):
            raise ValueError(f"batches of {size} from token {start} of {len(self)}: at least 1, 0 and 1")
        return self._batches(size, start)

    def _batches(self, size: int, start: int) -> Generator[dict[str, Tensor]]:
        held: list[dict[str, Tensor]] = []
        ready = 0
        for shard in self._from(start):
            held.append(shard)
            ready += len(shard["text"])
            while ready >= size:
                joined = held[0] if len(held) == 1 else {name: torch.cat([h[name] for h in held]) for name in held[0]}
                yield {name: value[:size] for name, value in joined.items()}
                ready -= size
                held = [{name: value[size:] for name, value in joined.items()}]

    def _from(self, start: int) -> Iterator[dict[str, Tensor]]:
        """Whole shards in their order, pass after pass; the next is read while one is used."""
        order = self._order(start)
        with ThreadPoolExecutor(1) as reader:
            coming = reader.submit(self._read, *next(order))
            while True:
                shard, coming = coming.result(), reader.submit(self._read, *next(order))
                yield shard

    def _order(self, start: int) -> Iterator[tuple[int, int, int]]:
        """(pass, shard, first token) from a token on."""
        epoch, skip = divmod(start, len(self))
        while True:
            shards = range(len(self.lengths))
            order = shards if epoch == 0 else np.random.default_rng([self.seed, 2, epoch]).permutation(shards).tolist()
            for number in order:
                if skip < self.lengths[number]:
                    yield epoch, number, skip
                skip = max(0, skip - self.lengths[number])
            epoch += 1

    def _read(self, epoch: int, number: int, skip: int) -> dict[str, Tensor]:
        shard = self.shard(number)
        if epoch:
            order = np.random.default_rng([self.seed, 3, epoch, number]).permutation(self.lengths[number])[skip:]
            return {name: value[torch.from_numpy(order)] for name, value in shard.items()}
        return {name: value[skip:] for name, value in shard.items()} if skip else shard

    def side_by_side(self, batch: Mapping[str, Tensor], sites: Sequence[str]) -> Float[Tensor, "N D"]:
        """The values at sites, joined, as fp32."""
        values = [batch[site].float() for site in sites]
        return values[0] if len(values) == 1 else torch.cat(values, dim=-1)

    def check_sites(self, sites: Sequence[str]) -> tuple[str, ...]:
        """Their names as they are held; a ValueError for one that is not."""
        names = tuple(map(canonical, sites))
        if unknown := [name for name in names if name not in self.sites]:
            raise ValueError(f"{unknown[0]!r} was not harvested; there are: {', '.join(self.sites)}")
        return names


class Held(Activations):
    """Activations in memory.

    Args:
        values: by site, [N, D] each.
        places: `text`, `position` and `token` of every row, where they are known.
        seed: of the order of later passes; the first is as given.

    Example:
        >>> import torch
        >>> from workbench.decompose.store import Held
        >>> len(Held({"resid_post.0": torch.randn(10, 4)}))
        10
    """

    def __init__(
        self,
        values: Mapping[str, Tensor],
        places: Mapping[str, Tensor] | None = None,
        *,
        provenance: Mapping[str, object] | None = None,
        seed: int = 0,
    ) -> None:
        for site, value in values.items():
            if value.ndim != 2 or not len(value) or not all(torch.isfinite(part).all() for part in value.split(2**14)):
                raise ValueError(f"activations are rows of finite numbers, one per token; {site}: {tuple(value.shape)}")
        self.values = {canonical(site): value for site, value in values.items()}
        n = {len(value) for value in values.values()}
        if len(n) != 1:
            raise ValueError(f"all sites have the same tokens; given {sorted(n)}")
        unknown = {name: torch.full((min(n),), -1, dtype=torch.int32) for name in PLACES}
        self.places = unknown | dict(places or {})
        self.sites = {site: value.shape[1] for site, value in self.values.items()}
        self.lengths, self.seed = [min(n)], seed
        self.provenance = dict(provenance or {})

    def shard(self, number: int) -> dict[str, Tensor]:
        """Everything: there is one shard."""
        return self.values | self.places

    def _batches(self, size: int, start: int) -> Generator[dict[str, Tensor]]:
        """As a store's, but only the order of a pass is held beside the rows."""
        everything = self.shard(0)
        epoch, first = divmod(start, len(self))
        order = self._pass(epoch)[first:]
        while True:
            while len(order) < size:
                epoch += 1
                order = torch.cat([order, self._pass(epoch)])
            rows, order = order[:size], order[size:]
            yield {name: value[rows] for name, value in everything.items()}

    def _pass(self, epoch: int) -> Tensor:
        if not epoch:
            return torch.arange(len(self))
        return torch.from_numpy(np.random.default_rng([self.seed, 3, epoch, 0]).permutation(len(self)))


class Store(Activations):
    """Activations on disk, in shards. `harvest` writes one; this opens it.

    Raises:
        FileNotFoundError: the folder holds none, or a harvest that is not finished.
        OSError: a shard is missing, cut short or changed.

    Example:
        >>> import workbench as wb
        >>> made = wb.decompose.harvest(wb.load(), ["2+2=", "The bridge"], at="resid_post.1", to=tmp / "acts")
        >>> wb.decompose.Store(tmp / "acts").sites
        {'resid_post.1': 256}
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        if not (self.path / MANIFEST).exists():
            begun = (self.path / JOURNAL).exists()
            raise FileNotFoundError(
                f"the harvest in {self.path} is not finished; call wb.decompose.harvest again with the same texts"
                if begun
                else f"no store in {self.path}: {MANIFEST} is missing. Make one with wb.decompose.harvest(…, to=…)"
            )
        about = json.loads((self.path / MANIFEST).read_text(encoding="utf-8"))
        if about.get("format") != FORMAT:
            raise ValueError(f"{self.path} is of format {about.get('format')}; this version reads {FORMAT}")
        self.sites, self.seed, self.provenance = about["sites"], about["seed"], about["provenance"]
        self._shards = about["shards"]
        self.lengths = [shard["tokens"] for shard in self._shards]
        self._verified: set[int] = set()
        for number, shard in enumerate(self._shards):
            file = self.path / shard["file"]
            if not file.exists() or file.stat().st_size != shard["bytes"]:
                raise self._broken(number, "missing" if not file.exists() else "cut short or grown")

    def shard(self, number: int) -> dict[str, Tensor]:
        """One shard, checked against its checksum the first time."""
        data = (self.path / self._shards[number]["file"]).read_bytes()
        if number not in self._verified:
            if hashlib.sha256(data).hexdigest() != self._shards[number]["sha256"]:
                raise self._broken(number, "not as it was written: its checksum differs")
            self._verified.add(number)
        try:
            return load(data)
        except SafetensorError as error:
            raise self._broken(number, f"no safetensors file ({error})") from error

    def verify(self) -> None:
        """Read every shard once; an OSError names the first that is not as it was written."""
        for number in range(len(self._shards)):
            self._verified.discard(number)
            self.shard(number)

    def _broken(self, number: int, why: str) -> OSError:
        file = self.path / self._shards[number]["file"]
        return OSError(f"{file} is {why}. Delete the folder and harvest again.")


def harvest(
    model: Model,
    texts: Iterable[str],
    *,
    at: str | Sequence[str],
    to: str | Path | None = None,
    tokens: int | None = None,
    batch: int = 32,
    dtype: torch.dtype = torch.float32,
    seed: int = 0,
) -> Activations:
    """Run a model over texts, only as far as the last site, and keep the activations of every token, shuffled.

    BOS and padding are left out. A text that is longer than the context is read in pieces. Call it again after a
    kill or an interrupt, with the same texts, and it goes on where it was, to the same bytes. Beside the model it takes
    some 100 MB, whatever the size of the store. A model loaded with `attention="sdpa"` is read about a fifth faster.

    Args:
        model: what reads the texts.
        texts: any iterable of them, endless if `tokens` says where to stop; read once, in order.
        at: site names; several are harvested in one pass. `*` stands for every layer.
        to: a folder for the store; None to hold it all in memory.
        tokens: stop after so many; None for all texts.
        batch: pieces of text per forward pass, of about one length.
        dtype: torch.float32, or torch.float16 for half the disk.
        seed: of the shuffle.

    Raises:
        ValueError: an unknown site; a folder that holds a store of something else; no tokens at all.
        OSError: the disk is too small for what is expected. MemoryError: so is the memory.

    Example:
        >>> import workbench as wb
        >>> wb.decompose.harvest(wb.load(), ["2+2=4", "3+3=6"], at="resid_post.1", tokens=8).provenance["tokens"]
        8
    """
    if isinstance(texts, str):
        raise TypeError("texts is one text; give a list of them")
    names = [str(site) for site in model.expand(at)]
    if not names or any(name.startswith("pattern") for name in names):
        raise ValueError(f"at={at!r} names {names or 'no site'}: give sites that hold a vector per token")
    if dtype not in _DTYPES:
        raise ValueError(f"dtype {dtype}: one of {', '.join(map(str, _DTYPES))}")
    if tokens is not None and tokens < 1:
        raise ValueError(f"tokens {tokens}: at least 1")
    about = {
        "model": model.name,
        "hash": model.hash,
        "bos": model.vocabulary.bos is not None,
        "dtype": str(dtype).removeprefix("torch."),
    }
    values = [(name, _DTYPES[dtype], (model.numbers(name),)) for name in names]
    record = np.dtype([*values, *PLACES.items()])
    if to is not None:
        return _Harvest(Path(to), record, about, names, seed).run(model, texts, tokens, batch)
    room_for(2 * int(_expected(texts, tokens)) * record.itemsize, "these activations and a copy")
    parts = [part for part, _ in _rows(model, iter(texts), names, record, tokens, batch)]
    values = _dealt(parts, record, np.random.default_rng([seed, 1, 0]))
    places = {name: values.pop(name) for name in PLACES}
    return Held(values, places, provenance=about | {"tokens": len(places["text"])}, seed=seed)


_DTYPES = {torch.float32: np.float32, torch.float16: np.float16}


def _rows(
    model: Model,
    texts: Iterator[str],
    names: Sequence[str],
    record: np.dtype,
    tokens: int | None,
    batch: int,
    first: int = 0,
    done: int = 0,
) -> Iterator[tuple[np.ndarray, tuple[int, int]]]:
    """The tokens of one forward pass after another, as records, and (texts before the pool, passes in it) after it.

    `first` is the number of the first text, and `done` how many passes of its pool to leave out.
    """
    stride = model.context - (model.vocabulary.bos is not None)
    with bar("harvest", total=tokens, unit="tokens") as shown:
        while pool := list(islice(texts, POOL)):
            pieces = [
                (len(ids), number, start, ids)
                for number, windows in enumerate(model.vocabulary.windows(pool), first)
                for start, ids in zip(count(0, stride), windows, strict=False)
            ]
            pieces.sort(key=lambda piece: piece[:3])
            for passed, at in enumerate(range(0, len(pieces), batch)):
                if passed >= done:
                    rows = _recorded(model, pieces[at : at + batch], names, record)[:tokens]
                    yield rows, (first, passed + 1)
                    shown.update(len(rows))
                    if tokens is not None and (tokens := tokens - len(rows)) == 0:
                        return
            first, done = first + len(pool), 0


def _recorded(model: Model, pieces: Sequence[tuple], names: Sequence[str], record: np.dtype) -> np.ndarray:
    """One forward pass over pieces of text, as records of their tokens."""
    tokens = model.vocabulary.padded([ids for *_, ids in pieces], "right", model.device, spelled=False)
    values = model.read(tokens, at=names)
    keep = tokens.places.text
    rows = np.empty(int(keep.sum()), record)
    for name, value in values.items():
        held = value[keep].flatten(1).float().cpu()
        kind = record[name].base
        if not (size := float(held.abs().max())) <= (most := float(np.finfo(kind).max)):
            there = f"{name} holds {size:.3g}, in one of the texts {pieces[0][1]} to {pieces[-1][1]}"
            raise ValueError(f"{there}; {kind} holds no more than {most:.3g}")
        rows[name] = held.numpy()
    texts, starts = (torch.tensor([piece[n] for piece in pieces], device=keep.device)[:, None] for n in (1, 2))
    rows["text"] = texts.expand_as(keep)[keep].cpu().numpy()
    rows["position"] = (starts + tokens.places.index)[keep].cpu().numpy()
    rows["token"] = tokens.ids[keep].cpu().numpy()
    return rows


def _dealt(parts: list[np.ndarray], record: np.dtype, randomness: np.random.Generator) -> dict[str, Tensor]:
    """All rows in a random order, a tensor for each name; every part is let go of when its rows have their places."""
    n = sum(map(len, parts))
    if not n:
        raise ValueError("the texts hold no tokens")
    out = {name: torch.from_numpy(np.empty((n, *record[name].shape), record[name].base)) for name in record.names}
    order = torch.from_numpy(randomness.permutation(n))
    while parts:
        rows = parts.pop()
        n, places = n - len(rows), order[n - len(rows) : n]
        for name, value in _tensors(rows).items():
            out[name][places] = value
    return out


def _expected(texts: Iterable[str], tokens: int | None) -> float:
    """About how many tokens there will be; 0 where nobody can know."""
    if not isinstance(texts, Sequence):
        return tokens or 0
    there = sum(map(len, texts)) / 3
    return there if tokens is None else min(tokens, there)


def _tensors(rows: np.ndarray) -> dict[str, Tensor]:
    return {name: torch.from_numpy(np.ascontiguousarray(rows[name])) for name in rows.dtype.names}


class _Harvest:
    """A harvest to disk under way: buckets that grow, then shards; the journal says how far both are good."""

    def __init__(self, path: Path, record: np.dtype, about: dict, names: Sequence[str], seed: int) -> None:
        self.path, self.record, self.names = path, record, names
        self.settings = about | {"sites": {name: record[name].shape[0] for name in names}, "seed": seed}

    def run(self, model: Model, texts: Iterable[str], tokens: int | None, batch: int) -> Store:
        wanted = self.settings | {"asked": tokens, "batch": batch}
        if (self.path / MANIFEST).exists():
            held = json.loads((self.path / MANIFEST).read_text(encoding="utf-8"))
            if held["settings"] != wanted:
                unlike = _differences(held["settings"], wanted)
                raise ValueError(f"{self.path} holds another store: {unlike}. Name another folder.")
            stream = iter(texts)
            self._again(stream, held)
            if tokens is None and next(stream, None) is not None:
                raise ValueError(f"{self.path} holds the first {held['read']} of these texts only; name another folder")
            self._tidy()
            return Store(self.path)
        self.path.mkdir(parents=True, exist_ok=True)
        journal = self._journal(wanted, texts, tokens)
        if not journal["gathered"]:
            self._gather(model, iter(texts), tokens, batch, journal)
        return self._shuffle(journal)

    def _journal(self, wanted: dict, texts: Iterable[str], tokens: int | None) -> dict:
        """What was done so far; buckets are cut back to it."""
        if not (self.path / JOURNAL).exists():
            unknown = [path.name for path in self.path.iterdir() if path.suffix != ".part"]
            if unknown:
                raise ValueError(f"{self.path} is not empty ({unknown[0]}) and holds no store; name another folder")
            k = self._shards(texts, tokens)
            disk_for(int(_expected(texts, tokens)) * self.record.itemsize, self.path, "the activations")
            journal = {"settings": wanted, "first": 0, "passes": 0, "tokens": 0, "flushes": 0, "read": 0}
            journal |= {"digest": hashlib.sha256().hexdigest(), "sizes": [0] * k, "gathered": False, "shards": []}
            _write(self.path / JOURNAL, journal)
            return journal
        journal = json.loads((self.path / JOURNAL).read_text(encoding="utf-8"))
        if journal["settings"] != wanted:
            begun = _differences(journal["settings"], wanted)
            raise ValueError(f"{self.path} holds another harvest, not finished: {begun}. Name another folder.")
        for number, size in enumerate(journal["sizes"][len(journal["shards"]) :], len(journal["shards"])):
            bucket = self._bucket(number)
            held = bucket.stat().st_size if bucket.exists() else 0
            if held < size:
                short = f"{bucket} was cut short: it holds {held} bytes of {size}"
                raise OSError(f"{short}. Delete {self.path} and harvest again.")
            if held > size:
                os.truncate(bucket, size)
        return journal

    def _again(self, texts: Iterator[str], held: dict) -> list[str]:
        """The texts that were read before, read again; a ValueError if they are others."""
        read = list(islice(texts, held["read"]))
        if _digest(read).hexdigest() != held["digest"]:
            raise ValueError(f"these are not the texts that the harvest in {self.path} read; name another folder")
        return read

    def _shards(self, texts: Iterable[str], tokens: int | None) -> int:
        expected = _expected(texts, tokens)
        return int(min(SHARDS, max(1, expected * self.record.itemsize // SHARD))) if expected else UNKNOWN

    def _gather(self, model: Model, texts: Iterator[str], tokens: int | None, batch: int, journal: dict) -> None:
        """Run the model, and deal its tokens to the buckets."""
        before = self._again(texts, journal)
        digest, read = _digest(before), len(before)

        def watched() -> Iterator[str]:
            nonlocal read
            yield from before[journal["first"] :]
            for text in texts:
                digest.update(text.encode() + b"\0")
                read += 1
                yield text

        left = None if tokens is None else tokens - journal["tokens"]
        gathered: list[np.ndarray] = []
        size = 0
        if left != 0:
            place = journal["first"], journal["passes"]
            for rows, after in _rows(model, watched(), self.names, self.record, left, batch, *place):
                gathered.append(rows)
                size += rows.nbytes
                if size >= FLUSH:
                    journal |= {"first": after[0], "read": read, "digest": digest.hexdigest()}
                    self._deal(gathered, journal, after[1])
                    gathered, size = [], 0
            if gathered:
                journal |= {"first": after[0], "read": read, "digest": digest.hexdigest()}
                self._deal(gathered, journal, after[1])
        if not journal["tokens"]:
            raise ValueError("the texts hold no tokens")
        journal["gathered"] = True
        _write(self.path / JOURNAL, journal)

    def _deal(self, gathered: list[np.ndarray], journal: dict, passes: int) -> None:
        """Each token to a bucket, drawn evenly and for itself."""
        rows = np.concatenate(gathered)
        k = len(journal["sizes"])
        bucket = np.random.default_rng([self.settings["seed"], 0, journal["flushes"]]).integers(k, size=len(rows))
        order = bucket.argsort(kind="stable")
        edges = np.searchsorted(bucket[order], np.arange(k + 1))
        rows = rows[order]
        for number in np.flatnonzero(np.diff(edges)).tolist():
            with self._bucket(number).open("ab") as file:
                part = rows[edges[number] : edges[number + 1]]
                file.write(part.tobytes())
            journal["sizes"][number] += part.nbytes
        journal |= {"tokens": journal["tokens"] + len(rows), "flushes": journal["flushes"] + 1, "passes": passes}
        _write(self.path / JOURNAL, journal)

    def _shuffle(self, journal: dict) -> Store:
        """Each bucket shuffled in memory and written as a shard."""
        for number in range(len(journal["shards"]), len(journal["sizes"])):
            bucket, file = self._bucket(number), self.path / f"{number:05}.safetensors"
            rows = np.fromfile(bucket, self.record) if bucket.exists() else np.empty(0, self.record)
            rows = rows[np.random.default_rng([self.settings["seed"], 1, number]).permutation(len(rows))]
            beside = file.with_suffix(".part")
            save_file(_tensors(rows), beside)
            data = beside.read_bytes()
            beside.replace(file)
            journal["shards"].append(
                {"file": file.name, "tokens": len(rows), "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            )
            _write(self.path / JOURNAL, journal)
            bucket.unlink(missing_ok=True)
        settings = journal["settings"]
        about = {name: settings[name] for name in ("model", "hash", "bos", "dtype")} | {"tokens": journal["tokens"]}
        about |= {"texts": journal["digest"][:16]}
        manifest = {"format": FORMAT, "sites": settings["sites"], "seed": settings["seed"], "provenance": about}
        manifest |= {"settings": settings, "shards": journal["shards"], "read": journal["read"]}
        _write(self.path / MANIFEST, manifest | {"digest": journal["digest"]})
        self._tidy()
        return Store(self.path)

    def _tidy(self) -> None:
        """Delete what a finished harvest has no use for; a kill may have left some of it."""
        for pattern in (JOURNAL, "*.bucket", "*.part", ".tmp*"):  # safetensors writes beside its file first
            for path in self.path.glob(pattern):
                path.unlink()

    def _bucket(self, number: int) -> Path:
        return self.path / f"{number:05}.bucket"


def _digest(texts: Iterable[str]) -> Any:
    digest = hashlib.sha256()
    for text in texts:
        digest.update(text.encode() + b"\0")
    return digest


def _write(path: Path, about: dict) -> None:
    """JSON, whole or not at all."""
    beside = path.with_suffix(".part")
    beside.write_text(json.dumps(about) + "\n", encoding="utf-8")
    beside.replace(path)


def _differences(held: dict, wanted: dict) -> str:
    return ", ".join(
        f"{name} {held.get(name)}, asked for {wanted[name]}" for name in wanted if held.get(name) != wanted[name]
    )
