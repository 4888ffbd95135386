// Numbers as people read them. Units are binary for bytes, decimal for the rest.

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export function bytes(value) {
  if (value == null || !Number.isFinite(value)) return '–';
  let unit = 0;
  while (Math.abs(value) >= 1000 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${digits(value, unit)} ${BYTE_UNITS[unit]}`;
}

export function count(value) {
  if (value == null || !Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 1e9) return `${trim(value / 1e9)} G`;
  if (Math.abs(value) >= 1e6) return `${trim(value / 1e6)} M`;
  if (Math.abs(value) >= 1e4) return `${trim(value / 1e3)} k`;
  return Math.round(value).toLocaleString('en');
}

export function nanos(value) {
  if (value == null || !Number.isFinite(value)) return '–';
  if (value < 1e3) return `${Math.round(value)} ns`;
  if (value < 1e6) return `${trim(value / 1e3)} µs`;
  if (value < 1e9) return `${trim(value / 1e6)} ms`;
  return `${trim(value / 1e9)} s`;
}

export function micros(value) {
  return value == null ? '–' : nanos(value * 1e3);
}

export function percent(fraction, places = 0) {
  return fraction == null || !Number.isFinite(fraction) ? '–' : `${(fraction * 100).toFixed(places)} %`;
}

export function ratio(value) {
  if (value == null || !Number.isFinite(value)) return '–';
  return value.toFixed(value >= 10 ? 1 : 2);
}

export function index(value) {
  if (value == null || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  // Hard limits are told by an index beyond all others.
  if (size >= 1e8) return value > 0 ? '∞' : '−∞';
  if (size !== 0 && (size < 0.01 || size >= 1e4)) return value.toExponential(1);
  return value.toFixed(size >= 100 ? 0 : 2);
}

export function ago(millis) {
  const seconds = Math.max(0, millis / 1000);
  if (seconds < 1) return 'now';
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

export function clock(millis, wall0) {
  if (wall0 != null) return new Date(wall0 + millis).toLocaleTimeString('en-GB');
  const s = Math.floor(millis / 1000);
  const two = n => String(n).padStart(2, '0');
  return `${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

export function words(constant) {
  return constant.toLowerCase().replaceAll('_', ' ');
}

export function place(level, slot) {
  return `L${level}·${slot}`;
}

function digits(value, unit) {
  return unit === 0 ? String(Math.round(value)) : trim(value);
}

function trim(value) {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}
