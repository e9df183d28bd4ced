// The least a chat by script tag can be: a button in a shadow root, and at its click an iframe with a page of its own. No
// session, no connection, no options but a colour. What anybody would write by hand in an afternoon.
(() => {
  const script = document.currentScript;
  const accent = script.dataset.accent || "#0f766e";
  const SHEET = `
    :host { all: initial; position: fixed; right: 20px; bottom: 20px; z-index: 2147483000; color-scheme: light dark; }
    button { all: unset; box-sizing: border-box; width: 56px; height: 56px; border-radius: 50%; background: ${accent}; color: #fff; cursor: pointer;
      display: grid; place-items: center; box-shadow: 0 6px 20px #0003; transition: transform .15s, background .15s; }
    button:hover { transform: scale(1.04); }
    button:focus-visible { outline: 3px solid ${accent}; outline-offset: 3px; }
    svg { width: 26px; height: 26px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
    .badge { position: absolute; top: -4px; right: -4px; min-width: 20px; height: 20px; border-radius: 10px; padding: 0 5px; box-sizing: border-box;
      background: #c62828; color: #fff; font: 600 12px/20px system-ui, sans-serif; text-align: center; }
    [hidden] { display: none; }
    @media (prefers-reduced-motion: reduce) { button { transition: none; } }
    @media print { :host { display: none; } }`;
  const SVG = "http://www.w3.org/2000/svg";

  const make = (name, attributes, children = []) => {
    const node = name === "svg" || name === "path" ? document.createElementNS(SVG, name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  };

  const begin = () => {
    const host = make("div", { "data-support-chat": "floor" });
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(SHEET);
    root.adoptedStyleSheets = [sheet];
    const icon = make("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, [make("path", { d: "M4 5h16v11H9l-5 4z" })]);
    const badge = make("span", { class: "badge", "data-part": "badge", hidden: "" });
    const button = make("button", { "data-part": "launcher", type: "button", "aria-label": "Open chat", "aria-expanded": "false" }, [icon]);
    root.append(button, badge);

    let frame;
    const toggle = () => {
      if (!frame) {
        frame = make("iframe", { "data-support-chat": "floor", title: "Chat", src: new URL("floor-panel.html", script.src).href });
        Object.assign(frame.style, { position: "fixed", right: "20px", bottom: "92px", width: "380px", height: "600px", maxHeight: "calc(100vh - 112px)",
          border: "0", borderRadius: "16px", boxShadow: "0 12px 48px #0004", zIndex: "2147483000" });
        document.body.append(frame);
      } else {
        frame.hidden = !frame.hidden;
      }
      const open = !frame.hidden;
      button.setAttribute("aria-expanded", String(open));
      button.setAttribute("aria-label", open ? "Close chat" : "Open chat");
      if (open) badge.hidden = true;
    };
    button.addEventListener("click", toggle);
    addEventListener("keydown", (event) => { if (event.key === "Escape" && frame && !frame.hidden) toggle(); });
    addEventListener("message", ({ source, data }) => {
      if (source !== frame?.contentWindow || data?.type !== "unread") return;
      badge.textContent = data.count > 9 ? "9+" : String(data.count);
      badge.hidden = data.count === 0;
    });
    document.body.append(host);
  };
  if (document.body) begin();
  else addEventListener("DOMContentLoaded", begin);
})();
