/** With which credentials and where Alibaba Cloud is called. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { RequestPolicy } from "../../index.js"
import { AlibabaNode, MfaPrompt } from "../../node.js"
import type { Session } from "../session.js"

export { flags } from "../session.js"

/** The region of calls, where an option states it. */
export const inRegion = ({ region }: Pick<Session, "region">) =>
  Option.match(region, {
    onNone: () => RequestPolicy.adjust({}),
    onSome: (region) => RequestPolicy.adjust({ alibaba: { region } })
  })

/** Everything that a call needs. Codes of an MFA device are asked for at the terminal, if there is one. */
export const layer = ({ profile }: Session) =>
  Layer.merge(AlibabaNode.layerWith({ profile: Option.getOrUndefined(profile) }), MfaPrompt.layer)

/** Runs what calls Alibaba Cloud. */
export const withSession =
  (session: Session) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    effect.pipe(inRegion(session), Effect.provide(layer(session)))
