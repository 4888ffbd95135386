// Paints what comes before the levels: memtables, and the queue of L0 files.

import { bytes } from '../format.js';
import { colors } from '../theme.js';
import { FONT, FONT_SMALL, rounded } from './draw.js';

export function drawMemory(g, scene, state, now, calm) {
  const c = colors();
  const { memtable, sealed, queue } = scene.memory;
  title(g, c, 'Memory', memtable.y + memtable.height / 2 - 8, scene.area.x > 60);
  drawMemtable(g, c, memtable, state);
  arrow(g, c, memtable.x + memtable.width + 4, memtable.y + memtable.height / 2, 14);
  drawSealed(g, c, sealed, state, now, calm);
  arrow(g, c, sealed.x + sealed.width + 5, sealed.y + sealed.height / 2, 16);
  drawQueue(g, c, queue, state);
}

function title(g, c, text, y, roomy) {
  g.textAlign = 'left';
  g.textBaseline = 'middle';
  g.fillStyle = c.text;
  g.font = '600 13px system-ui, -apple-system, "Segoe UI", sans-serif';
  g.fillText(roomy ? text : 'Mem', 8, y);
  g.font = FONT_SMALL;
  g.fillStyle = c.muted;
  g.fillText(roomy ? 'and L0' : '+ L0', 8, y + 16);
}

function caption(g, c, text, x, y) {
  g.font = FONT_SMALL;
  g.textAlign = 'left';
  g.textBaseline = 'alphabetic';
  g.fillStyle = c.muted;
  g.fillText(text, x, y - 5);
}

function drawMemtable(g, c, box, state) {
  const used = state.health?.memtable ?? 0;
  const max = state.engine.memtableMax || Math.max(used, 1);
  const part = Math.min(1, used / max);
  caption(g, c, 'memtable', box.x, box.y);
  g.fillStyle = c.well;
  rounded(g, box.x, box.y, box.width, box.height, 5);
  g.fill();
  g.save();
  g.clip();
  g.fillStyle = c.s1;
  g.globalAlpha = 0.85;
  g.fillRect(box.x, box.y, box.width * part, box.height);
  g.restore();
  label(g, c, `${bytes(used)}${box.width > 130 ? ` of ${bytes(max)}` : ''}`, box);
}

function drawSealed(g, c, box, state, now, calm) {
  const flushes = state.flushes;
  const many = Math.max(flushes.length, state.health?.sealed ?? 0);
  caption(g, c, box.width > 60 ? 'sealed' : 'seal', box.x, box.y);
  g.strokeStyle = c['line-strong'];
  g.setLineDash([3, 3]);
  g.lineWidth = 1;
  rounded(g, box.x + 0.5, box.y + 0.5, box.width - 1, box.height - 1, 5);
  g.stroke();
  g.setLineDash([]);
  for (let i = 0; i < Math.min(many, 4); i++) {
    const x = box.x + i * 7;
    const w = box.width - (Math.min(many, 4) - 1) * 7;
    g.fillStyle = c.s1;
    g.globalAlpha = 0.5;
    rounded(g, x, box.y, w, box.height, 5);
    g.fill();
    g.globalAlpha = 1;
    if (flushes[i]?.running) shimmer(g, c, x, box.y, w, box.height, now, calm);
  }
  if (many > 0) label(g, c, many > 1 ? `${many}` : 'flush', box);
}

function shimmer(g, c, x, y, w, h, now, calm) {
  if (calm) return;
  g.save();
  rounded(g, x, y, w, h, 5);
  g.clip();
  const at = x + ((now / 700) % 1) * (w + 30) - 30;
  const gradient = g.createLinearGradient(at, 0, at + 30, 0);
  gradient.addColorStop(0, 'transparent');
  gradient.addColorStop(0.5, c['job-2']);
  gradient.addColorStop(1, 'transparent');
  g.globalAlpha = 0.6;
  g.fillStyle = gradient;
  g.fillRect(at, y, 30, h);
  g.restore();
}

// A place for every file up to the limit, so that one sees how near it is.
function drawQueue(g, c, box, state) {
  const files = state.tree?.levels[0]?.[0]?.sizes ?? [];
  const max = Math.max(state.engine.l0Max ?? 12, files.length, 1);
  const unit = state.engine.memtableMax || Math.max(...files, 1);
  const pitch = Math.min(64, box.width / max);
  caption(g, c, `L0 · ${files.length} of ${max} files`, box.x, box.y);
  for (let i = 0; i < max; i++) {
    const x = box.x + i * pitch;
    const w = Math.max(2, pitch - 4);
    g.fillStyle = c.well;
    rounded(g, x, box.y, w, box.height, 4);
    g.fill();
    // The oldest is admitted next: it stands in front.
    const size = files[files.length - 1 - i];
    if (size === undefined) continue;
    const h = Math.max(6, Math.min(1, size / unit) * box.height);
    g.fillStyle = i >= max * 0.75 ? c.bad : i >= max * 0.5 ? c.warn : c.s3;
    rounded(g, x, box.y + box.height - h, w, h, 4);
    g.fill();
  }
}

function label(g, c, text, box) {
  g.font = FONT;
  g.textAlign = 'center';
  g.textBaseline = 'middle';
  const w = g.measureText(text).width + 12;
  const x = box.x + box.width / 2;
  const y = box.y + box.height / 2;
  g.fillStyle = c.card;
  g.globalAlpha = 0.82;
  rounded(g, x - w / 2, y - 9, w, 18, 9);
  g.fill();
  g.globalAlpha = 1;
  g.fillStyle = c.text;
  g.fillText(text, x, y + 0.5);
}

function arrow(g, c, x, y, length) {
  g.strokeStyle = c.faint;
  g.lineWidth = 1.5;
  g.beginPath();
  g.moveTo(x, y);
  g.lineTo(x + length, y);
  g.moveTo(x + length - 4, y - 4);
  g.lineTo(x + length, y);
  g.lineTo(x + length - 4, y + 4);
  g.stroke();
}
