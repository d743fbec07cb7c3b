/**
 * What a system refuses.
 */
import { SystemError, type SystemErrorReason } from "@effect/platform/Error"
import * as Effect from "effect/Effect"
import type { PlatformError } from "../../src/layers/platformError.js"

export type Reason = SystemErrorReason

/** Fails as a file system does that refuses something. */
export const refuse = (
  method: string,
  path: string,
  reason: Reason,
  description = ""
): Effect.Effect<never, PlatformError> =>
  Effect.fail(new SystemError({ module: "FileSystem", method, pathOrDescriptor: path, reason, description }))
