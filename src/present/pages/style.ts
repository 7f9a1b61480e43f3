/** The one style sheet of the gate's own pages. It is written into each page; its hash is in the page's policy. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --back: #f4f2ee; --card: #ffffff; --line: #dcd7cf; --text: #23211e; --soft: #66615a;
  --accent: #b94e0c; --accent-strong: #983f08; --on-accent: #ffffff; --focus: #1f6feb;
  --warn-back: #fdf0e4; --warn-line: #e9b98f; --code-back: #f1eee9;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #181715; --card: #22201e; --line: #3c3834; --text: #efebe5; --soft: #aaa399;
    --accent: #f2914f; --accent-strong: #f7a76f; --on-accent: #20140b; --focus: #79b8ff;
    --warn-back: #35271b; --warn-line: #6e4a2c; --code-back: #2d2a27;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; min-height: 100vh; min-height: 100svh; padding: 1.5rem 1rem;
  display: flex; flex-direction: column; align-items: center; justify-content: center;
  background: var(--back); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
}
main {
  width: 100%; max-width: 27rem; padding: 2rem;
  background: var(--card); border: 1px solid var(--line); border-radius: 14px;
  box-shadow: 0 1px 2px rgb(0 0 0 / .04), 0 12px 32px rgb(0 0 0 / .06);
}
.brand { display: flex; align-items: center; gap: .75rem; margin: 0 0 1.5rem; font-weight: 600; color: var(--soft); }
.logo .arch { stroke: var(--accent); }
.logo .bars { stroke: var(--soft); }
h1 { margin: 0 0 .5rem; font-size: 1.5rem; line-height: 1.25; letter-spacing: -.01em; text-wrap: balance; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
p:last-child { margin-bottom: 0; }
.soft { color: var(--soft); }
.small { font-size: .875rem; }
label { display: block; margin: 1rem 0 .35rem; font-weight: 600; font-size: .9375rem; }
input, textarea {
  width: 100%; padding: .65rem .75rem; font: inherit; color: inherit;
  background: var(--card); border: 1px solid var(--soft); border-radius: 8px;
}
button, .button {
  display: block; width: 100%; margin: 1.5rem 0 0; padding: .7rem 1rem;
  font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer;
  color: var(--on-accent); background: var(--accent); border: 1px solid transparent; border-radius: 8px;
  overflow-wrap: anywhere;
}
textarea { display: block; min-height: 5.5rem; resize: vertical; }
label + textarea + p { margin-top: .4rem; }
button:hover, .button:hover { background: var(--accent-strong); }
button.secondary { color: var(--text); background: transparent; border-color: var(--soft); }
button.secondary:hover { background: var(--code-back); }
blockquote { margin: 0 0 1rem; padding: .1rem 0 .1rem .9rem; border-left: 3px solid var(--line); overflow-wrap: anywhere; }
a { color: var(--accent); text-underline-offset: .15em; }
a:hover { color: var(--accent-strong); }
a.button:hover { color: var(--on-accent); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.notice {
  margin: .9rem 0 1.25rem; padding: .75rem .9rem;
  background: var(--warn-back); border: 1px solid var(--warn-line); border-radius: 8px;
}
.account {
  display: flex; align-items: center; gap: .9rem; margin: 1.25rem 0; padding: .9rem;
  border: 1px solid var(--line); border-radius: 10px; overflow-wrap: anywhere;
}
.account > span:last-child { min-width: 0; }
.initial {
  flex: none; display: grid; place-items: center; width: 2.75rem; height: 2.75rem; border-radius: 50%;
  font-size: 1.2rem; font-weight: 600; text-transform: uppercase; color: var(--on-accent); background: var(--accent);
}
.account strong, .account small { display: block; }
.account small { color: var(--soft); }
code {
  padding: .1em .35em; font-size: .875em; background: var(--code-back); border-radius: 5px; overflow-wrap: anywhere;
  font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;
}
dl { display: grid; grid-template-columns: auto 1fr; gap: .35rem 1rem; margin: 1.25rem 0; font-size: .9375rem; }
dt { color: var(--soft); }
dd code { padding: .1em .3em; font-size: .8em; -webkit-box-decoration-break: clone; box-decoration-break: clone; }
dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
.links { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin-top: 1.5rem; padding-top: 1.1rem; border-top: 1px solid var(--line); }
@media (max-width: 24rem) { body { justify-content: flex-start; padding: .75rem; } main { padding: 1.25rem; } }
`;
