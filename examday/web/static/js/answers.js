// Reading doubtful answers from the keyboard: a letter toggles its mark, Enter goes on.
// The page works without this file: the letters can be typed into the field.
"use strict";

for (const form of document.querySelectorAll("form[data-review]")) {
  const field = form.querySelector("input[name=letters]");
  const boxes = [...form.querySelectorAll("input[data-letter]")];
  if (!field) continue;
  const show = () => {
    for (const box of boxes) box.checked = field.value.toUpperCase().includes(box.dataset.letter);
  };
  const write = () => {
    field.value = boxes.filter((box) => box.checked).map((box) => box.dataset.letter).join("");
  };
  field.addEventListener("input", show);
  for (const box of boxes) box.addEventListener("change", write);
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("a, button, select")) return;
    if (event.key === "Enter") {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "Backspace") {
      event.preventDefault();
      for (const box of boxes) box.checked = false;
      write();
    } else if (/^[a-z]$/i.test(event.key)) {
      event.preventDefault();
      const box = boxes.find((one) => one.dataset.letter === event.key.toUpperCase());
      if (box) {
        box.checked = !box.checked;
        write();
      }
    }
  });
  field.focus();
}
