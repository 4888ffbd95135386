// The demonstration's handles. Without the token they show how things stand and cannot be moved.

import { post } from '../connection.js';
import { $, el } from '../dom.js';
import { count, percent } from '../format.js';

const POLL_MILLIS = 5000;

export class Controls {
  #form = $('controls');
  #token;
  #state = null;
  #parts = null;
  #touched = -Infinity;

  constructor(token) {
    this.#token = token;
    this.#form.addEventListener('submit', event => event.preventDefault());
    this.refresh();
    setInterval(() => this.refresh(), POLL_MILLIS);
  }

  async refresh() {
    if (document.hidden) return;
    try {
      const response = await fetch('/control');
      if (response.ok) this.#show(await response.json());
    } catch {
      // The connection tells about a server that is gone.
    }
  }

  #show(state) {
    this.#state = state;
    this.#form.hidden = !state.available;
    if (!state.available) return;
    this.#parts ??= this.#build(state);
    // Not under the hand that is moving something.
    if (performance.now() - this.#touched < 1500) return;
    const p = this.#parts;
    p.policy.value = state.policy;
    p.workload.value = state.workload;
    p.middle.value = (state.hotLow + state.hotHigh) / 2;
    p.width.value = state.hotHigh - state.hotLow;
    p.rate.value = state.rate === 0 ? state.rateMax : state.rate;
    this.#captions();
  }

  #build(state) {
    const disabled = !this.#token;
    const select = (names, label, name) => el('select', { disabled, 'aria-label': label, onchange: e => this.#send(name, { name: e.target.value }) },
      ...names.map(n => el('option', { value: n }, n)));
    const range = (label, attributes, onchange) => el('input', {
      type: 'range', disabled, 'aria-label': label, ...attributes,
      oninput: () => { this.#touched = performance.now(); this.#captions(); }, onchange,
    });
    const sendRange = () => {
      const [low, high] = this.#hot();
      this.#send('hot-range', { low, high });
    };
    const p = {
      policy: select(state.policies, 'Policy', 'policy'),
      workload: select(state.workloads, 'Workload', 'workload'),
      middle: range('Middle of the hot range', { min: 0, max: 1, step: 0.005 }, sendRange),
      width: range('Width of the hot range', { min: 0.01, max: 1, step: 0.01 }, sendRange),
      rate: range('Operations a second', { min: 0, max: state.rateMax, step: state.rateMax / 200 },
        e => this.#send('rate', { opsPerSecond: Number(e.target.value) >= state.rateMax ? 0 : Math.max(1, Number(e.target.value)) })),
      hotText: el('output', {}),
      rateText: el('output', {}),
    };
    const field = (label, ...nodes) => el('div', { class: 'field' }, el('span', {}, label, ...(nodes.length > 1 ? [' ', nodes.pop()] : [])), ...nodes);
    if (state.policies.length) this.#form.append(field('Policy', p.policy));
    if (state.workloads.length) this.#form.append(field('Workload', p.workload));
    this.#form.append(
      field('Hot range', el('div', { class: 'ranges' }, p.middle, p.width), p.hotText),
      field('Rate', p.rate, p.rateText),
      el('button', { type: 'button', class: 'strong', disabled, onclick: () => this.#send('burst', {}) }, 'Burst of writes'),
      el('span', { class: 'note muted small', role: 'status', id: 'control-note' },
        disabled ? 'To use the controls, open the address that the demo printed.' : ''));
    return p;
  }

  #hot() {
    const middle = Number(this.#parts.middle.value);
    const width = Number(this.#parts.width.value);
    const low = Math.max(0, Math.min(1 - width, middle - width / 2));
    return [low, Math.min(1, low + width)];
  }

  #captions() {
    const [low, high] = this.#hot();
    const rate = Number(this.#parts.rate.value);
    this.#parts.hotText.value = `${percent(low)} – ${percent(high)}`;
    this.#parts.rateText.value = rate >= this.#state.rateMax ? 'as fast as it goes' : `${count(rate)}/s`;
  }

  async #send(name, body) {
    this.#touched = performance.now();
    const note = $('control-note');
    try {
      this.#state = await post(name, body, this.#token);
      note.textContent = name === 'burst' ? 'A burst is on its way.' : '';
    } catch (error) {
      note.textContent = `Not done: ${error.message}`;
      this.#touched = -Infinity;
    }
  }
}
