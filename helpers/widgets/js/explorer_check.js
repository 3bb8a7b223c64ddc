/** "Check against PyTorch": the kernel runs the same settings, both results stand side by side. */
import { simulate } from "./lesson.js";
import { count } from "./text.js";

const digits = (x) => (Number.isFinite(x) ? x.toPrecision(12).replace("e+", "e") : "overflow");

/** Difference in units of the size. JSON has no infinity: PyTorch's overflow arrives as null. */
function relative(x, y) {
  if (!Number.isFinite(x) || y === null) return Number.isFinite(x) === (y !== null) ? 0 : 1;
  return Math.abs(x - y) / Math.max(Math.abs(y), Number.MIN_VALUE);
}

/** Both results, a line each, and their difference. */
function comparison({ settings, end, epochs, losses }) {
  const { n_epochs } = settings;
  const run = simulate(settings);
  const worst = Math.max(...epochs.map((epoch, i) => relative(run.losses[epoch], losses[i])));
  const mine = [run.losses[n_epochs], ...run.params[n_epochs]];
  const lines = ["loss", "w", "b"].map((name, i) =>
    `${name}: ${digits(mine[i])} here, ${digits(end[i] ?? NaN)} in PyTorch`);
  return `${worst <= 1e-9 ? "✔ Same run" : "✘ Not the same run"}: over ${epochs.length} epochs ` +
    `the losses differ by at most ${worst.toExponential(1)} of their size.\n` +
    `After ${count(n_epochs)}:\n${lines.join("\n")}`;
}

/** Without a kernel, say where the button would be. `clear` takes the result away. */
export function listenToCheck(explorer) {
  const { model } = explorer;
  const text = explorer.find("[data-checked]");
  let waiting = 0;
  const clear = () => {
    clearTimeout(waiting);
    text.textContent = "";
  };
  const answered = (answer) => {
    const older = JSON.stringify(answer?.settings) !== JSON.stringify(explorer.settings);
    if (answer?.kind !== "check" || older) return;
    clear();
    const { error } = answer;
    text.textContent = error ? `PyTorch could not run this: ${error}` : comparison(answer);
  };
  const ask = () => {
    text.textContent = "Running in PyTorch …";
    waiting = setTimeout(() => {
      text.textContent = "No answer from the kernel. Is it running? Run the cell again.";
    }, 20000);
    model.send({ kind: "check", settings: explorer.settings });
  };
  if (model.send) model.on("msg:custom", answered);
  else explorer.find("[data-check]").replaceWith("In the notebook, a button here asks PyTorch.");
  const end = () => {
    clear();
    model.off("msg:custom", answered);
  };
  return { ask, clear, end };
}
