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
const shown = (text) => text.replace(
  HIDDEN,
  (c) => c === "\n" ? "\u240a" :
    c === "\r"      ? "\u240d" :
    c === "\t"      ? "\u2409" :
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
    else
      node.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : value);
  }
  node.append(...children.filter((c) => c !== null && c !== undefined));
  return node;
}
const asText = (text, most) => make("bdi", null, cut(shown(text), most));
/* The same without an element: for options, attributes and questions. */
const brief = (text, most = 60) => cut(shown(text), most);
const severity = (level) => make("span", {class: `mark ${level}`}, T(level));
/* The label of a node that is not a row. */
function groupOf(about) {
  if (about.missing !== undefined) return T("parent `%s` not found", about.missing);
  if (about.there !== undefined && about.name === undefined)
    return T("below `%s`, which is already in the framework", about.there);
  if (about.loop) return T("circular reporting line of %s rows", number(about.loop.size));
  return about.row || about.name !== undefined ? undefined : T("the organisation");
}
