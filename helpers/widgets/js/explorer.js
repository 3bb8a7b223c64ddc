/**
 * The learning-rate explorer of notebook 03: one module, no dependency, no build step.
 *
 *   1. The lesson   the readings, the loss, three optimizers and the training loop
 *   2. The theory   what can be known before training: the bowl, its limits, a verdict in words
 *   3. The pictures each one a string of SVG, drawn at the size it has on the screen
 *   4. The controls what one can move, and how a move reaches the pictures and the kernel
 *
 * Part 1 does in the browser what helpers/training.py does in PyTorch; tests/helpers/test_explorer.py runs
 * both and compares. JupyterLab opens this file through anywidget (helpers/explorer.py), the page
 * written by `LearningRateExplorer.page()` calls `standalone` at the end.
 */

// ---------------------------------------------------------------------------------- 1. The lesson

/** The eleven readings of notebook 01, as in helpers/data.py (a test compares them). */
export const READINGS = {
  t_c: [0.5, 14.0, 15.0, 28.0, 11.0, 8.0, 3.0, -4.0, 6.0, 13.0, 21.0],
  t_u: [35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4],
};
const START = [1, 0]; // (w, b), in the units of the scaled inputs

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** How each choice of inputs prepares the readings: subtract `shift`, divide by `scale`. */
const PREPARE = {
  raw: () => ({ shift: 0, scale: 1 }),
  "x0.1": () => ({ shift: 0, scale: 10 }),
  standardized: (t) => {
    const shift = mean(t);
    const squares = t.reduce((sum, value) => sum + (value - shift) ** 2, 0);
    return { shift, scale: Math.sqrt(squares / (t.length - 1)) }; // n - 1, as torch.std does
  },
};

/** The MSE of the line (w, b) and its gradient, by the chain rule of notebook 02. */
function measure(t_u, t_c, [w, b]) {
  const n = t_c.length;
  let loss = 0;
  let gradient_w = 0;
  let gradient_b = 0;
  for (let i = 0; i < n; i++) {
    const error = w * t_u[i] + b - t_c[i];
    const slope = (2 * error) / n; // dloss / dt_p
    loss += error * error;
    gradient_w += slope * t_u[i];
    gradient_b += slope;
  }
  return { loss: loss / n, gradient: [gradient_w, gradient_b] };
}

/** Each optimizer is a function (params, gradient) -> params that may remember earlier calls. */
const OPTIMIZERS = {
  gd: (lr) => ([w, b], [gw, gb]) => [w - lr * gw, b - lr * gb],

  // As torch.optim.SGD(momentum=beta): the velocity gathers gradients, the rate multiplies it.
  momentum: (lr, beta) => {
    let vw = 0;
    let vb = 0;
    return ([w, b], [gw, gb]) => {
      vw = beta * vw + gw;
      vb = beta * vb + gb;
      return [w - lr * vw, b - lr * vb];
    };
  },

  // As torch.optim.Adam with its defaults: running means of gradient and squared gradient.
  adam: (lr) => {
    const [beta1, beta2, eps] = [0.9, 0.999, 1e-8];
    const m = [0, 0];
    const v = [0, 0];
    let power1 = 1;
    let power2 = 1;
    return (params, gradient) => {
      power1 *= beta1;
      power2 *= beta2;
      const next = [0, 0];
      for (const i of [0, 1]) {
        const g = gradient[i];
        m[i] += (1 - beta1) * (g - m[i]);
        v[i] = beta2 * v[i] + (1 - beta2) * g * g;
        // Both means start at zero; dividing by 1 - beta^t takes that out again.
        next[i] = params[i] - (lr / (1 - power1)) * m[i] / (Math.sqrt(v[i] / (1 - power2)) + eps);
      }
      return next;
    };
  },
};

/**
 * Train the line and keep everything: `losses[k]` and `params[k]` belong to the line after k
 * updates, so index 0 is the start and both have n_epochs + 1 entries. (The loss that training
 * prints for epoch e is measured before the e-th update: it is `losses[e - 1]`.)
 * A run that diverges ends in Infinity and NaN, as it does in PyTorch.
 */
export function simulate({ inputs, optimizer, learning_rate, momentum = 0.9, n_epochs }) {
  const { t_u, t_c } = bowl(inputs);
  const update = OPTIMIZERS[optimizer](learning_rate, momentum);
  const losses = [];
  const path = [];
  let params = START;
  for (let epoch = 0; epoch <= n_epochs; epoch++) {
    const { loss, gradient } = measure(t_u, t_c, params);
    losses.push(loss);
    path.push(params);
    params = update(params, gradient);
  }
  return { losses, params: path };
}

// ---------------------------------------------------------------------------------- 2. The theory

const bowls = {}; // the bowl depends on nothing but the inputs: three of them, made once

/**
 * The loss as a quadratic bowl over (w, b): its bottom (`best`, `floor`), its curvature along the
 * steep and the flat direction (unit eigenvectors of the Hessian), and the critical rate.
 */
export function bowl(inputs) {
  if (!bowls[inputs]) {
    const { shift, scale } = PREPARE[inputs](READINGS.t_u);
    const t_u = READINGS.t_u.map((t) => (t - shift) / scale);
    const t_c = READINGS.t_c;
    const [mean_u, mean_c] = [mean(t_u), mean(t_c)];
    const variance = mean(t_u.map((t) => (t - mean_u) ** 2));
    const w = mean(t_u.map((t, i) => (t - mean_u) * (t_c[i] - mean_c))) / variance;
    const best = [w, mean_c - w * mean_u];

    // The Hessian is [[ww, wb], [wb, bb]]; its eigenvalues in closed form. The small one is
    // determinant / large one, because the difference of two near numbers would lose its digits.
    const [ww, wb, bb] = [2 * mean(t_u.map((t) => t * t)), 2 * mean_u, 2];
    const lambda_steep = (ww + bb) / 2 + Math.hypot((ww - bb) / 2, wb);
    const lambda_flat = (4 * variance) / lambda_steep;
    const angle = Math.atan2(2 * wb, ww - bb) / 2;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const floor = measure(t_u, t_c, best).loss;
    bowls[inputs] = {
      t_u, t_c, shift, scale, best, floor,
      steep: { lambda: lambda_steep, vector: [cos, sin] },
      flat: { lambda: lambda_flat, vector: [-sin, cos] },
    };
  }
  return bowls[inputs];
}

/** Distance from the best line, counted along the steep and along the flat direction. */
function errors({ best, steep, flat }, [w, b]) {
  const along = ({ vector }) => (w - best[0]) * vector[0] + (b - best[1]) * vector[1];
  return [along(steep), along(flat)];
}

/** The learning rate above which the run diverges; Adam has no such number. */
export function criticalRate({ inputs, optimizer, momentum }) {
  if (optimizer === "adam") return null;
  return (2 * (1 + (optimizer === "momentum" ? momentum : 0))) / bowl(inputs).steep.lambda;
}

/**
 * What one epoch multiplies the error by along a direction of curvature lambda. With momentum it
 * is the larger root of z^2 - (1 + beta - lr lambda) z + beta; complex roots swing and shrink by
 * their size, sqrt(beta).
 */
export function factor({ optimizer, learning_rate, momentum }, lambda) {
  if (optimizer !== "momentum") return { value: 1 - learning_rate * lambda, swings: false };
  const half = (1 + momentum - learning_rate * lambda) / 2;
  const discriminant = half * half - momentum;
  if (discriminant < 0) return { value: Math.sqrt(momentum), swings: true };
  return { value: half + (half < 0 ? -1 : 1) * Math.sqrt(discriminant), swings: false };
}

