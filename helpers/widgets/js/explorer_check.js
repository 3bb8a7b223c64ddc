/** "Check against PyTorch": the kernel runs the same settings, and both results stand side by side. */
import { simulate } from "./lesson.js";
import { count } from "./text.js";

function relative(x, y) {
  if (!Number.isFinite(x) || y === null) return Number.isFinite(x) === (y !== null) ? 0 : 1;
  return Math.abs(x - y) / Math.max(Math.abs(y), Number.MIN_VALUE);
}

const digits = (x) => (Number.isFinite(x) ? x.toPrecision(12).replace("e+", "e") : "overflow");

function row([name, x, y]) {
  const differs = relative(x, y) ? "differs" : "none: both overflow";
  return `<tr><th scope="row">${name}</th><td>${digits(x)}</td><td>${digits(y ?? NaN)}</td>
    <td>${Number.isFinite(x) && y !== null ? relative(x, y).toExponential(1) : differs}</td></tr>`;
}

/** Both results and their difference, as HTML. JSON has no infinity: PyTorch's overflow arrives as null. */
function comparison(settings, answer) {
  const { losses, params } = simulate(settings);
  const last = settings.n_epochs;
  const rows = [["loss", losses[last], answer.loss], ["w", params[last][0], answer.params[0]], ["b", params[last][1], answer.params[1]]];
  const worst = Math.max(...answer.epochs.map((epoch, i) => relative(losses[epoch], answer.losses[i])));
  return `<table><caption>After ${count(last)}</caption>
    <tr><td></td><th scope="col">here (JavaScript)</th><th scope="col">kernel (PyTorch)</th><th scope="col">difference / size</th></tr>
    ${rows.map(row).join("")}</table>
    <p>${worst <= 1e-9 ? "✔ Same run" : "✘ Not the same run"}: over ${answer.epochs.length} epochs the losses differ by at most
    ${worst.toExponential(1)} of their size.</p>`;
}

export class Check {
  constructor(explorer) {
    Object.assign(this, { explorer, model: explorer.model, text: explorer.find("[data-checked]") });
    this.answered = (answer) => this.show(answer);
    if (this.model.send) this.model.on("msg:custom", this.answered);
    else explorer.find("[data-check]").replaceWith("In the notebook, a button here runs the same settings in PyTorch.");
  }

  ask() {
    this.text.textContent = "Running in PyTorch …";
    this.waiting = setTimeout(() => {
      this.text.textContent = "No answer from the kernel. Is it running? Run the cell again.";
    }, 20000);
    this.model.send({ kind: "check", settings: this.explorer.settings });
  }

  clear() {
    clearTimeout(this.waiting);
    this.text.textContent = "";
  }

  show(answer) {
    const { settings } = this.explorer;
    const older = Object.keys(settings).some((name) => JSON.stringify(settings[name]) !== JSON.stringify(answer?.settings?.[name]));
    if (answer?.kind !== "check" || older) return;
    this.clear();
    if (answer.error) this.text.textContent = `PyTorch could not run this: ${answer.error}`;
    else this.text.innerHTML = comparison(settings, answer);
  }

  end() {
    clearTimeout(this.waiting);
    if (this.model.send) this.model.off("msg:custom", this.answered);
  }
}
