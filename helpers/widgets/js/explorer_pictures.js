/** The explorer's other pictures: loss per epoch, fit, loss for every rate, and the gauge. */
import { COLOR, PAD, axes, clipped, frame, line, lineAtX, lineAtY, marker, note } from "./axes.js";
import { convert } from "./explorer_map.js";
import { LIMITS } from "./given.js";
import { count, escaped, loss4, short } from "./text.js";
import { OVERFLOW, bowl, criticalRate, factor } from "./theory.js";

/** The lowest loss that a logarithmic axis shows: two readings have a floor of zero. */
const lowest = ({ floor, close }) => Math.max(floor / 2, close / 100);

/** A curve of losses in pixels. Where many epochs share a pixel, its lowest and highest are drawn. */
function lossPixels(f, losses, until) {
  const points = [];
  const stride = Math.max(1, Math.ceil(until / (f.right - PAD.left)));
  const at = (k) => [f.x(k), f.y(Math.max(losses[k], f.domain.y[0] / 10))];
  for (let from = 0; from <= until; from += stride) {
    let [low, high] = [from, from];
    for (let k = from; k < Math.min(from + stride, until + 1); k++) {
      if (!(losses[k] < OVERFLOW)) {
        if (k > 0) points.push([f.x(k), f.y(f.domain.y[1])]);
        return points;
      }
      if (losses[k] < losses[low]) low = k;
      if (losses[k] > losses[high]) high = k;
    }
    points.push(...(low < high ? [low, high] : low > high ? [high, low] : [low]).map(at));
  }
  return points;
}

/** Scaled to the present run, so that a long pinned one does not squeeze it; a run that overflows ends the axis. */
export function drawLosses({ id, width, height, settings, run, shown, pinned, labels }) {
  const known = bowl(settings);
  const lost = run.losses.findIndex((loss) => !(loss < OVERFLOW));
  const end = lost >= 0 ? Math.min(settings.n_epochs, Math.ceil(lost * 1.3) + 1) : settings.n_epochs;
  const untilPinned = pinned && Math.min(end, pinned.settings.n_epochs);
  const visible = [...run.losses.slice(0, end + 1), ...(pinned ? pinned.run.losses.slice(0, untilPinned + 1) : [])];
  const highest = visible.reduce((top, loss) => Math.max(top, loss < OVERFLOW ? loss : OVERFLOW), lowest(known) * 10);
  const f = frame(width, height, [0, end], [lowest(known), highest * 1.6], { logY: true });
  const floorY = f.y(Math.max(known.floor, lowest(known)));
  const loss = run.losses[shown];
  return axes(f, "epochs done", `loss${labels.square}`) + clipped(id, f, `
    ${lineAtY(f, Math.max(known.floor, lowest(known)), "best")}
    ${pinned ? line(lossPixels(f, pinned.run.losses, untilPinned), "pinned") : ""}
    ${line(lossPixels(f, run.losses, end), "run")}`) +
    (loss < OVERFLOW && shown <= end ? marker("circle", [f.x(shown), f.y(Math.max(loss, lowest(known)))], COLOR.run) : "") +
    note(f.right - 4, floorY + (f.bottom - floorY > 18 ? 14 : -5), `best ${loss4(known.floor)}`, "end") +
    (lost >= 0 ? note(f.right - 4, floorY - 22, `✘ beyond 10³⁸ at epoch ${lost + 1}`, "end") : "");
}

export function fitFrame({ width, height, settings }) {
  const { t_u, t_c } = bowl(settings);
  const wider = (values, part) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const more = part * (high - low) || 1;
    return [low - more, high + more];
  };
  return frame(width, height, wider(t_u, 0.08), wider(t_c, 0.25));
}

export function drawFit({ id, f, settings, run, shown, pinned, labels, reading }) {
  const { t_u, t_c, best } = bowl(settings);
  const ends = ([w, b]) => f.domain.x.map((u) => [f.x(u), Math.max(-1e5, Math.min(1e5, f.y(w * u + b)))]);
  const params = run.params[shown];
  const finite = params.every(Number.isFinite);
  const ys = finite ? ends(params).map(([, y]) => y) : [Infinity];
  const away = !finite || Math.min(...ys) > f.bottom || Math.max(...ys) < PAD.top;
  const size = t_u.length > 60 ? 2.2 : 4.2;
  const at = (i) => [f.x(t_u[i]), f.y(t_c[i])];
  const name = { raw: "", "x0.1": " x0.1", standardised: ", standardised" }[settings.inputs];
  return axes(f, escaped(labels.t_u) + name, escaped(labels.t_c)) + clipped(id, f, `
    ${line(ends(best), "best")}
    ${pinned ? line(ends(convert(pinned, settings)[Math.min(shown, pinned.settings.n_epochs)]).filter(([, y]) => !Number.isNaN(y)), "pinned") : ""}
    ${finite ? line(ends(params), "run") : ""}
    ${t_u.map((_, i) => marker("circle", at(i), "var(--fg)", size, 'class="edge reading"')).join("")}
    ${marker("circle", at(reading), "none", size + 3, 'stroke="var(--fg)" vector-effect="non-scaling-stroke"')}`) +
    (away ? note(PAD.left + 8, PAD.top + 14, finite ? "line has left this picture" : "no line: overflow") : "");
}

