/** What the pages gain in a browser that runs scripts. Everything works without it but for what is live. */

document.documentElement.dataset.scripted = ''