/** Loss after n_epochs for many learning rates. The bowl's own gradient spares the 11 readings. */
export function sweep({ inputs, optimizer, momentum, n_epochs }, from, to) {
  const { best, floor, steep, flat } = bowl(inputs);
  const count = Math.min(240, Math.max(80, Math.round(6e5 / n_epochs))); // bounded work
  const rates = Array.from({ length: count }, (_, i) => from * (to / from) ** (i / (count - 1)));
  const wall = criticalRate({ inputs, optimizer, momentum });
  if (wall) rates.push(...[0.8, 0.9, 0.97, 0.99, 0.999, 1.001, 1.01, 1.03].map((f) => f * wall));
  return rates.sort((a, b) => a - b).map((rate) => {
    const update = OPTIMIZERS[optimizer](rate, momentum);
    let params = START;
    let loss = Infinity;
    for (let epoch = 0; epoch <= n_epochs; epoch++) {
      const [s, f] = errors({ best, steep, flat }, params);
      loss = floor + (steep.lambda * s * s + flat.lambda * f * f) / 2;
      if (!(loss < OVERFLOW)) return [rate, Infinity];
      const [gs, gf] = [steep.lambda * s, flat.lambda * f];
      params = update(params, [
        gs * steep.vector[0] + gf * flat.vector[0],
        gs * steep.vector[1] + gf * flat.vector[1],
      ]);
    }
    return [rate, loss];
  });
}

const OVERFLOW = 1e38; // where float32, PyTorch's usual precision, comes to its end
const CLOSE = 0.001; // "has arrived": within this of the best loss, in degrees squared

/** What happened, in words with a number: `{ kind, text }`. */
export function verdict(settings, { losses }) {
  const { n_epochs, learning_rate, optimizer, inputs } = settings;
  const { floor, steep, flat } = bowl(inputs);
  const critical = criticalRate(settings);
  const ratio = critical && learning_rate / critical;
  const last = losses[n_epochs];
  const after = `after ${count(n_epochs)}`;
  const times = ratio && `${Math.abs(ratio - 1) < 0.005 ? ratio.toFixed(4) : short(ratio, 3)} times`;

  const lost = losses.findIndex((loss) => !(loss < OVERFLOW));
  if (lost >= 0) {
    const why = ratio > 1 ? `${times} the largest stable rate: ` : "";
    return { kind: "bad", text: `Diverges. ${why}loss beyond 1e38 at epoch ${lost + 1}.` };
  }
  if (ratio > 1.001) {
    const { value } = factor(settings, steep.lambda);
    const grows = `${short(100 * (Math.abs(value) - 1), 2)} %`;
    return {
      kind: "bad",
      text: `Diverges. ${times} the largest stable rate: the steep error grows by ${grows} each epoch; ` +
        `loss ${loss4(last)} ${after}.`,
    };
  }
  // The first epoch from which the loss stays close: momentum may pass by and leave again.
  let arrived = n_epochs + 1;
  while (arrived > 0 && losses[arrived - 1] - floor <= CLOSE) arrived--;
  if (arrived <= n_epochs) {
    return { kind: "good", text: `Within 0.001 of the best loss after ${count(arrived)}.` };
  }
  const above = `loss ${loss4(last)}, ${loss4(last - floor)} above the best`;
  if (ratio >= 0.999) {
    return {
      kind: "edge",
      text: `At the edge, ${times} the largest stable rate: each epoch jumps across the valley; ${above}.`,
    };
  }
  if (last > losses[0]) {
    return { kind: "bad", text: `Worse than the start (${loss4(losses[0])}): ${above}.` };
  }
  let text = `Not there yet: ${above}.`;
  if (optimizer === "gd") {
    // The slower direction decides: solve lambda/2 (error factor^t)^2 = CLOSE for t in both.
    const [across, along] = errors(bowl(inputs), START);
    const until = ({ lambda }, error) =>
      Math.log(CLOSE / ((lambda / 2) * error ** 2)) /
      (2 * Math.log(Math.abs(factor(settings, lambda).value)));
    const needed = Math.max(until(steep, across), until(flat, along));
    if (needed > n_epochs) {
      text += ` At ${times} the largest stable rate it needs about ${count(Number(short(needed, 3)))}.`;
    }
  }
  return { kind: "slow", text };
}

/** The run as PyTorch code that can be pasted into an empty notebook. */
export function pytorchCode({ inputs, optimizer, learning_rate, momentum, n_epochs }) {
  const list = (values) => `[${values.map((v) => (Number.isInteger(v) ? v.toFixed(1) : v)).join(", ")}]`;
  const prepare = {
    raw: "",
    "x0.1": "t_u = 0.1 * t_u\n",
    standardized: "t_u = (t_u - t_u.mean()) / t_u.std()\n",
  };
  const create = {
    gd: `SGD([params], lr=${learning_rate})`,
    momentum: `SGD([params], lr=${learning_rate}, momentum=${momentum})`,
    adam: `Adam([params], lr=${learning_rate})`,
  };
  return `import torch

torch.set_default_dtype(torch.float64)
t_c = torch.tensor(${list(READINGS.t_c)})
t_u = torch.tensor(${list(READINGS.t_u)})
${prepare[inputs]}
params = torch.tensor([1.0, 0.0], requires_grad=True)
optimizer = torch.optim.${create[optimizer]}
for epoch in range(${n_epochs}):
    optimizer.zero_grad()
    loss = ((params[0] * t_u + params[1] - t_c) ** 2).mean()
    loss.backward()
    optimizer.step()

loss = ((params[0] * t_u + params[1] - t_c) ** 2).mean()  # after the last update
print(f"w {params[0].item():.6g}, b {params[1].item():.6g}, loss {loss.item():.6g}")
`;
}

/** What is wrong with these settings, in words, or null. The host in Python has the same limits. */
export function problem({ inputs, optimizer, learning_rate, momentum, n_epochs }) {
  const [low, high, most] = [LIMITS.learning_rate[0], LIMITS.learning_rate[1], LIMITS.n_epochs[1]];
  if (!(inputs in PREPARE)) return `There are no inputs called "${inputs}".`;
  if (!(optimizer in OPTIMIZERS)) return `There is no optimizer called "${optimizer}".`;
  if (!(learning_rate >= low && learning_rate <= high)) {
    return `The learning rate must be a number from ${low} to ${high}.`;
  }
  if (!(momentum >= 0 && momentum < 1)) return "Momentum must be a number from 0 to below 1.";
  if (!(Number.isInteger(n_epochs) && n_epochs >= 1 && n_epochs <= most)) {
    return `Epochs must be a whole number from 1 to ${most}.`;
  }
  return null;
}
const LIMITS = { learning_rate: [1e-9, 1e6], n_epochs: [1, 10000] };
const SLIDER = { learning_rate: [1e-6, 10], n_epochs: [1, 10000] }; // the part worth dragging through

// ---------------------------------------------------------------------------------- Numbers as text

const short = (x, digits = 4) => (Number.isFinite(x) ? String(Number(x.toPrecision(digits))) : "overflow");
const count = (n) => `${n} ${n === 1 ? "epoch" : "epochs"}`;

/** Four digits, never more than x: a rate just below the wall must not be rounded across it. */
function roundDown(x) {
  const power = 10 ** (4 - Math.ceil(Math.log10(x)));
  return Math.floor(x * power * (1 + 1e-12)) / power;
}

/** Four decimals for a loss one can read, four digits for one that has run away. */
function loss4(x) {
  if (!Number.isFinite(x)) return "overflow";
  return x < 1e6 ? x.toFixed(4) : x.toPrecision(4).replace("e+", "e");
}

