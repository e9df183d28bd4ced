// The shop's own script. It knows nothing of the chat, and goes on working whatever becomes of it.
"use strict";

// What the page's content security policy stopped, for whoever wants to look.
window.policyViolations = [];
document.addEventListener("securitypolicyviolation", function (event) {
  window.policyViolations.push({ directive: event.effectiveDirective, blocked: event.blockedURI, source: event.sourceFile });
});

document.addEventListener("DOMContentLoaded", function () {
  const one = function (id) { return document.getElementById(id); };
  let amount = 1;
  let items = 0;

  function setAmount(next) {
    amount = Math.min(9, Math.max(1, next));
    one("amount").textContent = String(amount);
  }

  one("less").addEventListener("click", function () { setAmount(amount - 1); });
  one("more").addEventListener("click", function () { setAmount(amount + 1); });
  one("buy").addEventListener("change", function (event) {
    if (event.target.name === "colour") one("colour").textContent = event.target.value;
  });
  one("buy").addEventListener("submit", function (event) {
    event.preventDefault();
    items += amount;
    one("items").textContent = String(items);
    one("stock").textContent = "Added to your basket.";
  });
  document.querySelector(".thumbs").addEventListener("click", function (event) {
    const chosen = event.target.closest("button");
    if (!chosen) return;
    for (const button of event.currentTarget.children) button.setAttribute("aria-pressed", String(button === chosen));
    one("main").src = chosen.dataset.src;
    one("main").alt = chosen.firstElementChild.alt;
  });
  document.querySelector(".top nav").addEventListener("click", function (event) { event.preventDefault(); });
});
