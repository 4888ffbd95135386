// The picture as the server tells it: a full one first, then what changed. Pure folding: the same
// frames give the same picture, whether they come live or out of a recording.

const LOG_MAX = 600;
const DECISIONS_MAX = 60;
const POINTS_MAX = 3600;

export function emptyState() {
  return {
    id: -1, epoch: '', title: '', recorded: false, past: 0, now: 0, wall0: null, dropped: 0,
    engine: { life: 'waiting', policy: '' },
    tree: null, jobs: [], flushes: [], ended: [],
    decisions: new Map(), decisionCounts: [0, 0, 0], reasons: [],
    health: null, series: [], seriesAt: {}, points: [], log: [],
  };
}

/** Folds one frame into the state; gives what happened in it for the eye: marks and ended jobs. */
export function fold(state, frame) {
  const full = frame.type !== 'delta';
  if (frame.type === 'full') {
    Object.assign(state, emptyState(), { epoch: frame.epoch, title: frame.title, recorded: frame.recorded, past: frame.past });
  } else if (frame.type === 'key') {
    // A picture of the past: everything but the series, which the viewer has.
    const { epoch, title, recorded, past, series, seriesAt, points } = state;
    Object.assign(state, emptyState(), { epoch, title, recorded, past, series, seriesAt, points });
  }
  state.id = frame.id;
  state.now = frame.now ?? state.now;
  state.wall0 = frame.wall0 ?? state.wall0;
  state.dropped = frame.dropped ?? state.dropped;
  if (frame.engine) state.engine = frame.engine;
  if (frame.health) state.health = frame.health;
  if (frame.tree) foldTree(state, frame.tree);
  if (frame.jobs) state.jobs = frame.jobs;
  if (frame.flushes) state.flushes = frame.flushes;
  if (frame.ended) state.ended = state.ended.concat(frame.ended).slice(-40);
  if (frame.decisionCounts) state.decisionCounts = frame.decisionCounts;
  if (frame.reasons) state.reasons = frame.reasons;
  if (frame.decisions) foldDecisions(state, frame.decisions);
  if (frame.series) {
    state.series = frame.series;
    state.seriesAt = Object.fromEntries(frame.series.map((name, i) => [name, i + 1]));
  }
  if (frame.points) foldPoints(state, frame.points);
  if (frame.log) foldLog(state, frame.log);
  return { full, marks: full ? [] : frame.tree?.marks ?? [], ended: full ? [] : frame.ended ?? [] };
}

function foldTree(state, tree) {
  const known = state.tree ?? { levels: [] };
  known.version = tree.version;
  known.levelCount = tree.levels;
  known.slotsLeftOut = tree.slotsLeftOut ?? 0;
  for (const cut of tree.cuts ?? []) cutLevel(known.levels, cut);
  for (const row of tree.slots ?? []) {
    const slot = readSlot(row);
    (known.levels[slot.level] ??= [])[slot.slot] = slot;
  }
  for (const [level, slot, heat, kStar, readBurden, writeBurden, ...cache] of tree.moods ?? []) {
    const old = known.levels[level]?.[slot];
    if (old) known.levels[level][slot] = { ...old, heat: heat ?? 0, kStar, readBurden, writeBurden, cache: readCache(cache) };
  }
  state.tree = known;
}

// A stretch of a level is replaced, and what lies to the right of it gets new numbers.
function cutLevel(levels, [level, at, removed, shift, rows]) {
  const slots = (levels[level] ?? []).filter(Boolean);
  const after = slots.slice(at + removed).map(slot => ({ ...slot, slot: slot.slot + shift }));
  levels[level] = [];
  for (const slot of [...slots.slice(0, at), ...rows.map(readSlot), ...after]) levels[level][slot.slot] = slot;
  while (levels.length && !levels.at(-1)?.length) levels.pop();
}

// The places are those of SlotView.write.
function readSlot(row) {
  const [level, slot, low, high, runs, bytes, heat, k, kStar, readBurden, writeBurden, files, sizes, births, ...cache] = row;
  return { level, slot, low, high, runs, bytes, heat: heat ?? 0, k, kStar, readBurden, writeBurden, files, sizes, births, cache: readCache(cache) };
}

// Nothing of a slot that is read in place and asks no cache; hits is null until a block was asked of one.
function readCache([hits, frames, mapped, blocks]) {
  return frames == null ? null : { hits, frames, mapped, blocks };
}

function foldDecisions(state, decisions) {
  for (const decision of decisions) {
    if (decision.more) {
      const known = state.decisions.get(decision.id);
      if (known) state.decisions.set(decision.id, { ...known, ...decision });
      continue;
    }
    // A choice that is told again keeps its place, unless it is one of a row of "do nothing".
    if (decision.repeats > 1) state.decisions.delete(decision.id);
    state.decisions.set(decision.id, decision);
  }
  while (state.decisions.size > DECISIONS_MAX) state.decisions.delete(state.decisions.keys().next().value);
}

function foldPoints(state, points) {
  for (const point of points) {
    const last = state.points.at(-1);
    if (!last || point[0] > last[0]) state.points.push(point);
  }
  if (state.points.length > POINTS_MAX) state.points.splice(0, state.points.length - POINTS_MAX);
}

function foldLog(state, lines) {
  for (const [number, t, topic, weight, level, slot, text] of lines) {
    state.log.push({ number, t, topic, weight, level, slot, text });
  }
  if (state.log.length > LOG_MAX) state.log.splice(0, state.log.length - LOG_MAX);
}

/** The slots of a level, without holes. */
export function slotsOf(state, level) {
  return (state.tree?.levels[level] ?? []).filter(Boolean);
}

/** The last value of a series, or null. */
export function latest(state, name) {
  const at = state.seriesAt[name];
  return at === undefined ? null : state.points.at(-1)?.[at] ?? null;
}
