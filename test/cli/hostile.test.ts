import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it, vi } from "@effect/vitest"
import { few, run } from "../support/cli.js"
import { newFolder } from "../support/folders.js"

vi.setConfig(few)

const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

const alone = {
  AWS_EC2_METADATA_DISABLED: "true",
  ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
  AWS_REGION: "eu-central-1",
  AWS_ENDPOINT_URL_STS: "http://127.0.0.1:1",
  ALIBABA_CLOUD_STS_ENDPOINT: "http://127.0.0.1:1"
}

/** A failure is told, without a secret, by a status of its kind. */
const tells = async (args: ReadonlyArray<string>, env: Readonly<Record<string, string>> = {}) => {
  const { status, stderr, stdout } = await run(args, { env: { ...alone, ...env } })
  const told = stdout + stderr
  assert.notInclude(told, secret)
  assert.notMatch(told, /^ {4}at |node:internal|\[object |undefined/m)
  assert.notInclude(told, "bug in effect-sts")
  assert.isNumber(status)
  assert.isAbove(Number(status), 0)
  assert.isBelow(Number(status), 10)
  assert.match(stderr, /^effect-sts: /)
}

describe("a hostile file", () => {
  it.concurrent.each([
    ["aws", ".aws/config", `[default\naws_secret_access_key = ${secret}\n`],
    ["aws", ".aws/credentials", `[default]\naws_secret_access_key = ${secret}\n${secret}\n\u001b[31m`],
    ["aws", ".aws/config", `[default]\ncredential_process = "/nowhere ${secret}\n`],
    ["alibaba", ".aliyun/config.json", `{"current":"default","profiles":[{"access_key_secret":"${secret}"`],
    [
      "alibaba",
      ".aliyun/config.json",
      JSON.stringify({ current: "a", profiles: [{ name: "a", mode: secret }] })
    ],
    ["alibaba", ".alibabacloud/credentials", `[default]\ntype = ${secret}\n`]
  ])("of %s, %s, is told of without what is in it", (cloud, file, content) => {
    const home = newFolder()
    mkdirSync(join(home, file, ".."), { recursive: true })
    writeFileSync(join(home, file), content)
    return tells([cloud, "whoami"], { HOME: home })
  })
})
