/** With which credentials and where a cloud is called. */
import process from "node:process"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { MfaTokenCode, RequestPolicy, type StsConfigError, StsCredentialError } from "../index.js"
import { MfaPrompt } from "../node.js"
import { named } from "./endings.js"
import { optional } from "./settings.js"

/** Options of every command that calls a cloud. */
export const flags = {
  profile: optional(
    "profile",
    "NAME",
    "The profile of the vendor's configuration to use; what the environment says by default."
  ),
  region: optional(
    "region",
    "REGION",
    "The region to call; that of the environment or the profile by default."
  )
}

/** The profile that counts: an option's or that of the first variable that names one. Blank counts as unset. */
export const selected = (
  option: Option.Option<string>,
  variables: ReadonlyArray<string>
): string | undefined =>
  [Option.getOrUndefined(option), ...variables.map((name) => process.env[name])]
    .map((name) => name?.trim())
    .find((name) => name !== undefined && name !== "")

/** What the options say. */
export interface Session {
  readonly profile: Option.Option<string>
  readonly region: Option.Option<string>
}

/** The cloud's own part: its name, and what its calls need on Node. */
interface Called<Services, E> {
  readonly cloud: "aws" | "alibaba"
  readonly node: (options: { readonly profile: string | undefined }) => Layer.Layer<Services, E>
}

// What the library advises is for who writes a program.
const advice = "Run it at a terminal; assume-role and session-token also take a code from --token-code-file."

/** Codes of an MFA device are asked for at the terminal. */
const mfa = MfaTokenCode.layer((serial) =>
  Effect.flatMap(MfaTokenCode, (ask) => ask(serial)).pipe(
    Effect.provide(MfaPrompt.layer),
    Effect.mapError((error) =>
      error.hint?.includes("MfaTokenCode") ? new StsCredentialError({ ...error, hint: advice }) : error
    )
  )
)

/** What the library calls the region that an option states. */
export const regionField = (cloud: "aws" | "alibaba"): string => `RequestPolicy.${cloud}.region`

/** How a cloud's calls are given what the options say. */
export interface Calls<Services, E> {
  /** The region of calls, where an option states it. */
  readonly inRegion: (session: Pick<Session, "region">) => ReturnType<typeof RequestPolicy.adjust>
  /** Everything that a call needs. Codes of an MFA device are asked for at the terminal, if there is one. */
  readonly layer: (session: Pick<Session, "profile">) => Layer.Layer<Services, E>
  /** Runs what calls the cloud. */
  readonly withSession: (
    session: Session
  ) => <A, E2, R>(
    effect: Effect.Effect<A, E2, R>
  ) => Effect.Effect<A, E | E2 | StsConfigError, Exclude<R, Services>>
}

/** The same of a cloud. */
export const sessionOf = <Services, E>({ cloud, node }: Called<Services, E>): Calls<Services, E> => {
  const inRegion: Calls<Services, E>["inRegion"] = ({ region }) => {
    const options = Option.match(region, {
      onNone: () => ({}),
      onSome: (region) => ({ [cloud]: { region } })
    })
    return (effect) =>
      Effect.mapError(
        RequestPolicy.adjust(options)(effect),
        named({ [regionField(cloud)]: "--region", profile: "--profile" })
      )
  }
  const layer = ({ profile }: Pick<Session, "profile">) =>
    Layer.merge(node({ profile: Option.getOrUndefined(profile) }), mfa)
  return {
    inRegion,
    layer,
    withSession: (session) => (effect) => effect.pipe(inRegion(session), Effect.provide(layer(session)))
  }
}
