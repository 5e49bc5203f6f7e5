"use strict";

/* A form is sent once: the buttons rest until an answer comes. The store refuses a second sending anyway. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (form.method === "post") {
    form.dataset.sent = "1";
    form.classList.add("busy");
  }
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form.busy")) {
    delete form.dataset.sent;
    form.classList.remove("busy");
  }
});

/* Lists by keyboard: j and k move, Enter opens, "/" searches. Letters typed into fields stay letters. */
const rows = () => [...document.querySelectorAll("[data-row]")];
const choose = (step) => {
  const all = rows();
  if (all.length === 0) return;
  const now = all.findIndex((row) => row.classList.contains("chosen"));
  const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
  all.forEach((row) => row.classList.toggle("chosen", row === next));
  (next.querySelector("a") ?? next.querySelector("button, input"))?.focus();
  next.scrollIntoView({ block: "nearest" });
};
const KEYS = {
  j: () => choose(1),
  k: () => choose(-1),
  "/": () => document.querySelector("[data-search]")?.focus(),
};
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (typing && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    typing.form?.requestSubmit();
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key]();
});

/* Changes elsewhere: pages tell what they show in data-watch; a change of it offers to load the page again. */
const news = document.querySelector("[data-news]");
const watched = document.querySelector("[data-watch]")?.dataset.watch.split(" ");
if (news && watched && document.body.dataset.events && "EventSource" in window) {
  const source = new EventSource(document.body.dataset.events);
  source.addEventListener("change", (event) => {
    const subject = JSON.parse(event.data).subject;
    if (!watched.includes(subject) && !watched.includes("*")) return;
    news.hidden = false;
    news.querySelector("a").href = location.href;
    document.dispatchEvent(new CustomEvent("desk:change", { detail: subject }));
  });
  window.addEventListener("pagehide", () => source.close());
}

/* Where one goes on writing: on a wide screen at once, without scrolling what is to be read first out of sight. */
if (window.matchMedia("(min-width: 60rem)").matches && !document.querySelector("[autofocus]")) {
  document.querySelector("[data-focus]")?.focus({ preventScroll: true });
}

/* On a small screen the bars scroll: the page one is on stands in sight. */
for (const current of document.querySelectorAll(".tabs [aria-current]")) {
  current.scrollIntoView({ block: "nearest", inline: "nearest" });
}
