/** How a token is shown: whitespace that matters gets a glyph, what cannot be seen gets its name. */

export interface Shown {
  /** The token begins with a space: a thin gap stands before it. */
  gap: boolean;
  /** What stands in the tint. */
  text: string;
  /** The token holds a line break: the text goes on in a new line. */
  breaks: boolean;
}

const GLYPHS: Record<string, string> = { " ": "␣", "\n": "⏎", "\r": "␍", "\t": "⇥", "\u00a0": "⍽" };
/** Controls, zero-width characters and those that turn the reading direction: text must not hide or reorder text. */
const UNSEEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
/** Joiners and selectors shape the letters beside them; alone in a token they cannot be seen. */
const ONLY_JOINERS = /^ ?[\u200c\u200d\ufe00-\ufe0f]+$/u;

/** Split a token's text into a gap, visible text and a line break. */
export function shown(piece: string): Shown {
  if (piece === "") return { gap: false, text: "∅", breaks: false };
  const gap = /^ \S/u.test(piece);
  const text = [...(gap ? piece.slice(1) : piece)];
  const inside = (i: number) => text[i] === " " && i > 0 && i < text.length - 1;
  const alone = ONLY_JOINERS.test(piece);
  const visible = text.map((c, i) => (inside(i) ? c : (GLYPHS[c] ?? (alone ? name(c) : c.replace(UNSEEN, name))))).join("");
  return { gap, text: visible, breaks: piece.includes("\n") };
}

/** Which way a text is read: by its first letter that says so, BOS left out. */
export function direction(pieces: readonly string[], bos: boolean): "ltr" | "rtl" {
  const letter = /\p{L}/u.exec(pieces.slice(bos ? 1 : 0).join(""))?.[0];
  const isRightToLeft = letter !== undefined && /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u.test(letter);
  return isRightToLeft ? "rtl" : "ltr";
}

/** For every token of a joined character, which part of how many it is: "2 of 3". */
export function parts(groups: readonly (readonly [number, number])[]): Map<number, string> {
  const all = new Map<number, string>();
  for (const [first, behind] of groups)
    for (let i = first; i < behind; i++) all.set(i, `${i - first + 1} of ${behind - first}`);
  return all;
}

/** How many first tokens stay out of a scale: BOS often dwarfs all others; its value is told like any other. */
export function leftOut({ bos, pieces }: { bos: boolean; pieces: readonly string[] }): number {
  return bos && pieces.length > 1 ? 1 : 0;
}

/** A token in a sentence about it: without the space it begins with. */
export function quoted(piece: string): string {
  return shown(piece).text;
}

/** What a token is called in a sentence. */
export function nameOf(piece: string): string {
  return `“${quoted(piece)}”`;
}

/** Text that is shown as it flows: line breaks stay, what cannot be seen gets its name. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (c) => (c === "\n" || c === "\t" ? c : name(c)));
}

function name(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return `‹U+${code.toString(16).toUpperCase().padStart(4, "0")}›`;
}

/** How far two texts agree, in whole words, so that a changed word is marked from its first letter. */
export function agreement(plain: string, other: string): { length: number; words: number } {
  let length = 0;
  while (length < plain.length && length < other.length && plain[length] === other[length]) length++;
  const same = length === plain.length && length === other.length;
  const atWord = (text: string) => length === text.length || /\s/.test(text[length]!);
  if (!same && !(atWord(plain) && atWord(other))) while (length > 0 && !/\s/.test(other[length - 1]!)) length--;
  return { length, words: other.slice(0, length).match(/\S+/g)?.length ?? 0 };
}
