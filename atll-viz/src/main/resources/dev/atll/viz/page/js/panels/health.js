// How the engine is: traffic, latency, disk, and everything with a limit.

import { columns } from '../charts.js';
import { $, el, setText } from '../dom.js';
import { ago, bytes, clock, count, nanos, percent, place, words } from '../format.js';
import { latest } from '../store.js';
import { PlotCard } from './plot.js';

const LATENCY_LINES = [
  { name: 'p50', color: 's3' }, { name: 'p95', color: 's1' }, { name: 'p99', color: 's2' }, { name: 'p99.9', color: 's6' },
];

export class HealthPanel {
  #op = 'get';
  #rates = new PlotCard({
    title: 'Operations a second', format: count,
    lines: [{ name: 'get', color: 's1' }, { name: 'put', color: 's2' }, { name: 'scan', color: 's4' }, { name: 'delete', color: 's5' }, { name: 'batch', color: 's3' }, { name: 'commit', color: 's6' }],
  });
  #latency;
  #disk = new PlotCard({
    title: 'Disk, bytes a second', format: v => `${bytes(v)}/s`, axis: bytes,
    lines: [{ name: 'users write', color: 's3' }, { name: 'flush', color: 's1' }, { name: 'compaction reads', color: 's4' }, { name: 'writes', color: 's2' }],
  });
  #backlog = new PlotCard({
    title: 'Backlog', format: bytes,
    lines: [{ name: 'compaction debt', color: 's6' }, { name: 'log', color: 's4' }, { name: 'memtable', color: 's1' }],
  });
  #gauges = new Map();
  #gaugeHost = el('div', { class: 'gauges' });
  #places = el('ul', { class: 'places', 'aria-label': 'Damaged places', hidden: true });
  #shownPlaces = '';
  #shownRates = '';

  constructor(repaint) {
    const select = el('select', { 'aria-label': 'Latency of which operation', onchange: event => { this.#op = event.target.value; repaint(); } },
      el('option', { value: 'get' }, 'get'), el('option', { value: 'put' }, 'put'), el('option', { value: 'scan' }, 'scan'));
    this.#latency = new PlotCard({ title: 'Latency', format: nanos, lines: LATENCY_LINES, log: true, extra: select });
    const card = el('article', { class: 'card full' }, this.#gaugeHost, this.#places);
    $('health').append(this.#rates.card, this.#latency.card, this.#disk.card, this.#backlog.card, card);
  }

  showPlots(state, nowSeconds) {
    const all = [['get', 's1'], ['put', 's2'], ['scan', 's4'], ['delete', 's5'], ['batch', 's3'], ['commit', 's6']];
    // Only kinds of operation that occur get a line.
    const used = all.filter(([name], i) => i < 2 || state.points.some(p => p[state.seriesAt[name]] > 0));
    const key = used.map(([name]) => name).join();
    if (key !== this.#shownRates) {
      this.#shownRates = key;
      this.#rates.recolor(used.map(([name, color]) => ({ name, color })));
    }
    this.#rates.show(columns(state, used.map(([name]) => name)), nowSeconds, '');
    const p = this.#op;
    this.#latency.show(columns(state, [`${p}P50`, `${p}P95`, `${p}P99`, `${p}P999`]), nowSeconds);
    this.#disk.show(columns(state, ['userBps', 'flushBps', 'compactReadBps', 'compactWriteBps']), nowSeconds);
    this.#backlog.show(columns(state, ['debt', 'wal', 'memtable']), nowSeconds);
  }

  showGauges(state) {
    const h = state.health;
    if (!h) return;
    const e = state.engine;
    this.#gauge('Memtable', bytes(h.memtable), h.memtable, e.memtableMax);
    this.#gauge('Sealed memtables', h.sealed == null ? '–' : String(h.sealed));
    this.#gauge('L0 files', h.l0 == null ? '–' : `${h.l0} of ${e.l0Max ?? '?'}`, h.l0, e.l0Max);
    this.#gauge('Compaction debt', bytes(h.debt));
    const block = h.caches.find(c => c[0] === 'BLOCK');
    const [, used, room, , , , memory, tables, mapped] = block ?? [];
    this.#gauge('Block cache', block ? `${bytes(used)} of ${bytes(room)}` : '–', used, room, true);
    // Older recordings do not know.
    this.#gauge('Tables', memory > 0 ? `${bytes(tables)} for ${bytes(memory)}` : '–', memory > 0 ? tables : null, memory, true);
    this.#gauge('Tables are read', memory > 0 ? mapped ? 'in place' : 'block by block' : '–');
    this.#gauge('Cache of that memory', memory > 0 ? percent(room / memory) : '–');
    // A rate of exactly nothing is a cache that nobody asked.
    this.#gauge('Cache hits', h.hit > 0 ? percent(h.hit, 1) : '–', h.hit || null, 1, true);
    const segments = h.walSegments ?? h.segments;
    this.#gauge('Log', `${bytes(h.wal)}${segments > 0 ? `, ${segments} segments` : ''}`);
    this.#gauge('Log force', h.syncNanos < 0 ? '–' : nanos(h.syncNanos));
    this.#gauge('Not yet durable', h.revision == null ? '–' : `${count(h.revision - h.durable)} revisions`);
    this.#gauge('Snapshots', snapshotWords(h, state.now), undefined, undefined, false, h.overdue > 0 && 'warn');
    this.#gauge('Live bytes', bytes(h.live));
    this.#gauge('Dead bytes', h.live > 0 ? `${bytes(h.dead)} (${percent(h.dead / (h.live + h.dead))})` : bytes(h.dead));
    this.#gauge('Stalls', h.stalls ? `${h.stalls}, ${nanos(h.stallMs * 1e6)} in all` : 'none', undefined, undefined, false, h.stalled && 'bad');
    this.#gauge('Stalls by cause', h.stallCauses?.length ? h.stallCauses.map(([cause, times, ms]) => `${words(cause)} ${times} ×, ${nanos(ms * 1e6)}`).join(', ') : 'none');
    this.#gauge('In this zone', `for ${ago(state.now - h.zoneSince)}`);
    const stall = latest(state, 'stall');
    this.#gauge('Time stalled', percent(stall, 1));
    this.#gauge('Damage found', h.damages ? `${count(h.damages)} times` : 'none', undefined, undefined, false, h.damages > 0 && 'bad');
    this.#gauge('Writes', h.poison ? 'refused' : e.life === 'closed' || e.life === 'lost' ? 'store closed' : 'taken', undefined, undefined, false, h.poison && 'bad');
    this.#troubles(h, state);
  }

  // With a limit, a bar as well; "good" says that full is fine.
  #gauge(name, text, value, max, good = false, tone = null) {
    let gauge = this.#gauges.get(name);
    if (!gauge) {
      const number = el('b');
      const node = el('div', { class: 'gauge' }, el('div', { class: 'row' }, el('span', {}, name), number));
      gauge = { number, node, meter: null };
      this.#gauges.set(name, gauge);
      this.#gaugeHost.append(node);
    }
    setText(gauge.number, text);
    gauge.node.dataset.tone = tone || '';
    if (value == null || !(max > 0)) return;
    if (!gauge.meter) {
      gauge.meter = el('meter', { min: 0, max: 1, 'aria-label': name, ...(good ? {} : { low: 0.75, high: 0.92, optimum: 0 }) });
      gauge.node.append(gauge.meter);
    }
    gauge.meter.value = Math.min(1, value / max);
  }

  // One line for each damaged place, with what a person needs to find it.
  #troubles(h, state) {
    const aside = h.aside ?? [];
    this.#gauge('Put aside', aside.length ? `${aside.length} ${aside.length === 1 ? 'span' : 'spans'}` : 'none', undefined, undefined, false, aside.length > 0 && 'warn');
    const told = JSON.stringify([h.damage, aside]);
    if (told === this.#shownPlaces) return;
    this.#shownPlaces = told;
    const places = h.damage ?? [];
    this.#places.hidden = !places.length && !aside.length;
    this.#places.replaceChildren(...places.map(([file, number, offset, cause, t, times]) => el('li', {},
      `Damage in ${words(file)} file ${number} at byte ${offset.toLocaleString('en')}: ${words(cause)}`,
      el('span', { class: 'muted' }, ` found ${times === 1 ? 'once' : `${times} times`}, last at ${clock(t, state.wall0)}`))),
      ...aside.map(([level, slot, cause, failures, until]) => el('li', { class: 'aside' },
        `Merges of ${place(level, slot)} are put aside after ${failures === 1 ? 'a failure' : `${failures} failures in a row`}: ${words(cause)}`,
        el('span', { class: 'muted' }, ` tried again at ${clock(until, state.wall0)}; all other slots go on`))));
  }
}

function snapshotWords(h, now) {
  if (!h.snapshots) return h.overdueEver ? `none open, ${h.overdueEver} were overdue` : 'none open';
  const oldest = h.oldestSnapshot == null ? '' : `, oldest ${ago(now - h.oldestSnapshot)}`;
  return `${h.snapshots} open${oldest}${h.overdue ? `, ${h.overdue} overdue` : ''}`;
}
