// The style sheet of the panel's document, in quirks mode. Tokens first; the mode is set by the theme. Logical sides
// throughout. The build takes out what only people need. Not: the iframe's own looks (iframe.js).

export const SHEET = `
:root {
  color-scheme: light;
  --sc-accent: #1f6feb; --sc-on-accent: #fff; --sc-accent-hover: #1a63d6; --sc-accent-text: #1a5fcf;
  --sc-accent-soft: #eaf1fe; --sc-accent-line: #b3cefa;
  --sc-surface: #fff; --sc-surface-raised: #fff; --sc-surface-sunken: #f6f7f9;
  --sc-hover: rgb(19 23 31/.055); --sc-text: #14171c; --sc-text-muted: #59616e;
  --sc-border: #e5e7eb; --sc-border-strong: #8a929f;
  --sc-bubble-visitor: var(--sc-accent); --sc-on-visitor: var(--sc-on-accent); --sc-bubble-agent: #f2f3f5;
  --sc-danger: #c4262e; --sc-danger-soft: #fdf1f1; --sc-danger-line: #f0c4c5;
  --sc-success: #1c8552; --sc-warn-text: #6f4a00; --sc-warn-soft: #fdf4df; --sc-warn-line: #f1dfb4;
  --sc-pop: 0 0 0 1px rgb(16 22 34/.07),0 1px 3px rgb(16 22 34/.06),0 10px 28px -6px rgb(16 22 34/.2);
  --sc-card: 0 1px 2px rgb(16 22 34/.04);
  --sc-radius: 16px; --sc-font: system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;
  --one: #e6f4ec; --on-one: #14683f; --two: #faeee2; --on-two: #8a4b10;
}
:root[data-mode=dark] {
  color-scheme: dark;
  --sc-accent-text: #7db0ff; --sc-accent-soft: #1b2b47; --sc-accent-line: #34507d;
  --sc-surface: #16181d; --sc-surface-raised: #1d2026; --sc-surface-sunken: #111317;
  --sc-hover: rgb(255 255 255/.07); --sc-text: #eceef1; --sc-text-muted: #a1a9b5;
  --sc-border: #2b3038; --sc-border-strong: #6f7886; --sc-bubble-agent: #262a32;
  --sc-danger: #ff8a8a; --sc-danger-soft: #2c1c1f; --sc-danger-line: #5e3337;
  --sc-success: #3fbf7f; --sc-warn-text: #f0cd84; --sc-warn-soft: #2a2418; --sc-warn-line: #4a3f26;
  --sc-pop: 0 0 0 1px #343a44,0 8px 20px -4px rgb(0 0 0/.5); --sc-card: none;
  --one: #1a3327; --on-one: #7fd4a8; --two: #38291b; --on-two: #f0b27a;
}

*, ::before, ::after { box-sizing: border-box; margin: 0; padding: 0; }
html, body { height: 100%; overflow: hidden; }
body, button, textarea { font: 400 15px/22px var(--sc-font); color: inherit; letter-spacing: inherit; }
body { background: var(--sc-surface); color: var(--sc-text); -webkit-text-size-adjust: 100%; text-size-adjust: 100%; -webkit-font-smoothing: antialiased; }
[hidden] { display: none!important; }
[data-concealed] main, [data-concealed] footer, [data-concealed] header { visibility: hidden; }
button { border: 0; background: none; cursor: pointer; touch-action: manipulation; -webkit-tap-highlight-color: transparent; }
i, b { font-style: normal; font-weight: inherit; }
h1 { font: 600 15px/20px var(--sc-font); letter-spacing: -.006em; }
h2 { font: 600 16px/22px var(--sc-font); letter-spacing: -.01em; }
[dir=rtl] * { letter-spacing: 0; }
svg { width: 20px; height: 20px; flex: none; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; display: block; }
svg.s { width: 14px; height: 14px; stroke-width: 2.1; }
.more { stroke-width: 3; }
.ticks { width: 16px; height: 16px; stroke-width: 2; color: var(--sc-accent-text); }
:focus-visible { outline: 2px solid var(--sc-accent-text); outline-offset: 2px; }
.vh { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.panel { display: flex; flex-direction: column; height: 100%; position: relative; }

header { flex: none; display: flex; align-items: center; height: 64px; padding: 0 12px 0 16px; position: relative; z-index: 3; }
[dir=rtl] header { padding: 0 16px 0 12px; }
.title { flex: 1; min-width: 0; margin-inline: 12px 8px; }
.title * { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.title p { font-size: 13px; line-height: 18px; color: var(--sc-text-muted); }
.title p:empty { display: none; }
.icon { width: 36px; height: 36px; border-radius: 10px; display: grid; place-items: center; color: var(--sc-text-muted); transition: background .1s; }
.icon + .icon { margin-inline-start: 4px; }
.icon[aria-expanded=true] { background: var(--sc-hover); color: var(--sc-text); }

.who, .face { position: relative; flex: none; display: grid; place-items: center; border-radius: 50%; background: var(--sc-accent-soft); color: var(--sc-accent-text); font-weight: 600; text-transform: uppercase; }
.who { width: 36px; height: 36px; font-size: 13px; }
.face { width: 28px; height: 28px; font-size: 11px; line-height: 16px; }
[data-tint="1"] { background: var(--one); color: var(--on-one); }
[data-tint="2"] { background: var(--two); color: var(--on-two); }
.brand { border-radius: 10px; background: var(--sc-text); color: var(--sc-surface); font-size: 17px; }
.brand:empty { display: none; }
.brand:empty + .title { margin-inline-start: 0; }
.who img, .face img { position: absolute; width: 100%; height: 100%; object-fit: cover; border-radius: inherit; background: var(--sc-surface); }
.who::after { position: absolute; inset-inline-end: -2px; bottom: -2px; width: 12px; height: 12px; border: 2px solid var(--sc-surface); border-radius: 50%; }
[data-presence=here]::after { content: ""; background: var(--sc-success); }
[data-presence=lost]::after { content: ""; background: radial-gradient(var(--sc-surface) 2.2px,var(--sc-border-strong) 2.8px); }

.menu { position: absolute; top: 56px; inset-inline-end: 12px; width: 232px; padding: 6px; border-radius: calc(var(--sc-radius) - 2px); background: var(--sc-surface-raised); box-shadow: var(--sc-pop); }
.menu button { display: flex; align-items: center; gap: 12px; width: 100%; min-height: 40px; padding: 0 10px; border-radius: 8px; text-align: start; color: var(--sc-danger); }
.menu button:focus-visible { outline-offset: -2px; }

[role=status] { position: relative; z-index: 2; }
.banner { position: absolute; inset-inline: 12px; top: 0; display: flex; align-items: center; gap: 8px; min-height: 34px; padding: 7px 12px; border: 1px solid var(--sc-warn-line); border-radius: calc(var(--sc-radius) - 6px); background: var(--sc-warn-soft); color: var(--sc-warn-text); font-size: 13px; line-height: 18px; animation: fade .12s; }
.banner svg { width: 16px; height: 16px; stroke-width: 2; }
[data-kind=full] svg, [data-kind=long] svg { display: none; }
.banner span { flex: 1; }
.banner button { font: 500 13px/18px var(--sc-font); text-decoration: underline; text-underline-offset: 3px; padding: 3px 4px; margin: -3px -4px; border-radius: 6px; }

main { flex: 1; min-height: 0; position: relative; display: flex; flex-direction: column; }
[data-part=transcript]::before { content: ""; flex: none; position: sticky; top: -8px; height: 20px; margin: -8px -16px -12px; z-index: 1; background: linear-gradient(var(--sc-surface),transparent); pointer-events: none; opacity: 0; }
[data-part=transcript][data-under]::before { opacity: 1; }
[data-part=transcript] { flex: 1; min-height: 0; display: flex; flex-direction: column; overflow: hidden auto; overscroll-behavior: contain; overflow-anchor: none; scrollbar-width: thin; scrollbar-color: var(--sc-border-strong) transparent; padding: 8px 16px 16px; position: relative; }
[data-part=transcript]:focus-visible { outline-offset: -2px; border-radius: 6px; }
[data-part=list] { flex: none; margin-top: auto; container-type: inline-size; position: relative; }
[data-part=empty] { padding-top: 8px; }
[data-part=empty] h2 { font-size: 22px; line-height: 28px; letter-spacing: -.018em; }
[data-part=empty] p { color: var(--sc-text-muted); margin-top: 4px; text-wrap: pretty; }

.day, .marker, .notice [data-part] { font-size: 12px; line-height: 16px; text-align: center; color: var(--sc-text-muted); }
.day, .marker { font-weight: 500; padding: 16px 0; }
.day:empty, .marker:empty, .name:empty, .meta:empty, .face:empty, .vh:empty, .silent > :last-child { display: none; }
.silent > * { padding-bottom: 0; }
.day:not(:empty) + .marker { padding-top: 0; }
.marker { display: flex; align-items: center; gap: 12px; color: var(--sc-accent-text); }
.marker::before, .marker::after { content: ""; flex: 1; height: 1px; background: var(--sc-accent-line); }
.notice { padding-top: 16px; }
.first [data-part=message] { padding-top: 16px; }
.day:not(:empty) ~ [data-part], .marker:not(:empty) ~ [data-part] { padding-top: 0; }
[data-part=message] { padding-top: 2px; }
.name { font: 500 12px/16px var(--sc-font); color: var(--sc-text-muted); padding-inline: 38px 0; margin-bottom: 4px; overflow-wrap: anywhere; }
.line { display: flex; align-items: flex-end; padding-inline-start: 36px; position: relative; }
.line .face { position: absolute; inset-inline-start: 0; bottom: 0; }
.bubble { max-width: 78cqi; padding: 8px 14px; border-radius: calc(var(--sc-radius) + 2px); background: var(--sc-bubble-agent); white-space: pre-wrap; overflow-wrap: anywhere; text-align: start; }
.above:not(.own) .bubble { border-start-start-radius: 5px; }
.below:not(.own) .bubble { border-end-start-radius: 5px; }
.bubble a { color: var(--sc-accent-text); text-decoration: underline 1px; text-underline-offset: 3px; unicode-bidi: isolate; border-radius: 3px; }
.meta { font-size: 12px; line-height: 16px; color: var(--sc-text-muted); font-variant-numeric: tabular-nums; margin-top: 4px; padding-inline: 39px 2px; display: flex; align-items: center; gap: 5px; }
.own .line { justify-content: flex-end; padding: 0; }
.own .meta { justify-content: flex-end; }
.own .bubble { background: var(--sc-bubble-visitor); color: var(--sc-on-visitor); }
.own .bubble a { color: inherit; }
.own.above .bubble { border-start-end-radius: 5px; }
.own.below .bubble { border-end-end-radius: 5px; }
.lost .bubble { background: var(--sc-danger-soft); color: var(--sc-text); box-shadow: inset 0 0 0 1px var(--sc-danger-line); }
.lost .bubble a { color: var(--sc-accent-text); }
.notice .line { padding: 0; justify-content: center; }
.notice .bubble { max-width: none; padding: 0 24px; background: none; white-space: pre-line; unicode-bidi: plaintext; text-align: center; }
.large .bubble { background: none; padding: 0; font-size: 44px; line-height: 52px; }
.failed { display: flex; flex-wrap: wrap; justify-content: flex-end; align-items: center; gap: 4px; font-weight: 500; color: var(--sc-danger); }
.failed i::before { content: "·"; color: var(--sc-text-muted); }
.failed button { font: inherit; color: var(--sc-accent-text); padding: 4px 0; margin: -4px 0; border-radius: 4px; position: relative; }
.in [data-part] { animation: rise .14s; }

[data-part=typing] { flex: none; display: flex; align-items: flex-end; gap: 8px; padding-top: 16px; animation: fade .12s; }
[data-part=typing] .dots { display: flex; gap: 4px; padding: 16px 14px; border-radius: calc(var(--sc-radius) + 2px); background: var(--sc-bubble-agent); }
.dots i { width: 6px; height: 6px; border-radius: 50%; background: var(--sc-text-muted); animation: dot 1.2s infinite; }
.dots i:nth-child(2) { animation-delay: .16s; }
.dots i:nth-child(3) { animation-delay: .32s; }

[data-part=loading] { margin-top: auto; display: grid; gap: 2px; animation: fade .12s .3s backwards; }
[data-part=loading] i { width: 216px; height: 38px; margin-inline-start: 36px; border-radius: calc(var(--sc-radius) + 2px); background: var(--sc-bubble-agent); }
[data-part=loading] i:nth-child(2) { width: 168px; }
[data-part=loading] i:nth-child(3) { width: 144px; margin: 14px 0 14px auto; }
[dir=rtl] [data-part=loading] i:nth-child(3) { margin: 14px auto 14px 0; }
[data-part=loading] i:nth-child(4) { width: 240px; height: 60px; }

.card { flex: none; margin-top: 16px; padding: 16px; border: 1px solid var(--sc-border); border-radius: calc(var(--sc-radius) - 2px); background: var(--sc-surface-raised); box-shadow: var(--sc-card); }
.card p { font-size: 14px; line-height: 20px; color: var(--sc-text-muted); margin-top: 2px; }
.main { width: 100%; min-height: 40px; margin-top: 16px; padding: 8px 16px; border-radius: calc(var(--sc-radius) - 6px); background: var(--sc-accent); color: var(--sc-on-accent); font-weight: 500; line-height: 20px; transition: background .1s; }

[data-part=jump] { position: absolute; z-index: 1; bottom: 12px; inset-inline-end: 16px; width: 40px; height: 40px; border-radius: 50%; display: grid; place-items: center; background: var(--sc-surface-raised); box-shadow: var(--sc-pop); animation: fade .12s; }
.count { position: absolute; top: -6px; inset-inline-end: -6px; min-width: 20px; padding: 0 5px; border-radius: 10px; background: var(--sc-accent); color: var(--sc-on-accent); font: 600 12px/20px var(--sc-font); }
.count:empty { display: none; }

footer { flex: none; display: flex; align-items: flex-end; padding: 7px 8px 8px; border-top: 1px solid var(--sc-border); min-height: 52px; }
textarea { flex: 1; min-width: 0; height: 36px; padding: 7px 6px 7px 10px; border: 0; outline: 0!important; background: none; resize: none; overflow: hidden; caret-color: var(--sc-accent-text); overflow-wrap: anywhere; }
textarea[data-tall] { overflow-y: auto; }
textarea::placeholder { color: var(--sc-text-muted); opacity: 1; }
[data-part=send] { flex: none; width: 36px; height: 36px; margin-inline-start: 8px; border-radius: 50%; display: grid; place-items: center; background: var(--sc-accent); color: var(--sc-on-accent); transition: background .1s; animation: pop .12s; }

@media (hover: hover) {
  .icon:hover, .menu button:hover { background: var(--sc-hover); }
  .main:hover, [data-part=send]:hover { background: var(--sc-accent-hover); }
  .failed button:hover { text-decoration: underline; text-underline-offset: 3px; }
}
.icon:active { background: var(--sc-hover); }
.main:active, [data-part=send]:active { background: var(--sc-accent-hover); }

@media (max-width: 383px), (pointer: coarse) {
  header { padding-inline-end: 8px; }
}
@media (pointer: coarse) {
  textarea { font-size: 16px; padding-block: 11px; }
  footer { padding-block: 5px 6px; }
  .icon, [data-part=jump] { width: 44px; height: 44px; }
  .icon + .icon { margin: 0; }
  .main, .menu button { min-height: 44px; }
  .failed button { padding: 14px 4px; margin: -14px -4px; }
  .banner button { padding: 13px 8px; margin: -13px -8px; }
  [data-part=send] { width: 44px; height: 44px; border: 4px solid var(--sc-surface); margin: 0; }
}

@keyframes fade { from { opacity: 0; } }
@keyframes rise { from { opacity: 0; transform: translateY(4px); } }
@keyframes pop { from { opacity: 0; transform: scale(.8); } }
@keyframes dot { 0%, 60%, 100% { opacity: .35; } 30% { opacity: 1; } }
@media (prefers-reduced-motion: reduce) {
  .in [data-part], [data-part=send] { animation-name: fade; animation-duration: .12s; }
}
@media (forced-colors: active) {
  .bubble, .card, .menu, .banner, .icon, .who, .face, .dots, [data-part=jump] { border: 1px solid; }
  .own .bubble { border-width: 2px; }
  .notice .bubble, .large .bubble { border: 0; }
  .main, [data-part=send] { forced-color-adjust: none; background: Highlight; color: HighlightText; }
  .dots i, [data-presence=here]::after { forced-color-adjust: none; background: CanvasText; }
}
@media print {
  header, footer, .banner, [data-part=jump], .failed button, .failed i { display: none; }
  html, body, .panel, [data-part=transcript] { height: auto; overflow: visible; }
}
`;
