/** "Check against PyTorch": the kernel runs the same settings, both results stand side by side. */
import { simulate } from "./lesson.js";
import { count } from "./text.js";

/** Difference in units of the size. JSON has no infinity: PyTorch's overflow arrives as null. */
function relative(x, y) {
  if (!Number.isFinite(x) || y === null) return Number.isFinite(x) === (y !== null) ? 0 : 1;
  return Math.abs(x - y) / Math.max(Math.abs(y), Number.MIN_VALUE);
}

function row([name, x], y) {
  const digits = (v) => (Number.isFinite(v) ? v.toPrecision(12).replace("e+", "e") : "overflow");
  return `<tr><th scope="row">${name}</th><td>${digits(x)}</td><td>${digits(y ?? NaN)}</td>
    <td>${relative(x, y).toExponential(1)}</td></tr>`;
}

/** Both results and their difference, as HTML. */
function comparison({ settings, end, epochs, losses }) {
  const [run, last] = [simulate(settings), settings.n_epochs];
  const [w, b] = run.params[last];
  const rows = [["loss", run.losses[last]], ["w", w], ["b", b]].map((mine, i) => row(mine, end[i]));
  const worst = Math.max(...epochs.map((epoch, i) => relative(run.losses[epoch], losses[i])));
  return `<table><caption>After ${count(last)}</caption>
    <tr><td></td><th scope="col">here (JavaScript)</th><th scope="col">kernel (PyTorch)</th>
    <th scope="col">difference / size</th></tr>
    ${rows.join("")}</table>
    <p>${worst <= 1e-9 ? "✔ Same run" : "✘ Not the same run"}: over ${epochs.length} epochs
    the losses differ by at most ${worst.toExponential(1)} of their size.</p>`;
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
    if (answer.error) text.textContent = `PyTorch could not run this: ${answer.error}`;
    else text.innerHTML = comparison(answer);
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
