/**
 * Where nonces come from.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/**
 * Makes the nonce of one attempt: a value that was never sent before. UUIDs (version 4) by default.
 *
 * @category tags
 * @since 0.1.0
 */
export const Nonce = /* @__PURE__ */ Context.Reference("effect-sts/Nonce", {
  defaultValue: (): Effect.Effect<string> => Effect.sync(() => crypto.randomUUID())
})

// Characters that every cloud accepts in a session's name, and far fewer than the 64 that it may have.
const unwanted = /[^A-Za-z0-9]/g
const length = 16

/** The default name for a role's session: `effect-sts-` and a part of a nonce. */
export const sessionName: Effect.Effect<string> = /* @__PURE__ */ Effect.map(
  /* @__PURE__ */ Effect.flatten(Nonce),
  (nonce) => `effect-sts-${nonce.replace(unwanted, "").slice(0, length)}`
)
