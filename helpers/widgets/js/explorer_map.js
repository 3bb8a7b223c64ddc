/** The explorer's map: the loss over (w, b) as exact ellipses, with the path of a run on it. */
import { COLOR, PAD, axes, clipped, frame, line, marker, note, pixels, within } from "./axes.js";
import { measure } from "./lesson.js";
import { bowl, errors } from "./theory.js";

/** The window of the map: every stable run of gradient descent fits in, others widen it. */
export function mapFrame({ width, height, settings, run, equal }) {
  const known = bowl(settings);
  const { best, steep, flat } = known;
  const away = errors(known, settings.start);
  const far = Math.max(...away.map(Math.abs)) || 1; // a start on an axis, or on the best line itself
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
  const corners = [-1.15, 1.15].flatMap((s) => [low, high].map((f) => [0, 1].map(
    (i) => best[i] + s * s0 * steep.vector[i] + f * f0 * flat.vector[i])));
  const range = [0, 1].map((i) => [Math.min(...corners.map((c) => c[i])), Math.max(...corners.map((c) => c[i]))]);
  if (equal) {
    // One unit of w as long as one unit of b: widen the axis that has pixels to spare.
    const size = [width - PAD.left - PAD.right, height - PAD.top - PAD.bottom];
    const unit = Math.max(...range.map(([a, z], i) => (z - a) / size[i]));
    range.forEach(([a, z], i) => {
      const extra = (unit * size[i] - (z - a)) / 2;
      range[i] = [a - extra, z + extra];
    });
  }
  return frame(width, height, ...range);
}

/** Where the excess over the best loss is E, the bowl is an ellipse with the half axes sqrt(2 E / lambda). */
function ellipses(f, { t_u, t_c, best, floor, steep, flat }) {
  const corners = f.domain.x.flatMap((w) => f.domain.y.map((b) => measure(t_u, t_c, [w, b]).loss - floor));
  const highest = Math.max(...corners);
  return Array.from({ length: 8 }, (_, k) => {
    const excess = highest / 4 ** k; // from one to the next it grows fourfold
    const [long, wide] = [Math.sqrt((2 * excess) / flat.lambda), Math.sqrt((2 * excess) / steep.lambda)];
    const points = Array.from({ length: 181 }, (_, i) => {
      const [c, s] = [long * Math.cos((i * Math.PI) / 90), wide * Math.sin((i * Math.PI) / 90)];
      return [
        f.x(best[0] + c * flat.vector[0] + s * steep.vector[0]),
        f.y(best[1] + c * flat.vector[1] + s * steep.vector[1]),
      ];
    });
    return `<path class="contour" d="${pixels(points)}Z"/>`;
  }).join("");
}

/** The path of a run in pixels: cut where it leaves the picture for good, thinned where it is dense. */
function pathPixels(f, params, until) {
  // A path that zig-zags must be thinned in pairs of epochs: every tenth point alone would draw a
  // calm path that no run ever took.
  const stride = Math.ceil(until / 1500);
  const points = [];
  for (let k = 0; k <= until; k++) {
    if (k !== until && Math.floor(k / 2) % stride !== 0) continue;
    const point = [f.x(params[k][0]), f.y(params[k][1])];
    if (!point.every((p) => Math.abs(p) < 1e5)) break;
    const before = points.at(-1);
    if (k === until || !before || Math.hypot(point[0] - before[0], point[1] - before[1]) > 0.4) points.push(point);
  }
  return points;
}

const JUMPS = 20; // so many jumps across the valley are drawn, then only how far they reach

/** Whether a run jumps to and fro so long and so far that its path would be one solid slab. */
function isSlab(f, params, until) {
  if (until < 2 * JUMPS) return false;
  const at = (k) => [f.x(params[k][0]), f.y(params[k][1])];
  const jump = (k) => [0, 1].map((i) => at(k + 1)[i] - at(k)[i]);
  const [one, next] = [jump(JUMPS), jump(JUMPS + 1)];
  return one[0] * next[0] + one[1] * next[1] < 0 && Math.hypot(...one) > 12;
}

/** A path: a line; or, for jumps at the edge, the first of them and then the band that they fill. */
function path(f, params, until, kind, extra = "") {
  if (!isSlab(f, params, until)) return line(pathPixels(f, params, until), kind, extra);
  const stride = 2 * Math.ceil(until / 1500);
  const side = (first) => {
    const points = [];
    for (let k = first; k <= until; k += stride) points.push([f.x(params[k][0]), f.y(params[k][1])]);
    return points.filter((point) => point.every((p) => Math.abs(p) < 1e5));
  };
  const [here, there] = [side(JUMPS), side(JUMPS + 1)];
  const band = [...here, ...there.reverse()]; // none where the run has left before
  return (band.length ? `<path class="band" d="${pixels(band)}Z" fill="${COLOR[kind]}" ${extra}/>` : "") +
    line(pathPixels(f, params, JUMPS), kind, `${extra} style="stroke-width: 1.2"`);
}

/** A pinned run keeps its own inputs: the same lines, written in the units of the present ones. */
export function convert({ settings, run }, now) {
  const [from, to] = [bowl(settings), bowl(now)];
  return run.params.map(([w, b]) => {
    const slope = w / from.scale;
    return [slope * to.scale, b + slope * (to.shift - from.shift)];
  });
}

export function drawMap({ id, f, settings, run, shown, pinned }) {
  const known = bowl(settings);
  const { n_epochs, start } = settings;
  const whole = pathPixels(f, run.params, n_epochs);
  const slab = isSlab(f, run.params, shown);
  const thin = whole.length > 120 ? 'style="stroke-width: 1.2"' : ""; // or a zig-zag is one solid block
  const dots = whole.length < 60 ? pathPixels(f, run.params, shown).map((point) => marker("circle", point, COLOR.run, 2.2, "")) : [];
  const current = run.params[shown];
  const here = [f.x(current[0]), f.y(current[1])];
  const visible = current.every(Number.isFinite) && within(f, here);
  return axes(f, "w", "b") + clipped(id, f, `
    ${ellipses(f, known)}
    ${pinned ? path(f, convert(pinned, settings), pinned.settings.n_epochs, "pinned") : ""}
    ${shown < n_epochs ? path(f, run.params, n_epochs, "run", `opacity="0.3" ${slab ? "" : thin}`) : ""}
    ${path(f, run.params, shown, "run", slab ? "" : thin)}${dots.join("")}
    ${marker("square", [f.x(start[0]), f.y(start[1])], "var(--fg)", 7)}
    ${marker("star", [f.x(known.best[0]), f.y(known.best[1])], COLOR.best, 8)}
    ${visible ? marker("circle", here, COLOR.run) : ""}`) +
    (visible ? "" : note(PAD.left + 8, PAD.top + 16, "● has left this picture")) +
    (slab ? note(f.right - 4, f.bottom - 6, `${JUMPS} jumps, then how far they reach`, "end") : "");
}
