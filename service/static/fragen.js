// Enter asks, Shift+Enter starts a new line; curated questions are suggested while typing.
// Without this script the button does the same.
const question = document.getElementById("frage");
const list = document.getElementById("vorschlaege");
const status = document.getElementById("vorschlag-zahl");
const PAUSE = 120; // milliseconds without a key before suggestions are asked for
const SHORTEST = 3; // characters that can mean something
let timer = 0;
let latest = 0;

function ask(text) {
  if (text) question.value = text;
  question.form.requestSubmit();
}

function show(suggestions) {
  list.replaceChildren(
    ...suggestions.map(({ text, citation }) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(text, " ");
      const place = document.createElement("span");
      place.textContent = citation;
      button.append(place);
      button.addEventListener("click", () => ask(text));
      const item = document.createElement("li");
      item.append(button);
      return item;
    }),
  );
  list.hidden = suggestions.length === 0;
  status.textContent = suggestions.length ? `${suggestions.length} Vorschläge, mit Pfeil nach unten` : "";
}

async function suggest() {
  const typed = question.value.trim();
  const mine = ++latest;
  if (typed.length < SHORTEST) return show([]);
  try {
    const answer = await fetch(`/api/suggest?q=${encodeURIComponent(typed)}`);
    if (mine === latest && answer.ok) show((await answer.json()).suggestions);
  } catch {
    show([]);
  }
}

function move(event) {
  const stops = [question, ...list.querySelectorAll("button")];
  const here = stops.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") {
    show([]);
    question.focus();
  } else if (step && !list.hidden && here >= 0 && here + step < stops.length && here + step >= 0) {
    event.preventDefault();
    stops[here + step].focus();
  }
}

question?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    ask();
  }
});
question?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(suggest, PAUSE);
});
question?.form.addEventListener("keydown", move);
// A quote's place opens its source beside it; most browsers open a closed one by themselves.
document.querySelector(".quotes")?.addEventListener("click", ({ target }) => {
  const anchor = target.closest("a[href^='#stelle-']");
  const source = anchor && document.getElementById(anchor.hash.slice(1))?.closest("details");
  if (source) source.open = true;
});
question?.form.addEventListener("focusout", (event) => {
  if (!question.form.contains(event.relatedTarget)) show([]);
});
