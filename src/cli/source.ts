/** Credentials for other programs: a profile's or the environment's, and roles assumed with them one after the other. */
import * as Context from "effect/Context"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import {
  type CredentialSource,
  type Explanation,
  FileCache,
  Refreshing,
  type SourceError,
  type StsConfigError,
  type StsValidationError
} from "../index.js"
import { named, UsageError } from "./endings.js"
import type { Issued, Names } from "./formats.js"
import { cacheFolder } from "./installation.js"
import type { Dialect } from "./server.js"
import type * as Session from "./session.js"
import { optional } from "./settings.js"

/** Options of every command that hands credentials on. */
export const flags = {
  role: Flag.String("role").pipe(
    Flag.withMetavar("ARN"),
    Flag.withDescription("A role to assume. May be repeated: each role is assumed with the one before it."),
    Flag.atLeast(0)
  ),
  roleSessionName: optional(
    "role-session-name",
    "NAME",
    "The name of the roles' sessions, which audit logs show."
  ),
  durationSeconds: Flag.Int("duration-seconds").pipe(
    Flag.withMetavar("SECONDS"),
    Flag.withDescription("How long the last role's credentials last; an hour by default."),
    Flag.optional
  ),
  externalId: optional("external-id", "TEXT", "The external ID that the owner of the last role asks for.")
}

/** What the options say, those of the session among them. */
export interface Asked {
  readonly role: ReadonlyArray<string>
  readonly roleSessionName: Option.Option<string>
  readonly durationSeconds: Option.Option<number>
  readonly externalId: Option.Option<string>
  readonly profile: Option.Option<string>
  readonly region: Option.Option<string>
}

/** A role as it is asked for. */
export interface Role {
  readonly roleArn: string
  readonly roleSessionName: string | undefined
  readonly durationSeconds: number | undefined
  readonly externalId: string | undefined
}

/** What the options of roles are called among an operation's fields. */
const optionOf: Readonly<Record<string, string>> = {
  roleArn: "--role",
  roleSessionName: "--role-session-name",
  durationSeconds: "--duration-seconds",
  externalId: "--external-id"
}

/** The same without what is said of roles. */
export const withoutRoles = (asked: Asked): Asked => ({
  ...asked,
  role: [],
  roleSessionName: Option.none(),
  durationSeconds: Option.none(),
  externalId: Option.none()
})

/** An option of roles that was given where none is assumed. */
const idle = ({ durationSeconds, externalId, role, roleSessionName }: Asked): string | undefined => {
  if (role.length > 0) return undefined
  const given = Object.entries({ roleSessionName, durationSeconds, externalId })
  const [name = ""] = given.find(([, value]) => Option.isSome<unknown>(value)) ?? []
  return optionOf[name]
}

/** The roles that were asked for, in their order. */
const rolesOf = ({ durationSeconds, externalId, role, roleSessionName }: Asked): ReadonlyArray<Role> =>
  role.map((roleArn, index) => {
    const last = index === role.length - 1
    return {
      roleArn,
      roleSessionName: Option.getOrUndefined(roleSessionName),
      durationSeconds: last ? Option.getOrUndefined(durationSeconds) : undefined,
      externalId: last ? Option.getOrUndefined(externalId) : undefined
    }
  })

/** Where credentials come from, and where they are kept meanwhile. */
export interface Source {
  readonly get: Effect.Effect<Issued, SourceError>
  /** The region that the options, the environment or the profile state. */
  readonly region: Effect.Effect<string | undefined, SourceError>
}

/** What is wanted of the console. */
export interface Wanted {
  readonly region: string | undefined
  readonly destination: Option.Option<string>
  readonly sessionDuration: Option.Option<number>
}

/** How a cloud's sign-in pages are asked. */
export interface SignIn {
  /** The variable that states the address. */
  readonly variable?: string
  /** Whether the region decides who is asked. */
  readonly byRegion: boolean
  /** The address where nothing states one; none where it is not known. */
  readonly endpoint: (wanted: Wanted) => string | undefined
  /** Asks for a token; the address that the token is to be given to is another request's. */
  readonly request: (endpoint: string, issued: Issued, wanted: Wanted) => HttpClientRequest.HttpClientRequest
  readonly url: (endpoint: string, token: string, wanted: Wanted) => string
  /** For how long the address is good. */
  readonly lifetime: string
}

type Name = "aws" | "alibaba"
type CredentialsOf<C extends Name> = FileCache.CredentialsOf[C]
type From<C extends Name> = CredentialSource<CredentialsOf<C>>

