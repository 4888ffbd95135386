// What runs, how it is doing, and the numbers one looks at first.

import { sparkline } from '../charts.js';
import { $, el, fitCanvas, setText } from '../dom.js';
import { bytes, count, nanos, percent, ratio, words } from '../format.js';
import { colors } from '../theme.js';

const ZONE_TONE = { GREEN: 'ok', YELLOW: 'caution', ORANGE: 'warn', RED: 'bad' };
const ZONE_WORDS = { GREEN: 'no pressure', YELLOW: 'background behind', ORANGE: 'writers slowed', RED: 'writers wait' };

const KPIS = [
  { name: 'Operations', unit: '/s', series: ['get', 'put', 'delete', 'scan', 'batch', 'commit'], text: count, color: 's3', hint: 'All operations a second' },
  { name: 'GET p99', series: ['getP99'], text: nanos, color: 's1', hint: '99 % of point lookups are faster' },
  { name: 'PUT p99', series: ['putP99'], text: nanos, color: 's2', hint: '99 % of single writes are faster' },
  { name: 'Write amplification', unit: '×', series: ['wa'], text: ratio, color: 's2', hint: 'Bytes that flushes and merges wrote for each byte a user wrote, since the store was opened; the small number counts the log and the manifest as well', beside: ['waLog', v => `${ratio(v)} with the log`] },
  { name: 'Read amplification', unit: '×', series: ['ra'], text: ratio, color: 's1', hint: 'Runs looked into for each point lookup, since the store was opened; – before the first' },
  { name: 'Space amplification', unit: '×', series: ['sa'], text: ratio, color: 's4', hint: 'Bytes on disk for each live byte' },
];

export class Header {
  #tiles = KPIS.map(kpi => {
    const value = el('div', { class: 'value' }, '–');
    const canvas = el('canvas', { 'aria-hidden': 'true' });
    $('kpis').append(el('div', { class: 'kpi', title: kpi.hint }, el('div', { class: 'name' }, kpi.name), value, canvas));
    return { kpi, value, canvas };
  });
  #drawnPoint = null;

  show(state) {
    const title = (state.title ?? '').replace(/^ATLL\s*/, '');
    setText($('title'), title ? `· ${title}` : '');
    this.#pills(state);
  }

  /** The numbers of the newest point; called together with the plots, so that both show the same. */
  numbers(state) {
    const newest = state.points.at(-1)?.[0];
    if (newest !== this.#drawnPoint) {
      this.#drawnPoint = newest;
      this.#numbers(state);
    }
  }

  repaint(state) {
    this.#drawnPoint = null;
    this.show(state);
    this.numbers(state);
  }

  #pills(state) {
    const policy = $('policy');
    const name = state.engine.policy;
    if (policy.dataset.name !== name) {
      policy.dataset.name = name;
      policy.replaceChildren(...(name ? ['policy ', el('b', {}, name)] : []));
    }
    const phase = state.engine.phase;
    const text = phase ? `${phase.name}|${phase.reads}` : '';
    if ($('phase').dataset.text !== text) {
      $('phase').dataset.text = text;
      $('phase').replaceChildren(...(phase ? ['workload ', el('b', {}, phase.name), ` ${percent(phase.reads)} reads`] : []));
    }
    showZone($('zone'), state);
    const { health } = state;
    const lost = state.dropped + (health?.lost ?? 0);
    $('lost').hidden = lost === 0;
    if (lost) setText($('lost'), `${count(lost)} events lost`);
    $('lost').title = 'Events that came faster than they could be taken; the picture may have gaps';
  }

  #numbers(state) {
    const c = colors();
    for (const { kpi, value, canvas } of this.#tiles) {
      const read = point => kpi.series.reduce((sum, name) => {
        const v = point[state.seriesAt[name]];
        return v == null ? sum : (sum ?? 0) + v;
      }, null);
      const last = state.points.at(-1);
      const now = last ? read(last) : null;
      const [number, ...unit] = kpi.text(now).split(' ');
      value.replaceChildren(number, el('small', {}, now == null ? '' : `${unit.join(' ')}${kpi.unit ?? ''}`));
      const more = kpi.beside && last ? last[state.seriesAt[kpi.beside[0]]] : null;
      if (more != null) value.append(el('small', { class: 'beside' }, kpi.beside[1](more)));
      sparkline(fitCanvas(canvas), state.points.slice(-90).map(read), c[kpi.color]);
    }
  }
}

