// Filters the contents of a law while typing, and opens or closes all of its parts.
// Without this script all parts are open and each can be closed.
const field = document.getElementById("filter");
const said = document.getElementById("treffer");
const norms = [...document.querySelectorAll(".contents li")];
const parts = [...document.querySelectorAll("details.chapter")];

const folded = (text) => text.toLowerCase().replace(/\s+/g, " ").trim();

// A number finds its own norm and those that begin with it, a word any heading that holds it.
function fits(norm, wanted) {
  const text = folded(norm.textContent);
  const number = folded(norm.querySelector("a").textContent).replace(/^(§|art\.?) /, "");
  return /^\d/.test(wanted) ? number.startsWith(wanted) : wanted.split(" ").every((word) => text.includes(word));
}

function filter() {
  const wanted = folded(field.value).replace(/^§+ ?/, "");
  let found = 0;
  for (const norm of norms) {
    norm.hidden = Boolean(wanted) && !fits(norm, wanted);
    if (!norm.hidden) found += 1;
  }
  for (const box of document.querySelectorAll(".chapter section, section.chapter, details.chapter")) {
    box.hidden = !box.querySelector("li:not([hidden])");
    if (wanted && box.localName === "details") box.open = true;
  }
  said.textContent = wanted ? (found === 1 ? "1 Vorschrift" : `${found || "Keine"} Vorschriften`) : "";
}

function fold(open) {
  for (const part of parts) part.open = open;
}

document.getElementById("suchen").hidden = false;
for (const id of ["zuklappen", "aufklappen"]) {
  document.getElementById(id)?.addEventListener("click", () => fold(id === "aufklappen"));
}
field.addEventListener("input", filter);
