// Puts the page together: frames come in, the picture is folded, the panels show it.

import { setWindow } from './charts.js';
import { Connection, takeToken } from './connection.js';
import { $, choose, segmented } from './dom.js';
import { Controls } from './panels/controls.js';
import { DecisionPanel } from './panels/decision.js';
import { footer, Header, showLife } from './panels/header.js';
import { HealthPanel } from './panels/health.js';
import { LogPanel } from './panels/log.js';
import { SlotPanel } from './panels/slot.js';
import { WorthPanel } from './panels/worth.js';
import { emptyState, fold } from './store.js';
import { heatColor, onTheme, toggleTheme } from './theme.js';
import { TreeView } from './tree/view.js';

const PLOT_MILLIS = 500;

// What the server tells, and what is shown: the same thing until the viewer pauses.
const live = emptyState();
let shown = live;
let connected = false;
let message = null;
let plotted = 0;
let traffic = null;
let awayMillis = 0;
let untell = 0;

const paused = () => shown !== live;
const header = new Header();
const tree = new TreeView(live, at => slot.select(at, shown));
const slot = new SlotPanel(paused);
const decision = new DecisionPanel((level, place) => tree.point(level, place));
const worth = new WorthPanel();
const health = new HealthPanel(() => plots(true));
const log = new LogPanel();
const connection = new Connection({
  frame(frame) {
    const other = frame.type === 'full' && live.epoch && frame.epoch !== live.epoch;
    if (other) tell(`Back after ${seconds(awayMillis)}, with another run: its picture begins anew.`);
    const happened = fold(live, frame);
    if (!paused()) show(happened);
  },
  up(downMillis) {
    connected = true;
    awayMillis = downMillis;
    tell(`Back after ${seconds(downMillis)}. What happened meanwhile was filled in.`);
  },
  down() {
    connected = false;
    clearTimeout(untell);
    message = 'The dashboard’s server does not answer: the run has ended, or it hangs. The picture shows the last it told; trying again.';
    life();
  },
});

function show(happened) {
  connected = true;
  header.show(shown);
  tree.show(shown, happened);
  decision.show(shown);
  log.show(shown);
  health.showGauges(shown);
  if (performance.now() - plotted > PLOT_MILLIS) plots(false);
  empty();
  life();
}

function plots(always) {
  if (document.hidden && !always) return;
  plotted = performance.now();
  const now = shown.now / 1000;
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
  showLife(shown, { connected, paused: paused(), message });
}

function empty() {
  const none = !shown.tree;
  $('tree-empty').hidden = !none;
  if (none && !$('tree-empty').childElementCount) {
    const b = document.createElement('b');
    b.textContent = 'No tree yet';
    $('tree-empty').append(b, 'It shows as soon as the store sends its first events.');
  }
}

function pause() {
  shown = paused() ? live : structuredClone(live);
  const button = $('pause');
  button.setAttribute('aria-pressed', String(paused()));
  button.querySelector('.icon').textContent = paused() ? '▶' : '❚❚';
  button.querySelector('.label').textContent = paused() ? 'Go on' : 'Pause';
  show({ full: true, marks: [], ended: [] });
  plots(true);
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
  if (event.target.closest('input, select, textarea, dialog') || event.ctrlKey || event.metaKey || event.altKey) return;
  const action = {
    ' ': pause,
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

$('pause').addEventListener('click', pause);
$('theme').addEventListener('click', toggleTheme);
$('help').addEventListener('click', () => $('help-dialog').showModal());
segmented($('tree-scale'), scaleBy);
segmented($('window'), value => { setWindow(Number(value)); plots(true); });
document.addEventListener('keydown', keys);
document.addEventListener('visibilitychange', () => { if (!document.hidden) plots(true); });
onTheme(() => { ramp(); header.repaint(shown); slot.show(shown); });
setInterval(() => {
  if (!paused() && performance.now() - plotted > 1000) plots(false);
  footer(shown, traffic === null ? null : connection.bytes - traffic);
  traffic = connection.bytes;
}, 1000);

ramp();
empty();
life();
new Controls(takeToken());
connection.open();
