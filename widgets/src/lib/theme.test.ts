import assert from "node:assert/strict";
import { test } from "node:test";
import { type Signs, themeOf } from "./theme.ts";

const page = (signs: Partial<Signs>): Signs => ({ attributes: {}, classes: [], background: null, ...signs });

test("JupyterLab says so by an attribute", () => {
  assert.equal(themeOf(page({ attributes: { "data-jp-theme-light": "false" }, background: [255, 255, 255] })), "dark");
  assert.equal(themeOf(page({ attributes: { "data-jp-theme-light": "true" }, classes: ["dark"] })), "light");
});

test("VS Code says so by an attribute or a class", () => {
  assert.equal(themeOf(page({ attributes: { "data-vscode-theme-kind": "vscode-dark" } })), "dark");
  assert.equal(themeOf(page({ attributes: { "data-vscode-theme-kind": "vscode-high-contrast" } })), "dark");
  assert.equal(themeOf(page({ attributes: { "data-vscode-theme-kind": "vscode-high-contrast-light" } })), "light");
  assert.equal(themeOf(page({ classes: ["vscode-light"], background: [0, 0, 0] })), "light");
});

test("Colab and marimo say so by an attribute or a class", () => {
  assert.equal(themeOf(page({ attributes: { theme: "dark" } })), "dark");
  assert.equal(themeOf(page({ attributes: { "data-theme": "light" }, background: [0, 0, 0] })), "light");
  assert.equal(themeOf(page({ classes: ["dark"] })), "dark");
});

test("an unknown page is judged by what is painted behind, and is light when nothing is", () => {
  assert.equal(themeOf(page({ background: [24, 24, 24] })), "dark");
  assert.equal(themeOf(page({ background: [250, 250, 250] })), "light");
  assert.equal(themeOf(page({})), "light");
});
