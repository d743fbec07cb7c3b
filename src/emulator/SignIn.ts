/**
 * Signing in, as the services of all clouds have it: the pages that a person answers, the codes with which a browser comes
 * back, and the codes that are confirmed in any browser.
 *
 * Source: RFC 6749, "The OAuth 2.0 Authorization Framework", section 4.1; RFC 7636, "Proof Key for Code Exchange"; RFC
 * 8252, "OAuth 2.0 for Native Apps", section 7.3; RFC 8628, "OAuth 2.0 Device Authorization Grant".
 */
import { createHash } from "node:crypto"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Parameters } from "../protocol/encoding.js"
import {
  type Asked,
  escapeMarkup,
  type Refusal,
  type Route,
  type WireReply,
  type WireRequest
} from "./Service.js"
import { type Generator, Remembered } from "./State.js"

/** What a page asks. */
interface Question {
  readonly title: string
  readonly text: string
  readonly users: ReadonlyArray<string>
  /** What is sent with the answer. */
  readonly hidden: Parameters
}

const html = (now: number, status: number, title: string, content: string): WireReply => ({
  status,
  headers: {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    date: new Date(now).toUTCString()
  },
  body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escapeMarkup(title)}</title><body style="font:1rem system-ui;margin:4rem auto;max-width:32rem;color-scheme:light dark"><h1>${escapeMarkup(title)}</h1>${content}</body></html>`
})

/** A page with something to read. */
export const notice = (now: number, title: string, text: string, status = 200): WireReply =>
  html(now, status, title, `<p>${escapeMarkup(text)}</p>`)

/** A page with something to answer. */
export const question = (now: number, { hidden, text, title, users }: Question): WireReply => {
  const fields = Object.entries(hidden).map(
    ([name, value]) => `<input type="hidden" name="${escapeMarkup(name)}" value="${escapeMarkup(value)}">`
  )
  const buttons = users.map(
    (user) => `<button name="user" value="${escapeMarkup(user)}">Allow as ${escapeMarkup(user)}</button> `
  )
  return html(
    now,
    200,
    title,
    `<p>${escapeMarkup(text)}</p><form method="post">${fields.join("")}${buttons.join("")}<button name="deny" value="yes">Deny</button></form>`
  )
}

/** Sends the browser elsewhere. */
const sendTo = (now: number, url: string, parameters: Parameters): WireReply => {
  const target = new URL(url)
  for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value)
  return { status: 302, headers: { location: target.href, date: new Date(now).toUTCString() }, body: "" }
}

/** Where a request came, to name further pages there. */
export const originOf = ({ headers: { host = "127.0.0.1" } }: WireRequest): string =>
  `${/^(127\.|localhost|\[)/.test(host) ? "http" : "https"}://${host}`

/** Who may sign in through a client, and where the browser may be sent back to. */
export interface Client<A> {
  readonly id: string
  readonly users: ReadonlyArray<string>
  readonly accepts: (redirectUri: URL) => boolean
  readonly value: A
}

/** A code, and what it was given for. */
interface Code<A> {
  readonly client: Client<A>
  readonly userName: string
  readonly redirectUri: string
  readonly challenge: string
  /** Milliseconds since 1970. */
  readonly expiration: number
}

/** What is wrong with the redemption of a code. */
type Misuse = "unknown" | "expired" | "redirect" | "verifier"

const lifetime = Duration.toMillis("5 minutes")
const memory = Duration.toMillis("1 hour")

/** Whether a URL is an address of this machine, at any port. */
export const isLoopback = ({ hostname, protocol }: URL): boolean =>
  protocol === "http:" && hostname === "127.0.0.1"

/** The codes of one service. */
export class Codes<A> {
  private readonly codes = new Remembered<Code<A>>(memory)

  constructor(
    private readonly generator: Generator,
    private readonly method: "S256" | "SHA-256",
    private readonly clientOf: (asked: Asked) => Client<A> | undefined
  ) {}

  /** Shows the page, and sends the browser back with what the person answered. */
  get page(): Route["answer"] {
    return (asked) =>
      Effect.gen({ self: this }, function* () {
        const { now, parameters, request } = asked
        const client = this.clientOf(asked)
        const { code_challenge: challenge = "", redirect_uri: redirectUri = "", state = "" } = parameters
        // Nobody is sent to where the client has not said.
        if (client === undefined) return notice(now, "Nobody can sign in", "The client is not known.", 400)
        if (!URL.canParse(redirectUri) || !client.accepts(new URL(redirectUri))) {
          return notice(now, "Nobody can sign in", "The redirect_uri is not the client's.", 400)
        }
        if (parameters["response_type"] !== "code" || parameters["code_challenge_method"] !== this.method) {
          return sendTo(now, redirectUri, { error: "invalid_request", state })
        }
        if (request.method === "GET") {
          const { deny: _, user: __, ...hidden } = parameters
          const text = "A program on your machine wants to sign in."
          return question(now, { title: "Allow access?", text, users: client.users, hidden })
        }
        const userName = client.users.find((one) => one === parameters["user"])
        if (parameters["deny"] !== undefined || userName === undefined) {
          return sendTo(now, redirectUri, {
            error: "access_denied",
            error_description: "The person denied access",
            state
          })
        }
        const code = yield* this.generator.text(64)
        this.codes.set(code, { client, userName, redirectUri, challenge, expiration: now + lifetime }, now)
        return sendTo(now, redirectUri, { code, state })
      })
  }

  /** Takes a code for who signed in. It is good once, also where what comes with it is wrong. */
  redeem(
    code: string,
    clientId: string,
    redirectUri: string,
    verifier: string,
    now: number
  ): Effect.Effect<Pick<Code<A>, "client" | "userName">, Misuse> {
    const found = this.codes.get(code, now)
    this.codes.delete(code)
    if (found === undefined || found.client.id !== clientId) return Effect.fail("unknown")
    if (found.expiration <= now) return Effect.fail("expired")
    if (found.redirectUri !== redirectUri) return Effect.fail("redirect")
    const challenge = createHash("sha256").update(verifier).digest("base64url")
    return challenge === found.challenge ? Effect.succeed(found) : Effect.fail("verifier")
  }
}

/** The same refusal, whatever is wrong. */
export const refusedWith =
  (refusal: Refusal) =>
  <A>(redeemed: Effect.Effect<A, Misuse>): Effect.Effect<A, Refusal> =>
    Effect.mapError(redeemed, () => refusal)

/** What a person is asked, and has said. */
interface Device<A> {
  readonly clientId: string
  readonly users: ReadonlyArray<string>
  readonly value: A
  readonly userCode: string
  /** Milliseconds since 1970. */
  readonly expiration: number
  /** When it was last asked about. */
  asked: number | undefined
  decision: { readonly userName: string | undefined } | undefined
}

/** Why a code is not good for tokens. */
export type Waiting = "unknown" | "expired" | "pending" | "slow" | "denied"

/** How long a code can be confirmed, in seconds. */
export const deviceSeconds = 600

/** How many seconds are to lie between two questions. */
export const interval = 1

/** The codes of one service. */
export class Devices<A> {
  private readonly byDeviceCode = new Remembered<Device<A>>(memory)
  private readonly byUserCode = new Remembered<Device<A>>(memory)

  constructor(private readonly generator: Generator) {}

  /** A new code, that one of these users may confirm. */
  start(
    { clientId, users, value }: Pick<Device<A>, "clientId" | "users" | "value">,
    now: number
  ): Effect.Effect<{ readonly deviceCode: string; readonly userCode: string }> {
    return Effect.gen({ self: this }, function* () {
      const letters = yield* this.generator.base32(8)
      const device: Device<A> = {
        clientId,
        users,
        value,
        userCode: `${letters.slice(0, 4)}-${letters.slice(4)}`,
        expiration: now + deviceSeconds * 1_000,
        asked: undefined,
        decision: undefined
      }
      const deviceCode = yield* this.generator.text(120)
      this.byDeviceCode.set(deviceCode, device, now)
      this.byUserCode.set(device.userCode, device, now)
      return { deviceCode, userCode: device.userCode }
    })
  }

  /** The page where a person confirms a code, or says no. */
  readonly page: Route["answer"] = ({ now, parameters, request }) =>
    Effect.sync((): WireReply => {
      const { deny, user, user_code: code = "" } = parameters
      const device = this.byUserCode.get(code, now)
      if (device === undefined || device.expiration <= now || device.decision !== undefined) {
        return notice(now, "No such code", "It is unknown, expired or used.", 404)
      }
      if (request.method === "GET") {
        return question(now, {
          title: "Allow access?",
          text: `Check that the program shows the code ${device.userCode}.`,
          users: device.users,
          hidden: { user_code: device.userCode }
        })
      }
      const userName = deny === undefined ? device.users.find((one) => one === user) : undefined
      device.decision = { userName }
      return userName === undefined
        ? notice(now, "Access denied", "The program is told so.")
        : notice(now, "Access allowed", "You can close this page.")
    })

  /** Takes a confirmed code for who confirmed it, once. */
  redeem(
    deviceCode: string,
    clientId: string,
    now: number
  ): Effect.Effect<{ readonly value: A; readonly userName: string }, Waiting> {
    const device = this.byDeviceCode.get(deviceCode, now)
    if (device === undefined || device.clientId !== clientId) return Effect.fail("unknown")
    if (device.expiration <= now) return Effect.fail("expired")
    const tooSoon = device.asked !== undefined && now - device.asked < interval * 1_000
    device.asked = now
    if (device.decision === undefined) return Effect.fail(tooSoon ? "slow" : "pending")
    const { userName } = device.decision
    if (userName === undefined) return Effect.fail("denied")
    this.byDeviceCode.delete(deviceCode)
    return Effect.succeed({ value: device.value, userName })
  }
}
