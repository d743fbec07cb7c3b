import * as Effect from "effect/Effect"
import { Alibaba } from "effect-sts"
import { UndiciHttp } from "effect-sts/undici"

// many calls a second: the same operations over undici
const program = Effect.all(
  Array.from({ length: 20 }, () => Alibaba.getCallerIdentity()),
  { concurrency: "unbounded" }
)

const all = await Effect.runPromise(
  program.pipe(Effect.provide([UndiciHttp.layer(), Alibaba.SignerAcs3.layer, Alibaba.Environment.layer]))
)
console.log(`${all.length} answers from ${all[0]?.accountId}`)
