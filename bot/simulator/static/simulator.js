"use strict";
const TICKS = { on_the_way: "…", stored: "✓", answered: "✓✓", refused: "✗" };
const shown = new Map();

function say(device, text, pressed = false, label = "") {
  return fetch("/simulator/say", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ device, text, pressed, label }),
  });
}

function explain(line) {
  document.getElementById("trace").textContent = [line.text, ...line.trace].join("\n");
}

function buttonOf(line, button) {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = button.label;
  element.addEventListener("click", () => {
    if (button.kind === "link") window.open(button.action, "_blank", "noopener");
    else say(line.device, button.action, true, button.label);
  });
  return element;
}

function show(line) {
  const list = document.querySelector(`[data-device="${line.device}"] ol`);
  let item = shown.get(line.id);
  if (!item) {
    item = document.createElement("li");
    shown.set(line.id, item);
    list.append(item);
  }
  item.className = line.own ? "own" : "theirs";
  item.replaceChildren(document.createTextNode(line.text));
  if (line.own) {
    const tick = document.createElement("span");
    tick.className = "tick";
    tick.textContent = TICKS[line.tick];
    item.append(tick);
    item.onclick = () => explain(line);
    if (line.trace.length) explain(line);
  }
  if (line.buttons.length) {
    const row = document.createElement("div");
    row.className = "buttons";
    row.append(...line.buttons.map((button) => buttonOf(line, button)));
    item.append(row);
  }
  list.parentElement.scrollTop = list.parentElement.scrollHeight;
}

for (const device of document.querySelectorAll("[data-device]")) {
  const field = device.querySelector("input");
  device.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    field.value = "";
    say(device.dataset.device, text);
  });
}

fetch("/simulator/codes").then((answer) => answer.json()).then((codes) => {
  const template = document.querySelector(".try");
  for (const code of codes) {
    const button = template.cloneNode();
    button.textContent = code;
    button.addEventListener("click", () => {
      for (const field of document.querySelectorAll("[data-device] input")) field.value = code;
    });
    template.before(button, " ");
  }
  template.remove();
});

new EventSource("/simulator/lines").onmessage = (event) => show(JSON.parse(event.data));
