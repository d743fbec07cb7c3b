/** Packages that only some of the emulator needs, loaded when it does. */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"

/** A package that is not installed. */
export class MissingPackageError extends Data.TaggedError("MissingPackageError")<{
  readonly package: string
  readonly purpose: string
}> {
  override get message(): string {
    return `The emulator needs the package ${this.package} to ${this.purpose}. Install it: npm install --save-dev ${this.package}`
  }
}

/** Loads a package, or says how to install it. */
export const load = <A>(
  name: string,
  purpose: string,
  importIt: () => Promise<A>
): Effect.Effect<A, MissingPackageError> =>
  Effect.tryPromise({ try: importIt, catch: () => new MissingPackageError({ package: name, purpose }) })
