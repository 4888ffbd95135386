// What the static shapes cost by the book: the closed forms of leveling, tiering and lazy leveling
// (Dayan and Idreos, "Dostoevsky", SIGMOD 2018) with size ratio T and L levels, averaged over the
// fill of a level instead of its worst case, and with the flush counted as one write. Updates spread
// evenly over the keys are assumed; reads ask every run of a level, filters left out.

export const SHAPES = [
  { name: 'leveled', color: 's3', dash: [2, 3] },
  { name: 'lazy', color: 's5', dash: [6, 3] },
  { name: 'tiered', color: 's6', dash: [9, 3, 2, 3] },
];

/** Costs of each shape: {wa, ra, sa}; null while the tree has no levels. */
export function staticShapes(fanout, levels) {
  if (!(fanout >= 2) || !(levels >= 1)) return null;
  const merges = (fanout + 1) / 2;
  const runs = fanout / 2;
  const overlap = 1 + 1 / (2 * (fanout - 1));
  return {
    leveled: { wa: 1 + levels * merges, ra: levels, sa: overlap },
    lazy: { wa: 1 + (levels - 1) + merges, ra: (levels - 1) * runs + 1, sa: overlap },
    tiered: { wa: 1 + levels, ra: levels * runs, sa: Math.max(1, runs) },
  };
}
