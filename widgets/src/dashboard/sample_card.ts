/** A small card, for tests. */

import type { RawCard } from "./card.ts";

export const raw = (more: Partial<RawCard> = {}): RawCard => ({
  feature: 3, label: "", made: null, labels: [], notes: [], lists: [], density: [0.01, 0.009, 0.011, 1000], maximum: 4, mean: 1,
  quartiles: [1, 2, 3], histogram: { edges: [0, 2, 4], counts: [5, 1] }, intervals: [[0, 2, 5], [2, 4, 1]],
  quantiles: [[0, 1, 3], [1, 4, 3]],
  examples: [
    { kind: "top", group: 0, text: 9, token: 12, value: 4, z: null, start: 11, n: 3 },
    { kind: "interval", group: 1, text: 8, token: 1, value: 3, z: null, start: 1, n: 2, groups: [[0, 2]], joined: { "0": "🌉", "1": "" } },
    { kind: "near", group: 0, text: 8, token: 1, value: 0, z: -0.1, start: 1, n: 1 },
  ],
  ids: { dtype: "int32", shape: [6], data: new Int32Array([5, 6, 5, 7, 8, 6]) },
  values: { dtype: "float32", shape: [6], data: new Float32Array([0, 4, 1, 3, 0, 0]) },
  pieces: { 5: "the", 6: " bridge", 7: "\ufffd", 8: "\ufffd" },
  tokens: [], concepts: [], related: [], neighbours: [], logits: {}, ...more,
});
