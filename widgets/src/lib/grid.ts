/**
 * Rows by tokens as a picture of small cells: layers, or the queries of an attention head.
 *
 * Hovering a cell previews it, a click pins it, Esc lets go, and arrows walk; the grid only tells which cell is
 * meant. The cells are one picture that is stretched, so a quarter of a million of them are drawn at once.
 */

import { css, type Rgb } from "./colour.ts";
import { attribute, make } from "./dom.ts";

export interface Cell {
  row: number;
  column: number;
}

export interface Grid {
  element: HTMLElement;
  /** Show other cells; the names stand before their rows. */
  set(about: { names: readonly string[]; columns: number; label: string }): void;
  paint(colour: (row: number, column: number) => Rgb, ink: Rgb): void;
  /** Frame a row, the pinned column and the cell under the hand; none of what is outside of the grid. */
  mark(marks: { row: number; pinned: number; previewed: Cell | null }): void;
}

export interface Layout {
  cell: number;
  height: number;
}

const TALLEST = 320;
const LEAST = 4;

/** How large the cells are: as wide as fits, up to 32; as high as 16, less where there are many rows. */
export function layout(rows: number, columns: number, width: number): Layout {
  const cell = Math.max(LEAST, Math.min(32, Math.floor(width / Math.max(1, columns))));
  return { cell, height: Math.max(LEAST, Math.min(16, Math.floor(TALLEST / Math.max(1, rows)))) };
}

/** Which rows carry their name, so that names do not touch. */
export function named(rows: number, height: number): number[] {
  const every = Math.max(1, Math.ceil(16 / height));
  return Array.from({ length: rows }, (_, i) => i).filter((i) => i % every === 0);
}

export function grid(
  gestures: { preview(cell: Cell | null): void; pin(cell: Cell | null): void },
  signal: AbortSignal,
): Grid {
  const canvas = make("canvas", { class: "wb-grid-cells" });
  const over = make("div", { class: "wb-grid-over", "aria-hidden": "true" });
  const rowMark = make("div", { class: "wb-grid-row" });
  const columnMark = make("div", { class: "wb-grid-column", hidden: true });
  const cellMark = make("div", { class: "wb-grid-cell", hidden: true });
  over.append(rowMark, columnMark, cellMark);
  const sheet = make("div", { class: "wb-grid-sheet" }, canvas, over);
  const field = make("div", { class: "wb-grid-field", role: "application", "aria-roledescription": "grid of cells", tabindex: 0 }, sheet);
  const labels = make("div", { class: "wb-grid-names", "aria-hidden": "true" });
  const element = make("div", { class: "wb-grid" }, labels, field);
  let [rows, columns] = [0, 0];
  let names: readonly string[] = [];
  let size: Layout = { cell: LEAST, height: LEAST };
  let marks = { row: 0, pinned: -1, previewed: null as Cell | null };
  let at: Cell | null = null;

  const place = () => {
    size = layout(rows, columns, field.clientWidth);
    canvas.style.width = `${columns * size.cell}px`;
    canvas.style.height = `${rows * size.height}px`;
    labels.hidden = names.every((name) => name === "");
    const shown = named(rows, size.height);
    labels.replaceChildren(
      ...shown.map((row) => {
        const label = make("span", {}, names[row] ?? "");
        label.style.top = `${(row + 0.5) * size.height}px`;
        return label;
      }),
    );
    remark();
  };
  const box = (mark: HTMLElement, left: number, top: number, width: number, height: number) => {
    Object.assign(mark.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
  };
  const remark = () => {
    const { row, pinned, previewed } = marks;
    box(rowMark, 0, row * size.height, columns * size.cell, size.height);
    rowMark.hidden = rows < 2 || row < 0 || row >= rows;
    columnMark.hidden = pinned < 0 || pinned >= columns;
    box(columnMark, pinned * size.cell, 0, size.cell, rows * size.height);
    cellMark.hidden = previewed === null || !isInside(previewed);
    if (previewed) box(cellMark, previewed.column * size.cell, previewed.row * size.height, size.cell, size.height);
  };
  const under = (event: PointerEvent | MouseEvent): Cell | null => {
    const { left, top } = canvas.getBoundingClientRect();
    const cell = { row: Math.floor((event.clientY - top) / size.height), column: Math.floor((event.clientX - left) / size.cell) };
    return isInside(cell) ? cell : null;
  };
  const isInside = ({ row, column }: Cell) => row >= 0 && row < rows && column >= 0 && column < columns;
  const go = (cell: Cell) => {
    if (!isInside(cell)) return;
    at = cell;
    gestures.preview(cell);
    const left = cell.column * size.cell;
    if (left < field.scrollLeft || left + size.cell > field.scrollLeft + field.clientWidth) field.scrollLeft = left - field.clientWidth / 2;
  };
  const options = { signal };
  canvas.addEventListener("pointermove", (event) => gestures.preview((at = under(event))), options);
  canvas.addEventListener("pointerleave", () => gestures.preview((at = null)), options);
  canvas.addEventListener("click", (event) => gestures.pin(under(event)), options);
  /** Where the keys begin: at the cell under the hand, else at the pinned one in the framed row. */
  const begin = (): Cell => at ?? { row: Math.min(rows - 1, Math.max(0, marks.row)), column: Math.max(0, marks.pinned) };
  field.addEventListener("focus", () => go(begin()), options);
  field.addEventListener("blur", () => gestures.preview(null), options);
  field.addEventListener(
    "keydown",
    (event) => {
      const from = begin();
      const moves: Record<string, Cell> = {
        ArrowRight: { row: from.row, column: from.column + 1 },
        ArrowLeft: { row: from.row, column: from.column - 1 },
        ArrowDown: { row: from.row + 1, column: from.column },
        ArrowUp: { row: from.row - 1, column: from.column },
        Home: { row: from.row, column: 0 },
        End: { row: from.row, column: columns - 1 },
      };
      if (moves[event.key]) go(moves[event.key]!);
      else if (event.key === "Enter" || event.key === " ") gestures.pin(from);
      else if (event.key === "Escape") gestures.pin(null);
      else return;
      event.preventDefault();
    },
    options,
  );
  const resized = new ResizeObserver(place);
  resized.observe(field);
  signal.addEventListener("abort", () => resized.disconnect());

  return {
    element,
    set(about) {
      attribute(field, "aria-label", about.label);
      if (about.columns === columns && about.names.join() === names.join()) return;
      names = about.names;
      [rows, columns, at] = [about.names.length, about.columns, null];
      place();
    },
    paint(colour, ink) {
      [canvas.width, canvas.height] = [columns, rows];
      const context = canvas.getContext("2d");
      if (context === null || rows * columns === 0) return;
      const picture = context.createImageData(columns, rows);
      for (let row = 0, byte = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++, byte += 4) {
          const [red, green, blue] = colour(row, column);
          picture.data[byte] = red;
          picture.data[byte + 1] = green;
          picture.data[byte + 2] = blue;
          picture.data[byte + 3] = 255;
        }
      }
      context.putImageData(picture, 0, 0);
      element.style.setProperty("--wb-grid-ink", css(ink));
    },
    mark(next) {
      marks = next;
      remark();
    },
  };
}
