/**
 * The page to which a program sends a person's browser, and the codes with which the browser comes back: what the sign-in
 * services of all clouds have in common.
 *
 * Source: RFC 6749, "The OAuth 2.0 Authorization Framework", section 4.1; RFC 7636, "Proof Key for Code Exchange"; RFC
 * 8252, "OAuth 2.0 for Native Apps", section 7.3.
 */

import { createHash } from "node:crypto"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Asked, Refusal, Route } from "./Service.js"
import { notice, question, sendTo } from "./SignInPage.js"
import { type Generator, Remembered } from "./State.js"

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
export type Misuse = "unknown" | "expired" | "redirect" | "verifier"

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
            error_description: "The person said no",
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
