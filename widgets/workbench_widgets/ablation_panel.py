"""Parts of the model taken out: zero, mean and resample side by side, each beside its control."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import combinations
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import traitlets as t

from workbench import Ablate, intervene, record
from workbench.estimates import digits

from ._array import to_wire
from ._changes import Draw, Found, changed
from ._frontend import LAST, Frontend, in_words, source_of
from ._parts import KINDS, RESAMPLE, ZERO, Part, clash, part
from ._picture import Picture
from ._reading import characters
from ._runner import Steps

if TYPE_CHECKING:
    import pandas as pd
    from jaxtyping import Float
    from torch import Tensor

    from workbench.decompose import Dictionary
    from workbench.intervene import Effects
    from workbench.model import Model
    from workbench.record import Recording
    from workbench.tokens import Tokens

DRAWS = 6
"""Controls of the one prompt, as many as a layer of few heads has others; what is measured on many has 20."""
HELD = 2**27
"""Bytes of logits that one forward may make; more variants go in several."""
TARGETS = ("probability", "answered")
TURNED = "the same change in a random direction"


class AblationPanel(Frontend):
    """Take parts of the model out, and see what changes: in the next token, and on a task.

    All parts together are one intervention, and it is made in three ways that stand side by side on one scale: set to
    zero, to the mean over a reference, and resampled: to what the parts are at random tokens of the reference. Zero is
    far from anything the model computes, so what it breaks may be no more than that; mean and resample are not.
    Grey beside each is its control: the same done to random other parts of the same kind, several times.

    One prompt is an illustration. With `prompts` and `answers` the same is measured over all of them, with intervals
    and a p-value against the controls, filling in while one reads.

    Args:
        model: what is taken apart.
        prompt: the text whose next tokens are looked at; it can be edited in the widget.
        parts: what is taken out: "head_out.2.1", "mlp_act.2[17]" (a neuron), "attn_out.3", "layer 2", "feature 942".
        sae: the dictionary that features are of.
        reference: texts that mean and resample are taken from; `prompts` if none are given.
        prompts: the task: what the model is asked, best some dozens that nothing was chosen on.
        answers: one for each prompt, or one for all.
        labels: names of features, by number.
        token: at which token of the prompt to look; −1: the last.
        kind: by which ablation the tokens are tinted: "zero", "mean" or "resample".
        target: what is measured of an answer: its "probability", or the share "answered" right.
        controls: how many the measurement has.
        seed: of what is drawn: controls, and what is resampled.

    Attributes:
        parts: assign another list, or call `add` and `remove`.
        prompt, token, kind, target, seed: as given; assign another.
        kinds: which ablations there are; without a reference zero alone.
        effects: what was measured on the task, as `wb.intervene.measure` gives it; None before.

    Raises:
        ValueError: a text that cannot be read, prompts without answers, or another number of them.
        TraitError: a part that does not exist; the message says what does.

    Example:
        >>> import workbench as wb
        >>> from workbench_widgets import AblationPanel
        >>> panel = AblationPanel(wb.load(), "The Golden Gate", ["head_out.2.1"], reference=["2+2=", "A dog"])
        >>> panel.wait().kinds
        ['zero', 'mean', 'resample']
        >>> panel.add("mlp_act.2[17]")
        >>> panel.parts
        ['head_out.2.1', 'mlp_act.2[17]']
    """

    _esm = Path(__file__).parent / "static" / "ablation_panel.js"
    _css = Path(__file__).parent / "static" / "ablation_panel.css"
    gestures = ("token", "kind", "target", "seed")
    links = {"text": "prompt", "token": "token"}  # noqa: RUF012 (declared once, in Frontend)
    recorded = ("prompt", "parts", "token", "kind", "target", "seed")

    prompt = t.Unicode("").tag(sync=True)
    parts = t.List(t.Unicode()).tag(sync=True)
    token = t.Int(-1, min=-1, max=LAST).tag(sync=True)
    kind = t.Enum(KINDS, ZERO).tag(sync=True)
    target = t.Enum(TARGETS, TARGETS[0]).tag(sync=True)
    seed = t.Int(0, min=0, max=LAST).tag(sync=True)

    kinds = t.List(t.Unicode(), read_only=True).tag(sync=True)
    offered = t.Dict(read_only=True).tag(sync=True)
    candidates = t.List(t.Unicode(), read_only=True).tag(sync=True)
    about = t.List(t.Dict(), read_only=True).tag(sync=True)
    page = t.Dict(read_only=True).tag(sync=True)
    seen = t.Dict(read_only=True).tag(sync=True)
    task = t.Dict(read_only=True).tag(sync=True)
    measured = t.Dict(read_only=True).tag(sync=True)
    measuring = t.Bool(False, read_only=True).tag(sync=True)
    cancelled = t.Bool(False, read_only=True).tag(sync=True)

    def __init__(
        self,
        model: Model,
        prompt: str,
        parts: Sequence[str] | str = (),
        *,
        sae: Dictionary | None = None,
        reference: Sequence[str] | None = None,
        prompts: Sequence[str] | None = None,
        answers: Sequence[str] | str | None = None,
        labels: Mapping[int, str] | None = None,
        token: int = -1,
        kind: str = ZERO,
        target: str = TARGETS[0],
        controls: int = 20,
        seed: int = 0,
    ) -> None:
        self._attach(model)
        self._model, self._sae, self._labels = model, sae, dict(labels or {})
        self._prompts, self._answers = _task(prompts, answers)
        self._reference = tuple(self._prompts if reference is None else reference)
        self._has_own_reference = reference is not None
        self._controls = controls
        self._recordings: dict[str, Recording] = {}
        self._run = self._task_run = 0
        self._tokens = model.tokens(prompt)
        self._found: Found | None = None
        self.effects: Effects | None = None
        for texts in (self._prompts, self._reference):
            if texts:
                model.tokens(texts)  # raises for one that cannot be read
        kinds = list(KINDS if self._reference else KINDS[:1])
        self._set_up(kinds)
        parts = [parts] if isinstance(parts, str) else list(parts)
        super().__init__(
            prompt=prompt, parts=parts, kind=kind, target=target, seed=seed, provenance=source_of(model, sae)
        )
        self._page_of_prompt()
        self.token = token
        self._tell_parts()
        self.observe(self._take_prompt, "prompt")
        self.observe(self._take_parts, ["parts", "seed"])
        self.observe(self._measure_again, "target")
        self.measure()

    def _set_up(self, kinds: list[str]) -> None:
        """What does not change: which ablations there are, and what there is to ablate."""
        model, sae = self._model, self._sae
        self.set_trait("kinds", kinds)
        streams = list(dict.fromkeys(site.partition(".")[0] for site in model.sites() if "." in site))
        offered = {"layers": model.n_layers, "heads": model.n_heads, "features": 0 if sae is None else sae.width}
        neurons = model.width("mlp_act.0") if "mlp_act" in streams else 0
        self.set_trait("offered", {**offered, "neurons": neurons, "streams": [s for s in STREAMS if s in streams]})
        task = {"prompts": len(self._prompts), "reference": len(self._reference), "is_own": self._has_own_reference}
        self.set_trait("task", {**task, "controls": self._controls})

    # ---- what may be set ----

    @t.validate("prompt")
    def _valid_prompt(self, proposal: dict[str, Any]) -> str:
        try:
            self._model.tokens(proposal["value"])
        except ValueError as error:
            raise t.TraitError(in_words(error)) from None
        return proposal["value"]

    @t.validate("parts")
    def _valid_parts(self, proposal: dict[str, Any]) -> list[str]:
        """Every part in its one spelling, each once; and none that is within another."""
        try:
            parts = [part(text, self._model, self._sae) for text in proposal["value"]]
        except ValueError as error:
            raise t.TraitError(in_words(error)) from None
        for number, one in enumerate(parts):
            for other in parts[:number]:
                if one == other:
                    raise t.TraitError(f"{one} is taken out already")
                if self._share(one, other):
                    raise t.TraitError(f"{one} and {other} have something in common; keep one of them")
        return [str(one) for one in parts]

    def _share(self, one: Part, other: Part) -> bool:
        edits = (self._ablations([each], ZERO) for each in (one, other))
        mine, theirs = edits
        return any(clash(edit, another) for edit in mine for another in theirs)

    @t.validate("token")
    def _valid_token(self, proposal: dict[str, Any]) -> int:
        n, wanted = self.page.get("total", 0), proposal["value"]
        if wanted >= n > 0:
            raise t.TraitError(f"token: there is no token {wanted}; there are 0 to {n - 1}, and -1 for the last")
        return wanted

    @t.validate("kind")
    def _valid_kind(self, proposal: dict[str, Any]) -> str:
        if proposal["value"] not in self.kinds:
            raise t.TraitError(f"kind: {proposal['value']} needs other texts; give them as reference=[…]")
        return proposal["value"]

    # ---- what a person does ----

    def add(self, text: str) -> None:
        """Take one part more out.

        Raises:
            TraitError: there is no such part, or it is out already.
        """
        self.parts = [*self.parts, text]

    def remove(self, text: str) -> None:
        """Leave a part in."""
        self.parts = [one for one in self.parts if one != text]

    def measure(self) -> None:
        """Look and measure anew, instead of what is under way."""
        self._look()
        self._measure()

    def cancel(self) -> None:
        """Stop what is being computed; what is there already stays."""
        with self._turn():
            if not self.running and not self.measuring:
                return
            self._run, self._task_run = self._run + 1, self._task_run + 1
            self._runner.cancel(self)
            self._runner.cancel((self, "task"))
            with self._settling():
                self.set_trait("cancelled", True)
                self.set_trait("measuring", False)
                self.running = False
            self._report("shown")

    def _receive(self, content: dict[str, Any]) -> None:
        """What the panel's own controls ask for: a part more or less, another prompt, to stop or to begin anew."""
        kind, text = content["kind"], content.get("text")
        if kind == "cancel":
            self.cancel()
        elif kind == "measure":
            self.measure()
        elif kind in ("add", "remove", "prompt") and isinstance(text, str):
            try:
                self._do(kind, text)
            except t.TraitError as error:
                with self._settling():
                    self.error, self.error_at = _sentence(in_words(error)), "prompt" if kind == "prompt" else "part"

    def _do(self, kind: str, text: str) -> None:
        if kind == "prompt":
            self.prompt = text
        else:
            (self.add if kind == "add" else self.remove)(text)
        with self._settling():
            self.error = self.error_at = ""

    # ---- the same as code ----

    def edits(self, to: str = ZERO) -> list[Ablate]:
        """The intervention that the parts are, as `model.run` takes it.

        Args:
            to: "zero", "mean" or "resample".

        Example:
            >>> import workbench as wb
            >>> from workbench_widgets import AblationPanel
            >>> AblationPanel(wb.load(), "The bridge", "mlp_act.2[17]").edits()
            [Ablate('mlp_act.2', unit=17)]
        """
        return self._ablations(self._parts(), to)

    def code(self) -> str:
        """The Python that makes the panel with these settings; `model` and `sae` are yours."""
        given: dict[str, Any] = {}
        if self._has_own_reference:
            given["reference"] = list(self._reference)
        if self._prompts:
            given |= {"prompts": list(self._prompts), "answers": self._answer_or_each()}
        if self._labels:
            given["labels"] = self._labels
        standing = {"token": self.token, "kind": self.kind, "target": self.target, "seed": self.seed}
        first = {"token": -1, "kind": ZERO, "target": TARGETS[0], "seed": 0}
        given |= {name: value for name, value in standing.items() if value != first[name]}
        if self._controls != 20:
            given["controls"] = self._controls
        settings = "".join(f", {name}={value!r}" for name, value in given.items())
        sae = ", sae=sae" if self._sae is not None else ""
        return f"AblationPanel(model, {self.prompt!r}, {list(self.parts)!r}{sae}{settings})"

    def calls(self) -> str:
        """The public calls that give what is shown: the probabilities [variants, V], plain first, and the effects.

        `model` and `sae` are yours; "" while nothing is taken out.
        """
        parts = self._parts()
        if not parts:
            return ""
        names = {kind: f"[{', '.join(one.code(_settings(kind, self.seed)) for one in parts)}]" for kind in self.kinds}
        run = f"model.run({self.prompt!r}, variants=[[], {', '.join(names.values())}])"
        shows = [f"{run}.logits[:, {self._at()}].softmax(-1)"]
        if self._prompts:
            named = ", ".join(f"{kind!r}: {edits}" for kind, edits in names.items())
            target = "Probability" if self.target == TARGETS[0] else "Answers"
            settings = f"target=wb.intervene.{target}({self._answer_or_each()!r})"
            settings += f", controls={self._controls}, seed={self.seed}"
            shows.append(f"wb.intervene.measure(model, {list(self._prompts)!r}, {{{named}}}, {settings})")
        if self.kinds == [ZERO]:
            return shows[0] if len(shows) == 1 else f"({', '.join(shows)})"
        sites = list(self._sites(parts))
        reference = f"reference := wb.record.activations(model, {list(self._reference)!r}, at={sites!r})"
        return f"({', '.join([reference, *shows])})[1:]"

    def _answer_or_each(self) -> Any:
        """One answer where all are the same."""
        return self._answers[0] if len(set(self._answers)) == 1 else list(self._answers)

    # ---- in a Bench ----

    def says(self, name: str) -> dict[str, Any]:
        """What a change of one of its traits says about a shared selection."""
        if name in ("text", "prompt"):
            return {"text": self.prompt}
        if name == "token":
            return {"token": None if self.token < 0 else self.token}
        return {}

    def follow(self, name: str, value: Any, *, freely: bool) -> None:
        """Show what a shared selection says; a feature or a site that is selected is offered as a part."""
        if name == "text" and value is not None:
            try:
                self.prompt = value
            except t.TraitError as error:
                self.error, self.error_at = _sentence(in_words(error)), "prompt"
        elif name == "token" and (value is None or value < self.page["total"]):
            self.token = -1 if value is None else value
        elif name in ("feature", "site"):
            self._offer(name, value)

    def restore(self, values: dict[str, Any]) -> None:
        """Set traits to what they were; the token after its text."""
        with self._turn():
            super().restore({name: value for name, value in values.items() if name != "token"})
            wanted = values.get("token", self.token)
            self.token = wanted if wanted < self.page["total"] else -1

    def _offer(self, name: str, value: Any) -> None:
        """What is selected elsewhere can be taken out here, where it is a part."""
        offers = {text.partition(" ")[0]: text for text in self.candidates}
        offers = {key: text for key, text in offers.items() if (key == "feature") != (name == "feature")}
        if value is not None:
            text = f"feature {value}" if name == "feature" else str(value)
            try:
                part(text, self._model, self._sae)
                offers[name] = text
            except ValueError:
                pass
        self.set_trait("candidates", sorted(offers.values()))

    # ---- from a gesture to numbers ----

    def _take_prompt(self, _change: object) -> None:
        with self._settling():
            self._page_of_prompt()
            self._look()

    def _take_parts(self, _change: object) -> None:
        with self._settling():
            self._tell_parts()
            self.measure()

    def _measure_again(self, _change: object) -> None:
        self._measure()

    def _page_of_prompt(self) -> None:
        """The tokens of the prompt; what was looked at in another one is let go."""
        self._tokens = self._model.tokens(self.prompt)
        pieces, groups = characters(self._model, self._tokens)
        ids = to_wire(self._tokens.ids[0], "int32")
        page = {"pieces": pieces, "groups": groups, "bos": self._tokens.bos, "ids": ids, "total": len(pieces)}
        with self._settling():
            self.token = -1
            self._forget()
            self.set_trait("page", page)

    def _forget(self) -> None:
        self._found = None
        self.set_trait("seen", {})

    def _tell_parts(self) -> None:
        """The parts with their names."""
        self.set_trait("about", [{"part": str(one), "label": self._label(one)} for one in self._parts()])

    def _label(self, one: Part) -> str:
        return self._labels.get(one.number, "") if one.kind == "feature" else ""

    def _look(self) -> None:
        """Have the worker run the prompt under every ablation."""
        self._report("asked")
        with self._settling():
            self._run += 1
            self._forget()
            self.set_trait("cancelled", False)
            self.error = self.error_at = ""
            self.running = True
            self._runner.submit(self, partial(self._looking, self._run))

    def _looking(self, run: int) -> Steps:
        try:
            for found in self._look_at(self.prompt, self._tokens, self._parts(), self.seed):
                self._show(run, found)
                yield
        except Exception as error:
            self._fail(run, self._run, error)
        with self._turn():
            if run == self._run:
                self.running = False
                self._report("shown")

    def _look_at(self, prompt: str, tokens: Tokens, parts: Sequence[Part], seed: int) -> Iterator[Found]:
        """What changes at every token: first without, then with what changes under the controls."""
        kinds = list(self.kinds) if parts else []
        variants = [[], *(self._ablations(parts, kind) for kind in kinds)]
        plain, *ablated = self._log_p(tokens, variants)
        found = changed(plain, ablated, kinds)
        yield found
        if not parts:
            return
        drawn = [intervene.controls_for(self._model, edits, DRAWS, seed=seed, texts=[prompt]) for edits in variants[1:]]
        draws: list[list[Draw]] = []
        for edits in zip(*drawn, strict=True):
            if not any(clash(one, other) for several in edits for one, other in combinations(several, 2)):
                draws.append([found.of(plain, one) for one in self._log_p(tokens, [list(one) for one in edits])])
                yield found
        yield found.with_controls(draws, [_stand_ins(several) for several in drawn])

    def _log_p(self, tokens: Tokens, variants: Sequence[list[Any]]) -> list[Float[Tensor, "T V"]]:
        """The logarithms of the next token's probabilities under each variant, as many at once as is wise."""
        vocabulary = self._model.width("logits")
        at_once = max(1, HELD // (4 * tokens.ids.shape[1] * vocabulary))
        rows: list[Tensor] = []
        for start in range(0, len(variants), at_once):
            logits = self._model.run(tokens, variants=variants[start : start + at_once]).logits
            rows += logits.float().log_softmax(-1).cpu()
        return rows

    def _show(self, run: int, found: Found) -> None:
        with self._turn():
            if run == self._run and found is not self._found:
                self._found = found
                self.set_trait("seen", found.wire(self._model.vocabulary.piece))

    def _measure(self) -> None:
        """Have the worker measure on the task, where there is one."""
        with self._settling():
            self._task_run += 1
            self.effects = None
            self.set_trait("measured", {})
            self.set_trait("cancelled", False)
            is_asked = bool(self.parts and self._prompts)
            self.set_trait("measuring", is_asked)
            if is_asked:
                self._runner.submit((self, "task"), partial(self._measuring, self._task_run), patient=True)
            else:
                self._runner.cancel((self, "task"))

    def _measuring(self, run: int) -> Steps:
        while self.running:  # what is looked at comes first
            yield
        stream = None
        try:
            target = intervene.Probability if self.target == TARGETS[0] else intervene.Answers
            stream = intervene.measuring(
                self._model,
                list(self._prompts),
                {kind: self.edits(kind) for kind in self.kinds},
                target=target(self._answer_or_each()),
                controls=self._controls,
                seed=self.seed,
            )
            for effects in stream:
                if effects is not None:
                    self._take(run, effects, self.target)
                yield
        except Exception as error:
            self._fail(run, self._task_run, error)
        finally:
            if stream is not None:
                stream.close()
        with self._turn():
            if run == self._task_run:
                self.set_trait("measuring", False)

    def _take(self, run: int, effects: Effects, target: str) -> None:
        with self._turn():
            if run == self._task_run:
                self.effects = effects
                there = {kind: effects[kind].target for kind in self.kinds}
                found = {kind: _in_wire(measured) for kind, measured in there.items() if measured is not None}
                self.set_trait("measured", {"target": target, "kinds": found})

    def _fail(self, run: int, now: int, error: Exception) -> None:
        with self._turn():
            if run == now:
                with self._settling():
                    self.error, self.error_at = _sentence(in_words(error)), ""

    # ---- parts and edits ----

    def _parts(self) -> list[Part]:
        return [part(text, self._model, self._sae) for text in self.parts]

    def _sites(self, parts: Sequence[Part]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(site for one in parts for site in one.sites(self._sae)))

    def _ablations(self, parts: Sequence[Part], to: str) -> list[Ablate]:
        reference = None if to == ZERO else self._recorded(self._sites(parts))
        return [edit for one in parts for edit in one.ablations(self._sae, to, reference, self.seed)]

    def _recorded(self, sites: tuple[str, ...]) -> Recording:
        """What the reference's texts hold at some sites; another part at the same sites reads them no second time."""
        key = " ".join(sites)
        if key not in self._recordings:
            while len(self._recordings) >= 4:
                self._recordings.pop(next(iter(self._recordings)))
            self._recordings[key] = record.activations(self._model, list(self._reference), at=list(sites))
        return self._recordings[key]

    def _at(self) -> int:
        """The token that is looked at."""
        return self.token if self.token >= 0 else self.page["total"] - 1

    # ---- without a browser ----

    def wait(self, timeout: float = 60, *, measured: bool = True) -> AblationPanel:
        """Block until the widget shows what was last asked of it, and has measured it.

        Args:
            timeout: the longest to wait, in seconds.
            measured: whether to wait for what is measured on the task, too.

        Raises:
            TimeoutError: the time ran out first.
        """
        until = perf_counter() + timeout
        super().wait(timeout)
        if measured and not self._runner.wait((self, "task"), max(0.0, until - perf_counter())):
            raise TimeoutError(f"not measured after {timeout} s; wait longer, or stop the work with cancel()")
        return self

    def close(self) -> None:
        """Stop what is being worked on, and take the widget off the page."""
        if self._runner is not None:
            self._runner.cancel((self, "task"))
        super().close()

    def _finish_work(self) -> None:
        """What is looked at must be there; what is measured is shown as far as it has come in a minute."""
        self.wait(measured=False)
        with suppress(TimeoutError):
            self.wait()

    def _exported(self) -> dict[str, Any]:
        """Without Python nothing goes on."""
        return {"measuring": False, "cancelled": self.measuring or self.cancelled, "candidates": []}

    def prediction(self, token: int | None = None) -> pd.DataFrame:
        """What the model predicts after a token: the tokens whose probability changes most, plain and ablated.

        Args:
            token: which; the one that is looked at if none is given.

        Example:
            >>> import workbench as wb
            >>> from workbench_widgets import AblationPanel
            >>> panel = AblationPanel(wb.load(), "The Golden Gate", "layer 2").wait()
            >>> list(panel.prediction())
            ['token', 'plain', 'zero', 'zero control', 'zero control low', 'zero control high']
        """
        import pandas as pd

        found, at = self._found, self._at() if token is None else token
        if found is None:
            raise RuntimeError("nothing has been looked at yet; wait() first")
        pieces = [self._model.vocabulary.piece(one) for one in found.ids[at].tolist()]
        columns: dict[str, Any] = {"token": pieces, "plain": found.plain[at].tolist()}
        for number, kind in enumerate(found.kinds):
            columns[kind] = found.ablated[number, at].tolist()
            if found.control is not None:
                low, middle, high = found.control[number, :, at].tolist()
                columns |= {f"{kind} control": middle, f"{kind} control low": low, f"{kind} control high": high}
        return pd.DataFrame(columns)

    def summary(self) -> str:
        """What is out, what changes in the next token, and what that does on the task."""
        with self._turn():
            return "\n".join([f"{self._title()} · {self.provenance}", *self._in_lines()])

    def picture(self) -> Picture:
        """The prompt tinted by how much changes at each token, and the numbers."""
        with self._turn():
            return self._picture()

    def _picture(self) -> Picture:
        picture = Picture(self._title())
        found = self._found
        if found is not None and found.kinds:
            changes = found.kl[found.kinds.index(self.kind)].tolist()
            high = max(changes[1:] if self.page["bos"] and len(changes) > 1 else changes)  # BOS dwarfs all others
            picture.legend(high, f"KL(plain‖{self.kind}), nats", signed=False)
            picture.tokens(self.page["pieces"], changes, high, signed=False)
        else:
            picture.lines([self.prompt])
        return picture.lines(self._in_lines()).lines([self.provenance], muted=True)

    def _title(self) -> str:
        out = ", ".join(self.parts) if len(self.parts) <= 3 else f"{len(self.parts)} parts"
        task = f" · {len(self._prompts)} prompts" if self._prompts else " · one prompt, an illustration"
        return f"Ablation of {out or 'nothing yet'} · {self.page['total']} tokens{task}"

    def _in_lines(self) -> list[str]:
        found, lines = self._found, []
        if found is not None:
            lines.append(f"  next token after {self.page['pieces'][self._at()]!r} at position {self._at()}")
            for kind, (low, middle, high) in zip(found.kinds, self._kl_controls(found), strict=True):
                kl = _small(float(found.kl[found.kinds.index(kind), self._at()]))
                beside = f", controls {_small(middle)} ({_small(low)} to {_small(high)})" if middle is not None else ""
                lines.append(f"  {kind:8} KL {kl} nats{beside}")
            lines += [f"    {line}" for line in self._tokens_in_lines(found)]
        if self.effects is not None:
            lines += [f"  {self.target} over the prompts", *(f"    {line}" for line in self._task_in_lines())]
        return lines

    def _kl_controls(self, found: Found) -> list[tuple[Any, Any, Any]]:
        if found.control_kl is None:
            return [(None, None, None)] * len(found.kinds)
        return [tuple(found.control_kl[number, :, self._at()].tolist()) for number in range(len(found.kinds))]

    def _tokens_in_lines(self, found: Found) -> list[str]:
        at = self._at()
        lines = [f"{'':14} {'plain':>8}{''.join(f' {kind:>8}' for kind in found.kinds)}"]
        for k, token in enumerate(found.ids[at].tolist()):
            under = "".join(f" {_small(float(p)):>8}" for p in found.ablated[:, at, k])
            piece = repr(self._model.vocabulary.piece(token))
            lines.append(f"{piece:14} {_small(float(found.plain[at, k])):>8}{under}")
        return lines

    def _task_in_lines(self) -> list[str]:
        lines = []
        for kind in self.kinds:
            measured = self.effects[kind].target
            if measured is None:
                continue
            if not lines:
                lines.append(f"plain    {measured.plain}")
            p = "" if measured.p is None else f", p {digits(measured.p)} against {len(measured.controls)} controls"
            lines.append(f"{kind:8} {measured.edited}, change {measured.change}{p}")
        return lines


STREAMS = ("head_out", "mlp_act", "attn_out", "mlp_out", "resid_pre", "resid_mid", "resid_post", "mlp_in")
"""The streams that the adder offers, the ones that are most asked for first."""


# ---- what is said, and sent ----------------------------------------------------------------------


def _task(
    prompts: Sequence[str] | None, answers: Sequence[str] | str | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The prompts with an answer for each.

    Raises:
        ValueError: one without the other, or another number of them.
    """
    if isinstance(prompts, str):
        raise ValueError(f"prompts={prompts!r} is one text; give a list of several dozen that nothing was chosen on")
    asked = tuple(prompts or ())
    if bool(asked) != (answers is not None):
        missing = "answers, one for each or one for all" if asked else "prompts, several dozen of them"
        raise ValueError(f"a task has prompts and answers; give {missing}")
    given = (answers,) * len(asked) if isinstance(answers, str) else tuple(answers or ())
    if len(given) != len(asked):
        raise ValueError(f"{len(asked)} prompts and {len(given)} answers; give one for each, or one for all")
    return asked, given


def _settings(kind: str, seed: int) -> str:
    """What a call of `wb.Ablate` says beside its part."""
    if kind == ZERO:
        return ""
    return f", to={kind!r}, reference=reference{f', seed={seed}' if kind == RESAMPLE else ''}"


def _stand_ins(drawn: Sequence[Sequence[Any]]) -> str:
    """What the controls are, each kind once."""
    return "; ".join(dict.fromkeys(_stand_in(edit) for edits in drawn for edit in edits))


def _stand_in(edit: Any) -> str:
    if not isinstance(edit, Ablate):
        return TURNED
    if not isinstance(edit.target, str):
        return "a random other feature that is on in this prompt, or where it is off there, one of like density"
    return f"a random other {'head' if edit.unit is None else 'neuron' if 'mlp_act' in edit.target else 'unit'}"


def _sentence(words: str) -> str:
    """As a sentence begins and ends, whatever raised it."""
    words = words.strip()
    return words if words.endswith((".", "!", "?", "…")) or not words else f"{words[0].upper()}{words[1:]}."


def _small(value: float) -> str:
    """Three digits; what is nearly nothing is told as that."""
    return digits(value) if value == 0 or value >= 0.001 else "<.001"


def _in_wire(measured: Any) -> dict[str, Any]:
    """What was measured, as JSON holds it: an interval without an end has none."""
    estimates = {name: _numbers(getattr(measured, name)) for name in ("plain", "edited", "change")}
    return {**estimates, "controls": [float(one) for one in measured.controls], "p": measured.p}


def _numbers(estimate: Any) -> list[float | None] | None:
    if estimate is None:
        return None
    return [*(x if math.isfinite(x) else None for x in (estimate.value, estimate.low, estimate.high)), estimate.n]
