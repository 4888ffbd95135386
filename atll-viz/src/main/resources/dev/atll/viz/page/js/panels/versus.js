// The figures of two runs against one another, and their plots in common axes.

import { $, el } from '../dom.js';
import { bytes, count, nanos, ratio } from '../format.js';
import { latest } from '../store.js';
import { PlotCard } from './plot.js';

const COLORS = ['s1', 's2'];
// less: whether less is better; null where neither is.
const FIGURES = [
  { name: 'operations', read: s => s.health?.recent?.ops.reduce((sum, op) => sum + op[1], 0) ?? null, text: v => `${count(v)}/s`, less: null },
  { name: 'write amp.', series: 'wa', read: s => latest(s, 'wa'), text: ratio, less: true },
  { name: 'read amp.', series: 'ra', read: s => latest(s, 'ra'), text: ratio, less: true },
  { name: 'space amp.', series: 'sa', read: s => latest(s, 'sa'), text: ratio, less: true },
  { name: 'get p50', read: s => percentile(s, 'GET', 2), text: nanos, less: true },
  { name: 'get p99', series: 'getP99', read: s => percentile(s, 'GET', 4), text: nanos, less: true },
  { name: 'put p99', series: 'putP99', read: s => percentile(s, 'PUT', 4), text: nanos, less: true },
  { name: 'compaction', series: 'compactWriteBps', read: s => recent(s, 'compactWriteBps'), text: v => `${bytes(v)}/s`, less: true },
  { name: 'runs', read: runs, text: count, less: null },
  { name: 'on disk', read: s => (s.health ? s.health.live + s.health.dead : null), text: bytes, less: true },
  { name: 'stalled', read: s => s.health?.stallMs ?? null, text: v => nanos(v * 1e6), less: true },
];
const PLOTS = [
  { series: 'wa', title: 'Write amplification', format: ratio },
  { series: 'ra', title: 'Read amplification', format: ratio },
  { series: 'sa', title: 'Space amplification', format: ratio },
  { series: 'getP99', title: 'GET p99', format: nanos, log: true },
  { series: 'putP99', title: 'PUT p99', format: nanos, log: true },
  { series: 'compactWriteBps', title: 'Compaction writes a second', format: v => `${bytes(v)}/s`, axis: bytes },
];
// A difference smaller than this is none.
const NOTABLE = 0.02;
const RECENT_POINTS = 10;

export class VersusPanel {
  #plots = PLOTS.map(plot => ({ ...plot, card: new PlotCard({ ...plot, lines: lines(['first', 'second']) }) }));
  #names = '';

  constructor() {
    $('plots').append(...this.#plots.map(plot => plot.card.card));
  }

  /** runs: [{state, base}], base being the place of its time on the common line. */
  show(runs) {
    const names = runs.map(({ state }) => state.engine.policy || state.title || '–');
    if (names.join() !== this.#names) {
      this.#names = names.join();
      for (const plot of this.#plots) plot.card.recolor(lines(names));
    }
    this.#table(runs.map(run => run.state), names);
    const begin = Math.min(...runs.map(run => run.base));
    const now = Math.max(...runs.map(({ state, base }) => state.now + base - begin)) / 1000;
    for (const plot of this.#plots) {
      // The numbers are those of the table, which cover more than the newest point of the line.
      const figure = FIGURES.find(f => f.series === plot.series);
      const legend = runs.map(({ state }) => textOf(figure, figure.read(state)));
      plot.card.show(merge(runs.map(({ state, base }) => column(state, plot.series, (base - begin) / 1000))), now, '', legend);
    }
  }

  #table(states, names) {
    const rows = states.map(state => FIGURES.map(figure => figure.read(state)));
    $('versus').replaceChildren(
      el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, el('span', { class: 'visually-hidden' }, 'policy')), ...FIGURES.map(f => el('th', { scope: 'col' }, f.name)))),
      el('tbody', {}, ...rows.map((row, i) => el('tr', { class: i === 0 ? 'first' : 'second' },
        el('th', { scope: 'row' }, el('i', { class: 'swatch' }), names[i]),
        ...row.map((value, k) => {
          const better = isBetter(value, rows[1 - i][k], FIGURES[k].less);
          return el('td', { class: better ? 'better' : null }, textOf(FIGURES[k], value), better ? el('span', { class: 'visually-hidden' }, ' (better)') : null);
        })))));
  }
}

function isBetter(mine, other, less) {
  if (less === null || mine == null || other == null || mine === other) return false;
  return less && mine < other * (1 - NOTABLE);
}

function lines(names) {
  return names.map((name, i) => ({ name, color: COLORS[i], dash: i ? [6, 3] : undefined }));
}

function textOf(figure, value) {
  return value == null ? '–' : figure.text(value);
}

// Of the last ten seconds together, merged by their histograms; null where they were not recorded.
function percentile(state, kind, place) {
  return state.health?.recent?.ops.find(op => op[0] === kind)?.[place] ?? null;
}

// The mean rate of the last seconds: single ones jump too much to be compared.
function recent(state, name) {
  const at = state.seriesAt[name];
  if (at === undefined) return null;
  const values = state.points.slice(-RECENT_POINTS).map(point => point[at]).filter(v => v != null);
  return values.length ? values.reduce((a, b) => a + b, 0) / values.length : null;
}

function runs(state) {
  if (!state.tree) return null;
  return state.tree.levels.flat().reduce((sum, slot) => sum + (slot?.runs ?? 0), 0);
}

function column(state, name, shift) {
  const at = state.seriesAt[name];
  return state.points.map(point => [Math.round(point[0] + shift), point[at] ?? null]);
}

// One column of seconds for both, as plots want it.
function merge(columns) {
  const rows = new Map();
  columns.forEach((points, i) => {
    for (const [second, value] of points) {
      if (!rows.has(second)) rows.set(second, columns.map(() => null));
      rows.get(second)[i] = value;
    }
  });
  const seconds = [...rows.keys()].sort((a, b) => a - b);
  return [seconds, ...columns.map((_, i) => seconds.map(second => rows.get(second)[i]))];
}
