/* The building blocks of everything displayed: texts in the reader's language, numbers, and
 * elements whose texts become text nodes, never markup. */
const LONG = 300;
const SEVERITIES = ["error", "warning", "info"];

/* Texts in the reader's language, from the catalogue of the page or of the report. */
const words =
  globalThis.orgvetWords || JSON.parse(document.querySelector("script.words")?.textContent || "{}");
const T = (text, ...values) => {
  let i = 0;
  return (words[text] || text).replace(/%s/g, () => values[i++]);
};
const number = (value) => value.toLocaleString(document.documentElement.lang || "en");
const count = (value, one, many) => T(value === 1 ? one : many, number(value));

/* Invisible and bidirectional characters are shown as symbols or code points. */
const HIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
const shown = (text) =>
  text.replace(/\r\n?/g, "\n")
    .replace(
      HIDDEN,
      (c) => c === "\n" ?
        "\u21b5" :
        c === "\t" ?
        "\u21e5" :
        `\u27e8U+${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}\u27e9`);
const cut = (text, most = LONG) => text.length > most ? text.slice(0, most) + "\u2026" : text;

function make(tag, properties, ...children) {
  const node = tag.startsWith("svg:") ?
    document.createElementNS("http://www.w3.org/2000/svg", tag.slice(4)) :
    document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (value === null || value === undefined || (value === false && !name.startsWith("aria-")))
      continue;
    if (name.startsWith("on"))
      node.addEventListener(name.slice(2), value);
    else if (name === "style")
      node.style.cssText = value;  // the attribute is not allowed
    else
      node.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : value);
  }
  node.append(...children.filter((c) => c !== null && c !== undefined));
  return node;
}
/* Draws, and gives the focus back to what had it and was only moved; to `host` if that is gone. */
function keepingFocus(draw, host) {
  const {activeElement: one} = document, within = host.contains(one);
  draw();
  if (within && one !== document.activeElement) (one.isConnected ? one : host).focus();
}
/* Makes elements the children of a host; those that are there already are not taken out, so that
 * they keep where they are scrolled to. */
function arrange(host, children) {
  for (const one of [...host.children])
    if (!children.includes(one)) one.remove();
  children.forEach((one, i) => {
    if (host.children[i] !== one) host.insertBefore(one, host.children[i] ?? null);
  });
}
const asText = (text, most) => make("bdi", null, cut(shown(text), most));
/* The same without an element: for options, attributes and questions. */
const brief = (text, most = 60) => cut(shown(text), most);
/* A message as people read it: what is between backticks stands out. */
const prose = (text, most = 600) =>
  cut(text, most)
    .split("`")
    .map((part, i) => i % 2 ? make("b", null, make("bdi", null, shown(part))) : part);
const severity = (level) => make("span", {class: `mark ${level}`}, T(level));
/* The label of a node that is not a row. */
function groupOf(about) {
  if (about.missing !== undefined) return T("“%s” not found", about.missing);
  if (about.there !== undefined && about.name === undefined)
    return T("below “%s”, which is already in the framework", about.there);
  if (about.loop) return T("circular reporting line of %s rows", number(about.loop.size));
  return about.row || about.name !== undefined ? undefined : T("the organisation");
}
