// The chat page: stands alone, or in the frame that widget.js opens in a portal.

import { Conversation } from "./conversation.js";
import { newId } from "./ids.js";
import { View } from "./view.js";
import { speak, word } from "./words.js";

const PHOTO_LIMIT = 10 * 1024 * 1024;
// The gateway reads no others; what the browser can show (WebP, perhaps HEIC) is sent as JPEG.
const PHOTO_KINDS = ["image/jpeg", "image/png"];
const FEWER_PIXELS = 3000;
const COUNTER = /^#DG-(?:[A-Z]\d\d[\d._]*-)?[0-9A-Z]{1,8}$/i;
const RENEW_AGAIN = 60000;

const page = document.body;
const find = (id) => document.getElementById(id);
const field = find("text");
const isFramed = window.parent !== window;

function stored(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function store(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Without a storage the choice lasts as long as the page.
  }
}

const languageOfBrowser = () => (navigator.languages.some((tag) => /^vi\b/i.test(tag)) ? "vi" : "en");
let language = new URLSearchParams(location.search).get("lang") ?? stored("motcua-language") ?? languageOfBrowser();
if (!["vi", "en"].includes(language)) language = "vi";
/** What the gateway speaks to this person as far as we know; it begins with Vietnamese. */
let spoken = stored("motcua-spoken") ?? "vi";

const conversation = new Conversation({ base: page.dataset.base, storage: window.sessionStorage });
const view = new View({ list: find("lines"), status: find("status"), language, press });
view.follow(conversation);

function press(button) {
  if (button.kind === "share_location") {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => view.own(conversation.locate(coords.latitude, coords.longitude), button.label),
      () => view.say("location.off"),
    );
    return;
  }
  view.own(conversation.press(button.action), button.label);
}

function say(text) {
  if (spoken !== language) tellLanguage();
  view.own(conversation.say(text), text);
}

/** The gateway learns the language by the command that everybody may type. */
function tellLanguage() {
  conversation.say(language === "en" ? "EN" : "VN");
  spoken = language;
  store("motcua-spoken", spoken);
}

function sendField() {
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  grow();
  say(text);
  field.focus();
}

function grow() {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 140)}px`;
}

async function sendPhoto(file) {
  const fits = PHOTO_KINDS.includes(file.type) && file.size <= PHOTO_LIMIT;
  const photo = fits ? file : ((await smaller(file)) ?? file);
  if (photo.size > PHOTO_LIMIT) {
    view.say("photo.big");
    return;
  }
  const caption = field.value.trim();
  field.value = "";
  grow();
  const id = newId();
  const isPicture = photo.type.startsWith("image/");
  view.own(id, caption || (isPicture ? "" : file.name), isPicture ? photo : null);
  await conversation.sendPhoto(id, photo, caption);
}

async function smaller(file) {
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, FEWER_PIXELS / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = bitmap.width * scale;
    canvas.height = bitmap.height * scale;
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.9));
  } catch {
    return null;
  }
}

function turnLanguage() {
  language = language === "vi" ? "en" : "vi";
  store("motcua-language", language);
  view.language = language;
  speak(document, language);
  tellLanguage();
}

async function leave() {
  if (!window.confirm(word(language, "leave.sure"))) return;
  conversation.stop();
  conversation.forget();
  await fetch(`${page.dataset.base}leave`, { method: "POST" });
  store("motcua-spoken", "vi");
  location.reload();
}

function tellPortal(message) {
  if (isFramed) window.parent.postMessage({ motcua: message }, "*");
}

find("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  sendField();
});
field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  sendField();
});
field.addEventListener("input", grow);
find("photo").addEventListener("change", ({ target }) => {
  if (target.files[0]) sendPhoto(target.files[0]);
  target.value = "";
});
find("language").addEventListener("click", turnLanguage);
find("leave").addEventListener("click", leave);
find("close").addEventListener("click", () => tellPortal("close"));
find("menu").addEventListener("click", ({ target }) => {
  const { say: text, ask } = target.dataset;
  if (text) say(text);
  else if (ask !== undefined) field.focus();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") tellPortal("close");
});
conversation.addEventListener("line", ({ detail }) => {
  if (detail.ours) tellPortal("line");
});
/** The session ended, or the browser keeps no cookies: loading the page again gives one, once; what waits is sent then. */
conversation.addEventListener("denied", () => {
  const last = Number(sessionStorage.getItem("motcua-renewed") ?? 0);
  if (Date.now() - last < RENEW_AGAIN) {
    view.say("denied");
    return;
  }
  sessionStorage.setItem("motcua-renewed", Date.now());
  location.reload();
});
find("close").hidden = !isFramed;
speak(document, language);
// What was said before the page was loaded anew and is still on its way.
for (const { id, text, action } of conversation.pending) view.own(id, text ?? action?.replaceAll(":", " ") ?? "📍");
conversation.start();
// The QR code of a counter leads to webchat/#DG-3: asks for a score, gives none.
if (COUNTER.test(location.hash)) {
  say(location.hash.slice(1).toUpperCase());
  history.replaceState(null, "", location.pathname + location.search);
}