/** Puts a source behind a cache. */
export type Share = <C extends Name>(
  cloud: C,
  source: From<C>,
  key: FileCache.Options["key"]
) => Effect.Effect<From<C>, SourceError>

/** The cache of a fleet, until the scope closes; nothing where none is configured, or the program has none. */
export const FleetCache = Context.Reference("effect-sts/cli/FleetCache", {
  defaultValue: (): Effect.Effect<Share | undefined, StsConfigError, Scope.Scope> => Effect.succeed(undefined)
})

type Opened = Effect.Effect<Source, SourceError | StsValidationError | UsageError, Scope.Scope>

/** A cloud, as commands that hand credentials on know it. */
export interface Cloud {
  readonly name: Name
  readonly names: Names
  readonly dialect: Dialect
  readonly signIn: SignIn
  /** Variables that name the profile where no option does, the first before the next. */
  readonly profileVariables: ReadonlyArray<string>
  /** Asks the service each time. */
  readonly fresh: (asked: Asked) => Opened
  /** Keeps what roles gave in files that all processes of this user share. */
  readonly shared: (asked: Asked) => Opened
  /** Keeps them in memory, and renews them in time. */
  readonly kept: (asked: Asked) => Opened
  readonly explain: (session: Session.Session) => Effect.Effect<Explanation, SourceError>
}

/** What differs from cloud to cloud. */
interface Parts<C extends Name, Services, Provider extends Services>
  extends Pick<Cloud, "names" | "dialect" | "signIn" | "profileVariables"> {
  readonly name: C
  readonly session: Session.Calls<Services | FileSystem.FileSystem, SourceError>
  readonly provider: Context.Key<Provider, From<C>>
  /** Whether a role can be asked for so. */
  readonly check: (role: Role) => Result.Result<unknown, StsValidationError>
  readonly assume: (base: From<C>, role: Role) => Effect.Effect<From<C>, SourceError, NoInfer<Services>>
  readonly keyOf: (base: From<C>, role: Role) => FileCache.Options["key"]
  readonly issuedOf: (credentials: CredentialsOf<C>) => Issued
  readonly region: Effect.Effect<string | undefined, StsConfigError>
  readonly explain: (options: {
    readonly profile: string | undefined
  }) => Effect.Effect<Explanation, never, NoInfer<Services> | FileSystem.FileSystem>
}

/** A cloud of its parts. */
export const cloudOf = <C extends Name, Services, Provider extends Services>({
  assume,
  check,
  explain,
  issuedOf,
  keyOf,
  provider,
  region,
  session,
  ...parts
}: Parts<C, Services, Provider>): Cloud => {
  const cloud = parts.name

  /** Opens the source, with everything that it needs for as long as the scope is open. */
  const open =
    (inFiles: boolean, keep: (source: From<C>) => From<C> = (source) => source) =>
    (asked: Asked): Opened =>
      Effect.gen(function* () {
        const useless = idle(asked)
        if (useless !== undefined)
          return yield* new UsageError({ message: `${useless} is for roles: name one with --role ARN.` })
        const roles = rolesOf(asked)
        for (const wanted of roles) yield* Effect.mapError(Effect.fromResult(check(wanted)), named(optionOf))
        const context = yield* Layer.build(session.layer(asked))
        const fleet = yield* yield* FleetCache
        const share = (source: From<C>, key: FileCache.Options["key"]) => {
          if (fleet !== undefined) return fleet(cloud, source, key)
          return inFiles
            ? FileCache.make(cloud, source, { directory: cacheFolder("credentials"), key })
            : Effect.succeed(source)
        }
        // A role is known by who assumes it and by what is asked of it.
        const role = (base: From<C>, wanted: Role) =>
          Effect.flatMap(assume(base, wanted), (source) => share(source, keyOf(base, wanted)))
        const base = Context.get(context, provider)
        const last = yield* Effect.reduce(roles, () => base, role).pipe(Effect.provideContext(context))
        return {
          get: keep(last).get.pipe(
            Effect.map(issuedOf),
            session.inRegion(asked),
            Effect.provideContext(context)
          ),
          region: region.pipe(session.inRegion(asked), Effect.provideContext(context))
        }
      })

  return {
    ...parts,
    fresh: open(false),
    shared: open(true),
    kept: open(false, (source) => Refreshing.make(cloud, source)),
    explain: (asked) =>
      explain({ profile: Option.getOrUndefined(asked.profile) }).pipe(
        session.inRegion(asked),
        Effect.provide(session.layer(asked))
      )
  }
}
