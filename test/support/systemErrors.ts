/**
 * What a system refuses.
 */

import * as Effect from "effect/Effect"
import { type SystemErrorTag as SystemErrorReason, systemError } from "effect/PlatformError"
import type { PlatformError } from "../../src/layers/platform.js"

export type Reason = SystemErrorReason

/** Fails as a file system does that refuses something. */
export const refuse = (
  method: string,
  path: string,
  reason: Reason,
  description = ""
): Effect.Effect<never, PlatformError> =>
  Effect.fail(
    systemError({ _tag: reason, module: "FileSystem", method, pathOrDescriptor: path, description })
  )
