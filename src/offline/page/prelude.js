/* The language: that of the address (?lang=de), else of the browser. */
const wanted = new URLSearchParams(location.search).get("lang") ?? navigator.language;
document.documentElement.lang = wanted.startsWith("de") ? "de" : "en";
globalThis.orgvetWords =
  wanted.startsWith("de") ? JSON.parse(document.getElementById("german").textContent) : {};
