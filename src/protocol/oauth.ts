/**
 * Signing in with a browser: the proof that who asks for tokens is who sent the person there (PKCE), what comes back
 * from the browser, and how often is asked whether a person has confirmed a code elsewhere.
 *
 * Source: RFC 6749, "The OAuth 2.0 Authorization Framework"; RFC 7636, "Proof Key for Code Exchange"; RFC 8252, "OAuth
 * 2.0 for Native Apps"; RFC 8628, "OAuth 2.0 Device Authorization Grant".
 */
import { createHash, timingSafeEqual } from "node:crypto"
import * as Redacted from "effect/Redacted"

/** The proof: 64 characters from 48 bytes that nobody can guess. */
export const verifierOf = (bytes: Uint8Array): Redacted.Redacted =>
  Redacted.make(Buffer.from(bytes).toString("base64url"))

/** What is shown of the proof beforehand: its SHA-256. */
export const challengeOf = (verifier: Redacted.Redacted): string =>
  createHash("sha256").update(Redacted.value(verifier)).digest("base64url")

/** A request of a browser to the address that it is sent back to. */
export interface BrowserRequest {
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly host: string | undefined
}

/** What is waited for. */
export interface Expected {
  readonly host: string
  readonly path: string
  readonly state: Redacted.Redacted
}

/** What came back from the browser. */
export type Redirect =
  | { readonly _tag: "Code"; readonly code: Redacted.Redacted }
  /** The person, or the service, said no. */
  | { readonly _tag: "Refused"; readonly code: string; readonly description: string }

/** A request that is not what is waited for. */
export interface Stray {
  readonly _tag: "Stray"
  readonly status: 400 | 404 | 405
  /** Whether it comes from some sign-in, and not from this one. */
  readonly foreign: boolean
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest()

// Digests are of equal length, whatever came.
const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))

const stray = (status: Stray["status"], foreign = false): Stray => ({ _tag: "Stray", status, foreign })

const longest = 4_096

/** Reads a request. What is not for this sign-in is to be answered, and waited past. */
export const redirectIn = (
  { host, method, target }: BrowserRequest,
  expected: Expected
): Redirect | Stray => {
  if (host !== expected.host || target.length > longest) return stray(400)
  const [path = "", query = ""] = target.split(/\?(.*)/s)
  if (path !== expected.path) return stray(404)
  if (method !== "GET") return stray(405)
  const parameters = new URLSearchParams(query)
  if (!same(parameters.get("state") ?? "", Redacted.value(expected.state))) return stray(400, true)
  const refused = parameters.get("error")
  if (refused !== null) {
    return { _tag: "Refused", code: refused, description: parameters.get("error_description") ?? "" }
  }
  const code = parameters.get("code")
  return code === null || code === "" ? stray(400, true) : { _tag: "Code", code: Redacted.make(code) }
}

const texts = {
  Code: ["You can close this page", "The program that opened it continues."],
  Refused: ["Sign-in failed", "The program that opened this page shows the reason."],
  Stray: ["This is not the page that was expected", "The sign-in that is waiting here continues."]
} as const

/** The page that answers a request. It repeats nothing of it. */
export const pageOf = ({ _tag }: Redirect | Stray): string => {
  const [title, text] = texts[_tag]
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><body style="font:1rem system-ui;margin:4rem auto;max-width:32rem;color-scheme:light dark"><h1>${title}</h1><p>${text}</p></body></html>`
}

/** How a person's answer is asked for. */
export interface Polling {
  /** Milliseconds between two questions. */
  readonly interval: number
}

const slower = 5_000

/** How to go on after an error code; nothing where it is the end. */
export const pollAfter = (polling: Polling, code: string | undefined): Polling | undefined => {
  switch (code) {
    case "authorization_pending":
      return polling
    case "slow_down":
      return { interval: polling.interval + slower }
    default:
      return undefined
  }
}
