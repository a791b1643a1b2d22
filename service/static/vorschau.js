// A small window with the first words of a norm beside a link to it, on hover and on keyboard focus.
// It can be dismissed with Escape and entered with the pointer (WCAG 1.4.13). Without this script the link leads there.
// Links within [data-vorschau="aus"] have none.
const LINKS = 'a[href^="/norm/"]:not([href*="/vergleich"], [href*="/vorschau"])';
const DELAY = 250; // milliseconds a pointer rests on a link before the window opens, or away from both before it closes
const MARGIN = 8; // pixels between the window, the link and the edge of the screen
const loaded = new Map();
const popup = document.createElement("div");
let timer = 0;
let owner = null;

popup.id = "vorschau";
popup.className = "preview";
popup.setAttribute("role", "tooltip");
popup.hidden = true;
document.body.append(popup);

function load(link) {
  const url = new URL(link.getAttribute("href"), location.href);
  const address = `${url.pathname}/vorschau${url.search}`;
  if (!loaded.has(address)) {
    const words = fetch(address).then((answer) => (answer.ok ? answer.text() : ""));
    loaded.set(address, words.catch(() => ""));
  }
  return loaded.get(address);
}

function place(link) {
  const { left, top, bottom } = link.getClientRects()[0] ?? link.getBoundingClientRect();
  const { width, height } = popup.getBoundingClientRect();
  const edge = document.documentElement.clientWidth - width - MARGIN;
  const below = bottom + MARGIN + height <= window.innerHeight || top < height + MARGIN;
  popup.style.left = `${Math.max(MARGIN, Math.min(left, edge)) + window.scrollX}px`;
  popup.style.top = `${(below ? bottom + MARGIN : top - height - MARGIN) + window.scrollY}px`;
}

async function show(link) {
  clearTimeout(timer);
  if (owner === link) return;
  hide();
  owner = link;
  const words = await load(link);
  if (owner !== link || !words.trim()) return;
  popup.innerHTML = words; // A page of our own; the server has escaped what it holds.
  popup.hidden = false;
  place(link);
  link.setAttribute("aria-describedby", popup.id);
}

function hide() {
  clearTimeout(timer);
  owner?.removeAttribute("aria-describedby");
  owner = null;
  popup.hidden = true;
}

function linkAt(event) {
  const link = event.target.closest?.(LINKS);
  return link?.closest('[data-vorschau="aus"]') ? null : link;
}

document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return;
  const link = linkAt(event);
  if (link === owner || popup.contains(event.target)) clearTimeout(timer);
  if (link && link !== owner) {
    clearTimeout(timer);
    timer = setTimeout(show, DELAY, link);
  } else if (!link && !popup.contains(event.target) && owner !== document.activeElement) {
    clearTimeout(timer);
    timer = setTimeout(hide, DELAY);
  }
});
document.addEventListener("focusin", (event) => {
  const link = linkAt(event);
  if (link?.matches(":focus-visible")) show(link);
  else hide();
});
document.addEventListener("focusout", (event) => {
  if (event.target === owner) hide();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hide();
});
