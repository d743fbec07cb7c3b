/**
 * The secrets that sources read, send and get, beside those that calls of STS have.
 */
import { generateKeyPairSync } from "node:crypto"
import { planted } from "../leaks/planted.js"

const made = (name: string): string => `${name}-PLANTED-+/=5c1e9a7740d2b83f-${name}-END`

// The base64 of it, without the lines that every key begins and ends with.
const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
export const dpopKey = privateKey.export({ format: "pem", type: "sec1" }).toString()
const dpopDigits = dpopKey.split("\n")[1] ?? ""

export const secrets = {
  ...planted,
  /** What signs a person in: Identity Center, CloudSSO, OAuth. */
  accessToken: made("access-token"),
  refreshToken: made("refresh-token"),
  clientSecret: made("client-secret"),
  newAccessToken: made("new-access-token"),
  newRefreshToken: made("new-refresh-token"),
  /** What the endpoints of machines and jobs want to see. */
  containerToken: made("container-token"),
  jobToken: made("job-token"),
  metadataToken: "METADATA-PLANTED-7be2c95d0f4813a6==",
  uriToken: "URIPLANTED9d3a61fe28c7405bURIEND",
  dpopDigits
}

/** What stands in the line of a command, which other users of a machine may see anyway. */
export const commandSecret = "COMMAND-PLANTED-e09b47f1d52c836a-END"

/** The program of a source that runs one, below the home directory. */
export const programFile = "program.sh"
