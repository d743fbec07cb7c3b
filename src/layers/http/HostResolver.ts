/**
 * The addresses of a host, where they have to be known before anything is sent to it.
 *
 * @since 0.1.0
 */
import { lookup } from "node:dns"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { ExchangeFault } from "../../services/HttpReply.js"

/**
 * Finds all addresses of a host's name, or fails with the system's code.
 *
 * @category models
 * @since 0.1.0
 */
export type Resolve = (name: string) => Effect.Effect<ReadonlyArray<string>, ExchangeFault>

/**
 * Asks the system, the way programs' connections do.
 *
 * @category constructors
 * @since 0.1.0
 */
export const bySystem: Resolve = (name) =>
  Effect.callback((resume) => {
    lookup(name, { all: true }, (error, found) =>
      resume(
        error === null
          ? Effect.succeed(found.map(({ address }) => address))
          : Effect.fail(new ExchangeFault(error.code ?? "EAI_FAIL"))
      )
    )
  })

/**
 * How names are resolved that credential sources check before they connect: what is connected to is an address that
 * was checked, never the name once more. Nobody has to provide it, and anybody can replace it.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { HostResolver } from "effect-sts"
 *
 * const offline = Effect.provideService(HostResolver, () => Effect.succeed(["127.0.0.1"]))
 * ```
 *
 * @category tags
 * @since 0.1.0
 */
export const HostResolver = Context.Reference("effect-sts/HostResolver", {
  defaultValue: (): Resolve => bySystem
})
