// The kiosk: one screen after the other, nothing kept of the person before.

import { Camera } from "./camera.js";
import { Conversation } from "./conversation.js";
import { newId } from "./ids.js";
import { Scanner, codeIn } from "./scanner.js";
import { speak, word } from "./words.js";

const ANSWER_PATIENCE = 15000;
const WARNING_SECONDS = 10;
const LAST_SCREEN_SECONDS = 6;
const RESET_AGAIN = 3000;
const LOW_SCORE = 2;
const LONGEST_CODE = 40;

const page = document.body;
const find = (id) => document.getElementById(id);
const screens = Array.from(document.querySelectorAll(".screen"));
const idleSeconds = Number(page.dataset.idle);

let language = "vi";
let typed = "";
let score = 0;
let left = idleSeconds;
let patience;
let noticed = "";
let isClean = true;
let isRating = false;
let isLastScreen = false;

const unheard = new Set();
const conversation = new Conversation({ base: `${page.dataset.base}kiosk/${page.dataset.counter}/` });

const camera = find("photo") ? new Camera(find("picture")) : null;

function show(name, focus = true) {
  if (name !== "camera") camera?.close();
  for (const screen of screens) screen.hidden = screen.id !== name;
  if (focus) find(name).querySelector("button")?.focus();
}

function notice(key) {
  noticed = key;
  find("notice").textContent = key ? word(language, key) : "";
  find("notice").hidden = !key;
}

// Looking up, tickets: what is said, and the answers to it.

function ask(send) {
  find("answers").replaceChildren(paragraph(word(language, "kiosk.wait")));
  find("answers").dataset.waiting = "yes";
  isRating = false;
  show("answer");
  sayLanguage();
  isClean = false;
  send();
  clearTimeout(patience);
  patience = setTimeout(() => hear({ text: word(language, "kiosk.late"), buttons: [] }), ANSWER_PATIENCE);
}

/** The gateway begins with Vietnamese; its answer to the command is not shown. */
function sayLanguage() {
  if (language === "en" && isClean) unheard.add(conversation.say("EN"));
}

function paragraph(text) {
  const made = document.createElement("p");
  made.textContent = text;
  return made;
}

function hear({ text, buttons }) {
  clearTimeout(patience);
  const answers = find("answers");
  if (answers.dataset.waiting || isRating) answers.replaceChildren();
  delete answers.dataset.waiting;
  answers.append(paragraph(text));
  // Links and what needs a phone of one's own lead nowhere on a kiosk.
  const choices = buttons.filter(({ kind }) => kind === "action");
  if (!choices.length) return;
  const row = document.createElement("div");
  row.className = "choices";
  for (const { label, action } of choices) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = label;
    made.addEventListener("click", () => ask(() => conversation.press(action)));
    row.append(made);
  }
  answers.append(row);
}

/** What a QR code holds besides the dossier code, perhaps an identity number, is not sent and not kept. */
function lookUpScanned(scanned) {
  const code = codeIn(scanned);
  if (code) lookUp(code);
  else notice("kiosk.nocode");
}

function lookUp(code) {
  if (!code) {
    notice("kiosk.empty");
    return;
  }
  notice("");
  ask(() => conversation.say(code));
  type("");
}

function type(text) {
  typed = text.slice(0, LONGEST_CODE);
  find("code").textContent = typed;
  if (typed) notice("");
}

function key(name) {
  type(name === "back" ? typed.slice(0, -1) : typed + name);
}

async function openCamera() {
  try {
    await camera.open();
    show("camera");
  } catch {
    notice("kiosk.camera");
  }
}

async function shoot() {
  const photo = await camera.shoot();
  if (photo) ask(() => conversation.sendPhoto(newId(), photo));
  else notice("kiosk.camera");
}

// Rating: one touch, and a reason when the score is low.

function rate(given) {
  score = given;
  sayLanguage();
  isClean = false;
  isRating = true;
  conversation.rate(score);
  if (score <= LOW_SCORE) show("reasons");
  else thank();
}

function explain(reason) {
  if (reason) conversation.rate(score, reason);
  thank();
}

