/**
 * A small instrument: Python says what there is (`spec`: settings, panels, looks) and what it shows (a
 * view: columns of the curves, results, a remark); this makes the controls and draws the panels. With a
 * kernel a move is one message there and one back; a page holds views that were computed beforehand.
 */
import { axes, clipped, equalled, figure, frame, marker, pixels } from "./axes.js";
import { KEYS, button, fill, newId, numberIn, onBox, select, sliderAndBox, watchSizes } from "./controls.js";
import STYLE from "./style.css";
import { escaped, loss4, short } from "./text.js";

const COLORS = { black: "var(--fg)", grey: "var(--edge)" }; // the others carry their own names
const DASHES = { solid: "", dash: "7 4", dot: "2 3" };
const colorOf = ({ color }) => COLORS[color] ?? `var(--${color})`;
const near = (pixel) => Math.max(-9999, Math.min(9999, pixel)); // what is far outside is cut off anyway

/** What a slider's positions mean: numbers, powers of ten, or places on a page's grid. */
function scale({ low, high, step, log, zero }, grid) {
  if (grid) {
    const far = (value, i) => Math.abs(log ? Math.log((value || low / 10) / (grid[i] || low / 10)) : value - grid[i]);
    const at = (value) => grid.reduce((best, _, i) => (far(value, i) < far(value, best) ? i : best), 0);
    return { min: 0, max: grid.length - 1, step: 1, at, value: (i) => grid[i] };
  }
  if (!log) return { min: low, max: high, step, at: (value) => value, value: (at) => at };
  const [a, z] = [Math.log10(low), Math.log10(high)];
  const value = (at) => (zero && at < a - step / 2 ? 0 : Number(short(Math.min(high, Math.max(low, 10 ** at)), 3)));
  return { min: zero ? a - step : a, max: z, step, at: (v) => Math.log10(Math.max(v, 10 ** (a - step))), value };
}

/** One curve in a panel, with its marks; a null in a column lifts the pen. */
function curve(f, look, [xs, ys, others]) {
  const color = colorOf(look);
  const there = xs.map((x, i) => (x === null || ys[i] === null ? null : [near(f.x(x)), near(f.y(ys[i]))]));
  const marks = there.filter(Boolean);
  if (look.marker === "squares") {
    return there.map(([x, y], i) => {
      const other = near(f.y(others[i]));
      const side = Math.abs(y - other);
      return `<rect class="square" x="${x.toFixed(1)}" y="${Math.min(y, other).toFixed(1)}" width="${side.toFixed(1)}"
        height="${side.toFixed(1)}" stroke="${color}" stroke-width="${look.width}"/>`;
    }).join("");
  }
  const strokes = look.dash ? there.reduce((all, p) => (p ? all.at(-1).push(p) : all.push([]), all), [[]]) : [];
  const lines = strokes.filter((points) => points.length > 1).map((points) =>
    `<path class="line" d="${pixels(points)}" stroke="${color}" style="stroke-width:${look.width}" stroke-dasharray="${DASHES[look.dash]}"/>`);
  const ring = look.marker === "ring";
  const plain = look.size < 3 ? "" : 'class="edge"'; // a small mark would be all edge
  const extra = ring ? `stroke="${color}" stroke-width="2" vector-effect="non-scaling-stroke"` : plain;
  const drawn = look.marker ? marks.map((p) => marker(ring ? "circle" : look.marker, p, ring ? "none" : color, look.size, extra)) : [];
  return lines.join("") + drawn.join("");
}

/** The sign of a curve in the legend. */
function legend(look) {
  const f = { x: (x) => x, y: (y) => y };
  const square = look.marker === "squares";
  const columns = square ? [[7], [1], [9]] : look.marker && !look.dash ? [[11], [5]] : [[0, 22], [5, 5]];
  const drawn = curve(f, { ...look, size: Math.min(look.size, 5), width: Math.min(look.width, 2) }, columns);
  return `<span class="key"><svg width="22" height="10" aria-hidden="true">${drawn}</svg> ${escaped(look.name)}</span>`;
}

