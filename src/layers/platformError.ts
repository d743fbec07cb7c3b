/** The platform's errors: what the system reports, made and read in one place. */

import * as Effect from "effect/Effect"
import * as Errors from "effect/PlatformError"

/** What the platform's services fail with. */
export type PlatformError = Errors.PlatformError

const reasons: Readonly<Record<string, Errors.SystemErrorTag>> = {
  ENOENT: "NotFound",
  EACCES: "PermissionDenied",
  EPERM: "PermissionDenied",
  EEXIST: "AlreadyExists",
  EISDIR: "BadResource",
  ENOTDIR: "BadResource",
  ELOOP: "BadResource",
  EBUSY: "Busy",
  ETIMEDOUT: "TimedOut"
}

/** What was done to what. */
export interface Deed {
  readonly module: "FileSystem" | "Command"
  readonly method: string
  readonly subject: string | number
}

/** The error for what node threw. */
export const fromErrno = ({ method, module, subject }: Deed, error: NodeJS.ErrnoException): PlatformError =>
  Errors.systemError({
    _tag: reasons[error.code ?? ""] ?? "Unknown",
    module,
    method,
    pathOrDescriptor: subject,
    syscall: error.syscall,
    description: error.code ?? error.name
  })

/** Runs what may throw as node does. */
export const attempt = <A>(deed: Deed, run: () => A): Effect.Effect<A, PlatformError> =>
  Effect.try({ try: run, catch: (error) => fromErrno(deed, error as NodeJS.ErrnoException) })

/** The error of what cannot be done while the thread is blocked. */
export const unsupported = (module: Deed["module"], method: string): PlatformError =>
  Errors.badArgument({ module, method, description: "not possible while the thread is blocked" })

const codeIn = (cause: unknown): string =>
  cause instanceof Error && "code" in cause ? String(cause.code) : ""

/**
 * What went wrong, such as `NotFound`, and what the system says of it: where the platform has no word of its own, its
 * code is in there.
 */
export const reasonOf = ({
  reason
}: PlatformError): { readonly reason: string; readonly description: string } => ({
  reason: reason._tag,
  description: reason.description ?? codeIn(reason.cause)
})
