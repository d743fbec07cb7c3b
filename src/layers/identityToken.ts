/**
 * Tokens of identity providers that credentials are exchanged for: from a file that somebody else keeps fresh, or from
 * any effect.
 */

import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import { identity } from "effect/Function"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { quoteOf, quotesHint, withoutQuotes } from "../protocol/settings.js"
import { IdentityToken } from "../schemas/Secret.js"
import { type CredentialErrorReason, StsCredentialError } from "../schemas/StsError.js"
import type { SourceError } from "../services/CredentialSource.js"
import type { Source } from "../services/SourceRequest.js"
import { filled } from "../services/setting.js"
import * as TextFile from "./textFile.js"

/** Where a token comes from; asked anew each time credentials are. */
export type Token<R = never> =
  | Effect.Effect<Redacted.Redacted, SourceError, R>
  | {
      /** The path of the file that holds the token and nothing else. */
      readonly file: string
    }

/**
 * Who needs the token, and what its errors name instead of where the source was configured: a variable or a key.
 */
export interface Needed extends Source {
  readonly key?: string | undefined
}

const isToken = Schema.is(IdentityToken)

const fromFile = (
  needed: Needed,
  stated: string
): Effect.Effect<Redacted.Redacted, StsCredentialError, FileSystem.FileSystem> => {
  const path = filled(stated)
  if (path === undefined) {
    const detail = "no file is named that holds the token"
    return Effect.fail(new StsCredentialError({ key: "token.file", ...needed, reason: "Incomplete", detail }))
  }
  // Who keeps the file fresh may be about to.
  const fail = (reason: CredentialErrorReason, detail: string, hint?: string) =>
    Effect.fail(new StsCredentialError({ ...needed, reason, detail, hint, transient: true }))
  return Effect.matchEffect(
    Effect.flatMap(FileSystem.FileSystem, (fs) => TextFile.read(fs, path)),
    {
      onFailure: ({ reason }) =>
        fail(
          "Unreadable",
          `the token file ${path} could not be read (${reason})`,
          quotesHint(path) ??
            "Check that the path is right, that the token is mounted there, and that this process may read it."
        ),
      onSuccess: (text) => {
        const token = text.replace(/^\uFEFF/, "").trim()
        if (token === "") return fail("Malformed", `the token file ${path} is empty`)
        if (quoteOf(token) !== undefined) {
          return fail(
            "Malformed",
            `the token file ${path} begins or ends with a quotation mark`,
            withoutQuotes
          )
        }
        if (/\s/.test(token)) {
          return fail(
            "Malformed",
            `the token file ${path} holds more than one word or line, and no token does`
          )
        }
        const secret = Redacted.make(token)
        return isToken(secret)
          ? Effect.succeed(secret)
          : fail("Malformed", `the token file ${path} holds too few characters for a token, or too many`)
      }
    }
  )
}

const same = (a: Redacted.Redacted | undefined, b: Redacted.Redacted | undefined): boolean =>
  (a && Redacted.value(a)) === (b && Redacted.value(b))

const isRefused = (error: SourceError): boolean =>
  error instanceof StsCredentialError && (error.reason === "Refused" || error.reason === "Expired")

/**
 * Uses what was read from a file that somebody else keeps fresh. Where it is refused it is read again, and tried once
 * more if its token has changed: it may have been replaced just then.
 */
export const trying = <Found, R1, A, R2>(
  read: Effect.Effect<Found, SourceError, R1>,
  tokenOf: (found: Found) => Redacted.Redacted | undefined,
  use: (found: Found) => Effect.Effect<A, SourceError, R2>
): Effect.Effect<A, SourceError, R1 | R2> =>
  Effect.flatMap(read, (first) =>
    Effect.catchIf(use(first), isRefused, (refusal) =>
      Effect.matchEffect(read, {
        onFailure: () => Effect.fail(refusal),
        onSuccess: (second) => (same(tokenOf(first), tokenOf(second)) ? Effect.fail(refusal) : use(second))
      })
    )
  )

/**
 * Exchanges a token for something else. Only one of a file is tried again: an effect gives another each time.
 */
export const exchanging = <R1, A, R2>(
  needed: Needed,
  token: Token<R1>,
  use: (token: Redacted.Redacted) => Effect.Effect<A, SourceError, R2>
): Effect.Effect<A, SourceError, R1 | R2 | FileSystem.FileSystem> => {
  const read = current(needed, token)
  return Effect.isEffect(token) ? Effect.flatMap(read, use) : trying(read, identity, use)
}

/** The token as it is now. That there is none is no reason to go on to another identity. */
export const current = <R>(
  needed: Needed,
  token: Token<R>
): Effect.Effect<Redacted.Redacted, SourceError, R | FileSystem.FileSystem> =>
  Effect.isEffect(token)
    ? Effect.mapError(token, (error) =>
        error instanceof StsCredentialError && error.reason === "NotConfigured"
          ? new StsCredentialError({
              ...needed,
              reason: "Incomplete",
              detail: `it has no token: ${error.detail}`,
              hint: error.hint
            })
          : error
      )
    : fromFile(needed, token.file)
