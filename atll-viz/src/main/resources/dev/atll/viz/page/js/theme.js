// Light and dark, and the colours that canvases need as plain values.

const RAMP_DARK = ['#22304f', '#3d4f92', '#6d4aa2', '#b04a94', '#ea6a6a', '#fbb265', '#fdf0b5'];
const RAMP_LIGHT = ['#c6d4ea', '#f3d9b0', '#f5aa74', '#e0717a', '#ab4287', '#6c2b7c', '#34185e'];
const NAMES = ['bg', 'card', 'card-2', 'well', 'line', 'line-strong', 'text', 'muted', 'faint', 'accent',
  'accent-ink', 'ok', 'caution', 'warn', 'bad', 'hot-column', 'hot-edge', 'job', 'job-2', 'target-line',
  's1', 's2', 's3', 's4', 's5', 's6'];

const listeners = [];
let cached = null;
let ramp = null;

export function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

export function toggleTheme() {
  const theme = isDark() ? 'light' : 'dark';
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem('atll-theme', theme);
  } catch {
    // The choice then lasts as long as the page.
  }
  changed();
}

export function onTheme(listener) {
  listeners.push(listener);
}

/** The theme's colours, resolved: canvases know nothing of custom properties. */
export function colors() {
  if (!cached) {
    const probe = document.createElement('span');
    probe.hidden = true;
    document.body.append(probe);
    cached = {};
    for (const name of NAMES) {
      probe.style.color = `var(--${name})`;
      cached[name] = getComputedStyle(probe).color;
    }
    probe.remove();
    cached.dark = isDark();
  }
  return cached;
}

/**
 * Heat 0 to 1 as a colour. Lightness runs one way only, away from the background, so the order
 * survives any colour vision and grey printing.
 */
export function heatColor(heat) {
  if (!ramp) ramp = table(isDark() ? RAMP_DARK : RAMP_LIGHT);
  return ramp[Math.max(0, Math.min(100, Math.round(heat * 100)))].css;
}

/** Whether dark or light ink reads better on that heat. */
export function heatInk(heat) {
  heatColor(0);
  return ramp[Math.max(0, Math.min(100, Math.round(heat * 100)))].light ? '#151222' : '#ffffff';
}

function table(stops) {
  const rgb = stops.map(s => [1, 3, 5].map(i => parseInt(s.slice(i, i + 2), 16)));
  return Array.from({ length: 101 }, (_, i) => {
    const at = (i / 100) * (rgb.length - 1);
    const k = Math.min(rgb.length - 2, Math.floor(at));
    const c = rgb[k].map((v, j) => Math.round(v + (rgb[k + 1][j] - v) * (at - k)));
    return { css: `rgb(${c.join(' ')})`, light: c[0] * 0.3 + c[1] * 0.59 + c[2] * 0.11 > 140 };
  });
}

function changed() {
  cached = null;
  ramp = null;
  for (const listener of listeners) listener();
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);

const motion = matchMedia('(prefers-reduced-motion: reduce)');
export const calm = () => motion.matches;
