/**
 * The source that a profile's settings lead to, whichever file they stand in.
 *
 * @since 0.1.0
 */
import type * as CommandExecutor from "@effect/platform/CommandExecutor"
import type * as FileSystem from "@effect/platform/FileSystem"
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"
import type { Keys, Plan, Role } from "../../protocol/alibaba/plan.js"
import { Credentials } from "../../schemas/alibaba/Credentials.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import type { Signer } from "../../services/alibaba/Signer.js"
import type { CredentialSource, SourceError } from "../../services/CredentialSource.js"
import * as SessionName from "../sessionName.js"
import * as CloudSso from "./CloudSso.js"
import * as CredentialsUri from "./CredentialsUri.js"
import * as EcsRamRole from "./EcsRamRole.js"
import * as External from "./External.js"
import * as ExternalSwitch from "./externalSwitch.js"
import { read } from "./keyPair.js"
import * as OAuth from "./OAuth.js"
import * as Oidc from "./Oidc.js"
import { Memory } from "./oauthStore.js"
import * as ProfileEndpoint from "./profileEndpoint.js"
import * as RamRoleArn from "./RamRoleArn.js"

type Source = CredentialSource<Credentials>

/**
 * What a profile may need.
 *
 * @category models
 * @since 0.1.0
 */
export type Services =
  | Signer
  | HttpClient.HttpClient
  | FileSystem.FileSystem
  | CommandExecutor.CommandExecutor

/**
 * What stays the same as long as a file's source lives, however often the file changes.
 *
 * @category models
 * @since 0.1.0
 */
export interface Lasting {
  /** How errors call the file's source. */
  readonly name: string
  /** The setting that says what a profile is. */
  readonly key: string
  readonly sessionName: Effect.Effect<string>
  readonly memories: Map<string, Memory>
  /** Sources that remember what they found out, by what they were made for. */
  readonly instances: Map<string, Source>
}

/**
 * What a source begins with.
 *
 * @category constructors
 * @since 0.1.0
 */
export const lasting = (name: string, key: string): Lasting => ({
  name,
  key,
  sessionName: SessionName.lasting(),
  memories: new Map(),
  instances: new Map()
})

const kept = <Key, A, E, R>(
  map: Map<Key, A>,
  key: Key,
  make: Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> => {
  const found = map.get(key)
  return found === undefined ? Effect.tap(make, (made) => map.set(key, made)) : Effect.succeed(found)
}

interface Here extends Lasting {
  readonly file: string
}

const whereIs = ({ file }: Here, { line, profile }: Plan) => ({ file, line, profile })

// A profile that names a source is configured: that the source has nothing is no reason to look elsewhere.
const configured = (here: Here, plan: Plan, source: Source): Source => ({
  ...source,
  get: Effect.mapError(source.get, (error) =>
    error instanceof StsCredentialError && error.reason === "NotConfigured"
      ? new StsCredentialError({
          cloud: "alibaba",
          source: here.name,
          reason: error.cause?._tag === "StsTransportError" ? "Unavailable" : "Incomplete",
          detail: `profile ${plan.profile} leads to ${source.name}, which has no credentials: ${error.detail}`,
          key: here.key,
          hint: error.hint,
          cause: error.cause,
          ...whereIs(here, plan)
        })
      : error
  )
})

const unlessForbidden = (here: Here, plan: Plan, what: string, source: Source): Source => ({
  ...source,
  get: Effect.zipRight(
    ExternalSwitch.check({ cloud: "alibaba", source: here.name, ...whereIs(here, plan) }, what),
    source.get
  )
})

const fromKeys = ({ file, name }: Here, { found, keys, lines, profile }: Keys): Source => ({
  name,
  get: Effect.suspend(() =>
    read({ source: name, keys, file, profile, lineOf: (key) => lines.get(key) }, found)
  )
})

const fromRole = (here: Here, plan: Role): Effect.Effect<Source, SourceError, Services> =>
  Effect.gen(function* () {
    const { durationSeconds, endpoint, externalId, policy, roleArn } = plan
    const base = yield* sourceOf(here, plan.base)
    const roleSessionName = plan.roleSessionName ?? (yield* here.sessionName)
    const where = whereIs(here, plan)
    const options = { durationSeconds, externalId, policy, roleArn, roleSessionName, where }
    return yield* ProfileEndpoint.through(endpoint)(RamRoleArn.make(base, options))
  })

const sourceOf = (here: Here, plan: Plan): Effect.Effect<Source, SourceError, Services> => {
  const where = whereIs(here, plan)
  switch (plan._tag) {
    case "Keys":
      return Effect.succeed(fromKeys(here, plan))
    case "Role":
      return fromRole(here, plan)
    case "EcsRamRole": {
      const options = { roleName: plan.roleName, where }
      const made = kept(here.instances, JSON.stringify(options), EcsRamRole.make(options))
      return Effect.map(made, (source) => configured(here, plan, source))
    }
    case "Oidc":
      return Effect.flatMap(here.sessionName, (lastingName) => {
        const { durationSeconds, oidcProviderArn, oidcTokenFile, policy, roleArn } = plan
        const roleSessionName = plan.roleSessionName ?? lastingName
        const options = { durationSeconds, oidcProviderArn, policy, roleArn, roleSessionName, where }
        return ProfileEndpoint.through(plan.endpoint)(
          Oidc.make({ ...options, token: { file: oidcTokenFile } })
        )
      })
    case "CredentialsUri":
      return Effect.map(CredentialsUri.make({ uri: plan.uri, where }), (source) =>
        unlessForbidden(here, plan, "fetch a credentials URI", configured(here, plan, source))
      )
    case "External":
      return Effect.map(External.make({ command: plan.command, where }), (source) =>
        unlessForbidden(here, plan, "run a command", source)
      )
    case "CloudSso": {
      const { _tag, line, ...options } = plan
      return CloudSso.make({ ...options, where })
    }
    case "OAuth": {
      const { _tag, ...options } = plan
      const memory = kept(
        here.memories,
        plan.profile,
        Effect.sync(() => new Memory())
      )
      return Effect.flatMap(memory, (one) => OAuth.make({ ...options, file: here.file, memory: one }))
    }
  }
}

/**
 * Gets the credentials that a plan leads to.
 *
 * @category constructors
 * @since 0.1.0
 */
export const get = (
  all: Lasting,
  file: string,
  plan: Plan
): Effect.Effect<Credentials, SourceError, Services> =>
  Effect.gen(function* () {
    const source = yield* sourceOf({ ...all, file }, plan)
    const credentials = yield* source.get
    const inner = source.name === all.name ? "" : `: ${source.name}`
    return new Credentials({ ...credentials, source: `${all.name}, profile ${plan.profile}${inner}` })
  })
