import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Aws from "effect-sts/aws"
import { AwsSsoLogin, SignIn } from "effect-sts/login"
import { AwsNode } from "effect-sts/node"

const portal = { startUrl: "https://emulator.awsapps.com/start", region: "us-east-1", sessionName: "corp" }

const program = Effect.gen(function* () {
  // or AwsSsoLogin.login and NodeSignIn.layer, which open the browser of this machine
  const { file } = yield* AwsSsoLogin.loginWithDeviceCode(portal)
  yield* Console.log(`the token is in ${file}, for AWS's own tools too`)
  const reader = Aws.Sso.layer({ ...portal, accountId: "123456789012", roleName: "Reader" })
  const { arn } = yield* Aws.getCallerIdentity().pipe(Effect.provide(reader))
  yield* Console.log(`signed in as ${arn}`)
})

// without it, the page is logged
const prompt = SignIn.Prompt.layer(({ code, url }) => Console.log(`open ${url} and check the code ${code}`))

NodeRuntime.runMain(program.pipe(Effect.provide([AwsNode.layer, prompt])))
