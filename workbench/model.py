"""A language model whose inside can be read and edited: nnsight behind one lock.

`Model` runs and generates, and gives the values at named sites, as the model
computed them or under edits. It knows no dictionary and no method; an edit is
anything that satisfies `Edit`.

How a run works. Everything to be done is sorted into the order of the forward
pass; one function then walks through it in step with the model, in a greenlet
that nnsight switches to as each module is reached: it takes the value, adds the
edits' changes, notes what is to be read, and stops the model when nothing is left.
nnsight is driven by its interleaver and not by its `with` blocks, because those
read source code (stale after a reload, absent in `exec`) and must not be entered
by two threads. Attaching to a model puts no hook on it that outlives a run.
"""

from __future__ import annotations

import copy
import hashlib
import math
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from .names import STREAMS, WITHOUT_LAYER, Family, Site, canonical, expand, family_of, forward_order
from .tokens import Detokenizer, Places, Token, Tokens, Vocabulary

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


@runtime_checkable
class Edit(Protocol):
    """What `Model.run` and `Model.generate` accept as an edit.

    All edits at one site see the value that the model computed, and their changes
    add up, so their order does not matter; two that set the same thing conflict.
    """

    @property
    def site(self) -> str: ...

    def conflicts(self, other: object) -> bool:
        """Whether both would replace the same numbers."""

    def check(self, model: Model) -> None:
        """Raise a ValueError if the edit does not fit the model."""

    def change(self, x: Float[Tensor, "B T ..."], places: Places) -> Float[Tensor, "B T ..."] | None:
        """What to add to the site's value; None for nothing at all.

        An edit that reads another site names it as `source_site`, and is given what is there as `source`.
        """


@dataclass(frozen=True, eq=False)
class Run:
    """What one run gave: logits [B, T, V] and the values at the sites that were asked for."""

    logits: Float[Tensor, "B T V"]
    tokens: Tokens
    sites: Mapping[str, Tensor] = field(repr=False)

    def __getitem__(self, site: str) -> Tensor:
        if (name := canonical(site)) in self.sites:
            return self.sites[name]
        raise KeyError(f"{site!r} was not read; this run holds: {', '.join(self.sites) or 'no sites'}; name it in at=")

    def __repr__(self) -> str:
        return f"Run({self.tokens} · {shapes({'logits': self.logits, **self.sites})})"


_ATTACHED: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()
_ATTACHING = threading.Lock()


def _attached(hf: PreTrainedModel) -> tuple[threading.RLock, Any]:
    """The lock and the nnsight tree of a model: one of each, however many `Model`s are made of it.

    The tree holds the model, so it is remembered weakly: the last `Model` frees both.
    """
    from nnsight import NNsight

    with _ATTACHING:
        lock, remembered = _ATTACHED.get(hf, (threading.RLock(), lambda: None))
        tree = remembered()
        if tree is None:
            tree = NNsight(hf)
            _ATTACHED[hf] = lock, weakref.ref(tree)
        return lock, tree


