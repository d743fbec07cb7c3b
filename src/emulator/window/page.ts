/** The page itself: its document and its style. */

export const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>effect-sts emulator</title>
<link rel="stylesheet" href="window.css">
<script src="window.js" defer></script>
<header>
  <h1>effect-sts emulator</h1>
  <p id="time" aria-live="off"></p>
  <nav aria-label="What is shown">
    <button type="button" data-view="requests" aria-pressed="true">Requests</button>
    <button type="button" data-view="accounts" aria-pressed="false">Accounts and roles</button>
    <button type="button" data-view="sessions" aria-pressed="false">Sessions</button>
    <button type="button" data-view="faults" aria-pressed="false">Faults and clock</button>
  </nav>
  <label><input type="checkbox" id="secrets"> Show secrets</label>
</header>
<p id="problem" role="alert" hidden></p>
<main>
  <section id="requests" aria-label="Requests">
    <div class="list">
      <p><button type="button" id="clear">Forget all</button> <span id="count"></span></p>
      <ol id="list" aria-label="The requests so far, the latest first"></ol>
      <p id="none">No request has come in yet. Point a client at this address.</p>
    </div>
    <article id="details" aria-label="The chosen request" tabindex="-1"><p>Choose a request.</p></article>
  </section>
  <section id="accounts" aria-label="Accounts and roles" hidden></section>
  <section id="sessions" aria-label="Sessions" hidden></section>
  <section id="faults" aria-label="Faults and clock" hidden>
    <form id="fault">
      <h2>Make the next requests fail</h2>
      <label>Fault <select name="kind"></select></label>
      <label>Requests <input name="times" type="number" min="1" value="1" required></label>
      <label>Operation <input name="operation" placeholder="every one"></label>
      <button>Switch on</button>
      <button type="button" id="forget">Take all back</button>
      <ul id="planned"></ul>
    </form>
    <form id="clock">
      <h2>Move the clock</h2>
      <p id="offset"></p>
      <label>Minutes ahead, or behind if negative <input name="minutes" type="number" value="0" required></label>
      <button>Set</button>
    </form>
  </section>
</main>
`

export const style = `:root {
  color-scheme: light dark; --ink: #1f2328; --soft: #59636e; --paper: #fff; --field: #f6f8fa; --line: #d1d9e0;
  --good: #1a7f37; --bad: #d1242f; --accent: #0969da; --mark: #ffd33d;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6edf3; --soft: #9198a1; --paper: #0d1117; --field: #151b23; --line: #3d444d;
    --good: #3fb950; --bad: #f85149; --accent: #4493f8; --mark: #7a4f00;
  }
}
* { box-sizing: border-box }
body { margin: 0; font: 14px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper) }
header {
  display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; align-items: center; padding: .6rem 1rem;
  border-bottom: 1px solid var(--line); background: var(--field)
}
h1 { font-size: 1rem; margin: 0 } h2 { font-size: .95rem; margin: 1.1rem 0 .4rem } h3 { font-size: .85rem; margin: .8rem 0 .2rem }
header p { margin: 0; color: var(--soft); font-variant-numeric: tabular-nums } nav { flex: 1 }
button, input, select {
  font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 6px; padding: .2rem .6rem
}
button { cursor: pointer } button[aria-pressed=true] { border-color: var(--accent); color: var(--accent) }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px }
#problem { margin: 0; padding: .5rem 1rem; color: var(--bad) }
main { padding: 0 1rem 2rem }
#requests:not([hidden]) { display: grid; grid-template-columns: minmax(19rem, 2fr) 5fr; gap: 1.25rem }
@media (max-width: 800px) { #requests:not([hidden]) { grid-template-columns: 1fr } }
#list { list-style: none; margin: 0; padding: 0; max-height: 78vh; overflow: auto }
#list button {
  display: grid; grid-template-columns: 4.6rem 1fr; gap: 0 .5rem; width: 100%; text-align: left; border: 0;
  border-bottom: 1px solid var(--line); border-radius: 0; background: none; font-variant-numeric: tabular-nums
}
#list button[aria-current=true] { background: var(--field); box-shadow: inset 3px 0 var(--accent) }
#list button :last-child { grid-column: 2 }
.soft { color: var(--soft) } .good { color: var(--good) } .bad { color: var(--bad) }
pre, td, code { font: 12px/1.5 ui-monospace, monospace; overflow-wrap: anywhere }
pre { margin: .2rem 0; padding: .5rem .7rem; background: var(--field); border: 1px solid var(--line); border-radius: 6px; white-space: pre-wrap }
.beside { display: grid; grid-template-columns: 1fr 1fr; gap: .8rem } @media (max-width: 1100px) { .beside { grid-template-columns: 1fr } }
mark { background: var(--mark); color: inherit; border-radius: 2px }
table { border-collapse: collapse; width: 100% } th { text-align: left; font-weight: 600 }
th, td { padding: .2rem .8rem .2rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
td:first-child { width: 1%; white-space: nowrap; padding-right: 1.5rem }
form { max-width: 46rem; margin-top: 1rem } form label { margin-right: .8rem } form input[type=number] { width: 6rem }
.decided { margin: .2rem 0; padding: 0; list-style: none } .decided:empty::after { content: "Nothing yet." }
.cause { border-left: 3px solid var(--bad); padding: .3rem .8rem; margin: .5rem 0; background: var(--field) }
`
