/**
 * A program at a terminal, whose credentials come from a command that asks for a code. It prints the key id, which is
 * that code.
 */

import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import type * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import * as Redacted from "effect/Redacted"
import * as External from "../../src/layers/alibaba/External.js"
import * as Process from "../../src/layers/aws/Process.js"
import * as Blocking from "../../src/layers/blocking/Blocking.js"

const [cloud, mode] = process.argv.slice(2)

const command = `printf 'code please: ' >&2; read code || exit 3; echo "{\\"Version\\": 1, \\"AccessKeyId\\": \\"id-$code\\", \\"SecretAccessKey\\": \\"x\\", \\"access_key_id\\": \\"id-$code\\", \\"access_key_secret\\": \\"x\\"}"`

interface Source {
  readonly get: Effect.Effect<{ readonly accessKeyId: string }, { readonly message: string }>
}

const source: Effect.Effect<Source, never, ChildProcessSpawner.ChildProcessSpawner> =
  cloud === "aws"
    ? Process.make({ command, timeout: "20 seconds" })
    : External.make({ command: Redacted.make(`sh -c '${command.replaceAll("'", `'"'"'`)}'`) })

const told = Effect.match(
  Effect.flatMap(source, ({ get }) => get),
  { onFailure: ({ message }) => message, onSuccess: ({ accessKeyId }) => `got ${accessKeyId}` }
)

const answer =
  mode === "blocking"
    ? Effect.runSync(Effect.provide(told, Blocking.layerWith({ proxy: false })))
    : await Effect.runPromise(Effect.provide(told, NodeServices.layer))

process.stdout.write(`${answer}\n`)
