/** The explorer's state in the address of its page: a link hands out one situation. */
import { hideParts } from "./controls.js";
import { problem } from "./explorer_words.js";
import { PARTS } from "./given.js";

const word = (text) => text;
const number = (text) => (/^-?\d/.test(text) ? Number(text) : NaN);
const list = (text) => text.split(",").map(number);
const FIELDS = { // what a link can say, and how it is read
  inputs: word, optimizer: word, learning_rate: number, momentum: number, n_epochs: number,
  start: list, t_u: list, t_c: list, epoch: number, scale: word,
  hide: (text) => text.split(",").filter(Boolean),
};

/** "#inputs=raw&...": readings, epoch, scale and hidden parts only where they are not as given. */
export function toLink({ settings, shown, scale, hide }, base) {
  const { readings, ...fields } = settings;
  const own = JSON.stringify(readings) !== JSON.stringify(base.settings.readings);
  if (own) Object.assign(fields, readings);
  if (shown !== settings.n_epochs) fields.epoch = shown;
  if (scale !== null) fields.scale = scale ? "same" : "free";
  if (hide.length) fields.hide = hide;
  return `#${new URLSearchParams(fields).toString().replaceAll("%2C", ",")}`;
}

/** What a link says: `{ settings, shown, scale, hide, trouble }`, or `base` and a word. */
export function fromLink(hash, base) {
  const said = [...new URLSearchParams(hash.slice(1))];
  const known = said.filter(([name]) => Object.hasOwn(FIELDS, name));
  const { t_u, t_c, epoch, scale, hide = base.hide, ...others } =
    Object.fromEntries(known.map(([name, text]) => [name, FIELDS[name](text)]));
  const settings = { ...base.settings, ...others };
  const { readings } = settings;
  if (t_u || t_c) settings.readings = { t_u: t_u ?? readings.t_u, t_c: t_c ?? readings.t_c };
  const shown = epoch ?? settings.n_epochs;
  const foreign = said.find((each) => !known.includes(each))?.[0] ??
    hide.find((part) => !PARTS.includes(part));
  let trouble = problem(settings);
  const isEpoch = Number.isInteger(shown) && shown >= 0 && shown <= settings.n_epochs;
  if (!isEpoch) trouble ??= "There is no such epoch.";
  if (foreign !== undefined) trouble = `It names "${foreign.slice(0, 20)}", unknown here.`;
  if (!trouble) return { settings, shown, hide, scale: scale ? scale === "same" : null, trouble };
  trouble = `The link of this page makes no sense. ${trouble} Showing the page's own settings.`;
  return { ...base, shown: base.settings.n_epochs, scale: null, trouble };
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
