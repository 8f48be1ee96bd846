"""Parts of a model as a person writes them, and the ablations that take them out.

head_out.2.1     a head
mlp_act.2[17]    a neuron; so a unit of any other stream
attn_out.3       a stream: all that attention adds at a layer
layer 2          a layer: what its attention and its MLP add
feature 942      a feature of the dictionary
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbench import Ablate
from workbench.names import canonical, parse

if TYPE_CHECKING:
    from workbench.decompose import Dictionary
    from workbench.model import Edit, Model
    from workbench.record import Recording

FORMS = "a head head_out.2.1, a neuron mlp_act.2[17], a stream attn_out.3, layer 2, feature 942"
ZERO, MEAN, RESAMPLE = KINDS = ("zero", "mean", "resample")
REFUSED = {
    "pattern": "a pattern pairs tokens with tokens and is no part of its own; ablate the head, head_out.layer.head",
    "logits": "the logits are what is looked at; ablate what comes before them",
}


@dataclass(frozen=True)
class Part:
    """A part that exists: a site, perhaps one unit of it; or a layer; or a feature.

    Attributes:
        kind: "feature", "layer", "neuron", "head", "unit" or "stream".
        site: where it is; "" of a layer and a feature.
        number: the neuron, unit, layer or feature.
    """

    kind: str
    site: str
    number: int | None = None

    def __str__(self) -> str:
        if self.kind in ("feature", "layer"):
            return f"{self.kind} {self.number}"
        return self.site if self.number is None else f"{self.site}[{self.number}]"

    def sites(self, sae: Dictionary | None) -> tuple[str, ...]:
        """What must be recorded of other texts to replace this part, or its control, by what it is there."""
        if self.kind == "layer":
            return (f"attn_out.{self.number}", f"mlp_out.{self.number}")
        if self.kind == "feature":
            return tuple(sae.reads)
        stream, _, head = parse(self.site)
        return (self.site if head is None else f"{stream}.*",)  # another head of any layer stands beside it

    def ablations(self, sae: Dictionary | None, to: str, reference: Recording | None, seed: int) -> tuple[Ablate, ...]:
        """The edits that set it to zero, to its mean, or to its values at random tokens of other texts."""
        given: dict[str, Any] = {} if to == ZERO else {"to": to, "reference": reference}
        if to == RESAMPLE:
            given["seed"] = seed
        if self.kind == "layer":
            return tuple(Ablate.layer(self.number, **given))
        return (Ablate(sae if self.kind == "feature" else self.site, self.number, **given),)

    def code(self, settings: str) -> str:
        """The call that makes the edits; a layer's is unpacked."""
        if self.kind == "layer":
            return f"*wb.Ablate.layer({self.number}{settings})"
        unit = "" if self.number is None else f", {self.number}"
        return f"wb.Ablate({'sae' if self.kind == 'feature' else repr(self.site)}{unit}{settings})"


def part(text: str, model: Model, sae: Dictionary | None) -> Part:
    """The part that is written so, if the model or its dictionary has it.

    Raises:
        ValueError: it does not exist, or is not written as a part is; the message says what there is.

    Example:
        >>> import workbench as wb
        >>> from workbench_widgets._parts import part
        >>> part(" mlp_act.2 [17]", wb.load(), None)
        Part(kind='neuron', site='mlp_act.2', number=17)
    """
    words = " ".join(str(text).split())
    if match := re.fullmatch(r"(?i)(feature|layer) ?(\d+)", words):
        return _counted(match[1].lower(), int(match[2]), model, sae)
    match = re.fullmatch(r"([\w.*]+?) ?(?:\[ ?(\d+) ?\])?", words)
    if match is None:
        raise ValueError(f"“{words}” is no part; write one as {FORMS}")
    return _at(canonical(match[1]), None if match[2] is None else int(match[2]), model)


def _counted(kind: str, number: int, model: Model, sae: Dictionary | None) -> Part:
    if kind == "feature" and sae is None:
        raise ValueError(f"feature {number} needs a dictionary, and there is none: give one as sae=")
    if kind == "feature" and sae.reads != sae.writes:
        raise ValueError(f"feature {number} is a transcoder's: it writes elsewhere than it reads; give another sae=")
    many = sae.width if kind == "feature" else model.n_layers
    if not number < many:
        raise ValueError(f"there is no {kind} {number}; there are 0 to {many - 1}")
    return Part(kind, "", number)


def _at(site: str, unit: int | None, model: Model) -> Part:
    try:
        stream, layer, head = parse(site)
    except ValueError as error:
        raise ValueError(f"{error}; a part is written as {FORMS}") from None
    if stream in REFUSED:
        raise ValueError(f"{site}: {REFUSED[stream]}")
    if "*" in (layer, head):
        raise ValueError(f"{site}: name one part at a time, with a number in place of *")
    model.expand(site)  # raises where there is no such layer or head
    if unit is not None:
        width = model.width(site)
        if head is None and stream == "head_out":
            raise ValueError(f"{site}[{unit}]: which head? write head_out.{layer}.head[{unit}], or the head alone")
        if not unit < width:
            noun = "neuron" if stream == "mlp_act" else "unit"
            raise ValueError(f"there is no {noun} {unit} at {site}; there are 0 to {width - 1}")
        return Part("neuron" if stream == "mlp_act" else "unit", site, unit)
    return Part("stream" if head is None else "head", site)


def clash(one: Edit, other: Edit) -> bool:
    """Whether two edits would set the same numbers.

    Example:
        >>> import workbench as wb
        >>> from workbench_widgets._parts import clash
        >>> (
        ...     clash(wb.Ablate("mlp_act.2"), wb.Ablate("mlp_act.2", 17)),
        ...     clash(wb.Ablate("mlp_act.2"), wb.Ablate("mlp_act.1")),
        ... )
        (True, False)
    """
    return parse(one.site)[:2] == parse(other.site)[:2] and (one.conflicts(other) or other.conflicts(one))


def part_of_view(stream: str, layer: int, unit: int, model: Model) -> str | None:
    """What a heatmap shows, as a part: a head for its attention and its coordinates; None where there is none.

    Example:
        >>> import workbench as wb
        >>> from workbench_widgets._parts import part_of_view
        >>> part_of_view("head_out", 2, 40, wb.load())
        'head_out.2.1'
    """
    if stream == "features":
        return f"feature {unit}"
    if stream == "pattern":
        return f"head_out.{layer}.{unit}"
    if stream == "head_out":
        return f"head_out.{layer}.{unit // model.width(f'head_out.{layer}.0')}"
    if stream in REFUSED:
        return None
    sites = {site.partition(".")[0] for site in model.sites() if "." in site}
    return f"{stream}.{layer}[{unit}]" if stream in sites else f"{stream}[{unit}]"
