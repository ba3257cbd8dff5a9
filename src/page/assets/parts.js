/* Small building blocks of the page, based on those of the view. */
const {
  make,
  keepingFocus,
  arrange,
  asText,
  prose,
  brief,
  severity,
  T,
  number,
  count,
  groupOf,
  shown,
  cut,
  Organisation,
  Virtual,
  Blocks
} = globalThis.orgvet;

/* The icons, which every view refers to. */
const symbols = document.querySelector("svg.hidden");
const icon = (name, more) => make(
  "svg:svg", {class: "i", viewBox: "0 0 16 16", "aria-hidden": "true", ...more},
  make("svg:use", {href: `#i-${name}`}));
const button = (name, act, more) => make("button", {type: "button", onclick: act, ...more}, name);
/* A button with a look (primary, tonal, ghost, small, danger), and with an icon before its text, or
 * behind it; text: null: the icon alone, with a label. */
const btn = (look, text, act, {before, behind, label, ...more} = {}) => make(
  "button", {
    type: "button",
    class: `btn ${look}${text === null ? " icon" : ""}`,
    onclick: act,
    "aria-label": label,
    title: text === null ? label : null,
    ...more
  },
  before ? icon(before) : null, text === null ? null : make("span", null, text),
  behind ? icon(behind) : null);
const STATE_ICONS = {
  sure: "check",
  likely: "half",
  choose: "ask",
  error: "error",
  warning: "warning"
};
const chip = (state, text) => make(
  "span", {class: `chip ${state}`}, STATE_ICONS[state] ? icon(STATE_ICONS[state]) : null,
  make("span", null, text));
/* How sure a proposal is: 0.9 and above is chosen beforehand, also among many. */
const SURE_FROM = 90;
const confidence = (percent) =>
  percent >= SURE_FROM ? chip("sure", T("Certain")) : chip("likely", T("Likely"));
/* A radio button or check box with a title and a reason. */
const choice = (attributes, title, why, extra) => make(
  "label", {class: "choice"}, make("input", {type: "radio", ...attributes}),
  make("span", null, make("b", null, title), why ? make("span", {class: "why"}, why) : null),
  extra ?? null);

/* A help text without what is only for the command line. */
const plainHelp = (text) =>
  (text ?? "").split(/; /).filter((part) => !/--\w|orgvet /.test(part)).join("; ");

/* Asks in a dialog; resolves with the value of the button that was pressed, null: none. */
function dialog(title, body, actions) {
  return new Promise((done) => {
    const id = `dialog${++dialogs}`;
    const finish = (value) => {
      host.close();
      host.remove();
      done(value);
    };
    const host = make(
      "dialog", {class: "dialog", "aria-labelledby": id, oncancel: () => finish(null)},
      make("div", {class: "in"}, make("h2", {id}, title), ...body),
      make(
        "div", {class: "foot"},
        ...actions.map(([look, text, value]) => btn(look, text, () => finish(value)))));
    document.body.append(host);
    host.showModal();
  });
}
let dialogs = 0;
const sure = async (title, text, yes) => await dialog(title, text ? [make("p", null, text)] : [], [
                                           ["", T("Cancel"), null], ["primary", yes, true]
                                         ]) === true;

/* A short message that goes away; never the only place of what it says. undo: an action, or null.
 */
const toasts = make("div", {class: "toasts", role: "status"});
function toast(text, undo, name) {
  const LONG = 8000;
  let waiting = 0;
  const leave = () => one.remove(), wait = () => {
    waiting = setTimeout(leave, LONG);
  };
  const one = make(
    "div", {
      class: "toast",
      onpointerenter: () => clearTimeout(waiting),
      onpointerleave: wait,
      onfocusin: () => clearTimeout(waiting),
      onfocusout: wait
    },
    icon("check"), make("span", null, text), undo ? btn("small", name || T("Undo"), () => {
      leave();
      undo();
    }) : null);
  toasts.replaceChildren(one);
  if (!toasts.isConnected) document.body.append(toasts);
  wait();
}
/* A button that opens a menu of [text, action] or links. */
function menu(opener, entries) {
  const list = make("ul", {class: "hidden", role: "menu", tabindex: "-1"});
  const show = (open) => {
    list.classList.toggle("hidden", !open);
    opener.setAttribute("aria-expanded", String(open));
    if (open) list.querySelector("a, button")?.focus();
  };
  list.append(...entries().map((one) => make("li", {role: "none"}, one)));
  for (const one of list.querySelectorAll("a, button")) one.setAttribute("role", "menuitem");
  opener.setAttribute("aria-haspopup", "menu");
  opener.setAttribute("aria-expanded", "false");
  opener.addEventListener("click", () => show(list.classList.contains("hidden")));
  const host = make(
    "div", {
      class: "menu",
      onkeydown: (e) => {
        const all = [...list.querySelectorAll("a, button")], at = all.indexOf(e.target);
        if (e.key === "Escape") {
          show(false);
          opener.focus();
        } else if (at >= 0 && (e.key === "ArrowDown" || e.key === "ArrowUp")) {
          all[(at + (e.key === "ArrowDown" ? 1 : -1) + all.length) % all.length].focus();
          e.preventDefault();
        }
      },
      onfocusout: (e) => {
        if (!host.contains(e.relatedTarget)) show(false);
      }
    },
    opener, list);
  list.addEventListener("click", () => show(false));
  return host;
}
const input = (name, more) => make("input", {name, ...more});
/* A label above its control. */
const field = (label, one) =>
  make("p", {class: "field"}, make("label", null, make("span", null, label), one));
const checkbox = (attributes, label) =>
  make("label", {class: "checkbox"}, make("input", {type: "checkbox", ...attributes}), " ", label);
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
    "table", {class: "table works", ...more},
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
