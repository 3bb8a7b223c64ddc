/**
 * The learning-rate explorer of notebook 03: it trains in the browser as fast as one can move it.
 * JupyterLab opens it through anywidget (`render`), a page of its own calls `standalone`.
 */
import { announcer, fill, hideParts, newId, numberIn } from "./controls.js";
import { onBox, onceAFrame, watchSizes } from "./controls.js";
import { listenToCheck } from "./explorer_check.js";
import { listenToDrags } from "./explorer_drag.js";
import { followLink } from "./explorer_link.js";
import { markup, showSettings } from "./explorer_markup.js";
import { PICTURES, drawGauge, panel, rateRange } from "./explorer_pictures.js";
import { PRESETS, describe, gaugeWords, presetFor } from "./explorer_words.js";
import { problem, pytorchCode, verdict } from "./explorer_words.js";
import { DEFAULTS, RUN } from "./given.js";
import { simulate } from "./lesson.js";
import STYLE from "./style.css";
import { count, inside, loss4, short } from "./text.js";
import { sweep } from "./theory.js";

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const SLIDERS = { // what the place of a slider means
  learning_rate: (place) => Number(short(10 ** place)),
  n_epochs: (place) => Number(short(Math.round(10 ** place), 2)),
  momentum: Number,
};

class Explorer {
  /** `link` says whether the page's address keeps the state. */
  constructor(model, el, link) {
    this.model = model;
    this.id = newId("explorer");
    const [t_u, t_c] = model.get("labels");
    const unit = /\(([^()\s/·]+)\)$/.exec(t_c)?.[1];
    this.labels = { t_u, t_c, square: unit ? ` (${unit}²)` : "" };
    this.root = document.createElement("div");
    this.root.className = "lm explorer";
    this.root.dataset.instrument = "LearningRateExplorer";
    this.root.innerHTML = `<style>${STYLE}</style>${markup(this.id, this.labels)}`;
    el.append(this.root);
    this.initial = this.settings = this.read();
    this.shown = this.settings.n_epochs; // the epoch in the pictures
    this.scale = null; // whether w and b have one scale; null: as it suits the inputs
    this.pinned = null; // { settings, run }
    this.playing = 0; // the animation frame of Play, 0 when it rests
    this.reading = 0; // the reading in the boxes
    this.ran = this.swept = {}; // the last run and the last curve of rates
    this.sizes = {};
    this.frames = {}; // of the pictures: they hold still while something is dragged
    this.hide = model.get("hide");
    this.said = announcer(this.find("[data-announce]"));
    this.drawing = onceAFrame(() => this.draw());
    if (link) followLink(this);
    hideParts(this.root, this.hide);
    this.listen();
    showSettings(this);
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  read() {
    return Object.fromEntries(RUN.map((name) => [name, this.model.get(name)]));
  }

  // -- From the settings to the screen

  /** What `simulate` gives for the settings, which are replaced and never changed. */
  get run() {
    const { settings } = this;
    if (this.ran.settings !== settings) this.ran = { settings, run: simulate(settings) };
    return this.ran.run;
  }

  /** The loss for every rate: the rate in the settings does not matter. */
  get curve() {
    const { learning_rate, ...others } = this.settings;
    if (!same(this.swept.others, others)) {
      this.swept = { others, curve: sweep(others, ...rateRange(others)) };
    }
    return this.swept.curve;
  }

  get equal() {
    return this.scale ?? this.settings.inputs === "standardised";
  }

  draw() {
    const { settings, run, pinned } = this;
    this.shown = Math.min(this.shown, settings.n_epochs);
    this.reading = Math.min(this.reading, settings.readings.t_u.length - 1);
    const [[w, b], loss] = [run.params[this.shown], run.losses[this.shown]];
    this.where = `w ${short(w, 5)}, b ${short(b, 5)}, loss ${loss4(loss)}`;
    this.verdict = verdict(settings, run);
    const factors = gaugeWords(settings);
    const write = (name, text) => (this.find(`[data-${name}]`).textContent = text);
    this.find(".verdict").dataset.kind = this.verdict.kind;
    write("verdict", `${this.verdict.sign} ${this.verdict.text}`);
    write("readout", `After ${count(this.shown)}: ${this.where}`);
    write("factors", factors.join("\n"));
    write("n", count(settings.n_epochs));
    write("described", pinned ? describe(pinned.settings, pinned.run) : "");
    this.find("[data-pinned]").hidden = !pinned;
    this.find(".gauge").classList.toggle("none", settings.optimizer === "adam");
    for (const [name, [frameOf, drawer, label]] of Object.entries(PICTURES)) {
      fill(this.root, this.id, name, this.sizes, label(this), (place) => {
        if (!this.dragging || !this.frames[name]) this.frames[name] = frameOf(place, this);
        return panel(place.id, this.frames[name], drawer(this.frames[name], this));
      });
    }
    const label = `One epoch multiplies the error by: ${factors.join("; ")}`;
    fill(this.root, this.id, "gauge", this.sizes, label, (place) => drawGauge(place, settings));
    showSettings(this);
    this.said.say(this.verdict.text);
  }

  // -- From a move to the settings

  complain(text) {
    this.find(".message").textContent = text;
  }

  /** Look at the run in another way: at another epoch, at another scale. */
  look(changes) {
    this.stop();
    Object.assign(this, changes);
    this.drawing.ask();
    this.tell();
  }

  /** The one door for every change of the settings: what is not valid is said and not done. */
  choose(changes, box = null) {
    const settings = { ...this.settings, ...changes };
    const complaint = problem(settings);
    for (const each of this.root.querySelectorAll("[data-box]")) {
      each.ariaInvalid = Boolean(complaint) && each === box;
    }
    this.complain(complaint ? `${complaint} Still showing the run before.` : "");
    if (complaint) return;
    const atEnd = this.shown === this.settings.n_epochs; // stay there, or at the epoch looked at
    this.check.clear();
    this.look({ settings, shown: atEnd ? settings.n_epochs : this.shown });
  }

  /** The kernel only needs to know where a move ended: one message, not one for each step. */
  tell() {
    clearTimeout(this.telling);
    this.telling = setTimeout(() => {
      const { model, settings } = this;
      const news = RUN.filter((name) => !same(model.get(name), settings[name]));
      this.deaf = true; // each `set` calls `adopt`, while the others are still to come
      for (const name of news) model.set(name, settings[name]);
      this.deaf = false;
      if (news.length) model.save_changes();
      this.keepLink?.();
    }, 150);
  }

  /** Python has set something. */
  adopt() {
    const wanted = this.read();
    if (this.deaf || problem(wanted) || same(wanted, this.settings)) return;
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
    this.find("details").addEventListener("toggle", () => showSettings(this));
    listenToDrags(this);
    this.adopting = () => this.adopt();
    for (const name of RUN) model.on(`change:${name}`, this.adopting);
    this.check = listenToCheck(this);
    this.press_check = this.check.ask;
    const unwatch = watchSizes(root, this.sizes, () => this.drawing.ask());
    this.ends = [unwatch, this.drawing.stop, this.said.stop, this.check.end];
  }

  /** A slider, a choice or a tick was moved. */
  moved(target) {
    const { slider, shown, equal } = target.dataset;
    if (slider) this.choose({ [slider]: SLIDERS[slider](target.value) });
    if (target.type === "radio") {
      this.choose({ [target.closest("[data-part]").dataset.part]: target.value });
    }
    if (shown !== undefined) this.look({ shown: Number(target.value) });
    if (equal !== undefined) this.look({ scale: target.checked });
  }

  typed(box) {
    const [{ box: name }, value, { start, readings }] = [box.dataset, numberIn(box), this.settings];
    if (name === "start_w") this.choose({ start: [value, start[1]] }, box);
    else if (name === "start_b") this.choose({ start: [start[0], value] }, box);
    else if (name in readings) this.choose(this.movedReading({ [name]: value }), box);
    else if (name in this.settings) this.choose({ [name]: value }, box);
    else this.look({ reading: inside(Math.round(value) || 1, 1, readings.t_u.length) - 1 });
  }

  /** The readings with the chosen one moved, as a change of the settings. */
  movedReading(to) {
    const readings = { ...this.settings.readings };
    for (const name in to) readings[name] = readings[name].with(this.reading, to[name]);
    return { readings };
  }

  // -- Play, and the other buttons

  stop() {
    cancelAnimationFrame(this.playing);
    this.playing = 0;
  }

  /** Play in four seconds, early epochs slower: that is where most happens. */
  press_play() {
    const last = this.settings.n_epochs;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (this.playing || still) return this.look({ shown: this.playing ? this.shown : last });
    const [a, z] = [this.shown === last ? 0 : this.shown, last].map((k) => Math.log(k + 1));
    let begun = null;
    const step = (now) => {
      begun ??= now;
      const part = Math.min(1, (now - begun) / 4000);
      this.shown = Math.round(Math.exp(a + part * (z - a))) - 1;
      this.playing = part < 1 ? requestAnimationFrame(step) : 0;
      this.draw();
    };
    this.playing = requestAnimationFrame(step);
    showSettings(this);
  }

  press_preset(button) {
    this.shown = this.settings.n_epochs;
    this.choose(presetFor(this.settings, PRESETS[button.dataset.preset]));
  }

  press_pin() {
    this.pinned = this.pinned ? null : { settings: this.settings, run: this.run };
    this.drawing.ask();
  }

  press_reset() {
    Object.assign(this, { scale: null, pinned: null, shown: this.settings.n_epochs });
    this.choose(this.initial);
  }

  async press_copy() {
    const [code, copied] = [this.find("[data-code]"), this.find("[data-copied]")];
    code.textContent = pytorchCode(this.settings);
    try {
      await navigator.clipboard.writeText(code.textContent);
      copied.textContent = "copied";
    } catch { // a page from disk may not write to the clipboard: select the text instead
      this.find("details").open = true;
      getSelection().selectAllChildren(code);
      copied.textContent = "selected: press Ctrl+C";
    }
  }

  end() {
    for (const end of this.ends) end();
    this.stop();
    clearTimeout(this.telling);
    for (const name of RUN) this.model.off(`change:${name}`, this.adopting);
    this.root.remove();
  }
}

/** The widget, as anywidget calls it: draw into `el`, listen to `model`, return the clean-up. */
function render({ model, el }) {
  const explorer = new Explorer(model, el, false);
  return () => explorer.end();
}

/** The same explorer in a page, without a kernel; with `link` the address keeps its state. */
export function standalone(el, settings = {}, link = true) {
  const [values, nothing] = [{ ...DEFAULTS, ...settings }, () => {}];
  const get = (name) => values[name];
  const model = { get, set: nothing, save_changes: nothing, on: nothing, off: nothing };
  return new Explorer(model, el, link && location.protocol !== "about:"); // a frame has no address
}

export default { render };
