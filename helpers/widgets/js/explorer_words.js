/** The explorer in words: what happened, why, what is wrong with a setting, and the run as code. */
import { DEFAULTS, LIMITS } from "./given.js";
import { OPTIMIZERS, PREPARE } from "./lesson.js";
import { count, loss4, roundDown, short } from "./text.js";
import { OVERFLOW, bowl, criticalRate, errors, factor } from "./theory.js";

/** The classic runs: a name, and what it changes in the settings of the moment. */
export const PRESETS = [
  ["raw, 1e-2", () => ({ inputs: "raw", optimizer: "gd", learning_rate: 1e-2, n_epochs: 100 })],
  ["raw, 1e-4", () => ({ inputs: "raw", optimizer: "gd", learning_rate: 1e-4, n_epochs: 100 })],
  ["x0.1, 1e-2", () => ({ inputs: "x0.1", optimizer: "gd", learning_rate: 1e-2, n_epochs: 5000 })],
  ["best rate", (settings) => {
    // The rate that shrinks the worse of the two directions most: both by the same factor.
    const { steep, flat } = bowl(settings);
    return { optimizer: "gd", learning_rate: Number(short(2 / (steep.lambda + flat.lambda), 6)), n_epochs: 3000 };
  }],
  ["at the edge", (settings) => ({
    optimizer: "gd", learning_rate: roundDown(2 / bowl(settings).steep.lambda), n_epochs: 200,
  })],
  ["standardised", () => ({ inputs: "standardised", optimizer: "gd", learning_rate: 1e-2, n_epochs: 1000 })],
  ["Adam on raw", () => ({ inputs: "raw", optimizer: "adam", learning_rate: 0.1, n_epochs: 2000 })],
];

/** What is wrong with these settings, in words, or null. settings.py has the same limits. */
export function problem({ inputs, optimizer, learning_rate, momentum, n_epochs, readings, start }) {
  const { learning_rate: [low, high], n_epochs: [, most] } = LIMITS;
  if (!(inputs in PREPARE)) return `There are no inputs called "${inputs}".`;
  if (!(optimizer in OPTIMIZERS)) return `There is no optimizer called "${optimizer}".`;
  if (!(learning_rate >= low && learning_rate <= high)) {
    return `The learning rate must be a number from ${low} to ${high}.`;
  }
  if (!(momentum >= 0 && momentum < 1)) return "Momentum must be a number from 0 to below 1.";
  if (!(Number.isInteger(n_epochs) && n_epochs >= 1 && n_epochs <= most)) {
    return `Epochs must be a whole number from 1 to ${most}.`;
  }
  const [sizes, value] = [LIMITS.readings, LIMITS.value];
  const numbers = (list) => Array.isArray(list) && list.every((x) => typeof x === "number" && Math.abs(x) <= value);
  if (!(numbers(start) && start.length === 2)) return `The start must be two numbers from -${value} to ${value}.`;
  const { t_u, t_c } = readings;
  if (!(numbers(t_u) && numbers(t_c))) return `Readings must be numbers from -${value} to ${value}.`;
  if (t_u.length !== t_c.length || t_u.length < sizes[0] || t_u.length > sizes[1]) {
    return `There must be ${sizes[0]} to ${sizes[1]} readings, as many of one column as of the other.`;
  }
  if (Math.max(...t_u) === Math.min(...t_u)) return "At least two readings must differ, or no line is best.";
  return null;
}

