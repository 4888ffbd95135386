// Time plots by uPlot, in the colours of the theme, all showing the same stretch of time.

import { colors, onTheme } from './theme.js';

const HEIGHT = 132;
const SPAN_MIN = 30;
const charts = new Set();
let windowSeconds = 300;

onTheme(() => {
  for (const chart of charts) chart.rebuild();
});

export function setWindow(seconds) {
  windowSeconds = seconds;
  for (const chart of charts) chart.redraw();
}

export class Chart {
  #host;
  #lines;
  #format;
  #log;
  #plot = null;
  #data = [[]];
  #now = 0;

  /** lines: [{name, color, fill?}], format: value to text */
  constructor(host, { lines, format, axis = format, log = false }) {
    this.#host = host;
    this.#lines = lines;
    this.#format = axis;
    this.#log = log;
    charts.add(this);
    new ResizeObserver(() => this.#resize()).observe(host);
  }

  lines(lines) {
    this.#lines = lines;
    this.rebuild();
  }

  /** columns: seconds, then one array for each line. */
  show(columns, nowSeconds) {
    this.#data = columns;
    this.#now = nowSeconds;
    this.redraw();
  }

  redraw() {
    if (!this.#plot) this.#build();
    if (!this.#plot) return;
    const seconds = this.#data[0];
    const from = this.#from();
    let begin = 0;
    while (begin < seconds.length && seconds[begin] < from) begin++;
    const cut = Math.max(0, begin - 1);
    this.#plot.setData(this.#data.map(column => column.slice(cut)), false);
    this.#plot.setScale('x', { min: from, max: this.#now });
  }

  // A young recording fills the plot; from then on it shows the chosen stretch.
  #from() {
    const first = this.#data[0][0] ?? this.#now;
    return Math.min(this.#now - SPAN_MIN, Math.max(this.#now - windowSeconds, first));
  }

  rebuild() {
    this.#plot?.destroy();
    this.#plot = null;
    this.redraw();
  }

  #resize() {
    if (!this.#plot) this.redraw();
    else if (this.#host.clientWidth > 0) this.#plot.setSize({ width: this.#host.clientWidth, height: HEIGHT });
  }

  #build() {
    const width = this.#host.clientWidth;
    if (width === 0) return;
    const c = colors();
    const axis = {
      stroke: c.muted,
      font: '11px system-ui, sans-serif',
      grid: { stroke: c.line, width: 1 },
      ticks: { show: false },
    };
    const format = this.#format;
    this.#plot = new window.uPlot({
      width,
      height: HEIGHT,
      padding: [8, 16, 0, 0],
      cursor: { y: false, sync: { key: 'atll' }, points: { size: 6 } },
      legend: { show: false },
      scales: {
        x: { time: false },
        y: { distr: this.#log ? 3 : 1, range: this.#log ? logRange : (_, low, high) => [Math.min(0, low), high > 0 ? high * 1.12 : 1] },
      },
      axes: [
        { ...axis, size: 22, space: 60, values: (_, ticks) => ticks.map(t => sinceNow(t - this.#now)), splits: () => splits(this.#now, this.#from()) },
        { ...axis, size: 62, space: 28, grid: { ...axis.grid, ...(this.#log && { filter: decades }) }, values: (_, ticks) => ticks.map(v => (v == null ? '' : format(v))) },
      ],
      series: [{}, ...this.#lines.map(line => ({
        label: line.name,
        stroke: c[line.color],
        width: line.width ?? 1.6,
        dash: line.dash,
        fill: line.fill ? alpha(c[line.color]) : undefined,
        points: { show: false },
        spanGaps: false,
      }))],
    }, this.#data, this.#host);
  }
}

// A tenth of a series' colour, for the area below it.
function alpha(color) {
  return color.replace('rgb(', 'rgba(').replace(')', ', 0.12)');
}

// Only whole powers of ten get a line.
function decades(_, splits) {
  return splits.map(v => (Math.abs(Math.log10(v) % 1) < 1e-9 ? v : null));
}

function logRange(_, low, high) {
  if (!(low > 0) || !(high > 0)) return [1e3, 1e6];
  return [10 ** Math.floor(Math.log10(low)), 10 ** Math.ceil(Math.log10(high * 1.01))];
}

function splits(now, from) {
  return [1, 0.75, 0.5, 0.25, 0].map(part => now - (now - from) * part);
}

function sinceNow(seconds) {
  const s = Math.round(-seconds);
  if (s <= 0) return 'now';
  return s < 60 ? `−${s} s` : `−${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
}

/** Columns of the wanted series out of the state's points. */
export function columns(state, names) {
  const at = names.map(name => state.seriesAt[name]);
  const result = [[], ...names.map(() => [])];
  for (const point of state.points) {
    result[0].push(point[0]);
    for (let i = 0; i < at.length; i++) result[i + 1].push(point[at[i]] ?? null);
  }
  return result;
}

/** A line without axes, for numbers at the top and slots. */
export function sparkline({ context, width, height }, values, color) {
  context.clearRect(0, 0, width, height);
  const known = values.filter(v => v != null);
  if (known.length < 2) return;
  const low = Math.min(...known);
  const span = Math.max(...known) - low || 1;
  context.beginPath();
  let started = false;
  values.forEach((v, i) => {
    if (v == null) return;
    const x = (i / (values.length - 1)) * width;
    const y = height - 3 - ((v - low) / span) * (height - 8);
    if (started) context.lineTo(x, y);
    else context.moveTo(x, y);
    started = true;
  });
  context.strokeStyle = color;
  context.lineWidth = 1.5;
  context.lineJoin = 'round';
  context.stroke();
  context.lineTo(width, height);
  context.lineTo(0, height);
  context.globalAlpha = 0.12;
  context.fillStyle = color;
  context.fill();
  context.globalAlpha = 1;
}
