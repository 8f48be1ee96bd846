/** Numbers as people read them: three significant digits, a real minus sign, thin-space thousands that no line breaks. */

const MINUS = "−";
const THIN = "\u202f";
const ABSENT = "–";

/** Three significant digits; whole numbers above that keep all of theirs. */
export function number(value: number): string {
  if (Number.isNaN(value)) return ABSENT;
  if (!Number.isFinite(value)) return value < 0 ? `${MINUS}∞` : "∞";
  const size = Math.abs(value);
  if (size === 0) return "0";
  const sign = value < 0 ? MINUS : "";
  if (size >= 999.5 && size < 1e9) return sign + count(Math.round(size));
  if (size >= 1e9 || size < 0.000995) {
    const [mantissa, exponent] = size.toExponential(2).split("e") as [string, string];
    return `${sign}${mantissa}e${exponent.replace("-", MINUS).replace("+", "")}`;
  }
  return sign + size.toPrecision(3);
}

/** A whole number, its thousands set apart from five digits on. */
export function count(value: number): string {
  const digits = String(Math.abs(value));
  const spaced = digits.length > 4 ? digits.replace(/\B(?=(\d{3})+$)/g, THIN) : digits;
  return value < 0 ? MINUS + spaced : spaced;
}

/** "1 token", "23 tokens". */
export function plural(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? "" : "s"}`;
}

/** A word as a sentence or a label begins with it. */
export function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** A strength in units of a feature's maximum: "off" at rest, else one decimal and a real minus sign. */
export function strength(value: number): string {
  return value === 0 ? "off" : `${value.toFixed(1).replace("-", MINUS)} ×`;
}
