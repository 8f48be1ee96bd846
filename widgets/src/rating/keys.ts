/** What a key does while rating. */

export type Verb = { kind: "rate"; score: number } | { kind: "skip" } | { kind: "back" };

interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  repeat: boolean;
}

/** 0 to the highest score rate, S skips, Backspace goes back; a key that is held down does it once. */
export function verbOf({ key, ctrlKey, metaKey, altKey, repeat }: Press, scores: number): Verb | null {
  if (ctrlKey || metaKey || altKey || repeat) return null;
  if (/^\d$/.test(key)) return Number(key) < scores ? { kind: "rate", score: Number(key) } : null;
  if (key === "s" || key === "S") return { kind: "skip" };
  return key === "Backspace" ? { kind: "back" } : null;
}

/** Whether keys are being typed into something. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(target.type);
}
