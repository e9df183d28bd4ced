// What a site writes inline before the script tag; here a file, because the policy blocks inline scripts.
window.SupportChatSettings = JSON.parse(document.currentScript.dataset.settings || "{}");
