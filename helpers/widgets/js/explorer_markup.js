/** The explorer's controls and the places of its pictures, in HTML, and how they show the settings. */
import { figure, key } from "./axes.js";
import { KEYS, button, checkbox, numberBox, radios, sliderAndBox } from "./controls.js";
import { rateRange } from "./explorer_pictures.js";
import { PRESETS, pytorchCode } from "./explorer_words.js";
import { LIMITS } from "./given.js";
import { count, short } from "./text.js";

const epochs = LIMITS.n_epochs.map(Math.log10);
const spot = (sign, text) => `<span class="key">${sign} ${text}</span>`;

export const markup = (id) => `<div class="body">
  <div class="row presets" role="group" aria-label="Presets" data-part="presets"><span class="name" aria-hidden="true">Presets</span>
    ${PRESETS.map(([name], i) => button(`preset="${i}"`, name, false)).join("")}</div>
  <div class="row rates">
    ${sliderAndBox(id, "learning_rate", "Learning rate", { min: -6, max: 1, step: 0.01 })}
    ${sliderAndBox(id, "n_epochs", "Epochs", { min: epochs[0], max: epochs[1], step: 0.02 })}</div>
  <div class="row">
    ${radios(id, "inputs", "Inputs", [["raw", "raw"], ["x0.1", "x0.1"], ["standardised", "standardised"]])}
    ${radios(id, "optimizer", "Optimizer", [["gd", "gradient descent"], ["momentum", "momentum"], ["adam", "Adam"]])}
    ${sliderAndBox(id, "momentum", "β", { min: 0, max: 0.99, step: 0.01, box: false, says: "β, the momentum coefficient" })}</div>
  <div class="row">
    <div class="group wide" data-part="epoch"><label class="name" for="${id}-shown">Show epoch</label>
      ${button("play", "Play")}
      <input type="range" id="${id}-shown" data-shown min="0" step="1" ${KEYS}></div>
    <span data-part="pin">${button("pin", "Pin this run", false)}</span>
    ${checkbox("equal", "same scale for w and b")}
    <span data-part="reset">${button("reset", "Reset")}</span></div>
  <div class="row">
    <div class="group" role="group" aria-label="Start" data-part="start"><span class="name">■ Start</span>
      w ${numberBox(id, "start_w", "Start w", 0.1)} b ${numberBox(id, "start_b", "Start b", 0.1)}</div>
    <div class="group" role="group" aria-label="Readings" data-part="readings"><span class="name">Reading</span>
      ${numberBox(id, "reading", "Number of the reading", 1)} <span data-name="t_u"></span> ${numberBox(id, "t_u", "Its reading", 0.1)}
      <span data-name="t_c"></span> ${numberBox(id, "t_c", "Its target", 0.1)}</div></div>
  <p class="message" id="${id}-message" role="alert"></p>
  <div class="row says">
    <div class="verdict says-it"><p class="strong" data-verdict></p><p data-readout></p></div>
    <div class="gauge" data-part="factors"><p class="name">One epoch multiplies the error by</p>
      <div class="dial"><svg data-picture="gauge" role="img" aria-label="gauge"></svg><p data-factors></p></div></div>
    <p class="unseen" aria-live="polite" data-announce></p></div>
  <div class="pictures">
    ${figure("surface", `Loss surface ${spot("■", "start (drag it)")} ${spot("★", "best")} ${spot("●", "shown")}`)}
    ${figure("losses", "Loss per epoch")}
    ${figure("fit", `Fit on the data <span class="key">(drag a reading)</span>`)}
    ${figure("sweep", `Loss after <span data-n></span>, for every learning rate <span class="key">(click to choose)</span>`)}</div>
  <p class="keys">${key("run", "this run")} ${key("best", "best line")} <span data-pinned hidden>${key("pinned", "pinned: ")}<span></span></span></p>
  <details data-part="code"><summary ${KEYS}>The PyTorch code for this run</summary>
    <pre tabindex="0" aria-label="PyTorch code" ${KEYS}><code data-code></code></pre></details>
  <div class="row"><span data-part="copy">${button("copy", "Copy as Python")} <span data-copied role="status"></span></span>
    <span data-part="check">${button("check", "Check against PyTorch")}</span><div data-checked role="status"></div></div>
</div>`;

function setBox(root, name, value) {
  const box = root.querySelector(`[data-box=${name}]`);
  const typing = box === box.ownerDocument.activeElement && box.type === "text"; // do not write under the reader's hands
  if (box.getAttribute("aria-invalid") !== "true" && !typing) box.value = value;
}

function setSlider(root, name, value, text, range = null) {
  const slider = root.querySelector(`[data-slider=${name}]`);
  if (range) [slider.min, slider.max] = range;
  slider.value = value;
  slider.setAttribute("aria-valuetext", text); // not the exponent
}

/** Make every control show the present state. */
export function showSettings(root, { settings, shown, equal, playing, pinned, reading, labels }) {
  const find = (selector) => root.querySelector(selector);
  for (const name of ["inputs", "optimizer"]) {
    root.querySelectorAll(`[role=radiogroup][data-part=${name}] input`)
      .forEach((radio) => (radio.checked = radio.value === settings[name]));
  }
  setSlider(root, "learning_rate", Math.log10(settings.learning_rate), short(settings.learning_rate), rateRange(settings).map(Math.log10));
  setSlider(root, "n_epochs", Math.log10(settings.n_epochs), short(settings.n_epochs, 5));
  setSlider(root, "momentum", settings.momentum, short(settings.momentum));
  find("[data-slider=momentum]").disabled = settings.optimizer !== "momentum";
  find(".momentum output").textContent = short(settings.momentum);
  for (const name of ["learning_rate", "n_epochs"]) setBox(root, name, settings[name]);
  setBox(root, "start_w", settings.start[0]);
  setBox(root, "start_b", settings.start[1]);
  setBox(root, "reading", reading + 1);
  for (const name of ["t_u", "t_c"]) {
    setBox(root, name, settings.readings[name][reading]);
    find(`[data-name=${name}]`).textContent = labels[name].replace(/ \([^()]*\)$/, ""); // without its unit
  }
  const scrub = find("[data-shown]");
  scrub.max = settings.n_epochs;
  scrub.value = shown;
  scrub.setAttribute("aria-valuetext", `after ${count(shown)}`);
  find("[data-equal]").checked = equal;
  find("[data-play]").textContent = playing ? "Pause" : "Play";
  find("[data-pin]").textContent = pinned ? "Unpin" : "Pin this run";
  find("[data-pin]").setAttribute("aria-pressed", String(Boolean(pinned)));
  root.querySelectorAll("[data-preset]").forEach((preset) => {
    const changes = PRESETS[preset.dataset.preset][1](settings);
    preset.setAttribute("aria-pressed", String(Object.keys(changes).every((name) => changes[name] === settings[name])));
  });
  if (find("details").open) find("[data-code]").textContent = pytorchCode(settings);
}
