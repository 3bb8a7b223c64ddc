/**
 * What all instruments share. Python says what there is (`spec`: settings, panels, looks); this
 * makes the controls, draws the panels, tells the kernel, and keeps the state in a page's link.
 * A subclass has `values` and a `view`: the columns of each look, and the ranges of the panels.
 */
import { axes, clipped, curve, equalled, frame, key, note } from "./axes.js";
import { control, listen, onDrag, problem, said, scale, settingOf, showIn } from "./controls.js";
import { fromLink, toLink } from "./link.js";
import STYLE from "./style.css";
import { escaped, inside, roundTo } from "./text.js";

export class Instrument {
  /** `tell(changes)` hands on what was chosen; `given` is what Python's `_given` says. */
  constructor(el, given, tell) {
    const spec = structuredClone(given.spec);
    Object.assign(this, { given, spec, tell, hide: spec.hide ?? [] });
    this.id = `instrument-${Math.random().toString(36).slice(2, 10)}`; // a page may show several
    Object.assign(this, { sizes: {}, frames: [], drawn: [], scales: {}, held: null });
    this.first = this.values = given.values;
    this.prepare();
    for (const [name, setting] of Object.entries(spec.settings)) {
      if (setting.kind === "number") this.scales[name] = scale(setting, given.grid?.[name]);
    }
    this.root = document.createElement("div");
    this.root.className = `lm ${spec.name}`;
    this.root.dataset.instrument = spec.name;
    this.root.innerHTML = `<style>${STYLE}</style>${this.markup()}`;
    this.listen();
    this.hideParts();
    el.append(this.root);
  }

  // What a subclass may add: work before the controls are made, and parts around them.

  prepare() {}
  above() { return ""; }
  beside() { return ""; }
  below() { return ""; }

  find(selector) {
    return this.root.querySelector(selector);
  }

  markup() {
    const { id, spec, scales } = this;
    const controls = Object.entries(spec.settings).map(([name, setting]) =>
      control(id, name, setting, scales[name]));
    const panels = spec.panels.map(({ name, title }, i) => {
      const keys = spec.looks.filter((look) => look.panel === i && look.named).map(key);
      return `<figure class="${name}" data-part="${name}"><figcaption>${escaped(title)}
        ${keys.join(" ")}</figcaption><svg data-picture="${name}" role="img"></svg></figure>`;
    });
    return `<div class="body">${this.above()}
      <div class="row controls">${controls.join("")}</div>
      <p class="message" id="${id}-message" role="alert"></p>
      <div class="row says"><div class="results"></div>${this.beside()}</div>
      <p class="unseen" role="status"></p>
      <div class="panels${panels.length > 2 ? " many" : ""}">${panels.join("")}</div>
      ${this.below()}</div>`;
  }

  /** Take away the parts that a teacher hides. */
  hideParts() {
    for (const part of this.root.querySelectorAll("[data-part]")) {
      part.hidden = this.hide.includes(part.dataset.part);
    }
  }

  // -- From a move to the settings

  listen() {
    const { root, spec } = this;
    listen(root, (input) => this.ask({ [settingOf(input)]: said(input, this.scales) }, input));
    root.addEventListener("click", ({ target }) => {
      const pressed = target.closest("button");
      const action = Object.keys(pressed?.dataset ?? {}).find((name) => `press_${name}` in this);
      if (action) this[`press_${action}`](pressed);
    });
    spec.panels.forEach((panel, i) => {
      const svg = this.find(`[data-picture=${panel.name}]`);
      if (!this.canDrag(panel)) return;
      svg.classList.add("clickable");
      onDrag(svg, (at, touch) => this.near(i, at, touch), (at) => this.ask(this.changesAt(i, at)));
    });
    // While a slider or a point is held the ranges hold still.
    root.addEventListener("pointerdown", ({ target }) => {
      if (target.type === "range" || target.closest(".clickable")) this.held = this.view.ranges;
    }, true); // before the press moves anything
    const release = () => {
      if (this.held) this.draw(this.held = null);
    };
    root.addEventListener("pointerup", release);
    root.addEventListener("pointercancel", release);
    this.observer = new ResizeObserver((entries) => {
      for (const { target, contentRect: { width, height } } of entries) {
        this.sizes[target.dataset.picture] = [Math.round(width), Math.round(height)];
      }
      this.draw();
    });
    root.querySelectorAll("[data-picture]").forEach((svg) => this.observer.observe(svg));
  }

  canDrag({ click }) {
    return click.some(Boolean);
  }

  /** Whether a press at a pixel of panel `i` begins a drag; a finger rather scrolls. */
  near(i, at, touch) {
    return !touch;
  }

  /** What a press at a pixel of panel `i` sets. */
  changesAt(i, at) {
    const numbers = this.numbersAt(i, at);
    const changes = this.spec.panels[i].click.map((name, axis) => {
      const { low, high, whole } = this.spec.settings[name] ?? {};
      return [name, inside(whole ? Math.round(numbers[axis]) : numbers[axis], low, high)];
    });
    return Object.fromEntries(changes.filter(([name]) => name));
  }

  /** The numbers at a pixel, with the digits that pixels can tell apart. */
  numbersAt(i, [x, y]) {
    const { atX, atY } = this.frames[i];
    const [u, v] = [atX(x), atY(y)];
    return [roundTo(u, Math.abs(atX(x + 1) - u)), roundTo(v, Math.abs(atY(y + 1) - v))];
  }

