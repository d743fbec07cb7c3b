/**
 * The platform's errors for what the system reports.
 *
 * @since 0.1.0
 */
import * as PlatformError from "@effect/platform/Error"
import * as Effect from "effect/Effect"

const reasons: Readonly<Record<string, PlatformError.SystemErrorReason>> = {
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

/**
 * What was done to what.
 *
 * @category models
 * @since 0.1.0
 */
export interface Deed {
  readonly module: "FileSystem" | "Command"
  readonly method: string
  readonly subject: string | number
}

/**
 * The error for what node threw.
 *
 * @category errors
 * @since 0.1.0
 */
export const fromErrno = (deed: Deed, error: NodeJS.ErrnoException): PlatformError.PlatformError =>
  new PlatformError.SystemError({
    reason: reasons[error.code ?? ""] ?? "Unknown",
    module: deed.module,
    method: deed.method,
    pathOrDescriptor: deed.subject,
    syscall: error.syscall,
    description: error.code ?? error.name
  })

/**
 * Runs what may throw as node does.
 *
 * @category constructors
 * @since 0.1.0
 */
export const attempt = <A>(deed: Deed, run: () => A): Effect.Effect<A, PlatformError.PlatformError> =>
  Effect.try({ try: run, catch: (error) => fromErrno(deed, error as NodeJS.ErrnoException) })

/**
 * The error of what cannot be done while the thread is blocked.
 *
 * @category errors
 * @since 0.1.0
 */
export const unsupported = (module: Deed["module"], method: string): PlatformError.PlatformError =>
  new PlatformError.BadArgument({ module, method, description: "not possible while the thread is blocked" })
