/**
 * The lesson in the browser: a line, its loss, three optimizers and the training loop.
 * It does what helpers/training.py does in PyTorch; tests/helpers run both and compare.
 */
import { DEFAULTS } from "./given.js";

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** How each choice of inputs prepares the readings: subtract `shift`, divide by `scale`. */
export const PREPARE = {
  raw: () => ({ shift: 0, scale: 1 }),
  "x0.1": () => ({ shift: 0, scale: 10 }),
  standardised: (t) => {
    const [n, shift] = [t.length, mean(t)];
    const variance = (mean(t.map((value) => (value - shift) ** 2)) * n) / (n - 1); // as torch.std
    return { shift, scale: Math.sqrt(variance) };
  },
};

export function prepare(inputs, { t_u, t_c }) {
  const { shift, scale } = PREPARE[inputs](t_u);
  return { t_u: t_u.map((t) => (t - shift) / scale), t_c, shift, scale };
}

/** The MSE of the line (w, b) and its gradient, by the chain rule of notebook 02. */
export function measure(t_u, t_c, [w, b]) {
  const n = t_c.length;
  let [loss, gradient_w, gradient_b] = [0, 0, 0];
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
export const OPTIMIZERS = {
  gd: (lr) => ([w, b], [gw, gb]) => [w - lr * gw, b - lr * gb],

  // As torch.optim.SGD(momentum=beta): the velocity gathers gradients, the rate multiplies it.
  momentum: (lr, beta) => {
    let [vw, vb] = [0, 0];
    return ([w, b], [gw, gb]) => {
      [vw, vb] = [beta * vw + gw, beta * vb + gb];
      return [w - lr * vw, b - lr * vb];
    };
  },

  // As torch.optim.Adam with its defaults: running means of gradient and squared gradient.
  adam: (lr) => {
    const [beta1, beta2, eps, m, v] = [0.9, 0.999, 1e-8, [0, 0], [0, 0]];
    let [power1, power2] = [1, 1];
    return (params, gradient) => {
      power1 *= beta1;
      power2 *= beta2;
      return params.map((param, i) => {
        m[i] += (1 - beta1) * (gradient[i] - m[i]);
        v[i] = beta2 * v[i] + (1 - beta2) * gradient[i] ** 2;
        // Both means start at zero; dividing by 1 - beta^t takes that out again.
        return param - ((lr / (1 - power1)) * m[i]) / (Math.sqrt(v[i] / (1 - power2)) + eps);
      });
    };
  },
};

/**
 * Train the line and keep everything: `losses[k]` and `params[k]` belong to the line after k
 * updates, so index 0 is the start and both have n_epochs + 1 entries. (The loss that training
 * prints for epoch e is measured before the e-th update: it is `losses[e - 1]`.)
 * A run that diverges ends in Infinity and NaN, as it does in PyTorch.
 */
export function simulate(given) {
  const settings = { ...DEFAULTS, ...given };
  const { t_u, t_c } = prepare(settings.inputs, settings.readings);
  const update = OPTIMIZERS[settings.optimizer](settings.learning_rate, settings.momentum);
  const run = { losses: [], params: [settings.start] };
  for (let epoch = 0; epoch <= settings.n_epochs; epoch++) {
    const { loss, gradient } = measure(t_u, t_c, run.params[epoch]);
    run.losses.push(loss);
    if (epoch < settings.n_epochs) run.params.push(update(run.params[epoch], gradient));
  }
  return run;
}
