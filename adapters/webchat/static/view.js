// Shows a conversation in a list: bubbles, buttons, what became of each message.

import { word } from "./words.js";

const TYPING_PATIENCE = 12000;
const LINKS = /(https:\/\/[^\s<>"]+[^\s<>".,;:!?)])/;
const CODES = /([A-Z0-9.]{3,}-\d{6}-\d{4,7})/;

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function link(address, label) {
  const made = element("a", "", label);
  made.href = address;
  made.target = "_blank";
  made.rel = "noopener noreferrer";
  return made;
}

/** Text as text; only what begins with https:// becomes a link, and a dossier code stays on one line. */
function textOf(text) {
  const body = element("p", "text");
  text.split(LINKS).forEach((part, place) => body.append(...(place % 2 ? [link(part, part)] : withCodes(part))));
  return body;
}

function withCodes(text) {
  return text.split(CODES).map((part, place) => (place % 2 ? element("span", "code", part) : part));
}

const clockOf = (at) =>
  new Date(at).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });

export class View {
  /** *list* is the element that lines are put into, *status* the one that tells how the line is; *press* gets a button. */
  constructor({ list, status, language, press }) {
    this.list = list;
    this.status = status;
    this.language = language;
    this.press = press;
    this.items = new Map();
    this.said = "";
  }

  /** Follow a conversation of ``conversation.js``. */
  follow(conversation) {
    const on = (name, then) => conversation.addEventListener(name, ({ detail }) => then(detail));
    on("line", (line) => this.line(line));
    on("stored", ({ id }) => {
      this.mark(id, "stored", true);
      if (this.said === "waiting") this.say("");
    });
    on("refused", ({ id, reason }) => this.refuse(id, reason));
    on("waiting", () => this.say("waiting"));
    // Told once however often it is tried again: a screen reader would say each change.
    on("state", ({ state }) => {
      if (state === "open") this.say("");
      else if (!["closed", "denied"].includes(this.said)) this.say(state);
    });
  }

  /** A line that the gateway told: its own, or one of the person from another page or an earlier visit. */
  line(line) {
    if (line.ours) {
      this.typing(false);
      this.place(line.id, this.bubble("ours", line), line.id);
    } else if (this.items.has(line.uuid)) {
      this.mark(line.uuid, "stored", false);
    } else {
      this.place(line.uuid, this.bubble("yours", { ...line, text: line.text || word(this.language, "photo.sent") }), line.id);
      this.mark(line.uuid, "stored", false);
    }
  }

  /** What the person says now; it is shown before the gateway has it. */
  own(id, text, picture) {
    const item = this.bubble("yours", { text, at: Date.now() });
    if (picture) {
      const image = element("img", "picture");
      image.src = URL.createObjectURL(picture);
      image.alt = word(this.language, "photo.sent");
      image.onload = () => URL.revokeObjectURL(image.src);
      item.prepend(image);
    }
    this.place(id, item);
    this.mark(id, "sending", false);
  }

  bubble(whose, { text, at, buttons = [] }) {
    const item = element("li", `line ${whose}`);
    item.append(element("span", "unseen", word(this.language, whose)));
    if (text) item.append(textOf(text));
    if (buttons.length) item.append(this.buttons(buttons));
    const foot = element("span", "foot");
    foot.append(element("time", "", clockOf(at)), element("span", "mark"));
    item.append(foot);
    return item;
  }

  buttons(buttons) {
    const row = element("div", "buttons");
    for (const button of buttons) {
      if (button.kind === "link") {
        if (button.action.startsWith("https://")) row.append(link(button.action, button.label));
      } else if (button.kind !== "share_phone") {
        const made = element("button", "", button.label);
        made.type = "button";
        made.addEventListener("click", () => this.press(button));
        row.append(made);
      }
    }
    return row;
  }

  /** In the order of the gateway's ids, whatever comes first; what it does not know yet stands last. */
  place(key, item, order = "") {
    item.dataset.order = order;
    this.items.set(key, item);
    const isBefore = (other) => other.dataset.order && order && BigInt(other.dataset.order) < BigInt(order);
    const later = Array.from(this.list.children).find(
      (other) => order && other.dataset.order && !isBefore(other) && other !== this.dots,
    );
    this.list.insertBefore(item, later ?? this.dots ?? null);
    this.scroll();
  }

  mark(id, state, isAnswerDue) {
    const item = this.items.get(id);
    if (!item) return;
    item.dataset.state = state;
    const mark = item.querySelector(".mark");
    mark.textContent = { sending: "○", stored: "✓", failed: "!" }[state];
    mark.title = word(this.language, state);
    mark.setAttribute("role", "img");
    mark.setAttribute("aria-label", word(this.language, state));
    if (isAnswerDue) this.typing(true);
  }

  refuse(id, reason) {
    this.mark(id, "failed", false);
    const known = ["long", "size", "kind"].includes(reason) ? reason : "other";
    this.say(`refused.${known}`);
  }

  typing(on) {
    clearTimeout(this.dotsTimer);
    this.dots?.remove();
    this.dots = null;
    if (!on) return;
    this.dots = element("li", "line ours typing");
    this.dots.append(element("span", "unseen", word(this.language, "typing")));
    for (let dot = 0; dot < 3; dot += 1) this.dots.append(element("span", "dot"));
    this.list.append(this.dots);
    this.dotsTimer = setTimeout(() => this.typing(false), TYPING_PATIENCE);
    this.scroll();
  }

  /** One sentence above the field; "" takes it away. */
  say(key) {
    this.said = key;
    this.status.textContent = key ? word(this.language, key) : "";
    this.status.hidden = !key;
  }

  scroll() {
    const box = this.list.parentElement;
    box.scrollTop = box.scrollHeight;
  }
}
