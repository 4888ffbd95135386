// Where everything of the tree goes: pure geometry, from the state and the canvas size.

const TOP = 22;
const MEMORY_HEIGHT = 54;
const MEMORY_GAP = 46;
const LEVEL_GAP = 16;
const LABEL_HEIGHT = 12;
// Slots fuller than this many targets are cut off, with a mark; or one of them would flatten all.
const TARGETS_MAX = 3;

/**
 * Lays the tree out.
 *
 * Widths mean shares of the key space ('keys'), so that what lies below one another overlaps, or
 * shares of the level's bytes ('bytes'). Heights mean bytes: of a slot against the fullest of its
 * level (or the byte target) with 'keys', of a run within its slot with 'bytes'.
 */
export function layout(state, width, height, scale) {
  const gutter = width < 560 ? 50 : 114;
  const right = 12;
  const area = { x: gutter, width: width - gutter - right };
  const levels = [];
  const deepest = Math.max(1, (state.tree?.levels.length ?? 1) - 1);
  const top = TOP + MEMORY_HEIGHT + MEMORY_GAP;
  const rowHeight = (height - top - 6) / deepest;
  for (let level = 1; level <= deepest; level++) {
    const slots = (state.tree?.levels[level] ?? []).filter(Boolean);
    const y = top + (level - 1) * rowHeight;
    levels.push(layoutLevel(state, level, slots, y, rowHeight - LEVEL_GAP, area, scale));
  }
  return {
    area, width, height, scale, levels,
    memory: layoutMemory(state, area, TOP, MEMORY_HEIGHT, width),
    bottom: height - 6,
    levelsTop: top,
  };
}

function layoutLevel(state, level, slots, y, height, area, scale) {
  const band = { y, height: height - LABEL_HEIGHT };
  const total = slots.reduce((sum, slot) => sum + slot.bytes, 0);
  const target = state.engine.slotTarget ?? 0;
  const fullest = fullestOf(slots, scale === 'keys' ? target : 0);
  let before = 0;
  const boxes = slots.map(slot => {
    let from = slot.low;
    let to = slot.high;
    if (scale === 'bytes') {
      // An empty slot still shows, as a hair.
      from = total > 0 ? before / total : slot.low;
      before += slot.bytes;
      to = total > 0 ? before / total : slot.high;
    }
    const x = area.x + from * area.width;
    const w = Math.max(1, (to - from) * area.width);
    const filled = scale === 'bytes' ? band.height : band.height * Math.min(1, slot.bytes / fullest);
    const cut = scale === 'keys' && slot.bytes > fullest ? slot.bytes / target : 0;
    return { key: `${level}:${slot.low}`, slot, x, w, y: band.y, h: band.height, filled, cut };
  });
  const targetY = target > 0 && scale === 'keys' && target / fullest > 0.05
    ? band.y + band.height * (1 - target / fullest) : null;
  return { level, y, height, band, boxes, total, runs: slots.reduce((sum, s) => sum + s.runs, 0), targetY };
}

function fullestOf(slots, target) {
  const most = Math.max(1, ...slots.map(slot => slot.bytes));
  return target > 0 ? Math.max(target * 1.1, Math.min(most, target * TARGETS_MAX)) : most;
}

function layoutMemory(state, area, y, height, width) {
  const narrow = width < 560;
  const memtable = { x: area.x, y, width: area.width * (narrow ? 0.3 : 0.24), height };
  const sealedWidth = area.width * (narrow ? 0.14 : 0.12);
  const sealed = { x: memtable.x + memtable.width + 22, y, width: sealedWidth, height };
  const queueX = sealed.x + sealed.width + 26;
  const queue = { x: queueX, y, width: area.x + area.width - queueX, height };
  return { memtable, sealed, queue };
}

/** The runs of a box as stacked rectangles, oldest at the bottom. */
export function stack(box) {
  const sizes = box.slot.sizes;
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= 0) return [];
  const gap = sizes.length > 1 && box.filled / sizes.length > 4 ? 1 : 0;
  const bottom = box.y + box.h;
  let y = bottom;
  const result = [];
  for (let i = sizes.length - 1; i >= 0; i--) {
    const h = Math.max(box.filled > sizes.length * 2 ? 2 : 0.5, (sizes[i] / total) * box.filled);
    y -= h;
    result.push({ index: i, y: Math.max(box.y, y), h: Math.max(0.5, h - gap) });
  }
  return result;
}

export function boxAt(scene, x, y) {
  for (const level of scene.levels) {
    if (y < level.y - 8 || y > level.y + level.height) continue;
    for (const box of level.boxes) if (x >= box.x && x < box.x + box.w) return box;
  }
  return null;
}

export function findBox(scene, level, slot) {
  return scene.levels[level - 1]?.boxes.find(box => box.slot.slot === slot) ?? null;
}

/** The stretch of a level that lies below a slot, where a merge down writes. */
export function targetSpan(scene, box, targetLevel) {
  const below = scene.levels[targetLevel - 1]?.boxes.filter(
    b => b.slot.low < box.slot.high - 1e-9 && b.slot.high > box.slot.low + 1e-9) ?? [];
  if (!below.length) return null;
  const x = below[0].x;
  return { x, w: below.at(-1).x + below.at(-1).w - x, y: below[0].y, h: below[0].h, boxes: below };
}
