// While a text is typed: what it becomes and how long that is, as the server works it out.
"use strict";
for (const form of document.querySelectorAll("form[data-try]")) {
  const wrong = document.querySelector("[data-wrong]");
  let waiting = 0;
  const show = async () => {
    const fields = new URLSearchParams(new FormData(form));
    fields.set("action", "preview");
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body: fields, headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const found = await answer.json();
    wrong.hidden = !found.error;
    wrong.textContent = found.error ? found.message.replace("{detail}", found.detail) : "";
    const texts = document.querySelectorAll("[data-tried] .preview");
    const lengths = document.querySelectorAll("[data-tried] .badge");
    found.previews.forEach((one, place) => {
      if (texts[place]) texts[place].textContent = one.text;
      if (!lengths[place]) return;
      lengths[place].textContent = `${one.length}/160`;
      lengths[place].className = `badge ${one.length > 160 || found.error ? "late" : "good"}`;
    });
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 400);
  });
}
