// The marking sheet on a tablet: marks and the total follow the deductions, drafts survive.
// The page works without this file; the server folds the sheet itself.
"use strict";

for (const form of document.querySelectorAll("form[data-rubric]")) {
  const key = `examday/rubric/${form.dataset.rubric}`;
  const fields = [...form.querySelectorAll("input[name]:not([type=hidden])")];
  const total = form.querySelector("[data-total]");
  const tasks = [...form.querySelectorAll("[data-task]")];

  const tally = () => {
    let sum = 0;
    for (const task of tasks) {
      let got = 0;
      let full = 0;
      for (const row of task.querySelectorAll("[data-item]")) {
        const most = Number(row.dataset.most);
        const input = row.querySelector("input");
        const lost = input.value === "" ? 0 : Number(input.value);
        const odd = !(lost >= 0) || lost > most;
        if (odd) input.setAttribute("aria-invalid", "true");
        else input.removeAttribute("aria-invalid");
        const mark = Math.max(0, most - (lost >= 0 ? lost : 0));
        row.querySelector("[data-mark]").textContent = String(Math.round(mark * 100) / 100);
        got += mark;
        full += most;
      }
      const vetoed = task.querySelector("[data-veto]:checked");
      if (!vetoed && full) sum += (got * Number(task.dataset.weight)) / full;
    }
    if (total) total.textContent = `${Math.round(sum * 10) / 10} / ${form.dataset.full}`;
  };
  const keep = () => {
    const draft = {};
    for (const one of fields) {
      if (one.type === "checkbox") draft[one.name] = one.checked;
      else if (one.value) draft[one.name] = one.value;
    }
    try {
      localStorage.setItem(key, JSON.stringify(draft));
    } catch {
      // Storage may be full or forbidden: the page then works without drafts.
    }
  };
  try {
    const draft = JSON.parse(localStorage.getItem(key)) || {};
    for (const one of fields) {
      if (one.type === "checkbox") one.checked = Boolean(draft[one.name]);
      else if (draft[one.name]) one.value = draft[one.name];
    }
  } catch {
    // A broken draft is no draft.
  }
  tally();
  form.addEventListener("input", () => {
    tally();
    keep();
  });
  form.addEventListener("keydown", (event) => {
    const inputs = fields.filter((one) => one.name.startsWith("lost-"));
    const at = inputs.indexOf(event.target);
    if (at < 0 || event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    (inputs[at + 1] || form.querySelector("button")).focus();
  });
}
