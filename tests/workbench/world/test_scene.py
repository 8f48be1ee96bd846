"""Who and what is in a scene: drawn by the rules of the split, and never waited for in vain."""

from __future__ import annotations

from itertools import combinations, islice
from random import Random

import pytest

from workbench.world import language
from workbench.world.language import documents
from workbench.world.lexicon import PEOPLE
from workbench.world.scene import DeadEnd, Scene
from workbench.world.splits import pair_held_out


def hostile() -> list:
    """People chosen greedily so that together they may meet nobody else in training."""
    left, chosen = list(PEOPLE), []
    while left:
        person = max(left, key=lambda one: sum(pair_held_out(one.name, other.name) for other in left))
        chosen.append(person)
        left = [p for p in left if p is not person and not pair_held_out(p.name, person.name)]
    return chosen


def test_a_scene_that_nobody_may_join_says_so_and_does_not_search_for_ever() -> None:
    scene = Scene(Random(0), "train", "en")
    scene.people = hostile()
    n = len(scene.people)
    assert not any(pair_held_out(a.name, b.name) for a, b in combinations(scene.people, 2))
    with pytest.raises(DeadEnd, match=scene.people[0].name):
        scene.company(n + 1)
    assert scene.company(n) == scene.people, "those who are there stay"


def test_a_document_that_comes_to_a_dead_end_is_written_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    write, share, tongues = language._KINDS["list"]
    tried = []

    def at_first_stuck(page: object, scene: Scene) -> None:
        tried.append(scene)
        if len(tried) == 1:
            raise DeadEnd("nobody may join")
        write(page, scene)

    monkeypatch.setitem(language._KINDS, "list", (at_first_stuck, share, tongues))
    (document,) = islice(documents("train", 0, kinds=("list",)), 1)
    assert len(tried) == 2 and document.text