const powerOfTen = (k) => `10${String(k).replace(/./g, (c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? "⁻")}`;

// -------------------------------------------------------------------------------- 3. The pictures

const COLOR = { run: "#0072B2", steep: "#D55E00", best: "#009E73", pinned: "#CC79A7" };
const DASH = { run: "", best: "7 4", pinned: "2 3" };
const PAD = { left: 44, right: 10, top: 8, bottom: 34 };

/** A frame with two scales: `x` and `y` turn numbers into pixels. `log` scales take logarithms. */
function frame(width, height, [x0, x1], [y0, y1], { logX = false, logY = false } = {}) {
  const right = width - PAD.right;
  const bottom = height - PAD.bottom;
  const scale = (log, from, to, start, end) => {
    const [a, z] = log ? [Math.log10(from), Math.log10(to)] : [from, to];
    return (value) => start + (((log ? Math.log10(value) : value) - a) / (z - a)) * (end - start);
  };
  return {
    width, height, right, bottom, logX, logY, domain: { x: [x0, x1], y: [y0, y1] },
    x: scale(logX, x0, x1, PAD.left, right),
    y: scale(logY, y0, y1, bottom, PAD.top),
  };
}

/** Round numbers between two limits, about `wanted` of them. */
function ticks([from, to], log, wanted) {
  const steps = [];
  if (log) {
    const [a, z] = [Math.ceil(Math.log10(from) - 1e-9), Math.floor(Math.log10(to) + 1e-9)];
    if (to / from < 150) { // 1, 2, 5, 10 in plain numbers while there are few powers of ten
      const plain = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].filter((at) => at >= from && at <= to);
      return plain.map((at) => ({ at, text: String(at) }));
    }
    const stride = Math.max(1, Math.ceil((z - a) / wanted));
    for (let k = Math.ceil(a / stride) * stride; k <= z; k += stride) steps.push({ at: 10 ** k, text: powerOfTen(k) });
    return steps;
  }
  const rough = (to - from) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough);
  for (let k = Math.ceil(from / step); k <= to / step; k++) steps.push({ at: k * step, text: short(k * step, 6) });
  return steps;
}

function axes(f, xLabel, yLabel) {
  const wantX = Math.max(3, Math.floor((f.right - PAD.left) / 45));
  const wantY = Math.max(2, Math.floor((f.bottom - PAD.top) / 32));
  const xs = ticks(f.domain.x, f.logX, wantX).map(({ at, text }) =>
    `<path class="grid" d="M${f.x(at)} ${PAD.top}V${f.bottom}"/>` +
    // The last number must end with the picture; half a digit is about 3.4 pixels wide.
    `<text x="${Math.min(f.x(at), f.width - 3.4 * text.length)}" y="${f.bottom + 14}" text-anchor="middle">${text}</text>`);
  const ys = ticks(f.domain.y, f.logY, wantY).map(({ at, text }) =>
    `<path class="grid" d="M${PAD.left} ${f.y(at)}H${f.right}"/>` +
    `<text x="${PAD.left - 5}" y="${f.y(at) + 4}" text-anchor="end">${text}</text>`);
  const middle = (PAD.left + f.right) / 2;
  const half = (PAD.top + f.bottom) / 2;
  return `${xs.join("")}${ys.join("")}
    <text class="label" x="${middle}" y="${f.height - 4}" text-anchor="middle">${xLabel}</text>
    <text class="label" x="10" y="${half}" text-anchor="middle" transform="rotate(-90 10 ${half})">${yLabel}</text>`;
}

const pixels = (points) => `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;

function line(points, kind, extra = "") {
  if (points.length < 2) return "";
  return `<path class="line" d="${pixels(points)}" stroke="${COLOR[kind]}" stroke-dasharray="${DASH[kind]}" ${extra}/>`;
}

/** What goes beyond the frame is cut off by it; each picture has its own clip path. */
function clipped(id, f, content) {
  return `<clipPath id="${id}"><rect x="${PAD.left}" y="${PAD.top}" width="${f.right - PAD.left}"
    height="${f.bottom - PAD.top}"/></clipPath><g clip-path="url(#${id})">${content}</g>
    <path class="axis" d="M${PAD.left} ${PAD.top}V${f.bottom}H${f.right}"/>`;
}

/** Words inside a picture, on a plate of the background colour so that lines do not cross them. */
function note(x, y, text, anchor = "start") {
  return `<text class="note" x="${x}" y="${y}" text-anchor="${anchor}">${text}</text>`;
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

/** The window of the surface: every stable run of gradient descent fits in, others widen it. */
function surfaceWindow(bowl, params, width, height, equal) {
  const { best, steep, flat } = bowl;
  const [s0, f0] = errors(bowl, START);
  // At the critical rate the steep error goes from s0 to -s0, the flat one down to this share:
  const share = 1 - (2 * flat.lambda) / steep.lambda;
  let [low, high] = [Math.min(-0.12, share - 0.1), 1.12];
  for (const point of params) {
    const [s, f] = errors(bowl, point);
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
  return range;
}

function drawSurface({ id, width, height, settings, run, shown, equal, pinned }) {
  const bowl_ = bowl(settings.inputs);
  const { best, floor, steep, flat } = bowl_;
  const [rangeW, rangeB] = surfaceWindow(bowl_, run.params, width, height, equal);
  const f = frame(width, height, rangeW, rangeB);

  // Exact contours: where the excess over the best loss is E, the bowl is an ellipse with the
  // half axes sqrt(2 E / lambda) along its two directions. From one to the next E grows fourfold.
  const corners = rangeW.flatMap((w) => rangeB.map((b) => measure(bowl_.t_u, bowl_.t_c, [w, b]).loss - floor));
  const highest = Math.max(...corners);
  const ellipses = Array.from({ length: 8 }, (_, k) => {
    const excess = highest / 4 ** k;
    const [long, wide] = [Math.sqrt((2 * excess) / flat.lambda), Math.sqrt((2 * excess) / steep.lambda)];
    const points = Array.from({ length: 181 }, (_, i) => {
      const [c, s] = [long * Math.cos((i * Math.PI) / 90), wide * Math.sin((i * Math.PI) / 90)];
      return [
        f.x(best[0] + c * flat.vector[0] + s * steep.vector[0]),
        f.y(best[1] + c * flat.vector[1] + s * steep.vector[1]),
      ];
    });
    return `<path class="contour" d="${pixels(points)}Z"/>`;
  });

  const whole = pathPixels(f, run.params, settings.n_epochs);
  const done = pathPixels(f, run.params, shown);
  const thin = whole.length > 120 ? 'style="stroke-width: 1.2"' : ""; // or a zig-zag is one solid block
  const dots = whole.length < 60 ? done.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="2.2" fill="${COLOR.run}"/>`) : [];
  const [startX, startY] = [f.x(START[0]), f.y(START[1])];
  const [bestX, bestY] = [f.x(best[0]), f.y(best[1])];
  const here = done.at(-1);
  const inside = here && here[0] > PAD.left && here[0] < f.right && here[1] > PAD.top && here[1] < f.bottom;
  const current = run.params[shown];
  const visible = inside && current.every(Number.isFinite) && Math.abs(f.x(current[0]) - here[0]) < 1;
  const star = Array.from({ length: 10 }, (_, i) => {
    const [r, a] = [i % 2 ? 3.2 : 8, (i * Math.PI) / 5];
    return [bestX + r * Math.sin(a), bestY - r * Math.cos(a)];
  });
  return axes(f, "w", "b") + clipped(id, f, `
    ${ellipses.join("")}
    ${pinned ? line(pathPixels(f, convert(pinned, settings.inputs), pinned.settings.n_epochs), "pinned") : ""}
    ${shown < settings.n_epochs ? line(whole, "run", `opacity="0.3" ${thin}`) : ""}
    ${line(done, "run", thin)}${dots.join("")}
    <rect x="${startX - 5}" y="${startY - 5}" width="10" height="10" class="mark"/>
    <path d="${pixels(star)}Z" fill="${COLOR.best}" class="edge"/>
    ${visible ? `<circle cx="${here[0]}" cy="${here[1]}" r="5" fill="${COLOR.run}" class="edge"/>` : ""}`) +
    (visible ? "" : note(PAD.left + 8, PAD.top + 16, "● has left this picture"));
}

