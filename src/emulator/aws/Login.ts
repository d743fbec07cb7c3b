/**
 * Logging in: what `aws login` keeps in a file when somebody did.
 *
 * Source: "Login credentials provider", AWS SDKs and Tools Reference Guide.
 */
import { createHash, generateKeyPairSync } from "node:crypto"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { formatTimestamp } from "../../protocol/timestamp.js"
import { thumbprintOf } from "../DpopProof.js"
import type { Account } from "./Account.js"
import { arnOfIdentity, type Identity } from "./Identity.js"
import { accessTokenOf, issueRefreshToken, loginSeconds } from "./SignIn.js"
import type { State } from "./State.js"

/** Who logs in. */
export interface LoginOptions {
  /** The name of a user; the first there is where left out. */
  readonly userName?: string | undefined
  /** How long before somebody has to log in again; twelve hours where left out. */
  readonly expiresIn?: Duration.Input | undefined
}

/** A login. */
export interface LoginFile {
  /** What a profile names as its `login_session`: an ARN. */
  readonly loginSession: string
  /** The file's name, in `~/.aws/login/cache`. */
  readonly fileName: string
  /** The file's text, in JSON: credentials, refresh token and key. */
  readonly content: Redacted.Redacted
}

/** No account has such a user. */
export class NoSuchUserError extends Data.TaggedError("NoSuchUserError")<{ readonly userName: string }> {
  override get message(): string {
    return `No account has a user ${this.userName}.`
  }
}

const userOf = (accounts: ReadonlyArray<Account>, name: string | undefined): Identity | undefined =>
  accounts
    .flatMap((account) => account.users.map((user): Identity => ({ _tag: "User", account, user })))
    .find((identity) => identity._tag === "User" && (name === undefined || identity.user.name === name))

const makeKey = () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
  const { x = "", y = "" } = publicKey.export({ format: "jwk" })
  return {
    pem: privateKey.export({ type: "sec1", format: "pem" }).toString(),
    thumbprint: thumbprintOf({ kty: "EC", crv: "P-256", x, y })
  }
}

/** Logs a user in. */
export const login = (
  state: State,
  options: LoginOptions,
  now: number
): Effect.Effect<LoginFile, NoSuchUserError> =>
  Effect.gen(function* () {
    const identity = userOf(state.accounts, options.userName)
    if (identity === undefined) {
      return yield* new NoSuchUserError({ userName: options.userName ?? "at all" })
    }
    const { pem, thumbprint } = makeKey()
    const expiration = now + Duration.toMillis(options.expiresIn ?? "12 hours")
    const session = yield* state.issue(identity, loginSeconds, now)
    const refreshToken = yield* issueRefreshToken(state, { value: { identity, thumbprint }, expiration }, now)
    const loginSession = arnOfIdentity(identity)
    const content = {
      accessToken: {
        ...accessTokenOf(session),
        accountId: identity.account.id,
        expiresAt: formatTimestamp(session.expiration, "iso8601")
      },
      tokenType: "aws_sigv4",
      clientId: "arn:aws:signin:::devtools/same-device",
      refreshToken,
      dpopKey: pem
    }
    return {
      loginSession,
      fileName: `${createHash("sha256").update(loginSession).digest("hex")}.json`,
      content: Redacted.make(JSON.stringify(content))
    }
  })
