/**
 * The learning-rate explorer of notebook 03: an instrument that trains in the browser, as fast as
 * one can move it. The kernel, if there is one, is told when a move has come to rest.
 */
import { button, part } from "./controls.js";
import { rateRange, view } from "./explorer_view.js";
import { PRESETS, gaugeWords, presetFor, problem, pytorchCode, verdict } from "./explorer_words.js";
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
const OWN = { // beside those of the settings that Python names
  epoch: { kind: "number", label: "Show epoch", low: 0, high: 10_000, step: 1, whole: true, box: false },
  equal: { kind: "switch", label: "same scale for w and b" },
  start_w: typed("■ Start w", "start"),
  start_b: typed("Start b", "start"),
  reading: typed("Number of the reading", "readings", { step: 1, low: 1, whole: true }),
  t_u: typed("Its reading", "readings"),
  t_c: typed("Its target", "readings"),
};

/** `make(given)`, computed anew only for something else than the last time. */
function remembered(make) {
  let [last, made] = [null, null];
  return (given) => {
    if (!same(given, last)) [last, made] = [given, make(given)];
    return made;
  };
}

class Explorer extends Instrument {
  prepare() {
    const { spec, first } = this;
    const [t_u, t_c] = spec.labels;
    const unit = /\(([^()\s/·]+)\)$/.exec(t_c)?.[1];
    Object.assign(spec.settings, OWN);
    for (const i of [1, 3]) spec.panels[i].y = `loss${unit ? ` (${unit}²)` : ""}`;
    spec.panels[2].y = t_c;
    this.label = t_u;
    this.told = first; // what the kernel knows
    // No epoch: the last one. Whether w and b have one scale, if not as it suits the inputs.
    this.first = this.values = { ...first, epoch: null, equal: null, reading: 1 };
    this.simulate = remembered(simulate);
    this.sweep = remembered((settings) => sweep(settings, ...rateRange(settings)));
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
    const { values, spec } = this;
    const { epoch, equal, reading, ...settings } = values;
    const { learning_rate, ...others } = settings; // whose loss at the end is drawn for every rate
    this.run = this.simulate(settings);
    this.at = Math.min(epoch ?? Infinity, settings.n_epochs);
    spec.panels[0].equal = equal ?? settings.inputs === "standardised";
    spec.panels[2].x = this.label + SCALED[settings.inputs];
    const curve = this.sweep(others);
    this.view = view({ settings, curve, run: this.run, epoch: this.at, reading: reading - 1 });
    this.find("[data-factors]").textContent = gaugeWords(settings).join("\n");
    this.find("[data-code]").textContent = pytorchCode(settings);
    this.showValues(this.controls());
    super.draw();
  }

  curves(i) {
    return this.view.curves[i];
  }

  /** What the controls show. */
  controls() {
    const { values, at, spec } = this;
    const { start: [start_w, start_b], readings, reading } = values;
    const [t_u, t_c] = [readings.t_u[reading - 1], readings.t_c[reading - 1]];
    return { ...values, epoch: at, equal: spec.panels[0].equal, start_w, start_b, t_u, t_c };
  }

  showValues(values) {
    const [rate, epoch] = ["learning_rate", "epoch"].map((name) => this.find(`[data-slider=${name}]`));
    [rate.min, rate.max] = rateRange(values).map(Math.log10);
    epoch.max = values.n_epochs;
    super.showValues(values);
    epoch.setAttribute("aria-valuetext", `after ${count(values.epoch)}`);
    this.find("[data-slider=momentum]").disabled = values.optimizer !== "momentum";
    for (const preset of this.root.querySelectorAll("[data-preset]")) {
      const changes = Object.entries(presetFor(values, PRESETS[preset.dataset.preset]));
      preset.ariaPressed = changes.every(([name, value]) => value === values[name]);
    }
  }

  words() {
    const { kind, sign, text } = verdict(this.values, this.run);
    const [w, b] = this.run.params[this.at];
    this.find(".results").dataset.kind = kind;
    return `<b data-verdict>${escaped(`${sign} ${text}`)}</b><p data-readout>After ${count(this.at)}:
      w ${short(w, 5)}, b ${short(b, 5)}, loss ${loss4(this.run.losses[this.at])}</p>`;
  }

  // -- From a move to the state

  /** The state after changes of controls. */
  after({ start_w, start_b, t_u, t_c, ...changes }) {
    const next = { ...this.values, ...changes };
    const { start: [w, b], readings, reading, n_epochs } = next;
    next.start = [start_w ?? w, start_b ?? b, ...next.start.slice(2)];
    const moved = (column, to) => (to === undefined ? column : column.with(reading - 1, to));
    next.readings = { t_u: moved(readings.t_u, t_u), t_c: moved(readings.t_c, t_c) };
    next.reading = inside(reading, 1, readings.t_u.length);
    if (next.epoch >= n_epochs) next.epoch = null;
    return next;
  }

  problem(changes) {
    return super.problem(changes) || problem(this.after(changes), this.given.spec.settings);
  }

  change(changes) {
    this.values = this.after(changes);
    this.draw();
    const { told, values } = this;
    const news = Object.keys(told).filter((name) => !same(told[name], values[name]));
    const wishes = Object.fromEntries(news.map((name) => [name, values[name]]));
    this.told = { ...told, ...wishes };
    if (news.length) this.tell(wishes);
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

  press_preset(pressed) {
    const changes = presetFor(this.values, PRESETS[pressed.dataset.preset]);
    this.ask({ ...changes, epoch: changes.n_epochs });
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