  /** The one door for every change of the settings: what is not valid is said and not done. */
  ask(changes, input = null) {
    const trouble = this.problem(changes);
    for (const box of this.root.querySelectorAll("[data-box]")) {
      box.ariaInvalid = Boolean(trouble) && box === input;
      if (!trouble) delete box.dataset.typing;
    }
    this.complain(trouble && `${trouble} The last good value stays.`);
    if (!trouble) this.change(changes);
  }

  /** What is wrong with these changes, in words, or "". */
  problem(changes) {
    return problem(changes, this.spec.settings);
  }

  complain(text) {
    this.find(".message").textContent = text;
  }

  // -- To the screen

  showValues(values) {
    for (const input of this.root.querySelectorAll("input")) {
      showIn(input, values[settingOf(input)], this.scales);
    }
  }

  draw() {
    this.find(".results").innerHTML = this.words();
    this.spec.panels.forEach((panel, i) => this.drawPanel(panel, i));
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.rest(), 500);
  }

  drawPanel(panel, i) {
    const [width, height] = this.sizes[panel.name] ?? [];
    if (!width || !height) return;
    const { ranges, notes = [] } = this.view;
    const [xs, ys] = (this.held ?? ranges)[i] ?? [panel.x_range, panel.y_range];
    const limits = panel.equal ? equalled(width, height, xs, ys) : [xs, ys];
    const f = this.frames[i] = frame(width, height, ...limits, panel.log);
    const curves = this.curves(i).map(([look, columns]) => curve(f, look, columns));
    const drawn = axes(f, panel.x, panel.y) +
      clipped(`${this.id}-${panel.name}`, f, curves.join("")) +
      (notes[i] ?? []).map((each) => note(f, each)).join("");
    if (drawn === this.drawn[i]) return;
    this.drawn[i] = drawn;
    const svg = this.find(`[data-picture=${panel.name}]`);
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("aria-label", `${panel.title}: ${panel.y} against ${panel.x}.`);
    svg.innerHTML = drawn;
  }

  /** What is drawn in panel `i`: looks and their columns. */
  curves(i) {
    return this.spec.looks.flatMap((look, k) => (look.panel === i ? [[look, this.columns(k)]] : []));
  }

  /** Screen readers hear what has changed when the hand rests, not at every step. */
  rest() {
    const [heard, text] = [this.find(".unseen"), this.find(".results").textContent];
    if (heard.textContent !== text) heard.textContent = text;
  }

  // -- The state in the address of a page: a link hands out one situation

  /** Show what stands in the address, now and whenever it changes, and keep the state there. */
  followLink() {
    const usual = this.hide;
    this.follow = () => {
      const { hide = usual, ...state } = fromLink(location.hash, this.spec.settings);
      const foreign = hide.find((name) => !this.find(`[data-part="${CSS.escape(name)}"]`));
      const trouble = this.restore(foreign ? { [foreign]: "" } : state);
      this.hide = trouble ? usual : hide;
      this.hideParts();
      this.complain(trouble &&
        `The link of this page makes no sense. ${trouble} Showing the page's own settings.`);
    };
    addEventListener("hashchange", this.follow);
    this.follow();
    this.linked = true;
  }

  /** Show the first state with these changes; or alone, and say what is wrong with them. */
  restore(state) {
    this.values = this.first;
    const trouble = this.problem(state);
    this.change(trouble ? {} : state);
    return trouble;
  }

  /** The address is written when a move has come to rest: browsers allow few changes of it. */
  keepLink() {
    clearTimeout(this.keeping);
    if (!this.linked) return;
    this.keeping = setTimeout(() => {
      history.replaceState(null, "", toLink(this.values, this.first, this.hide));
    }, 150);
  }

  end() {
    this.observer.disconnect();
    removeEventListener("hashchange", this.follow);
    clearTimeout(this.keeping);
    clearTimeout(this.resting);
    this.root.remove();
  }
}

/**
 * The widget, as anywidget calls it. Wishes that come within `patience` ms are one message, and
 * while Python computes the latest ones wait: no queue.
 */
export function inKernel(Kind, patience, { model, el }) {
  let [waiting, wishes, timer] = [false, null, 0];
  const send = () => {
    if (waiting || !wishes) return;
    model.send(wishes);
    [waiting, wishes] = [true, null];
  };
  const given = { spec: model.get("spec"), values: model.get("shown").values };
  const instrument = new Kind(el, given, (changes) => {
    wishes = { ...wishes, ...changes };
    clearTimeout(timer);
    if (patience) timer = setTimeout(send, patience);
    else send();
  });
  const answered = () => {
    waiting = false;
    const moving = Boolean(wishes);
    send();
    instrument.show(model.get("shown"), moving);
  };
  model.on("change:shown", answered);
  answered();
  return () => {
    model.off("change:shown", answered);
    clearTimeout(timer);
    instrument.end();
  };
}

/** The same in a page, with no kernel behind it; with `link` the address keeps its state. */
export function inPage(Kind, el, given, link) {
  const instrument = new Kind(el, given, (changes) => instrument.alone(changes));
  instrument.restore({});
  if (link && location.protocol !== "about:") instrument.followLink(); // a frame has no address
  return instrument;
}
