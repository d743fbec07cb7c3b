/** A configuration of the Aliyun CLI, and who answers to its profiles. */
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import * as Alibaba from "../../../src/alibaba.js"
import { HomeDirectory } from "../../../src/layers/HomeDirectory.js"
import { planted } from "../../leaks/planted.js"
import { configFile, environment, services } from "../../support/alibabaEnvironment.js"
import { Disk } from "../../support/files.js"
import { type Answer, fault, reply, scripted } from "../../support/scripted.js"

export const now = Date.parse("2026-01-01T00:00:00Z")
const end = "2026-01-01T01:00:00Z"

export const pair = { access_key_id: "file-id", access_key_secret: planted.accessKeySecret }
export const roleArn = "acs:ram::123456789012:role/reader"

export const config = (...profiles: ReadonlyArray<object>): string =>
  JSON.stringify({ current: "dev", profiles, meta_path: "" }, null, 2)

export const dev = (mode: string, settings: object = {}) => ({ name: "dev", mode, ...settings })

export interface Setup {
  readonly text: string
  readonly answers?: ReadonlyArray<Answer>
  readonly env?: Readonly<Record<string, string>>
  readonly options?: Alibaba.CliProfile.Options
  readonly others?: Readonly<Record<string, string>>
}

export const machine = ({
  answers = [fault("EHOSTUNREACH")],
  env = {},
  options,
  others = {},
  text
}: Setup) => {
  const http = scripted(...answers)
  const disk = new Disk({ [configFile]: text, ...others })
  const get = Effect.andThen(TestClock.setTime(now), Alibaba.CliProfile.make(options)).pipe(
    Effect.flatMap((source) => source.get),
    Effect.provide(services(disk.layer, http.layer)),
    Effect.provideService(HomeDirectory, Effect.succeed(undefined)),
    environment(env)
  )
  return { get, sent: http.sent }
}

export const issued = (id: string) =>
  reply(200, {
    RequestId: "REQ-OK",
    Credentials: {
      AccessKeyId: id,
      AccessKeySecret: planted.issuedSecret,
      SecurityToken: planted.issuedToken,
      Expiration: end
    },
    AssumedRoleUser: { Arn: `${roleArn}/s`, AssumedRoleId: "3:s" }
  })

export const document = {
  Code: "Success",
  AccessKeyId: "STS.metadata",
  AccessKeySecret: planted.issuedSecret,
  SecurityToken: planted.issuedToken,
  Expiration: end
}

export const plain = (text: string) => reply(200, text, { "content-type": "text/plain" })
