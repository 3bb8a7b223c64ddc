/**
 * What draws a panel. A panel is a string of SVG in pixels of the screen:
 *
 *   const f = frame(width, height, [x0, x1], [y0, y1], { logX: true });
 *   svg.innerHTML = axes(f, "learning rate", "loss") + clipped(id, f, line(points, "run"));
 *
 * where `points` are pixels, f.at([u, v]). Colours are names of COLOR, which style.css sets for
 * light and dark; DASH is each colour's second cue. Text of others must pass through `escaped`.
 */
import { short, tickText } from "./text.js";

export const COLOR = {
  run: "var(--blue)", steep: "var(--vermilion)", best: "var(--green)", pinned: "var(--purple)",
};
export const DASH = { run: "", steep: "9 3 2 3", best: "7 4", pinned: "2 3" };
export const PAD = { left: 54, right: 10, top: 8, bottom: 34 };

/**
 * A frame with two scales: `x` and `y` turn numbers into pixels (`at` both), `atX` and `atY` pixels
 * back into numbers. `logX` and `logY` make them logarithmic: then the limits must be above zero.
 */
export function frame(width, height, xs, ys, { logX = false, logY = false } = {}) {
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

/** Whether a pixel [x, y] lies in the panel. */
export const within = (f, [x, y]) =>
  x >= PAD.left && x <= f.right && y >= PAD.top && y <= f.bottom;

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

/** Grid, numbers and the names of the two axes (`xLabel` and `yLabel` are SVG text, escaped). */
export function axes(f, xLabel, yLabel) {
  const wantX = Math.max(3, Math.floor((f.right - PAD.left) / 45));
  const wantY = Math.max(2, Math.floor((f.bottom - PAD.top) / 32));
  const words = (x, y, text, anchor = "middle", more = "") =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}" ${more}>${text}</text>`;
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

/** The `d` of a path through pixels. */
export const pixels = (points) =>
  `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;

/** How lines of a kind look. */
const stroke = (kind) => `class="line" stroke="${COLOR[kind]}" stroke-dasharray="${DASH[kind]}"`;

/** A curve through pixels, in the colour and dash of `kind`; `extra` are more attributes. */
export const line = (points, kind, extra = "") =>
  points.length < 2 ? "" : `<path d="${pixels(points)}" ${stroke(kind)} ${extra}/>`;

/**
 * Fewer pixels for the same curve: it ends where it leaves the picture for good, and of many points
 * pairs are left out: every tenth point of a zig-zag alone would be a calm path that no run took.
 */
export function thinned(points) {
  const end = points.findIndex((point) => !point.every((p) => Math.abs(p) < 1e5));
  const last = (end < 0 ? points.length : end) - 1;
  const stride = Math.ceil(last / 1500) || 1;
  const kept = [];
  for (let k = 0; k <= last; k++) {
    const [[x, y], [u, v]] = [points[k], kept.at(-1) ?? [Infinity, 0]];
    const far = Math.floor(k / 2) % stride === 0 && Math.hypot(x - u, y - v) > 0.4;
    if (far || k === last) kept.push(points[k]);
  }
  return kept;
}

/** Vertical or horizontal lines through the whole panel, at one number. */
export const lineAtX = (f, at, kind) => line([[f.x(at), 0], [f.x(at), f.height]], kind);
export const lineAtY = (f, at, kind) => line([[PAD.left, f.y(at)], [f.right, f.y(at)]], kind);

const SHAPES = { // unit shapes around (0, 0); the star's inner radius is 0.4
  square: "M-.7-.7H.7V.7H-.7Z",
  diamond: "M0-1L1 0 0 1-1 0Z",
  triangle: "M-1 .9H1L0-.9Z",
  circle: "M-1 0a1 1 0 1 0 2 0a1 1 0 1 0-2 0",
  star: `${pixels(Array.from({ length: 10 }, (_, i) => {
    const [r, a] = [i % 2 ? 0.4 : 1, (i * Math.PI) / 5];
    return [r * Math.sin(a) * 10, -r * Math.cos(a) * 10];
  }))}Z`,
};

/** A marker at a pixel: circle, square, diamond, triangle or star. `color` is any CSS colour. */
export function marker(shape, [x, y], color = "var(--fg)", size = 5, extra = 'class="edge"') {
  const scale = shape === "star" ? size / 10 : size; // its numbers are written ten times as large
  const place = `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${scale})`;
  return `<path d="${SHAPES[shape]}" transform="${place}" fill="${color}" ${extra}/>`;
}

/** What goes beyond the panel is cut off by it; `id` must be the panel's own in the whole page. */
export function clipped(id, f, content) {
  return `<clipPath id="${id}"><rect x="${PAD.left}" y="${PAD.top}" width="${f.right - PAD.left}"
    height="${f.bottom - PAD.top}"/></clipPath><g clip-path="url(#${id})">${content}</g>
    <path class="axis" d="M${PAD.left} ${PAD.top}V${f.bottom}H${f.right}"/>`;
}

/** Words inside a panel, on a plate of the background colour so that lines do not cross them. */
export const note = (x, y, text, anchor = "start") =>
  `<text class="note" x="${x}" y="${y}" text-anchor="${anchor}">${text}</text>`;

/** A panel in HTML: its title and the empty SVG that is filled later. */
export const figure = (name, title) => `<figure class="${name}" data-part="${name}">
  <figcaption>${title}</figcaption>
  <svg data-picture="${name}" role="img" aria-label="${name}"></svg></figure>`;

/** An entry of a legend: a stroke as in the panels, and a word. */
export const key = (kind, text) => `<span class="key"><svg width="22" height="8" aria-hidden="true">
  <path d="M0 4H22" ${stroke(kind)}/></svg> ${text}</span>`;
