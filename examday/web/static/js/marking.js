// The marker's table: Enter goes on, drafts survive a closed window, odd marks are pointed out.
// The page works without this file; the server checks every mark again.
"use strict";

for (const form of document.querySelectorAll("form[data-marking]")) {
  const key = `examday/marks/${form.dataset.marking}`;
  const inputs = [...form.querySelectorAll("input[name^='mark-']")];
  const most = Number(form.dataset.most);
  const shape = new RegExp(`^\\d{1,3}(\\.\\d{1,${form.dataset.decimals}})?$`);
  const count = form.querySelector("[data-marking-count]");

  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(key)) || {};
    } catch {
      return {};
    }
  };
  const write = (draft) => {
    try {
      if (Object.keys(draft).length) localStorage.setItem(key, JSON.stringify(draft));
      else localStorage.removeItem(key);
    } catch {
      // Storage may be full or forbidden: the page then works without drafts.
    }
  };
  // Full-width digits come from Chinese input methods that were left switched on.
  const plain = (text) => text.trim().replace(/[\uff10-\uff19\uff0e\u3002]/g, (c) =>
    c === "\uff0e" || c === "\u3002" ? "." : String.fromCharCode(c.charCodeAt(0) - 0xfee0));
  const isMark = (input) => shape.test(input.value) && Number(input.value) <= Number(input.dataset.most || most);

  const check = (input) => {
    const odd = input.value !== "" && !isMark(input);
    if (odd) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    return !odd;
  };
  const tally = () => {
    if (count) count.textContent = `${inputs.filter((input) => input.value).length} / ${inputs.length}`;
  };

  const draft = read();
  for (const input of inputs) {
    if (!input.value && draft[input.name]) input.value = draft[input.name];
    check(input);
  }
  // What the server has taken is no longer a draft.
  write(Object.fromEntries(inputs.filter((i) => i.value).map((i) => [i.name, i.value])));
  tally();

  form.addEventListener("input", (event) => {
    if (!inputs.includes(event.target)) return;
    const now = read();
    if (event.target.value) now[event.target.name] = event.target.value;
    else delete now[event.target.name];
    write(now);
    tally();
  });
  form.addEventListener("change", (event) => {
    if (!inputs.includes(event.target)) return;
    event.target.value = plain(event.target.value);
    check(event.target);
  });
  form.addEventListener("keydown", (event) => {
    const at = inputs.indexOf(event.target);
    const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (at < 0 || !step || event.isComposing) return;
    event.preventDefault();
    event.target.value = plain(event.target.value);
    if (step > 0 && !check(event.target)) {
      event.target.select();
      return;
    }
    const next = inputs[at + step];
    if (next) {
      next.focus();
      next.select();
    } else if (step > 0) {
      form.querySelector("button")?.focus();
    }
  });
  const first = inputs.find((input) => !input.value || input.hasAttribute("aria-invalid"));
  first?.focus();
  first?.select();
}
