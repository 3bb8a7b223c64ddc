/**
 * The learning-rate explorer of notebook 03: an instrument that trains in the browser, as fast as
 * one can move it. The kernel, if there is one, is told when a move has come to rest.
 */
import { button, part } from "./controls.js";
import { rateRange, view } from "./explorer_view.js";
import { PRESETS, gaugeWords, presetFor, pytorchCode, verdict } from "./explorer_words.js";
import { LIMITS } from "./given.js";
import { Instrument, inKernel, inPage } from "./instrument.js";
import { simulate } from "./lesson.js";
import { count, escaped, inside, loss4, short } from "./text.js";
import { bowl, sweep } from "./theory.js";

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const SCALED = { raw: "", "x0.1": " x0.1", standardised: ", standardised" };
const typed = (label, hides, more = {}) => ({
  kind: "number", label, hides, step: 0.1, slider: false,
  low: -LIMITS.largest, high: LIMITS.largest, ...more,
});
const BOXES = { // beside the controls of the settings that Python names
  start_w: typed("■ Start w", "start"),
  start_b: typed("Start b", "start"),
  reading: typed("Number of the reading", "readings", { step: 1, low: 1, whole: true }),
  t_u: typed("Its reading", "readings"),
  t_c: typed("Its target", "readings"),
};

class Explorer extends Instrument {
  prepare() {
    const { spec, first } = this;
    const [t_u, t_c] = spec.labels;
    const unit = /\(([^()\s/·]+)\)$/.exec(t_c)?.[1];
    Object.assign(spec.settings, BOXES);
    for (const i of [1, 3]) spec.panels[i].y = `loss${unit ? ` (${unit}²)` : ""}`;
    spec.panels[2].y = t_c;
    this.label = t_u;
    this.told = first; // what the kernel knows
    this.first = this.values = { ...first, reading: 1 };
  }

  above() {
    const presets = PRESETS.map(([name], i) => button(`preset="${i}"`, name, 'aria-pressed="false"'));
    return part("presets", `<span class="name" aria-hidden="true">Presets</span>${presets.join("")}`,
      'role="group" aria-label="Presets"');
  }

  beside() {
    return part("factors", "<div><b>One epoch multiplies the error by</b><p data-factors></p></div>");
  }

  below() {
    return `<div class="row">${part("reset", button("reset", "Reset"))}
      ${part("copy", button("copy", "Copy as Python"))}<span data-copied role="status"></span></div>
      <pre tabindex="0" aria-label="PyTorch code" hidden><code data-code></code></pre>`;
  }

  // -- From the state to the screen

  draw() {
    const { spec, values: { reading, ...settings } } = this;
    const { learning_rate, ...others } = settings; // whose loss at the end is drawn for every rate
    if (!same(others, this.others)) {
      Object.assign(this, { others, curve: sweep(others, ...rateRange(others)) });
    }
    if (!same(settings, this.ran)) { // neither a new size nor the kernel's echo is a new run
      Object.assign(this, { ran: settings, run: simulate(settings) });
    }
    spec.panels[0].equal = settings.inputs === "standardised"; // the other bowls would be threads
    spec.panels[2].x = this.label + SCALED[settings.inputs];
    this.view = view({ settings, curve: this.curve, run: this.run, reading: reading - 1 });
    this.find("[data-factors]").textContent = gaugeWords(settings).join("\n");
    this.find("[data-code]").textContent = pytorchCode(settings);
    this.showValues(this.values);
    super.draw();
  }

  curves(i) {
    return this.view.curves[i];
  }

  showValues(values) {
    const { start: [start_w, start_b], readings, reading, optimizer } = values;
    const [t_u, t_c] = [readings.t_u[reading - 1], readings.t_c[reading - 1]];
    const rate = this.find("[data-slider=learning_rate]");
    [rate.min, rate.max] = rateRange(values).map(Math.log10);
    super.showValues({ ...values, start_w, start_b, t_u, t_c });
    this.find("[data-slider=momentum]").disabled = optimizer !== "momentum";
    for (const preset of this.root.querySelectorAll("[data-preset]")) {
      const changes = Object.entries(presetFor(values, PRESETS[preset.dataset.preset]));
      preset.ariaPressed = changes.every(([name, value]) => value === values[name]);
    }
  }

