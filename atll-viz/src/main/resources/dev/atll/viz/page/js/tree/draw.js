// Paints the levels and their slots.

import { bytes, percent } from '../format.js';
import { colors, heatColor, heatInk } from '../theme.js';
import { stack } from './layout.js';

const HOT = 0.66;
export const FONT = '11px system-ui, -apple-system, "Segoe UI", sans-serif';
export const FONT_SMALL = '10px system-ui, -apple-system, "Segoe UI", sans-serif';
const FONT_LEVEL = '650 17px system-ui, -apple-system, "Segoe UI", sans-serif';

export function drawLevels(g, scene, state) {
  const c = colors();
  drawHotRange(g, scene, state, c);
  const heaviest = Math.max(1, ...scene.levels.map(level => level.total));
  for (const level of scene.levels) {
    drawGutter(g, scene, level, heaviest, c);
    if (level.boxes.length === 0) drawEmptyLevel(g, scene, level, c);
    for (const box of level.boxes) drawSlot(g, box, scene, state, c);
    if (level.targetY !== null) drawTarget(g, scene, level, c);
  }
}

function drawGutter(g, scene, level, heaviest, c) {
  const roomy = scene.area.x > 60;
  const middle = level.band.y + level.band.height / 2;
  g.textAlign = 'left';
  g.textBaseline = 'middle';
  g.fillStyle = c.text;
  g.font = FONT_LEVEL;
  g.fillText(`L${level.level}`, 8, middle - (roomy ? 15 : 9));
  g.font = roomy ? FONT : FONT_SMALL;
  g.fillStyle = c.muted;
  g.fillText(bytes(level.total).replace('iB', roomy ? 'iB' : ''), 8, middle + (roomy ? 2 : 7));
  if (roomy) {
    g.font = FONT_SMALL;
    g.fillText(`${level.boxes.length} slots, ${level.runs} runs`, 8, middle + 16);
  }
  // The level's share of all bytes, to scale.
  const width = scene.area.x - 18;
  g.fillStyle = c.well;
  g.fillRect(8, middle + (roomy ? 25 : 16), width, 3);
  g.fillStyle = c.accent;
  g.fillRect(8, middle + (roomy ? 25 : 16), Math.max(1, width * (level.total / heaviest)), 3);
}

function drawEmptyLevel(g, scene, level, c) {
  g.strokeStyle = c['line-strong'];
  g.setLineDash([4, 4]);
  g.strokeRect(scene.area.x + 0.5, level.band.y + 0.5, scene.area.width - 1, level.band.height - 1);
  g.setLineDash([]);
  g.fillStyle = c.faint;
  g.font = FONT;
  g.textAlign = 'center';
  g.fillText('empty', scene.area.x + scene.area.width / 2, level.band.y + level.band.height / 2);
}

function drawSlot(g, box, scene, state, c) {
  const gap = box.w > 5 ? 1.5 : box.w > 2.5 ? 0.6 : 0;
  const x = box.x + gap / 2;
  const w = Math.max(0.6, box.w - gap);
  const heat = box.heat ?? box.slot.heat;
  g.fillStyle = c.well;
  rounded(g, x, box.y, w, box.h, w > 8 ? 3 : 0);
  g.fill();
  const runs = stack(box);
  g.fillStyle = heatColor(heat);
  for (const run of runs) {
    const top = run === runs.at(-1) && w > 8;
    rounded(g, x, run.y, w, run.h, top ? 2.5 : 0);
    g.fill();
  }
  shadeByAge(g, box, runs, x, w, state);
  if (heat >= HOT && w > 3) hatch(g, x, box.y + box.h - box.filled, w, box.filled, heat);
  if (w > 24 && box.filled > 15 && heat >= 0.05) {
    g.font = FONT_SMALL;
    g.textAlign = 'center';
    g.textBaseline = 'alphabetic';
    g.fillStyle = heatInk(heat);
    g.fillText(heat.toFixed(2).replace(/^0/, ''), x + w / 2, box.y + box.h - 4);
  }
  if (box.cut) drawCut(g, x, w, box, heat, c);
  if (box.slot.cache?.blocks > 0) drawHits(g, x, w, box, c);
  if (w > 22) drawK(g, x, w, box, c);
}

// A slot that is read block by block stands on a thin line, as full as its share of hits; one that is
// read in place has none.
function drawHits(g, x, w, box, c) {
  const y = box.y + box.h + 1;
  g.fillStyle = c['line-strong'];
  g.fillRect(x, y, w, 2);
  g.fillStyle = c.s3;
  g.fillRect(x, y, w * (box.slot.cache.hits ?? 0), 2);
}

