// Copies the answer with its citations as plain text. Without this script the file does the same.
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

if (button && navigator.clipboard) {
  button.hidden = false;
  button.addEventListener("click", copy);
}
