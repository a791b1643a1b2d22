// Keeps the last questions on this device only: as the server shows them, so without personal data.
// Without this script, or where a browser keeps nothing, the page says so.
const KEY = "fundstelle.verlauf";
const MOST = 30; // questions
const SHOWN = 8;

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one?.frage === "string") : [];
  } catch {
    return [];
  }
}

function write(questions) {
  try {
    localStorage.setItem(KEY, JSON.stringify(questions));
  } catch {
    // Nothing is kept then.
  }
}

function remember({ frage, stichtag }) {
  const others = read().filter((one) => one.frage !== frage || one.stichtag !== stichtag);
  write([{ frage, stichtag }, ...others].slice(0, MOST));
}

function line({ frage, stichtag }) {
  const link = document.createElement("a");
  link.href = `/?${new URLSearchParams(stichtag ? { frage, stichtag } : { frage })}`;
  link.textContent = stichtag ? `${frage} (Stichtag ${stichtag.split("-").reverse().join(".")})` : frage;
  const item = document.createElement("li");
  item.append(link);
  return item;
}

function show(place) {
  const [list, empty, forget] = ["ol", ".empty", "button"].map((name) => place.querySelector(name));
  const questions = read();
  list.replaceChildren(...questions.slice(0, SHOWN).map(line));
  list.hidden = forget.hidden = questions.length === 0;
  empty.hidden = questions.length > 0;
  if (!questions.length) empty.textContent = "Noch nichts.";
  forget.onclick = () => {
    write([]);
    show(place);
    place.querySelector("h2").focus();
  };
}

const answer = document.querySelector(".answer");
const start = document.getElementById("verlauf");
if (answer) remember(answer.dataset);
if (start) show(start);
