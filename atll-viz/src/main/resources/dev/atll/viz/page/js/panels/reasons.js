// Why something was done, and what the letters stand for, in plain words.

/** What each kind of action is: its letter, its name, what it does. */
export const KINDS = {
  NONE: ['·', 'nothing', 'nothing was done'],
  ADMIT: ['A', 'admit', 'L0 files are cut and handed to the slots of L1'],
  MERGE: ['M', 'merge', 'runs of a slot become one run in the same slot'],
  MOVE_DOWN: ['↓', 'move down', 'runs go to the next level as they are; no byte is written'],
  MERGE_DOWN: ['D', 'merge down', 'runs are merged into the slots of the next level'],
  REWRITE: ['R', 'rewrite', 'one run is written anew without its dead entries'],
  PURGE: ['P', 'purge', 'deletions are carried to where they can be dropped'],
  GUARD_ADD: ['+', 'split', 'a slot is cut in two; no byte is written'],
  GUARD_REMOVE: ['−', 'join', 'two neighbouring slots become one; no byte is written'],
  SORTED_VIEW: ['S', 'sorted view', 'an index over the runs of a slot is built'],
  FILTER_UPGRADE: ['F', 'filter', 'a run gets a larger filter'],
};

/** For each reason: a word for counts, a sentence for the choice. */
const REASONS = {
  RUNS_CAP: ['the cap on runs', 'The slot has as many runs as the engine allows.'],
  RUNS: ['runs above K', 'The slot has more runs than its K.'],
  READ_BURDEN: ['reads', 'Reads have paid as much for its separate runs as merging them costs.'],
  READ_BOUND: ['the bound on reads', 'A read could have met more runs than its bound allows.'],
  SIZE: ['size', 'The level or the slot holds more bytes than its target.'],
  SPACE: ['space', 'Overwritten and deleted data take more space than the bound allows.'],
  TOMBSTONES: ['deletions', 'It holds too many deletions, or one that nears its deadline.'],
  SPLIT: ['large slots', 'The slot is large enough to be cut in two.'],
  JOIN: ['small slots', 'Neighbouring slots are small enough to be joined.'],
};

const words = constant => constant.toLowerCase().replaceAll('_', ' ');

/** The reason in a sentence; empty if it was not recorded. */
export function reasonSentence(reason) {
  if (!reason || reason === 'UNKNOWN') return '';
  return REASONS[reason]?.[1] ?? `Why: ${words(reason)}.`;
}

/** The reason in a word or two; empty if it was not recorded. */
export function reasonWord(reason) {
  if (!reason || reason === 'UNKNOWN') return '';
  return REASONS[reason]?.[0] ?? words(reason);
}

/** "Last minute: 41 % space, 33 % reads", of [[reason, count], ...]. */
export function reasonShares(reasons) {
  const all = reasons.reduce((sum, [, times]) => sum + times, 0);
  if (!all) return '';
  const parts = [...reasons].sort((a, b) => b[1] - a[1])
    .map(([reason, times]) => `${share(times / all)} ${reasonWord(reason) || 'not recorded'}`);
  return `Why, last minute: ${parts.join(', ')}`;
}

function share(part) {
  return part < 0.01 ? '< 1 %' : `${Math.round(part * 100)} %`;
}
