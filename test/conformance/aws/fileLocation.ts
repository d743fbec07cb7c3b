/**
 * Where the shared config and credentials files are, and which profile is meant.
 */
import { strictEqual } from "node:assert"
import { locate, type Variables } from "../../../src/layers/HomeDirectory.js"
import { pure, readJson, type Suite } from "../Suite.js"

interface Vector {
  readonly name: string
  readonly environment: Variables
  readonly platform: string
  readonly profile?: string
  readonly configLocation: string
  readonly credentialsLocation: string
}

const check = ({ configLocation, credentialsLocation, environment, platform, profile }: Vector) => {
  const actual = locate(environment, platform === "windows" ? "windows" : "other")
  strictEqual(actual.config, configLocation)
  strictEqual(actual.credentials, credentialsLocation)
  strictEqual(actual.profile, profile ?? "default")
}

export const fileLocation: Suite = {
  name: "aws/file-location.json",
  cases: (path) =>
    readJson<{ readonly tests: ReadonlyArray<Vector> }>(path).tests.map((vector) =>
      pure(vector.name, () => check(vector))
    )
}
