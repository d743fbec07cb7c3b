/**
 * Codes that a person confirms in any browser: what the sign-in services of all clouds have in common.
 *
 * Source: RFC 8628, "OAuth 2.0 Device Authorization Grant".
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Route, WireReply } from "./Service.js"
import { notice, question } from "./SignInPage.js"
import { type Generator, Remembered } from "./State.js"

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

const memory = Duration.toMillis("1 hour")

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
        return notice(now, "No such code", "It is unknown, over or used.", 404)
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
