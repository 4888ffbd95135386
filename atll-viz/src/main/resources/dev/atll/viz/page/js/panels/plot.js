// A card with a plot: name, what it means, the value now, the lines' colours.

import { Chart } from '../charts.js';
import { el, setText } from '../dom.js';

export class PlotCard {
  #big;
  #keys;
  #chart;
  card;

  /** lines: [{name, color}], big: optional text of the newest value, extra: optional element */
  constructor({ title, hint, lines, format, axis, log, extra, wide }) {
    this.#big = el('span', { class: 'big' });
    this.#keys = el('div', { class: 'keys' });
    const host = el('div', { class: 'chart' });
    this.card = el('article', { class: wide ? 'card plot wide' : 'card plot' },
      el('header', {}, el('h3', {}, title), extra ?? null, this.#big),
      hint ? el('p', { class: 'hint' }, hint) : null, this.#keys, host);
    this.format = format;
    this.lines = lines;
    this.#chart = new Chart(host, { lines, format, axis, log });
    this.#legend();
  }

  recolor(lines) {
    this.lines = lines;
    this.#chart.lines(lines);
    this.#legend();
  }

  /** legend: texts in place of the newest values. */
  show(columns, nowSeconds, bigText, legend) {
    this.#chart.show(columns, nowSeconds);
    setText(this.#big, bigText ?? '');
    this.#values.forEach((node, i) => {
      if (legend) {
        setText(node, legend[i]);
        return;
      }
      // Of the newest point, as the tiles: an older value would belong to another moment.
      const last = columns[i + 1]?.at(-1);
      setText(node, last == null ? '–' : this.format(last));
    });
  }

  #values = [];

  // Colours are set through the style object, which the content policy allows.
  #legend() {
    this.#values = [];
    this.#keys.replaceChildren(...(this.lines.length < 2 ? [] : this.lines.map(line => {
      const swatch = el('i');
      swatch.style.setProperty('--c', `var(--${line.color})`);
      const value = el('b');
      this.#values.push(value);
      return el('span', {}, swatch, `${line.name} `, value);
    })));
  }
}
