// Remembers on this device which topics are done. Without this script the path is a plain page.
const KEY = "fundstelle.einarbeitung";
const choice = document.getElementById("erledigt");
const progress = document.getElementById("fortschritt");

function done() {
  return new Set(JSON.parse(localStorage.getItem(KEY) ?? "[]"));
}

function showProgress(topics) {
  const rows = [...document.querySelectorAll(".stations [data-topic]")];
  const finished = rows.filter((row) => topics.has(row.dataset.topic));
  for (const row of finished) row.querySelector(".done").hidden = false;
  if (!finished.length) return;
  progress.textContent = `${finished.length} von ${rows.length} Themen erledigt, nur auf diesem Gerät gemerkt.`;
  progress.hidden = false;
}

function offerChoice(topics) {
  const box = choice.querySelector("input");
  box.checked = topics.has(choice.dataset.topic);
  choice.hidden = false;
  box.addEventListener("change", () => {
    const now = done();
    if (box.checked) now.add(choice.dataset.topic);
    else now.delete(choice.dataset.topic);
    localStorage.setItem(KEY, JSON.stringify([...now]));
  });
}

try {
  const topics = done();
  if (choice) offerChoice(topics);
  else showProgress(topics);
} catch {
  // A browser that keeps nothing shows the plain page.
}
