import assert from "node:assert/strict";
import { test } from "node:test";
import { gutter, lastOf, nearest, path, range, short, spread, ticks, walked } from "./line_chart.ts";

test("ticks are round, between the ends, and no more than asked for", () => {
  assert.deepEqual(ticks(0, 1, 3), [0, 0.5, 1]);
  assert.deepEqual(ticks(0, 471_040, 4), [0, 200_000, 400_000]);
  assert.deepEqual(ticks(-0.3, 0.3, 4), [-0.2, 0, 0.2]);
  for (const [low, high] of [[0, 0.003], [0, 7], [12.2, 12.9], [0, 1.9e9], [-41, 3]] as const) {
    for (const most of [1, 2, 3, 5, 8]) {
      const marks = ticks(low, high, most);
      assert.ok(marks.length <= most, `${marks} for ${most}`);
      assert.ok(marks.every((mark) => mark >= low - 1e-9 && mark <= high + 1e-9), `${marks} in ${low} to ${high}`);
    }
    assert.ok(ticks(low, high, 3).length > 0);
  }
});

test("a range of nothing has one tick, one without an end has none", () => {
  assert.deepEqual(ticks(2, 2, 3), [2]);
  assert.deepEqual(ticks(Number.NaN, 1, 3), []);
});

test("marks are as short as they can be", () => {
  const seen = [0, 0.05, 2.5, 3000, 25_000, 2_500_000, 1.9e9, -2, 0.1 + 0.2].map(short);
  assert.deepEqual(seen, ["0", "0.05", "2.5", "3000", "25\u202fk", "2.5\u202fM", "1.9\u202fG", "−2", "0.3"]);
  assert.ok(gutter([0, 0.05]) > gutter([0, 1]));
});

test("shares begin at zero, a loss where it is", () => {
  const loss = [20, 21, 20.5];
  assert.equal(range([loss], true).low, 0);
  const { low, high, before } = range([loss], false);
  assert.ok(low > 19 && low < 20 && high > 21 && high < 22);
  assert.equal(before, null);
  assert.equal(range([[20, 3, 2]], false).low, 0, "a line that falls far is shown down to zero");
});

test("what is early and large is left out, and told", () => {
  const falling = Array.from({ length: 100 }, (_, i) => (i < 5 ? 200 - i : 10 - i / 50));
  const { high, before } = range([falling], false);
  assert.ok(high < 12, "the rest is not pressed flat");
  assert.equal(before, 200);
  assert.equal(range([falling.slice(0, 20)], false).before, null, "of a few points all are shown");
  const late = [...falling].reverse();
  assert.ok(range([late], false).high > 200, "a late peak is never left out");
});

test("what is no number has no say in a range", () => {
  assert.deepEqual(range([[Number.NaN]], true), { low: 0, high: 1, before: null });
  assert.deepEqual(range([], true), { low: 0, high: 1, before: null });
  assert.ok(range([[1, Number.NaN, Number.POSITIVE_INFINITY, 2]], true).high < 3);
  const { low, high } = range([[5, 5]], true);
  assert.ok(low < high);
});

test("the nearest point is found, at the ends too", () => {
  const xs = [1, 9, 17, 25, 28];
  assert.deepEqual([-5, 1, 4.9, 5.1, 17, 26, 27, 1e9].map((x) => nearest(xs, x)), [0, 0, 0, 1, 2, 3, 4, 4]);
  assert.equal(nearest([], 3), -1);
});

test("a path stops where there is no number and goes on after it", () => {
  assert.equal(path([0, 1, 2, 3], [1, Number.NaN, 2, 3.14159]), "M0.0 1.0M2.0 2.0L3.0 3.1");
  assert.equal(path([], []), "");
});

test("keys at the ends of lines do not cover one another", () => {
  assert.deepEqual(spread([10, 80], 12, 0, 100), [10, 80]);
  const places = spread([50, 50, 50, 51], 12, 0, 100);
  const sorted = [...places].sort((a, b) => a - b);
  assert.ok(sorted.every((place, i) => i === 0 || place - sorted[i - 1]! >= 12 - 1e-9));
  const low = spread([99, 98, 100], 12, 0, 100);
  assert.ok(Math.max(...low) <= 100);
  assert.deepEqual([low[1]! < low[0]!, low[0]! < low[2]!], [true, true], "their order is that of the lines");
  assert.deepEqual(spread([], 12, 0, 100), []);
});

test("the last number counts, not what comes after it and is none", () => {
  assert.equal(lastOf([1, 2, Number.NaN]), 2);
  assert.ok(Number.isNaN(lastOf([])));
});

test("arrows go one point, with Shift ten, and to the ends", () => {
  assert.deepEqual([walked("ArrowLeft", false), walked("ArrowRight", true), walked("PageUp", false)], [-1, 10, 10]);
  assert.deepEqual([walked("Home", false), walked("End", false)], [-Infinity, Infinity]);
  assert.equal(walked("a", false), null);
});
