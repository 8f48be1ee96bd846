import assert from "node:assert/strict";
import { test } from "node:test";
import { heldAfter, kindsOf, referenceOf } from "./parts.ts";

const OFFERED = { layers: 4, heads: 8, neurons: 1024, features: 2048, streams: ["head_out", "mlp_act", "attn_out", "mlp_out", "resid_post"] };

test("the adder writes parts as a person would", () => {
  const written = kindsOf(OFFERED).map((kind) => kind.write(2, 1));
  assert.deepEqual(written, ["feature 1", "head_out.2.1", "mlp_act.2[1]", "attn_out.2", "mlp_out.2", "layer 2", "resid_post.2"]);
});

test("only what the model has is offered", () => {
  const names = kindsOf({ ...OFFERED, features: 0, streams: ["attn_out"] }).map(({ name }) => name);
  assert.deepEqual(names, ["attention", "layer"]);
});

test("without other texts it is said what to give", () => {
  const task = { prompts: 0, reference: 0, is_own: false, controls: 20 };
  const all = ["zero", "mean", "resample"];
  assert.match(referenceOf(task, ["zero"]), /give reference=/);
  assert.equal(referenceOf({ ...task, reference: 3, is_own: true }, all), "Mean and resample are taken from 3 texts.");
  const asked = { ...task, reference: 48, prompts: 48 };
  assert.equal(referenceOf(asked, all), "Mean and resample are taken from the 48 prompts of the task.");
});

test("a hand in the list stays in it as long as there is one", () => {
  assert.equal(heldAfter(1, 3), 1);
  assert.equal(heldAfter(2, 2), 1);
  assert.equal(heldAfter(0, 0), -1);
});
