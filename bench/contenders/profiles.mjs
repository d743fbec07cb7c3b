/**
 * The last of many profiles in one file, read anew each time as a source does that keeps nothing.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { AlibabaNode, AwsNode } from "effect-sts/node"
import { clouds } from "./clouds.mjs"
import { inFibers } from "./effects.mjs"
import { doors } from "./line.mjs"

const numbers = (count) => Array.from({ length: count }, (_, index) => index + 1)

const kinds = {
  aws: {
    layer: AwsNode.layer,
    text: (count, { accessKeyId, secretAccessKey }) =>
      numbers(count)
        .map(
          (number) =>
            `[profile p${number}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`
        )
        .join("\n"),
    make: ({ Profile }, file, profile) =>
      Profile.make({ configFile: file, credentialsFile: `${file}.empty`, profile })
  },
  alibaba: {
    layer: AlibabaNode.layer,
    text: (count, { accessKeyId, accessKeySecret }) =>
      JSON.stringify({
        current: "p1",
        profiles: numbers(count).map((number) => ({
          name: `p${number}`,
          mode: "AK",
          access_key_id: accessKeyId,
          access_key_secret: accessKeySecret
        }))
      }),
    make: ({ CliProfile }, file, profile) => CliProfile.make({ configFile: file, profile })
  }
}

export const open = async (_, { cloud, count }) => {
  const { layer, make, text } = kinds[cloud]
  const folder = mkdtempSync(join(tmpdir(), "effect-sts-bench-"))
  process.on("exit", () => rmSync(folder, { recursive: true }))
  const file = join(folder, "config")
  writeFileSync(file, text(count, clouds[cloud].key), { mode: 0o600 })
  writeFileSync(`${file}.empty`, "", { mode: 0o600 })
  const runtime = ManagedRuntime.make(layer)
  const source = await runtime.runPromise(make(doors[cloud].door, file, `p${count}`))
  const found = await runtime.runPromise(source.get)
  if (found.accessKeyId !== clouds[cloud].key.accessKeyId) throw new Error("it found no access key")
  return inFibers(
    runtime,
    Effect.suspend(() => source.get)
  )
}
