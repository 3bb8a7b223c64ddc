/** An instrument's state as a link says it: "#inputs=raw&start=1,0&hide=optimizer". */

const number = (text) => (/^-?\d/.test(text) ? Number(text) : NaN);
const numbers = (text) => text.split(",").map(number);
const READ = { // by the kind of the setting
  number,
  switch: (text) => ({ true: true, false: false })[text],
  start: numbers,
  readings: (text) => {
    const [t_u, t_c = []] = text.split(";").map(numbers);
    return { t_u, t_c };
  },
};
const written = (value) => String(value?.t_u ? [value.t_u, value.t_c].join(";") : value);

/** What is not as in `first`, and what is hidden. */
export function toLink(values, first, hide) {
  const fields = Object.keys(first).map((name) => [name, written(values[name])])
    .filter(([name, text]) => text !== written(first[name]));
  if (hide.length) fields.push(["hide", hide]);
  return `#${new URLSearchParams(fields)}`.replaceAll("%2C", ",").replaceAll("%3B", ";");
}

/** What a link says, by name. What is no number stays text. */
export const fromLink = (hash, settings) => Object.fromEntries(
  [...new URLSearchParams(hash.slice(1))].map(([name, text]) => {
    if (name === "hide") return [name, text.split(",").filter(Boolean)];
    return [name, READ[settings[name]?.kind]?.(text) ?? text];
  }));
