// The frames of the last hour, as the server keeps them: segments of some seconds, each a key picture
// and the deltas after it. A few segments are kept here; the state at any moment is folded from one.

import { emptyState, fold } from '../store.js';

const SEGMENTS_MAX = 6;
const INDEX_MILLIS = 2000;
const SAMPLE_MILLIS = 1000;
const HISTORY_MILLIS = 120000;

export class Past {
  #run;
  #live;
  #index = null;
  #indexed = -Infinity;
  #segments = new Map();
  #state = null;
  #number = -1;
  #at = 0;
  #last = Promise.resolve();

  /** live: gives the live state, for what no frame of the past repeats. */
  constructor(run, live) {
    this.#run = run;
    this.#live = live;
  }

  /** The server's line of time begins anew, or a recording was loaded further. */
  forget() {
    this.#index = null;
    this.#indexed = -Infinity;
    this.#segments.clear();
    this.#state = null;
  }

  /** The picture at a moment, folded on from the last one if that lies just before it. */
  at(millis) {
    // One after the other: they fold on the same state.
    const result = this.#last.then(() => this.#goTo(millis));
    this.#last = result.catch(() => {});
    return result;
  }

  async #goTo(millis) {
    const place = await this.#find(millis);
    if (!place) return null;
    let frames = await this.#frames(place);
    if (!frames) return null;
    const onward = this.#state && millis >= this.#state.now
      && (this.#number === place.number || (this.#number + 1 === place.number && frames[0].id === this.#state.id));
    let happened = { full: !onward, marks: [], ended: [] };
    if (!onward) {
      this.#state = this.#begin(frames[0]);
      this.#at = 1;
    } else if (this.#number !== place.number) {
      this.#at = 1;
    }
    this.#number = place.number;
    while (this.#at < frames.length && frames[this.#at].now <= millis) {
      const step = fold(this.#state, frames[this.#at++]);
      happened = { full: happened.full, marks: [...happened.marks, ...step.marks], ended: [...happened.ended, ...step.ended] };
    }
    if (happened.full) happened = { full: true, marks: [], ended: [] };
    return { state: this.#state, happened };
  }

  /** When the frame before or after the present one was cut; null at either end. */
  async neighbour(direction) {
    if (!this.#state) return null;
    const now = this.#state.now;
    const here = await this.#find(now);
    const frames = here ? await this.#frames(here) : [];
    const times = frames.map(frame => frame.now);
    const found = direction > 0 ? times.find(time => time > now) : times.findLast(time => time < now);
    if (found !== undefined) return found;
    const index = await this.#segmentIndex();
    const next = index.segments.find(([number]) => number === here?.number + direction);
    return next ? (direction > 0 ? next[1] : next[1]) : null;
  }

  /** One slot over the last two minutes before the present moment, a sample a second. */
  async slotHistory(level, slot) {
    const state = this.#state;
    const wanted = state?.tree?.levels[level]?.[slot];
    if (!wanted) return null;
    const result = { t: [], heat: [] };
    const index = await this.#segmentIndex();
    const near = index.segments.filter(([, from, to]) => to >= state.now - HISTORY_MILLIS && from <= state.now);
    for (const [number] of near.slice(-3)) {
      const frames = await this.#frames({ number, end: 0 });
      if (!frames) continue;
      const past = this.#begin(frames[0]);
      for (const frame of frames.slice(1)) {
        if (frame.now > state.now) break;
        if (frame.now - (result.t.at(-1) ?? 0) * 1000 >= SAMPLE_MILLIS || !result.t.length) {
          const was = (past.tree?.levels[level] ?? []).find(s => s && s.low === wanted.low);
          if (was) {
            result.t.push(frame.now / 1000);
            result.heat.push(was.heat);
          }
        }
        fold(past, frame);
      }
    }
    return result;
  }

  /** The first and the last moment there is. */
  async span() {
    const index = await this.#segmentIndex();
    return { from: index.from, to: index.to };
  }

  #begin(key) {
    const live = this.#live();
    const state = Object.assign(emptyState(), {
      epoch: live.epoch, title: live.title, recorded: live.recorded, past: live.past,
      series: live.series, seriesAt: live.seriesAt, points: live.points.filter(point => point[0] * 1000 <= key.now),
    });
    fold(state, key);
    return state;
  }

  async #find(millis) {
    const index = await this.#segmentIndex(millis);
    const found = index.segments.findLast(([, from]) => from <= millis) ?? index.segments[0];
    return found ? { number: found[0], end: found[2] } : null;
  }

  async #segmentIndex(needed = 0) {
    const old = performance.now() - this.#indexed > INDEX_MILLIS;
    if (!this.#index || (old && !this.#index.recorded && needed > this.#index.to)) {
      const response = await fetch(`/past?run=${this.#run}`);
      if (!response.ok) throw new Error(`no past: ${response.status}`);
      this.#index = await response.json();
      this.#indexed = performance.now();
    }
    return this.#index;
  }

  // A segment that was fetched while it still grew is fetched again when more of it is wanted.
  async #frames({ number, end }) {
    const known = this.#segments.get(number);
    if (known && known.at(-1).now >= end) {
      this.#segments.delete(number);
      this.#segments.set(number, known);
      return known;
    }
    const response = await fetch(`/past?run=${this.#run}&segment=${number}`);
    if (!response.ok) return known ?? null;
    const frames = await response.json();
    this.#segments.set(number, frames);
    while (this.#segments.size > SEGMENTS_MAX) this.#segments.delete(this.#segments.keys().next().value);
    return frames;
  }
}