class Instrument {
  /** `ask(changes)` wishes for other settings; `grid` holds the positions of a page's controls, if it is one. */
  constructor(el, spec, ask, grid = null) {
    Object.assign(this, { spec, ask, grid, id: newId("instrument"), sizes: {}, frames: [], tries: new Map() });
    this.root = document.createElement("div");
    this.root.className = "lm instrument";
    this.root.dataset.instrument = spec.name;
    this.scales = {};
    for (const [name, setting] of Object.entries(spec.settings)) {
      if (setting.kind === "number") this.scales[name] = scale(setting, grid?.[name]);
    }
    this.root.innerHTML = `<style>${STYLE}</style>${this.markup()}`;
    if (grid) this.rest();
    this.listen();
    el.append(this.root);
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  markup() {
    const { id, spec } = this;
    const controls = Object.entries(spec.settings).map(([name, { kind, label, options }]) => {
      if (kind === "number") return sliderAndBox(id, name, label, this.scales[name]);
      if (kind === "choice") return select(id, name, label, options);
      return `<label class="check"><input type="checkbox" data-switch="${name}" ${KEYS}> ${label}</label>`;
    });
    const buttons = Object.entries(spec.buttons).map(([text, name]) => button(`draws="${name}"`, text));
    const panels = spec.panels.map((panel, i) => {
      const named = spec.looks.filter((look) => look.panel === i && look.named);
      return figure(`panel${i}`, `${escaped(panel.title)} ${named.map(legend).join(" ")}`);
    });
    return `<div class="body"><div class="row">${controls.join("")}${buttons.join("")}</div>
      <p class="message" id="${id}-message" role="alert"></p>
      <p class="results" role="status"></p>
      <div class="panels${panels.length > 2 ? " many" : ""}">${panels.join("")}</div></div>`;
  }

  /** What a page cannot compute rests, and says where it works. */
  rest() {
    const known = new Set(Object.keys(this.grid));
    for (const control of this.root.querySelectorAll("[data-slider], [data-box], [data-choice], [data-switch]")) {
      const { slider, box, choice } = control.dataset;
      if (known.has(slider ?? box ?? choice ?? control.dataset.switch)) continue;
      control.disabled = true;
      if (!box) control.closest(".group, .check").insertAdjacentHTML("beforeend", '<span class="later">in JupyterLab</span>');
    }
  }

  listen() {
    const { root, scales, spec } = this;
    root.addEventListener("input", ({ target }) => {
      const { slider, choice } = target.dataset;
      if (slider) this.ask({ [slider]: scales[slider].value(Number(target.value)) });
      else if (choice) this.ask({ [choice]: target.value });
      else if (target.dataset.switch) this.ask({ [target.dataset.switch]: target.checked });
    });
    onBox(root, (box) => {
      const number = numberIn(box);
      this.ask({ [box.dataset.box]: Number.isFinite(number) ? number : box.value }); // Python says what is wrong
    });
    root.addEventListener("click", ({ target, clientX, clientY }) => {
      const drawn = target.closest("button")?.dataset.draws;
      const svg = target.closest("svg[data-picture]");
      if (drawn) this.ask({ [drawn]: this.atRandom(drawn) });
      else if (svg) this.clicked(Number(svg.dataset.picture.slice(5)), svg.getBoundingClientRect(), clientX, clientY);
    });
    // While a slider is held the ranges hold still too.
    root.addEventListener("pointerdown", ({ target }) => {
      if (target.type === "range") this.held = this.view.ranges;
    });
    root.addEventListener("pointerup", () => {
      if (!this.held) return; // what is drawn anew cannot be clicked
      this.held = null;
      this.draw();
    });
    this.unwatch = watchSizes(root, this.sizes, () => this.view && this.draw());
    spec.panels.forEach(({ click }, i) => this.find(`[data-picture=panel${i}]`).classList.toggle("clickable", click.some(Boolean)));
  }

  atRandom(name) {
    const { min, max, value } = this.scales[name];
    const other = Math.floor(Math.random() * (max - min)) + min; // any but the present one
    return value(other + (value(other) >= this.values[name] ? 1 : 0));
  }

  clicked(number, { left, top }, clientX, clientY) {
    const f = this.frames[number];
    const at = [f.atX(clientX - left), f.atY(clientY - top)];
    const wishes = this.spec.panels[number].click.flatMap((name, i) => {
      if (!name) return [];
      const { low, high, step } = this.spec.settings[name];
      return [[name, Number(short(Math.min(high, Math.max(low, Math.round(at[i] / step) * step)), 9))]];
    });
    if (wishes.length) this.ask(Object.fromEntries(wishes));
  }

  /** Show what Python or the page's frames say; `moving`: the controls are already further. */
  show({ values, problem, ...view }, moving = false) {
    const { settings } = this.spec;
    if (this.values && Object.keys(settings).some((name) => settings[name].fresh && values[name] !== this.values[name])) this.tries.clear();
    Object.assign(this, { values, view });
    this.find(".message").textContent = problem;
    if (!moving) this.showValues();
    this.draw();
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.remember(), 300);
  }

