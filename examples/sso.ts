import * as Effect from "effect/Effect"
import { Aws } from "effect-sts"
import { AwsNode } from "effect-sts/node"

// ~/.aws/config has [profile dev] with sso_session, sso_account_id and sso_role_name, and `aws sso login` was run;
// tokens are renewed as long as the session lasts, and then the error says which command to run
const me = Aws.getCallerIdentity().pipe(
  Effect.map(({ arn }) => `signed in as ${arn}`),
  Effect.catchTag("StsCredentialError", (error) =>
    error.reason === "Expired" ? Effect.succeed(error.message) : Effect.fail(error)
  ),
  Effect.provide(AwsNode.layerWith({ profile: "dev" })) // or AWS_PROFILE=dev and AwsNode.layer
)

console.log(await Effect.runPromise(me))
