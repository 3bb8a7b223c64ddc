/** The explorer's map: the loss over (w, b) as exact ellipses, with the path of a run on it. */
import { COLOR, PAD, frame, line, marker, note, pixels, thinned, within } from "./axes.js";
import { measure } from "./lesson.js";
import { bowl, errors } from "./theory.js";

/** The window of the map: every stable run of gradient descent fits in, others widen it. */
export function mapFrame({ width, height }, { settings, run, equal }) {
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
  const size = [width - PAD.left - PAD.right, height - PAD.top - PAD.bottom];
  const range = [0, 1].map((i) => {
    const corners = [-1.15, 1.15].flatMap((s) => [low, high].map((f) =>
      best[i] + s * s0 * steep.vector[i] + f * f0 * flat.vector[i]));
    return [Math.min(...corners), Math.max(...corners)];
  });
  if (!equal) return frame(width, height, ...range);
  // One unit of w as long as one unit of b: widen the axis that has pixels to spare.
  const unit = Math.max(...range.map(([a, z], i) => (z - a) / size[i]));
  return frame(width, height, ...range.map(([a, z], i) =>
    [-1, 1].map((side) => (a + z + side * unit * size[i]) / 2)));
}

/** Where the excess over the best loss is E, an ellipse with the half axes sqrt(2 E / lambda). */
function ellipses(f, { t_u, t_c, best, floor, steep, flat }) {
  const corners = f.domain.x.flatMap((w) => f.domain.y.map((b) => measure(t_u, t_c, [w, b]).loss));
  const highest = Math.max(...corners) - floor;
  return Array.from({ length: 8 }, (_, k) => {
    const excess = highest / 4 ** k; // from one to the next it grows fourfold
    const [long, wide] = [flat, steep].map(({ lambda }) => Math.sqrt((2 * excess) / lambda));
    const points = Array.from({ length: 181 }, (_, i) => {
      const [c, s] = [long * Math.cos((i * Math.PI) / 90), wide * Math.sin((i * Math.PI) / 90)];
      return f.at(best.map((middle, j) => middle + c * flat.vector[j] + s * steep.vector[j]));
    });
    return `<path class="contour" d="${pixels(points)}Z"/>`;
  }).join("");
}

const THIN = 'style="stroke-width: 1.2"';
const JUMPS = 20; // so many jumps across the valley are drawn, then only how far they reach

/** Whether a run jumps to and fro so long and so far that its path would be one solid slab. */
function isSlab(points) {
  if (points.length <= 2 * JUMPS) return false;
  const [a, b, c] = points.slice(JUMPS);
  const [one, next] = [[b[0] - a[0], b[1] - a[1]], [c[0] - b[0], c[1] - b[1]]];
  return one[0] * next[0] + one[1] * next[1] < 0 && Math.hypot(...one) > 12;
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
export function convert({ settings, run }, now) {
  const [from, to] = [bowl(settings), bowl(now)];
  return run.params.map(([w, b]) => {
    const slope = w / from.scale;
    return [slope * to.scale, b + slope * (to.shift - from.shift)];
  });
}

export function drawMap(f, { settings, run, shown, pinned }) {
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
