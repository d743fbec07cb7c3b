/**
 * Signing in with the console's credentials, as `aws login` does: the page, the request for a session, the file that keeps
 * it, and the line of the config file that names it.
 *
 * Source: "CreateOAuth2Token", AWS Sign-In API Reference; "Login for AWS local development using console credentials", AWS
 * CLI User Guide.
 */
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { encodePairs } from "../encoding.js"
import * as Json from "../json.js"
import { endsIn, fault, type SessionFault } from "./identityServices.js"

/** What the service knows the program by: whether it is on the browser's machine or on another. */
export type ClientId = `arn:aws:signin:::devtools/${"same" | "cross"}-device`

/** Where the browser is sent back to on this machine. */
export const callbackPath = "/oauth/callback"

/** The service's page that shows what is to be pasted, where the program is on another machine. */
export const confirmationPath = "v1/sessions/confirmation"

/** What is wrong with a text that was pasted. */
export type Mispasted = "no code" | "another sign-in's"

/** The code in the text that the page shows: its state and code, as of a query, in base64. */
export const pastedCode = (
  text: Redacted.Redacted,
  state: Redacted.Redacted
): Result.Result<Redacted.Redacted, Mispasted> => {
  const query = new URLSearchParams(Buffer.from(Redacted.value(text).trim(), "base64").toString("utf8"))
  const code = query.get("code") ?? ""
  if (code === "") return Result.fail("no code")
  return query.get("state") === Redacted.value(state)
    ? Result.succeed(Redacted.make(code))
    : Result.fail("another sign-in's")
}

/** What the browser is sent with. */
export interface Authorization {
  readonly redirectUri: string
  readonly state: Redacted.Redacted
  readonly challenge: string
}

/** The page where a person signs in. The method is the service's own name for S256. */
export const authorizeUrl = (
  endpoint: string,
  clientId: ClientId,
  { challenge, redirectUri, state }: Authorization
): string => {
  const query = encodePairs([
    ["response_type", "code"],
    ["client_id", clientId],
    ["state", Redacted.value(state)],
    ["code_challenge_method", "SHA-256"],
    ["scope", "openid"],
    ["redirect_uri", redirectUri],
    ["code_challenge", challenge]
  ])
  return `${endpoint}v1/authorize?${query}`
}

/** What the browser brought back, and what it is redeemed with. */
export interface Grant {
  readonly code: Redacted.Redacted
  readonly verifier: Redacted.Redacted
  readonly redirectUri: string
}

/** The body of a request for a session. */
export const tokenRequest = (clientId: ClientId, { code, redirectUri, verifier }: Grant): string =>
  JSON.stringify({
    clientId,
    grantType: "authorization_code",
    code: Redacted.value(code),
    codeVerifier: Redacted.value(verifier),
    redirectUri
  })

/** A session, and the file that keeps it. */
export interface SignedIn {
  /** The users who have signed in. */
  readonly loginSession: string
  readonly expiresAt: string
  readonly text: string
}

const arn = /^arn:[a-z-]+:[a-z]+::(\d{12}):[\x21-\x7e]+$/

// It came over TLS from its issuer.
const subjectOf = (idToken: string): string | undefined => {
  const payload = Buffer.from(idToken.split(".")[1] ?? "", "base64url").toString("utf8")
  return Json.textIfAny(Json.parse(payload) ?? {}, "sub")
}

const names = { id: "accessKeyId", secret: "secretAccessKey", token: "sessionToken" } as const
const longest = 900

/** What a session is bound to. */
export interface Bond {
  readonly clientId: ClientId
  readonly dpopKey: Redacted.Redacted
  readonly region: string | undefined
}

/** The session of a reply, with what it is bound to. */
export const signedIn = (
  reply: string,
  { clientId, dpopKey, region }: Bond,
  now: number
): Result.Result<SignedIn, SessionFault> =>
  Result.gen(function* () {
    const json = Json.parse(reply) ?? {}
    const part = (yield* Result.mapError(Json.object(json, "accessToken"), Json.misfit)) ?? {}
    const keys = yield* Result.mapError(Json.texts(part, names), Json.misfit)
    const { idToken, refreshToken } = yield* Result.mapError(
      Json.texts(json, { idToken: "idToken", refreshToken: "refreshToken" }),
      Json.misfit
    )
    const seconds = (yield* Result.mapError(Json.number(json, "expiresIn"), Json.misfit)) ?? longest
    if (refreshToken === undefined || idToken === undefined || Object.values(keys).includes(undefined)) {
      return yield* fault("Unavailable", "the sign-in service gave no session")
    }
    const loginSession = subjectOf(idToken) ?? ""
    const accountId = arn.exec(loginSession)?.[1]
    if (accountId === undefined) {
      return yield* fault("Malformed", "the sign-in service does not say who has signed in")
    }
    const expiresAt = endsIn(now, seconds)
    const document = {
      accessToken: {
        [names.id]: keys.id,
        [names.secret]: keys.secret,
        [names.token]: keys.token,
        accountId,
        expiresAt
      },
      tokenType: "aws_sigv4",
      clientId,
      refreshToken,
      idToken,
      dpopKey: Redacted.value(dpopKey),
      ...(region === undefined ? {} : { signInRegion: region })
    }
    return { loginSession, expiresAt, text: `${JSON.stringify(document, undefined, 2)}\n` }
  })

/** Whether a file keeps such a session. */
export const isSession = (text: string): boolean => {
  const part = Result.getOrElse(Json.object(Json.parse(text) ?? {}, "accessToken"), () => undefined)
  return part !== undefined && Json.textIfAny(part, names.id) !== undefined
}