/** The pressure zone and its cause. */
export function showZone(pill, { health }) {
  pill.hidden = !health;
  if (!health) return;
  pill.dataset.tone = health.stalled ? 'bad' : ZONE_TONE[health.zone];
  const cause = health.cause === 'NONE' ? '' : ` · ${words(health.cause)}`;
  setText(pill, `${health.stalled ? 'writers wait' : ZONE_WORDS[health.zone]}${health.zone === 'GREEN' ? '' : cause}`);
}

/** How the line to the server and the engine are, in the first pill and the banner. */
export function showLife(state, { connected, mode, playing, message }) {
  const life = $('life');
  const engine = state.engine.life;
  const [tone, text] = !connected ? ['bad', 'no connection']
    : mode === 'past' ? ['caution', !playing ? 'paused' : state.recorded ? 'recording' : 'the past']
    : engine === 'waiting' ? ['quiet', 'waiting for data']
    : engine === 'open' ? ['ok', 'live']
    : ['bad', engine === 'poisoned' ? 'refuses writes' : 'store closed'];
  life.dataset.tone = tone;
  setText(life, text);
  const banner = $('banner');
  const told = message ?? engineWords(state, connected);
  banner.hidden = !told;
  const bad = !connected || engine === 'poisoned' || (engine === 'open' && state.health?.damage?.length > 0);
  banner.dataset.tone = bad && !message?.startsWith('Back') ? 'bad' : message?.startsWith('Back') ? 'ok' : 'warn';
  if (told) setText(banner, told);
}

function engineWords(state, connected) {
  if (!connected) return null;
  const engine = state.engine.life;
  // At the end of a recording a closed store is no news.
  if (state.recorded && engine === 'closed') return null;
  const damage = damageWords(state.health);
  if (engine === 'poisoned') return `The store refuses writes until it is opened again: ${poisonWords(state.health)}. What was acknowledged as durable before stays readable.${damage}`;
  if (engine === 'closed') return 'The store was closed. The picture shows its last state and goes on when it is opened again.';
  if (engine === 'lost') return `The store was closed without a clean end${state.health?.poison ? `: ${poisonWords(state.health)}` : ''}. The next opening reads its log again. The picture shows its last state.`;
  return damage ? damage.trim() : null;
}

const POISON = {
  SYNC_FAILED: 'forcing a file to the disk failed',
  WRITE_FAILED: 'writing a file failed',
  MANIFEST_FAILED: 'the new state of the tree could not be made durable',
  INTERNAL: 'an internal check failed',
};

function poisonWords(health) {
  if (!health?.poison) return 'it met a failure it cannot be sure about';
  const [cause, file, number] = health.poison;
  return `${POISON[cause] ?? words(cause)} (${words(file)} file ${number})`;
}

/** The newest damage in a sentence; empty if there is none. */
function damageWords(health) {
  if (!health?.damage?.length) return '';
  const [file, number, offset, cause] = health.damage[0];
  const places = health.damage.length;
  return ` Damage found in ${words(file)} file ${number} at byte ${offset.toLocaleString('en')}: ${words(cause)}${places > 1 ? `, and in ${places - 1} more ${places > 2 ? 'places' : 'place'}` : ''}. Reads that need it fail; all others go on. See Health.`;
}

export function footer(state, bytesPerSecond) {
  const lag = state.health && state.health.revision > 0 ? ` · revision ${state.health.revision.toLocaleString('en')}` : '';
  setText($('foot-time'), state.wall0 != null ? `${new Date(state.wall0 + state.now).toLocaleString('en-GB')}${lag}` : '');
  setText($('foot-traffic'), bytesPerSecond == null ? '' : `frame ${state.id.toLocaleString('en')} · ${bytes(bytesPerSecond)}/s of picture before compression`);
}
