// Paints what moves: running compactions, and the short marks of things that just happened.

import { bytes, percent, words } from '../format.js';
import { colors } from '../theme.js';
import { FONT_SMALL, outline, rounded } from './draw.js';
import { findBox, stack, targetSpan } from './layout.js';

export function drawJobs(g, scene, state, now, calm) {
  const c = colors();
  const pills = [];
  for (const job of state.jobs) {
    const box = findBox(scene, job.level, job.slot);
    if (!box) continue;
    const part = job.planned > 0 ? Math.min(1, job.done / job.planned) : 0;
    const span = job.target > job.level ? targetSpan(scene, box, job.target) : null;
    if (!job.running) {
      g.setLineDash([2, 3]);
      outline(g, box, c.job, 1.5);
      g.setLineDash([]);
      continue;
    }
    if (span) drawDown(g, c, box, span, part, now, calm);
    else drawMerge(g, c, box, job, part, now, calm);
    pills.push({ box, span, part, text: pillText(job, part, box.w) });
  }
  drawPills(g, c, scene, pills);
}

function pillText(job, part) {
  return `${words(job.kind)} ${percent(part)}${job.planned ? ` · ${bytes(job.planned)}` : ''}`;
}

// The runs that are merged light up from the bottom as far as the job has come.
function drawMerge(g, c, box, job, part, now, calm) {
  const runs = stack(box);
  const taken = runs.slice(0, Math.max(1, job.runs));
  if (taken.length) {
    const bottom = taken[0].y + taken[0].h;
    const top = taken.at(-1).y;
    const h = (bottom - top) * part;
    g.save();
    g.beginPath();
    g.rect(box.x, top, box.w, bottom - top);
    g.clip();
    g.fillStyle = c.job;
    g.globalAlpha = 0.45;
    g.fillRect(box.x, bottom - h, box.w, h);
    g.globalAlpha = 1;
    g.fillStyle = c['job-2'];
    g.fillRect(box.x, bottom - h - 1, box.w, 2);
    g.restore();
  }
  march(g, calm ? 0 : now);
  outline(g, box, c.job, 2);
  g.setLineDash([]);
}

// A stream from the slot down to the slots that take its bytes.
function drawDown(g, c, box, span, part, now, calm) {
  const from = { x: box.x + box.w / 2, y: box.y + box.h };
  const to = { x: span.x + span.w / 2, y: span.y };
  g.save();
  g.globalAlpha = 0.16;
  g.fillStyle = c.job;
  g.beginPath();
  g.moveTo(box.x, from.y);
  g.bezierCurveTo(box.x, from.y + 14, span.x, to.y - 14, span.x, to.y);
  g.lineTo(span.x + span.w, to.y);
  g.bezierCurveTo(span.x + span.w, to.y - 14, box.x + box.w, from.y + 14, box.x + box.w, from.y);
  g.fill();
  g.restore();
  g.strokeStyle = c['job-2'];
  g.lineWidth = 2;
  if (!calm) {
    g.setLineDash([3, 6]);
    g.lineDashOffset = -(now / 28) % 9;
  }
  g.beginPath();
  g.moveTo(from.x, from.y);
  g.bezierCurveTo(from.x, from.y + 16, to.x, to.y - 16, to.x, to.y);
  g.stroke();
  g.setLineDash([]);
  g.fillStyle = c.job;
  g.fillRect(span.x, span.y - 3, span.w, 2);
  g.fillStyle = c['job-2'];
  g.fillRect(span.x, span.y - 3, span.w * part, 2);
  march(g, calm ? 0 : now);
  outline(g, box, c.job, 2);
  g.setLineDash([]);
  g.strokeStyle = c.job;
  g.lineWidth = 1;
  g.globalAlpha = 0.7;
  rounded(g, span.x, span.y, span.w, span.h, 3);
  g.stroke();
  g.globalAlpha = 1;
}

function march(g, now) {
  g.setLineDash([6, 4]);
  g.lineDashOffset = -(now / 40) % 10;
}

