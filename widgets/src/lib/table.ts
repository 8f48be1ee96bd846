/** The same content as a table, for people who do not see colours or would rather read numbers. */

import { changes, make } from "./dom.ts";

export interface Table {
  caption: string;
  columns: readonly string[];
  /** The first cell of a row names it. */
  rows: readonly (readonly string[])[];
}

export function tableView(): { element: HTMLElement; set(table: Table): void } {
  const element = make("div", { class: "wb-table", hidden: true, tabindex: 0, role: "region", "aria-label": "Table" });
  const differs = changes();
  return {
    element,
    set(table) {
      if (!differs(keyOf(table))) return;
      const head = make("tr", {}, ...table.columns.map((name) => make("th", { scope: "col" }, name)));
      const rows = table.rows.map(([name, ...cells]) =>
        make("tr", {}, make("th", { scope: "row" }, name ?? ""), ...cells.map((cell) => make("td", {}, cell))),
      );
      element.replaceChildren(
        make("table", {}, make("caption", {}, table.caption), make("thead", {}, head), make("tbody", {}, ...rows)),
      );
    },
  };
}

function keyOf({ caption, columns, rows }: Table): string {
  return [caption, columns.join("\t"), ...rows.map((row) => row.join("\t"))].join("\n");
}
