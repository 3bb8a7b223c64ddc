/** What can be known before training: the bowl, its limits, what an epoch does to the error. */
import { DEFAULTS } from "./given.js";
import { OPTIMIZERS, mean, measure, prepare } from "./lesson.js";

export const OVERFLOW = 1e38; // where float32, PyTorch's usual precision, comes to its end

/** The epoch at which the loss of a run is beyond all numbers, -1 if it never is. */
export const lostAt = ({ losses }) => losses.findIndex((loss) => !(loss < OVERFLOW));

const bowls = new WeakMap(); // readings -> inputs -> bowl: it depends on nothing else

/**
 * The loss as a quadratic bowl over (w, b): its bottom (`best`, `floor`), its curvature along the
 * steep and the flat direction (unit eigenvectors of the Hessian), the scaled readings, and how
 * near to the floor counts as arrived (`close`).
 */
export function bowl({ inputs, readings = DEFAULTS.readings }) {
  if (!bowls.has(readings)) bowls.set(readings, {});
  return (bowls.get(readings)[inputs] ??= makeBowl(prepare(inputs, readings)));
}

function makeBowl(prepared) {
  const { t_u, t_c } = prepared;
  const [mean_u, mean_c] = [mean(t_u), mean(t_c)];
  const variance = mean(t_u.map((t) => (t - mean_u) ** 2));
  const w = mean(t_u.map((t, i) => (t - mean_u) * (t_c[i] - mean_c))) / variance;
  const best = [w, mean_c - w * mean_u];

  // The Hessian is [[ww, wb], [wb, bb]]; its eigenvalues in closed form. The small one is
  // determinant / large one, because the difference of two near numbers would lose its digits.
  const [ww, wb, bb] = [2 * mean(t_u.map((t) => t * t)), 2 * mean_u, 2];
  const lambda_steep = (ww + bb) / 2 + Math.hypot((ww - bb) / 2, wb);
  const angle = Math.atan2(2 * wb, ww - bb) / 2;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];

  // 0.001 for temperatures; for other units the power of ten that is as small beside their spread.
  const spread = mean(t_c.map((t) => (t - mean_c) ** 2));
  const close = spread > 0 ? Number(`1e${Math.round(Math.log10(1e-5 * spread))}`) : 0.001;
  return {
    ...prepared, best, close, floor: measure(t_u, t_c, best).loss,
    steep: { lambda: lambda_steep, vector: [cos, sin] },
    flat: { lambda: (4 * variance) / lambda_steep, vector: [-sin, cos] },
  };
}

/** Distance from the best line, counted along the steep and along the flat direction. */
export function errors({ best, steep, flat }, [w, b]) {
  const along = ({ vector }) => (w - best[0]) * vector[0] + (b - best[1]) * vector[1];
  return [along(steep), along(flat)];
}

/** The learning rate above which the run diverges; Adam has no such number. */
export function criticalRate(settings) {
  const { optimizer, momentum } = settings;
  if (optimizer === "adam") return null;
  return (2 * (1 + (optimizer === "momentum" ? momentum : 0))) / bowl(settings).steep.lambda;
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

/** [rate, loss after n_epochs] for many rates. The bowl's own gradient spares the readings. */
export function sweep(settings, from, to) {
  const count = Math.min(240, Math.max(80, Math.round(6e5 / settings.n_epochs))); // bounded work
  const rates = Array.from({ length: count }, (_, i) => from * (to / from) ** (i / (count - 1)));
  const wall = criticalRate(settings);
  if (wall) rates.push(...[0.8, 0.9, 0.97, 0.99, 0.999, 1.001, 1.01, 1.03].map((f) => f * wall));
  return rates.sort((a, b) => a - b).map((rate) => [rate, lastLoss(settings, rate)]);
}

function lastLoss({ optimizer, momentum, n_epochs, start, ...data }, rate) {
  const known = bowl(data);
  const { floor, steep, flat } = known;
  const update = OPTIMIZERS[optimizer](rate, momentum);
  let params = start;
  for (let epoch = 0; ; epoch++) {
    const [s, f] = errors(known, params);
    const [gs, gf] = [steep.lambda * s, flat.lambda * f];
    const loss = floor + (gs * s + gf * f) / 2;
    if (!(loss < OVERFLOW)) return Infinity;
    if (epoch === n_epochs) return loss;
    params = update(params, [
      gs * steep.vector[0] + gf * flat.vector[0],
      gs * steep.vector[1] + gf * flat.vector[1],
    ]);
  }
}
