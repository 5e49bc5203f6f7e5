// A bar-code scanner is a keyboard that types faster than anybody and ends with Enter.

const FASTEST_HAND = 50;
const SHORTEST_CODE = 6;
const CODES = [
  /(?:^|[^\w.])(\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}-\d{6}-\d{4,7})(?!\d)/i,
  /(?:^|[^\w.])([A-Z]\d{2}(?:\.\d{1,4}){0,4}-\d{6}-\d{4,7})(?!\d)/i,
];
const LOCAL = /^[\w.\-]{6,40}$/;
const IDENTITY_NUMBER = /^\d{9}$|^\d{12}$/;

/** The dossier code in what a scanner read: alone, or somewhere in a link; "" when there is none. */
export function codeIn(scanned) {
  let text = scanned;
  try {
    text = decodeURIComponent(scanned);
  } catch {
    // A stray per cent sign: taken as it is.
  }
  for (const pattern of CODES) {
    const found = pattern.exec(text);
    if (found) return found[1].toUpperCase();
  }
  return LOCAL.test(text) && !IDENTITY_NUMBER.test(text) ? text : "";
}

export class Scanner {
  /** *scanned* gets a whole code, *typed* each key of a person, a moment later when it could have been a scanner's. */
  constructor({ scanned, typed, now = () => performance.now() }) {
    this.scanned = scanned;
    this.typed = typed;
    this.now = now;
    this.burst = [];
    this.last = -Infinity;
  }

  /** Take a keydown. */
  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const at = this.now();
    const isFast = at - this.last < FASTEST_HAND;
    this.last = at;
    if (event.key === "Enter") this.enter(event, isFast);
    else if (event.key.length === 1) this.character(event, isFast);
    else if (event.key === "Backspace") this.typed("Backspace");
  }

  /** A button that has the focus is not pressed by the blanks of a code, nor by the Enter at its end. */
  character(event, isFast) {
    if (!isFast) this.flush();
    if (event.key !== " " || isFast) event.preventDefault();
    this.burst.push(event.key);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), FASTEST_HAND);
  }

  enter(event, isFast) {
    if (isFast && this.burst.length >= SHORTEST_CODE) {
      event.preventDefault();
      const code = this.burst.join("").trim();
      this.burst = [];
      clearTimeout(this.timer);
      this.scanned(code);
      return;
    }
    this.flush();
    if (event.target?.closest?.("button")) return;
    this.typed("Enter");
  }

  flush() {
    clearTimeout(this.timer);
    const keys = this.burst;
    this.burst = [];
    for (const key of keys) this.typed(key);
  }
}
