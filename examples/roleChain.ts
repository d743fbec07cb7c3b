import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { FileCache, MfaTokenCode, Refreshing } from "effect-sts"
import * as Aws from "effect-sts/aws"
import { AwsNode } from "effect-sts/node"

const hub = {
  roleArn: "arn:aws:iam::123456789012:role/reader",
  mfaSerial: "arn:aws:iam::123456789012:mfa/alice",
  roleSessionName: "alice"
}
const spoke = {
  roleArn: "arn:aws:iam::123456789012:role/chained",
  roleSessionName: "alice",
  durationSeconds: 900
}

const chained = Effect.gen(function* () {
  const user = Aws.Environment.source
  const entered = yield* Aws.AssumedRole.make(user, hub)
  // one code for all processes of this machine, for as long as the role lasts
  const shared = yield* FileCache.make("aws", entered, {
    directory: `${yield* Config.String("HOME")}/.cache/effect-sts`,
    key: FileCache.keyOfRole("aws", user, hub)
  })
  const last = yield* Aws.AssumedRole.make(Refreshing.make("aws", shared), spoke)
  return Refreshing.make("aws", last)
})

const provider = Aws.expectAccount("123456789012")(Layer.effect(Aws.CredentialProvider, chained))

// at a terminal: MfaPrompt.layer of effect-sts/node asks for the code
const code = MfaTokenCode.layer(() => Effect.orDie(Config.Redacted("MFA_CODE")))

const program = Effect.gen(function* () {
  const me = yield* Aws.getCallerIdentity()
  console.log(me.arn)
})

NodeRuntime.runMain(program.pipe(Effect.provide([provider.pipe(Layer.provideMerge(AwsNode.layer)), code])))
