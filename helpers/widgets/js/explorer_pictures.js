/**
 * The explorer's other pictures: loss per epoch, fit, loss for every rate, and the gauge.
 * A picture is a frame and what is drawn in it: `inside` (cut off by the panel) and `above`.
 */
import { COLOR, PAD, axes, clipped, frame } from "./axes.js";
import { line, lineAtX, lineAtY, marker, note, thinned } from "./axes.js";
import { convert, drawMap, mapFrame } from "./explorer_map.js";
import { LIMITS, NUMBERS } from "./given.js";
import { count, escaped, inside, loss4, short } from "./text.js";
import { OVERFLOW, bowl, criticalRate, factor } from "./theory.js";

/** The lowest loss that a logarithmic axis shows: two readings have a floor of zero. */
const lowest = ({ floor, close }) => Math.max(floor / 2, close / 100);
const lostAt = ({ losses }) => losses.findIndex((loss) => !(loss < OVERFLOW));

/** Scaled to the present run, so that a long pinned one does not squeeze it. */
function lossFrame({ width, height }, { settings, run, pinned }) {
  const lost = lostAt(run); // a run that overflows ends the axis
  const end = lost < 0 ? settings.n_epochs : Math.min(settings.n_epochs, Math.ceil(lost * 1.3) + 1);
  const low = lowest(bowl(settings));
  const visible = [run, pinned?.run].flatMap((each) => each?.losses.slice(0, end + 1) ?? []);
  const highest = visible.reduce((top, loss) => Math.max(top, inside(loss, 0, OVERFLOW)), low * 10);
  return frame(width, height, [0, end], [low, highest * 1.6], { logY: true });
}

/** A curve of losses; one that overflows ends at the top. */
function lossLine(f, run, kind) {
  const lost = lostAt(run);
  const losses = run.losses.slice(0, Math.min(f.domain.x[1], lost < 0 ? Infinity : lost) + 1);
  const [low, high] = [f.domain.y[0] / 10, f.domain.y[1]];
  return line(thinned(losses.map((loss, k) => f.at([k, inside(loss, low, high)]))), kind);
}

function drawLosses(f, { settings, run, shown, pinned, labels }) {
  const [{ floor }, loss, lost] = [bowl(settings), run.losses[shown], lostAt(run)];
  const low = f.domain.y[0];
  const floorY = f.y(Math.max(floor, low));
  const here = loss < OVERFLOW && shown <= f.domain.x[1];
  const below = f.bottom - floorY > 18;
  return {
    x: "epochs done", y: `loss${labels.square}`,
    inside: [
      lineAtY(f, Math.max(floor, low), "best"),
      pinned ? lossLine(f, pinned.run, "pinned") : "",
      lossLine(f, run, "run"),
    ],
    above: [
      here ? marker("circle", f.at([shown, Math.max(loss, low)]), COLOR.run) : "",
      note(f.right - 4, floorY + (below ? 14 : -5), `best ${loss4(floor)}`, "end"),
      lost < 0 ? "" : note(f.right - 4, floorY - 22, `✘ beyond 10³⁸ at epoch ${lost + 1}`, "end"),
    ],
  };
}

function fitFrame({ width, height }, { settings }) {
  const { t_u, t_c } = bowl(settings);
  const wider = (values, part) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const more = part * (high - low) || 1;
    return [low - more, high + more];
  };
  return frame(width, height, wider(t_u, 0.08), wider(t_c, 0.25));
}

function drawFit(f, { settings, run, shown, pinned, labels, reading }) {
  const { t_u, t_c, best } = bowl(settings);
  const points = t_u.map((u, i) => f.at([u, t_c[i]]));
  const size = t_u.length > 60 ? 2.2 : 4.2;
  const fit = ([w, b]) => f.domain.x.map((u) => [f.x(u), inside(f.y(w * u + b), -1e5, 1e5)]);
  const finite = run.params[shown].every(Number.isFinite);
  const ends = finite ? fit(run.params[shown]) : [];
  const away = ends.every(([, y]) => y > f.bottom) || ends.every(([, y]) => y < PAD.top);
  const words = finite ? "line has left this picture" : "no line: overflow";
  const other = pinned && convert(pinned, settings)[Math.min(shown, pinned.settings.n_epochs)];
  const scaled = { raw: "", "x0.1": " x0.1", standardised: ", standardised" }[settings.inputs];
  return {
    x: escaped(labels.t_u) + scaled,
    y: escaped(labels.t_c),
    inside: [
      line(fit(best), "best"),
      pinned ? line(fit(other), "pinned") : "",
      line(ends, "run"),
      ...points.map((point) => marker("circle", point, "var(--fg)", size, 'class="edge reading"')),
      marker("circle", points[reading], "none", size + 3, 'class="ring"'),
    ],
    above: [away ? note(PAD.left + 8, PAD.top + 14, words) : ""],
  };
}

