/**
 * Where OAuth tokens are kept: in the command line tool's config file, whose other settings stay as they are.
 */

import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Redacted from "effect/Redacted"
import * as Semaphore from "effect/Semaphore"
import { type Renewed, tokensIn, withTokens } from "../../protocol/alibaba/oauth.js"
import type { OAuthTokens } from "../../protocol/alibaba/plan.js"
import { write } from "../PrivateFile.js"
import * as TextFile from "../textFile.js"

/** A profile of a file. */
export interface Place {
  readonly file: string
  readonly profile: string
}

/**
 * What is to be known of a profile's tokens from one time they are used to the next. Whoever makes sources anew keeps
 * one for each profile.
 */
export class Memory {
  readonly turn = Semaphore.makeUnsafe(1)
  /** Tokens that could not be written, and the refresh token that the file still has instead of theirs. */
  unwritten: { readonly over: Redacted.Redacted; readonly tokens: OAuthTokens } | undefined
}

/** Whether two tokens are there and the same. */
export const same = (a: Redacted.Redacted | undefined, b: Redacted.Redacted | undefined): boolean =>
  a !== undefined && b !== undefined && Redacted.value(a) === Redacted.value(b)

/**
 * The file as it is now, because another program may have renewed the tokens; nothing where they are no longer there.
 */
export const stored = (
  { file, profile }: Place,
  { unwritten }: Memory
): Effect.Effect<
  { readonly text: string; readonly tokens: OAuthTokens } | undefined,
  never,
  FileSystem.FileSystem
> =>
  Effect.flatMap(FileSystem.FileSystem, (fs) => Effect.option(TextFile.read(fs, file))).pipe(
    Effect.map((text) => {
      const tokens = text._tag === "None" ? undefined : tokensIn(text.value, profile)
      if (text._tag === "None" || tokens === undefined) return undefined
      const held = unwritten !== undefined && same(unwritten.over, tokens.refreshToken)
      return { text: text.value, tokens: held ? unwritten.tokens : tokens }
    })
  )

/** Writes tokens that were got for a refresh token, or remembers them where that cannot be done. */
export const keep = (
  place: Place,
  memory: Memory,
  used: Redacted.Redacted,
  tokens: Renewed
): Effect.Effect<void, never, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const found = yield* stored(place, memory)
    // Somebody logged in anew meanwhile: what they have is not to be lost.
    if (found !== undefined && !same(found.tokens.refreshToken, used)) return
    const next = found === undefined ? undefined : withTokens(found.text, place.profile, tokens)
    const written = next === undefined ? false : yield* Effect.isSuccess(write(fs, place.file, next))
    const { unwritten } = memory
    memory.unwritten = undefined
    if (written) return
    const held = unwritten !== undefined && same(unwritten.tokens.refreshToken, used)
    memory.unwritten = { over: held ? unwritten.over : used, tokens }
    yield* Effect.logWarning(
      `${place.file} could not be written: other programs have lost the tokens of profile ${place.profile}, and may have to log in again`
    )
  })
