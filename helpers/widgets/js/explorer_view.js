/** What the explorer draws: the curves, ranges and notes of each panel, for settings and their run. */
import { LIMITS } from "./given.js";
import { measure } from "./lesson.js";
import { inside, loss4, short } from "./text.js";
import { OVERFLOW, bowl, criticalRate, errors, lostAt } from "./theory.js";

const NONE = [[], []];
const columns = (points) => [points.map(([x]) => x), points.map(([, y]) => y)];
const point = (x, y) => [[x], [y]];
const span = (values) => [Math.min(...values), Math.max(...values)];
const line = (color, dash, curve, width = 2) => [{ color, dash, width }, curve];
const marks = (color, marker, size, curve) => [{ color, marker, size }, curve];
const area = (color, size, curve) => [{ color, dash: "solid", marker: "area", size, width: 0 }, curve];
const corner = (text, [x], [, y]) => ({ at: [x, y], text, move: [8, 14] });

// -- The map: the loss over (w, b) with the path of a run

/** The window of the map: every stable run of gradient descent fits in, others widen it. */
function mapRanges({ settings, run, known }) {
  const { best, steep, flat } = known;
  const away = errors(known, settings.start);
  const far = Math.max(...away.map(Math.abs)) || 1; // the start may be the best line
  const [s0, f0] = away.map((e) => (Math.abs(e) > 0.05 * far ? e : 0.05 * far));
  // At the critical rate the steep error goes from s0 to -s0, the flat one down to this share:
  const share = 1 - (2 * flat.lambda) / steep.lambda;
  let [low, high] = [Math.min(-0.12, share - 0.1), 1.12];
  for (const params of run.params) {
    const [s, f] = errors(known, params);
    if (Math.abs(s) < 1.2 * Math.abs(s0) && Math.abs(f) < 1.2 * Math.abs(f0)) {
      [low, high] = [Math.min(low, f / f0 - 0.05), Math.max(high, f / f0 + 0.05)];
    }
  }
  return [0, 1].map((i) => span([-1.15, 1.15].flatMap((s) => [low, high].map((f) =>
    best[i] + s * s0 * steep.vector[i] + f * f0 * flat.vector[i]))));
}

/** Where the excess over the best loss is E, an ellipse with the half axes sqrt(2 E / lambda). */
function ellipses([ws, bs], { t_u, t_c, best, floor, steep, flat }) {
  const corners = ws.flatMap((w) => bs.map((b) => measure(t_u, t_c, [w, b]).loss));
  const highest = Math.max(...corners) - floor;
  const rings = Array.from({ length: 8 }, (_, k) => {
    const [a, z] = [flat, steep].map(({ lambda }) => Math.sqrt((2 * highest) / 4 ** k / lambda));
    const ring = Array.from({ length: 73 }, (_, i) => {
      const [cos, sin] = [Math.cos((i * Math.PI) / 36), Math.sin((i * Math.PI) / 36)];
      return best.map((at, j) => at + a * cos * flat.vector[j] + z * sin * steep.vector[j]);
    });
    return [...ring, [null, null]]; // from one to the next the excess falls to a quarter
  });
  return columns(rings.flat());
}

const JUMPS = 20; // so many jumps across the valley are drawn, then only how far they reach

/** Whether a run jumps to and fro so long and so far that its path would be one solid slab. */
function isSlab(path, ranges) {
  if (path.length <= 2 * JUMPS) return false;
  const [a, b, c] = path.slice(JUMPS);
  const jump = (p, q) => ranges.map(([low, high], i) => (q[i] - p[i]) / (high - low));
  const [one, next] = [jump(a, b), jump(b, c)];
  const far = Math.hypot(...one);
  return one[0] * next[0] + one[1] * next[1] < 0 && far > 0.03 && far < 20; // or it has left
}

/** A path and the area that its later jumps fill. */
function pathAndBand(path, ranges) {
  if (!isSlab(path, ranges)) return [columns(path), NONE];
  const side = (odd) => path.slice(JUMPS).filter((_, k) => k % 2 === odd);
  return [columns(path.slice(0, JUMPS + 1)), columns([...side(0), ...side(1).reverse()])];
}

function map(state) {
  const { settings, run, known } = state;
  const ranges = mapRanges(state);
  const rings = ellipses(ranges, known);
  const [path, band] = pathAndBand(run.params, ranges);
  const last = run.params.at(-1);
  const visible = last.every((x, i) => x >= ranges[i][0] && x <= ranges[i][1]);
  const reach = { at: [ranges[0][1], ranges[1][0]], anchor: "end", move: [-4, -6],
    text: `${JUMPS} jumps, then how far they reach` };
  return {
    ranges,
    curves: [
      area("blue", 0.04, rings),
      line("grey", "solid", rings, 1),
      area("blue", 0.3, band),
      line("blue", "solid", path, 1.2),
      marks("blue", "circle", 2.2, path[0].length < 60 ? path : NONE),
      marks("black", "square", 7, point(...settings.start)),
      marks("green", "star", 8, point(...known.best)),
      marks("blue", "circle", 5, point(...last)),
    ],
    notes: [...(visible ? [] : [corner("● has left this picture", ...ranges)]),
      ...(band[0].length ? [reach] : [])],
  };
}

