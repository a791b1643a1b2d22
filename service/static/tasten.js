// Keys: "/" to the question, arrows through the sources, "?" for the list of keys. They can be
// switched off (WCAG 2.1.4); the choice stays on this device. Without this script links do the same.
const dialog = document.getElementById("tasten");
const choice = document.getElementById("tasten-an");
const opener = document.getElementById("tasten-zeigen");
const OFF = "fundstelle.tasten-aus";

function kept() {
  try {
    return localStorage.getItem(OFF);
  } catch {
    return null; // A browser that keeps nothing uses the keys.
  }
}

function keep(off) {
  try {
    if (off) localStorage.setItem(OFF, "1");
    else localStorage.removeItem(OFF);
  } catch {
    // The choice then holds for this page.
  }
}

function toQuestion() {
  const field = document.getElementById("frage");
  if (!field) return location.assign("/");
  field.focus();
  field.select();
}

function walk(step) {
  const sources = [...document.querySelectorAll(".sources > details.source")];
  if (!sources.length) return;
  const here = sources.indexOf(document.activeElement.closest("details.source"));
  const next = sources[Math.min(Math.max(here + step, 0), sources.length - 1)];
  for (const source of sources) source.open = source === next;
  next.querySelector("summary").focus();
}

const KEYS = {
  "/": toQuestion,
  "?": () => dialog.showModal(),
  ArrowRight: () => walk(1),
  ArrowLeft: () => walk(-1),
};

opener.hidden = false;
opener.addEventListener("click", () => dialog.showModal());
choice.checked = !kept();
choice.addEventListener("change", () => keep(!choice.checked));
document.addEventListener("keydown", (event) => {
  const busy = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
  if (busy || !choice.checked || event.target.closest("input, select, textarea, [tabindex='0'], dialog")) return;
  const action = KEYS[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});
