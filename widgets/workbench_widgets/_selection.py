"""What is looked at, shared by all views of a bench."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import traitlets as t

from ._frontend import LAST

if TYPE_CHECKING:
    from .bench import Bench

FIELDS = ("text", "token", "layer", "site", "feature", "example")


class Selection(t.HasTraits):
    """What is looked at, in all views of a bench; None where nothing is.

    Attributes:
        text: the text that is read.
        token: the pinned token, counted from the start of the text, BOS included.
        layer: the layer.
        site: a stream with its layer, "mlp_act.2", or a stream without layers.
        feature: a feature of the dictionary.
        example: which of the feature's examples.
    """

    text = t.Unicode(None, allow_none=True)
    token = t.Int(None, allow_none=True)
    layer = t.Int(None, allow_none=True)
    site = t.Unicode(None, allow_none=True)
    feature = t.Int(None, allow_none=True)
    example = t.Int(None, allow_none=True)

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._bench = bench

    def __setattr__(self, name: str, value: object) -> None:
        """Only the fields that exist, and in the bench's turn."""
        if not name.startswith("_") and not hasattr(type(self), name):
            raise AttributeError(f"a selection has no {name!r}; it has {', '.join(FIELDS)}")
        bench = self.__dict__.get("_bench")
        if bench is None:
            super().__setattr__(name, value)
        else:
            with bench._turn():
                super().__setattr__(name, value)

    @t.validate("example")
    def _valid_example(self, proposal: dict[str, Any]) -> int | None:
        return _within(proposal, LAST)

    @t.validate("token")
    def _valid_token(self, proposal: dict[str, Any]) -> int | None:
        """A token of the text, where a view has read it."""
        return _within(proposal, self._bench._length() or LAST)

    @t.validate("layer")
    def _valid_layer(self, proposal: dict[str, Any]) -> int | None:
        return _within(proposal, self._bench.model.n_layers)

    @t.validate("feature")
    def _valid_feature(self, proposal: dict[str, Any]) -> int | None:
        sae = self._bench.sae
        if sae is None and proposal["value"] is not None:
            raise t.TraitError(f"feature: {proposal['value']} was asked for, but this bench has no dictionary")
        return _within(proposal, LAST if sae is None else sae.width)

    @t.validate("site")
    def _valid_site(self, proposal: dict[str, Any]) -> str | None:
        site = proposal["value"]
        if site is not None and site not in (sites := self._bench.model.sites()):
            streams = ", ".join(dict.fromkeys(name.partition(".")[0] for name in sites))
            raise t.TraitError(f"site: there is no {site!r}; there are {streams}, each with .layer where it has layers")
        return site

    def state(self) -> dict[str, Any]:
        """All fields, by name."""
        return {name: getattr(self, name) for name in FIELDS}

    def __repr__(self) -> str:
        chosen = [f"{name}={value!r}" for name, value in self.state().items() if value is not None]
        return f"Selection({', '.join(chosen)})"


def _within(proposal: dict[str, Any], behind: int) -> int | None:
    """A number that exists, or None."""
    value, name = proposal["value"], proposal["trait"].name
    if value is not None and (isinstance(value, bool) or not 0 <= value < behind):
        there = "there are those from 0 on" if behind == LAST else f"there are 0 to {behind - 1}"
        raise t.TraitError(f"{name}: there is no {name} {value}; {there}, and None for none")
    return value
