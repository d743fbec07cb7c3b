/** Credentials that a program states itself, whatever the cloud. */
import * as Effect from "effect/Effect"
import type * as Result from "effect/Result"
import type { StsCredentialError } from "../schemas/StsError.js"
import type { CredentialSource } from "../services/CredentialSource.js"
import type { Place } from "./keyPair.js"

/** Where stated credentials are found, by the names that their cloud gives their parts. */
export const place = (id: string, secret: string, token: string): Place => ({
  source: "static credentials",
  keys: { id, secret, token }
})

/** A source that always gives the same credentials, once they are checked. */
export const make = <Credentials>(
  checked: () => Result.Result<Credentials, StsCredentialError>
): Effect.Effect<CredentialSource<Credentials>, StsCredentialError> =>
  Effect.map(
    Effect.suspend(() => Effect.fromResult(checked())),
    (credentials) => ({
      name: "static credentials",
      get: Effect.succeed(credentials)
    })
  )
