// Fills in the day of the last visit, which is kept on this device only. Without this script, or in a
// browser that keeps nothing, the person chooses the day.
const KEY = "fundstelle.besuch";
const field = document.getElementById("seit");
const note = document.getElementById("besuch");

function today() {
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

// The visit before this one: further looks on the same day do not count as visits.
function lastVisit() {
  const { last = "", now = "" } = JSON.parse(localStorage.getItem(KEY) ?? "{}");
  const before = now && now !== today() ? now : last;
  localStorage.setItem(KEY, JSON.stringify({ last: before, now: today() }));
  return before;
}

try {
  const last = lastVisit();
  if (last) field.value = last;
  note.textContent = last
    ? "Der Tag Ihres letzten Besuchs ist nur auf diesem Gerät gemerkt."
    : "Ihr erster Besuch auf diesem Gerät. Der Tag wird nur hier gemerkt.";
} catch {
  // The note of the page stays as it is.
}