/** A pinned run keeps its own inputs: the same lines, written in the units of other inputs. */
function convert({ settings, run }, inputs) {
  const [from, to] = [bowl(settings.inputs), bowl(inputs)];
  return run.params.map(([w, b]) => {
    const slope = w / from.scale;
    return [slope * to.scale, b + slope * (to.shift - from.shift)];
  });
}

/** A curve of losses in pixels. Where many epochs share a pixel, its lowest and highest are drawn. */
function lossPixels(f, losses, until) {
  const points = [];
  const stride = Math.max(1, Math.ceil(until / (f.right - PAD.left)));
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
    for (const k of low < high ? [low, high] : low > high ? [high, low] : [low]) points.push([f.x(k), f.y(losses[k])]);
  }
  return points;
}

/** How many epochs a run has to show: a run that overflows at once should not be a bare wall. */
function lastEpoch({ settings, run }) {
  const lost = run.losses.findIndex((loss) => !(loss < OVERFLOW));
  return lost >= 0 ? Math.min(settings.n_epochs, Math.ceil(lost * 1.3) + 1) : settings.n_epochs;
}

function drawLosses({ id, width, height, settings, run, shown, pinned }) {
  const { floor } = bowl(settings.inputs);
  const runs = [{ settings, run }, ...(pinned ? [pinned] : [])];
  const end = Math.max(...runs.map(lastEpoch));
  const highest = Math.max(...runs.flatMap(({ run }) => run.losses.map((loss) => (loss < OVERFLOW ? loss : OVERFLOW))));
  const f = frame(width, height, [0, end], [floor / 2, highest * 1.6], { logY: true });
  const lost = run.losses.findIndex((loss) => !(loss < OVERFLOW));
  const floorY = f.y(floor);
  const loss = run.losses[shown];
  return axes(f, "epochs done", "loss (°C²)") + clipped(id, f, `
    <path class="line thin" d="M${PAD.left} ${floorY}H${f.right}" stroke="${COLOR.best}" stroke-dasharray="${DASH.best}"/>
    ${pinned ? line(lossPixels(f, pinned.run.losses, Math.min(end, pinned.settings.n_epochs)), "pinned") : ""}
    ${line(lossPixels(f, run.losses, Math.min(end, settings.n_epochs)), "run")}`) + `
    ${loss < OVERFLOW && shown <= end ? `<circle cx="${f.x(shown)}" cy="${f.y(loss)}" r="5" fill="${COLOR.run}" class="edge"/>` : ""}` +
    note(f.right - 4, floorY + (f.bottom - floorY > 18 ? 14 : -5), `best ${loss4(floor)}`, "end") +
    (lost >= 0 ? note(f.right - 4, f.y(floor) - 22, `✘ beyond 10³⁸ at epoch ${lost + 1}`, "end") : "");
}

const AXIS_OF_INPUTS = { raw: "reading (unknown unit)", "x0.1": "reading × 0.1", standardized: "standardized reading" };

function drawFit({ id, width, height, settings, run, shown, pinned }) {
  const { t_u, t_c, best } = bowl(settings.inputs);
  const [low, high] = [Math.min(...t_u), Math.max(...t_u)];
  const pad = 0.08 * (high - low);
  const f = frame(width, height, [low - pad, high + pad], [-12, 36]);
  const ends = ([w, b]) => f.domain.x.map((u) => [f.x(u), Math.max(-1e5, Math.min(1e5, f.y(w * u + b)))]);
  const params = run.params[shown];
  const finite = params.every(Number.isFinite);
  const ys = finite ? ends(params).map(([, y]) => y) : [Infinity];
  const away = !finite || Math.min(...ys) > f.bottom || Math.max(...ys) < PAD.top;
  const points = t_u.map((u, i) => `<circle cx="${f.x(u)}" cy="${f.y(t_c[i])}" r="3.5" class="mark"/>`);
  return axes(f, AXIS_OF_INPUTS[settings.inputs], "temperature (°C)") + clipped(id, f, `
    ${line(ends(best), "best")}
    ${pinned ? line(ends(convert(pinned, settings.inputs)[Math.min(shown, pinned.settings.n_epochs)]).filter(([, y]) => !Number.isNaN(y)), "pinned") : ""}
    ${finite ? line(ends(params), "run") : ""}${points.join("")}`) +
    (away ? note(PAD.left + 8, PAD.top + 14, finite ? "line has left this picture" : "no line: overflow") : "");
}

function drawSweep({ id, width, height, settings, run, curve }) {
  const { floor } = bowl(settings.inputs);
  const top = 1e5;
  const f = frame(width, height, SLIDER.learning_rate, [floor / 2, top], { logX: true, logY: true });
  const wall = criticalRate(settings);
  const points = curve.map(([rate, loss]) => [f.x(rate), f.y(Math.min(loss, top * 10))]);
  const rate = Math.min(Math.max(settings.learning_rate, SLIDER.learning_rate[0]), SLIDER.learning_rate[1]);
  const loss = run.losses[settings.n_epochs];
  const [hereX, hereY] = [f.x(rate), f.y(loss < top ? loss : top)];
  const mark = loss < top
    ? `<circle cx="${hereX}" cy="${hereY}" r="5" fill="${COLOR.run}" class="edge"/>`
    : `<path d="M${hereX - 6} ${hereY + 11}h12l-6 -10z" fill="${COLOR.run}" class="edge"/>`; // it is further up
  const wallX = wall && f.x(wall);
  const wallLeft = wallX > f.right - 95; // beyond the wall there is no curve to cross, if there is room
  return axes(f, "learning rate", "loss (°C²)") + clipped(id, f, `
    <path class="line thin" d="M${PAD.left} ${f.y(floor)}H${f.right}" stroke="${COLOR.best}" stroke-dasharray="${DASH.best}"/>
    ${wall ? `<rect class="beyond" x="${wallX}" y="0" width="${width}" height="${height}"/>` : ""}
    <path class="axis" d="M${hereX} 0V${height}"/>${line(points, "run")}
    ${wall ? `<path class="line wall" d="M${wallX} 0V${height}" stroke="${COLOR.steep}"/>` : ""}${mark}`) +
    (wall ? note(wallX + (wallLeft ? -6 : 6), PAD.top + 14, `wall ${short(wall)}`, wallLeft ? "end" : "start") : "");
}

