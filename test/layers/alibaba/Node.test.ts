import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, beforeEach, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Alibaba from "../../../src/alibaba.js"
import { AlibabaNode } from "../../../src/node.js"
import { environment } from "../../support/alibabaEnvironment.js"
import { newFolder } from "../../support/folders.js"

let folder: string
beforeEach(() => {
  folder = newFolder()
  mkdirSync(join(folder, ".aliyun"), { mode: 0o700 })
})

describe("everything on Node", () => {
  it("reads the user's files and runs their commands", async () => {
    const printed = JSON.stringify({ mode: "AK", access_key_id: "printed-id", access_key_secret: "s" })
    const profile = { name: "dev", mode: "External", process_command: `/bin/echo '${printed}'` }
    const file = join(folder, ".aliyun/config.json")
    writeFileSync(file, JSON.stringify({ current: "dev", profiles: [profile] }), { mode: 0o600 })
    const { accessKeyId } = await Effect.flatMap(Alibaba.CredentialProvider, ({ get }) => get).pipe(
      Effect.provide(AlibabaNode.layer),
      environment({ HOME: folder }),
      Effect.runPromise
    )
    assert.strictEqual(accessKeyId, "printed-id")
  })
})
