/** The explorer's state in the address of its page, so that a link hands out one situation. */
import { hideParts } from "./controls.js";
import { problem } from "./explorer_words.js";
import { PARTS } from "./given.js";

const NUMBERS = ["learning_rate", "momentum", "n_epochs"];
const KNOWN = ["inputs", "optimizer", ...NUMBERS, "start", "t_u", "t_c", "epoch", "scale", "hide"];

/** "#inputs=raw&...": settings, start, what is hidden; the readings and the epoch where they are not the page's own. */
export function toLink({ settings, shown, scale, hide }, base) {
  const { readings, start, inputs, optimizer } = settings;
  const words = { inputs, optimizer, ...Object.fromEntries(NUMBERS.map((name) => [name, settings[name]])), start };
  if (JSON.stringify(readings) !== JSON.stringify(base.settings.readings)) Object.assign(words, { t_u: readings.t_u, t_c: readings.t_c });
  if (shown !== settings.n_epochs) words.epoch = shown;
  if (scale !== null) words.scale = scale ? "same" : "free";
  if (hide.length) words.hide = hide;
  return `#${new URLSearchParams(words).toString().replaceAll("%2C", ",")}`;
}

/** What a link says: `{ settings, shown, scale, hide, trouble }`. One that makes no sense leaves `base`, and a word. */
export function fromLink(hash, base) {
  const words = Object.fromEntries(new URLSearchParams(hash.slice(1)));
  const settings = { ...base.settings };
  const number = (text) => (/^-?\d/.test(text) ? Number(text) : NaN);
  const list = (text) => text.split(",").map(number);
  for (const name of ["inputs", "optimizer"]) if (name in words) settings[name] = words[name];
  for (const name of NUMBERS) if (name in words) settings[name] = number(words[name]);
  if ("start" in words) settings.start = list(words.start);
  for (const name of ["t_u", "t_c"]) {
    if (name in words) settings.readings = { ...settings.readings, [name]: list(words[name]) };
  }
  const hide = "hide" in words ? words.hide.split(",").filter(Boolean) : base.hide;
  const shown = "epoch" in words ? number(words.epoch) : settings.n_epochs;
  const foreign = [...Object.keys(words).filter((name) => !KNOWN.includes(name)), ...hide.filter((part) => !PARTS.includes(part))];
  const wrong = foreign.length ? `It names "${foreign[0].slice(0, 20)}", which is not known here.`
    : problem(settings) ?? (shown >= 0 && shown <= settings.n_epochs && Number.isInteger(shown) ? null : "There is no such epoch.");
  if (wrong) {
    const trouble = `The link of this page makes no sense. ${wrong} Showing the page's own settings.`;
    return { settings: base.settings, shown: base.settings.n_epochs, scale: null, hide: base.hide, trouble };
  }
  return { settings, shown, hide, scale: { same: true, free: false }[words.scale] ?? null, trouble: "" };
}

/** Show what stands in the address, now and whenever it changes, and keep the state there. */
export function followLink(explorer) {
  const base = { settings: explorer.initial, hide: explorer.hide };
  const follow = () => {
    const { trouble, ...found } = fromLink(location.hash, base);
    Object.assign(explorer, found);
    hideParts(explorer.root, found.hide);
    explorer.complain(trouble);
    explorer.drawing.ask();
  };
  follow();
  addEventListener("hashchange", follow);
  explorer.keepLink = () => history.replaceState(null, "", toLink(explorer, base));
}
