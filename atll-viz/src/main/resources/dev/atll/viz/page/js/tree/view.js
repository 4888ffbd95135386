// The tree's canvas: draws when there is something to draw, and lets mouse and keys walk it.

import { $, fitCanvas } from '../dom.js';
import { calm, colors, onTheme } from '../theme.js';
import { drawJobs, drawMarks } from './jobs.js';
import { drawLevels, outline } from './draw.js';
import { drawMemory } from './memory.js';
import { boxAt, findBox, layout } from './layout.js';
import { Motion } from './motion.js';

const DRAW_MILLIS = 1000 / 25;

export class TreeView {
  #canvas;
  #state;
  #scene = null;
  #motion = new Motion();
  #scale = 'keys';
  #hover = null;
  #selected = null;
  #pointed = null;
  #dirty = true;
  #drawn = 0;
  #onSlot;

  /** onSlot(slot or null): the slot to tell about changed. */
  constructor(canvas, state, onSlot) {
    this.#canvas = canvas;
    this.#state = state;
    this.#onSlot = onSlot;
    new ResizeObserver(() => this.touch()).observe(this.#canvas);
    onTheme(() => this.touch());
    this.#listen();
    requestAnimationFrame(now => this.#loop(now));
  }

  show(state, happened) {
    this.#state = state;
    if (happened?.full) this.#motion.forget();
    const now = performance.now();
    for (const mark of happened?.marks ?? []) this.#motion.mark(mark, now);
    for (const ended of happened?.ended ?? []) this.#motion.flash(ended, now);
    this.touch();
  }

  touch() {
    this.#dirty = true;
  }

  set scale(scale) {
    this.#scale = scale;
    this.touch();
  }

  get scale() {
    return this.#scale;
  }

  /** Shows where something is that the decision panel talks about; null to stop. */
  point(level, slot) {
    this.#pointed = level == null ? null : { level, slot };
    this.touch();
  }

  letGo() {
    this.#selected = null;
    this.#hover = null;
    this.#tell();
  }

  #loop(now) {
    requestAnimationFrame(next => this.#loop(next));
    const alive = this.#motion.busy || (!calm() && (this.#state.jobs.some(j => j.running) || this.#state.flushes.length));
    if (document.hidden || (!this.#dirty && !alive) || now - this.#drawn < DRAW_MILLIS) return;
    this.#drawn = now;
    this.#dirty = false;
    this.#draw(now);
  }

  #draw(now) {
    const { context: g, width, height } = fitCanvas(this.#canvas);
    g.clearRect(0, 0, width, height);
    // A window too small for a tree, or one that is just being laid out.
    if (!this.#state.tree || width < 80 || height < 200) return;
    const scene = layout(this.#state, width, height, this.#scale);
    this.#motion.glide(scene, now);
    this.#scene = scene;
    drawMemory(g, scene, this.#state, now, calm());
    drawLevels(g, scene, this.#state);
    // The page of two runs has no such key: one tree would hide it for the other.
    const key = $('key-hits');
    if (key) key.hidden = !scene.levels.some(level => level.boxes.some(box => box.slot.cache?.blocks > 0));
    drawMarks(g, scene, this.#motion, now);
    drawJobs(g, scene, this.#state, now, calm());
    const c = colors();
    this.#frame(g, this.#pointed, c.s4, 3);
    this.#frame(g, this.#hover, c.text, 1.5);
    this.#frame(g, this.#selected, c.text, 2.5);
  }

  #frame(g, at, color, width) {
    const box = at && findBox(this.#scene, at.level, at.slot);
    if (box) outline(g, box, color, width);
  }

  #listen() {
    const canvas = this.#canvas;
    const find = event => {
      const box = this.#scene && boxAt(this.#scene, event.offsetX, event.offsetY);
      return box ? { level: box.slot.level, slot: box.slot.slot } : null;
    };
    canvas.addEventListener('pointermove', event => {
      if (event.pointerType === 'mouse') this.#hoverOn(find(event));
    });
    canvas.addEventListener('pointerleave', () => this.#hoverOn(null));
    canvas.addEventListener('click', event => this.#select(find(event)));
    canvas.addEventListener('keydown', event => this.#key(event));
  }

  #hoverOn(at) {
    if (same(at, this.#hover)) return;
    this.#hover = at;
    this.#tell();
  }

  #select(at) {
    this.#selected = same(at, this.#selected) ? null : at;
    this.#tell();
  }

  #tell() {
    this.touch();
    this.#onSlot(this.#hover ?? this.#selected);
  }

  #key(event) {
    if (event.shiftKey) return;
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!step || !this.#scene) return;
    event.preventDefault();
    this.#hover = null;
    const at = this.#selected && findBox(this.#scene, this.#selected.level, this.#selected.slot);
    const next = at ? this.#walk(at, step) : this.#scene.levels[0]?.boxes[0];
    if (next) {
      this.#selected = { level: next.slot.level, slot: next.slot.slot };
      this.#tell();
    }
  }

  // Up and down go to the slot over the same middle key, or the same place on the screen.
  #walk(box, [down, right]) {
    const level = this.#scene.levels[box.slot.level - 1 + down];
    if (!level) return box;
    if (right) return level.boxes.find(b => b.slot.slot === box.slot.slot + right) ?? box;
    const middle = box.x + box.w / 2;
    return level.boxes.find(b => middle >= b.x && middle < b.x + b.w) ?? level.boxes.at(-1) ?? box;
  }
}

function same(a, b) {
  return a?.level === b?.level && a?.slot === b?.slot;
}
