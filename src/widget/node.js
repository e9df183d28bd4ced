// Elements out of a drawing of their tree. Text is only ever set as text. Not: what they look like (sheet.js).

const SVG = "http://www.w3.org/2000/svg";

export const make = (document, tag) => {
  const element = document.createElementNS(tag == "svg" ? SVG : "http://www.w3.org/1999/xhtml", tag);
  if (tag == "button") element.type = tag;
  return element;
};

/**
 * The element that is drawn: a line for each, indented by its depth, with its tag and its attributes. `.x` is a class,
 * `#x` a `data-part`, `@=key` the text and `@name=key` an attribute out of the words; `d=` is a path on 20 × 20. Values
 * hold no spaces.
 */
export const build = (document, words, drawing) => {
  const open = [];
  for (const line of drawing.split("\n")) {
    const depth = line.search(/\S/);
    const [tag, ...marks] = line.slice(depth).split(" ");
    const element = make(document, tag);
    for (const mark of marks) {
      const [name, value = ""] = mark.split("=");
      const rest = name.slice(1);
      const set = (name, value) => element.setAttribute(name, value);
      if (name == "d") {
        const path = document.createElementNS(SVG, "path");
        path.setAttribute("d", value);
        set("viewBox", "0 0 20 20");
        set("aria-hidden", "true");
        element.append(path);
      } else if (mark[0] == ".") set("class", rest);
      else if (mark[0] == "#") set("data-part", rest);
      else if (mark[0] != "@") set(name, value);
      else if (rest) set(rest, words[value]);
      else element.textContent = words[value];
    }
    open[depth] = element;
    open[depth - 1]?.append(element);
  }
  return open[0];
};

/** Sets the text where it differs, so that nothing is laid out or read aloud anew. */
export const say = (element, text) => {
  if (element.textContent != text) element.textContent = text;
};
