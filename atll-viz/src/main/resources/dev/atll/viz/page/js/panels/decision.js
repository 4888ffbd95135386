// Why this one: the last choice with its candidates, and those before it.

import { $, el, setText } from '../dom.js';
import { ago, bytes, count, index, micros, percent, place, words } from '../format.js';
import { KINDS, reasonSentence, reasonShares, reasonWord } from './reasons.js';

const KIND = Object.fromEntries(Object.entries(KINDS).map(([kind, [letter]]) => [kind, letter]));
const REBUILD_MILLIS = 250;
const DWELL_MILLIS = 1800;

export class DecisionPanel {
  #host = $('decision');
  #onPoint;
  #pinned = null;
  #shownAt = 0;
  #pending = 0;
  #state = null;
  #live = { id: null, since: 0 };
  #choice = el('div', { class: 'choice' });
  #shares = el('p', { class: 'muted small shares' });
  #past = el('ol', { class: 'past', 'aria-label': 'Earlier choices, newest first', tabindex: '0' });

  /** onPoint(level, slot): show that slot in the tree; without arguments, stop. */
  constructor(onPoint) {
    this.#onPoint = onPoint;
    this.#host.append(this.#choice, this.#shares, legend(), this.#past);
    this.#past.addEventListener('click', event => {
      const id = Number(event.target.closest('li')?.dataset.id);
      if (id) this.#pin(this.#pinned === id ? null : id);
    });
  }

  // A reader needs a moment for each picture: the panel changes four times a second at most.
  show(state) {
    this.#state = state;
    if (this.#pending) return;
    const wait = Math.max(0, this.#shownAt + REBUILD_MILLIS - performance.now());
    this.#pending = setTimeout(() => {
      this.#pending = 0;
      this.#shownAt = performance.now();
      this.#render();
    }, wait);
  }

  letGo() {
    this.#pin(null);
  }

  #pin(id) {
    this.#pinned = id;
    if (this.#state) this.#render();
  }

  #render() {
    const state = this.#state;
    const [made, acted, explored] = state.decisionCounts;
    setText($('decision-counts'), made ? `${count(made)} made · ${count(acted)} acted · ${count(explored)} explored` : '');
    setText(this.#shares, reasonShares(state.reasons));
    const all = [...state.decisions.values()].sort((a, b) => b.t - a.t || b.id - a.id);
    // Under the pointer nothing may move away: then only the ages are not renewed.
    if (this.#choice.matches(':hover') && this.#choice.childElementCount > 1 && all.length) {
      this.#list(all);
      return;
    }
    const shown = all.find(d => d.id === this.#pinned) ?? this.#current(all);
    if (!shown) {
      this.#choice.replaceChildren(el('p', { class: 'muted' }, 'No choice was made yet. Once there are runs to merge, each choice shows here with what spoke for it.'));
      this.#past.replaceChildren();
      return;
    }
    this.#choice.replaceChildren(...this.#describe(shown, state));
    this.#list(all);
  }

  // A busy engine decides many times a second; each choice shown stays long enough to be read.
  #current(all) {
    const newest = all.find(d => d.chosen >= 0) ?? all[0];
    const held = all.find(d => d.id === this.#live.id);
    const now = performance.now();
    if (held && held.chosen >= 0 && now - this.#live.since < DWELL_MILLIS) return held;
    if (newest && newest.id !== this.#live.id) this.#live = { id: newest.id, since: now };
    return newest;
  }

  #describe(d, state) {
    const won = d.chosen >= 0 ? readCandidate(d.candidates[d.chosen]) : null;
    const job = state.jobs.find(j => j.decision === d.id);
    const parts = [el('div', { class: 'headline' },
      won ? el('span', { class: 'kind' }, KIND[won.kind]) : null,
      won ? `${capital(name(won.kind))} ${place(won.level, won.slot)}` : 'Nothing now',
      won?.urgent ? el('span', { class: 'badge urgent', title: 'A limit of the store asks for it, whatever its index' }, 'urgent') : null,
      d.explored ? el('span', { class: 'badge learn' }, 'explored') : null,
      outcomeBadge(d, job),
      this.#pinned === d.id ? el('button', { type: 'button', class: 'small', onclick: () => this.letGo() }, 'back to live') : null)];
    parts.push(el('p', { class: 'why' }, ...why(d, won)), figures(d, job));
    parts.push(head());
    const top = Math.max(d.theta, ...d.candidates.map(c => Math.abs(c[7] ?? 0)), 1e-12);
    d.candidates.forEach((row, i) => parts.push(this.#candidate(readCandidate(row), i === d.chosen, d.theta, top)));
    if (d.total > d.candidates.length) {
      parts.push(el('p', { class: 'muted small' }, `and ${d.total - d.candidates.length} more candidates`));
    }
    return parts;
  }

  #candidate(c, won, theta, top) {
    const meter = el('div', { class: 'meter' });
    meter.append(indexBar(c.index / top, theta / top, won));
    return el('div', {
      class: won ? 'cand won' : 'cand',
      title: `${capital(name(c.kind))} of ${c.runs} runs from run ${c.first}: index ${index(c.index)}, θ ${index(theta)}. ${reasonSentence(c.reason)}`,
      onmouseenter: () => this.#onPoint(c.level, c.slot),
      onmouseleave: () => this.#onPoint(),
    },
    el('span', { class: 'kind', role: 'img', 'aria-label': name(c.kind) }, KIND[c.kind]),
    el('span', {}, `${place(c.level, c.slot)}${c.urgent ? ' !' : ''}`),
    meter,
    el('span', { class: 'num' }, bytes(c.cost)),
    el('span', { class: 'num' }, c.burden > 0 ? micros(c.burden) : '–'));
  }

  #list(all) {
    const scroll = this.#past.scrollTop;
    // Short spells of doing nothing are left out, but for the present one.
    const told = all.filter((d, i) => d.chosen >= 0 || d.repeats > 3 || i === 0);
    this.#past.replaceChildren(...told.slice(0, 40).map(d => this.#row(d)));
    this.#past.scrollTop = scroll;
  }

  #row(d) {
    const when = el('span', { class: 'num muted' }, ago(this.#state.now - d.t));
    if (d.chosen < 0) {
      const best = d.candidates[0]?.[7];
      return el('li', { class: 'held' }, when, el('span', {}, '·'), el('span', {}, `held ×${count(d.repeats)}`),
        el('span', { class: 'reason' }, heldBecause(best, d.theta)), el('span', {}), el('span', {}));
    }
    const c = readCandidate(d.candidates[d.chosen]);
    return el('li', { 'data-id': d.id, 'aria-current': this.#pinned === d.id ? 'true' : null, title: `${capital(name(c.kind))}. ${reasonSentence(c.reason)}` },
      when, el('span', { class: 'kind' }, KIND[c.kind]),
      el('span', {}, `${place(c.level, c.slot)}${d.explored ? ' ⚂' : ''}${c.urgent ? ' !' : ''}`),
      el('span', { class: 'muted reason' }, reasonWord(c.reason)),
      el('span', { class: 'num muted' }, bytes(d.spent ?? c.cost)),
      d.reward ? rewardBadge(d.reward, c.reason) : el('span', { class: 'num muted' }, d.outcome ? '…' : ''));
  }
}

/** The last choice in a sentence. */
export function lastChoice(state) {
  const last = [...state.decisions.values()].findLast(d => d.chosen >= 0);
  if (!last) return ['No choice yet.'];
  const won = readCandidate(last.candidates[last.chosen]);
  return [el('b', {}, `${capital(name(won.kind))} ${place(won.level, won.slot)}. `), ...why(last, won)];
}

// Above θ and still not done: it waits for a job to end, or for a lease.
function heldBecause(best, theta) {
  if (best == null) return 'no candidate';
  return best < theta ? `best ${index(best)} < θ ${index(theta)}` : `best ${index(best)} has to wait`;
}

function readCandidate([kind, level, slot, first, runs, cost, burden, index, urgent, reason]) {
  return { kind, level, slot, first, runs, cost, burden, index, urgent, reason };
}

function why(d, won) {
  if (!won) {
    return [d.candidates.length ? `None of ${d.total} candidates was taken; θ is ` : 'There is nothing to do; θ is ', el('b', {}, index(d.theta)), '.'];
  }
  const text = [];
  const reason = reasonSentence(won.reason);
  if (reason) text.push(el('b', {}, reason), ' ');
  if (won.urgent) text.push('That is a limit, so it goes before all that is merely worth while. ');
  else if (d.explored) text.push(`Drawn in order to learn, with probability ${percent(d.propensity, 1)}. `);
  else if (!reason && d.theta > 0 && won.index < d.theta) text.push('Below θ, but another rule of the policy than read burden asked for it. ');
  if (won.index == null || won.cost === 0) text.push(`It moves no byte, so it needs no index: ${runs(won.runs)}`);
  else {
    text.push('Index ', el('b', {}, index(won.index)));
    if (d.theta > 0 && won.reason === 'READ_BURDEN') text.push(' against θ ', el('b', {}, index(d.theta)));
    text.push(`: ${runs(won.runs)}, `, el('b', {}, bytes(won.cost)), ' to read and write');
  }
  if (won.burden > 0) text.push(', against ', el('b', {}, micros(won.burden)), ' that reads have paid for it so far');
  text.push(`. Decided in ${micros(d.planNanos / 1000)} by ${d.policy}.`);
  if (d.reward) text.push(` Since then it saved ${micros(d.reward.read)} of reads for ${micros(d.reward.write)} of work.`);
  return text;
}

function runs(count) {
  return count === 1 ? '1 run' : `${count} runs`;
}

function name(kind) {
  return KINDS[kind]?.[1] ?? words(kind);
}

// What the letters and marks of the lists stand for.
function legend() {
  const shown = ['MERGE', 'MERGE_DOWN', 'MOVE_DOWN', 'REWRITE', 'PURGE', 'GUARD_ADD', 'GUARD_REMOVE'];
  return el('p', { class: 'letters small' },
    ...shown.map(kind => el('span', { title: capital(KINDS[kind][2]) }, el('span', { class: 'kind' }, KINDS[kind][0]), ` ${KINDS[kind][1]}`)),
    el('span', { title: 'A limit of the store asks for it, whatever its index' }, el('b', {}, '!'), ' urgent'),
    el('span', { title: 'Drawn in order to learn' }, el('b', {}, '⚂'), ' explored'));
}

// The same places for every choice, so that the eye finds them; what is not known yet is a dash.
function figures(d, job) {
  const rows = [
    ['θ', index(d.theta), 'A merge for reads is worth while from this index on: read burden ÷ cost'],
    ['chance', d.propensity == null ? '–' : percent(d.propensity, d.propensity < 0.1 ? 2 : 0), 'Propensity: the probability with which this choice was made; 100 % unless the policy draws'],
    ['explored', d.explored ? 'yes' : 'no', 'Whether it was drawn in order to learn'],
    ['spent', d.spent == null ? (job?.running ? '…' : '–') : bytes(d.spent), 'Bytes read and written for it'],
    ['saved', d.reward ? micros(d.reward.read) : '–', 'Time of reads that it has saved, measured'],
    ['reward', d.reward ? d.reward.value.toFixed(2) : '–', d.reward ? `Saved ÷ (saved + cost), measured after ${Math.round(d.reward.delayMs / 1000)} s; from 0.50 on it has paid` : 'Comes when it has been measured'],
  ];
  if (d.price > 0) rows.push(['price', index(d.price), 'Shadow price of bandwidth']);
  if (d.arm >= 0) rows.push(['arm', String(d.arm), "The learner's arm that set θ"]);
  return el('dl', { class: 'figures' }, ...rows.map(([name, value, title]) => el('div', { title }, el('dt', {}, name), el('dd', {}, value))));
}

function outcomeBadge(d, job) {
  if (job?.running) return el('span', { class: 'badge' }, job.planned ? `running ${percent(job.done / job.planned)}` : 'running');
  if (d.reward) return rewardBadge(d.reward, d.chosen >= 0 ? readCandidate(d.candidates[d.chosen]).reason : null);
  if (d.outcome && d.outcome !== 'INSTALLED') return el('span', { class: 'badge poor' }, words(d.outcome));
  return d.outcome ? el('span', { class: 'badge' }, `done, ${bytes(d.spent)}`) : null;
}

// Saved ÷ (saved + cost): from a half on it has paid. Only a merge for reads can fail to.
function rewardBadge(reward, reason) {
  const paid = reward.value >= 0.5;
  const tone = paid ? ' good' : reason === 'READ_BURDEN' ? ' poor' : '';
  return el('span', { class: `badge${tone}`, title: `Reward ${reward.value.toFixed(2)}: saved ÷ (saved + cost); from 0.50 on it has paid for itself` }, reward.value.toFixed(2));
}

function head() {
  return el('div', { class: 'cand head', 'aria-hidden': 'true' }, el('span', {}), el('span', {}, 'where'), el('span', {}, 'index, θ'),
    el('span', { class: 'num' }, 'cost'), el('span', { class: 'num' }, 'burden'));
}

// A bar and a line as SVG: its geometry is attributes, which the content policy allows.
function indexBar(part, theta, won) {
  const ns = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(ns, 'svg');
  svg.setAttribute('aria-hidden', 'true');
  const shape = (x, width, y, height, fill) => {
    const rect = document.createElementNS(ns, 'rect');
    for (const [name, value] of Object.entries({ x, width, y, height, rx: 2, fill })) rect.setAttribute(name, value);
    svg.append(rect);
  };
  shape('0', '100%', 3, 6, 'var(--well)');
  shape('0', `${Math.max(0.5, Math.min(1, part) * 100)}%`, 2, 8, won ? 'var(--accent)' : 'var(--faint)');
  if (theta > 0) shape(`${Math.min(99, theta * 100)}%`, 2, 0, 12, 'var(--s4)');
  return svg;
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}
