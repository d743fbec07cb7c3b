/**
 * Packages that only some of the emulator needs, loaded when it does.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"

/**
 * A package that is not installed.
 *
 * @category errors
 * @since 0.1.0
 */
export class MissingPackageError extends Data.TaggedError("MissingPackageError")<{
  readonly package: string
  readonly purpose: string
}> {
  override get message(): string {
    return `The emulator needs the package ${this.package} to ${this.purpose}. Install it: npm install --save-dev ${this.package}`
  }
}

/**
 * Loads a package, or says how to install it.
 *
 * @category constructors
 * @since 0.1.0
 */
export const load = <A>(
  name: string,
  purpose: string,
  importIt: () => Promise<A>
): Effect.Effect<A, MissingPackageError> =>
  Effect.tryPromise({ try: importIt, catch: () => new MissingPackageError({ package: name, purpose }) })