/** What happened, in words with a number: `{ kind, text }`. */
export function verdict(given, { losses }) {
  const settings = { ...DEFAULTS, ...given };
  const { n_epochs, learning_rate } = settings;
  const { floor, steep, close } = bowl(settings);
  const critical = criticalRate(settings);
  const ratio = critical && learning_rate / critical;
  const last = losses[n_epochs];
  const times = ratio && `${Math.abs(ratio - 1) < 0.005 ? ratio.toFixed(4) : short(ratio, 3)} times the largest stable rate`;

  const lost = losses.findIndex((loss) => !(loss < OVERFLOW));
  if (lost >= 0) {
    const why = ratio > 1 ? `${times}: ` : "";
    return { kind: "bad", text: `Diverges. ${why}loss beyond 1e38 at epoch ${lost + 1}.` };
  }
  // The first epoch from which the loss stays close: momentum may pass by and leave again.
  let arrived = n_epochs + 1;
  while (arrived > 0 && losses[arrived - 1] - floor <= close) arrived--;
  const beyond = ratio > 1.001;
  if (arrived <= n_epochs && !beyond) {
    return { kind: "good", text: `Within ${close} of the best loss after ${count(arrived)}.` };
  }
  if (beyond) {
    const grows = `${short(100 * (Math.abs(factor(settings, steep.lambda).value) - 1), 2)} %`;
    const so = `${times}: the steep error grows by ${grows} each epoch; loss ${loss4(last)} after ${count(n_epochs)}.`;
    return { kind: "bad", text: arrived <= n_epochs ? `Close so far, but at ${so}` : `Diverges. ${so}` };
  }
  const above = `loss ${loss4(last)}, ${loss4(last - floor)} above the best`;
  if (ratio >= 0.999) return { kind: "edge", text: `At the edge, ${times}: each epoch jumps across the valley; ${above}.` };
  if (last > losses[0]) return { kind: "bad", text: `Worse than the start (${loss4(losses[0])}): ${above}.` };
  const needed = forecast(settings);
  const more = needed > n_epochs ? ` At ${times} it needs about ${count(Number(short(needed, 3)))}.` : "";
  return { kind: "slow", text: `Not there yet: ${above}.${more}` };
}

/** Epochs that gradient descent needs, or null: solve lambda/2 (error factor^t)^2 = close for t in both directions. */
function forecast(settings) {
  if (settings.optimizer !== "gd") return null;
  const all = bowl(settings);
  const [across, along] = errors(all, settings.start);
  const until = ({ lambda }, error) => error === 0 ? 0 :
    Math.log(all.close / ((lambda / 2) * error ** 2)) / (2 * Math.log(Math.abs(factor(settings, lambda).value)));
  const needed = Math.max(until(all.steep, across), until(all.flat, along));
  return Number.isFinite(needed) ? needed : null;
}

/** What one epoch multiplies the error by, in two sentences. */
export function gaugeWords(settings) {
  const { best, steep, flat } = bowl(settings);
  if (settings.optimizer === "adam") {
    const far = Math.max(...best.map((value, i) => Math.abs(value - settings.start[i])));
    const steps = count(Number(short(far / settings.learning_rate, 3)), "step");
    return ["Adam has no fixed factor: a step of w or b is at most about the learning rate.",
      `The best line is ${short(far)} away, about ${steps} of ${short(settings.learning_rate)} at the least.`];
  }
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

/** A run in one line, for the one that is pinned. */
export const describe = ({ inputs, optimizer, momentum, learning_rate, n_epochs }, { losses }) =>
  `${inputs}, ${optimizer}${optimizer === "momentum" ? ` ${momentum}` : ""} at ${short(learning_rate)}, ` +
  `loss ${loss4(losses[n_epochs])} after ${count(n_epochs)}`;

/** The run as PyTorch code that can be pasted into an empty notebook. */
export function pytorchCode(given) {
  const { inputs, optimizer, learning_rate, momentum, n_epochs, readings, start } = { ...DEFAULTS, ...given };
  const list = (values) => `[${values.map((v) => (Number.isInteger(v) ? v.toFixed(1) : v)).join(", ")}]`;
  const prepare = {
    raw: "",
    "x0.1": "t_u = 0.1 * t_u\n",
    standardised: "t_u = (t_u - t_u.mean()) / t_u.std()\n",
  };
  const create = {
    gd: `SGD([params], lr=${learning_rate})`,
    momentum: `SGD([params], lr=${learning_rate}, momentum=${momentum})`,
    adam: `Adam([params], lr=${learning_rate})`,
  };
  return `import torch

torch.set_default_dtype(torch.float64)
t_c = torch.tensor(${list(readings.t_c)})
t_u = torch.tensor(${list(readings.t_u)})
${prepare[inputs]}
params = torch.tensor(${list(start)}, requires_grad=True)
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
