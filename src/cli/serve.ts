/** `serve`: credentials for all programs of this user that know where to ask. */
import { readFileSync } from "node:fs"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { ProgramError, UsageError } from "./failure.js"
import { exports } from "./formats.js"
import { print } from "./output.js"
import * as Server from "./server.js"
import { Json } from "./settings.js"
import * as Source from "./source.js"
import { untilStopped } from "./stop.js"

/** How often it is looked whether credentials are due, also after the machine has slept. */
const beat = "10 seconds"

/** Options of commands that serve. */
export const flags = {
  namedRole: Flag.KeyValuePair("named-role").pipe(
    Flag.withMetavar("NAME=ARN"),
    Flag.withDescription("Another role, found below /role/NAME. May come several times."),
    Flag.withDefault({})
  )
}

const temporary = <E>(source: Source.Source<E>): Effect.Effect<Source.Source<E>, E | ProgramError> =>
  Effect.flatMap(source.get, ({ expiration, token }) =>
    token === undefined || expiration === undefined
      ? Effect.fail(
          new ProgramError({
            message:
              "These keys are not temporary, and are not given to others. Assume a role with --role ARN."
          })
        )
      : Effect.succeed(source)
  )

/** Asks again and again, so that who asks the server finds credentials in memory. */
const renewed = <E>({ get }: Source.Source<E>) =>
  Effect.forkScoped(Effect.forever(Effect.andThen(Effect.ignore(get), Effect.sleep(beat))))

/** The sources by their paths, with credentials in each. */
const sourcesOf = <E>(cloud: Source.Cloud<E>, asked: Source.Asked, named: Readonly<Record<string, string>>) =>
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
        return [path, source.get] as const
      })
    )
    return Object.fromEntries(entries)
  })

/** Serves, and tells the variables of a client. */
export const open = <E extends { readonly message: string }>(
  cloud: Source.Cloud<E>,
  asked: Source.Asked,
  named: Readonly<Record<string, string>>,
  place: Server.Place
) =>
  Effect.gen(function* () {
    const sources = yield* sourcesOf(cloud, asked, named)
    const { url } = yield* Server.serve(cloud.dialect, place, sources)
    return cloud.dialect.environment(url, place.secret)
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
          "Others than this machine could ask there: --host beyond loopback needs --allow-remote, and a secret of your own by --token-file."
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
export const serve = <E extends { readonly message: string }>(cloud: Source.Cloud<E>) =>
  Command.make(
    "serve",
    {
      ...Source.flags,
      ...cloud.session,
      ...flags,
      host: Flag.String("host").pipe(
        Flag.withDefault("127.0.0.1"),
        Flag.withDescription("The address to listen on; this machine's own where left out.")
      ),
      port: Flag.Int("port").pipe(
        Flag.withDefault(0),
        Flag.withDescription("The port to listen on; any free one where left out.")
      ),
      allowRemote: Flag.Boolean("allow-remote").pipe(
        Flag.withDefault(false),
        Flag.withDescription("Let other machines ask; only with --token-file.")
      ),
      tokenFile: Flag.String("token-file").pipe(
        Flag.withMetavar("FILE"),
        Flag.withDescription(
          "The secret that clients know, 32 characters or more; a random one where left out."
        ),
        Flag.optional
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
      "Serve credentials on this machine to who knows the secret, renewed in time, and print the variables of a client."
    )
  )
