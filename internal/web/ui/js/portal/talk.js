// A live chat brings its own part.
const talkAt = document.querySelector("[data-talk]");
if (talkAt) import(talkAt.dataset.talk);
