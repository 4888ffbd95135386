// Puts the page together: frames come in, the picture is folded, the panels show it.

import { setWindow } from './charts.js';
import { takeToken } from './connection.js';
import { $, choose, segmented } from './dom.js';
import { Controls } from './panels/controls.js';
import { DecisionPanel } from './panels/decision.js';
import { footer, Header, showLife } from './panels/header.js';
import { HealthPanel } from './panels/health.js';
import { LogPanel } from './panels/log.js';
import { SlotPanel } from './panels/slot.js';
import { WorthPanel } from './panels/worth.js';
import { heatColor, onTheme, toggleTheme } from './theme.js';
import { TimeBar } from './time/bar.js';
import { Player } from './time/player.js';
import { TreeView } from './tree/view.js';

const PLOT_MILLIS = 500;

const run = new URLSearchParams(location.search).get('run') ?? '0';
const speed = Number(/(?:^#|&)speed=([0-9.]+)/.exec(location.hash)?.[1] ?? 1);

let message = null;
let plotted = 0;
let plottedPoint;
let traffic = null;
let awayMillis = 0;
let untell = 0;

const player = new Player(run, {
  show,
  up(downMillis) {
    awayMillis = downMillis;
    tell(`Back after ${seconds(downMillis)}. What happened meanwhile was filled in.`);
  },
  down() {
    clearTimeout(untell);
    message = 'The dashboard’s server does not answer: the run has ended, or it hangs. The picture shows the last it told; trying again.';
    life();
  },
  other: () => tell(`Back after ${seconds(awayMillis)}, with another run: its picture begins anew.`),
  begun(state) {
    if (state.recorded) queueMicrotask(() => bar.begin(speed));
  },
});
const header = new Header();
const tree = new TreeView($('tree-canvas'), player.live, at => slot.select(at, player.shown));
const slot = new SlotPanel($('slot'), async (level, place) => {
  if (!player.isLive) return player.past.slotHistory(level, place);
  const response = await fetch(`/slot?run=${run}&level=${level}&slot=${place}`);
  return response.ok ? response.json() : null;
});
const decision = new DecisionPanel((level, place) => tree.point(level, place));
const worth = new WorthPanel();
const health = new HealthPanel(() => plots(true));
const log = new LogPanel();
const bar = new TimeBar([player], () => { life(); plots(true); });

function show(shown, happened) {
  header.show(shown);
  tree.show(shown, happened);
  decision.show(shown);
  log.show(shown);
  health.showGauges(shown);
  // At once when there is a new point, so that tiles, plots and gauges tell of the same moment.
  const point = shown.points.at(-1)?.[0];
  if (point !== plottedPoint || performance.now() - plotted > PLOT_MILLIS) {
    plottedPoint = point;
    plots(false);
  }
  empty();
  life();
}

function plots(always) {
  if (document.hidden && !always) return;
  plotted = performance.now();
  const { shown } = player;
  const now = shown.now / 1000;
  header.numbers(shown);
  worth.show(shown, now);
  health.showPlots(shown, now);
  slot.show(shown);
}

// Says something for a few seconds.
function tell(text) {
  message = text;
  clearTimeout(untell);
  untell = setTimeout(() => { message = null; life(); }, 4000);
  life();
}

const seconds = millis => `${(millis / 1000).toFixed(1)} s`;

function life() {
  showLife(player.shown, { connected: player.connected, mode: bar.mode, playing: bar.playing, message });
}

function empty() {
  const none = !player.shown.tree;
  $('tree-empty').hidden = !none;
  if (none && !$('tree-empty').childElementCount) {
    const b = document.createElement('b');
    b.textContent = 'No tree yet';
    $('tree-empty').append(b, 'It shows as soon as the store sends its first events.');
  }
}

function scaleBy(value) {
  tree.scale = value;
  choose($('tree-scale'), value);
}

function ramp() {
  const stops = Array.from({ length: 11 }, (_, i) => heatColor(i / 10));
  $('heat-ramp').style.background = `linear-gradient(90deg, ${stops.join(', ')})`;
}

function keys(event) {
  if (event.shiftKey && event.key.startsWith('Arrow') && event.target !== $('time-slider')) {
    if (event.key === 'ArrowLeft') bar.jump(-10000);
    if (event.key === 'ArrowRight') bar.jump(10000);
    event.preventDefault();
    return;
  }
  if (event.target.closest('input:not([type=range]), select, textarea, dialog') || event.ctrlKey || event.metaKey || event.altKey) return;
  const action = {
    ' ': () => bar.toggle(),
    ',': () => bar.step(-1),
    '.': () => bar.step(1),
    l: () => bar.toLive(),
    m: () => scaleBy(tree.scale === 'keys' ? 'bytes' : 'keys'),
    t: toggleTheme,
    '?': () => $('help-dialog').showModal(),
    '/': () => $('log-search').focus(),
    Escape: () => { tree.letGo(); decision.letGo(); },
  }[event.key];
  if (!action || (event.key === ' ' && event.target.closest('button'))) return;
  event.preventDefault();
  action();
}

$('theme').addEventListener('click', toggleTheme);
$('help').addEventListener('click', () => $('help-dialog').showModal());
segmented($('tree-scale'), scaleBy);
segmented($('window'), value => { setWindow(Number(value)); plots(true); });
document.addEventListener('keydown', keys);
document.addEventListener('visibilitychange', () => { if (!document.hidden) plots(true); });
onTheme(() => { ramp(); header.repaint(player.shown); slot.show(player.shown); });
setInterval(() => {
  if (player.isLive && performance.now() - plotted > 1000) plots(false);
  footer(player.shown, traffic === null ? null : player.connection.bytes - traffic);
  traffic = player.connection.bytes;
}, 1000);

ramp();
empty();
life();
new Controls(takeToken());
player.open();
