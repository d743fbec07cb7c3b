/** The page itself: its document, its style, and its program, which has no framework and asks nobody but the emulator. */

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
    --good: #3fb950; --bad: #f85149; --accent: #4493f8; --mark: #9e6a03;
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
form { max-width: 46rem; margin-top: 1rem } form label { margin-right: .8rem } form input[type=number] { width: 6rem }
.cause { border-left: 3px solid var(--bad); padding: .3rem .8rem; margin: .5rem 0; background: var(--field) }
`

export const script = String.raw`"use strict"
const byId = (id) => document.getElementById(id)

const element = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children.filter((child) => child !== undefined))
  return made
}

const timeOf = (millis) => new Date(millis).toISOString().slice(11, 19)
const pretty = (value) => JSON.stringify(value, null, 2)

let chosen
let state
let shown = ""

const problem = (text) => {
  byId("problem").hidden = text === ""
  byId("problem").textContent = text
}

const ask = async (path, method, body) => {
  const json = body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }
  const reply = await fetch(path, { method: method ?? "GET", ...json })
  const content = await reply.json()
  if (!reply.ok) throw new Error(content.error)
  return content
}

const trying = (run) => async (event) => {
  event?.preventDefault()
  try {
    await run(event)
    problem("")
  } catch (error) {
    problem(String(error.message ?? error))
  }
}

const table = (names, rows) =>
  element("table", {},
    element("thead", {}, element("tr", {}, ...names.map((name) => element("th", { scope: "col", textContent: name })))),
    element("tbody", {}, ...rows.map((cells) =>
      element("tr", {}, ...cells.map((cell) => element("td", {}, cell ?? ""))))))

const pairs = (title, values) => {
  const rows = Object.entries(values)
  return rows.length === 0 ? [] : [element("h2", { textContent: title }), table(["Name", "Value"], rows)]
}

const text = (title, content) => content === "" || content === undefined ? [] :
  [element("h2", { textContent: title }), element("pre", { textContent: content })]

// The rest of the line from where two texts part is what differs.
const parted = (content, place) => {
  if (place === undefined) return [content]
  const end = content.indexOf("\n", place)
  const stop = end < 0 ? content.length : Math.max(end, place + 1)
  return [content.slice(0, place), element("mark", { textContent: content.slice(place, stop) || " " }), content.slice(stop)]
}

const pane = (title, content, place) =>
  element("div", {}, element("h3", { textContent: title }), element("pre", {}, ...parted(content, place)))

const signatureOf = (view) => {
  if (view === undefined) return []
  const right = view.cause === undefined
  return [
    element("h2", { textContent: "Signature" }),
    right
      ? element("p", { className: "good", textContent: "It is right." })
      : element("p", { className: "cause", id: "cause", textContent: view.cause }),
    table(["", "Signature"], [["sent", view.sent], ["has to be", view.expected ?? "unknown"]]),
    view.signed === undefined
      ? pane("Canonical form, as the service sees it", view.canonicalRequest)
      : element("div", { className: "beside" },
        pane("Canonical form, as the service sees it", view.canonicalRequest, view.difference),
        pane("Canonical form that was signed", view.signed, view.difference)),
    pane("String to sign, as the service sees it", view.stringToSign)
  ]
}

const showDetails = async () => {
  if (chosen === undefined) return
  const secrets = byId("secrets").checked
  const found = await ask("window/request?number=" + chosen + (secrets ? "&secrets=shown" : ""))
  const facts = [
    ["verdict", found.verdict], ["status", String(found.status)], ["cloud", found.cloud],
    ["operation", found.operation], ["proof", found.form], ["fault", found.fault], ["request id", found.requestId],
    ["at", new Date(found.at).toISOString()]
  ].filter(([, value]) => value !== undefined)
  byId("details").replaceChildren(
    element("h2", { textContent: found.method + " " + found.path }),
    table(["", ""], facts),
    ...signatureOf(found.signature),
    ...pairs("Parameters", found.parameters),
    ...pairs("Headers", found.headers),
    ...text("Query", found.query),
    ...text("Body", found.body)
  )
}

const choose = trying(async (event) => {
  chosen = Number(event.currentTarget.dataset.number)
  for (const button of byId("list").querySelectorAll("button")) {
    button.setAttribute("aria-current", String(Number(button.dataset.number) === chosen))
  }
  await showDetails()
})

const row = ({ at, cloud, fault, method, number, operation, path, verdict }) => {
  const button = element("button", { type: "button", onclick: choose },
    element("span", { className: "soft", textContent: timeOf(at) }),
    element("span", { textContent: cloud + " " + (operation ?? method + " " + path) }),
    element("span", { className: verdict === "OK" ? "good" : "bad", textContent: fault ?? verdict }))
  button.dataset.number = number
  button.setAttribute("aria-current", String(number === chosen))
  return element("li", {}, button)
}

// Rows are added and dropped, and never made anew: who stands on one by the keyboard stays there.
const showRequests = ({ recorded, requests }) => {
  const list = byId("list")
  const wanted = new Set(requests.map(({ number }) => String(number)))
  for (const item of [...list.children]) if (!wanted.has(item.firstChild.dataset.number)) item.remove()
  const newest = Number(list.firstElementChild?.firstChild.dataset.number ?? 0)
  for (const request of requests) if (request.number > newest) list.prepend(row(request))
  byId("count").textContent = recorded + (recorded === 1 ? " request" : " requests")
  byId("none").hidden = recorded > 0
}

