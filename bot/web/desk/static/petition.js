"use strict";

/* How much room is left: characters, and for the SMS summary what its letters become without accents. */
const plain = (text) =>
  text.replace(/[đĐ]/g, (letter) => (letter === "đ" ? "d" : "D")).normalize("NFD").replace(/\p{M}/gu, "");
for (const counter of document.querySelectorAll("[data-counter-of]")) {
  const field = document.getElementById(counter.dataset.counterOf);
  if (!field) continue;
  const most = Number(field.dataset.most);
  const told = counter.textContent;
  const count = () => {
    const left = most - [...field.value].length;
    const room = counter.dataset.left.replace("{left}", String(left));
    const sms = field.dataset.plain && field.value ? `: ${plain(field.value)}` : "";
    counter.textContent = [told, room].filter(Boolean).join(" ") + sms;
    counter.classList.toggle("over", left < 0);
  };
  field.addEventListener("input", count);
  count();
}

/* A canned answer is put where the officer goes on writing; what stands there already stays above it. */
for (const chooser of document.querySelectorAll("[data-canned]")) {
  chooser.addEventListener("change", () => {
    const chosen = chooser.selectedOptions[0];
    const text = document.getElementById(chooser.dataset.canned);
    const summary = document.getElementById(chooser.dataset.summary);
    if (!chosen.dataset.text) return;
    text.value = [text.value.trim(), chosen.dataset.text].filter(Boolean).join("\n\n");
    if (!summary.value) summary.value = chosen.dataset.short;
    for (const field of [text, summary]) field.dispatchEvent(new Event("input"));
    text.focus();
  });
}