class Model:
    """A Hugging Face causal language model with named sites.

    One lock guards every call, so that widgets and cells may use a model at once.
    After any exception or interrupt the model computes exactly what it did before.

    Args:
        hf: the model, in memory; it is used as it is, and set to evaluation mode.
        tokenizer: its tokenizer.
        name: what to call it in tables and provenance.
        family: a row of your own, for a family that `workbench.names` does not know.

    Example:
        >>> import workbench as wb
        >>> run = wb.load().run("The Golden Gate Bridge is", at=["resid_post.1"])
        >>> run["resid_post.1"].shape[-1]
        256
    """

    def __init__(
        self,
        hf: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        *,
        name: str | None = None,
        family: Family | None = None,
    ) -> None:
        self.hf = hf.eval()
        self.tokenizer = tokenizer
        self.config = hf.config
        self.name = name or type(hf).__name__
        self.family = family or family_of(hf.config.model_type)
        self.vocabulary = Vocabulary(tokenizer, context=self.context, name=self.name)
        self.standing: tuple[Edit, ...] = ()
        self._modules = self._find_modules()
        self.lock, self._nnsight = _attached(hf)

    # ---- what the model is ----

    @property
    def n_layers(self) -> int:
        return self.config.num_hidden_layers

    @property
    def n_heads(self) -> int:
        return self.config.num_attention_heads

    @property
    def d_model(self) -> int:
        return self.config.hidden_size

    @property
    def context(self) -> int:
        """The longest text it takes, in tokens."""
        return self.config.max_position_embeddings

    @property
    def device(self) -> torch.device:
        return self.hf.device

    @property
    def hash(self) -> str:
        """Eight characters that change when a weight does.

        Of every tensor the bits are summed as whole numbers, once as they are and once by
        place: exact, so the same on every machine and with any number of threads.
        """
        digest = hashlib.sha256()
        for name, weight in self.hf.state_dict().items():
            bits = weight.detach().contiguous().view(-1).view(_WHOLE[weight.element_size()]).long()
            place = torch.arange(1, len(bits) + 1, device=bits.device)
            sums = int(bits.sum()), int((bits * place).sum())
            digest.update(f"{name}{tuple(weight.shape)}{sums}".encode())
        return digest.hexdigest()[:8]

    def sites(self) -> list[str]:
        """The name of every site, in the order of a forward pass.

        Example:
            >>> import workbench as wb
            >>> wb.load().sites()[:3]
            ['embed', 'resid_pre.0', 'head_out.0']
        """
        streams = [s for s in STREAMS if not (s == "resid_mid" and self._parallel)]
        streams = [s for s in streams if not (s == "pattern" and self._attention != "eager")]
        patterns = [s if s in WITHOUT_LAYER else f"{s}.*" for s in streams]
        return [str(site) for site in expand(patterns, n_layers=self.n_layers, n_heads=self.n_heads)]

    def width(self, site: str) -> int:
        """How many numbers a site holds for one token (and one head).

        Example:
            >>> import workbench as wb
            >>> wb.load().width("head_out.0.3")
            32
        """
        (place,) = self._one(site)
        if place.stream == "pattern":
            raise ValueError(f"{site}: a pattern has no width of its own; it is as wide as the text is long")
        if place.stream in ("mlp_act", "head_out"):
            module = self._modules[f"{place.stream}.{place.layer}"]
            inputs = getattr(module, "in_features", None) or module.weight.shape[0]  # Conv1D keeps [in, out]
            return inputs // self.n_heads if place.stream == "head_out" else inputs
        return self.config.vocab_size if place.stream == "logits" else self.d_model

    def numbers(self, site: str) -> int:
        """How many numbers a site holds for one token, all heads together.

        Example:
            >>> import workbench as wb
            >>> wb.load().numbers("head_out.0")
            256
        """
        (place,) = self._one(site)
        return self.width(site) * (self.n_heads if place.stream == "head_out" and place.head is None else 1)

    def onward(self, site: str, vectors: Float[Tensor, "... N"]) -> Float[Tensor, "... D"]:
        """What vectors at a site add to the residual stream: as they are, or through the matrix that takes them there.

        Raises:
            ValueError: what is at the site does not go to the residual stream by one matrix.

        Example:
            >>> import torch, workbench as wb
            >>> model = wb.load()
            >>> model.onward("mlp_act.1", torch.ones(3, model.width("mlp_act.1"))).shape
            torch.Size([3, 256])
        """
        (place,) = self._one(site)
        if place.stream in ("mlp_act", "head_out"):
            module = self._modules[f"{place.stream}.{place.layer}"]
            matrix = module.weight if hasattr(module, "in_features") else module.weight.T  # Conv1D keeps [in, out]
            if place.head is not None:
                matrix = matrix.unflatten(1, (self.n_heads, -1))[:, place.head]
            return vectors.to(matrix) @ matrix.T
        if place.stream in ("embed", "resid_pre", "resid_mid", "resid_post", "attn_out", "mlp_out"):
            return vectors.to(self.device)
        raise ValueError(f"{site} does not go to the residual stream by one matrix; name a site before the last norm")

    @torch.no_grad()
    def unembedding(self, *, gain: bool = False) -> Float[Tensor, "V D"]:
        """The matrix that turns the residual stream into logits, W_U; with the gain g of the last norm, W_U diag(g).

        A norm that centres takes the mean out first, W_U diag(g) (1 − 11ᵀ / D); dividing by the size of the stream, and
        what comes after the logits (a cap), are left out.

        Example:
            >>> import workbench as wb
            >>> wb.load().unembedding().shape
            torch.Size([4096, 256])
        """
        matrix = self.hf.get_output_embeddings().weight
        if not gain:
            return matrix
        norm, d = self._modules["final_norm"], self.d_model
        probe = torch.ones(d, device=self.device, dtype=matrix.dtype)
        probe[::2] = -1.0  # a vector of mean 0 and size √D: what a norm makes of it is its gain, sign by sign
        folded = matrix * ((norm(probe) - norm(-probe)) / 2 * probe)
        is_centred = float((norm(probe + 1) - norm(probe)).abs().max()) < 1e-3 * float(norm(probe).abs().max())
        return folded - folded.mean(-1, keepdim=True) if is_centred else folded

    def under(self, edits: Sequence[Edit]) -> Model:
        """The same model with edits that always hold, for whatever takes a model: tasks, recordings, scores.

        It shares the weights and the lock; this one stays as it is.

        Raises:
            ValueError: an edit that does not fit, or two that set the same thing.

        Example:
            >>> import workbench as wb
            >>> model = wb.load()
            >>> hurt = model.under([wb.Ablate("mlp_out.3")])
            >>> wb.world.tasks["addition"].score(hurt, n=20).value < wb.world.tasks["addition"].score(model, n=20).value
            True
        """
        self._plan([], _together(edits, [()]))
        other = copy.copy(self)
        other.standing = (*self.standing, *edits)
        other.name = f"{self.name} under {', '.join(map(repr, edits))}" if edits else self.name
        return other

    def __repr__(self) -> str:
        size = f"{self.n_layers} layers · {self.n_heads} heads · d_model {self.d_model}"
        texts = f"vocabulary {self.config.vocab_size} · context {self.context}"
        return f"Model({self.name} · {self.config.model_type} · {size} · {texts} · {self.hash})"

    # ---- text and tokens ----

    def tokens(self, text: str | Sequence[str], *, padding: str = "right") -> Tokens:
        """Turn texts into tokens, with a BOS where the tokenizer puts one, padded to one length.

        Args:
            text: one text or several.
            padding: "right" or "left"; what a run computes does not depend on it.

        Raises:
            ValueError: a text is empty, or longer than the context.

        Example:
            >>> import workbench as wb
            >>> wb.load().tokens("2+2").pieces
            (('<bos>', '2', '+', '2'),)
        """
        return self.vocabulary.tokens(text, padding=padding, device=self.device)

    # ---- run and generate ----

    def run(
        self,
        text: str | Sequence[str] | Tokens,
        *,
        edits: Sequence[Edit] = (),
        variants: Sequence[Sequence[Edit]] = ((),),
        at: str | Sequence[str] = (),
        padding: str = "right",
        last: int = 0,
    ) -> Run:
        """Run the model once and give logits and the values at sites, under edits.

        A value is read after the edits at its site. All edits at one site see what
        the model computed there, and their changes add up.

        Args:
            text: one text, several, or tokens.
            edits: interventions; see `workbench.intervene`.
            variants: lists of further edits; every text is run under each, all of them in one forward. The rows are
                all texts under the first, then all under the second, and so on.
            at: site names to read; `*` stands for every layer or head.
            padding: the side on which shorter texts are padded.
            last: give the logits of only so many last columns; 0 for all. With padding="left" they are tokens of every
                text.

        Raises:
            ValueError: an unknown site, an edit that does not fit, an empty or overlong text.

        Example:
            >>> import workbench as wb
            >>> model = wb.load()
            >>> run = model.run("2+2=", edits=[wb.Ablate("head_out.0.1")], at="resid_post.*")
            >>> sorted(run.sites)[0]
            'resid_post.0'
            >>> model.run("2+2=", variants=[[], [wb.Ablate("attn_out.0")], [wb.Ablate("mlp_out.0")]]).logits.shape[0]
            3
        """
        tokens = self._fitting(text) if isinstance(text, Tokens) else self.tokens(text, padding=padding)
        reads = self.expand(at)
        plan = self._plan(reads, _together(edits, variants), len(tokens.ids))
        tokens = tokens.times(len(variants)) if len(variants) > 1 else tokens
        settings = {"logits_to_keep": last} if last else {}
        with self.lock, torch.no_grad():
            logits, values = self._forward(
                plan, reads, tokens.ids, tokens.mask, tokens.places, use_cache=False, **settings
            )
        return Run(logits, tokens, values)

    def read(self, tokens: Tokens, *, at: str | Sequence[str]) -> dict[str, Tensor]:
        """The values at sites without logits: the model is stopped after the last of them.

        Example:
            >>> import workbench as wb
            >>> model = wb.load()
            >>> list(model.read(model.tokens("2+2="), at="resid_post.0"))
            ['resid_post.0']
        """
        reads = self.expand(at)
        plan = self._plan(reads, [()])
        with self.lock, torch.no_grad():
            return self._forward(plan, reads, tokens.ids, tokens.mask, tokens.places, use_cache=False, stop=True)[1]

    def generate(
        self,
        text: str,
        *,
        edits: Sequence[Edit] = (),
        new_tokens: int = 40,
        temperature: float = 0.0,
        seed: int = 0,
    ) -> Iterator[Token]:
        """Generate token by token, under edits; leave the loop, or close the iterator, to cancel.

        Decoding is cached: every step computes one new position, and gives what a run
        over the whole text would. The lock is held within a step, not between steps.

        Args:
            text: the prompt.
            edits: interventions; positions count from the start of the prompt, BOS included.
            new_tokens: how many at most; an end-of-text token or a full context ends it sooner.
            temperature: 0 takes the likeliest token; above, samples with the seed.
            seed: of the sampling.

        Raises:
            ValueError: as for `run`, at once and not at the first token.

        Example:
            >>> import workbench as wb
            >>> "".join(str(token) for token in wb.load().generate("12+34=", new_tokens=2))
            '46'
        """
        if not isinstance(text, str):
            raise TypeError(f"generate takes one prompt, a string; it was given a {type(text).__name__}")
        steps = self.generate_each([text], edits=edits, new_tokens=new_tokens, temperature=temperature, seeds=[seed])
        return (token for (token,) in steps if token is not None)

    def generate_each(
        self,
        texts: Sequence[str],
        *,
        edits: Sequence[Edit] = (),
        variants: Sequence[Sequence[Edit]] = ((),),
        new_tokens: int = 40,
        temperature: float = 0.0,
        seeds: Sequence[int] | Sequence[Sequence[int]] = (0,),
    ) -> Iterator[tuple[Token | None, ...]]:
        """Generate from several prompts, under several lists of edits, with several seeds: a token of each at a time.

        All of them go through the model together. The rows are, for every variant, for every text, for every seed; each
        is written as `generate` alone would write it, but for rounding.

        Args:
            texts: the prompts.
            edits: interventions that hold in every row.
            variants: lists of further interventions.
            new_tokens: how many at most.
            temperature: 0 takes the likeliest token; above, samples.
            seeds: of the sampling; or as many for every text, a list of lists.

        Returns:
            For every step a token of each row; None where a row has come to its end.

        Raises:
            ValueError: as for `run`, at once and not at the first token.

        Example:
            >>> import workbench as wb
            >>> steps = wb.load().generate_each(
            ...     ["12+34=", "21+57="], variants=[[], [wb.Ablate("mlp_out.3")]], new_tokens=2
            ... )
            >>> ["".join(map(str, row)) for row in zip(*steps)][:2]
            ['46', '78']
        """
        if isinstance(texts, str):
            raise TypeError("generate_each takes a list of prompts; for one, use generate")
        if new_tokens < 1 or not 0 <= temperature < math.inf:
            raise ValueError(f"new_tokens {new_tokens}: at least 1; temperature {temperature}: finite, at least 0")
        seeds = list(seeds)
        own = [list(one) for one in seeds] if seeds and isinstance(seeds[0], Sequence) else [seeds] * len(texts)
        if len(own) != len(texts) or not all(own):
            raise ValueError(
                f"seeds for {len(own)} of {len(texts)} prompts; seeds=[0] writes one text for every prompt"
            )
        tokens = self.tokens([text for text, its in zip(texts, own, strict=True) for _ in its], padding="left")
        plan = self._plan([], _together(edits, variants), len(tokens.ids))
        tokens = tokens.times(len(variants))
        rows = [seed for its in own for seed in its] * len(variants)
        return self._generate(tokens, plan, new_tokens, temperature, rows)

    def _generate(
        self, tokens: Tokens, plan: Plan, new_tokens: int, temperature: float, seeds: Sequence[int]
    ) -> Iterator[tuple[Token | None, ...]]:
        from transformers import DynamicCache

        rows = [_Row(Detokenizer(self.tokenizer), torch.Generator().manual_seed(seed)) for seed in seeds]
        cache = DynamicCache(config=self.config)
        ids, mask, places = tokens.ids, tokens.mask, tokens.places
        lengths, lots = tokens.mask.sum(-1).tolist(), places.lots
        for step in range(min(new_tokens, self.context - min(lengths))):
            with self.lock, torch.no_grad():
                logits, _values = self._forward(
                    plan, [], ids, mask, places, use_cache=True, past_key_values=cache, logits_to_keep=1
                )
            logprobs = logits[:, -1].float().log_softmax(-1).cpu()
            for row, length in zip(rows, lengths, strict=True):
                row.is_over |= step >= self.context - length
            end = self.tokenizer.eos_token_id
            written = tuple(row.next(each, temperature, end) for row, each in zip(rows, logprobs, strict=True))
            if all(row.is_over for row in rows):
                break
            yield written
            ids = torch.tensor([[row.last] for row in rows], device=self.device)
            mask = torch.cat([mask, mask.new_ones(len(rows), 1)], -1)
            index = (places.index[:, -1:] + 1).clamp(max=self.context - 1)  # of a row that is over it would go on
            places = Places(index, places.prompt, places.bos, ids, lots)

    def _fitting(self, tokens: Tokens) -> Tokens:
        if int(tokens.mask.sum(-1).max()) > self.context:
            raise ValueError(f"a row of tokens is longer than the context of {self.name}, {self.context}; shorten it")
        return tokens

    # ---- sites ----

    def expand(self, at: str | Sequence[str]) -> list[Site]:
        """The sites that patterns name, checked against this model, in forward order."""
        sites = expand(at, n_layers=self.n_layers, n_heads=self.n_heads)
        for site in sites:
            self._offered(site)
        return sites

    def _offered(self, site: Site) -> None:
        if site.stream == "resid_mid" and self._parallel:
            raise ValueError(
                f"{site} was asked for, but in {self.name} attention and MLP run side by side: "
                "no stream lies between them. Use resid_pre, attn_out and mlp_out."
            )
        if site.stream == "pattern" and self._attention != "eager":
            raise ValueError(
                f"{site} was asked for, but {self.name} runs attention with {self._attention!r}, which does not "
                "give its weights. Load it with wb.load(..., attention='eager'), or call "
                "model.hf.set_attn_implementation('eager')."
            )

    @property
    def _parallel(self) -> bool:
        return bool(self.family.parallel_if and getattr(self.config, self.family.parallel_if, False))

    @property
    def _attention(self) -> str:
        return self.config._attn_implementation

    def _find_modules(self) -> dict[str, Any]:
        """Check that the family's row fits: every path must lead to a module."""
        row, found = self.family, {}
        paths = {"embed": row.embed, "final_norm": row.final_norm}
        for layer in range(self.n_layers):
            block = f"{row.blocks}.{layer}"
            paths[f"block.{layer}"] = block
            paths.update({f"{name}.{layer}": f"{block}.{path}" for name, path in row.in_a_block.items()})
        for name, path in paths.items():
            try:
                found[name] = self.hf.get_submodule(path)
            except AttributeError as error:
                raise ValueError(
                    f"{self.name} has no module {path!r}, where the row for {self.config.model_type!r} expects "
                    f"{name}: {error}. Pass a row that fits as family=."
                ) from error
        return found

    # ---- the forward pass, with one function walking beside it ----

    def _plan(self, reads: Sequence[Site], variants: Sequence[Sequence[Edit]], rows: int = 0) -> Plan:
        """Group what is to be done by whole site, in forward order, and check every edit.

        Args:
            reads: the sites to read.
            variants: the edits of each variant.
            rows: how many rows of the batch each variant has.
        """
        plan: dict[Site, list[Step]] = {site.whole: [] for site in reads}
        for number, variant in enumerate(variants):
            where = slice(number * rows, (number + 1) * rows) if len(variants) > 1 else slice(None)
            for site, steps in self._checked([*self.standing, *variant], where).items():
                plan.setdefault(site, []).extend(steps)
        for site in [site for site in plan if site.stream == "resid_mid"]:
            plan.setdefault(Site("resid_pre", site.layer), [])
        return sorted(plan.items(), key=lambda item: forward_order(item[0]))

    def _checked(self, edits: Sequence[Edit], rows: slice) -> dict[Site, list[Step]]:
        """Edits that hold together in some rows, by whole site."""
        by_site: dict[Site, list[Step]] = {}
        for edit in edits:
            if not isinstance(edit, Edit):
                raise TypeError(f"{edit!r} is no edit; use wb.Ablate, wb.Steer, wb.Clamp, or what satisfies model.Edit")
            (site,) = self._one(edit.site)
            if site.stream == "pattern":
                raise ValueError(f"{edit!r}: attention patterns can be read, not edited; edit head_out.{site.layer}")
            edit.check(self)
            if (source := getattr(edit, "source_site", None)) is not None:
                (read,) = self._one(source)
                if forward_order(read) > forward_order(site):
                    raise ValueError(
                        f"{edit!r} reads {source}, which comes after {edit.site}; it can change nothing there"
                    )
                by_site.setdefault(read.whole, [])
            for step in by_site.setdefault(site.whole, []):
                _refuse_conflict(edit, step.edit)
            by_site[site.whole].append(Step(site, edit, rows))
        return by_site

    def _one(self, name: str) -> list[Site]:
        sites = self.expand(name)
        if len(sites) != 1:
            raise ValueError(f"{name!r} names {len(sites)} sites; an edit has one: write an edit for each")
        return sites

    def _forward(
        self,
        plan: Plan,
        reads: Sequence[Site],
        ids: Int[Tensor, "B T"],
        mask: Bool[Tensor, "B S"],
        places: Places,
        *,
        stop: bool = False,
        **settings: Any,
    ) -> tuple[Tensor | None, dict[str, Tensor]]:
        """One forward pass under a plan: logits (None if stopped) and the values read."""
        values: dict[Site, Tensor] = {}
        inside = [step for step in plan if step[0].stream != "logits"]

        def walk() -> None:
            for site, edits in inside:
                values[site] = self._visit(site, lambda x, edits=edits: _changed(x, edits, places, values), values)
            if stop and len(inside) == len(plan):
                raise _stop()

        inputs = {
            "input_ids": ids,
            "attention_mask": mask.long(),
            "position_ids": places.index.clamp(min=0),
            **settings,
        }
        output = self._beside(walk if inside or stop else None, lambda: self.hf(**inputs))
        logits = None if output is None else output.logits
        for site, edits in plan[len(inside) :]:
            logits = values[site] = _changed(logits, edits, places.last(logits.shape[1]), values)
        return logits, {str(site): _head(values[site.whole], site) for site in reads}

    def _beside(self, walk: Callable[[], None] | None, forward: Callable[[], Any]) -> Any:
        """Call `forward` with `walk` switching in at the modules it asks for; None if it stopped the model."""
        from nnsight.intervention.interleaver import Mediator

        interleaver = self._nnsight.interleaver
        if interleaver.interleaving:  # the lock lets its own thread in again: from inside an edit
            raise RuntimeError(f"{self.name} was called from inside an edit of its own run; call it before the run")
        if walk is None:
            return forward()
        interleaver.mediators = [Mediator(_CALL, {"walk": walk}, {})]
        output = None
        try:
            with interleaver:
                output = forward()
            interleaver.check_dangling_mediators()
        finally:
            interleaver.cancel()
        return output

    def _visit(self, site: Site, edit: Callable[[Tensor], Tensor], seen: Mapping[Site, Tensor]) -> Tensor:
        """Wait until the model reaches a site, edit it, and give its value afterwards."""
        path, side = self._where(site)
        raw = _take(path, side)
        held = _tensor(raw, side, site.stream)
        if site.stream == "resid_mid":  # no module holds it: it is edited through what attention adds
            x = seen[Site("resid_pre", site.layer)] + held
        else:
            x = held.unflatten(-1, (self.n_heads, -1)) if site.stream == "head_out" else held
        new = edit(x)
        if new is x:
            return x
        if site.stream == "resid_mid":
            written = held + (new - x)
        else:
            written = new.flatten(-2) if site.stream == "head_out" else new
        _put(path, side, _replaced(raw, side, written))
        return new

    def _where(self, site: Site) -> tuple[str, str]:
        """The nnsight path of the module that holds a site, and whether it is its input or its output."""
        name, side = {
            "embed": ("embed", "output"),
            "resid_pre": ("block", "input"),
            "head_out": ("head_out", "input"),
            "pattern": ("attention", "output"),
            "attn_out": ("attn_out", "output"),
            "resid_mid": ("attn_out", "output"),
            "mlp_in": ("mlp", "input"),
            "mlp_act": ("mlp_act", "input"),
            "mlp_out": ("mlp_out", "output"),
            "resid_post": ("block", "output"),
            "final_norm": ("final_norm", "output"),
        }[site.stream]
        return self._path(name if site.layer is None else f"{name}.{site.layer}"), side

    def _path(self, name: str) -> str:
        return self._nnsight.interleaver.envoys[id(self._modules[name])].path