  words() {
    const { kind, sign, text } = verdict(this.values, this.run);
    const [w, b] = this.run.params.at(-1);
    this.find(".results").dataset.kind = kind;
    return `<b data-verdict>${escaped(`${sign} ${text}`)}</b><p data-readout>
      After ${count(this.values.n_epochs)}: w ${short(w, 5)}, b ${short(b, 5)},
      loss ${loss4(this.run.losses.at(-1))}</p>`;
  }

  // -- From a move to the state

  /** The state after changes of controls. */
  after({ start_w, start_b, t_u, t_c, ...changes }) {
    const next = { ...this.values, ...changes };
    const { start: [w, b, ...more], readings, reading } = next;
    next.start = [start_w ?? w, start_b ?? b, ...more];
    const moved = (column, to) => (to === undefined ? column : column.with(reading - 1, to));
    next.readings = { t_u: moved(readings.t_u, t_u), t_c: moved(readings.t_c, t_c) };
    next.reading = inside(reading, 1, readings.t_u.length);
    return next;
  }

  problem(changes) {
    return super.problem(changes) || super.problem(this.after(changes));
  }

  change(changes) {
    this.values = this.after(changes);
    this.draw();
    const news = Object.entries(this.values)
      .filter(([name, value]) => name in this.told && !same(this.told[name], value));
    this.told = { ...this.told, ...Object.fromEntries(news) };
    if (news.length) this.tell(Object.fromEntries(news));
    this.keepLink();
  }

  /** Python has set something, or answers; `moving`: the hand is already further. */
  show({ values, problem: trouble }, moving) {
    if (moving) return;
    this.told = values;
    this.values = { ...this.values, ...values };
    if (trouble) this.complain(trouble);
    this.draw();
  }

  alone() {} // a page has nobody to tell

  // -- What can be dragged: the start on the map, a reading in the fit, the rate

  canDrag({ name }) {
    return name !== "losses";
  }

  near(i, at, touch) {
    const far = (point) => Math.hypot(...this.frames[i].at(point).map((pixel, k) => pixel - at[k]));
    if (i !== 2) return i === 3 || !touch || far(this.values.start) < 30;
    const known = bowl(this.values);
    const distances = known.t_u.map((u, k) => far([u, known.t_c[k]]));
    const nearest = distances.indexOf(Math.min(...distances));
    this.begun = distances[nearest] < 24 ? known : null; // its scale, which the drag may change
    if (this.begun) this.values = { ...this.values, reading: nearest + 1 };
    return Boolean(this.begun);
  }

  changesAt(i, at) {
    const [x, y] = this.numbersAt(i, at);
    if (i === 0) return { start_w: x, start_b: y };
    if (i === 3) return super.changesAt(i, at);
    if (!this.begun) return {}; // a finger far from all readings
    return { t_u: Number(short(x * this.begun.scale + this.begun.shift, 4)), t_c: y };
  }

  // -- The buttons

  press_preset({ dataset: { preset } }) {
    this.ask(presetFor(this.values, PRESETS[preset]));
  }

  press_reset() {
    this.complain("");
    this.restore({});
  }

  async press_copy() {
    const [code, copied] = [this.find("[data-code]"), this.find("[data-copied]")];
    this.find("pre").hidden = false;
    try {
      await navigator.clipboard.writeText(code.textContent);
      copied.textContent = "copied";
    } catch { // a page from disk may not write to the clipboard: select the text instead
      getSelection().selectAllChildren(code);
      copied.textContent = "selected: press Ctrl+C";
    }
  }
}

const render = (widget) => inKernel(Explorer, 150, widget);

/** The same explorer in a page, without a kernel; with `link` the address keeps its state. */
export const standalone = (el, given, link = true) => inPage(Explorer, el, given, link);

export default { render };
