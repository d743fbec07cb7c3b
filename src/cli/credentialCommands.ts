/** The commands that hand credentials on, of either cloud. */

import process from "node:process"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import { console } from "./console.js"
import { statusOf, UsageError } from "./endings.js"
import { exec } from "./exec.js"
import { plain, print } from "./output.js"
import { serve } from "./serve.js"
import * as Session from "./session.js"
import { Json } from "./settings.js"
import * as Source from "./source.js"

/** The profiles that are being asked by the processes around this one. */
const variable = "EFFECT_STS_PROFILE_CHAIN"
const longest = 16

/** The profile that counts, where none is named that of the environment. */
const effective = ({ name, profileVariables }: Source.Cloud, profile: Option.Option<string>): string =>
  `${name}:${encodeURIComponent(Session.selected(profile, profileVariables) ?? "")}`

/** A profile whose command is this program again, with the same profile, would start processes without end. */
const guarded = (cloud: Source.Cloud, profile: Option.Option<string>) =>
  Effect.suspend(() => {
    const own = effective(cloud, profile)
    const seen = (process.env[variable] ?? "").split(",").filter((name) => name !== "")
    const refuse = (what: string) =>
      Effect.fail(
        new UsageError({
          message: `${what}: ${[...seen, own].map((one) => one.replace(/:$/, ":default")).join(", ")}. With --profile, name one that gets its credentials in another way.`
        })
      )
    if (seen.includes(own)) return refuse("The profile's command leads back to itself")
    if (seen.length >= longest) return refuse(`More than ${longest} profiles' commands lead to one another`)
    process.env[variable] = [...seen, own].join(",")
    return Effect.void
  })

/** `credential-process`: credentials for a tool that runs a command to get them. */
const credentialProcess = (cloud: Source.Cloud) =>
  Command.make("credential-process", { ...Source.flags, ...Session.flags }, (asked) =>
    Effect.gen(function* () {
      yield* guarded(cloud, asked.profile)
      const source = yield* cloud.shared(asked)
      yield* print(JSON.stringify(cloud.names.document(yield* source.get)))
    }).pipe(Effect.scoped)
  ).pipe(
    Command.withDescription(
      "Print credentials the way the vendor's tools expect them of a command that they run. A role is assumed once for all processes."
    )
  )

/**
 * `explain`: where credentials come from, and why from there. It ends with the status of missing credentials where there
 * are none, and of a setting where calls fail for one.
 */
const explain = (cloud: Source.Cloud) =>
  Command.make("explain", Session.flags, (session) =>
    Effect.gen(function* () {
      const explanation = yield* cloud.explain(session)
      const told = (yield* Json)
        ? JSON.stringify(plain(explanation, false), undefined, 2)
        : explanation.render()
      yield* print(told.replaceAll(Session.regionField(cloud.name), "--region"))
      if (explanation.credentials === undefined) process.exitCode = statusOf("StsCredentialError")
      else if (explanation.problem !== undefined) process.exitCode = statusOf("StsConfigError")
    })
  ).pipe(Command.withDescription("Show where credentials come from, and why."))

/** The commands. */
export const credentialCommands = (cloud: Source.Cloud) =>
  [exec(cloud), serve(cloud), credentialProcess(cloud), console(cloud), explain(cloud)] as const
