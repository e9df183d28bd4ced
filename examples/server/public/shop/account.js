// The shop's login, as far as a demo has one: who is signed in is kept in the browser, and the chat is told.
// A real shop has a session on its server; the token comes from there, for whom that session belongs to.
"use strict";

(function () {
  const KEY = "shop-user";
  const PEOPLE = {
    ann: { id: "ann", name: "Ann Miller", email: "ann@example.com" },
    ben: { id: "ben", name: "Ben Okafor", email: "ben@example.com" },
  };

  function remembered() {
    try {
      const id = localStorage.getItem(KEY);
      return id !== null && Object.hasOwn(PEOPLE, id) ? id : undefined;
    } catch {
      return undefined;
    }
  }

  function remember(id) {
    try {
      if (id) localStorage.setItem(KEY, id);
      else localStorage.removeItem(KEY);
    } catch {
      // Without storage one is signed in as long as the page.
    }
  }

  function identityOf(id) {
    return {
      user: PEOPLE[id],
      tokenProvider: async function () {
        const answer = await fetch("/shop/token?user=" + id, { cache: "no-store" });
        if (!answer.ok) throw new Error("the shop gave no token: " + answer.status);
        return answer.text();
      },
    };
  }

  let current = remembered();
  // Read by /settings.js: who is signed in is known to the chat from the start.
  window.shopIdentity = current ? identityOf(current) : {};

  document.addEventListener("DOMContentLoaded", function () {
    const root = document.getElementById("account");
    const status = document.getElementById("signed-in");
    const leave = document.getElementById("sign-out");
    const offers = root.querySelectorAll("[data-user]");

    function draw(problem) {
      status.textContent = problem || (current ? PEOPLE[current].name : "");
      leave.hidden = !current;
      for (const offer of offers) offer.hidden = Boolean(current);
    }

    // The focus goes where the next step is, not to a button that is gone.
    async function change(next, tellChat) {
      root.setAttribute("aria-busy", "true");
      for (const button of root.querySelectorAll("button")) button.disabled = true;
      let problem;
      try {
        if (window.SupportChat) await tellChat(window.SupportChat);
        current = next;
        remember(next);
      } catch (error) {
        problem = "The chat could not follow (" + (error.code || error.message) + ").";
      }
      root.removeAttribute("aria-busy");
      for (const button of root.querySelectorAll("button")) button.disabled = false;
      draw(problem);
      (current ? leave : offers[0]).focus();
    }

    for (const offer of offers) {
      offer.addEventListener("click", function () {
        const id = offer.dataset.user;
        change(id, function (chat) { return chat.identify(identityOf(id)); });
      });
    }
    leave.addEventListener("click", function () {
      change(undefined, async function (chat) {
        await chat.shutdown({ clearStorage: true });
        await chat.boot();
      });
    });
    // Another tab signed in or out. What the chat shows here is its own matter.
    window.addEventListener("storage", function (event) {
      if (event.key !== KEY && event.key !== null) return;
      current = remembered();
      draw();
    });
    draw();
  });
})();
