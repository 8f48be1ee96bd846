import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, curve, type Dose, extent, interval, type Row, signed, strip } from "./measured.ts";

const row = (more: Partial<Row>): Row => ({ name: "says so", kind: "target", plain: null, steered: null, change: null, controls: [], p: null, ...more });
const level = row({ plain: [0.2, 0.1, 0.3, 16], steered: [0.8, 0.6, 0.9, 16], change: [0.6, 0.4, 0.8, 16], controls: [0, 0.1, -0.1] });
const price = row({ name: "KL", kind: "price", change: [2, 1, 3, 12], steered: [2, 1, 3, 12], controls: [0.5, 1, 0.1] });

test("marks of a row stand on one scale that holds zero, the interval and every control", () => {
  const marks = strip(level)!;
  assert.deepEqual([marks.controls[2], marks.to], [0, 1]);
  assert.ok(marks.zero < marks.from && marks.from < marks.at && marks.at < marks.to);
  assert.equal(strip(row({})), null);
  assert.equal(strip(row({ change: [0, 0, 0, 3] }))!.at, 0.5);
});

test("the feature itself counts among those that change as much", () => {
  assert.equal(chance(level), "1 of 4");
  assert.equal(chance({ ...price, controls: [-2, 3, 0] }), "3 of 4");
  assert.equal(chance(row({})), "");
});

test("a level is drawn from the plain one, its controls around it; a distance from zero", () => {
  const dose: Dose = { feature: 3, alone: true, on: "", controls: 3, points: [{ strength: 4, rows: [level, price] }, { strength: -2, rows: [level, price] }] };
  const line = curve(dose, 0)!;
  assert.deepEqual(line.xs, [-2, 0, 4]);
  assert.deepEqual(line.values, [0.8, 0.2, 0.8]);
  assert.deepEqual([line.bandLow[2], line.bandHigh[2]].map((x) => x!.toFixed(1)), ["0.1", "0.3"]);
  const cost = curve(dose, 1)!;
  assert.deepEqual(cost.values, [2, 0, 2]);
  assert.deepEqual([cost.plain, cost.bandHigh[0], cost.n], [0, 1, 12]);
  assert.equal(curve({ ...dose, points: [] }, 0), null);
  assert.deepEqual(curve({ ...dose, alone: false }, 0)!.xs, [-2, 4]); // at rest the other sliders still do something
});

test("an interval without an end is not drawn, and zero is always in sight", () => {
  const open = row({ change: [1, null, null, 1], controls: [] });
  const line = curve({ feature: 3, alone: true, on: "", controls: 0, points: [{ strength: 1, rows: [open] }] }, 0)!;
  assert.deepEqual([line.low[1], line.high[1]], [1, 1]);
  assert.equal(extent(line).low, 0);
  assert.ok(extent(line).high > 1);
});

test("changes are told with their sign, and absent ones with a dash", () => {
  assert.deepEqual([signed(0.5), signed(-0.5), signed(0), signed(null)], ["+0.500", "−0.500", "0", "–"]);
  assert.equal(interval([1, null, null, 1]), "");
  assert.equal(interval([1, 0.5, 2, 9]), "[0.500, 2.00]");
});