// Labels sit above their slot and step aside for one another.
function drawPills(g, c, scene, pills) {
  g.font = FONT_SMALL;
  g.textBaseline = 'middle';
  g.textAlign = 'left';
  const taken = [];
  for (const { box, part, text } of pills.sort((a, b) => a.box.x - b.box.x)) {
    const w = g.measureText(text).width + 14;
    const y = box.y - 16;
    let x = box.x + box.w / 2 - w / 2;
    x = Math.max(scene.area.x, Math.min(scene.area.x + scene.area.width - w, x));
    for (const other of taken) {
      if (Math.abs(other.y - y) < 15 && x < other.x + other.w + 4 && x + w > other.x - 4) x = other.x + other.w + 4;
    }
    if (x + w > scene.width - 2) continue;
    taken.push({ x, y, w });
    g.fillStyle = c.card;
    rounded(g, x, y, w, 15, 7.5);
    g.fill();
    g.save();
    g.clip();
    g.fillStyle = c.job;
    g.globalAlpha = 0.3;
    g.fillRect(x, y, w * part, 15);
    g.restore();
    g.strokeStyle = c.job;
    g.lineWidth = 1;
    rounded(g, x + 0.5, y + 0.5, w - 1, 14, 7);
    g.stroke();
    g.fillStyle = c.text;
    g.fillText(text, x + 7, y + 8);
  }
}

export function drawMarks(g, scene, motion, now) {
  const c = colors();
  for (const flash of motion.flashes(now)) drawFlash(g, c, scene, flash);
  for (const mark of motion.marks(now)) drawMark(g, c, scene, mark);
  g.globalAlpha = 1;
}

function drawFlash(g, c, scene, flash) {
  const box = findBox(scene, flash.level, flash.slot);
  if (!box) return;
  const span = flash.target > flash.level ? targetSpan(scene, box, flash.target) : null;
  g.globalAlpha = 0.35 * (1 - flash.age);
  g.fillStyle = c['job-2'];
  for (const at of span?.boxes ?? [box]) {
    rounded(g, at.x, at.y + at.h - at.filled, at.w, at.filled, 3);
    g.fill();
  }
  g.globalAlpha = 1;
}

function drawMark(g, c, scene, mark) {
  const fade = 1 - mark.age;
  const level = scene.levels[mark.level - 1];
  g.globalAlpha = fade;
  if (mark.kind === 'split' || mark.kind === 'join' || mark.kind === 'shift') {
    if (!level || scene.scale !== 'keys') return;
    const x = scene.area.x + mark.to * scene.area.width;
    const reach = mark.kind === 'split' ? 6 * fade : 6 * mark.age;
    g.strokeStyle = mark.kind === 'join' ? c.s4 : c.caution;
    g.lineWidth = 2;
    g.beginPath();
    g.moveTo(x, level.band.y - reach - 2);
    g.lineTo(x, level.band.y + level.band.height + reach + 2);
    g.stroke();
    tag(g, c, mark.kind, x, level.band.y - 8);
  } else if (mark.kind === 'k') {
    const box = findBox(scene, mark.level, mark.slot);
    if (box) tag(g, c, `K ${mark.from}→${mark.to}`, box.x + box.w / 2, box.y + 10 - mark.age * 14);
  } else if (mark.kind === 'admit') {
    // A line of light falls from the queue onto the whole of the level.
    const y = scene.levelsTop - 16 + mark.age * 22;
    g.fillStyle = c.s3;
    g.globalAlpha = fade * 0.5;
    g.fillRect(scene.area.x, y, scene.area.width, 1.5);
    g.globalAlpha = fade * 0.1;
    g.fillRect(scene.area.x, y - 12, scene.area.width, 12);
  } else if (mark.kind === 'flush') {
    const { sealed, queue } = scene.memory;
    g.fillStyle = c.s1;
    const x = sealed.x + sealed.width + mark.age * (queue.x - sealed.x - sealed.width);
    g.beginPath();
    g.arc(x, sealed.y + sealed.height / 2, 5, 0, Math.PI * 2);
    g.fill();
  }
}

function tag(g, c, text, x, y) {
  g.font = FONT_SMALL;
  g.textAlign = 'center';
  g.textBaseline = 'middle';
  g.lineWidth = 3;
  g.lineJoin = 'round';
  g.strokeStyle = c.card;
  g.strokeText(text, x, y);
  g.fillStyle = c.text;
  g.fillText(text, x, y);
}
