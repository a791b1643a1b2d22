// Looks up while typing, with the same page that the button fetches. Without this script the button does it.
const field = document.getElementById("wort");
const PAUSE = 200; // milliseconds without a key before the entries are asked for
let timer = 0;
let latest = 0;

async function lookUp() {
  const mine = ++latest;
  const address = new URL(field.form.action);
  address.searchParams.set("q", field.value);
  try {
    const answer = await fetch(address);
    if (!answer.ok || mine !== latest) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== latest) return;
    document.getElementById("eintraege").replaceWith(page.getElementById("eintraege"));
    document.getElementById("gefunden").textContent = document.getElementById("treffer").textContent;
    const current = page.querySelector(".letters [aria-current]")?.textContent;
    for (const letter of document.querySelectorAll(".letters a")) {
      if (letter.textContent === current) letter.setAttribute("aria-current", "page");
      else letter.removeAttribute("aria-current");
    }
  } catch {
    // The button still works.
  }
}

field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(lookUp, PAUSE);
});
