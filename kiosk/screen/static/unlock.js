// The page before the door: sends the PIN, then waits until the door's own page is there.
"use strict";

const token = document.querySelector('meta[name="kiosk-token"]').content;
const pin = document.getElementById("pin");
const said = document.getElementById("said");

document.getElementById("pad").addEventListener("click", (event) => {
  const { value, type } = event.target;
  if (type !== "button") { return; }
  pin.value = value === "back" ? pin.value.slice(0, -1) : pin.value + value;
  pin.focus();
});

document.getElementById("unlock").addEventListener("submit", async (event) => {
  event.preventDefault();
  said.textContent = said.dataset.wait;
  const answer = await fetch("/unlock", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Kiosk": token },
    body: JSON.stringify({ pin: pin.value }),
  });
  const told = await answer.json();
  pin.value = "";
  said.textContent = told.said;
  if (told.is_open) { await door(); } else { pin.focus(); }
});

async function door() {
  for (;;) {
    await new Promise((wake) => setTimeout(wake, 400));
    try {
      const answer = await fetch("/", { cache: "no-store" });
      if (!(await answer.text()).includes(token)) { location.reload(); return; }
    } catch { /* the program changes pages just now */ }
  }
}
