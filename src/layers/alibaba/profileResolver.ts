/** The source that a profile's settings lead to, whichever file they stand in. */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as HttpClient from "effect/http/HttpClient"
import type * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import type * as Redacted from "effect/Redacted"
import type { At, Base, Keys, Oidc as OidcPlan, Plan, Role, Session } from "../../protocol/alibaba/plan.js"
import { podVariables } from "../../protocol/alibaba/plan.js"
import { Credentials } from "../../schemas/alibaba/Credentials.js"
import { StsConfigError, StsCredentialError } from "../../schemas/StsError.js"
import { throughProfile } from "../../services/alibaba/Endpoint.js"
import type { Signer } from "../../services/alibaba/Signer.js"
import type { CredentialSource, SourceError } from "../../services/CredentialSource.js"
import {
  ConfiguredAt,
  type Source as Origin,
  reasonWithout,
  type StatedField
} from "../../services/SourceRequest.js"
import { settings } from "../../services/setting.js"
import { provideCaptured } from "../platform.js"
import { lastingSessionName, trying } from "../roleSource.js"
import * as CloudSso from "./CloudSso.js"
import * as CredentialsUri from "./CredentialsUri.js"
import { read } from "./credentials.js"
import * as EcsRamRole from "./EcsRamRole.js"
import * as External from "./External.js"
import { KeptMemory, Memory } from "./login.js"
import * as OAuth from "./OAuth.js"
import * as Oidc from "./Oidc.js"
import * as RamRoleArn from "./RamRoleArn.js"

const disableVariable = "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS"

const switchValues: ReadonlyMap<string, boolean> = new Map([
  ["1", true],
  ["true", true],
  ["0", false],
  ["false", false]
])

/** Fails where `ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS` forbids what a profile would do. */
const unlessDisabled = (source: Origin, what: string): Effect.Effect<void, SourceError> =>
  Effect.flatMap(
    settings([disableVariable]),
    ({ [disableVariable]: text = "false" }): Effect.Effect<void, SourceError> => {
      const disabled = switchValues.get(text.toLowerCase())
      if (disabled === false) return Effect.void
      return disabled === undefined
        ? new StsConfigError({ key: disableVariable, detail: "must be true or false" })
        : new StsCredentialError({
            ...source,
            reason: "Unsupported",
            detail: `profile ${source.profile} would ${what}, which ${disableVariable} forbids`,
            key: disableVariable
          })
    }
  )

type Source = CredentialSource<Credentials>

/** What a profile may need. */
export type Services =
  | Signer
  | HttpClient.HttpClient
  | FileSystem.FileSystem
  | ChildProcessSpawner.ChildProcessSpawner

/** What stays the same as long as a file's source lives, however often the file changes. */
interface Lasting {
  /** How errors call the file's source. */
  readonly name: string
  /** The setting that says what a profile is. */
  readonly key: string
  readonly sessionName: Effect.Effect<string>
  readonly memories: Map<string, Memory>
  /** Sources that remember what they found out, by what they were made for. */
  readonly instances: Map<string, Source>
}

/** A file, and the way to credentials that it states. */
export interface Found {
  readonly file: string
  readonly way: Plan
}

