/**
 * Where Alibaba Cloud credentials come from, and why from there.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { settingNotes } from "../../protocol/alibaba/settingNotes.js"
import type { Explanation } from "../../schemas/Explanation.js"
import { RequestPolicy } from "../../services/RequestPolicy.js"
import { settings } from "../../services/setting.js"
import * as Explained from "../explanation.js"
import * as DefaultChain from "./DefaultChain.js"

const variable = "ALIBABA_CLOUD_STS_REGION"

const region = Effect.flatMap(RequestPolicy, ({ alibaba }) =>
  alibaba.region === undefined
    ? Effect.map(settings([variable]), ({ [variable]: value }) =>
        value === undefined ? undefined : { value, from: variable }
      )
    : Effect.succeed({ value: alibaba.region, from: "RequestPolicy.alibaba.region" })
).pipe(Effect.orElseSucceed(() => undefined))

/**
 * Asks the sources of the default chain in turn and tells what came of each: the one that gave credentials, why the
 * others before it did not, the region and who states it, settings that another setting overrules or that look
 * misspelt, and what other tools read. It holds no secret and never fails.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { Alibaba } from "effect-sts"
 *
 * const tell = Effect.map(Alibaba.explain(), (explanation) => explanation.render())
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const explain = (
  options?: DefaultChain.Options
): Effect.Effect<Explanation, never, DefaultChain.Services> =>
  Effect.gen(function* () {
    return yield* Explained.explain(yield* DefaultChain.sources(options), {
      cloud: "alibaba",
      prefixes: ["ALIBABA_CLOUD", "ALIBABACLOUD", "ALICLOUD"],
      region: yield* region,
      notes: (set, chosen) => settingNotes({ set, chosen })
    })
  })