/** The multiplier of each direction on a scale where everything between -1 and 1 shrinks. */
function drawGauge({ width, height, settings }) {
  const { steep, flat } = bowl(settings.inputs);
  const middle = 15;
  const x = (value) => 14 + ((Math.max(-1.7, Math.min(1.7, value)) + 1.7) / 3.4) * (width - 28);
  const scale = [[-1, "−1"], [0, "shrinks"], [1, "1"]].map(([v, text]) =>
    `<path class="axis" d="M${x(v)} ${middle - 9}V${middle + 9}"/>
    <text x="${x(v)}" y="${height - 2}" text-anchor="middle">${text}</text>`);
  const zones = `<rect class="shrinks" x="${x(-1)}" y="${middle - 6}" width="${x(1) - x(-1)}" height="12"/>
    <path class="axis" d="M6 ${middle}H${width - 6}"/>
    <text x="4" y="${height - 2}">grows</text><text x="${width - 4}" y="${height - 2}" text-anchor="end">grows</text>`;
  const marks = [[steep, COLOR.steep], [flat, COLOR.run]].map(([direction, color], i) => {
    const { value } = factor(settings, direction.lambda);
    const at = x(value);
    const shape = i === 0 ? `M${at - 7} ${middle + 6}h14l-7 -13z` : `M${at - 5.5} ${middle}a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0 -11 0`;
    return `<path d="${shape}" fill="${color}" class="edge"/>`;
  });
  return zones + scale.join("") + marks.join("");
}

/** The same in words. */
function gaugeWords(settings) {
  if (settings.optimizer === "adam") {
    const { best } = bowl(settings.inputs);
    const far = Math.max(Math.abs(best[0] - START[0]), Math.abs(best[1] - START[1]));
    const steps = short(far / settings.learning_rate, 3);
    return ["Adam has no fixed factor: a step of w or b is at most about the learning rate.",
      `The best line is ${short(far)} away, about ${steps} steps of ${short(settings.learning_rate)} at the least.`];
  }
  const { steep, flat } = bowl(settings.inputs);
  return [["▲ steep", steep], ["● flat", flat]].map(([name, { lambda }]) => {
    const { value, swings } = factor(settings, lambda);
    const size = Math.abs(value);
    // Near 1 the digits that matter are those of the difference to 1.
    const digits = Math.min(9, Math.max(4, 2 - Math.floor(Math.log10(Math.abs(1 - size) || 1e-9))));
    const halves = Math.log(0.5) / Math.log(size);
    let pace = size > 1 + 1e-9 ? "grows" : halves < 1 ? "shrinks fast" : `halves in ${count(Number(short(halves, 3)))}`;
    if (size > 1 - 1e-9 && size <= 1 + 1e-9) pace = "stays";
    return `${name} × ${short(value, digits).replace("-", "−")}: ${pace}${swings ? ", swings" : value < 0 ? ", flips sides" : ""}`;
  });
}

// -------------------------------------------------------------------------------- 4. The controls

const NAMES = ["inputs", "optimizer", "learning_rate", "momentum", "n_epochs"];
const DEFAULTS = { inputs: "x0.1", optimizer: "gd", learning_rate: 0.01, momentum: 0.9, n_epochs: 1000 };

/** The classic runs: a name, and what it changes in the settings of the moment. */
const PRESETS = [
  ["raw, 1e-2", () => ({ inputs: "raw", optimizer: "gd", learning_rate: 1e-2, n_epochs: 100 })],
  ["raw, 1e-4", () => ({ inputs: "raw", optimizer: "gd", learning_rate: 1e-4, n_epochs: 100 })],
  ["×0.1, 1e-2", () => ({ inputs: "x0.1", optimizer: "gd", learning_rate: 1e-2, n_epochs: 5000 })],
  ["best rate", ({ inputs }) => {
    // The rate that shrinks the worse of the two directions most: both by the same factor.
    const { steep, flat } = bowl(inputs);
    return { optimizer: "gd", learning_rate: Number(short(2 / (steep.lambda + flat.lambda), 6)), n_epochs: 3000 };
  }],
  ["at the edge", ({ inputs }) => ({
    optimizer: "gd", learning_rate: roundDown(2 / bowl(inputs).steep.lambda), n_epochs: 200,
  })],
  ["standardized", () => ({ inputs: "standardized", optimizer: "gd", learning_rate: 1e-2, n_epochs: 1000 })],
  ["Adam on raw", () => ({ inputs: "raw", optimizer: "adam", learning_rate: 0.1, n_epochs: 2000 })],
];

// JupyterLab would take arrow keys and letters for its own commands unless the element that has
// the focus says otherwise: every control carries this attribute itself.
const KEYS = 'data-lm-suppress-shortcuts="true"';

function radios(id, name, legend, options) {
  const items = options.map(([value, text]) =>
    `<label><input type="radio" name="${id}-${name}" value="${value}" ${KEYS}><span>${text}</span></label>`);
  return `<div class="group" role="radiogroup" aria-labelledby="${id}-${name}">
    <span class="name" id="${id}-${name}">${legend}</span><span class="segments">${items.join("")}</span></div>`;
}

/** A slider over powers of ten and a box for the exact number. */
function sliderAndBox(id, name, label, step) {
  const [low, high] = SLIDER[name].map(Math.log10);
  return `<div class="group wide"><label class="name" for="${id}-${name}">${label}</label>
    <input type="range" id="${id}-${name}" data-slider="${name}" min="${low}" max="${high}" step="${step}" ${KEYS}>
    <input type="text" data-box="${name}" aria-label="${label}, typed" aria-describedby="${id}-message"
      inputmode="decimal" autocomplete="off" spellcheck="false" ${KEYS}></div>`;
}

const figure = (name, caption) => `<figure class="${name}"><figcaption>${caption}</figcaption>
  <svg data-picture="${name}" role="img" aria-label="${name}"></svg></figure>`;

const key = (kind, text) => `<span class="key"><svg width="22" height="8" aria-hidden="true"><path class="line"
  d="M0 4H22" stroke="${COLOR[kind]}" stroke-dasharray="${DASH[kind]}"/></svg> ${text}</span>`;

const markup = (id) => `<div class="body">
  <div class="presets" role="group" aria-label="Presets: the classic runs"><span class="name">Presets</span>
    ${PRESETS.map(([name], i) => `<button type="button" data-preset="${i}" aria-pressed="false" ${KEYS}>${name}</button>`).join("")}
  </div>
  <div class="row">
    ${radios(id, "inputs", "Inputs", [["raw", "raw"], ["x0.1", "× 0.1"], ["standardized", "standardized"]])}
    ${radios(id, "optimizer", "Optimizer", [["gd", "gradient descent"], ["momentum", "momentum"], ["adam", "Adam"]])}
    <div class="group beta"><label class="name" for="${id}-momentum">β</label>
      <input type="range" id="${id}-momentum" aria-label="β, the momentum coefficient" data-momentum min="0" max="0.99" step="0.01" ${KEYS}>
      <output for="${id}-momentum"></output></div>
  </div>
  <div class="row">
    ${sliderAndBox(id, "learning_rate", "Learning rate", 0.01)}
    ${sliderAndBox(id, "n_epochs", "Epochs", 0.02)}
  </div>
  <div class="row">
    <div class="group wide"><label class="name" for="${id}-shown">Show epoch</label>
      <button type="button" data-play ${KEYS}>Play</button>
      <input type="range" id="${id}-shown" data-shown min="0" step="1" ${KEYS}></div>
    <button type="button" data-pin aria-pressed="false" ${KEYS}>Pin this run</button>
    <label class="check"><input type="checkbox" data-equal ${KEYS}> same scale for w and b</label>
    <button type="button" data-reset ${KEYS}>Reset</button>
  </div>
  <p class="message" id="${id}-message" role="alert"></p>
  <div class="row says">
    <div class="verdict"><p data-verdict></p><p class="readout" data-readout></p></div>
    <div class="gauge"><p class="name">One epoch multiplies the error by</p>
      <div class="dial"><svg data-picture="gauge" role="img" aria-label="gauge"></svg><p data-factors></p></div></div>
    <p class="hidden" aria-live="polite" data-announce></p>
  </div>
  <div class="pictures">
    ${figure("surface", `Loss surface <span class="key">■ start</span> <span class="key">★ best</span> <span class="key">● shown</span>`)}
    ${figure("losses", "Loss per epoch")}
    ${figure("fit", "Fit on the data")}
    ${figure("sweep", `Loss after <span data-n></span>, for every learning rate <span class="key">(click to choose)</span>`)}
  </div>
  <p class="keys">${key("run", "this run")} ${key("best", "best line")} <span data-pinned hidden>${key("pinned", "pinned: ")}<span></span></span></p>
  <details><summary ${KEYS}>The PyTorch code for this run</summary>
    <pre tabindex="0" aria-label="PyTorch code" ${KEYS}><code data-code></code></pre>
    <button type="button" data-copy ${KEYS}>Copy</button> <span data-copied role="status"></span></details>
  <div class="kernel"><button type="button" data-check ${KEYS}>Check against PyTorch</button>
    <div data-checked role="status"></div></div>
</div>`;

