// Is adapting worth it: what the engine believes it gains, and the three amplifications beside what
// the static shapes would cost.

import { columns } from '../charts.js';
import { $, el, setText } from '../dom.js';
import { count, micros, percent, ratio } from '../format.js';
import { SHAPES, staticShapes } from '../model.js';
import { latest } from '../store.js';
import { PlotCard } from './plot.js';

const AMPLIFICATIONS = [
  { series: 'wa', title: 'Write amplification', hint: 'bytes written by flushes and merges per byte a user wrote, without the log: as the lines of the static shapes count', name: 'measured', color: 's2' },
  { series: 'ra', title: 'Read amplification', hint: 'runs looked into per point lookup; the static shapes ask every run, filters left out', name: 'measured', color: 's1' },
  { series: 'sa', title: 'Space amplification', hint: 'bytes on disk per live byte', name: 'measured', color: 's4' },
];

export class WorthPanel {
  #cards = AMPLIFICATIONS.map(a => ({
    series: a.series,
    plot: new PlotCard({ title: a.title, hint: a.hint, lines: [{ name: a.name, color: a.color, fill: true }, ...SHAPES], format: ratio }),
  }));
  #gain = new PlotCard({
    title: 'Gain and regret over time', hint: 'shares of the work; regret is that of the last minute; BC is 1 where reads and writes want the same places',
    lines: [{ name: 'predicted gain', color: 's3' }, { name: 'regret', color: 's6' }, { name: 'overlap BC', color: 's1', dash: [4, 3] }],
    format: v => percent(v, 1),
  });
  #verdict = el('p', { class: 'verdict' });
  #scales = el('div', { class: 'scales' });
  #told = '';

  constructor() {
    const card = el('article', { class: 'card plot', id: 'worth-now' },
      el('header', {}, el('h3', {}, 'Does adapting pay')), this.#verdict, this.#scales);
    $('worth').append(card, this.#gain.card, ...this.#cards.map(({ plot }) => plot.card));
  }

  show(state, nowSeconds) {
    const levels = (state.tree?.levels ?? []).slice(1).filter(level => level?.some(slot => slot?.runs > 0)).length;
    const shapes = staticShapes(state.engine.fanout, levels);
    for (const { series, plot } of this.#cards) {
      const now = latest(state, series);
      const measured = columns(state, [series]);
      const models = SHAPES.map(({ name }) => measured[0].map(() => shapes?.[name][series] ?? null));
      plot.show([...measured, ...models], nowSeconds, now == null ? '–' : `${ratio(now)} ×`);
    }
    const { gain, regret, adaptive } = state.engine;
    this.#gain.card.hidden = !gain && !regret;
    if (!this.#gain.card.hidden) this.#gain.show(columns(state, ['gain', 'regret', 'bc']), nowSeconds, '');
    const told = JSON.stringify([gain, regret, adaptive]);
    if (told !== this.#told) {
      this.#told = told;
      setText(this.#verdict, verdict(gain, adaptive));
      this.#scales.replaceChildren(...scales(gain, regret));
    }
  }
}

function verdict(gain, adaptive) {
  const mode = adaptive == null ? '' : adaptive ? ' Each slot chooses its own K.' : ' All slots share one K.';
  if (!gain) return `No estimate yet: it takes reads and writes that were measured, and a policy that asks.${mode}`;
  const sure = gain.gainLow > 0;
  const what = gain.gain <= 0.005 ? 'Next to nothing to gain'
    : `${sure ? 'A K for each slot is predicted to save' : 'A K for each slot might save'} ${percent(gain.gain, 1)} of the work against the best single K`;
  const why = gain.bc >= 0.9 ? 'reads and writes want the same places' : gain.bc >= 0.6 ? 'reads and writes partly want other places' : 'reads and writes want different places';
  return `${what}: ${why}.${mode}`;
}

function scales(gain, regret) {
  const rows = [];
  if (gain) {
    rows.push(scale('Overlap BC', gain.bc, gain.bcLow, gain.bcHigh, 1, v => v.toFixed(2), 'Bhattacharyya coefficient of read and write burdens over the key space: 1 is full overlap'));
    rows.push(scale('Predicted gain', gain.gain, gain.gainLow, gain.gainHigh, Math.max(0.25, gain.gainHigh), v => percent(v, 1), `over ${gain.slots} ranges`));
    rows.push(el('p', { class: 'muted small' }, `From ${count(gain.reads)} reads and ${count(gain.writes)} writes over ${count(gain.slots)} ranges; whiskers are the interval of the estimate.`));
  }
  if (regret) {
    const share = regret.best > 0 ? regret.spent / regret.best - 1 : null;
    rows.push(scale('Regret', share, null, null, Math.max(1, share ?? 0), v => percent(v, 1), 'Cost beyond the best in hindsight, as a share of that best'));
    rows.push(el('p', { class: 'muted small' }, `Spent ${micros(regret.spent)}; in hindsight ${micros(regret.best)} would have done, over the last ${Math.round(regret.windowMs / 1000)} s.`));
  }
  return rows;
}

// A point with whiskers on a line from 0 to max, as SVG: attributes are allowed by the content policy.
function scale(name, value, low, high, max, format, title) {
  const ns = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(ns, 'svg');
  svg.setAttribute('class', 'whisker');
  svg.setAttribute('aria-hidden', 'true');
  const add = (tag, attributes) => {
    const node = document.createElementNS(ns, tag);
    for (const [key, v] of Object.entries(attributes)) node.setAttribute(key, v);
    svg.append(node);
  };
  const x = v => `${Math.max(0, Math.min(1, v / max)) * 100}%`;
  add('rect', { x: 0, y: 7, width: '100%', height: 4, rx: 2, fill: 'var(--well)' });
  if (low != null) {
    add('line', { x1: x(low), x2: x(high), y1: 9, y2: 9, stroke: 'var(--accent)', 'stroke-width': 3 });
    for (const end of [low, high]) add('line', { x1: x(end), x2: x(end), y1: 4, y2: 14, stroke: 'var(--accent)', 'stroke-width': 2 });
  }
  if (value != null) add('circle', { cx: x(value), cy: 9, r: 5, fill: 'var(--text)', stroke: 'var(--card)', 'stroke-width': 2 });
  const interval = low == null ? '' : ` (${format(low)} – ${format(high)})`;
  return el('div', { class: 'scale', title }, el('span', {}, name), svg, el('b', {}, value == null ? '–' : `${format(value)}${interval}`));
}
