import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Aws from "effect-sts/aws"

// keys and region from the environment, requests by the runtime's own fetch: no files and no processes
const runtime = ManagedRuntime.make(
  Layer.mergeAll(Aws.Environment.layer, Aws.SignerV4.layer, FetchHttpClient.layer)
)

export default {
  fetch: (): Promise<Response> =>
    runtime.runPromise(
      Effect.map(Aws.getCallerIdentity(), ({ arn }) => new Response(`this worker runs as ${arn}`))
    )
}