const kept = <Key, A, E, R>(
  map: Map<Key, A>,
  key: Key,
  make: Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> => {
  const found = map.get(key)
  return found === undefined
    ? Effect.tap(make, (made) => Effect.sync(() => map.set(key, made)))
    : Effect.succeed(found)
}

interface Here extends Lasting {
  readonly file: string
}

const whereIs = ({ file }: Here, { line, profile }: At) => ({ file, line, profile })

// A profile that names a source is configured: that the source has nothing is no reason to look elsewhere.
const configured = (here: Here, plan: At, source: Source): Source => ({
  ...source,
  get: Effect.mapError(source.get, (error) =>
    error instanceof StsCredentialError && error.reason === "NotConfigured"
      ? new StsCredentialError({
          cloud: "alibaba",
          source: here.name,
          reason: reasonWithout(error),
          detail: `profile ${plan.profile} leads to ${source.name}, which has no credentials: ${error.detail}`,
          key: here.key,
          hint: error.hint,
          cause: error.cause,
          ...whereIs(here, plan)
        })
      : error
  )
})

const unlessForbidden = (here: Here, plan: At, what: string, source: Source): Source => ({
  ...source,
  get: Effect.andThen(
    unlessDisabled({ cloud: "alibaba", source: here.name, ...whereIs(here, plan) }, what),
    source.get
  )
})

const fromKeys = ({ file, name }: Here, { found, keys, lines, profile }: Keys): Source => ({
  name,
  get: Effect.gen(function* () {
    const lineOf = (key: string) => lines.get(key)
    const credentials = yield* Effect.fromResult(read({ source: name, keys, file, profile, lineOf }, found))
    if (!(yield* credentials.isExpired)) return credentials
    const { expiration: key = keys.id } = keys
    return yield* new StsCredentialError({
      cloud: "alibaba",
      source: name,
      reason: "Expired",
      detail: `the keys of profile ${profile} have expired, as its ${key} says`,
      file,
      line: lineOf(key),
      profile,
      key,
      hint: "Get new ones, or use another profile."
    })
  })
})

const sessionVariable = podVariables.roleSessionName

/** The session's name, and where the request's fields were stated: in the file, or in a variable that fills a gap. */
const sessionOf = (here: Here, { roleSessionName, stated, ...at }: Session & At) =>
  Effect.gen(function* () {
    const places = Object.entries(stated).map(
      ([field, place]) => [field, { ...place, file: here.file }] as const
    )
    const where = { ...whereIs(here, at), stated: Object.fromEntries<StatedField>(places) }
    if (roleSessionName !== undefined) return { roleSessionName, where }
    const { [sessionVariable]: name } = yield* settings([sessionVariable])
    return name === undefined
      ? { roleSessionName: yield* here.sessionName, where }
      : {
          roleSessionName: name,
          where: { ...where, stated: { ...where.stated, roleSessionName: { key: sessionVariable } } }
        }
  })

const roleSource = (here: Here, base: Source, role: Role): Effect.Effect<Source, SourceError, Services> =>
  Effect.gen(function* () {
    const { durationSeconds, endpoint, externalId, policy, roleArn } = role
    const { roleSessionName, where } = yield* sessionOf(here, role)
    return yield* RamRoleArn.make(base, {
      durationSeconds,
      externalId,
      policy,
      roleArn,
      roleSessionName
    }).pipe(throughProfile(here.file, endpoint), Effect.provideService(ConfiguredAt, where))
  })

const oidcParts = ["roleArn", "oidcProviderArn", "oidcTokenFile"] as const

/** What the profile leaves out, the pod's variables state. */
const fromOidc = (here: Here, plan: OidcPlan): Effect.Effect<Source, SourceError, Services> =>
  Effect.gen(function* () {
    const env = yield* settings(Object.values(podVariables))
    const { where, ...session } = yield* sessionOf(here, plan)
    const parts = { roleArn: "", oidcProviderArn: "", oidcTokenFile: "" }
    const stated: Record<string, StatedField> = { ...where.stated }
    for (const part of oidcParts) {
      const [key, variable] = [plan.keys[part], podVariables[part]]
      const value = plan[part] ?? env[variable]
      if (value === undefined) {
        return yield* new StsCredentialError({
          cloud: "alibaba",
          source: here.name,
          reason: "Incomplete",
          key,
          detail: `profile ${plan.profile} has no ${key}, and ${variable} is not set`,
          ...whereIs(here, { ...plan, line: plan.header })
        })
      }
      parts[part] = value
      if (plan[part] === undefined) stated[part] = { key: variable }
    }
    const { oidcTokenFile, ...arns } = parts
    const { durationSeconds, policy } = plan
    const token = { file: oidcTokenFile }
    return yield* Oidc.make({ durationSeconds, policy, token, ...arns, ...session }).pipe(
      throughProfile(here.file, plan.endpoint),
      Effect.provideService(ConfiguredAt, { ...where, stated })
    )
  })

const baseSource = (here: Here, plan: Base): Effect.Effect<Source, SourceError, Services> => {
  const where = whereIs(here, plan)
  switch (plan._tag) {
    case "Keys":
      return Effect.succeed(fromKeys(here, plan))
    case "EcsRamRole": {
      const made = EcsRamRole.make({ roleName: plan.roleName, required: true })
      const placed = Effect.provideService(made, ConfiguredAt, where)
      const one = kept(here.instances, JSON.stringify([plan.roleName, where]), placed)
      return Effect.map(one, (source) => configured(here, plan, source))
    }
    case "Oidc":
      return fromOidc(here, plan)
    case "CredentialsUri":
      return CredentialsUri.make({ uri: plan.uri }).pipe(
        Effect.map((source) =>
          unlessForbidden(here, plan, "fetch a credentials URI", configured(here, plan, source))
        ),
        Effect.provideService(ConfiguredAt, where)
      )
    case "External":
      return External.make({ command: plan.command }).pipe(
        Effect.map((source) => unlessForbidden(here, plan, "run a command", source)),
        Effect.provideService(ConfiguredAt, where)
      )
    case "CloudSso": {
      const { _tag, line, profile, ...options } = plan
      return Effect.provideService(CloudSso.make(options), ConfiguredAt, where)
    }
    case "OAuth": {
      const { _tag, line, ...options } = plan
      const memory = kept(
        here.memories,
        plan.profile,
        Effect.sync(() => new Memory())
      )
      return OAuth.make({ ...options, configFile: here.file }).pipe(
        Effect.provideServiceEffect(KeptMemory, memory),
        Effect.provideService(ConfiguredAt, where)
      )
    }
  }
}

/** The token of the login that a plan begins with, which the vendor's tool replaces in the file. */
const loginOf = ({ way: { base } }: Found): Redacted.Redacted | undefined =>
  base._tag === "CloudSso" ? base.accessToken : undefined

/** Gets the credentials that a plan leads to. */
const get = (all: Lasting, { file, way }: Found): Effect.Effect<Credentials, SourceError, Services> =>
  Effect.gen(function* () {
    const here = { ...all, file }
    const base = yield* baseSource(here, way.base)
    const source = yield* Effect.reduce(
      way.roles,
      () => base,
      (below, role) => roleSource(here, below, role)
    )
    const credentials = yield* source.get
    const inner = source.name === all.name ? "" : `: ${source.name}`
    return new Credentials({ ...credentials, source: `${all.name}, profile ${way.profile}${inner}` })
  })

/** The source for what is found in a file each time. `key` is the setting that says what a profile is. */
export const source = (
  name: string,
  key: string,
  find: Effect.Effect<Found, SourceError, Services>
): Effect.Effect<Source, never, Services> =>
  Effect.map(provideCaptured<Services>(), (withServices) => {
    const all: Lasting = {
      name,
      key,
      sessionName: lastingSessionName(),
      memories: new Map(),
      instances: new Map()
    }
    return { name, get: withServices(trying(find, loginOf, (found) => get(all, found))) }
  })
