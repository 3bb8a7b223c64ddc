/** The explorer in words: the classic runs, what happened, why, the run as code. */
import { count, loss4, roundDown, short } from "./text.js";
import { bowl, criticalRate, factor, lostAt } from "./theory.js";

/** The rate that shrinks the worse of the two directions most: both by the same factor. */
const bestRate = ({ steep, flat }) => Number(short(2 / (steep.lambda + flat.lambda), 6));
const edge = ({ steep }) => roundDown(2 / steep.lambda);

/** The classic runs: name, inputs (null: as they are), optimizer, rate, epochs. */
export const PRESETS = [
  ["raw, 1e-2", "raw", "gd", 1e-2, 100],
  ["raw, 1e-4", "raw", "gd", 1e-4, 100],
  ["x0.1, 1e-2", "x0.1", "gd", 1e-2, 5000],
  ["best rate", null, "gd", bestRate, 3000],
  ["at the edge", null, "gd", edge, 200],
  ["standardised", "standardised", "gd", 1e-2, 1000],
  ["Adam on raw", "raw", "adam", 0.1, 2000],
];

/** What a preset changes in the settings of the moment. */
export function presetFor(settings, [, inputs, optimizer, rate, n_epochs]) {
  const learning_rate = rate instanceof Function ? rate(bowl(settings)) : rate;
  return { inputs: inputs ?? settings.inputs, optimizer, learning_rate, n_epochs };
}

const SIGNS = { good: "✔", bad: "✘", edge: "≈", slow: "…" };
const say = (kind, text) => ({ kind, text, sign: SIGNS[kind] });

/** What happened, in words with a number: `{ kind, text, sign }`. */
export function verdict(settings, run) {
  const { n_epochs, learning_rate } = settings;
  const { floor, steep, close } = bowl(settings);
  const ratio = learning_rate / (criticalRate(settings) ?? NaN);
  const digits = Math.abs(ratio - 1) < 0.005 ? ratio.toFixed(4) : short(ratio, 3);
  const times = `${digits} times the largest stable rate`;
  const [first, last] = [run.losses[0], run.losses[n_epochs]];
  const above = `loss ${loss4(last)}, ${loss4(last - floor)} above the best`;
  const lost = lostAt(run);
  if (lost >= 0) {
    const why = ratio > 1 ? `${times}: ` : "";
    return say("bad", `Diverges. ${why}loss beyond 1e38 at epoch ${lost + 1}.`);
  }
  // The first epoch from which the loss stays close: momentum may pass by and leave again.
  const arrived = run.losses.findLastIndex((loss) => loss - floor > close) + 1;
  const isClose = arrived <= n_epochs;
  if (ratio > 1.001) {
    const grows = `${short(100 * (Math.abs(factor(settings, steep.lambda).value) - 1), 2)} %`;
    return say("bad", `${isClose ? "Close so far, but at" : "Diverges."} ${times}: the steep error ` +
      `grows by ${grows} each epoch; loss ${loss4(last)} after ${count(n_epochs)}.`);
  }
  if (isClose) return say("good", `Within ${close} of the best loss after ${count(arrived)}.`);
  if (ratio >= 0.999) {
    return say("edge", `At the edge, ${times}: each epoch jumps across the valley; ${above}.`);
  }
  if (last > first) return say("bad", `Worse than the start (${loss4(first)}): ${above}.`);
  return say("slow", `Not there yet: ${above}.`);
}

/** What one epoch multiplies the error by, a sentence for each direction. */
export function gaugeWords(settings) {
  if (settings.optimizer === "adam") {
    return ["Adam has no fixed factor: a step of w or b is at most about the learning rate."];
  }
  const { steep, flat } = bowl(settings);
  return [["▲ steep", steep], ["● flat", flat]].map(([name, { lambda }]) => {
    const { value, swings } = factor(settings, lambda);
    const size = Math.abs(value);
    // Near 1 the digits that matter are those of the difference to 1.
    const digits = 2 - Math.floor(Math.log10(Math.abs(1 - size) || 1e-9));
    const number = short(value, Math.min(9, Math.max(4, digits))).replace("-", "−");
    const halves = Math.log(0.5) / Math.log(size);
    let pace = halves < 1 ? "shrinks fast" : `halves in ${count(Number(short(halves, 3)))}`;
    if (Math.abs(size - 1) <= 1e-9) pace = "stays";
    else if (size > 1) pace = "grows";
    return `${name} × ${number}: ${pace}${swings ? ", swings" : value < 0 ? ", flips sides" : ""}`;
  });
}

/** The run as PyTorch code that can be pasted into an empty notebook. */
export function pytorchCode(settings) {
  const { inputs, optimizer, learning_rate, momentum, n_epochs, readings, start } = settings;
  const list = (values) => `[${values.map((v) => (Number.isInteger(v) ? `${v}.0` : v)).join(", ")}]`;
  const scaled = { "x0.1": "0.1 * t_u", standardised: "(t_u - t_u.mean()) / t_u.std()" }[inputs];
  const beta = optimizer === "momentum" ? `, momentum=${momentum}` : "";
  const create = `${optimizer === "adam" ? "Adam" : "SGD"}([params], lr=${learning_rate}${beta})`;
  return `import torch

torch.set_default_dtype(torch.float64)
t_c = torch.tensor(${list(readings.t_c)})
t_u = torch.tensor(${list(readings.t_u)})
${scaled ? `t_u = ${scaled}\n` : ""}
params = torch.tensor(${list(start)}, requires_grad=True)
optimizer = torch.optim.${create}
for epoch in range(${n_epochs}):
    optimizer.zero_grad()
    loss = ((params[0] * t_u + params[1] - t_c) ** 2).mean()
    loss.backward()
    optimizer.step()

loss = ((params[0] * t_u + params[1] - t_c) ** 2).mean()  # after the last update
print(f"w {params[0].item():.6g}, b {params[1].item():.6g}, loss {loss.item():.6g}")
`;
}
