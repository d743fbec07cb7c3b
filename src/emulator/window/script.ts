/** The page's program, without a framework. It sends requests to the emulator only. */
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

// The part of a statement that does not match is marked.
const statementOf = (statement, misfit) => {
  const entries = Object.entries(statement)
  return element("pre", {}, "{\n", ...entries.map(([name, value], index) => {
    const comma = index + 1 < entries.length ? "," : ""
    const line = JSON.stringify(name) + ": " + pretty(value) + comma
    const content = "  " + line.replaceAll("\n", "\n  ") + "\n"
    return misfit !== undefined && name.endsWith(misfit) ? element("mark", { textContent: content }) : content
  }), "}")
}

const decisionOf = ({ action, effect, misfit, policies, statement }) => {
  const said = effect === "Allow" ? "allowed by the " : effect === "Deny" ? "denied by the " : "not allowed by the "
  const why = effect !== undefined ? "" : statement === undefined ? ": no statement there allows anything"
    : ": the " + misfit + " of its closest statement does not match"
  return element("div", { className: "decision" },
    element("p", { className: effect === "Allow" ? "good" : "bad", textContent: action + " is " + said + policies + why }),
    statement === undefined ? undefined : statementOf(statement, misfit))
}

const permissionOf = (decisions) =>
  decisions.length === 0 ? [] : [element("h2", { textContent: "Permission" }), ...decisions.map(decisionOf)]

const showDetails = async () => {
  if (chosen === undefined) return
  const secrets = byId("secrets").checked
  const found = await ask("window/request?number=" + chosen + (secrets ? "&secrets=shown" : ""))
  const facts = [
    ["verdict", found.verdict], ["status", String(found.status)], ["cloud", found.cloud],
    ["operation", found.operation], ["message", found.message], ["proof", found.form], ["fault", found.fault], ["request id", found.requestId],
    ["at", new Date(found.at).toISOString()]
  ].filter(([, value]) => value !== undefined)
  byId("details").replaceChildren(
    element("h2", { textContent: found.method + " " + found.path }),
    table(["", ""], facts),
    ...permissionOf(found.decisions),
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

// Rows are added and removed, never rebuilt, so that the keyboard focus stays on its row.
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

const openRequest = ({ currentTarget }) => {
  views[0].click()
  const button = byId("list").querySelector("[data-number='" + currentTarget.dataset.number + "']")
  button?.focus()
  button?.click()
}

// What was decided by a role's trust policy, the latest first, each with a way to its request.
const showDecisions = ({ requests }) => {
  for (const list of document.querySelectorAll("#accounts [data-policies]")) {
    const decided = requests.flatMap(({ at, decided, number }) =>
      decided.filter(({ policies }) => policies === list.dataset.policies)
        .map(({ action, effect }) => ({ at, action, effect, number })))
    const latest = String(decided.at(-1)?.number)
    if (list.dataset.latest === latest) continue
    list.dataset.latest = latest
    list.replaceChildren(...decided.reverse().map(({ action, at, effect, number }) => {
      const said = effect === "Allow" ? " allowed" : effect === "Deny" ? " denied" : " not allowed"
      const button = element("button", { type: "button", onclick: openRequest, className: effect === "Allow" ? "good" : "bad",
        textContent: timeOf(at) + " " + action + said })
      button.dataset.number = number
      return element("li", {}, button)
    }))
  }
}

const roleOf = ({ maxSessionDuration, name, policies, trust, trustPolicy }) => {
  const title = "Role " + name + ", sessions up to " + maxSessionDuration + " s"
  const role = disclosed(title, ["Whom it trusts", trustPolicy], ["What it may do", policies])
  const list = element("ul", { className: "decided" })
  list.dataset.policies = trust
  role.append(element("h3", { textContent: "What its trust policy decided" }), list)
  return role
}

const showAccounts = ({ accounts }) => {
  byId("accounts").replaceChildren(...accounts.flatMap(({ cloud, id, keys: own, roles, users }) => [
    element("h2", { textContent: cloud + " " + id }),
    element("p", { className: "soft", textContent: "Keys of the account itself: " + keys(own) }),
    ...users.map((user) => disclosed("User " + user.name + ": " + keys(user.keys), ["Policies", user.policies])),
    ...roles.map(roleOf)
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
  showDecisions(state)
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