@dataclass(eq=False)
class _Row:
    """One text that is being generated."""

    text: Detokenizer
    randomness: torch.Generator
    last: int = 0
    is_over: bool = False

    def next(self, logprobs: Float[Tensor, " V"], temperature: float, end: int | None) -> Token | None:
        """The next token, or None when the text is over."""
        if self.is_over:
            return None
        if temperature == 0:
            chosen = int(logprobs.argmax())
        else:
            chosen = int(torch.multinomial((logprobs / temperature).softmax(-1), 1, generator=self.randomness))
        if chosen == end:
            self.is_over = True
            return None
        self.last = chosen
        return Token(chosen, self.text.add(chosen), float(logprobs[chosen]))


@dataclass(frozen=True)
class Step:
    """An edit, its site (perhaps one head of the site that is visited), and the rows of the batch in which it holds."""

    site: Site
    edit: Edit
    rows: slice

    def source(self, seen: Mapping[Site, Tensor]) -> dict[str, Tensor]:
        """What another site held, for an edit that reads one."""
        name = getattr(self.edit, "source_site", None)
        if name is None:
            return {}
        (site,) = (one for one in seen if str(one) == canonical(name))
        return {"source": seen[site][self.rows]}


def _together(edits: Sequence[Edit], variants: Sequence[Sequence[Edit]]) -> list[tuple[Edit, ...]]:
    """The edits of every variant."""
    for given in (edits, *variants):
        if isinstance(given, Edit):
            raise TypeError(f"edits is a list: write edits=[{given!r}], and variants a list of such lists")
    if not variants:
        raise ValueError("no variants were given; an empty list among them, variants=[[]], is the model as it is")
    return [(*edits, *variant) for variant in variants]


