// Copies the answer with its citations as plain text, and prints. Without this script the files do the same.
const button = document.getElementById("kopieren");
const said = document.getElementById("kopiert");

async function copy() {
  try {
    const answer = await fetch(button.dataset.text);
    if (!answer.ok) throw new Error(answer.statusText);
    await navigator.clipboard.writeText(await answer.text());
    said.textContent = "Kopiert.";
  } catch {
    said.textContent = "Kopieren ging nicht; bitte nehmen Sie die Textdatei.";
  }
}

const print = document.getElementById("drucken");
print.hidden = false;
print.addEventListener("click", () => window.print());
if (navigator.clipboard) {
  button.hidden = false;
  button.addEventListener("click", copy);
}
