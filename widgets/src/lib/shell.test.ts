import assert from "node:assert/strict";
import { test } from "node:test";
import { PATIENCE, patience } from "./shell.ts";

/** A patience whose words are kept, at a clock that is moved by hand. */
function waiting() {
  const said: string[] = [];
  const page = new AbortController();
  const silence = patience(PATIENCE, () => said.push("late"), () => said.push("again"), page.signal);
  return { said, page, ...silence };
}

test("a silence is told once, when the limit has passed, and so is its end", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { said, asked, answered } = waiting();
  asked(0);
  context.mock.timers.tick(PATIENCE - 1);
  asked(0);
  assert.deepEqual(said, []);
  context.mock.timers.tick(1);
  assert.deepEqual(said, ["late"], "from the first question on");
  asked(0);
  context.mock.timers.tick(2 * PATIENCE);
  assert.deepEqual(said, ["late"]);
  answered(0);
  assert.deepEqual(said, ["late"], "no answer has come");
  answered(1);
  assert.deepEqual(said, ["late", "again"]);
  asked(1);
  context.mock.timers.tick(PATIENCE);
  assert.deepEqual(said, ["late", "again", "late"]);
});

test("an answer in time leaves nothing to tell", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { said, asked, answered } = waiting();
  asked(3);
  context.mock.timers.tick(PATIENCE - 1);
  answered(4);
  context.mock.timers.tick(PATIENCE);
  assert.deepEqual(said, []);
});

test("a widget that has left the page tells nothing", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { said, page, asked } = waiting();
  asked(0);
  page.abort();
  context.mock.timers.tick(PATIENCE);
  assert.deepEqual(said, []);
  asked(0);
  context.mock.timers.tick(PATIENCE);
  assert.deepEqual(said, [], "what is asked afterwards waits for nobody");
});
