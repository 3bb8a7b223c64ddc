/**
 * Native controls with names, as strings of HTML, and what they need to work in JupyterLab.
 * Every control carries `data-lm-suppress-shortcuts` itself: JupyterLab would take arrow keys and
 * letters for its own commands unless the element that has the focus says otherwise.
 * Parts that a teacher may hide carry `data-part="name"`.
 */

export const KEYS = 'data-lm-suppress-shortcuts="true"';

/** A number for ids: one instrument may be shown several times in a page, and ids must differ. */
let views = 0;
export const newId = (name) => `${name}${++views}-${Math.random().toString(36).slice(2, 7)}`;

/** One choice of a few, side by side: `options` are [value, text]. Fires "input". */
export function radios(id, name, legend, options) {
  const items = options.map(([value, text]) => `<label><input type="radio"
    name="${id}-${name}" value="${value}" ${KEYS}><span>${text}</span></label>`);
  return `<div class="group" role="radiogroup" aria-labelledby="${id}-${name}" data-part="${name}">
    <span class="name" id="${id}-${name}">${legend}</span>
    <span class="segments">${items.join("")}</span></div>`;
}

/** A box for a number. Enter and leaving commit it: see `onBox`. `step` lets arrows move it. */
export function numberBox(id, name, label, step = null) {
  const kind = step === null ? 'type="text" inputmode="decimal"' : `type="number" step="${step}"`;
  return `<input ${kind} data-box="${name}" aria-label="${label}" aria-describedby="${id}-message"
    autocomplete="off" spellcheck="false" ${KEYS}>`;
}

/** A slider, its name (`says`: a longer one to be heard), and a box for the number or an output. */
export function sliderAndBox(id, name, label, { min, max, step, box = true, says = label }) {
  return `<div class="group wide ${name}" data-part="${name}">
    <label class="name" for="${id}-${name}">${label}</label>
    <input type="range" id="${id}-${name}" data-slider="${name}" aria-label="${says}"
      min="${min}" max="${max}" step="${step}" ${KEYS}>
    ${box ? numberBox(id, name, `${label}, typed`) : `<output for="${id}-${name}"></output>`}
    </div>`;
}

/** A button; `action` is its data attribute, such as `play` or `preset="3"`. */
export function button(action, text, pressed = null) {
  const state = pressed === null ? "" : `aria-pressed="${pressed}"`;
  return `<button type="button" data-${action} ${state} ${KEYS}>${text}</button>`;
}

export const checkbox = (action, text) => `<label class="check" data-part="${action}">
  <input type="checkbox" data-${action} ${KEYS}> ${text}</label>`;

/** One choice of a few, from a list. */
export const select = (id, name, label, options) => `<div class="group"><label class="name" for="${id}-${name}">${label}</label>
  <select id="${id}-${name}" data-choice="${name}" ${KEYS}>${options.map((text) => `<option>${text}</option>`).join("")}</select></div>`;

/** The number in a box; NaN for what is none, the empty box too. */
export const numberIn = (box) => (box.value.trim() === "" ? NaN : Number(box.value));

/** Call `commit(box)` on Enter, which JupyterLab keeps from doing it by itself, and on leaving. */
export function onBox(root, commit) {
  root.addEventListener("change", ({ target }) => target.dataset.box && commit(target));
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.dataset.box) return;
    event.preventDefault();
    event.stopPropagation();
    commit(event.target);
  });
}

/**
 * Drag in an SVG. `near([x, y], touch)` says whether a press there begins a drag (elsewhere a
 * finger scrolls the page), `move([x, y])` follows, `done()` ends it.
 */
export function onDrag(svg, { near, move, done = () => {} }) {
  let dragging = false;
  const place = ({ clientX, clientY }) => {
    const { left, top } = svg.getBoundingClientRect();
    return [clientX - left, clientY - top];
  };
  const end = () => {
    if (dragging) done();
    dragging = false;
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
  svg.addEventListener("pointerup", end);
  svg.addEventListener("pointercancel", end);
}

/** Draw at once, but once in a frame of the screen: what comes later waits for the next frame. */
export function onceAFrame(draw) {
  let [request, stale] = [0, false];
  const ask = () => {
    stale = Boolean(request);
    if (stale) return;
    draw();
    request = requestAnimationFrame(() => {
      request = 0;
      if (stale) ask();
    });
  };
  return { ask, stop: () => cancelAnimationFrame(request) };
}

/** Screen readers hear what changed when the move has come to rest, not at every step of it. */
export function announcer(live) {
  let [timer, last] = [0, null];
  const say = (text) => {
    if (text === last) return;
    last = text;
    clearTimeout(timer);
    timer = setTimeout(() => (live.textContent = text), 700);
  };
  return { say, stop: () => clearTimeout(timer) };
}

/** Keep `sizes[name] = { width, height }` of every panel and call `changed()` when one changes. */
export function watchSizes(root, sizes, changed) {
  const observer = new ResizeObserver((entries) => {
    for (const { target, contentRect: { width, height } } of entries) {
      sizes[target.dataset.picture] = { width: Math.round(width), height: Math.round(height) };
    }
    changed();
  });
  root.querySelectorAll("[data-picture]").forEach((svg) => observer.observe(svg));
  return () => observer.disconnect();
}

/** Fill the SVG of a panel on the screen with what `drawer({ id, width, height })` gives. */
export function fill(root, id, name, sizes, label, drawer) {
  const { width, height } = sizes[name] ?? {};
  if (!width || !height) return;
  const svg = root.querySelector(`[data-picture=${name}]`);
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("aria-label", label);
  svg.innerHTML = drawer({ id: `${id}-${name}`, width, height });
}

/** Take away the parts that a teacher hides. */
export function hideParts(root, names) {
  for (const part of root.querySelectorAll("[data-part]")) {
    part.hidden = names.includes(part.dataset.part);
  }
}