// A torn top: there is more than is drawn, so many targets in all.
function drawCut(g, x, w, box, heat, c) {
  g.strokeStyle = c.card;
  g.lineWidth = 2;
  g.beginPath();
  for (let k = 0, at = x; at <= x + w; k++, at += Math.min(5, w / 2)) {
    const y = box.y + 5 + (k % 2) * 4;
    if (k === 0) g.moveTo(at, y);
    else g.lineTo(at, y);
  }
  g.stroke();
  if (w < 26) return;
  g.font = FONT_SMALL;
  g.textAlign = 'center';
  g.textBaseline = 'alphabetic';
  g.fillStyle = heatInk(heat);
  g.fillText(`${Math.round(box.cut)} × target`.slice(0, w < 60 ? 4 : 20), x + w / 2, box.y + 22);
}

// Newer runs wear a thin bright edge that fades over a minute.
function shadeByAge(g, box, runs, x, w, state) {
  const now = state.now / 1000;
  for (const run of runs) {
    const age = now - (box.slot.births[run.index] ?? 0);
    if (age > 60 || run.h < 2) continue;
    g.globalAlpha = 0.75 * (1 - age / 60);
    g.fillStyle = heatInk(1) === '#ffffff' ? '#1b2440' : '#ffffff';
    g.fillRect(x, run.y, w, Math.min(1.5, run.h));
    g.globalAlpha = 1;
  }
}

function hatch(g, x, y, w, h, heat) {
  g.save();
  g.beginPath();
  g.rect(x, y, w, h);
  g.clip();
  g.strokeStyle = heatInk(heat);
  g.globalAlpha = 0.22;
  g.lineWidth = 1;
  g.beginPath();
  for (let k = -h; k < w; k += 5) {
    g.moveTo(x + k, y + h);
    g.lineTo(x + k + h, y);
  }
  g.stroke();
  g.restore();
}

// One tick for each run that K allows, filled as far as there are runs; a diamond stands at K*.
function drawK(g, x, w, box, c) {
  const { k, kStar, runs } = box.slot;
  const shown = Math.max(k, runs, Math.ceil(kStar || 0), 1);
  const pitch = Math.min(7, (w - 4) / shown);
  if (pitch < 2.5) return;
  const y = box.y + box.h + 4;
  const from = x + w / 2 - (shown * pitch) / 2;
  for (let i = 0; i < Math.max(k, runs); i++) {
    const over = i >= k;
    g.fillStyle = i < runs ? (over ? c.warn : c.muted) : c.line;
    g.fillRect(from + i * pitch, y, pitch - 1.5, 4);
  }
  if (kStar > 0) {
    const at = from + (kStar - 0.5) * pitch - 0.75;
    g.fillStyle = c.accent;
    g.beginPath();
    g.moveTo(at, y - 1.5);
    g.lineTo(at + 3.2, y + 2);
    g.lineTo(at, y + 5.5);
    g.lineTo(at - 3.2, y + 2);
    g.fill();
  }
}

function drawTarget(g, scene, level, c) {
  g.strokeStyle = c['target-line'];
  g.lineWidth = 1;
  g.setLineDash([3, 4]);
  g.beginPath();
  g.moveTo(scene.area.x, Math.round(level.targetY) + 0.5);
  g.lineTo(scene.area.x + scene.area.width, Math.round(level.targetY) + 0.5);
  g.stroke();
  g.setLineDash([]);
}

// Where the workload aims: only where widths mean keys is that one column through all levels.
function drawHotRange(g, scene, state, c) {
  const phase = state.engine.phase;
  if (!phase || scene.scale !== 'keys' || phase.hotHigh - phase.hotLow >= 0.999) return;
  const x = scene.area.x + phase.hotLow * scene.area.width;
  const w = Math.max(2, (phase.hotHigh - phase.hotLow) * scene.area.width);
  const top = scene.levelsTop - 20;
  g.fillStyle = c['hot-column'];
  g.fillRect(x, top, w, scene.bottom - top);
  g.strokeStyle = c['hot-edge'];
  g.lineWidth = 1;
  g.beginPath();
  g.moveTo(x + 0.5, scene.bottom);
  g.lineTo(x + 0.5, top);
  g.lineTo(x + w - 0.5, top);
  g.lineTo(x + w - 0.5, scene.bottom);
  g.stroke();
  const text = `hot range · ${percent(phase.hotShare)} of operations`;
  g.font = FONT_SMALL;
  const half = g.measureText(text).width / 2;
  const at = Math.min(scene.area.x + scene.area.width - half, Math.max(scene.area.x + half, x + w / 2));
  g.fillStyle = c.muted;
  g.textAlign = 'center';
  g.textBaseline = 'alphabetic';
  g.fillText(text, at, top - 5);
}

export function rounded(g, x, y, w, h, radius) {
  g.beginPath();
  if (radius > 0) g.roundRect(x, y, w, h, Math.min(radius, w / 2, h / 2));
  else g.rect(x, y, w, h);
}

export function outline(g, box, color, width) {
  g.strokeStyle = color;
  g.lineWidth = width;
  rounded(g, box.x, box.y - 1, Math.max(2, box.w), box.h + 2, 3);
  g.stroke();
}
