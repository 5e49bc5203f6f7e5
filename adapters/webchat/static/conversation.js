// A conversation with the gateway, without any page: what is said is sent until it is acknowledged, each line is told once.
// Whoever shows it listens for the events "line", "stored", "refused", "waiting", "state" and "denied" (no session).

import { isLater, newId } from "./ids.js";
import { EventsRoad, PollRoad, SocketRoad } from "./roads.js";

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15000;
const REPLY_PATIENCE = 10000;
const BETTER_ROAD_AFTER = 120000;
const FAILURES_BEFORE_NEXT_ROAD = 2;

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What waits for its acknowledgement survives a reload of the page, where there is a storage. */
class Drawer {
  constructor(storage, name) {
    this.storage = storage;
    this.name = name;
  }

  read() {
    try {
      return JSON.parse(this.storage?.getItem(this.name) ?? "[]");
    } catch {
      return [];
    }
  }

  write(frames) {
    try {
      this.storage?.setItem(this.name, JSON.stringify(frames));
    } catch {
      // A full or forbidden storage: the frames stay in memory.
    }
  }
}

export class Conversation extends EventTarget {
  /** *base* is the address of the channel, with a slash at its end; without *storage* nothing outlives the page. */
  constructor({ base, storage = null, roads = [SocketRoad, EventsRoad, PollRoad] }) {
    super();
    this.base = base;
    this.roads = roads;
    this.drawer = new Drawer(storage, "motcua-unsent");
    const unsent = this.drawer.read();
    this.forget();
    this.pending = unsent;
    this.drawer.write(unsent);
  }

  /** Begin; the lines of the past come first. */
  start() {
    this.running = true;
    this.place = 0;
    this.failures = 0;
    this.delay = FIRST_PAUSE;
    addEventListener("online", (this.wake = () => this.hurry()));
    this.connect();
    this.pump();
  }

  stop() {
    this.running = false;
    removeEventListener("online", this.wake);
    clearTimeout(this.upgrade);
    clearTimeout(this.retry);
    this.road?.close();
    this.road = null;
  }

  /** Nothing of before is known any more: another person sits here now. */
  forget() {
    this.visit = (this.visit ?? 0) + 1;
    this.seen = new Set();
    this.after = "0";
    this.pending = [];
    this.reads = [];
    this.drawer.write([]);
  }

  /** Say a text; its id. */
  say(text) {
    return this.put({ type: "message", text });
  }

  /** Press a button, which means its action. */
  press(action) {
    return this.put({ type: "press", action });
  }

  locate(latitude, longitude) {
    return this.put({ type: "location", latitude, longitude });
  }

  rate(score, note = "") {
    return this.put({ type: "score", score, note });
  }

  /** A photo goes by itself, as it may be too big for any queue; refused ones are told like texts. Never for the next person. */
  async sendPhoto(id, blob, caption = "") {
    const { visit } = this;
    for (let delay = FIRST_PAUSE; this.running && visit === this.visit; delay = Math.min(delay * 2, LONGEST_PAUSE)) {
      const verdict = await this.upload(id, blob, caption);
      if (verdict.type === "stored") return this.tell("stored", { id });
      if (verdict.type === "refused" && !verdict.retry_after) return this.tell("refused", { ...verdict, id });
      await pause(verdict.retry_after ? verdict.retry_after * 1000 : delay);
    }
  }

  async upload(id, blob, caption) {
    const query = new URLSearchParams({ id, caption });
    try {
      const response = await fetch(`${this.base}photos?${query}`, {
        method: "POST",
        headers: { "Content-Type": blob.type || "application/octet-stream" },
        body: blob,
      });
      return await response.json();
    } catch {
      return { type: "failed" };
    }
  }

  put(frame) {
    const id = newId();
    this.pending.push({ ...frame, id });
    this.drawer.write(this.pending);
    this.pump();
    return id;
  }

  /** One after the other, so that they stay in the order in which they were said. */
  async pump() {
    if (this.pumping) return;
    this.pumping = true;
    while (this.running && this.pending.length && this.road?.isOpen) {
      const frame = this.pending[0];
      const verdict = await this.attempt(frame);
      if (verdict.reason === "session") {
        // The message waits for the page to get another session.
        this.tell("denied", {});
        await pause(LONGEST_PAUSE);
      } else if (verdict.type === "stored" || (verdict.type === "refused" && !verdict.retry_after)) {
        this.pending = this.pending.filter((other) => other.id !== frame.id);
        this.drawer.write(this.pending);
        this.tell(verdict.type, { ...verdict, id: frame.id });
      } else {
        if (verdict.type === "refused") this.tell("waiting", verdict);
        await pause(verdict.retry_after ? verdict.retry_after * 1000 : FIRST_PAUSE);
      }
    }
    this.pumping = false;
  }

  async attempt(frame) {
    const road = this.road;
    try {
      return await Promise.race([
        road.send(frame),
        pause(REPLY_PATIENCE).then(() => Promise.reject(new Error("no acknowledgement"))),
      ]);
    } catch {
      road.fail();
      return { type: "failed" };
    }
  }

  connect() {
    if (!this.running) return;
    this.tell("state", { state: "connecting" });
    const Road = this.roads[this.place % this.roads.length];
    const road = new Road(this.base, this.after, {
      open: () => this.opened(road),
      lines: (lines) => this.hear(road, lines),
      closed: (was_open) => this.closed(road, was_open),
      denied: () => this.tell("denied", {}),
    });
    this.road = road;
    road.open();
  }

  opened(road) {
    if (road !== this.road) return;
    this.failures = 0;
    this.delay = FIRST_PAUSE;
    this.tell("state", { state: "open", road: road.name });
    clearTimeout(this.upgrade);
    if (this.place % this.roads.length) {
      this.upgrade = setTimeout(() => {
        this.place = 0;
        road.fail();
      }, BETTER_ROAD_AFTER);
    }
    this.acknowledge();
    this.pump();
  }

  closed(road, was_open) {
    if (road !== this.road) return;
    this.road = null;
    clearTimeout(this.upgrade);
    if (!this.running) return;
    this.tell("state", { state: "closed" });
    this.failures += was_open ? 0 : 1;
    if (this.failures >= FAILURES_BEFORE_NEXT_ROAD) {
      this.failures = 0;
      this.place += 1;
    }
    this.retry = setTimeout(() => this.connect(), this.delay * (0.5 + Math.random()));
    this.delay = Math.min(this.delay * 2, LONGEST_PAUSE);
  }

  hurry() {
    if (!this.running || this.road) return;
    clearTimeout(this.retry);
    this.delay = FIRST_PAUSE;
    this.connect();
  }

  /** Lines come again after a break, and those not acknowledged come with every connection: each is told once. */
  hear(road, lines) {
    if (road !== this.road) return;
    for (const line of lines) {
      if (line.ours) this.reads.push(line.id);
      if (isLater(line.id, this.after)) this.after = line.id;
      if (this.seen.has(line.id)) continue;
      this.seen.add(line.id);
      this.tell("line", line);
    }
    this.acknowledge();
  }

  async acknowledge() {
    if (!this.reads.length || !this.road?.isOpen) return;
    const ids = this.reads.splice(0, 100);
    try {
      await this.road.send({ type: "read", ids });
    } catch {
      this.reads.unshift(...ids);
    }
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
