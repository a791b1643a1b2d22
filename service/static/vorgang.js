// Follows a running job: each second its stage, share and log. Without this script the page is
// loaded again by itself, or by its link.
const part = document.getElementById("vorgang");
const EVERY = 1000; // milliseconds between two looks

function say(id, text) {
  const place = document.getElementById(id);
  // A screen reader announces what is written, so only what changed is.
  if (place.textContent !== text) place.textContent = text;
}

function show(job) {
  say("abschnitt", job.stage || "Wird vorbereitet");
  say("hinweis", job.message);
  document.getElementById("anteil").value = job.share;
  const log = document.getElementById("protokoll");
  const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
  say("protokoll", job.log || "Noch nichts.");
  if (atEnd) log.scrollTop = log.scrollHeight;
}

async function look() {
  try {
    const answer = await fetch(`/api/admin/jobs/${part.dataset.job}`);
    if (!answer.ok) return location.reload();
    const job = await answer.json();
    if (!job.active) return location.reload();
    show(job);
  } catch {
    say("hinweis", "Der Dienst antwortet gerade nicht.");
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
