/** What can be dragged in the explorer: the start on the map, a reading in the fit, the rate in its curve. */
import { PAD } from "./axes.js";
import { onDrag } from "./controls.js";
import { roundTo, short } from "./text.js";
import { bowl } from "./theory.js";

const inside = (value, low, high) => Math.min(high, Math.max(low, value));
const perPixel = (f) => [f.atX(1) - f.atX(0), f.atY(0) - f.atY(1)];
const distance = ([x, y], [u, v]) => Math.hypot(x - u, y - v);
const clamped = (f, [x, y]) => [f.atX(inside(x, PAD.left, f.right)), f.atY(inside(y, PAD.top, f.bottom))];

export function listenToDrags(explorer) {
  const { frames } = explorer; // they hold still until `done`
  const begins = (yes) => (explorer.dragging ||= yes) && yes;
  const done = () => {
    explorer.dragging = false;
    explorer.drawing.ask();
  };
  onDrag(explorer.find("[data-picture=surface]"), {
    near: (at, touch) => {
      const [w, b] = explorer.settings.start;
      return begins(!touch || distance(at, [frames.surface.x(w), frames.surface.y(b)]) < 30);
    },
    move: (at) => {
      const steps = perPixel(frames.surface);
      explorer.choose({ start: clamped(frames.surface, at).map((value, i) => roundTo(value, steps[i])) });
    },
    done,
  });
  let prepared = null; // standardised inputs change with the reading: a drag keeps to those of its beginning
  onDrag(explorer.find("[data-picture=fit]"), {
    near: (at) => {
      prepared = bowl(explorer.settings);
      const far = prepared.t_u.map((u, i) => distance(at, [frames.fit.x(u), frames.fit.y(prepared.t_c[i])]));
      const nearest = far.indexOf(Math.min(...far));
      if (far[nearest] < 24) explorer.reading = nearest;
      return begins(far[nearest] < 24);
    },
    move: (at) => {
      const [[u, t_c], steps, { scale, shift }] = [clamped(frames.fit, at), perPixel(frames.fit), prepared];
      const to = { t_u: roundTo(u * scale + shift, steps[0] * scale), t_c: roundTo(t_c, steps[1]) };
      explorer.choose({ readings: explorer.moveReading(to) });
    },
    done,
  });
  onDrag(explorer.find("[data-picture=sweep]"), {
    near: () => true,
    move: ([x]) => {
      const [low, high] = frames.sweep.domain.x;
      explorer.choose({ learning_rate: Number(short(inside(frames.sweep.atX(x), low, high), 3)) });
    },
  });
}
