/**
 * Every source that runs a command, and every way in which commands fail: its error is the right one, says where the
 * command was configured, and repeats nothing of what the command is, writes or complains about.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { fullName, sources } from "../sources/all.js"
import { commandSecret, programFile, secrets } from "../sources/secrets.js"
import { inNoTime, type Outcome, observed, outcomeOf } from "../sources/watch.js"
import { type Listed, withSource } from "../sources/withSource.js"

const complaint = `echo '${secrets.issuedSecret} ${commandSecret}' >&2`
const junk = `{"AccessKeyId": ["${secrets.issuedSecret}"], "access_key_id": ["${secrets.issuedToken}"]`

/** What the program does instead of what it did, and what comes of it. */
const troubles: Readonly<Record<string, readonly [change: (script: string) => string, outcome: Outcome]>> = {
  "a program that is not there": [() => `${complaint}; exec no-such-program`, "Malformed"],
  "an exit code": [(script) => `${complaint}; ${script}exit 3`, "Unavailable"],
  "a signal": [(script) => `${complaint}; ${script}kill -9 $$`, "Unavailable"],
  "no output": [() => complaint, "Malformed"],
  junk: [() => `${complaint}; echo '${junk}'`, "Malformed"],
  "half an output": [() => `echo '${junk.slice(0, -12)}'`, "Malformed"],
  "another form": [() => `echo '{"Version": 2, "mode": "${secrets.issuedToken}"}'`, "Unsupported"],
  megabytes: [(script) => `head -c 3000000 /dev/zero; ${script}`, "Malformed"],
  "many complaints": [(script) => `head -c 300000 /dev/zero >&2; ${script}`, "its credentials"]
}

const runsCommand = ({ setup }: Listed): boolean => programFile in (setup("").files ?? {})

describe.each(sources.filter(runsCommand).map((listed) => [fullName(listed), listed] as const))(
  "%s",
  (_, listed) => {
    it.each(Object.entries(troubles))("meets %s", async (_name, [change, outcome]) => {
      const rewrite = { path: programFile, change }
      const { leaks, result } = await Effect.runPromise(
        inNoTime(() => withSource(listed, { rewrite }, ({ get }) => observed(get)))
      )
      assert.deepStrictEqual(leaks, [])
      assert.strictEqual(outcomeOf(listed, result), outcome)
    })
  }
)
