/* Small building blocks of the page, based on those of the view. */
const {make, asText, brief, severity, T, number, count, groupOf, View} = globalThis.orgvet;

const button = (name, act, more) => make("button", {type: "button", onclick: act, ...more}, name);
const input = (name, more) => make("input", {name, ...more});
/* A label above its control. */
const field = (label, one) =>
  make("p", {class: "field"}, make("label", null, make("span", null, label), one));
const box = (attributes, label) =>
  make("label", {class: "box"}, make("input", {type: "checkbox", ...attributes}), " ", label);
const select = (attributes, options, value) => {
  const host =
    make("select", attributes, ...options.map(([key, text]) => make("option", {value: key}, text)));
  host.value = value;
  return host;
};
/* A table that scrolls if it is wider than the page. */
const table = (name, heads, rows, more) => make(
  "div", {class: "list", tabindex: "0", role: "region", "aria-label": name},
  make(
    "table", {class: "works", ...more},
    make(
      "thead", null,
      make(
        "tr", null, ...heads.map((head) => head ? make("th", {scope: "col"}, head) : make("td")))),
    rows));
/* A row; each cell has its column's head, shown beside it on narrow screens. */
const tableRow = (heads, cells) => make(
  "tr", null,
  ...cells.map(
    (cell, i) => cell?.tagName === "TH" ?
      cell :
      make("td", {"data-head": heads[i] || null}, ...[cell].flat())));
const commas = (texts, most = 60) =>
  texts.flatMap((text, i) => [i ? ", " : "", asText(text, most)]);
const stem = (name) => name.replace(/\.[^.]*$/, "");

/* Runs a button's action, and shows errors in place. */
const guarded = (problem, act) => async (event) => {
  event?.preventDefault();
  problem.textContent = "";
  try {
    await act(event);
  } catch (failure) {
    problem.textContent = failure.message;
  }
};
/* Ignores further presses while an action is running: one press, one import. */
const once = (act) => async (event) => {
  const pressed = event.currentTarget;
  pressed.disabled = true;
  await act(event);
  pressed.disabled = false;
  focusAgain(pressed);
};
/* Restores the focus to a button that lost it by being disabled. */
const focusAgain = (one) => {
  if (document.activeElement === document.body && one.isConnected) one.focus();
};
