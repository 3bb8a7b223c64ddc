/**
 * What draws a panel. A panel is a string of SVG in pixels of the screen:
 *
 *   const f = frame(width, height, [x0, x1], [y0, y1], "x");
 *   svg.innerHTML = axes(f, "learning rate", "loss") + clipped(id, f, curve(f, look, [xs, ys]));
 *
 * A look (instrument.py) names a colour, which style.css sets for light and dark, and its second
 * cue: a dash or a marker. Text of others must pass through `escaped`.
 */
import { escaped, short, tickText } from "./text.js";

export const PAD = { left: 54, right: 10, top: 8, bottom: 34 };
const COLORS = { black: "var(--fg)", grey: "var(--edge)" }; // the others carry their own names
const DASHES = { solid: "", dash: "7 4", dot: "2 3" };

/**
 * A frame with two scales: `x` and `y` turn numbers into pixels (`at` both), `atX` and `atY` pixels
 * back into numbers. `logs` ("x", "y", "xy") are logarithmic: their limits must be above zero.
 */
export function frame(width, height, xs, ys, logs = "") {
  const [logX, logY] = ["x", "y"].map((axis) => logs.includes(axis));
  const [right, bottom] = [width - PAD.right, height - PAD.bottom];
  const scale = (log, limits, start, end) => {
    const [a, z] = log ? limits.map(Math.log10) : limits;
    const part = (value) => ((log ? Math.log10(value) : value) - a) / (z - a);
    const back = (pixel) => a + ((pixel - start) / (end - start)) * (z - a);
    const inverse = (pixel) => (log ? 10 ** back(pixel) : back(pixel));
    return [(value) => start + part(value) * (end - start), inverse];
  };
  const [x, atX] = scale(logX, xs, PAD.left, right);
  const [y, atY] = scale(logY, ys, bottom, PAD.top);
  const at = ([u, v]) => [x(u), y(v)];
  return { width, height, right, bottom, logX, logY, domain: { x: xs, y: ys }, x, y, at, atX, atY };
}

/** Two ranges, of which the one with pixels to spare is widened: a unit of x as long as one of y. */
export function equalled(width, height, ...ranges) {
  const size = [width - PAD.left - PAD.right, height - PAD.top - PAD.bottom];
  const unit = Math.max(...ranges.map(([a, z], i) => (z - a) / size[i]));
  return ranges.map(([a, z], i) => [-1, 1].map((side) => (a + z + side * unit * size[i]) / 2));
}

/** About `wanted` round numbers between two limits, `{ at, text }`: 1 2 5 10 20 50 if they fit. */
export function ticks([from, to], log, wanted) {
  const marked = (numbers) => numbers.map((at) => ({ at, text: tickText(at) }));
  if (!log) {
    const rough = (to - from) / wanted;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough);
    const [first, last] = [Math.ceil(from / step), Math.floor(to / step)];
    const steps = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    return marked(steps.map((k) => Number(short(k * step, 12))));
  }
  const [a, z] = [Math.floor(Math.log10(from)), Math.ceil(Math.log10(to))];
  const every = (digits, stride) => {
    const powers = Array.from({ length: z - a + 1 }, (_, i) => a + i);
    const numbers = powers.filter((k) => k % stride === 0)
      .flatMap((k) => digits.map((digit) => Number(`${digit}e${k}`)));
    return numbers.filter((at) => at >= from * (1 - 1e-9) && at <= to * (1 + 1e-9));
  };
  const fine = every([1, 2, 5], 1);
  if (fine.length <= wanted + 1) return marked(fine);
  return marked(every([1], Math.max(1, Math.ceil((z - a) / wanted))));
}

/** Grid, numbers and the names of the two axes. */
export function axes(f, xLabel, yLabel) {
  const wantX = Math.max(3, Math.floor((f.right - PAD.left) / 45));
  const wantY = Math.max(2, Math.floor((f.bottom - PAD.top) / 32));
  const words = (x, y, text, anchor = "middle", more = "") =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}" ${more}>${escaped(text)}</text>`;
  // The last number must end with the picture; half a digit is about 3.4 pixels wide.
  const place = (x, text) => Math.min(x, f.width - 3.4 * text.length);
  const xs = ticks(f.domain.x, f.logX, wantX).map(({ at, text }) =>
    `<path class="grid" d="M${f.x(at)} ${PAD.top}V${f.bottom}"/>` +
    words(place(f.x(at), text), f.bottom + 14, text));
  const ys = ticks(f.domain.y, f.logY, wantY).map(({ at, text }) =>
    `<path class="grid" d="M${PAD.left} ${f.y(at)}H${f.right}"/>` +
    words(PAD.left - 5, f.y(at) + 4, text, "end"));
  const [middle, half] = [(PAD.left + f.right) / 2, (PAD.top + f.bottom) / 2];
  return xs.join("") + ys.join("") +
    words(middle, f.height - 4, xLabel, "middle", 'class="label"') +
    words(10, half, yLabel, "middle", `class="label" transform="rotate(-90 10 ${half})"`);
}

