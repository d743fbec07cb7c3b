/** `serve`: credentials for all programs of this user that know where to ask. */
import { readFileSync } from "node:fs"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { SourceError } from "../index.js"
import { ProgramError, UsageError, untilStopped } from "./endings.js"
import { exports, regionOf, servedBy } from "./formats.js"
import { print } from "./output.js"
import * as Server from "./server.js"
import * as Session from "./session.js"
import { Json, optional, port } from "./settings.js"
import * as Source from "./source.js"

/** How often it is looked whether credentials are due, also after the machine has slept. */
const beat = "10 seconds"

/** Options of commands that serve. */
export const flags = {
  namedRole: Flag.KeyValuePair("named-role").pipe(
    Flag.withMetavar("NAME=ARN"),
    Flag.withDescription("Another role to serve, at /role/NAME. May be repeated."),
    Flag.withDefault({})
  )
}

const temporary = (source: Source.Source): Effect.Effect<Source.Source, SourceError | ProgramError> =>
  Effect.flatMap(source.get, ({ expiration, token }) =>
    token === undefined || expiration === undefined
      ? Effect.fail(
          new ProgramError({
            message: "These are long-term keys, which are not handed out. Assume a role with --role ARN."
          })
        )
      : Effect.succeed(source)
  )

/** Asks again and again, so that who asks the server finds credentials in memory. */
const renewed = ({ get }: Source.Source) =>
  Effect.forkScoped(Effect.forever(Effect.andThen(Effect.ignore(get), Effect.sleep(beat))))

/** The sources by their paths, with credentials in each. */
const sourcesOf = (cloud: Source.Cloud, asked: Source.Asked, named: Readonly<Record<string, string>>) =>
  Effect.gen(function* () {
    const wanted = [
      ["/credentials", asked] as const,
      ...Object.entries(named).map(
        ([name, arn]) => [`/role/${name}`, { ...asked, role: [...asked.role, arn] }] as const
      )
    ]
    const entries = yield* Effect.forEach(wanted, ([path, asked]) =>
      Effect.gen(function* () {
        const source = yield* Effect.flatMap(cloud.kept(asked), temporary)
        yield* renewed(source)
        return [path, source] as const
      })
    )
    return entries
  })

/** Serves, and tells the variables of a client. */
export const open = (
  cloud: Source.Cloud,
  asked: Source.Asked,
  named: Readonly<Record<string, string>>,
  place: Server.Place
) =>
  Effect.gen(function* () {
    const sources = yield* sourcesOf(cloud, asked, named)
    const gets = Object.fromEntries(sources.map(([path, { get }]) => [path, get]))
    const { url } = yield* Server.serve(cloud.dialect, place, gets)
    const region = yield* sources[0]?.[1].region ?? Effect.succeed(undefined)
    return {
      ...servedBy(cloud.names, cloud.dialect.environment(url, place.secret)),
      ...regionOf(cloud.names, region, asked.region)
    }
  })

const secretFrom = (file: string) =>
  Effect.try({
    try: () => readFileSync(file, "utf8").trim(),
    catch: () => new ProgramError({ message: "The file of --token-file cannot be read." })
  })

const isLoopback = (host: string): boolean => /^(127(\.\d{1,3}){3}|::1|localhost)$/.test(host)

interface Where {
  readonly host: string
  readonly port: number
  readonly allowRemote: boolean
  readonly tokenFile: Option.Option<string>
}

const placeOf = ({ allowRemote, host, port, tokenFile }: Where) =>
  Effect.gen(function* () {
    if (!isLoopback(host) && !(allowRemote && Option.isSome(tokenFile)))
      return yield* new UsageError({
        message:
          "Other machines could ask there: a --host beyond loopback needs --allow-remote, and a secret of your own with --token-file."
      })
    const secret = yield* Option.match(tokenFile, {
      onNone: () => Effect.sync(Server.newSecret),
      onSome: secretFrom
    })
    if (!/^[\w.~-]{32,512}$/.test(secret))
      return yield* new UsageError({ message: "The token must be 32 to 512 letters, digits and _ . ~ -." })
    return { host, port, secret }
  })

/** The command. */
export const serve = (cloud: Source.Cloud) =>
  Command.make(
    "serve",
    {
      ...Source.flags,
      ...Session.flags,
      ...flags,
      host: Flag.String("host").pipe(
        Flag.withMetavar("HOST"),
        Flag.withDefault("127.0.0.1"),
        Flag.withDescription("The address to listen on; 127.0.0.1 by default.")
      ),
      port: port("The port to listen on; any free one by default.").pipe(Flag.withDefault(0)),
      allowRemote: Flag.Boolean("allow-remote").pipe(
        Flag.withDefault(false),
        Flag.withDescription("Let other machines ask. Needs --token-file.")
      ),
      tokenFile: optional(
        "token-file",
        "FILE",
        "A file with the secret that clients must know, at least 32 characters; a random one by default."
      )
    },
    ({ allowRemote, host, namedRole, port, tokenFile, ...asked }) =>
      Effect.gen(function* () {
        const place = yield* placeOf({ host, port, allowRemote, tokenFile })
        const variables = yield* open(cloud, asked, namedRole, place)
        yield* print((yield* Json) ? JSON.stringify(variables) : exports(variables))
        yield* untilStopped
      }).pipe(Effect.scoped)
  ).pipe(
    Command.withDescription(
      "Serve credentials on this machine to programs that know a secret, renew them in time, and print the variables that such a program needs."
    )
  )