let views = 0; // one model may be shown several times in a notebook, and ids must differ

/** The widget, as anywidget calls it: draw into `el`, listen to `model`, return the clean-up. */
function render({ model, el }) {
  const id = `lre${++views}-${Math.random().toString(36).slice(2, 7)}`;
  const root = document.createElement("div");
  root.className = "lre";
  root.innerHTML = `<style>${STYLE}</style>${markup(id)}`;
  el.append(root);
  const find = (selector) => root.querySelector(selector);
  const all = (selector) => [...root.querySelectorAll(selector)];

  const read = () => Object.fromEntries(NAMES.map((name) => [name, model.get(name)]));
  const initial = read();
  let settings = initial;
  let shown = settings.n_epochs; // the epoch in the pictures
  let equal = false;
  let pinned = null; // { settings, run }
  let playing = 0; // the animation frame of Play, 0 when it rests

  // -- From the settings to the screen

  const memory = {};
  /** Keep the last value of a slow function and use it again while its arguments are the same. */
  function cached(name, compute, ...inputs) {
    const signature = JSON.stringify(inputs);
    if (memory[name]?.signature !== signature) memory[name] = { signature, value: compute(...inputs) };
    return memory[name].value;
  }

  let frameRequest = 0;
  let stale = false;
  /** Draw at once, but once in a frame of the screen: what comes later waits for the next frame. */
  function redraw() {
    if (frameRequest) {
      stale = true;
      return;
    }
    draw();
    frameRequest = requestAnimationFrame(() => {
      frameRequest = 0;
      if (stale) redraw();
    });
  }

  const boxes = {}; // the size of each picture on the screen, kept by the ResizeObserver
  function picture(name, drawer, label, state) {
    const svg = find(`[data-picture=${name}]`);
    const { width, height } = boxes[name] ?? {};
    if (!width || !height) return; // not on the screen yet
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("aria-label", label);
    svg.innerHTML = drawer({ id: `${id}-${name}`, width, height, ...state });
  }

  function draw() {
    stale = false;
    const run = cached("run", simulate, settings);
    const said = cached("verdict", (s) => verdict(s, run), settings);
    shown = Math.min(shown, settings.n_epochs);
    const state = { settings, run, shown, equal, pinned };
    const [w, b] = run.params[shown];
    const { inputs, optimizer, momentum, n_epochs } = settings;
    const curve = cached("sweep", (s) => sweep(s, ...SLIDER.learning_rate), { inputs, optimizer, momentum, n_epochs });

    const box = find(".verdict");
    box.dataset.kind = said.kind;
    find("[data-verdict]").textContent = `${{ good: "✔", bad: "✘", edge: "≈", slow: "…" }[said.kind]} ${said.text}`;
    const where = `w ${short(w, 5)}, b ${short(b, 5)}, loss ${loss4(run.losses[shown])}`;
    find("[data-readout]").textContent = `After ${count(shown)}: ${where}`;
    const words = gaugeWords(settings);
    find("[data-factors]").innerHTML = words.map((sentence) => `<span>${sentence}</span>`).join("");
    find(".gauge").classList.toggle("none", optimizer === "adam");
    find("[data-n]").textContent = count(n_epochs);
    find("[data-pinned]").hidden = !pinned;
    if (pinned) find("[data-pinned] > span:last-child").textContent = describe(pinned.settings, pinned.run);

    picture("surface", drawSurface, `Loss surface over w and b with the path of the run. ${where}.`, state);
    picture("losses", drawLosses, `Loss per epoch on a logarithmic scale. ${said.text}`, state);
    picture("fit", drawFit, `The readings and the line after ${count(shown)}: ${where}.`, state);
    picture("sweep", drawSweep, `Loss after ${count(n_epochs)} for every learning rate. ` +
      (optimizer === "adam" ? "" : `Runs diverge beyond ${short(criticalRate(settings))}.`), { ...state, curve });
    picture("gauge", drawGauge, `One epoch multiplies the error by: ${words.join("; ")}`, state);
    fillControls();
    announceLater(said.text);
  }

  const describe = ({ inputs, optimizer, momentum, learning_rate, n_epochs }, { losses }) =>
    `${inputs}, ${optimizer}${optimizer === "momentum" ? ` ${momentum}` : ""} at ${short(learning_rate)}, ` +
    `loss ${loss4(losses[n_epochs])} after ${count(n_epochs)}`;

  function fillControls() {
    for (const name of ["inputs", "optimizer"]) {
      all(`input[name="${id}-${name}"]`).forEach((radio) => (radio.checked = radio.value === settings[name]));
    }
    for (const name of ["learning_rate", "n_epochs"]) {
      const slider = find(`[data-slider=${name}]`);
      slider.value = Math.log10(settings[name]);
      slider.setAttribute("aria-valuetext", short(settings[name])); // not the exponent
      const box = find(`[data-box=${name}]`);
      if (box.getAttribute("aria-invalid") !== "true" && box !== box.ownerDocument.activeElement) box.value = settings[name];
    }
    find("[data-momentum]").value = settings.momentum;
    find("[data-momentum]").disabled = settings.optimizer !== "momentum";
    find(".beta output").textContent = short(settings.momentum);
    const scrub = find("[data-shown]");
    scrub.max = settings.n_epochs;
    scrub.value = shown;
    scrub.setAttribute("aria-valuetext", `after ${count(shown)}`);
    find("[data-equal]").checked = equal;
    find("[data-play]").textContent = playing ? "Pause" : "Play";
    find("[data-pin]").textContent = pinned ? "Unpin" : "Pin this run";
    find("[data-pin]").setAttribute("aria-pressed", String(Boolean(pinned)));
    all("[data-preset]").forEach((button) => {
      const preset = PRESETS[button.dataset.preset][1](settings);
      button.setAttribute("aria-pressed", String(NAMES.every((name) => !(name in preset) || preset[name] === settings[name])));
    });
    if (find("details").open) find("[data-code]").textContent = pytorchCode(settings);
  }

  let announceTimer = 0;
  /** Screen readers hear the verdict when the move has come to rest, not at every step of it. */
  function announceLater(text) {
    if (memory.announced === text) return;
    memory.announced = text;
    clearTimeout(announceTimer);
    announceTimer = setTimeout(() => (find("[data-announce]").textContent = text), 700);
  }

  // -- From a move to the settings

  /** The one door for every change of the settings: what is not valid is said and not done. */
  function choose(changes, box = null) {
    const wanted = { ...settings, ...changes };
    const complaint = problem(wanted);
    all("[data-box]").forEach((each) => each.setAttribute("aria-invalid", String(Boolean(complaint) && each === box)));
    find(".message").textContent = complaint ? `${complaint} Still showing the run before.` : "";
    if (complaint) return;
    stop();
    const atEnd = shown === settings.n_epochs; // stay at the end, or at the epoch one looks at
    settings = wanted;
    if (atEnd) shown = settings.n_epochs;
    clearCheck();
    redraw();
    tellKernel();
  }

  let kernelTimer = 0;
  /** The kernel only needs to know where a move ended: one message, not one for each step. */
  function tellKernel() {
    clearTimeout(kernelTimer);
    kernelTimer = setTimeout(() => {
      for (const name of NAMES) model.set(name, settings[name]);
      model.save_changes();
    }, 150);
  }

  function adopt() {
    if (NAMES.every((name) => model.get(name) === settings[name])) return; // our own change comes back
    const wanted = read();
    if (problem(wanted)) return;
    clearTimeout(kernelTimer);
    choose(wanted);
    clearTimeout(kernelTimer);
  }

  root.addEventListener("input", ({ target }) => {
    const { slider } = target.dataset;
    if (target.type === "radio") choose({ [target.name.slice(id.length + 1)]: target.value });
    else if (slider === "learning_rate") choose({ learning_rate: Number(short(10 ** target.value)) });
    else if (slider === "n_epochs") choose({ n_epochs: Number(short(Math.round(10 ** target.value), 2)) });
    else if ("momentum" in target.dataset) choose({ momentum: Number(target.value) });
    else if ("shown" in target.dataset) show(Number(target.value));
    else if ("equal" in target.dataset) {
      equal = target.checked;
      redraw();
    }
  });

  root.addEventListener("change", ({ target }) => {
    const name = target.dataset.box;
    // Number("") is 0, which the limits refuse; "1,5" and words are NaN, which they refuse too.
    if (name) choose({ [name]: Number(target.value.trim()) }, target);
  });

  function show(epoch) {
    stop();
    shown = epoch;
    redraw();
  }

  function stop() {
    cancelAnimationFrame(playing);
    playing = 0;
  }

  /** Play in four seconds, early epochs slower: that is where most happens. */
  function play() {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return show(settings.n_epochs); // no motion: the end
    const from = shown === settings.n_epochs ? 0 : shown;
    const [a, z] = [Math.log(from + 1), Math.log(settings.n_epochs + 1)];
    let begun = null;
    const step = (now) => {
      begun ??= now;
      const part = Math.min(1, (now - begun) / 4000);
      shown = Math.round(Math.exp(a + part * (z - a))) - 1;
      playing = part < 1 ? requestAnimationFrame(step) : 0;
      draw();
    };
    playing = requestAnimationFrame(step);
    fillControls();
  }

  const buttons = {
    preset: (button) => {
      shown = settings.n_epochs;
      choose(PRESETS[button.dataset.preset][1](settings));
    },
    play: () => (playing ? (stop(), fillControls()) : play()),
    pin: () => {
      pinned = pinned ? null : { settings, run: simulate(settings) };
      redraw();
    },
    reset: () => {
      [equal, pinned, shown] = [false, null, settings.n_epochs];
      choose(initial);
    },
    copy: async () => {
      try {
        await navigator.clipboard.writeText(pytorchCode(settings));
        find("[data-copied]").textContent = "copied";
      } catch { // a page from disk may not write to the clipboard: select the text instead
        getSelection().selectAllChildren(find("[data-code]"));
        find("[data-copied]").textContent = "selected: press Ctrl+C";
      }
    },
    check: () => {
      find("[data-checked]").textContent = "Running in PyTorch …";
      checkTimer = setTimeout(() => {
        find("[data-checked]").textContent = "No answer from the kernel. Is it running? Run the cell again.";
      }, 20000);
      model.send({ kind: "check", settings });
    },
  };
  root.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    const action = button && Object.keys(button.dataset).find((name) => name in buttons);
    if (action) buttons[action](button);
  });
  find("details").addEventListener("toggle", fillControls);

  // Click or drag in the curve of rates; the slider does the same for the keyboard.
  const rates = find("[data-picture=sweep]");
  const pick = (event) => {
    if (event.buttons !== 1) return;
    const [low, high] = SLIDER.learning_rate;
    const { left, width } = rates.getBoundingClientRect();
    const part = (event.clientX - left - PAD.left) / (width - PAD.left - PAD.right);
    choose({ learning_rate: Number(short(low * (high / low) ** Math.min(1, Math.max(0, part)), 3)) });
  };
  rates.addEventListener("pointerdown", (event) => {
    rates.setPointerCapture(event.pointerId);
    pick(event);
  });
  rates.addEventListener("pointermove", pick);

  // -- The check in the kernel

  let checkTimer = 0;
  function clearCheck() {
    clearTimeout(checkTimer);
    find("[data-checked]").textContent = "";
  }

  /** Both results and their difference. JSON has no infinity: PyTorch's overflow arrives as null. */
  function showCheck(answer) {
    if (answer?.kind !== "check") return;
    if (NAMES.some((name) => answer.settings?.[name] !== settings[name])) return; // an older question
    clearCheck();
    if (answer.error) {
      find("[data-checked]").textContent = `PyTorch could not run this: ${answer.error}`;
      return;
    }
    const ours = simulate(settings);
    const last = settings.n_epochs;
    const rows = [["loss", ours.losses[last], answer.loss], ["w", ours.params[last][0], answer.params[0]], ["b", ours.params[last][1], answer.params[1]]];
    const digits = (x) => (Number.isFinite(x) ? x.toPrecision(12).replace("e+", "e") : "overflow");
    const differences = answer.epochs.map((epoch, i) => relative(ours.losses[epoch], answer.losses[i]));
    const worst = Math.max(...differences);
    find("[data-checked]").innerHTML = `<table><caption>After ${count(last)}</caption>
      <tr><td></td><th scope="col">here (JavaScript)</th><th scope="col">kernel (PyTorch)</th><th scope="col">difference / size</th></tr>
      ${rows.map(([name, x, y]) => `<tr><th scope="row">${name}</th><td>${digits(x)}</td><td>${digits(y ?? NaN)}</td><td>${
        Number.isFinite(x) && y !== null ? relative(x, y).toExponential(1) : relative(x, y) ? "differs" : "none: both overflow"}</td></tr>`).join("")}</table>
      <p>${worst <= 1e-9 ? "✔ Same run" : "✘ Not the same run"}: over ${differences.length} epochs the losses differ by at most
      ${worst.toExponential(1)} of their size.</p>`;
  }
  const relative = (x, y) => {
    if (!Number.isFinite(x) || y === null) return Number.isFinite(x) === (y !== null) ? 0 : 1;
    return Math.abs(x - y) / Math.max(Math.abs(y), Number.MIN_VALUE);
  };

  // -- Begin and end

  const observer = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) {
      boxes[target.dataset.picture] = { width: Math.round(contentRect.width), height: Math.round(contentRect.height) };
    }
    redraw();
  });
  all("[data-picture]").forEach((svg) => observer.observe(svg));
  for (const name of NAMES) model.on(`change:${name}`, adopt);
  if (model.send) model.on("msg:custom", showCheck);
  else find("[data-check]").replaceWith("In the notebook, a button here runs the same settings in PyTorch.");
  fillControls();

  return () => {
    observer.disconnect();
    stop();
    cancelAnimationFrame(frameRequest);
    [kernelTimer, announceTimer, checkTimer].forEach(clearTimeout);
    for (const name of NAMES) model.off(`change:${name}`, adopt);
    if (model.send) model.off("msg:custom", showCheck);
    root.remove();
  };
}