Plan = list[tuple[Site, list[Step]]]
"""What to do at which site, in the order of the forward pass; an empty list of edits means: read."""

_WHOLE = {1: torch.uint8, 2: torch.int16, 4: torch.int32, 8: torch.int64}

_CALL = compile("walk()", "<workbench>", "exec")


def _take(path: str, side: str) -> Any:
    from nnsight.intervention.interleaver import Mediator

    return Mediator.value(f"{path}.{side}")


def _put(path: str, side: str, value: Any) -> None:
    from nnsight.intervention.interleaver import Mediator

    Mediator.swap(f"{path}.{side}", value)


def _stop() -> Exception:
    from nnsight.intervention.interleaver import EarlyStopException

    return EarlyStopException()


def _tensor(value: Any, side: str, stream: str) -> Tensor:
    """The tensor in what a module takes (args, kwargs) or gives (a tensor, or a tuple that begins with one)."""
    if side == "input":
        args, kwargs = value
        return args[0] if args else next(iter(kwargs.values()))
    if isinstance(value, tuple):
        return value[1] if stream == "pattern" else value[0]
    return value


def _replaced(value: Any, side: str, new: Tensor) -> Any:
    """The same value with its tensor replaced."""
    if side == "input":
        args, kwargs = value
        if args:
            return (new, *args[1:]), kwargs
        return args, {**kwargs, next(iter(kwargs)): new}
    return (new, *value[1:]) if isinstance(value, tuple) else new


