// Pause, scrub and speed, for all runs of the page at once.

import { $, setText } from '../dom.js';

const STEP_MILLIS = 50;
const JUMP_MILLIS = 10000;
const SPAN_MILLIS_MAX = 3600000;
const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16, 32];

export class TimeBar {
  #players;
  #onChange;
  #mode = 'live';
  #playing = true;
  #speed = 1;
  #at = 0;
  #ticked = 0;
  #slider = $('time-slider');
  #dragging = false;
  #touched = false;
  #moves = 0;

  /** players: what is moved; onChange(): pause or live changed. */
  constructor(players, onChange) {
    this.#players = players;
    this.#onChange = onChange;
    const select = $('time-speed');
    for (const speed of SPEEDS) select.add(new Option(`${speed} ×`, String(speed), speed === 1, speed === 1));
    select.addEventListener('change', () => { this.#speed = Number(select.value); });
    $('pause').addEventListener('click', () => this.toggle());
    $('time-live').addEventListener('click', () => this.toLive());
    $('time-back').addEventListener('click', () => this.jump(-JUMP_MILLIS));
    $('time-on').addEventListener('click', () => this.jump(JUMP_MILLIS));
    this.#slider.addEventListener('input', () => {
      this.#dragging = true;
      this.seek(this.#from + (Number(this.#slider.value) / 1000) * (this.#to - this.#from));
    });
    this.#slider.addEventListener('change', () => { this.#dragging = false; });
    setInterval(() => this.#tick(), STEP_MILLIS);
  }

  get live() {
    return this.#mode === 'live';
  }

  get playing() {
    return this.#playing;
  }

  get mode() {
    return this.#mode;
  }

  get at() {
    return this.live ? this.#to : this.#at;
  }

  /** A recording plays from its beginning as soon as it is there. */
  begin(speed) {
    if (this.#touched) return;
    this.#speed = SPEEDS.includes(speed) ? speed : 1;
    $('time-speed').value = String(this.#speed);
    this.#move(this.#from);
    this.#play(true);
  }

  toggle() {
    this.#touched = true;
    if (this.live) {
      this.#mode = 'past';
      this.#at = this.#to;
      this.#players.forEach(player => player.hold());
      this.#play(false);
    } else {
      if (!this.#playing && this.#recorded && this.#at >= this.#to - 1) this.#move(this.#from);
      this.#play(!this.#playing);
    }
  }

  toLive() {
    this.#touched = true;
    if (this.#recorded) {
      this.seek(this.#to);
      return;
    }
    this.#mode = 'live';
    this.#playing = true;
    this.#players.forEach(player => player.goLive());
    this.#changed();
  }

  seek(common) {
    this.#touched = true;
    this.#play(false);
    this.#move(common);
  }

  jump(millis) {
    this.#touched = true;
    this.#move(this.at + millis);
    this.#changed();
  }

  /** One frame on or back, paused. */
  async step(direction) {
    const first = this.#players[0];
    if (this.live) this.toggle();
    this.#play(false);
    const moves = this.#moves;
    if (!(await first.past.at(this.#at - first.base))) return;
    const millis = await first.past.neighbour(direction);
    // Whoever went elsewhere meanwhile stays there.
    if (millis !== null && moves === this.#moves) this.#move(millis + first.base);
  }

  get #recorded() {
    return this.#players[0].live.recorded;
  }

  get #to() {
    return Math.max(...this.#players.map(player => player.live.now + player.base));
  }

  get #from() {
    const first = Math.min(...this.#players.map(player => player.live.past + player.base));
    return this.#recorded ? first : Math.max(first, this.#to - SPAN_MILLIS_MAX);
  }

  #move(common) {
    this.#moves++;
    this.#players.forEach(player => player.hold());
    this.#mode = 'past';
    this.#at = Math.min(this.#to, Math.max(this.#from, common));
    this.#players.forEach(player => player.goTo(this.#at));
    this.#paint();
  }

  #play(playing) {
    this.#playing = playing;
    this.#ticked = performance.now();
    this.#changed();
  }

  #tick() {
    const now = performance.now();
    const passed = Math.min(1000, now - this.#ticked);
    this.#ticked = now;
    if (this.live || !this.#playing) {
      this.#paint();
      return;
    }
    const next = this.#at + passed * this.#speed;
    if (next >= this.#to) {
      if (this.#recorded) {
        this.#move(this.#to);
        this.#play(false);
      } else {
        this.toLive();
      }
    } else {
      this.#move(next);
    }
  }

  #changed() {
    const still = !this.live && !this.#playing;
    const button = $('pause');
    button.setAttribute('aria-pressed', String(still));
    button.querySelector('.icon').textContent = still ? '▶' : '❚❚';
    setText(button.querySelector('.label'), still ? 'Go on' : 'Pause');
    $('time').dataset.mode = this.#mode;
    this.#paint();
    this.#onChange();
  }

  #paint() {
    const from = this.#from;
    const to = this.#to;
    const span = Math.max(1, to - from);
    if (!this.#dragging) {
      const value = String(Math.round(((this.at - from) / span) * 1000));
      if (this.#slider.value !== value) this.#slider.value = value;
    }
    this.#slider.style.setProperty('--part', `${((this.at - from) / span) * 100}%`);
    const behind = Math.round((to - this.at) / 1000);
    const text = this.#recorded ? `${clock(this.at - from)} of ${clock(span)}` : this.live ? 'live' : behind <= 0 ? 'paused' : `−${clock(behind * 1000)}`;
    setText($('time-text'), text);
    if (this.#slider.getAttribute('aria-valuetext') !== text) this.#slider.setAttribute('aria-valuetext', text);
    setText($('time-from'), this.#recorded ? '0:00' : `−${clock(span)}`);
    $('time-live').disabled = this.live;
    setText($('time-live'), this.#recorded ? 'End' : 'Live');
  }
}

function clock(millis) {
  const s = Math.floor(millis / 1000);
  const two = n => String(n).padStart(2, '0');
  return s < 3600 ? `${Math.floor(s / 60)}:${two(s % 60)}` : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}
