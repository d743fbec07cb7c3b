/** `serve`: credentials for all programs of this user that know where to ask. */
import { readFileSync } from "node:fs"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { named, ProgramError, UsageError, unreadable, untilStopped } from "./endings.js"
import { exports, regionOf, servedBy } from "./formats.js"
import { print } from "./output.js"
import * as Server from "./server.js"
import * as Session from "./session.js"
import { host, Json, optional, pairs, port } from "./settings.js"
import * as Source from "./source.js"

/** How often it is looked whether credentials are due, also after the machine has slept. */
const beat = "10 seconds"

const unserved = (what: string) =>
  Effect.fail(new ProgramError({ message: `${what} Assume a role with --role ARN.` }))

/** Gets credentials, and asks again and again, so that who asks the server finds them in memory. */
const started = ({ get }: Source.Source) =>
  Effect.gen(function* () {
    const { expiration, token } = yield* get
    if (token === undefined) return yield* unserved("These are long-term keys, which are not handed out.")
    if (expiration === undefined)
      return yield* unserved(
        "When these temporary keys end is not known, and clients of a server have to know."
      )
    yield* Effect.forkScoped(Effect.forever(Effect.andThen(Effect.ignore(get), Effect.sleep(beat))))
  })

/** Roles by their names. */
type Named = Readonly<Record<string, string>>

// It stands in an address, in which a dot or two alone mean something else.
const roleName = /^\w[\w.-]{0,63}$/

const checkNames = (roles: Named) =>
  Object.keys(roles).every((name) => roleName.test(name))
    ? Effect.void
    : Effect.fail(
        new UsageError({
          message:
            "The name of a --named-role must be 1 to 64 letters, digits and _ . -, and begin with none of the last two."
        })
      )

/** Serves, and tells the variables of a client and where each named role is. */
export const open = (cloud: Source.Cloud, asked: Source.Asked, roles: Named, place: Server.Place) =>
  Effect.gen(function* () {
    yield* checkNames(roles)
    const names = Object.keys(roles)
    // What is said of roles may be meant for those with names.
    const own = yield* cloud.kept(
      asked.role.length === 0 && names.length > 0 ? Source.withoutRoles(asked) : asked
    )
    const others = yield* Effect.forEach(Object.entries(roles), ([name, arn]) =>
      cloud.kept({ ...asked, role: [...asked.role, arn] }).pipe(
        Effect.mapError(named({ "--role": `--named-role ${name}` })),
        Effect.map((source) => [`/role/${name}`, source] as const)
      )
    )
    // Nothing is asked for before all of them are known to be in order.
    yield* Effect.forEach([own, ...others.map(([, source]) => source)], started, { discard: true })
    const { url } = yield* Server.serve(cloud.dialect, place, {
      "/credentials": own.get,
      ...Object.fromEntries(others.map(([path, { get }]) => [path, get]))
    })
    return {
      variables: {
        ...servedBy(cloud.names, cloud.dialect.environment(url, place.secret)),
        ...(yield* regionOf(cloud.names, own.region, asked.region))
      },
      roles: Object.fromEntries(names.map((name) => [name, url.replace(/credentials$/, `role/${name}`)]))
    }
  })

/** What a client needs, for a shell, or for programs. Addresses of named roles are given where there are such. */
const told = ({ roles, variables }: Effect.Success<ReturnType<typeof open>>, json: boolean): string => {
  const addresses = Object.entries(roles)
  if (json) return JSON.stringify(addresses.length === 0 ? variables : { ...variables, roles })
  return [exports(variables), ...addresses.map(([name, address]) => `# ${name}: ${address}`)].join("\n")
}

const secretFrom = (file: string) =>
  Effect.try({
    try: () => readFileSync(file, "utf8").trim(),
    catch: (error) => unreadable("token-file", error)
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
      namedRole: pairs("named-role", "NAME=ARN", "Another role to serve, at /role/NAME."),
      host: host("The address to listen on; 127.0.0.1 by default."),
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
        yield* print(told(yield* open(cloud, asked, namedRole, place), yield* Json))
        yield* untilStopped
      }).pipe(Effect.scoped)
  ).pipe(
    Command.withDescription(
      "Serve credentials on this machine to programs that know a secret, renew them in time, and print the variables that such a program needs."
    )
  )
