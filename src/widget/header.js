// The head of the panel: who is there, how things stand, the menu; and the line about the connection, which lies over
// the transcript, so that nothing moves when it comes and goes. Not: when that line is due (the core's).
import { fill as picture } from "./avatar.js";
import { say } from "./node.js";
import { called } from "./row.js";
import { fill } from "./words.js";

export const HEADER = `header
 div .who #mark
 div .title
  h1 #name
  p #status
 button .icon #menu @aria-label=menu aria-haspopup=menu aria-expanded=false hidden
  svg .more d=M4.5,10h.01M10,10h.01M15.5,10h.01
 button .icon #close @aria-label=close
  svg d=M4.5,7.5,10,13l5.5-5.5
 div .menu #menu-list role=menu @aria-label=menu hidden
  button #end-chat role=menuitem tabindex=-1
   svg d=M12,3.5H4.5v13H12M9,10h8m-3-3,3,3-3,3
   span @=endChat`;

/** The outer box is there from the start: a live region must be, before it speaks. */
export const BANNER = `div role=status
 div .banner #banner hidden
  svg d=M16,10a6,6,0,1,1-1.8-4.3L16.5,8m0-4.2V8h-4.2
  span #banner-text
  button #reconnect @=tryAgain`;

/** @param {object} part the panel's elements by name @param {object} brand who answers, while no agent does */
export const header = (part, words, brand) => {
  const { mark, name, status, menu, banner, "menu-list": list } = part;
  let shown; // whom the mark shows

  const open = (wanted) => {
    list.hidden = !wanted;
    menu.setAttribute("aria-expanded", wanted);
  };

  /** Closes the menu, and goes back to its button when asked to; answers whether it was open. */
  const closeMenu = (back) => {
    if (list.hidden) return false;
    open(false);
    if (back) menu.focus();
    return true;
  };

  /** The line under the name. */
  const line = ({ status, banner, agent }) => {
    if (status == "ended") return words.ended;
    if (banner == "Reconnecting") return words.reconnecting;
    if (banner) return banner == "Offline" ? words.offline : words.unavailable;
    if (status == "queued") return words.finding;
    if (brand.replyTime != null) return fill(agent ? words.onlineReplies : words.replies, brand.replyTime);
    return agent ? words.online : "";
  };

  return {
    closeMenu,
    /** Opens the menu and goes to its first item, or closes it. */
    toggleMenu() {
      if (closeMenu(true)) return;
      open(true);
      part["end-chat"].focus();
    },
    draw(view) {
      const { agent } = view;
      const who = agent ? called(agent, words) : brand.name || "";
      const face = agent ? agent.avatar : brand.avatarUrl;
      if (shown != who + "\n" + face) {
        shown = who + "\n" + face;
        mark.className = agent ? "who" : "who brand";
        picture(mark, who, face, agent);
      }
      say(name, who || words.brand);
      say(status, line(view));
      mark.dataset.presence = !agent || view.status == "ended" ? "" : view.banner ? "lost" : "here";
      menu.hidden = view.status != "queued" && view.status != "active";
      if (menu.hidden) closeMenu();

      // Why the words came back into the composer is said first: it answers what was just done.
      const kind = view.unsent || view.banner;
      banner.hidden = !kind;
      banner.dataset.kind = kind.toLowerCase();
      part.reconnect.hidden = kind != "Refused" && kind != "Cookies";
      say(part["banner-text"], words["banner" + kind] ?? "");
    },
    /** Forgets whom it showed. */
    wipe() {
      shown = null;
      mark.textContent = mark.dataset.presence = name.textContent = status.textContent = "";
      closeMenu();
    },
  };
};
