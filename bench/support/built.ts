/**
 * The built package, with the types of its source: this folder is checked before anything is built.
 */

const built = (module: string): Promise<unknown> =>
  import(new URL(`../../dist/${module}.js`, import.meta.url).href)

export const main = () => built("index") as Promise<typeof import("../../src/index.js")>
export const alibaba = () => built("alibaba") as Promise<typeof import("../../src/alibaba.js")>
export const aws = () => built("aws") as Promise<typeof import("../../src/aws.js")>
export const node = () => built("node") as Promise<typeof import("../../src/node.js")>
export const undici = () => built("undici") as Promise<typeof import("../../src/undici.js")>
export const blocking = () => built("blocking") as Promise<typeof import("../../src/blocking.js")>

/** What no door leads to. */
export const acs3 = () =>
  built("protocol/alibaba/acs3") as Promise<typeof import("../../src/protocol/alibaba/acs3.js")>
export const rpc = () =>
  built("protocol/alibaba/rpc") as Promise<typeof import("../../src/protocol/alibaba/rpc.js")>
export const timestamp = () =>
  built("protocol/alibaba/timestamp") as Promise<typeof import("../../src/protocol/alibaba/timestamp.js")>
export const percentEncoding = () =>
  built("protocol/percentEncoding") as Promise<typeof import("../../src/protocol/percentEncoding.js")>
export const bufferedClient = () =>
  built("services/BufferedClient") as Promise<typeof import("../../src/services/BufferedClient.js")>
export const sigV4 = () =>
  built("protocol/aws/sigV4") as Promise<typeof import("../../src/protocol/aws/sigV4.js")>
export const query = () =>
  built("protocol/aws/query") as Promise<typeof import("../../src/protocol/aws/query.js")>
export const xml = () => built("protocol/aws/xml") as Promise<typeof import("../../src/protocol/aws/xml.js")>
export const replyDocument = () =>
  built("protocol/aws/replyDocument") as Promise<typeof import("../../src/protocol/aws/replyDocument.js")>
