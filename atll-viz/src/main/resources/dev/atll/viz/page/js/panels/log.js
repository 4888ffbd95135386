// The log of events, newest first, with filters.

import { $, el } from '../dom.js';
import { clock, words } from '../format.js';

const ROWS_MAX = 200;
const TOPICS = ['FLUSH', 'ADMISSION', 'COMPACTION', 'DECISION', 'GUARD', 'SLOT', 'PRESSURE', 'WAL', 'FILES', 'ENGINE', 'WORKLOAD'];
const REBUILD_MILLIS = 200;

export class LogPanel {
  #list = $('log');
  #hidden = new Set(['DECISION', 'SLOT', 'FILES']);
  #search = '';
  #shown = -1;
  #state = null;
  #pending = 0;

  constructor() {
    const group = $('log-topics');
    for (const topic of TOPICS) {
      group.append(el('button', { type: 'button', 'data-topic': topic, 'aria-pressed': String(!this.#hidden.has(topic)) }, words(topic)));
    }
    group.addEventListener('click', event => this.#toggle(event.target.closest('button')));
    $('log-search').addEventListener('input', event => {
      this.#search = event.target.value.trim().toLowerCase();
      this.#again();
    });
  }

  show(state) {
    this.#state = state;
    const newest = state.log.at(-1)?.number ?? 0;
    if (newest === this.#shown || this.#pending) return;
    this.#pending = setTimeout(() => {
      this.#pending = 0;
      this.#render();
    }, this.#shown < 0 ? 0 : REBUILD_MILLIS);
  }

  #toggle(button) {
    if (!button) return;
    const topic = button.dataset.topic;
    if (!this.#hidden.delete(topic)) this.#hidden.add(topic);
    button.setAttribute('aria-pressed', String(!this.#hidden.has(topic)));
    this.#again();
  }

  #again() {
    if (this.#state) this.#render();
  }

  #render() {
    const state = this.#state;
    this.#shown = state.log.at(-1)?.number ?? 0;
    // Who reads further down is not pushed along.
    if (this.#list.scrollTop > 4 && this.#list.matches(':hover')) return;
    const rows = [];
    for (let i = state.log.length - 1; i >= 0 && rows.length < ROWS_MAX; i--) {
      const line = state.log[i];
      const missing = i > 0 ? line.number - state.log[i - 1].number - 1 : 0;
      if (missing > 0) rows.push(el('li', { class: 'none' }, `${missing} lines came too fast to be shown`));
      // What is wrong shows whatever the filters say of its topic.
      if (this.#hidden.has(line.topic) && line.weight < 2) continue;
      if (this.#search && !`${line.text} ${words(line.topic)}`.toLowerCase().includes(this.#search)) continue;
      rows.push(el('li', { 'data-weight': line.weight }, el('time', {}, clock(line.t, state.wall0)),
        el('span', { class: 'topic' }, words(line.topic)), el('span', {}, line.text)));
    }
    if (!rows.length) rows.push(el('li', { class: 'none' }, state.log.length ? 'No event passes the filter.' : 'Nothing happened yet.'));
    this.#list.replaceChildren(...rows);
  }
}