function thank() {
  find("answers").replaceChildren(paragraph(word(language, "kiosk.thanks")));
  show("answer");
  isLastScreen = true;
  left = LAST_SCREEN_SECONDS;
}

// The next person: the session is forgotten here and at the gateway.

async function reset() {
  const unsent = conversation.pending.some(({ type: kind }) => kind === "score");
  if (unsent) await settled();
  conversation.stop();
  conversation.forget();
  clearTimeout(patience);
  cover("kiosk.wait");
  for (;;) {
    try {
      const answer = await fetch(`${conversation.base}leave`, { method: "POST" });
      if (answer.ok) break;
    } catch {
      // Told below.
    }
    cover("kiosk.away");
    await new Promise((resolve) => setTimeout(resolve, RESET_AGAIN));
  }
  clean();
  conversation.start();
}

/** A rating that is on its way is worth three more seconds. */
async function settled() {
  for (let tries = 0; tries < 30 && conversation.pending.length; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function clean() {
  type("");
  score = 0;
  isClean = true;
  isRating = false;
  language = "vi";
  speak(document, language);
  find("answers").replaceChildren();
  unheard.clear();
  notice("");
  stay();
  cover("");
  show("home", false);
}

function cover(key) {
  find("cover-text").textContent = key ? word(language, key) : "";
  find("cover").hidden = !key;
}

function stay() {
  left = idleSeconds;
  isLastScreen = false;
  find("idle").hidden = true;
}

const isAtRest = () => isClean && !typed && !find("home").hidden && language === "vi";

async function tick() {
  if (isAtRest() || !find("cover").hidden) return;
  left -= 1;
  if (left <= 0) {
    left = idleSeconds;
    await reset();
  } else if (left <= WARNING_SECONDS && !isLastScreen) {
    if (find("idle").hidden) {
      find("idle").hidden = false;
      find("stay").focus();
    }
    find("idle-left").textContent = word(language, "kiosk.seconds").replace("{seconds}", left);
  }
}

const scanner = new Scanner({
  scanned: (code) => {
    stay();
    lookUpScanned(code);
  },
  typed: (name) => {
    if (find("enter").hidden) return;
    if (name === "Enter") lookUp(typed);
    else if (name === "Backspace") key("back");
    else if (/^[\w.\-/ ]$/.test(name)) key(name.toUpperCase());
  },
});

page.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  stay();
  const { go, key: name, say, score: given, reason } = button.dataset;
  if (go) {
    notice("");
    if (go === "home") type("");
    show(go);
  } else if (name) key(name);
  else if (say) ask(() => conversation.say(say));
  else if (given) rate(Number(given));
  else if (reason !== undefined) explain(reason);
});
find("look").addEventListener("click", () => lookUp(typed));
if (camera) {
  find("photo").addEventListener("click", openCamera);
  find("shoot").addEventListener("click", shoot);
  Camera.isThere().then((isThere) => {
    find("photo").hidden = !isThere;
  });
}
find("done").addEventListener("click", reset);
find("language").addEventListener("click", () => {
  language = language === "vi" ? "en" : "vi";
  if (!isClean) unheard.add(conversation.say(language === "en" ? "EN" : "VN"));
  speak(document, language);
});
page.addEventListener("pointerdown", stay);
page.addEventListener("contextmenu", (event) => event.preventDefault());
document.addEventListener("keydown", (event) => {
  if (find("cover").hidden) scanner.key(event);
});
conversation.addEventListener("line", ({ detail }) => {
  if (detail.ours && !unheard.has(detail.reply_to)) hear(detail);
});
// A kiosk whose session or key is gone cannot mend that itself, but its page can.
conversation.addEventListener("denied", () => {
  cover("kiosk.away");
  setTimeout(() => location.reload(), RESET_AGAIN * 10);
});
conversation.addEventListener("refused", () => hear({ text: word(language, "refused.other"), buttons: [] }));
conversation.addEventListener("state", ({ detail }) => {
  if (detail.state === "closed") notice("kiosk.away");
  else if (detail.state === "open" && noticed === "kiosk.away") notice("");
});

setInterval(tick, 1000);
speak(document, language);
conversation.start();