/** The same explorer in a page of its own, with no kernel behind it. */
export function standalone(el, settings = {}) {
  const values = { ...DEFAULTS, ...settings };
  const nothing = () => {};
  const model = { get: (name) => values[name], set: nothing, save_changes: nothing, on: nothing, off: nothing };
  return render({ model, el });
}

export default { render };

// Colours come from JupyterLab's theme where there is one, from the reader's light or dark
// preference where there is none.
const STYLE = `
.lre { container-type: inline-size; color-scheme: light;
  --bg: var(--jp-layout-color1, #fff); --fg: var(--jp-ui-font-color1, #1b1b1b); --soft: var(--jp-layout-color2, #f1f1f1);
  --edge: #767676; --grid: rgba(128, 128, 128, .22); --focus: #0072B2;
  background: var(--bg); color: var(--fg); font: 13px/1.35 var(--jp-ui-font-family, system-ui, sans-serif); }
[data-jp-theme-light="false"] .lre { color-scheme: dark; --focus: #56B4E9; --edge: #8f8f8f; }
@media (prefers-color-scheme: dark) {
  :root:not(:has([data-jp-theme-light])) .lre { color-scheme: dark; --bg: #161616; --fg: #eee; --soft: #2a2a2a; --focus: #56B4E9; --edge: #8f8f8f; }
}
.lre .body { display: grid; grid-template-columns: minmax(0, 1fr); gap: 5px; padding: 4px 6px; }
.lre p { margin: 0; }
.lre .row, .lre .presets { display: flex; flex-wrap: wrap; gap: 4px 14px; align-items: center; }
.lre .presets { gap: 4px; }
.lre .group { display: flex; align-items: center; gap: 6px; min-width: 0; }
.lre .wide { flex: 1 1 300px; }
.lre .name { font-weight: 600; white-space: nowrap; }
.lre .presets .name { margin-right: 4px; }
.lre button, .lre input[type=text], .lre .segments { font: inherit; color: var(--fg); background: var(--soft);
  border: 1px solid var(--edge); border-radius: 4px; min-height: 24px; box-sizing: border-box; }
.lre button { padding: 0 9px; cursor: pointer; }
.lre button[aria-pressed=true], .lre .segments input:checked + span { background: #0072B2; color: #fff; }
.lre button[aria-pressed=true] { border-color: #0072B2; }
.lre .segments { display: inline-flex; overflow: hidden; }
.lre .segments label { position: relative; cursor: pointer; }
.lre .segments input { position: absolute; opacity: 0; inset: 0; margin: 0; cursor: pointer; }
.lre .segments span { display: block; padding: 0 8px; line-height: 22px; }
.lre .segments input:checked + span::before { content: "✓ "; }
.lre .segments input:focus-visible + span { outline: 2px solid var(--focus); outline-offset: -3px; box-shadow: inset 0 0 0 2px var(--bg); }
.lre :is(button, input, summary, pre):focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.lre input[type=range] { flex: 1; min-width: 60px; margin: 0; height: 24px; accent-color: #0072B2; }
.lre .beta input { flex: 0 1 90px; }
.lre .beta output { min-width: 2.4em; }
.lre input[type=text] { width: 6.5em; padding: 0 5px; background: var(--bg); }
.lre input[aria-invalid=true] { border: 2px solid #D55E00; }
.lre .check { display: inline-flex; align-items: center; gap: 5px; min-height: 24px; }
.lre .message { font-weight: 600; border-left: 4px solid #D55E00; padding-left: 8px; }
.lre .message:empty { display: none; }
.lre .says { align-items: stretch; flex-wrap: nowrap; position: relative; }
.lre .verdict { flex: 1 1 46%; border-left: 4px solid #0072B2; padding-left: 8px; min-height: 72px; }
.lre .verdict[data-kind=good] { border-left-color: #009E73; }
.lre .verdict[data-kind=bad] { border-left: 4px double #D55E00; }
.lre .verdict[data-kind=edge] { border-left: 4px dotted #CC79A7; }
.lre [data-verdict] { font-weight: 600; }
.lre .gauge { flex: 1 1 54%; min-width: 0; }
.lre .dial { display: flex; gap: 10px; align-items: center; }
.lre .dial svg { flex: 0 0 200px; height: 42px; width: 200px; }
.lre .dial p { font-variant-numeric: tabular-nums; }
.lre .dial span { display: block; }
.lre .gauge.none svg { display: none; }
.lre .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.lre .pictures { display: grid; gap: 4px 10px; grid-template: "surface losses fit" 1fr "surface sweep sweep" 1fr / 4fr 3fr 3fr; height: 392px; }
.lre figure { margin: 0; display: flex; flex-direction: column; min-width: 0; min-height: 0; }
.lre figcaption { font-weight: 600; line-height: 18px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.lre .key { font-weight: 400; white-space: nowrap; }
.lre figure svg { flex: 1; width: 100%; min-height: 0; display: block; }
.lre figure.surface { grid-area: surface; } .lre figure.losses { grid-area: losses; }
.lre figure.fit { grid-area: fit; } .lre figure.sweep { grid-area: sweep; }
.lre figure.sweep svg { cursor: crosshair; touch-action: pan-y; }
.lre svg text { font-size: 11px; fill: var(--fg); }
.lre svg .note { font-weight: 600; paint-order: stroke; stroke: var(--bg); stroke-width: 4px; stroke-linejoin: round; }
.lre .line { fill: none; stroke-width: 2; stroke-linejoin: round; } .lre .thin { stroke-width: 1.5; }
.lre .wall { stroke-width: 3; stroke-dasharray: 9 3 2 3; }
.lre .grid { stroke: var(--grid); fill: none; } .lre .axis { stroke: var(--edge); fill: none; }
.lre .contour { fill: #0072B2; fill-opacity: .045; stroke: var(--edge); stroke-opacity: .7; }
.lre .mark { fill: var(--fg); stroke: var(--bg); } .lre .edge { stroke: var(--bg); stroke-width: 1.5; }
.lre .beyond { fill: #D55E00; fill-opacity: .1; } .lre .shrinks { fill: #009E73; fill-opacity: .35; }
.lre .keys { display: flex; flex-wrap: wrap; gap: 2px 16px; }
.lre summary { cursor: pointer; width: fit-content; } 
.lre pre { overflow-x: auto; background: var(--soft); padding: 8px; margin: 6px 0; font: 12px/1.4 var(--jp-code-font-family, monospace); color: var(--fg); }
.lre .kernel { display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: start; }
.lre table { border-collapse: collapse; font-variant-numeric: tabular-nums; } .lre caption { text-align: left; font-weight: 600; }
.lre th, .lre td { text-align: right; padding: 1px 10px 1px 0; }
@container (max-width: 700px) {
  .lre .says { flex-wrap: wrap; } .lre .verdict, .lre .gauge { flex-basis: 100%; }
  .lre .pictures { display: grid; grid-template: none; grid-template-areas: "surface" "losses" "fit" "sweep"; grid-template-columns: 100%; height: auto; }
  .lre figure svg { flex: none; height: 190px; } .lre figure.surface svg { height: 300px; }
  .lre figcaption { white-space: normal; }
  .lre .group { flex-wrap: wrap; } .lre .dial { flex-wrap: wrap; }
}
`;
