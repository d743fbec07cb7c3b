/**
 * What each attempt is signed with besides credentials and a time, whichever the cloud: a nonce, and a signature that
 * refuses what no request can carry.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { headerFault } from "../protocol/signature.js"
import type { Cloud, StsSignatureError } from "../schemas/StsError.js"

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

/** Signs by a pure function, unless no header can carry what is signed with. `name` is where a call has its operation. */
export const signing =
  <Name extends string, Call, Key extends object, Signed>(
    cloud: Cloud,
    name: Name,
    sign: (call: Call, key: Key) => Signed
  ) =>
  (call: Call & { readonly [_ in Name]: string }, key: Key): Effect.Effect<Signed, StsSignatureError> => {
    const fault = headerFault(cloud, call[name], key)
    return fault === undefined ? Effect.succeed(sign(call, key)) : Effect.fail(fault)
  }
