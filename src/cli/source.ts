/** Credentials for other programs: a profile's or the environment's, and roles assumed with them one after the other. */
import { homedir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import * as Flag from "effect/cli/Flag"
import type * as Effect from "effect/Effect"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type { Explanation } from "../index.js"
import type { Issued, Names } from "./formats.js"
import type { Dialect } from "./server.js"

/** Options of every command that hands credentials on. */
export const flags = {
  role: Flag.String("role").pipe(
    Flag.withMetavar("ARN"),
    Flag.withDescription("A role to assume. Several are assumed one after the other."),
    Flag.atLeast(0)
  ),
  roleSessionName: Flag.String("role-session-name").pipe(
    Flag.withMetavar("NAME"),
    Flag.withDescription("What audit logs show of the roles' sessions."),
    Flag.optional
  ),
  durationSeconds: Flag.Int("duration-seconds").pipe(
    Flag.withMetavar("SECONDS"),
    Flag.withDescription("How long the last role's credentials last; an hour where left out."),
    Flag.optional
  ),
  externalId: Flag.String("external-id").pipe(
    Flag.withMetavar("TEXT"),
    Flag.withDescription("What the owner of the last role agreed on with a third party."),
    Flag.optional
  )
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

/** The roles that were asked for, in their order. */
export const rolesOf = ({ durationSeconds, externalId, role, roleSessionName }: Asked): ReadonlyArray<Role> =>
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
export interface Source<E> {
  readonly get: Effect.Effect<Issued, E>
}

/** What is wanted of the console. */
export interface Wanted {
  readonly region: Option.Option<string>
  readonly destination: Option.Option<string>
  readonly sessionDuration: Option.Option<number>
}

/** How a cloud's sign-in pages are asked. */
export interface SignIn {
  /** The address where nothing else is said. */
  readonly endpoint: (wanted: Wanted) => string
  /** Asks for a token; the address that the token is to be given to is another request's. */
  readonly request: (endpoint: string, issued: Issued, wanted: Wanted) => HttpClientRequest.HttpClientRequest
  readonly url: (endpoint: string, token: string, wanted: Wanted) => string
  /** For how long the address is good. */
  readonly lifetime: string
}

/** A cloud, as commands that hand credentials on know it. */
export interface Cloud<E> {
  readonly name: "aws" | "alibaba"
  readonly names: Names
  readonly dialect: Dialect
  readonly signIn: SignIn
  readonly session: typeof import("./aws/session.js").flags
  /** Asks the service each time. */
  readonly fresh: (asked: Asked) => Effect.Effect<Source<E>, E, Scope.Scope>
  /** Keeps what roles gave in files that all processes of this user share. */
  readonly shared: (asked: Asked) => Effect.Effect<Source<E>, E, Scope.Scope>
  /** Keeps them in memory, and renews them in time. */
  readonly kept: (asked: Asked) => Effect.Effect<Source<E>, E, Scope.Scope>
  readonly explain: (asked: Pick<Asked, "profile" | "region">) => Effect.Effect<Explanation, E>
}

/** Where credentials are kept for all processes of this user. */
export const cacheFolder = (): string =>
  join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "effect-sts", "credentials")
