// Enter asks, Shift+Enter starts a new line. Without this script the button does the same.
const question = document.getElementById("frage");

question?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  question.form.requestSubmit();
});
