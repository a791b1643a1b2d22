// Shows the formulated answer below the quotes as it comes: each statement once it is checked.
// Without this script a link asks for the whole answer.
const part = document.getElementById("formuliert");
const [list, status, stop, understood] = [".claims", "[role=status]", "button", ".understood"].map((name) =>
  part.querySelector(name),
);
const waiting = new AbortController();
let passages = new Map();

function place(citation) {
  const passage = passages.get(citation);
  if (!passage?.law || !passage.number) return passage?.url ?? "";
  const address = `/norm/${passage.law.split("/").map(encodeURIComponent).join("/")}/${encodeURIComponent(passage.number)}`;
  const day = part.dataset.stichtag ? `&stichtag=${part.dataset.stichtag}` : "";
  return passage.absatz ? `${address}?absatz=${encodeURIComponent(passage.absatz)}${day}#abs-${passage.absatz}` : address;
}

function item(statement) {
  // Text only: whatever a model writes, it is no markup.
  const line = document.createElement("li");
  line.append(`${statement.text} `);
  const where = document.createElement("a");
  where.className = "place";
  where.href = place(statement.citations[0]);
  where.textContent = statement.pinpoint;
  line.append(where);
  return line;
}

function model(answer) {
  const { name, tokens_in, tokens_out, estimated } = answer.model;
  return `Sprachmodell ${name}, ${estimated ? "etwa " : ""}${tokens_in} Token gelesen, ${tokens_out} geschrieben`;
}

// What is saved, taken along or judged is the answer that stands on the page in the end.
function takeAlong(id) {
  for (const element of document.querySelectorAll(".answer [href], .answer [action], .answer [data-text]"))
    for (const name of ["href", "action", "data-text"]) {
      const address = element.getAttribute(name);
      if (address) element.setAttribute(name, address.replace(part.dataset.antwort, id));
    }
  part.dataset.antwort = id;
}

function end(answer) {
  const formulated = answer.statements.some((statement) => !statement.quote);
  if (formulated) takeAlong(answer.id);
  list.replaceChildren(...(formulated ? answer.statements.map(item) : []));
  const known = new Set([...document.querySelectorAll(".answer > .notices li")].map((line) => line.textContent));
  const news = answer.notices.filter((notice) => !known.has(notice));
  status.textContent = [answer.message, ...news, formulated ? model(answer) : ""].filter(Boolean).join(" ");
}

const SHOW = {
  sources({ answer }) {
    passages = new Map(answer.passages.map((passage) => [passage.id, passage]));
    const read = document.querySelector(".answer > .understood em")?.textContent;
    understood.hidden = !answer.understood || answer.understood === read;
    understood.textContent = `Verstanden als: ${answer.understood}`;
  },
  statement: ({ statement }) => list.append(item(statement)),
  done: ({ answer }) => end(answer),
  error: ({ message }) => giveUp(message),
};

function giveUp(sentence) {
  // Part of an answer may lack the exception to what it says.
  list.replaceChildren();
  status.textContent = `${sentence} Die Zitate darunter gelten.`;
}

async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const blocks = (rest + read.value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split("\n").map((line) => line.split(/: ?(.*)/s, 2)));
      if (fields.event) yield [fields.event, JSON.parse(fields.data)];
    }
  }
}

async function listen() {
  const { frage, stichtag, publikum, davor, gesetze } = part.dataset;
  const response = await fetch("/api/ask/stream", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      question: frage,
      as_of: stichtag || null,
      audience: publikum,
      history: davor ? [davor] : [],
      laws: gesetze ? gesetze.split(",") : [],
    }),
    signal: waiting.signal,
  });
  if (!response.ok) return giveUp((await response.json()).message);
  for await (const [name, data] of events(response)) SHOW[name]?.(data);
}

stop.hidden = false;
stop.addEventListener("click", () => waiting.abort());
status.textContent = "Wird formuliert und geprüft …";
try {
  await listen();
} catch (problem) {
  giveUp(problem.name === "AbortError" ? "Abgebrochen." : "Der Dienst antwortet gerade nicht.");
}
stop.hidden = true;