/** The learning rates worth dragging through: for large readings they begin lower. */
export function rateRange({ readings }) {
  const wall = 2 / bowl({ inputs: "raw", readings }).steep.lambda;
  const [low, high] = LIMITS.slider;
  const decade = 10 ** (Math.floor(Math.log10(wall)) - 2);
  return [Math.max(NUMBERS.learning_rate[0], Math.min(low, decade)), high];
}

const sweepFrame = ({ width, height }, { settings }) => {
  const losses = [lowest(bowl(settings)), 1e5];
  return frame(width, height, rateRange(settings), losses, { logX: true, logY: true });
};

function drawSweep(f, { settings, run, curve, labels }) {
  const [low, top] = f.domain.y;
  const wall = criticalRate(settings);
  const [wallX, loss] = [wall && f.x(wall), run.losses[settings.n_epochs]];
  const x = f.x(inside(settings.learning_rate, ...f.domain.x));
  const wallLeft = wallX > f.right - 95; // beyond the wall there is no curve to cross
  const words = [`wall ${short(wall ?? 0)}`, wallLeft ? "end" : "start"];
  return {
    x: "learning rate", y: `loss${labels.square}`,
    inside: [
      lineAtY(f, Math.max(bowl(settings).floor, low), "best"),
      wall ? `<rect class="beyond" x="${wallX}" width="${f.width}" height="${f.height}"/>` : "",
      `<path class="axis" d="M${x} 0V${f.height}"/>`,
      line(curve.map(([rate, end]) => f.at([rate, inside(end, low, top * 10)])), "run"),
      wall ? lineAtX(f, wall, "steep") : "",
      loss < top ? marker("circle", [x, f.y(Math.max(loss, low))], COLOR.run)
        : marker("triangle", [x, f.y(top) + 6], COLOR.run, 6), // it is further up
    ],
    above: [wall ? note(wallX + (wallLeft ? -6 : 6), PAD.top + 14, ...words) : ""],
  };
}

/** Every picture: its frame, what is in it, and what screen readers are told of it. */
export const PICTURES = {
  surface: [mapFrame, drawMap, ({ where }) =>
    `Loss surface over w and b with the path of the run. ${where}.`],
  losses: [lossFrame, drawLosses, ({ verdict }) =>
    `Loss per epoch on a logarithmic scale. ${verdict.text}`],
  fit: [fitFrame, drawFit, ({ where }) => `The readings and the line: ${where}.`],
  sweep: [sweepFrame, drawSweep, ({ settings }) => {
    const wall = criticalRate(settings);
    const beyond = wall ? `Runs diverge beyond ${short(wall)}.` : "";
    return `Loss after ${count(settings.n_epochs)} for every learning rate. ${beyond}`;
  }],
};

export const panel = (id, f, { x, y, inside, above }) =>
  axes(f, x, y) + clipped(id, f, inside.join("")) + above.join("");

/** The multiplier of each direction on a scale where everything between -1 and 1 shrinks. */
export function drawGauge({ width, height }, settings) {
  const { steep, flat } = bowl(settings);
  const x = (value) => 14 + ((inside(value, -1.7, 1.7) + 1.7) / 3.4) * (width - 28);
  const text = (at, words, anchor = "middle") =>
    `<text x="${at}" y="${height - 2}" text-anchor="${anchor}">${words}</text>`;
  const at = ({ lambda }) => [x(factor(settings, lambda).value), 15];
  return `<rect class="shrinks" x="${x(-1)}" y="9" width="${x(1) - x(-1)}" height="12"/>
    <path class="axis" d="M6 15H${width - 6}M${x(-1)} 6V24M${x(0)} 6V24M${x(1)} 6V24"/>` +
    text(x(-1), "−1") + text(x(0), "shrinks") + text(x(1), "1") +
    text(4, "grows", "start") + text(width - 4, "grows", "end") +
    marker("triangle", at(steep), COLOR.steep, 7) + marker("circle", at(flat), COLOR.run, 5.5);
}
