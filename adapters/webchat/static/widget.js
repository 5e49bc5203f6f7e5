// One script tag in the portal: <script src="https://…/webchat/widget.js" defer></script>
// Opens the chat in a frame of its own, so neither the portal's styles nor its content policy reach into it.
// Optional: data-title, data-lang (vi or en), data-side (right or left).

(() => {
  "use strict";
  const tag = document.currentScript;
  const base = new URL("./", tag.src);
  const language = tag.dataset.lang ?? "";
  const side = tag.dataset.side === "left" ? "left" : "right";
  const title = tag.dataset.title ?? (language === "en" ? "Chat with the one-stop service" : "Trò chuyện với Một Cửa");
  const narrow = window.matchMedia("(max-width: 480px)");
  let frame = null;
  let unread = 0;

  // Styles are set through the object model: a content policy that forbids inline styles allows that.
  const styled = (element, styles) => {
    Object.assign(element.style, styles);
    return element;
  };
  const host = styled(document.createElement("div"), { all: "initial" });
  const inside = host.attachShadow({ mode: "closed" });

  const panel = styled(document.createElement("div"), {
    position: "fixed",
    zIndex: "2147483000",
    display: "none",
    overflow: "hidden",
    background: "#fff",
    boxShadow: "0 8px 32px rgba(0, 0, 0, 0.3)",
  });
  panel.id = "panel";

  const button = styled(document.createElement("button"), {
    position: "fixed",
    zIndex: "2147483001",
    bottom: "20px",
    [side]: "20px",
    width: "60px",
    height: "60px",
    border: "2px solid #fff",
    borderRadius: "30px",
    background: "#0b4f9e",
    color: "#fff",
    font: "700 26px/56px system-ui, sans-serif",
    cursor: "pointer",
    boxShadow: "0 4px 16px rgba(0, 0, 0, 0.35)",
    padding: "0",
  });
  button.type = "button";
  button.setAttribute("aria-controls", "panel");

  const lay = () => {
    const full = narrow.matches;
    styled(panel, {
      bottom: full ? "0" : "92px",
      [side]: full ? "0" : "20px",
      width: full ? "100%" : "400px",
      height: full ? "100%" : "min(640px, calc(100vh - 112px))",
      borderRadius: full ? "0" : "12px",
    });
    styled(button, { display: full && isOpen() ? "none" : "block" });
  };
  const isOpen = () => panel.style.display === "block";
  const show = () => {
    button.textContent = isOpen() ? "×" : unread ? String(Math.min(unread, 9)) : "💬";
    button.setAttribute("aria-expanded", String(isOpen()));
    button.setAttribute("aria-label", unread ? `${title} (${unread})` : title);
    lay();
  };
  const turn = (open) => {
    if (open && !frame) {
      frame = styled(document.createElement("iframe"), { border: "0", width: "100%", height: "100%", display: "block" });
      frame.title = title;
      frame.allow = "camera; geolocation";
      frame.src = base.href + (language ? `?lang=${encodeURIComponent(language)}` : "");
      panel.append(frame);
    }
    panel.style.display = open ? "block" : "none";
    if (open) unread = 0;
    show();
    if (open) frame.focus();
    else button.focus();
  };

  button.addEventListener("click", () => turn(!isOpen()));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen()) turn(false);
  });
  narrow.addEventListener("change", show);
  window.addEventListener("message", (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== base.origin) return;
    if (event.data?.motcua === "close" && isOpen()) turn(false);
    if (event.data?.motcua === "line" && !isOpen()) {
      unread += 1;
      show();
    }
  });

  inside.append(panel, button);
  show();
  (document.body ?? document.documentElement).append(host);
})();
