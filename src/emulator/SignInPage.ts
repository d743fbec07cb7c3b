/** The pages on which a person signs in, or says no: a button for each user and one for nobody. */
import type { Parameters } from "../protocol/encoding.js"
import type { WireReply, WireRequest } from "./Service.js"

/** What a page asks. */
export interface Question {
  readonly title: string
  readonly text: string
  readonly users: ReadonlyArray<string>
  /** What is sent with the answer. */
  readonly hidden: Parameters
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;"
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? "")

const html = (now: number, status: number, title: string, content: string): WireReply => ({
  status,
  headers: {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    date: new Date(now).toUTCString()
  },
  body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escaped(title)}</title><body style="font:1rem system-ui;margin:4rem auto;max-width:32rem;color-scheme:light dark"><h1>${escaped(title)}</h1>${content}</body></html>`
})

/** A page with something to read. */
export const notice = (now: number, title: string, text: string, status = 200): WireReply =>
  html(now, status, title, `<p>${escaped(text)}</p>`)

/** A page with something to answer. */
export const question = (now: number, { hidden, text, title, users }: Question): WireReply => {
  const fields = Object.entries(hidden).map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`
  )
  const buttons = users.map(
    (user) => `<button name="user" value="${escaped(user)}">Allow as ${escaped(user)}</button> `
  )
  return html(
    now,
    200,
    title,
    `<p>${escaped(text)}</p><form method="post">${fields.join("")}${buttons.join("")}<button name="deny" value="yes">Deny</button></form>`
  )
}

/** Sends the browser elsewhere. */
export const sendTo = (now: number, url: string, parameters: Parameters): WireReply => {
  const target = new URL(url)
  for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value)
  return { status: 302, headers: { location: target.href, date: new Date(now).toUTCString() }, body: "" }
}

/** Where a request came, to name further pages there. */
export const originOf = ({ headers: { host = "127.0.0.1" } }: WireRequest): string =>
  `${/^(127\.|localhost|\[)/.test(host) ? "http" : "https"}://${host}`
