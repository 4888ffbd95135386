// Is adapting worth it: the three amplifications, and what the engine believes it gains.

import { columns } from '../charts.js';
import { $ } from '../dom.js';
import { micros, percent, ratio } from '../format.js';
import { latest } from '../store.js';
import { PlotCard } from './plot.js';

export class WorthPanel {
  #cards = [
    ['wa', new PlotCard({ title: 'Write amplification', hint: 'bytes written to disk per byte a user wrote', lines: [{ name: 'WA', color: 's2', fill: true }], format: ratio })],
    ['ra', new PlotCard({ title: 'Read amplification', hint: 'runs looked into per point lookup', lines: [{ name: 'RA', color: 's1', fill: true }], format: ratio })],
    ['sa', new PlotCard({ title: 'Space amplification', hint: 'bytes on disk per live byte', lines: [{ name: 'SA', color: 's4', fill: true }], format: ratio })],
  ];
  #gain = new PlotCard({
    title: 'What adapting brings',
    lines: [{ name: 'predicted gain', color: 's3' }, { name: 'regret', color: 's6' }, { name: 'overlap BC', color: 's5', dash: [4, 3] }],
    format: v => percent(v, 1),
  });

  constructor() {
    $('worth').append(...this.#cards.map(([, plot]) => plot.card), this.#gain.card);
  }

  show(state, nowSeconds) {
    for (const [name, plot] of this.#cards) {
      const now = latest(state, name);
      plot.show(columns(state, [name]), nowSeconds, now == null ? '' : `${ratio(now)} ×`);
    }
    const { gain, regret, adaptive } = state.engine;
    this.#gain.card.hidden = !gain && !regret;
    if (this.#gain.card.hidden) return;
    const big = gain ? `${percent(gain.gain)} gain` : `${percent(regret.spent / regret.best - 1)} regret`;
    this.#gain.show(columns(state, ['gain', 'regret', 'bc']), nowSeconds, big);
    const parts = [];
    if (gain) parts.push(`gain ${percent(gain.gainLow)}–${percent(gain.gainHigh)}, overlap of reads and writes BC ${gain.bcLow}–${gain.bcHigh} over ${gain.slots} slots`);
    if (regret) parts.push(`spent ${micros(regret.spent)}, hindsight optimum ${micros(regret.best)}`);
    if (adaptive != null) parts.push(`adapting is ${adaptive ? 'on' : 'off'}`);
    this.#gain.card.title = parts.join('; ');
  }
}
