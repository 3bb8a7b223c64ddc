/**
 * The learning-rate explorer of notebook 03: it trains in the browser as fast as one can move it.
 * JupyterLab opens it through anywidget (`render`), a page of its own calls `standalone`.
 */
import { announcer, fill, hideParts, newId, numberIn, onBox, onceAFrame, watchSizes } from "./controls.js";
import { Check } from "./explorer_check.js";
import { listenToDrags } from "./explorer_drag.js";
import { followLink } from "./explorer_link.js";
import { drawMap, mapFrame } from "./explorer_map.js";
import { markup, showSettings } from "./explorer_markup.js";
import { drawFit, drawGauge, drawLosses, drawSweep, fitFrame, pictureLabels, rateRange, sweepFrame } from "./explorer_pictures.js";
import { PRESETS, describe, gaugeWords, problem, pytorchCode, verdict } from "./explorer_words.js";
import { DEFAULTS } from "./given.js";
import { simulate } from "./lesson.js";
import STYLE from "./style.css";
import { count, loss4, short } from "./text.js";
import { sweep } from "./theory.js";

const NAMES = ["inputs", "optimizer", "learning_rate", "momentum", "n_epochs", "readings", "start"];
const copy = (value) => JSON.parse(JSON.stringify(value));
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

class Explorer {
  /** `link` says whether the page's address keeps the state. */
  constructor(model, el, link) {
    this.model = model;
    this.id = newId("explorer");
    this.root = document.createElement("div");
    this.root.className = "lm explorer";
    this.root.dataset.instrument = "LearningRateExplorer";
    this.root.innerHTML = `<style>${STYLE}</style>${markup(this.id)}`;
    el.append(this.root);
    this.initial = this.settings = this.read();
    this.shown = this.settings.n_epochs; // the epoch in the pictures
    this.scale = null; // whether w and b have one scale; null: as it suits the inputs
    this.pinned = null; // { settings, run }
    this.playing = 0; // the animation frame of Play, 0 when it rests
    this.reading = 0; // the reading in the boxes
    this.memory = {};
    this.sizes = {};
    this.frames = {}; // of the map and the fit: they hold still while something is dragged
    this.hide = model.get("hide");
    this.said = announcer(this.find("[data-announce]"));
    this.drawing = onceAFrame(() => this.draw());
    if (link) followLink(this);
    hideParts(this.root, this.hide);
    this.listen();
    if (model.get("note")) this.complain(model.get("note"));
    showSettings(this.root, this.state());
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  read() {
    return copy(Object.fromEntries(NAMES.map((name) => [name, this.model.get(name)])));
  }

  // -- From the settings to the screen

  /** Keep the last value of a slow function and use it again while its argument is the same. */
  cached(name, compute, input) {
    const signature = JSON.stringify(input);
    if (this.memory[name]?.signature !== signature) this.memory[name] = { signature, value: compute(input) };
    return this.memory[name].value;
  }

  state() {
    const [t_u, t_c] = this.model.get("labels");
    const unit = /\(([^()]+)\)$/.exec(t_c)?.[1];
    const labels = { t_u, t_c, square: unit && /^[^\s/·]+$/.test(unit) ? ` (${unit}²)` : "" };
    const { settings, shown, playing, pinned, reading } = this;
    const equal = this.scale ?? settings.inputs === "standardised";
    return { settings, shown, playing, pinned, reading, labels, equal, run: this.cached("run", simulate, settings) };
  }

  draw() {
    this.shown = Math.min(this.shown, this.settings.n_epochs);
    this.reading = Math.min(this.reading, this.settings.readings.t_u.length - 1);
    const state = this.state();
    const { settings, run, shown, pinned } = state;
    const said = this.cached("verdict", (s) => verdict(s, run), settings);
    const [w, b] = run.params[shown];
    const where = `w ${short(w, 5)}, b ${short(b, 5)}, loss ${loss4(run.losses[shown])}`;
    const factors = gaugeWords(settings);
    this.find(".verdict").dataset.kind = said.kind;
    this.find("[data-verdict]").textContent = `${{ good: "✔", bad: "✘", edge: "≈", slow: "…" }[said.kind]} ${said.text}`;
    this.find("[data-readout]").textContent = `After ${count(shown)}: ${where}`;
    this.find("[data-factors]").innerHTML = factors.map((sentence) => `<span>${sentence}</span>`).join("");
    this.find(".gauge").classList.toggle("none", settings.optimizer === "adam");
    this.find("[data-n]").textContent = count(settings.n_epochs);
    this.find("[data-pinned]").hidden = !pinned;
    if (pinned) this.find("[data-pinned] > span:last-child").textContent = describe(pinned.settings, pinned.run);
    this.drawPictures(state, where, said.text, factors);
    showSettings(this.root, state);
    this.said.say(said.text);
  }

  drawPictures(state, where, text, factors) {
    const { settings, equal } = state;
    const { learning_rate, ...others } = settings;
    const curve = this.cached("sweep", (s) => sweep(s, ...rateRange(s)), others);
    const label = (name) => pictureLabels[name](settings, where, text);
    const inFrame = (name, make, drawer, more = {}) => (place) => {
      const f = this.frames[name] = (this.dragging && this.frames[name]) || make({ ...place, ...state, equal });
      return drawer({ ...place, ...state, ...more, f });
    };
    const drawers = {
      surface: inFrame("surface", mapFrame, drawMap),
      losses: (place) => drawLosses({ ...place, ...state }),
      fit: inFrame("fit", fitFrame, drawFit),
      sweep: inFrame("sweep", sweepFrame, drawSweep, { curve }),
    };
    for (const name in drawers) fill(this.root, this.id, name, this.sizes, label(name), drawers[name]);
    fill(this.root, this.id, "gauge", this.sizes, `One epoch multiplies the error by: ${factors.join("; ")}`,
      (place) => drawGauge({ ...place, settings }));
  }

  // -- From a move to the settings

  complain(text) {
    this.find(".message").textContent = text;
  }

  /** The one door for every change of the settings: what is not valid is said and not done. */
  choose(changes, box = null) {
    const wanted = { ...this.settings, ...changes };
    const complaint = problem(wanted);
    this.root.querySelectorAll("[data-box]").forEach((each) => {
      each.setAttribute("aria-invalid", String(Boolean(complaint) && each === box));
    });
    this.complain(complaint ? `${complaint} Still showing the run before.` : "");
    if (complaint) return false;
    this.stop();
    const atEnd = this.shown === this.settings.n_epochs; // stay at the end, or at the epoch one looks at
    this.settings = wanted;
    if (atEnd) this.shown = wanted.n_epochs;
    this.check.clear();
    this.drawing.ask();
    this.tell();
    return true;
  }

  /** The kernel only needs to know where a move ended: one message, not one for each step. */
  tell() {
    clearTimeout(this.telling);
    this.telling = setTimeout(() => {
      // Each `set` calls `adopt` while the others are still to come: what it would see is a mixture.
      this.deaf = true;
      const told = copy(this.settings);
      const news = NAMES.filter((name) => !same(this.model.get(name), told[name]));
      for (const name of news) this.model.set(name, told[name]);
      this.deaf = false;
      if (news.length) this.model.save_changes();
      this.keepLink?.();
    }, 150);
  }

  /** Python has set something. */
  adopt() {
    const wanted = this.read();
    if (this.deaf || problem(wanted) || NAMES.every((name) => same(wanted[name], this.settings[name]))) return;
    this.choose(wanted);
    clearTimeout(this.telling);
  }

  listen() {
    const { root, model } = this;
    root.addEventListener("input", ({ target }) => this.moved(target));
    onBox(root, (box) => this.typed(box));
    root.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      const action = button && Object.keys(button.dataset).find((name) => `press_${name}` in this);
      if (action) this[`press_${action}`](button);
    });
    this.find("details").addEventListener("toggle", () => showSettings(root, this.state()));
    listenToDrags(this);
    this.unwatch = watchSizes(root, this.sizes, () => this.drawing.ask());
    this.adopting = () => this.adopt();
    for (const name of NAMES) model.on(`change:${name}`, this.adopting);
    this.check = new Check(this);
  }

  /** A slider, a choice or a tick was moved. */
  moved(target) {
    const { slider, box } = target.dataset;
    if (box) return;
    if (target.type === "radio") this.choose({ [target.closest("[data-part]").dataset.part]: target.value });
    else if (slider === "learning_rate") this.choose({ learning_rate: Number(short(10 ** target.value)) });
    else if (slider === "n_epochs") this.choose({ n_epochs: Number(short(Math.round(10 ** target.value), 2)) });
    else if (slider === "momentum") this.choose({ momentum: Number(target.value) });
    else if ("shown" in target.dataset) this.show(Number(target.value));
    else if ("equal" in target.dataset) {
      this.scale = target.checked;
      this.drawing.ask();
      this.tell();
    }
  }

  typed(box) {
    const [{ box: name }, value, { start, readings }] = [box.dataset, numberIn(box), this.settings];
    if (name === "start_w") this.choose({ start: [value, start[1]] }, box);
    else if (name === "start_b") this.choose({ start: [start[0], value] }, box);
    else if (name === "t_u" || name === "t_c") this.choose({ readings: this.moveReading({ [name]: value }) }, box);
    else if (name === "reading") {
      this.reading = Math.min(readings.t_u.length, Math.max(1, Math.round(value || 1))) - 1;
      this.drawing.ask();
    } else this.choose({ [name]: value }, box);
  }

  /** The readings with the chosen one moved. */
  moveReading(to) {
    const moved = copy(this.settings.readings);
    for (const name in to) moved[name][this.reading] = to[name];
    return moved;
  }

  // -- Play, and the other buttons

  show(epoch) {
    this.stop();
    this.shown = epoch;
    this.drawing.ask();
    this.tell();
  }

  stop() {
    cancelAnimationFrame(this.playing);
    this.playing = 0;
  }

  /** Play in four seconds, early epochs slower: that is where most happens. */
  press_play() {
    const last = this.settings.n_epochs;
    if (this.playing) return this.show(this.shown);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return this.show(last); // no motion: the end
    const [a, z] = [this.shown === last ? 0 : this.shown, last].map((epoch) => Math.log(epoch + 1));
    let begun = null;
    const step = (now) => {
      begun ??= now;
      const part = Math.min(1, (now - begun) / 4000);
      this.shown = Math.round(Math.exp(a + part * (z - a))) - 1;
      this.playing = part < 1 ? requestAnimationFrame(step) : 0;
      this.draw();
    };
    this.playing = requestAnimationFrame(step);
    showSettings(this.root, this.state());
  }

  press_preset(button) {
    this.shown = this.settings.n_epochs;
    this.choose(PRESETS[button.dataset.preset][1](this.settings));
  }

  press_pin() {
    this.pinned = this.pinned ? null : { settings: this.settings, run: simulate(this.settings) };
    this.drawing.ask();
  }

  press_reset() {
    Object.assign(this, { scale: null, pinned: null, shown: this.settings.n_epochs });
    this.choose(this.initial);
  }

  async press_copy() {
    const code = this.find("[data-code]");
    code.textContent = pytorchCode(this.settings);
    try {
      await navigator.clipboard.writeText(code.textContent);
      this.find("[data-copied]").textContent = "copied";
    } catch { // a page from disk may not write to the clipboard: select the text instead
      this.find("details").open = true;
      getSelection().selectAllChildren(code);
      this.find("[data-copied]").textContent = "selected: press Ctrl+C";
    }
  }

  press_check() {
    this.check.ask();
  }

  end() {
    this.unwatch();
    this.stop();
    this.drawing.stop();
    this.said.stop();
    this.check.end();
    clearTimeout(this.telling);
    for (const name of NAMES) this.model.off(`change:${name}`, this.adopting);
    this.root.remove();
  }
}

/** The widget, as anywidget calls it: draw into `el`, listen to `model`, return the clean-up. */
function render({ model, el }) {
  const explorer = new Explorer(model, el, false);
  return () => explorer.end();
}

/** The same explorer in a page of its own, with no kernel behind it; the address holds its state. */
export function standalone(el, settings = {}, hasLink = location.protocol !== "about:") {
  const values = { ...DEFAULTS, ...settings };
  const nothing = () => {};
  const model = { get: (name) => values[name], set: nothing, save_changes: nothing, on: nothing, off: nothing };
  return new Explorer(model, el, hasLink); // a frame within a page has no address
}

export default { render };
