import assert from "node:assert/strict";
import { test } from "node:test";
import { changes, errorPlacer } from "./dom.ts";

test("work is done once per change", () => {
  const differs = changes();
  const view = {};
  assert.deepEqual([differs(view, 1), differs(view, 1), differs(view, 2), differs({}, 2)], [true, false, true, true]);
});

test("an error stands in one place at a time, and goes when it is mended", () => {
  const said: string[] = [];
  const place = errorPlacer({ text: (m) => said.push(`text:${m}`), "": (m) => said.push(`panel:${m}`) });
  place("", "");
  place("too long", "text");
  place("too long", "text");
  place("no such stream", "stream");
  place("", "");
  assert.deepEqual(said, ["text:too long", "text:", "panel:no such stream", "panel:"]);
});
