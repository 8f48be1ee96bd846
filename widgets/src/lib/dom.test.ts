import assert from "node:assert/strict";
import { test } from "node:test";
import { changes, errorPlacer, keepFocus } from "./dom.ts";

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

/** As much of a page as the focus needs: a root, a button in it that can be hidden or taken out, and its neighbour. */
function desk() {
  const page = { activeElement: null as unknown };
  const gone = { isOut: false, isHidden: false };
  const button = { closest: () => (gone.isHidden ? {} : null) };
  const neighbour = { closest: () => null };
  const root = {
    getRootNode: () => page,
    contains: (one: unknown) => one === neighbour || one === root || (one === button && !gone.isOut),
    focus: () => {
      page.activeElement = root;
    },
    closest: () => null,
  };
  page.activeElement = button;
  return { page, gone, button, neighbour, root };
}

test("the focus stays in the widget when its place is hidden or taken out", () => {
  for (const way of ["isHidden", "isOut"] as const) {
    const { page, gone, root } = desk();
    keepFocus(root as unknown as HTMLElement, () => {
      gone[way] = true;
      if (way === "isOut") page.activeElement = null;
    });
    assert.equal(page.activeElement, root, way);
  }
});

test("the focus is left alone where its place is still there, where the work moves it, and where it is elsewhere", () => {
  const still = desk();
  keepFocus(still.root as unknown as HTMLElement, () => {});
  assert.equal(still.page.activeElement, still.button);
  const moved = desk();
  keepFocus(moved.root as unknown as HTMLElement, () => {
    moved.gone.isOut = true;
    moved.page.activeElement = moved.neighbour;
  });
  assert.equal(moved.page.activeElement, moved.neighbour);
  const elsewhere = desk();
  const other = { closest: () => ({}) };
  elsewhere.page.activeElement = other;
  keepFocus(elsewhere.root as unknown as HTMLElement, () => {});
  assert.equal(elsewhere.page.activeElement, other);
});
