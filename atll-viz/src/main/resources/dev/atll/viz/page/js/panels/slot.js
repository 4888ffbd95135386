// The numbers of one slot, and its last two minutes.

import { sparkline } from '../charts.js';
import { $, el, fitCanvas, setText } from '../dom.js';
import { ago, bytes, micros, percent, place, words } from '../format.js';
import { colors, heatColor, heatInk } from '../theme.js';

const FETCH_MILLIS = 1000;
const IDLE = 'Point at a slot, tap it, or walk with the arrow keys: its numbers and its last two minutes show here.';

export class SlotPanel {
  #host;
  #at = null;
  #past = null;
  #fetched = 0;
  #history;

  /** history(level, slot): a promise of the slot's last two minutes. */
  constructor(host, history) {
    this.#host = host;
    this.#history = history;
    this.#idle();
  }

  select(at, state) {
    if (at?.level !== this.#at?.level || at?.slot !== this.#at?.slot) {
      this.#past = null;
      this.#fetched = 0;
    }
    this.#at = at;
    this.show(state, true);
  }

  show(state, spoken = false) {
    const slot = this.#at && state.tree?.levels[this.#at.level]?.[this.#at.slot];
    if (!slot) {
      if (!this.#host.classList.contains('idle')) this.#idle();
      return;
    }
    this.#fetch();
    this.#host.classList.remove('idle');
    const canvas = el('canvas', { 'aria-hidden': 'true' });
    const job = state.jobs.find(j => j.level === slot.level && j.slot === slot.slot);
    this.#host.replaceChildren(
      el('div', { class: 'where' }, place(slot.level, slot.slot)),
      el('div', { class: 'facts' },
        fact('keys', `${percent(slot.low, 2)} – ${percent(slot.high, 2)}`), fact('bytes', bytes(slot.bytes)),
        fact('heat', slot.heat.toFixed(2)), fact('runs', `${slot.runs} of K ${slot.k}`), fact('K*', slot.kStar?.toFixed(1) ?? '–'),
        slot.readBurden == null ? null : fact('read burden', micros(slot.readBurden)),
        slot.writeBurden == null ? null : fact('write burden', bytes(slot.writeBurden)),
        ...cacheFacts(slot.cache),
        job ? fact(words(job.kind), job.running ? percent(job.done / job.planned) : 'waits') : null),
      this.#runs(slot, state), canvas);
    if (this.#past?.heat.length > 1) sparkline(fitCanvas(canvas), this.#past.heat, colors().s6);
    canvas.title = 'Heat over the last two minutes';
    if (spoken) {
      setText($('slot-live'), `Level ${slot.level}, slot ${slot.slot}: ${bytes(slot.bytes)}, heat ${slot.heat.toFixed(2)}, ${slot.runs} runs of K ${slot.k}`);
    }
  }

  // Each run as wide as its share of the bytes, newest on the left.
  #runs(slot, state) {
    const list = el('div', { class: 'run-list', title: 'Runs, newest first, as wide as their bytes' });
    const total = slot.sizes.reduce((sum, size) => sum + size, 0) || 1;
    slot.sizes.forEach((size, i) => {
      const bar = el('i', {}, `${bytes(size)} · ${ago(state.now - (slot.births[i] ?? 0) * 1000)}`);
      bar.style.flexGrow = String(size / total);
      bar.style.flexBasis = '0';
      bar.style.background = heatColor(slot.heat);
      bar.style.color = heatInk(slot.heat);
      list.append(bar);
    });
    return list;
  }

  async #fetch() {
    if (performance.now() - this.#fetched < FETCH_MILLIS) return;
    this.#fetched = performance.now();
    const { level, slot } = this.#at;
    try {
      const past = await this.#history(level, slot);
      if (past && this.#at?.level === level && this.#at?.slot === slot) this.#past = past;
    } catch {
      // The connection tells about a server that is gone.
    }
  }

  #idle() {
    this.#host.classList.add('idle');
    this.#host.replaceChildren(el('span', {}, IDLE));
  }
}

function cacheFacts(cache) {
  if (!cache) return [];
  const read = cache.blocks === 0 ? 'in place' : cache.mapped === 0 ? 'block by block' : 'partly in place';
  return [
    fact('read', read),
    fact('found in cache', cache.hits == null ? 'nothing asked' : percent(cache.hits, 0)),
    cache.frames > 0 ? fact('cached', bytes(cache.frames)) : null,
  ];
}

function fact(name, value) {
  return el('span', {}, `${name} `, el('b', {}, value));
}
