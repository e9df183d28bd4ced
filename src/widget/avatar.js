// The small round picture of somebody: initials, and their picture over them once it is there. Not: where it stands.
import { make } from "./node.js";
import { allowed, initials } from "./text.js";

/** A picture that does not load is taken away by the panel's `error` listener. */
export const fill = (element, name, picture, person) => {
  const letters = initials(name);
  // A brand has one letter, people have one or two.
  element.textContent = person ? letters : [...letters][0] ?? "";
  // One of three tints, always the same for a name.
  const sum = new TextEncoder().encode(name).reduce((sum, byte) => sum + byte, 0);
  element.dataset.tint = person ? (sum + 1) % 3 : 0;
  if (!allowed(picture)) return;
  const image = make(element.ownerDocument, "img");
  image.alt = "";
  image.referrerPolicy = "no-referrer";
  image.src = picture;
  element.append(image);
};
