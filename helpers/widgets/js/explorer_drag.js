/** What can be dragged in the explorer: the start on the map, a reading in the fit, the rate. */
import { PAD } from "./axes.js";
import { onDrag } from "./controls.js";
import { inside, roundTo, short } from "./text.js";
import { bowl } from "./theory.js";

const distance = ([x, y], [u, v]) => Math.hypot(x - u, y - v);

/** The numbers at a pixel of the panel, with the digits that pixels can tell apart. */
function numbersAt(f, [x, y], scale = 1, shift = 0) {
  const u = f.atX(inside(x, PAD.left, f.right)) * scale + shift;
  const v = f.atY(inside(y, PAD.top, f.bottom));
  return [roundTo(u, (f.atX(1) - f.atX(0)) * scale), roundTo(v, f.atY(0) - f.atY(1))];
}

export function listenToDrags(explorer) {
  const { frames } = explorer; // they hold still until `done`
  const listen = (name, near, move) => onDrag(explorer.find(`[data-picture=${name}]`), {
    near: (at, touch) => (explorer.dragging = near(at, touch)),
    move: (at) => explorer.choose(move(at)),
    done: () => {
      explorer.dragging = false;
      explorer.drawing.ask();
    },
  });
  listen("surface",
    (at, touch) => !touch || distance(at, frames.surface.at(explorer.settings.start)) < 30,
    (at) => ({ start: numbersAt(frames.surface, at) }));
  listen("sweep", () => true, ([x]) => {
    const rate = inside(frames.sweep.atX(x), ...frames.sweep.domain.x);
    return { learning_rate: Number(short(rate, 3)) };
  });
  let begun = null; // standardised inputs change with the reading: a drag keeps its first ones
  listen("fit", (at) => {
    begun = bowl(explorer.settings);
    const far = begun.t_u.map((u, i) => distance(at, frames.fit.at([u, begun.t_c[i]])));
    const nearest = far.indexOf(Math.min(...far));
    if (far[nearest] < 24) explorer.reading = nearest;
    return far[nearest] < 24;
  }, (at) => {
    const [t_u, t_c] = numbersAt(frames.fit, at, begun.scale, begun.shift);
    return explorer.movedReading({ t_u, t_c });
  });
}
