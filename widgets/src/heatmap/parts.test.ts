import assert from "node:assert/strict";
import { test } from "node:test";
import { partsIn } from "./parts.ts";

const said = (stream: string, noun: string, layers: number[], at = 0) => partsIn({ stream, noun, unit: 17, layers }, at).map(({ words }) => words);

test("a unit is offered with its layer", () => {
  assert.deepEqual(said("mlp_act", "neuron", [0, 1, 2], 2), ["Ablate neuron 17", "Ablate layer 2"]);
  assert.deepEqual(said("pattern", "head", [1, 3], 1), ["Ablate head 17", "Ablate layer 3"]);
});

test("a coordinate of a head stands for the head", () => {
  assert.deepEqual(said("head_out", "coordinate", [0]), ["Ablate this head", "Ablate layer 0"]);
});

test("a feature has no layer of its own, and a token of the vocabulary is no part", () => {
  assert.deepEqual(said("features", "feature", []), ["Ablate feature 17"]);
  assert.deepEqual(said("logits", "token", []), []);
});
