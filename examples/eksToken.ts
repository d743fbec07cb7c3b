import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Aws from "effect-sts/aws"
import { AwsBlocking } from "effect-sts/blocking"

// what `aws eks get-token` prints, without the AWS CLI; whoever holds it is you, so it comes redacted
const token = Effect.runSync(Aws.eksToken("my-cluster").pipe(Effect.provide(AwsBlocking.layer)))

console.log(token)
console.log(Redacted.value(token).length > 100)
