/**
 * The explorer's pictures: map, loss per epoch, fit, loss for every rate, and the gauge.
 * A picture is a frame and what is drawn in it: `inside` (cut off by the panel) and `above`.
 */
import { COLOR, PAD, axes, clipped, frame, line, lineAtX, lineAtY } from "./axes.js";
import { equalled, marker, note, pixels, thinned, within } from "./axes.js";
import { LIMITS, NUMBERS } from "./given.js";
import { measure } from "./lesson.js";
import { count, escaped, inside, loss4, short } from "./text.js";
import { OVERFLOW, bowl, criticalRate, errors, factor } from "./theory.js";

// -- The map: the loss over (w, b) as exact ellipses, with the path of a run

/** The window of the map: every stable run of gradient descent fits in, others widen it. */
function mapFrame({ width, height }, { settings, run, equal }) {
  const known = bowl(settings);
  const { best, steep, flat } = known;
  const away = errors(known, settings.start);
  const far = Math.max(...away.map(Math.abs)) || 1; // the start may be the best line
  const [s0, f0] = away.map((e) => (Math.abs(e) > 0.05 * far ? e : 0.05 * far));
  // At the critical rate the steep error goes from s0 to -s0, the flat one down to this share:
  const share = 1 - (2 * flat.lambda) / steep.lambda;
  let [low, high] = [Math.min(-0.12, share - 0.1), 1.12];
  for (const point of run.params) {
    const [s, f] = errors(known, point);
    if (Math.abs(s) < 1.2 * Math.abs(s0) && Math.abs(f) < 1.2 * Math.abs(f0)) {
      [low, high] = [Math.min(low, f / f0 - 0.05), Math.max(high, f / f0 + 0.05)];
    }
  }
  const range = [0, 1].map((i) => {
    const corners = [-1.15, 1.15].flatMap((s) => [low, high].map((f) =>
      best[i] + s * s0 * steep.vector[i] + f * f0 * flat.vector[i]));
    return [Math.min(...corners), Math.max(...corners)];
  });
  return frame(width, height, ...(equal ? equalled(width, height, ...range) : range));
}

/** Where the excess over the best loss is E, an ellipse with the half axes sqrt(2 E / lambda). */
function ellipses(f, { t_u, t_c, best, floor, steep, flat }) {
  const corners = f.domain.x.flatMap((w) => f.domain.y.map((b) => measure(t_u, t_c, [w, b]).loss));
  const highest = Math.max(...corners) - floor;
  const perUnit = [f.x(1) - f.x(0), f.y(1) - f.y(0)];
  return Array.from({ length: 8 }, (_, k) => {
    const excess = highest / 4 ** k; // from one to the next it grows fourfold
    const halfAxis = ({ lambda, vector }) =>
      vector.map((part, i) => Math.sqrt((2 * excess) / lambda) * part * perUnit[i]);
    const matrix = [...halfAxis(flat), ...halfAxis(steep), ...f.at(best)]; // of a unit circle
    return `<circle class="contour" r="1" transform="matrix(${matrix})"/>`;
  }).join("");
}

const THIN = 'style="stroke-width: 1.2"';
const JUMPS = 20; // so many jumps across the valley are drawn, then only how far they reach

/** Whether a run jumps to and fro so long and so far that its path would be one solid slab. */
function isSlab(points) {
  if (points.length <= 2 * JUMPS) return false;
  const [a, b, c] = points.slice(JUMPS);
  const [one, next] = [[b[0] - a[0], b[1] - a[1]], [c[0] - b[0], c[1] - b[1]]];
  const far = Math.hypot(...one);
  return one[0] * next[0] + one[1] * next[1] < 0 && far > 12 && far < 1e4; // or it has left
}

/** A path: a line; or, for jumps at the edge, the first of them and then the band they fill. */
function path(points, kind, extra = "") {
  if (!isSlab(points)) return line(thinned(points), kind, extra);
  const side = (odd) => thinned(points.slice(JUMPS).filter((_, k) => k % 2 === odd));
  const band = [...side(0), ...side(1).reverse()];
  const filled = `<path class="band" d="${pixels(band)}Z" fill="${COLOR[kind]}" ${extra}/>`;
  const jumps = line(thinned(points.slice(0, JUMPS + 1)), kind, `${extra} ${THIN}`);
  return (band.length ? filled : "") + jumps; // no band where the run has left before
}

/** A pinned run keeps its own inputs: the same lines, written in the units of the present ones. */
function convert({ settings, run }, now) {
  const [from, to] = [bowl(settings), bowl(now)];
  return run.params.map(([w, b]) => {
    const slope = w / from.scale;
    return [slope * to.scale, b + slope * (to.shift - from.shift)];
  });
}

function drawMap(f, { settings, run, shown, pinned }) {
  const known = bowl(settings);
  const whole = run.params.map(f.at);
  const past = whole.slice(0, shown + 1);
  const { length } = thinned(whole);
  const thin = length > 120 && !isSlab(past) ? THIN : ""; // or a zig-zag is one solid block
  const here = whole[shown];
  const visible = here.every(Number.isFinite) && within(f, here);
  const left = note(PAD.left + 8, PAD.top + 16, "● has left this picture");
  const reach = note(f.right - 4, f.bottom - 6, `${JUMPS} jumps, then how far they reach`, "end");
  const dot = (point) => marker("circle", point, COLOR.run, 2.2, "");
  return {
    x: "w", y: "b",
    inside: [
      ellipses(f, known),
      pinned ? path(convert(pinned, settings).map(f.at), "pinned") : "",
      shown < settings.n_epochs ? path(whole, "run", `opacity="0.3" ${thin}`) : "",
      path(past, "run", thin),
      ...(length < 60 ? thinned(past).map(dot) : []),
      marker("square", f.at(settings.start), "var(--fg)", 7),
      marker("star", f.at(known.best), COLOR.best, 8),
      visible ? marker("circle", here, COLOR.run) : "",
    ],
    above: [visible ? "" : left, isSlab(past) ? reach : ""],
  };
}

// -- Losses, fit, rates

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
