// The line to the server: server-sent events, with our own watch over it. The browser's own
// reconnecting neither backs off nor notices a server that hangs.

const BEAT_MILLIS_MAX = 6000;
const RETRY_MILLIS_MIN = 500;
const RETRY_MILLIS_MAX = 15000;

export class Connection {
  #source = null;
  #lastId = '';
  #retryMillis = RETRY_MILLIS_MIN;
  #timer = 0;
  #watch = 0;
  #heard = 0;
  #downSince = 0;
  #handlers;
  #run;
  bytes = 0;

  /** run: which of the server's runs; handlers: frame(object), up(downMillis), down(retryMillis) */
  constructor(run, handlers) {
    this.#run = run;
    this.#handlers = handlers;
  }

  open() {
    clearTimeout(this.#timer);
    this.#source?.close();
    const last = this.#lastId ? `&last=${encodeURIComponent(this.#lastId)}` : '';
    const source = new EventSource(`/events?run=${this.#run}${last}`);
    this.#source = source;
    this.#heard = performance.now();
    source.onopen = () => this.#hear();
    source.addEventListener('beat', () => this.#hear());
    source.addEventListener('bye', () => this.#lose());
    source.onmessage = event => {
      this.#hear();
      this.bytes += event.data.length;
      this.#lastId = event.lastEventId;
      this.#handlers.frame(JSON.parse(event.data));
    };
    source.onerror = () => this.#lose();
    clearInterval(this.#watch);
    this.#watch = setInterval(() => {
      if (performance.now() - this.#heard > BEAT_MILLIS_MAX) this.#lose();
    }, 1000);
  }

  #hear() {
    this.#heard = performance.now();
    if (this.#downSince) {
      const downMillis = this.#heard - this.#downSince;
      this.#downSince = 0;
      this.#handlers.up(downMillis);
    }
    this.#retryMillis = RETRY_MILLIS_MIN;
  }

  #lose() {
    clearInterval(this.#watch);
    this.#source?.close();
    this.#downSince ||= performance.now();
    clearTimeout(this.#timer);
    // Spread, so that many viewers do not come back in one instant.
    const wait = this.#retryMillis * (0.75 + Math.random() / 2);
    this.#timer = setTimeout(() => this.open(), wait);
    this.#retryMillis = Math.min(RETRY_MILLIS_MAX, this.#retryMillis * 2);
    this.#handlers.down(wait);
  }
}

const TOKEN_KEY = 'atll-token';

/** The token out of the address, kept for this tab only and taken off the address bar. */
export function takeToken() {
  const found = /(?:^#|&)token=([0-9a-f]+)/.exec(location.hash);
  try {
    if (found) {
      sessionStorage.setItem(TOKEN_KEY, found[1]);
      history.replaceState(null, '', location.pathname + location.search);
    }
    return sessionStorage.getItem(TOKEN_KEY) ?? '';
  } catch {
    return found?.[1] ?? '';
  }
}

export async function post(name, body, token) {
  const response = await fetch(`/control/${name}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Atll-Token': token },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? `refused (${response.status})`);
  return answer;
}
