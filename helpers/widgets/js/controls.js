/**
 * Native controls with names, as strings of HTML made from what Python says of a setting
 * (controls.py), and what they need to work in JupyterLab. Every control carries
 * `data-lm-suppress-shortcuts` itself: JupyterLab would take arrow keys and letters for its own
 * commands unless the element that has the focus says otherwise.
 */
import { escaped, inside, short } from "./text.js";

const KEYS = 'data-lm-suppress-shortcuts="true"';

/** What a slider's positions mean: numbers, powers of ten, or places on a page's grid. */
export function scale({ low, high, slider, step, log, zero, whole, digits = 3 }, grid) {
  if (grid) {
    const part = (value) => (log ? Math.log(value || low / 10) : value);
    const far = (value, i) => Math.abs(part(value) - part(grid[i]));
    const at = (value) =>
      grid.reduce((best, _, i) => (far(value, i) < far(value, best) ? i : best), 0);
    return { min: 0, max: grid.length - 1, step: 1, at, value: (i) => grid[i] };
  }
  const [first, last] = slider || [low, high];
  if (!log) return { min: first, max: last, step, at: (value) => value, value: (at) => at };
  const [a, z] = [Math.log10(first), Math.log10(last)];
  const value = (at) => {
    if (zero && at < a - step / 2) return 0;
    const number = inside(10 ** at, low, high);
    return Number(short(whole ? Math.round(number) : number, digits));
  };
  const at = (number) => Math.log10(Math.max(number, 10 ** (a - step)));
  return { min: zero ? a - step : a, max: z, step, at, value };
}

/** What is wrong with a value of a setting, in words, or "". */
function wrong({ kind, label, low, high, zero, whole, options, least, most, largest }, value) {
  const fits = (column) => Array.isArray(column) &&
    column.every((x) => typeof x === "number" && Math.abs(x) <= largest);
  if (kind === "choice") return options.includes(value) ? "" : `${label} has no "${value}".`;
  if (kind === "switch") return typeof value === "boolean" ? "" : `${label} is on or off.`;
  if (kind === "number") {
    const inside = (value >= low && value <= high) || (zero && value === 0);
    if (typeof value === "number" && inside && (!whole || Number.isInteger(value))) return "";
    const wish = `${zero ? "0, or " : ""}a ${whole ? "whole " : ""}number`;
    return `${label} must be ${wish} from ${short(low)} to ${short(high)}.`;
  }
  if (kind === "start") {
    return fits(value) && value.length === 2 ? "" : "The start must be two numbers up to a million.";
  }
  const { t_u, t_c } = value;
  if (!fits(t_u) || !fits(t_c)) return "Readings must be numbers up to a million.";
  if (t_u.length !== t_c.length || t_u.length < least || t_u.length > most) {
    return `There must be ${least} to ${most} readings, as many of one column as of the other.`;
  }
  return new Set(t_u).size > 1 ? "" : "At least two readings must differ, or no line is best.";
}

/** What is wrong with these values of `settings`, in words, or "". */
export const problem = (values, settings) => Object.entries(values).map(([name, value]) =>
  (settings[name] ? wrong(settings[name], value) : `It names "${name.slice(0, 20)}", unknown here.`))
  .find(Boolean) ?? "";

/** A part that a teacher may hide. */
export const part = (name, content, more = "") =>
  `<div class="group" data-part="${name}" ${more}>${content}</div>`;

export const button = (action, text, more = "") =>
  `<button type="button" data-${action} ${KEYS} ${more}>${escaped(text)}</button>`;

/** The control of a setting: a slider and a box, one of them, choices side by side, a checkbox. */
export function control(id, name, setting, { min, max, step } = {}) {
  const { kind, label, options, texts, slider, hides = name } = setting;
  const title = `<label class="name" for="${id}-${name}">${escaped(label)}</label>`;
  if (kind === "choice") {
    const items = options.map((value, i) => `<label><input type="radio" name="${id}-${name}"
      value="${value}" data-choice="${name}" ${KEYS}><span>${texts[i]}</span></label>`);
    return part(hides, `<span class="name" id="${id}-${name}">${label}</span>
      <span class="segments">${items.join("")}</span>`,
      `role="radiogroup" aria-labelledby="${id}-${name}"`);
  }
  if (kind === "switch") {
    return part(hides, `<label class="check"><input type="checkbox" data-switch="${name}" ${KEYS}>
      ${escaped(label)}</label>`);
  }
  if (kind !== "number") return ""; // the explorer's readings have controls of their own
  const arrows = slider === false ? `type="number" step="${setting.step}"` : 'type="text"';
  const typed = `<input ${arrows} data-box="${name}" inputmode="decimal" autocomplete="off"
    spellcheck="false" aria-describedby="${id}-message" ${KEYS}`;
  if (slider === false) return part(hides, `${title}${typed} id="${id}-${name}">`);
  return part(hides, `${title}<input type="range" id="${id}-${name}" data-slider="${name}"
    min="${min}" max="${max}" step="${step}" ${KEYS}>${typed} aria-label="${escaped(label)}, typed">`,
    "data-wide");
}

/** The setting that a control belongs to. */
export const settingOf = ({ dataset: { slider, box, choice, switch: on } }) =>
  slider ?? box ?? choice ?? on;

/** What a control says: of a box a number, NaN for what is none, the empty box too. */
export function said(input, scales) {
  const { value, type } = input;
  if (type === "range") return scales[settingOf(input)].value(Number(value));
  if (type === "checkbox") return input.checked;
  if (type === "radio") return value;
  return value.trim() === "" ? NaN : Number(value);
}

/** Make a control show a value. */
export function showIn(input, value, scales) {
  if (input.type === "range") {
    input.value = scales[settingOf(input)].at(value);
    input.setAttribute("aria-valuetext", short(value, 6)); // not the exponent
  } else if (input.type === "checkbox") input.checked = value;
  else if (input.type === "radio") input.checked = input.value === value;
  else if (!("typing" in input.dataset)) input.value = short(value, 12);
}

/**
 * Call `commit(input)` when a control has something to say. Of a box that is Enter, which
 * JupyterLab keeps from doing it by itself, and leaving.
 */
export function listen(root, commit) {
  const isBox = ({ dataset }) => dataset.box !== undefined;
  root.addEventListener("input", ({ target }) => {
    if (isBox(target)) target.dataset.typing = ""; // do not write under the reader's hands
    else commit(target);
  });
  root.addEventListener("change", ({ target }) => "typing" in target.dataset && commit(target));
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !isBox(event.target)) return;
    event.preventDefault();
    event.stopPropagation();
    commit(event.target);
  });
}

/**
 * Drag in an SVG. `near([x, y], touch)` says whether a press there begins a drag (elsewhere a
 * finger scrolls the page, and a tap is a move), `move([x, y])` follows.
 */
export function onDrag(svg, near, move) {
  let dragging = false;
  const place = ({ clientX, clientY }) => {
    const { left, top } = svg.getBoundingClientRect();
    return [clientX - left, clientY - top];
  };
  svg.addEventListener("touchstart", (event) => {
    if (near(place(event.touches[0]), true)) event.preventDefault();
  }, { passive: false });
  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !near(place(event), event.pointerType === "touch")) return;
    svg.setPointerCapture(event.pointerId);
    dragging = true;
    move(place(event));
  });
  svg.addEventListener("pointermove", (event) => dragging && move(place(event)));
  svg.addEventListener("pointerup", (event) => {
    if (!dragging && event.pointerType === "touch") move(place(event));
    dragging = false;
  });
  svg.addEventListener("pointercancel", () => (dragging = false));
}