def _changed(x: Tensor, steps: Sequence[Step], places: Places, seen: Mapping[Site, Tensor]) -> Tensor:
    """X with the sum of the edits' changes; x itself, to the bit, when there is none.

    Half precision is summed up in single: of x + (v − x) nothing may be left where x is large.
    """
    total, wide = None, torch.float32 if x.element_size() < 4 else x.dtype
    for step in steps:
        is_all = step.rows == slice(None)
        where = places if is_all else places.rows(step.rows)
        change = step.edit.change(_head(x[step.rows], step.site), where, **step.source(seen))
        if change is not None:
            total = torch.zeros_like(x, dtype=wide) if total is None else total
            part = _head(total[step.rows], step.site)
            part += change.to(total)
    return x if total is None else (x + total).to(x.dtype)


def _head(value: Tensor, site: Site) -> Tensor:
    """One head of a site's value, where the site names one."""
    if site.head is None:
        return value
    return value[:, site.head] if site.stream == "pattern" else value[:, :, site.head]


def _refuse_conflict(edit: Edit, other: Edit) -> None:
    if edit.conflicts(other) or other.conflicts(edit):
        raise ValueError(f"two edits at {edit.site} set the same thing: {edit!r} and {other!r}; keep one of them")


def shapes(sites: Mapping[str, Tensor]) -> str:
    """Names with their shapes, as a person reads them."""
    return " · ".join(f"{name} {list(value.shape)}" for name, value in sites.items())
