/** The token with which a container asks for its credentials. */

import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Redacted from "effect/Redacted"
import { quoteOf, withoutQuotes } from "../../protocol/settings.js"
import { type CredentialErrorReason, StsCredentialError } from "../../schemas/StsError.js"
import type { SourceError } from "../../services/CredentialSource.js"
import { textOf } from "../../services/configProvider.js"
import type { Source } from "../../services/failedCall.js"
import { settings } from "../../services/setting.js"
import * as TextFile from "../textFile.js"

/** What can be set. What is left out comes from the environment. */
export interface Options {
  /** A file that holds the token. `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE`; wins over the token itself. */
  readonly authorizationTokenFile?: string | undefined
  /** The whole value of the `Authorization` header. `AWS_CONTAINER_AUTHORIZATION_TOKEN`. */
  readonly authorizationToken?: string | Redacted.Redacted | undefined
}

const fileVariable = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
const tokenVariable = "AWS_CONTAINER_AUTHORIZATION_TOKEN"

const sendable = /^[\x20-\x7e]+$/

/** Where a token was found. */
interface Place {
  readonly key: string
  readonly file?: string | undefined
}

const checked = (
  source: Source,
  place: Place,
  text: string
): Effect.Effect<Redacted.Redacted, SourceError> => {
  // Who keeps the file fresh may be about to.
  const isFile = place.file !== undefined
  const fail = (reason: CredentialErrorReason, detail: string, hint?: string) =>
    new StsCredentialError({ ...source, ...place, reason, detail, hint, transient: isFile || undefined })
  if (text === "") return fail("Incomplete", "the authorization token is empty")
  if (quoteOf(text.trim()) !== undefined) {
    return fail("Malformed", "the authorization token begins or ends with a quotation mark", withoutQuotes)
  }
  if (/[\r\n]/.test(text)) {
    return fail("Malformed", "the authorization token holds a line break, which no header may have")
  }
  return sendable.test(text)
    ? Effect.succeed(Redacted.make(text))
    : fail("Malformed", "the authorization token holds a character that no header may have")
}

const inFile = (
  source: Source,
  fs: FileSystem.FileSystem,
  key: string,
  file: string
): Effect.Effect<Redacted.Redacted, SourceError> =>
  Effect.matchEffect(TextFile.read(fs, file), {
    onSuccess: (text) => checked(source, { key, file }, text),
    onFailure: (fault) => {
      const detail = `the file with the authorization token could not be read (${fault.reason})`
      return new StsCredentialError({ ...source, key, file, reason: "Unreadable", detail, transient: true })
    }
  })

/**
 * Reads the token; none where none is set. A carriage return or line feed in it is refused: a header could be
 * forged with it.
 */
export const read = (
  source: Source,
  fs: FileSystem.FileSystem,
  { authorizationToken: token, authorizationTokenFile }: Options
): Effect.Effect<Redacted.Redacted | undefined, SourceError> => {
  if (authorizationTokenFile !== undefined) {
    return inFile(source, fs, "authorizationTokenFile", authorizationTokenFile)
  }
  if (token !== undefined) {
    return checked(
      source,
      { key: "authorizationToken" },
      Redacted.isRedacted(token) ? Redacted.value(token) : token
    )
  }
  return Effect.flatMap(settings([fileVariable]), ({ [fileVariable]: file }) =>
    file !== undefined
      ? inFile(source, fs, fileVariable, file)
      : // Not trimmed: a line break at its end is a mistake that must show.
        Effect.flatMap(textOf(tokenVariable), (text = "") =>
          text.trim() === "" && !/[\r\n]/.test(text)
            ? Effect.succeed(undefined)
            : checked(source, { key: tokenVariable }, text)
        )
  )
}