/** The part of all learning rates that is worth dragging through: for large readings it begins lower. */
export function rateRange({ readings }) {
  const wall = 2 / bowl({ inputs: "raw", readings }).steep.lambda;
  const [low, high] = LIMITS.slider;
  return [Math.max(LIMITS.learning_rate[0], Math.min(low, 10 ** (Math.floor(Math.log10(wall)) - 2))), high];
}

export const sweepFrame = ({ width, height, settings }) =>
  frame(width, height, rateRange(settings), [lowest(bowl(settings)), 1e5], { logX: true, logY: true });

export function drawSweep({ id, f, settings, run, curve, labels }) {
  const { floor } = bowl(settings);
  const [{ x: [low, high] }, top] = [f.domain, f.domain.y[1]];
  const wall = criticalRate(settings);
  const points = curve.map(([rate, loss]) => [f.x(rate), f.y(Math.min(Math.max(loss, f.domain.y[0]), top * 10))]);
  const rate = Math.min(Math.max(settings.learning_rate, low), high);
  const loss = run.losses[settings.n_epochs];
  const here = [f.x(rate), f.y(loss < top ? Math.max(loss, f.domain.y[0]) : top)];
  const mark = loss < top ? marker("circle", here, COLOR.run)
    : marker("triangle", [here[0], here[1] + 6], COLOR.run, 6); // it is further up
  const wallX = wall && f.x(wall);
  const wallLeft = wallX > f.right - 95; // beyond the wall there is no curve to cross, if there is room
  return axes(f, "learning rate", `loss${labels.square}`) + clipped(id, f, `
    ${lineAtY(f, Math.max(floor, f.domain.y[0]), "best")}
    ${wall ? `<rect class="beyond" x="${wallX}" y="0" width="${f.width}" height="${f.height}"/>` : ""}
    <path class="axis" d="M${here[0]} 0V${f.height}"/>${line(points, "run")}
    ${wall ? lineAtX(f, wall, "steep") : ""}${mark}`) +
    (wall ? note(wallX + (wallLeft ? -6 : 6), PAD.top + 14, `wall ${short(wall)}`, wallLeft ? "end" : "start") : "");
}

/** The multiplier of each direction on a scale where everything between -1 and 1 shrinks. */
export function drawGauge({ width, height, settings }) {
  const { steep, flat } = bowl(settings);
  const middle = 15;
  const x = (value) => 14 + ((Math.max(-1.7, Math.min(1.7, value)) + 1.7) / 3.4) * (width - 28);
  const scale = [[-1, "−1"], [0, "shrinks"], [1, "1"]].map(([v, text]) =>
    `<path class="axis" d="M${x(v)} ${middle - 9}V${middle + 9}"/>
    <text x="${x(v)}" y="${height - 2}" text-anchor="middle">${text}</text>`);
  const zones = `<rect class="shrinks" x="${x(-1)}" y="${middle - 6}" width="${x(1) - x(-1)}" height="12"/>
    <path class="axis" d="M6 ${middle}H${width - 6}"/>
    <text x="4" y="${height - 2}">grows</text><text x="${width - 4}" y="${height - 2}" text-anchor="end">grows</text>`;
  const at = ({ lambda }) => [x(factor(settings, lambda).value), middle];
  return zones + scale.join("") + marker("triangle", at(steep), COLOR.steep, 7) + marker("circle", at(flat), COLOR.run, 5.5);
}

export const pictureLabels = { // what screen readers are told of each picture
  surface: (s, where) => `Loss surface over w and b with the path of the run. ${where}.`,
  losses: (s, where, text) => `Loss per epoch on a logarithmic scale. ${text}`,
  fit: (s, where) => `The readings and the line: ${where}.`,
  sweep: (s) => `Loss after ${count(s.n_epochs)} for every learning rate. ` +
    (s.optimizer === "adam" ? "" : `Runs diverge beyond ${short(criticalRate(s))}.`),
};