  showValues() {
    for (const [name, value] of Object.entries(this.values)) {
      const part = (kind) => this.find(`[data-${kind}=${name}]`);
      if (part("switch")) part("switch").checked = value;
      else if (part("choice")) part("choice").value = value;
      else {
        part("slider").value = this.scales[name].at(value);
        part("slider").setAttribute("aria-valuetext", short(value, 6));
        part("box").value = short(value, 9);
      }
    }
  }

  // -- Tries: the points that a curve with a trail had before

  now() {
    return JSON.stringify(this.spec.looks.map(({ trail }, i) => trail && this.view.curves[i]));
  }

  remember() {
    const name = this.now();
    this.tries.delete(name);
    this.tries.set(name, this.view.curves);
  }

  /** The columns of a curve, what was tried before in front; a point without an x stands at its number. */
  columns(i) {
    const now = this.view.curves[i];
    if (now[0].length !== 1) return now;
    const name = this.now();
    const past = [...this.tries].filter(([key, curves]) => key !== name && curves[i][0].length === 1).slice(-39);
    const points = this.spec.looks[i].trail ? [...past.map(([, curves]) => curves[i]), now] : [now];
    return now.map((_, c) => points.map((point, n) => point[c][0] ?? (c ? null : past.length + 1 - points.length + n + 1)));
  }

  triesWords() {
    return Object.entries(this.spec.tries).map(([name, words]) => {
      const ys = this.columns(this.spec.looks.findIndex((look) => look.name === name))[1];
      const value = words.startsWith("Mean") ? ys.reduce((sum, y) => sum + y, 0) / ys.length : Math.min(...ys);
      return ` <span>${words} (${ys.length}): ${loss4(value)}.</span>`;
    }).join("");
  }

  draw() {
    const { results, remark, ranges } = this.view;
    const [first, ...others] = results.map((result) => escaped(result.join(" ")));
    this.find(".results").innerHTML = `<b class="large">${first}</b>${others.map((text) => ` <b>${text}</b>`).join("")}
      <span>${escaped(remark)}</span>${this.triesWords()}`;
    this.spec.panels.forEach((panel, i) => {
      const [xs, ys] = (this.held ?? ranges)[i] ?? [panel.x_range, panel.y_range];
      fill(this.root, this.id, `panel${i}`, this.sizes, `${panel.title}: ${panel.y} against ${panel.x}.`, ({ id, width, height }) => {
        const limits = panel.equal ? equalled(width, height, xs, ys) : [xs, ys];
        const f = this.frames[i] = frame(width, height, ...limits, { logX: panel.log.includes("x"), logY: panel.log.includes("y") });
        const curves = this.spec.looks.map((look, k) => (look.panel === i ? curve(f, look, this.columns(k)) : ""));
        return axes(f, escaped(panel.x), escaped(panel.y)) + clipped(id, f, curves.join(""));
      });
    });
  }

  end() {
    clearTimeout(this.resting);
    this.unwatch();
    this.root.remove();
  }
}

/** The widget, as anywidget calls it. While Python computes, the latest wishes wait: no queue. */
function render({ model, el }) {
  let [waiting, wishes] = [false, null];
  const send = () => {
    waiting = true;
    model.send(wishes);
    wishes = null;
  };
  const instrument = new Instrument(el, model.get("spec"), (changes) => {
    wishes = { ...wishes, ...changes };
    if (!waiting) send();
  });
  const show = () => {
    waiting = false;
    const moving = Boolean(wishes);
    if (moving) send();
    instrument.show(model.get("shown"), moving);
  };
  model.on("change:shown", show);
  show();
  return () => {
    model.off("change:shown", show);
    instrument.end();
  };
}

/** The same instrument in a page, with no kernel behind it: its views were computed beforehand. */
export function standalone(el, { spec, values, grid, pool, frames }) {
  const known = { ...values };
  const show = (problem = "") => {
    const place = Object.entries(grid).reduce((at, [name, positions]) => at * positions.length + positions.indexOf(known[name]), 0);
    const [curves, results, remark, ranges] = frames[place];
    const view = { curves: curves.map((columns) => columns.map((i) => pool[i])), results: pool[results], remark: pool[remark], ranges: pool[ranges] };
    instrument.show({ values: { ...known }, problem, ...view });
  };
  const instrument = new Instrument(el, spec, (changes) => {
    let problem = "";
    for (const [name, value] of Object.entries(changes)) {
      const { label } = spec.settings[name];
      const positions = grid[name] && instrument.scales[name];
      if (positions && typeof value !== "number") problem = `${label}: give a number.`;
      else known[name] = positions ? positions.value(positions.at(value)) : value;
      if (changes !== values && value !== known[name]) problem ||= `Here ${label} goes in steps: ${short(known[name], 6)} is the nearest.`;
    }
    show(problem);
  }, grid);
  instrument.ask(values);
  return instrument;
}

export default { render };
