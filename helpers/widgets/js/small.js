/**
 * A small instrument: Python computes its views. With a kernel a move is one message there and one
 * back; a page holds views that were computed beforehand (`frames` in small.py).
 */
import { button } from "./controls.js";
import { Instrument, inKernel, inPage } from "./instrument.js";
import { escaped, loss4, short } from "./text.js";

class Small extends Instrument {
  prepare() {
    this.tries = new Map(); // what was shown when the hand rested
  }

  above() {
    const buttons = Object.entries(this.spec.buttons).map(([text, name]) => button(`draw="${name}"`, text));
    return `<div class="row">${buttons.join("")}</div>`;
  }

  /** What a page cannot compute rests, and says where it works. */
  listen() {
    super.listen();
    const { grid } = this.given;
    for (const name of Object.keys(this.spec.settings)) {
      if (!grid || name in grid) continue;
      const part = this.find(`[data-part=${name}]`);
      part.querySelectorAll("input").forEach((input) => (input.disabled = true));
      part.insertAdjacentHTML("beforeend", '<span class="later">in JupyterLab</span>');
    }
  }

  press_draw({ dataset: { draw: name } }) {
    const { min, max, value } = this.scales[name];
    const other = Math.floor(Math.random() * (max - min)) + min; // any but the present one
    this.ask({ [name]: value(other + (value(other) >= this.values[name] ? 1 : 0)) });
  }

  change(changes) {
    this.tell(changes);
  }

  /** Show what Python or the page's frames say; `moving`: the controls are already further. */
  show({ values, problem, ...view }, moving = false) {
    const { settings } = this.spec;
    const fresh = (name) => settings[name].fresh && values[name] !== this.values[name];
    if (Object.keys(settings).some(fresh)) this.tries.clear();
    Object.assign(this, { values, view });
    this.complain(problem);
    if (!moving) this.showValues(values);
    this.draw();
  }

  /** The view of a page for these settings, on its grid. */
  alone(changes) {
    const { grid, pool, frames } = this.given;
    const values = { ...this.values, ...changes };
    let [problem, place] = ["", 0];
    for (const [name, positions] of Object.entries(grid)) {
      const wish = values[name];
      if (this.scales[name]) values[name] = this.scales[name].value(this.scales[name].at(wish));
      if (name in changes && values[name] !== wish) {
        const { label } = this.spec.settings[name];
        problem = `Here ${label} goes in steps: ${short(values[name], 6)} is the nearest.`;
      }
      place = place * positions.length + positions.indexOf(values[name]);
    }
    const [curves, ...words] = frames[place];
    const [results, remark, ranges] = words.map((i) => pool[i]);
    const columns = curves.map((curve) => curve.map((i) => pool[i]));
    this.show({ values, problem, curves: columns, results, remark, ranges });
    this.keepLink();
  }

  problem(changes) {
    const { grid } = this.given;
    const fixed = Object.keys(changes).find((name) => grid && !(name in grid));
    return super.problem(changes) || (fixed ? `Here ${fixed} does not move.` : "");
  }

  words() {
    const { results, remark } = this.view;
    const [first, ...others] = results.map((result) => escaped(result.join(" ")));
    const tries = Object.entries(this.spec.tries).map((each) => this.triesWords(...each));
    return [`<b class="large">${first}</b>`, ...others.map((text) => `<b>${text}</b>`),
      escaped(remark), ...tries].join(" ");
  }

  // -- Tries: the points that a curve with a trail had before

  now() {
    return JSON.stringify(this.spec.looks.map(({ trail }, k) => trail && this.view.curves[k]));
  }

  rest() {
    super.rest();
    this.tries.delete(this.now());
    this.tries.set(this.now(), this.view.curves);
  }

  /** The columns of a curve, its tries in front; a point without an x stands at its number. */
  columns(k) {
    const now = this.view.curves[k];
    if (now[0].length !== 1) return now;
    const name = this.now();
    const past = [...this.tries].filter(([key, curves]) => key !== name && curves[k][0].length === 1)
      .slice(-39).map(([, curves]) => curves[k]);
    const points = this.spec.looks[k].trail ? [...past, now] : [now];
    const first = past.length + 2 - points.length; // the number of the first one that is drawn
    return now.map((_, c) => points.map((point, n) => point[c][0] ?? (c ? null : first + n)));
  }

  triesWords(name, words) {
    const ys = this.columns(this.spec.looks.findIndex((look) => look.name === name))[1];
    const mean = ys.reduce((sum, y) => sum + y, 0) / ys.length;
    const value = words.startsWith("Mean") ? mean : Math.min(...ys);
    return `${words} (${ys.length}): ${loss4(value)}.`;
  }
}

const render = (widget) => inKernel(Small, 0, widget);

export const standalone = (el, given, link = true) => inPage(Small, el, given, link);

export default { render };
