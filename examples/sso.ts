import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Aws from "effect-sts/aws"
import { AwsNode } from "effect-sts/node"

// ~/.aws/config has [profile dev] with sso_session, sso_account_id and sso_role_name, and `aws sso login` was run;
// tokens are renewed as long as the session lasts, and then the error says which command to run
const program = Aws.getCallerIdentity().pipe(
  Effect.flatMap(({ arn }) => Console.log(`signed in as ${arn}`)),
  Effect.catchTag("StsCredentialError", (error) =>
    error.reason === "Expired" ? Console.log(error.message) : Effect.fail(error)
  )
)

// or AWS_PROFILE=dev and AwsNode.layer
NodeRuntime.runMain(program.pipe(Effect.provide(AwsNode.layerWith({ profile: "dev" }))))
