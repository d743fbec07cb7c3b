/** Sessions of `aws login`: where they are kept, and how AWS Sign-In is asked for them. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import { fileName } from "../../protocol/aws/identityServices.js"
import { proof } from "../../protocol/aws/signIn.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import type { SourceError } from "../../services/CredentialSource.js"
import { Nonce } from "../../services/Signing.js"
import { below, expand, here, located } from "../HomeDirectory.js"
import { type Caller, failure, once } from "./identityCall.js"

/** How errors call a login. */
export const source = "login"

const unknownHome = () =>
  new StsCredentialError({
    cloud: "aws",
    source,
    reason: "Unreadable",
    key: "AWS_LOGIN_CACHE_DIRECTORY",
    detail: "the home directory, where sessions are kept, is unknown",
    hint: "Set HOME or AWS_LOGIN_CACHE_DIRECTORY."
  })

/** The file that keeps a session, or another file of their folder. */
export const fileNamed = (name: string): Effect.Effect<string, SourceError> =>
  Effect.flatMap(located(here, ["AWS_LOGIN_CACHE_DIRECTORY"]), (env) => {
    const { AWS_LOGIN_CACHE_DIRECTORY: folder } = env
    const file =
      folder === undefined
        ? below(env, here, ".aws", "login", "cache", name)
        : `${expand(folder, env, here)}/${name}`
    return file === undefined ? Effect.fail(unknownHome()) : Effect.succeed(file)
  })

/** The file that keeps a session. */
export const fileOf = (loginSession: string): Effect.Effect<string, SourceError> =>
  fileNamed(fileName("sha256", loginSession.trim()))

/** What to do where the service permits nothing. */
export const permit = (code: string | undefined): string | undefined =>
  code === "INSUFFICIENT_PERMISSIONS"
    ? "Allow the user who signed in the action signin:CreateOAuth2Token."
    : undefined

/** Asks for a session once, with the proof that its key is held: one that was seen before is refused. */
export const createToken = (
  caller: Caller,
  url: string,
  key: Redacted.Redacted,
  body: string
): Effect.Effect<string, SourceError> =>
  Effect.gen(function* () {
    const nonce = yield* yield* Nonce
    const now = yield* Clock.currentTimeMillis
    const dpop = proof({ key, method: "POST", url, nonce, now })
    if (dpop === undefined) {
      const detail = "the session's dpopKey is not a P-256 private key"
      return yield* failure(caller, { reason: "Malformed", detail })
    }
    return yield* once(caller, {
      operation: "CreateOAuth2Token",
      method: "POST",
      url,
      headers: { "content-type": "application/json", dpop },
      body
    })
  })
