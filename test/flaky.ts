import { relative } from "node:path"
import type { TestModule } from "vitest/node"

/** Names the tests that passed at their second attempt, so that none of them goes unseen. */
export default class Flaky {
  onTestRunEnd(modules: ReadonlyArray<TestModule>): void {
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        if (test.diagnostic()?.flaky !== true) continue
        const file = relative(process.cwd(), module.moduleId)
        process.stdout.write(`passed at the second attempt: ${file} > ${test.fullName}\n`)
      }
    }
  }
}