// -- Losses, fit, rates

function losses({ settings: { n_epochs }, run, known, low, floor }) {
  const lost = lostAt(run);
  const end = lost < 0 ? n_epochs : Math.min(n_epochs, Math.ceil(lost * 1.3) + 1);
  const highest = lost < 0 ? Math.max(low * 10, ...run.losses) : OVERFLOW;
  const shown = lost < 0 ? run.losses : run.losses.slice(0, lost); // an overflow is not drawn
  const room = Math.log(floor / low) / Math.log(highest / low) > 0.14; // below the line
  const notes = [[`best ${loss4(known.floor)}`, room ? 14 : -5]];
  if (lost >= 0) notes.push([`✘ beyond 10³⁸ at epoch ${lost + 1}`, -22]);
  return {
    ranges: [[0, end], [low, highest * 1.6]],
    curves: [
      line("green", "dash", [[0, end], [floor, floor]]),
      line("blue", "solid", [shown.map((_, k) => k), shown.map((loss) => Math.max(loss, low / 10))]),
      marks("blue", "circle", 5, lost < 0 ? point(n_epochs, Math.max(shown[n_epochs], low)) : NONE),
    ],
    notes: notes.map(([text, up]) => ({ at: [end, floor], text, anchor: "end", move: [-4, up] })),
  };
}

function fit({ run, known: { t_u, t_c, best }, reading }) {
  const wider = (values, part) => {
    const [low, high] = span(values);
    const more = part * (high - low) || 1;
    return [low - more, high + more];
  };
  const ranges = [wider(t_u, 0.08), wider(t_c, 0.25)];
  const fitted = ([w, b]) => [ranges[0], ranges[0].map((u) => w * u + b)];
  const finite = run.params.at(-1).every(Number.isFinite);
  const ends = fitted(run.params.at(-1));
  const away = ends[1].every((y) => y < ranges[1][0]) || ends[1].every((y) => y > ranges[1][1]);
  const words = finite ? "line has left this picture" : "no line: overflow";
  return {
    ranges,
    curves: [
      line("green", "dash", fitted(best)),
      line("blue", "solid", finite ? ends : NONE),
      marks("black", "circle", t_u.length > 60 ? 2.2 : 4.2, [t_u, t_c]),
      marks("black", "ring", 7, point(t_u[reading], t_c[reading])), // the one in the boxes
    ],
    notes: finite && !away ? [] : [corner(words, ...ranges)],
  };
}

/** The learning rates worth dragging through: for large readings they begin lower. */
export function rateRange({ readings }) {
  const wall = 2 / bowl({ inputs: "raw", readings }).steep.lambda;
  const [low, high] = LIMITS.rates;
  const decade = 10 ** (Math.floor(Math.log10(wall)) - 2);
  return [Math.max(1e-9, Math.min(low, decade)), high];
}

function rates({ settings, run, curve, low, floor }) {
  const [xs, top] = [rateRange(settings), 1e5];
  const wall = criticalRate(settings);
  const loss = inside(run.losses.at(-1), low, top * 0.7); // it may be further up
  const rate = inside(settings.learning_rate, ...xs);
  const left = wall > xs[1] / 10; // beyond the wall there is no curve to cross
  const note = { at: [wall, top], text: `wall ${short(wall ?? 0)}`, anchor: left ? "end" : "start",
    move: [left ? -6 : 6, 14] };
  return {
    ranges: [xs, [low, top]],
    curves: [
      line("green", "dash", [xs, [floor, floor]]),
      area("vermilion", 0.1, wall ? [[wall, xs[1], xs[1], wall], [low, low, top, top]] : NONE),
      line("grey", "solid", [[rate, rate], [low, top]], 1),
      line("blue", "solid", columns(curve.map(([at, end]) => [at, inside(end, low, top * 10)]))),
      line("vermilion", "dash", wall ? [[wall, wall], [low, top]] : NONE),
      marks("blue", "circle", 5, point(rate, loss)),
    ],
    notes: wall ? [note] : [],
  };
}

/** Everything that is drawn, by panel; `curve` is the loss of every rate. */
export function view({ settings, run, curve, reading }) {
  const known = bowl(settings);
  const low = Math.max(known.floor / 2, known.close / 100); // two readings have a floor of zero
  const state = { settings, run, curve, reading, known, low, floor: Math.max(known.floor, low) };
  const panels = [map, losses, fit, rates].map((panel) => panel(state));
  const all = (name) => panels.map((panel) => panel[name]);
  return { curves: all("curves"), ranges: all("ranges"), notes: all("notes") };
}
