import assert from "node:assert/strict";
import { test } from "node:test";
import { link, LoneModel, withBuffers } from "./host.ts";

test("a listener hears of changes under each of its names, until it is taken off", () => {
  const model = new LoneModel({ unit: 1, layer: 0 });
  const heard: unknown[] = [];
  const listener = (_: unknown, value: unknown) => heard.push(value);
  model.on("change:unit change:layer", listener);
  model.set("unit", 2);
  model.set("layer", 3);
  assert.deepEqual(heard, [2, 3]);
  model.off("change:unit", listener);
  model.set("unit", 4);
  model.set("layer", 5);
  assert.deepEqual(heard, [2, 3, 5]);
  model.off();
  model.set("layer", 6);
  assert.deepEqual(heard, [2, 3, 5]);
  assert.equal(model.get("layer"), 6);
});

test("one of two listeners can be taken off, and both by the name", () => {
  const model = new LoneModel({ unit: 1 });
  const heard: string[] = [];
  const [first, second] = [() => heard.push("first"), () => heard.push("second")];
  model.on("change", first);
  model.on("change", second);
  model.off("change", first);
  model.set("unit", 2);
  model.off("change");
  model.set("unit", 3);
  assert.deepEqual(heard, ["second"]);
});

test("a listener that takes itself off keeps no other from hearing", () => {
  const model = new LoneModel({ unit: 1 });
  const heard: string[] = [];
  const once = () => {
    heard.push("once");
    model.off("change", once);
  };
  model.on("change", once);
  model.on("change", () => heard.push("always"));
  model.set("unit", 2);
  model.set("unit", 3);
  assert.deepEqual(heard, ["once", "always", "always"]);
});

test("what is set to what it is has not changed", () => {
  const model = new LoneModel({ unit: 1, strength: Number.NaN });
  let changes = 0;
  model.on("change change:unit change:strength", () => changes++);
  model.set("unit", 1);
  model.set("strength", Number.NaN);
  assert.equal(changes, 0);
});

test("a widget of such a page knows that it is alone", () => {
  assert.equal(new LoneModel({}).get("alone"), true);
});

const LINKS = { text: "text", token: "selected", layer: "layer" };
const linked = (text: string, links: Record<string, string> = LINKS) => ({ model: new LoneModel({ text, selected: -1, layer: 0 }), links });

test("widgets of the same text share token and layer, and no other does", () => {
  const [one, same, other] = [linked("a"), linked("a"), linked("b")];
  link([one, same, other]);
  one.model.set("selected", 3);
  same.model.set("layer", 2);
  assert.deepEqual([one, same, other].map(({ model }) => model.get("selected")), [3, 3, -1]);
  assert.deepEqual([one, same, other].map(({ model }) => model.get("layer")), [2, 2, 0]);
});

test("what is shared goes round once", () => {
  const all = [linked("a"), linked("a"), linked("a")];
  link(all);
  let told = 0;
  for (const { model } of all) model.on("change:selected", () => told++);
  all[1]!.model.set("selected", 5);
  assert.equal(told, 3);
});

test("a trait is shared under the name that each widget has for it, if it has one", () => {
  const [one, renamed, without] = [linked("a"), linked("a", { text: "text", token: "pinned" }), linked("a", { text: "text" })];
  link([one, renamed, without]);
  one.model.set("selected", 4);
  assert.equal(renamed.model.get("pinned"), 4);
  assert.equal(renamed.model.get("selected"), -1);
  assert.equal(without.model.get("selected"), -1);
});

test("bytes come back where they were taken from", () => {
  const state = { numbers: { values: { dtype: "uint8", data: null }, maps: [{ data: null }, { data: null }] } };
  const buffers = [
    { path: ["numbers", "values", "data"], data: btoa("\u0001\u00ff") },
    { path: ["numbers", "maps", 1, "data"], data: btoa("") },
  ];
  const { numbers } = withBuffers(state, buffers) as unknown as { numbers: { values: { data: DataView }; maps: { data: DataView | null }[] } };
  assert.deepEqual([numbers.values.data.getUint8(0), numbers.values.data.getUint8(1)], [1, 255]);
  assert.equal(numbers.maps[0]!.data, null);
  assert.equal(numbers.maps[1]!.data!.byteLength, 0);
});
