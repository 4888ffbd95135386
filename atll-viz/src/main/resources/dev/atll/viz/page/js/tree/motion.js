// Lets boxes glide to their new places, and remembers for a moment what happened where.

import { calm } from '../theme.js';

const GLIDE_PER_MILLI = 0.012;
const MARK_MILLIS = { split: 1600, join: 1600, shift: 1600, k: 1800, admit: 900, flush: 900 };
const FLASH_MILLIS = 700;
const MARKS_MAX = 60;
const CROWD_MILLIS = 600;

export class Motion {
  #boxes = new Map();
  #marks = [];
  #flashes = [];
  #last = 0;
  moving = false;

  /** Moves every box of the scene part of the way from where it was drawn last. */
  glide(scene, now) {
    const step = calm() ? 1 : 1 - Math.exp(-GLIDE_PER_MILLI * Math.min(100, now - this.#last));
    this.#last = now;
    this.moving = false;
    const seen = new Map();
    for (const level of scene.levels) {
      for (const box of level.boxes) {
        const was = this.#boxes.get(box.key);
        if (was) {
          for (const side of ['x', 'w', 'y', 'h', 'filled']) box[side] = this.#toward(was[side], box[side], step);
          box.heat = this.#toward(was.heat, box.slot.heat, step * 0.5, 0.004);
        } else {
          box.heat = box.slot.heat;
        }
        seen.set(box.key, box);
      }
    }
    this.#boxes = seen;
  }

  #toward(from, to, step, near = 0.3) {
    if (Math.abs(to - from) < near) return to;
    this.moving = true;
    return from + (to - from) * step;
  }

  mark([, kind, level, slot, from, to], now) {
    // What happens many times a second is shown as one.
    const crowded = (kind === 'admit' || kind === 'flush') && this.#marks.some(m => m.kind === kind && now - m.begin < CROWD_MILLIS);
    if (crowded) return;
    this.#marks.push({ kind, level, slot, from, to, begin: now, millis: MARK_MILLIS[kind] ?? 1000 });
    if (this.#marks.length > MARKS_MAX) this.#marks.shift();
  }

  flash(ended, now) {
    this.#flashes.push({ ...ended, begin: now, millis: FLASH_MILLIS });
    if (this.#flashes.length > MARKS_MAX) this.#flashes.shift();
  }

  forget() {
    this.#boxes.clear();
    this.#marks = [];
    this.#flashes = [];
  }

  /** What still shows, each with its age from 0 to 1. */
  marks(now) {
    this.#marks = this.#marks.filter(m => now - m.begin < m.millis);
    return this.#marks.map(m => ({ ...m, age: (now - m.begin) / m.millis }));
  }

  flashes(now) {
    this.#flashes = this.#flashes.filter(f => now - f.begin < f.millis);
    return this.#flashes.map(f => ({ ...f, age: (now - f.begin) / f.millis }));
  }

  get busy() {
    return this.moving || this.#marks.length > 0 || this.#flashes.length > 0;
  }
}