/** What goes beyond the panel is cut off by it; `id` must be the panel's own in the whole page. */
export function clipped(id, f, content) {
  return `<clipPath id="${id}"><rect x="${PAD.left}" y="${PAD.top}" width="${f.right - PAD.left}"
    height="${f.bottom - PAD.top}"/></clipPath><g clip-path="url(#${id})">${content}</g>
    <path class="axis" d="M${PAD.left} ${PAD.top}V${f.bottom}H${f.right}"/>`;
}

/** Words so many pixels (`move`) from a point of a panel, on a plate of the background colour. */
export const note = (f, { at, text, anchor = "start", move }) => {
  const [x, y] = f.at(at).map((pixel, i) => pixel + move[i]);
  return `<text class="note" x="${x}" y="${y}" text-anchor="${anchor}">${escaped(text)}</text>`;
};

// -- Curves

/** The `d` of a path through pixels. */
const pixels = (points) => `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;

/**
 * Fewer pixels for the same curve: of many points pairs are left out, because every tenth point of
 * a zig-zag alone would be a calm path that no run took.
 */
function thinned(points) {
  const last = points.length - 1;
  const stride = Math.ceil(last / 1500) || 1;
  const kept = [];
  for (let k = 0; k <= last; k++) {
    const [[x, y], [u, v]] = [points[k], kept.at(-1) ?? [Infinity, 0]];
    const far = Math.floor(k / 2) % stride === 0 && Math.hypot(x - u, y - v) > 0.4;
    if (far || k === last) kept.push(points[k]);
  }
  return kept;
}

const SHAPES = { // unit shapes around (0, 0); the star's inner radius is 0.4
  square: "M-.7-.7H.7V.7H-.7Z",
  diamond: "M0-1L1 0 0 1-1 0Z",
  circle: "M-1 0a1 1 0 1 0 2 0a1 1 0 1 0-2 0",
  star: `${pixels(Array.from({ length: 10 }, (_, i) => {
    const [r, a] = [i % 2 ? 0.4 : 1, (i * Math.PI) / 5];
    return [r * Math.sin(a) * 10, -r * Math.cos(a) * 10];
  }))}Z`,
};
SHAPES.ring = SHAPES.circle;

/** A marker at a pixel. */
function marker({ marker: shape, size }, color, [x, y]) {
  const scale = shape === "star" ? size / 10 : size; // its numbers are written ten times as large
  const ink = shape === "ring" ? `class="ring" stroke="${color}"` : `class="edge" fill="${color}"`;
  return `<path d="${SHAPES[shape]}" ${ink}
    transform="translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${scale})"/>`;
}

/** Many small marks are one path of round ends: so they are drawn at once. */
function dots({ size }, color, points) {
  const d = points.map(([x, y]) => `M${x.toFixed(1)} ${y.toFixed(1)}h0`).join("");
  return `<path d="${d}" stroke="${color}" stroke-width="${2 * size}" stroke-linecap="round"/>`;
}

/** A square from a point to another y. */
function square({ width }, color, [x, y], other) {
  const side = Math.abs(y - other).toFixed(1);
  return `<rect class="square" x="${x.toFixed(1)}" y="${Math.min(y, other).toFixed(1)}" width="${side}"
    height="${side}" stroke="${color}" stroke-width="${width}"/>`;
}

/** One curve in a panel, with its marks. A null in a column lifts the pen, as what is far away. */
export function curve(f, look, [xs, ys, others]) {
  const color = COLORS[look.color] ?? `var(--${look.color})`;
  const near = (point) => point.every((pixel) => Math.abs(pixel) < 1e5);
  const points = xs.map((x, i) => (x === null || ys[i] === null ? [NaN, 0] : f.at([x, ys[i]])));
  if (look.marker === "squares") {
    return points.map((point, i) => square(look, color, point, f.y(others[i]))).join("");
  }
  const strokes = [[]];
  for (const point of look.dash ? points : []) {
    if (near(point)) strokes.at(-1).push(point);
    else if (strokes.at(-1).length) strokes.push([]);
  }
  const area = look.marker === "area";
  const fill = area ? `fill="${color}" fill-opacity="${look.size}"` : 'fill="none"';
  const lines = strokes.filter((stroke) => stroke.length > 1).map((stroke) =>
    `<path class="line" d="${pixels(thinned(stroke))}${area ? "Z" : ""}" ${fill} stroke="${color}"
      stroke-width="${look.width}" stroke-dasharray="${DASHES[look.dash]}"/>`);
  const marked = look.marker && !area ? points.filter(near) : [];
  if (look.size < 3 && marked.length) return lines.join("") + dots(look, color, marked);
  return lines.join("") + marked.map((point) => marker(look, color, point)).join("");
}

/** The sign of a curve and its name, for a legend. */
export function key(look) {
  const f = { at: (point) => point, y: (y) => y };
  const columns = look.marker === "squares" ? [[7], [1], [9]]
    : look.marker && !look.dash ? [[11], [5]] : [[0, 22], [5, 5]];
  const small = { ...look, size: Math.min(look.size, 6), width: Math.min(look.width, 2) };
  return `<span class="key"><svg width="22" height="10" aria-hidden="true">
    ${curve(f, small, columns)}</svg> ${escaped(look.name)}</span>`;
}
