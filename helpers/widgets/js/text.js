/** Numbers, and what others have written, as text. */

/** At most `digits` significant digits, no trailing zeros. */
export const short = (x, digits = 4) =>
  Number.isFinite(x) ? String(Number(x.toPrecision(digits))) : "overflow";

/** "1 epoch", "1000 epochs", "30,000,000 epochs". */
export const count = (n, unit = "epoch") =>
  `${n < 1e4 ? n : n.toLocaleString("en-US")} ${unit}${n === 1 ? "" : "s"}`;

/** Four decimals for a loss one can read, four digits for one that has run away. */
export function loss4(x) {
  if (!Number.isFinite(x)) return "overflow";
  return x < 1e6 ? x.toFixed(4) : x.toPrecision(4).replace("e+", "e");
}

/** Four digits, never more than x: a rate just below the wall must not be rounded across it. */
export function roundDown(x) {
  const power = 10 ** (4 - Math.ceil(Math.log10(x)));
  return Math.floor(x * power * (1 + 1e-12)) / power;
}

/** To the nearest multiple of the power of ten at or below `step`: what a pixel can tell apart. */
export function roundTo(x, step) {
  const unit = 10 ** Math.floor(Math.log10(step));
  return Number((Math.round(x / unit) * unit).toPrecision(12));
}

/** The nearest number from `low` to `high`; overflow is high. */
export const inside = (x, low, high) => (x < high ? Math.max(x, low) : high);

/** The number at a tick: plain where one reads it easily, else as a power of ten. */
export function tickText(x) {
  const k = Math.log10(Math.abs(x));
  if (x === 0 || (k > -3.5 && k < 4.5)) return short(x, 6).replace("-", "−");
  const power = Math.floor(k + 1e-9);
  const digit = short(x / 10 ** power, 3);
  const exponent = String(power).replace(/./g, (c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? "⁻");
  return `${digit === "1" ? "" : `${digit}·`}10${exponent}`;
}

/** Text of others inside HTML or SVG. */
export const escaped = (text) => String(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