const keys = (list) => list.map(({ accessKeyId, active }) => accessKeyId + (active ? "" : " (inactive)")).join(", ") || "none"

const disclosed = (title, ...documents) =>
  element("details", {}, element("summary", { textContent: title }),
    ...documents.flatMap(([name, value]) => [element("h3", { textContent: name }), element("pre", { textContent: pretty(value) })]))

const showAccounts = ({ accounts }) => {
  byId("accounts").replaceChildren(...accounts.flatMap(({ cloud, id, keys: own, roles, users }) => [
    element("h2", { textContent: cloud + " " + id }),
    element("p", { className: "soft", textContent: "Keys of the account itself: " + keys(own) }),
    ...users.map((user) => disclosed("User " + user.name + ": " + keys(user.keys), ["Policies", user.policies])),
    ...roles.map((role) => disclosed("Role " + role.name + ", sessions up to " + role.maxSessionDuration + " s",
      ["Whom it trusts", role.trustPolicy], ["What it may do", role.policies]))
  ]))
}

const showSessions = ({ now, sessions }) => {
  const left = (expiration) => {
    const seconds = Math.round((expiration - now) / 1000)
    return seconds <= 0 ? "ended" : Math.floor(seconds / 60) + " min " + (seconds % 60) + " s left"
  }
  byId("sessions").replaceChildren(sessions.length === 0
    ? element("p", { textContent: "No session was issued yet." })
    : table(["Cloud", "Access key", "Stands for", "Ends", ""], [...sessions].reverse().map((one) =>
      [one.cloud, one.accessKeyId, one.arn, new Date(one.expiration).toISOString(), left(one.expiration)])))
}

const kinds = {
  "Throttled": { _tag: "Throttled", status: 429 },
  "No answer: the connection is reset": { _tag: "ResetBeforeReply" },
  "Reset in the middle of the reply": { _tag: "ResetDuringReply", afterBytes: 20 },
  "A gateway's 502 page": { _tag: "BadGateway" },
  "Refused: InternalError": { _tag: "Refused", status: 500, code: "InternalError", message: "Told to." },
  "Refused: AccessDenied": { _tag: "Refused", status: 403, code: "AccessDenied", message: "Told to." },
  "5 seconds late": { _tag: "Latency", duration: 5000 },
  "The body takes 5 seconds": { _tag: "SlowBody", duration: 5000 },
  "The reply is cut short": { _tag: "CutBody", afterBytes: 20 },
  "The service's clock is an hour ahead": { _tag: "SkewedClock", offset: 3600000 }
}

const showFaults = ({ faults, offset }) => {
  byId("planned").replaceChildren(...faults.map(({ fault, operation, times }) =>
    element("li", { textContent: fault._tag + ", " + times + " more of " + (operation ?? "every operation") })))
  const minutes = Math.round(offset / 60000)
  byId("offset").textContent = minutes === 0 ? "It shows this machine's time."
    : "It is " + Math.abs(minutes) + " minutes " + (minutes > 0 ? "ahead." : "behind.")
}

const look = trying(async () => {
  state = await ask("window/state")
  byId("time").textContent = new Date(state.now).toISOString().slice(0, 19).replace("T", " ") + " UTC"
  showRequests(state)
  showSessions(state)
  showFaults(state)
  const accounts = JSON.stringify(state.accounts)
  if (accounts !== shown) showAccounts(state)
  shown = accounts
})

const views = [...document.querySelectorAll("nav button")]
for (const button of views) {
  button.onclick = () => {
    for (const one of views) {
      one.setAttribute("aria-pressed", String(one === button))
      byId(one.dataset.view).hidden = one !== button
    }
  }
}

byId("list").onkeydown = (event) => {
  const item = document.activeElement?.parentElement
  const next = { ArrowDown: item?.nextElementSibling, ArrowUp: item?.previousElementSibling }[event.key]
  if (next === undefined || next === null) return
  event.preventDefault()
  next.firstChild.focus()
  next.firstChild.click()
}

byId("secrets").onchange = trying(showDetails)
byId("clear").onclick = trying(async () => {
  await ask("requests", "DELETE")
  chosen = undefined
  byId("details").replaceChildren(element("p", { textContent: "Choose a request." }))
  await look()
})
byId("fault").elements.kind.append(...Object.keys(kinds).map((name) => element("option", { textContent: name })))
byId("fault").onsubmit = trying(async ({ currentTarget, target }) => {
  const { kind, operation, times } = (currentTarget ?? target).elements
  const scope = operation.value === "" ? {} : { operation: operation.value }
  await ask("faults", "POST", { fault: kinds[kind.value], times: Number(times.value), ...scope })
  await look()
})
byId("forget").onclick = trying(async () => {
  await ask("faults", "DELETE")
  await look()
})
byId("clock").onsubmit = trying(async ({ currentTarget, target }) => {
  await ask("clock", "POST", { offset: Number((currentTarget ?? target).elements.minutes.value) * 60000 })
  await look()
})

const watch = async () => {
  if (!document.hidden) await look()
  setTimeout(watch, 1000)
}
watch()
`
