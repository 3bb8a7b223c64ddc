/** The explorer's controls and the places of its pictures, and how they show its state. */
import { figure, key } from "./axes.js";
import { KEYS, button, checkbox, numberBox, radios, sliderAndBox } from "./controls.js";
import { rateRange } from "./explorer_pictures.js";
import { PRESETS, presetFor, pytorchCode } from "./explorer_words.js";
import { LIMITS, NUMBERS } from "./given.js";
import { count, escaped, short } from "./text.js";

const quiet = (text) => `<span class="key">${text}</span>`;
const part = (name, content) => `<span data-part="${name}">${content}</span>`;
const group = (name, label, content) => `<div class="group" role="group" aria-label="${label}"
  data-part="${name}">${content}</div>`;
const logarithmic = ([low, high], step) => ({ min: Math.log10(low), max: Math.log10(high), step });
const bare = (label) => escaped(label.replace(/ \([^()]*\)$/, "")); // without its unit
const OPTIMIZER_NAMES = [["gd", "gradient descent"], ["momentum", "momentum"], ["adam", "Adam"]];

const controls = (id, labels) => `
  <div class="row presets" role="group" aria-label="Presets" data-part="presets">
    <span class="name" aria-hidden="true">Presets</span>
    ${PRESETS.map(([name], i) => button(`preset="${i}"`, name, false)).join("")}</div>
  <div class="row rates">
    ${sliderAndBox(id, "learning_rate", "Learning rate", logarithmic(LIMITS.slider, 0.01))}
    ${sliderAndBox(id, "n_epochs", "Epochs", logarithmic(NUMBERS.n_epochs, 0.02))}</div>
  <div class="row">
    ${radios(id, "inputs", "Inputs", ["raw", "x0.1", "standardised"].map((name) => [name, name]))}
    ${radios(id, "optimizer", "Optimizer", OPTIMIZER_NAMES)}
    ${sliderAndBox(id, "momentum", "β",
      { min: 0, max: 0.99, step: 0.01, box: false, says: "β, the momentum coefficient" })}</div>
  <div class="row">
    <div class="group wide" data-part="epoch">
      <label class="name" for="${id}-shown">Show epoch</label>${button("play", "Play")}
      <input type="range" id="${id}-shown" data-shown min="0" step="1" ${KEYS}></div>
    ${part("pin", button("pin", "Pin this run", false))}
    ${checkbox("equal", "same scale for w and b")}
    ${part("reset", button("reset", "Reset"))}</div>
  <div class="row">
    ${group("start", "Start", `<span class="name">■ Start</span>
      w ${numberBox(id, "start_w", "Start w", 0.1)} b ${numberBox(id, "start_b", "Start b", 0.1)}`)}
    ${group("readings", "Readings", `<span class="name">Reading</span>
      ${numberBox(id, "reading", "Number of the reading", 1)}
      ${bare(labels.t_u)} ${numberBox(id, "t_u", "Its reading", 0.1)}
      ${bare(labels.t_c)} ${numberBox(id, "t_c", "Its target", 0.1)}`)}</div>
  <p class="message" id="${id}-message" role="alert"></p>`;

export const markup = (id, labels) => `<div class="body">${controls(id, labels)}
  <div class="row says">
    <div class="verdict says-it"><p class="strong" data-verdict></p><p data-readout></p></div>
    <div class="gauge" data-part="factors"><p class="name">One epoch multiplies the error by</p>
      <div class="dial"><svg data-picture="gauge" role="img" aria-label="gauge"></svg>
      <p data-factors></p></div></div>
    <p class="unseen" aria-live="polite" data-announce></p></div>
  <div class="pictures">
    ${figure("surface", `Loss surface ${quiet("■ start (drag it) ★ best ● shown")}`)}
    ${figure("losses", "Loss per epoch")}
    ${figure("fit", `Fit on the data ${quiet("(drag a reading)")}`)}
    ${figure("sweep", `Loss after <span data-n></span>, for every learning rate
      ${quiet("(click to choose)")}`)}</div>
  <p class="keys">${key("run", "this run")} ${key("best", "best line")}
    <span data-pinned hidden>${key("pinned", "pinned: <span data-described></span>")}</span></p>
  <details data-part="code"><summary ${KEYS}>The PyTorch code for this run</summary>
    <pre tabindex="0" aria-label="PyTorch code" ${KEYS}><code data-code></code></pre></details>
  <div class="row">
    ${part("copy", `${button("copy", "Copy as Python")} <span data-copied role="status"></span>`)}
    ${part("check", button("check", "Check against PyTorch"))}
    <div class="checked" data-checked role="status"></div></div>
</div>`;

/** Make every control show the present state. */
export function showSettings({ root, settings, shown, equal, playing, pinned, reading }) {
  const { learning_rate, n_epochs, momentum, start, readings } = settings;
  const find = (selector) => root.querySelector(selector);
  const slide = (slider, value, heard) => {
    slider.value = value;
    slider.setAttribute("aria-valuetext", heard); // not the exponent
  };
  const rate = find("[data-slider=learning_rate]");
  [rate.min, rate.max] = rateRange(settings).map(Math.log10);
  slide(rate, Math.log10(learning_rate), short(learning_rate));
  slide(find("[data-slider=n_epochs]"), Math.log10(n_epochs), short(n_epochs, 5));
  slide(find("[data-slider=momentum]"), momentum, short(momentum));
  find("[data-slider=momentum]").disabled = settings.optimizer !== "momentum";
  find(".momentum output").textContent = short(momentum);
  find("[data-shown]").max = n_epochs;
  slide(find("[data-shown]"), shown, `after ${count(shown)}`);

  const numbers = {
    learning_rate, n_epochs, start_w: start[0], start_b: start[1], reading: reading + 1,
    t_u: readings.t_u[reading], t_c: readings.t_c[reading],
  };
  for (const box of root.querySelectorAll("[data-box]")) {
    const typing = box.matches("[type=text]:focus"); // do not write under the reader's hands
    if (box.ariaInvalid !== "true" && !typing) box.value = numbers[box.dataset.box];
  }
  for (const radio of root.querySelectorAll("[type=radio]")) {
    radio.checked = [settings.inputs, settings.optimizer].includes(radio.value);
  }
  for (const preset of root.querySelectorAll("[data-preset]")) {
    const changes = Object.entries(presetFor(settings, PRESETS[preset.dataset.preset]));
    preset.ariaPressed = changes.every(([name, value]) => value === settings[name]);
  }
  find("[data-equal]").checked = equal;
  find("[data-play]").textContent = playing ? "Pause" : "Play";
  find("[data-pin]").textContent = pinned ? "Unpin" : "Pin this run";
  find("[data-pin]").ariaPressed = Boolean(pinned);
  if (find("details").open) find("[data-code]").textContent = pytorchCode(settings);
}
