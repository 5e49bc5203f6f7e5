// The ways to reach the gateway, best first. Each is told where to begin and calls open, lines, closed and, where it can know
// that the browser brought no session, denied; send gives the verdict.

import { isLater } from "./ids.js";

const SILENCE_PATIENCE = 60000;
const POLL_SECONDS = 25;

/** What all have in common: closed is called once, and nothing is heard after it. */
class Road {
  constructor(base, after, on) {
    this.base = base;
    this.after = after;
    this.on = on;
    this.isOpen = false;
    this.ended = false;
  }

  opened() {
    if (this.ended || this.isOpen) return;
    this.isOpen = true;
    this.on.open();
  }

  /** Whatever is heard proves that the line lives; what stays silent for too long is given up. */
  heard(frame) {
    clearTimeout(this.watch);
    if (this.ended) return;
    this.watch = setTimeout(() => this.fail(), SILENCE_PATIENCE);
    if (frame.type === "lines") {
      this.opened();
      this.on.lines(frame.lines);
    }
  }

  fail() {
    if (this.ended) return;
    const was_open = this.isOpen;
    this.close();
    this.on.closed(was_open);
  }

  close() {
    this.ended = true;
    this.isOpen = false;
    clearTimeout(this.watch);
    this.release();
  }
}

export class SocketRoad extends Road {
  name = "socket";
  waiting = new Map();

  open() {
    const address = new URL(`${this.base}socket`, location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    try {
      this.socket = new WebSocket(address);
    } catch {
      setTimeout(() => this.fail());
      return;
    }
    this.watch = setTimeout(() => this.fail(), 10000);
    this.socket.onopen = () => this.socket.send(JSON.stringify({ type: "hello", after: this.after }));
    this.socket.onclose = () => this.fail();
    this.socket.onmessage = ({ data }) => this.take(JSON.parse(data));
  }

  take(frame) {
    this.heard(frame);
    this.waiting.get(frame.id)?.(frame);
    this.waiting.delete(frame.id);
  }

  send(frame) {
    this.socket.send(JSON.stringify(frame));
    if (frame.type === "read") return Promise.resolve();
    return new Promise((resolve) => this.waiting.set(frame.id, resolve));
  }

  release() {
    for (const resolve of this.waiting.values()) resolve({ type: "failed" });
    this.waiting.clear();
    this.socket?.close();
  }
}

async function post(base, frame) {
  const path = frame.type === "read" ? "read" : "messages";
  const response = await fetch(base + path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(frame),
  });
  return response.json();
}

export class EventsRoad extends Road {
  name = "events";

  open() {
    this.source = new EventSource(`${this.base}events?after=${this.after}`);
    this.watch = setTimeout(() => this.fail(), 10000);
    // The browser would connect again by itself, but with the old place: the conversation does it with the new one.
    this.source.onerror = () => this.fail();
    this.source.onmessage = ({ data }) => this.heard(JSON.parse(data));
  }

  send(frame) {
    return post(this.base, frame);
  }

  release() {
    this.source?.close();
  }
}

export class PollRoad extends Road {
  name = "poll";

  async open() {
    this.stopper = new AbortController();
    const seen = new Set();
    for (let wait = 0; !this.ended; wait = POLL_SECONDS) {
      try {
        const address = `${this.base}poll?after=${this.after}&wait=${wait}`;
        const response = await fetch(address, { signal: this.stopper.signal });
        if (response.status === 401) this.on.denied();
        if (!response.ok) throw new Error(response.status);
        const { lines } = await response.json();
        const isNews = lines.some(({ id }) => !seen.has(id));
        for (const { id } of lines) seen.add(id);
        for (const { id } of lines) if (isLater(id, this.after)) this.after = id;
        this.heard({ type: "lines", lines });
        // Lines that come again are not stored as read yet.
        if (lines.length && !isNews) await new Promise((resolve) => setTimeout(resolve, 1000));
      } catch {
        this.fail();
      }
    }
  }

  send(frame) {
    return post(this.base, frame);
  }

  release() {
    this.stopper?.abort();
  }
}
