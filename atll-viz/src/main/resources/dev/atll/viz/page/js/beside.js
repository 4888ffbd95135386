// Two runs on one page, in step: what the same operations cost under two policies.

import { setWindow } from './charts.js';
import { takeToken } from './connection.js';
import { $, choose, el, segmented, setText } from './dom.js';
import { percent } from './format.js';
import { Controls } from './panels/controls.js';
import { lastChoice } from './panels/decision.js';
import { footer, showLife, showZone } from './panels/header.js';
import { SlotPanel } from './panels/slot.js';
import { VersusPanel } from './panels/versus.js';
import { heatColor, onTheme, toggleTheme } from './theme.js';
import { TimeBar } from './time/bar.js';
import { Player } from './time/player.js';
import { TreeView } from './tree/view.js';

const PLOT_MILLIS = 500;
const speed = Number(/(?:^#|&)speed=([0-9.]+)/.exec(location.hash)?.[1] ?? 1);

let message = null;
let plotted = 0;
let traffic = null;
let untell = 0;

const runs = [0, 1].map(number => {
  const run = { number };
  run.player = new Player(String(number), {
    show: (state, happened) => show(run, state, happened),
    up: downMillis => tell(`Back after ${(downMillis / 1000).toFixed(1)} s. What happened meanwhile was filled in.`),
    down() {
      clearTimeout(untell);
      message = 'The dashboard’s server does not answer: the run has ended, or it hangs. The picture shows the last it told; trying again.';
      life();
    },
    other: () => tell('Back, with another run: its picture begins anew.'),
    begun: state => { if (state.recorded) queueMicrotask(() => begin()); },
  });
  run.slot = new SlotPanel($(`slot-${number}`), (level, slot) => history(run, level, slot));
  run.tree = new TreeView($(`tree-${number}`), run.player.live, at => run.slot.select(at, run.player.shown));
  return run;
});
const players = runs.map(run => run.player);
const versus = new VersusPanel();
const bar = new TimeBar(players, () => { life(); plots(); });

async function history(run, level, slot) {
  if (!run.player.isLive) return run.player.past.slotHistory(level, slot);
  const response = await fetch(`/slot?run=${run.number}&level=${level}&slot=${slot}`);
  return response.ok ? response.json() : null;
}

// Both recordings begin together, once both are there.
function begin() {
  if (players.every(player => player.live.recorded)) bar.begin(speed);
}

function show(run, state, happened) {
  setText($(`run-title-${run.number}`), state.engine.policy || state.title);
  showZone($(`zone-${run.number}`), state);
  run.tree.show(state, happened);
  $(`last-${run.number}`).replaceChildren(...lastChoice(state));
  const point = state.points.at(-1)?.[0];
  if (point !== run.plottedPoint || performance.now() - plotted > PLOT_MILLIS) {
    run.plottedPoint = point;
    plots();
  }
  life();
}

function plots() {
  if (document.hidden) return;
  plotted = performance.now();
  versus.show(runs.map(run => ({ state: run.player.shown, base: run.player.base })));
  for (const run of runs) run.slot.show(run.player.shown);
}

function tell(text) {
  message = text;
  clearTimeout(untell);
  untell = setTimeout(() => { message = null; life(); }, 4000);
  life();
}

function life() {
  const connected = players.every(player => player.connected);
  showLife(players[0].shown, { connected, mode: bar.mode, playing: bar.playing, message });
  const phase = players[0].shown.engine.phase;
  const text = phase ? `${phase.name}|${phase.reads}` : '';
  if ($('phase').dataset.text !== text) {
    $('phase').dataset.text = text;
    $('phase').replaceChildren(...(phase ? ['workload ', el('b', {}, phase.name), ` ${percent(phase.reads)} reads`] : []));
  }
}

function scaleBy(value) {
  for (const run of runs) run.tree.scale = value;
  choose($('tree-scale'), value);
}

function ramp() {
  const stops = Array.from({ length: 11 }, (_, i) => heatColor(i / 10));
  $('heat-ramp').style.background = `linear-gradient(90deg, ${stops.join(', ')})`;
}

function keys(event) {
  if (event.target.closest('input:not([type=range]), select, textarea, dialog') || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.shiftKey && event.key.startsWith('Arrow')) {
    if (event.key === 'ArrowLeft') bar.jump(-10000);
    if (event.key === 'ArrowRight') bar.jump(10000);
    event.preventDefault();
    return;
  }
  const action = {
    ' ': () => bar.toggle(),
    ',': () => bar.step(-1),
    '.': () => bar.step(1),
    l: () => bar.toLive(),
    m: () => scaleBy(runs[0].tree.scale === 'keys' ? 'bytes' : 'keys'),
    t: toggleTheme,
    '?': () => $('help-dialog').showModal(),
    Escape: () => runs.forEach(run => run.tree.letGo()),
  }[event.key];
  if (!action || (event.key === ' ' && event.target.closest('button'))) return;
  event.preventDefault();
  action();
}

$('theme').addEventListener('click', toggleTheme);
$('help').addEventListener('click', () => $('help-dialog').showModal());
segmented($('tree-scale'), scaleBy);
segmented($('window'), value => { setWindow(Number(value)); plots(); });
document.addEventListener('keydown', keys);
onTheme(() => { ramp(); plots(); });
setInterval(() => {
  const bytes = players.reduce((sum, player) => sum + player.connection.bytes, 0);
  footer(players[0].shown, traffic === null ? null : bytes - traffic);
  traffic = bytes;
}, 1000);

ramp();
life();
new Controls(takeToken());
for (const player of players) player.open();
