// One run as the viewer sees it: live, or at a moment of its past.

import { Connection } from '../connection.js';
import { emptyState, fold } from '../store.js';
import { Past } from './past.js';

export class Player {
  /** What the server tells, whether it is shown or not. */
  live = emptyState();
  /** What is shown. */
  shown = this.live;
  connected = false;
  past;
  connection;
  #handlers;
  #busy = false;
  #wanted = null;

  /**
   * handlers: show(state, happened) when the picture changed, up(downMillis), down(), other() when
   * another run answers, begun(state) with each full picture
   */
  constructor(run, handlers) {
    this.#handlers = handlers;
    this.past = new Past(run, () => this.live);
    this.connection = new Connection(run, {
      frame: frame => this.#frame(frame),
      up: downMillis => {
        this.connected = true;
        handlers.up(downMillis);
      },
      down: () => {
        this.connected = false;
        handlers.down();
      },
    });
  }

  open() {
    this.connection.open();
  }

  get isLive() {
    return this.shown === this.live;
  }

  /** The place of the run's line of time on the one that is common to all runs shown. */
  get base() {
    return this.live.recorded ? -this.live.past : this.live.wall0 ?? 0;
  }

  #frame(frame) {
    const other = frame.type === 'full' && this.live.epoch && frame.epoch !== this.live.epoch;
    if (frame.type === 'full') this.past.forget();
    const happened = fold(this.live, frame);
    this.connected = true;
    if (other) this.#handlers.other();
    if (frame.type === 'full') this.#handlers.begun(this.live);
    if (this.isLive) this.#handlers.show(this.live, happened);
  }

  goLive() {
    this.shown = this.live;
    this.#wanted = null;
    this.#handlers.show(this.live, { full: true, marks: [], ended: [] });
  }

  /** Holds the picture as it is, until it is moved. */
  hold() {
    if (!this.isLive) return;
    this.shown = structuredClone(this.live);
    this.#handlers.show(this.shown, { full: true, marks: [], ended: [] });
  }

  /** Shows a moment on the common line; of several wishes that come at once the last counts. */
  async goTo(common) {
    this.#wanted = common - this.base;
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.#wanted !== null) {
        const millis = this.#wanted;
        this.#wanted = null;
        const found = await this.past.at(millis);
        // Somebody may have gone back to live meanwhile.
        if (found && !this.isLive) {
          this.shown = found.state;
          this.#handlers.show(found.state, found.happened);
        }
      }
    } catch {
      // The connection tells about a server that is gone.
    } finally {
      this.#busy = false;
    }
  }
}
