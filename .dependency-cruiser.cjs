// @ts-check

/**
 * The rooms of the house and who may import whom: an import points to the same floor or downwards, never in a circle.
 *
 *   1 schemas, protocol   2 services, emulator   3 layers   4 the doors, src/*.ts   5 cli
 *
 * `test/tooling/imports.test.ts` plants a violation of every rule here.
 */

const floors = [
  { rooms: "schemas|protocol", above: "^src/(services|emulator|layers|cli)/|^src/[^/]+$" },
  { rooms: "services|emulator", above: "^src/(layers|cli)/|^src/[^/]+$" },
  { rooms: "layers", above: "^src/cli/|^src/[^/]+$" }
]

/** @param {string} name */
const npm = (name) => `(^|/)node_modules/${name}/`

/** What is not the same from one major of Effect to the next, and the files that are written for each of them. */
const majors = {
  modules: [
    `${npm("effect")}dist/(Scheduler|Schema(AST|Getter|Issue|Parser|Transformation)|PlatformError)\\.`,
    `${npm("effect")}dist/(http/HttpClientError|process/ChildProcess)\\.`
  ],
  homes: [
    "^src/schemas/(Codec|ValidationIssues)\\.ts$",
    "^src/services/(fiber|platformHttp)\\.ts$",
    "^src/layers/platform\\.ts$",
    "^src/layers/blocking/(Blocking|ParkingLot|scheduler|spawning)\\.ts$"
  ]
}

/**
 * @typedef {import("dependency-cruiser").IForbiddenRuleType} Rule
 * @typedef {import("dependency-cruiser").IRegularForbiddenRuleType} Regular
 * @typedef {import("dependency-cruiser").IReachabilityForbiddenRuleType} Reachability
 *
 * @type {(name: string, from: Regular["from"], to: Regular["to"] | Reachability["to"], comment: string) => Rule}
 */
const forbidden = (name, from, to, comment) => ({ name, severity: "error", comment, from, to })

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    forbidden("no-circle", {}, { circular: true }, "Type-only imports count too."),
    forbidden("resolvable", {}, { couldNotResolve: true }, "What is imported must exist."),

    ...floors.map(({ rooms, above }) =>
      forbidden(
        `floor-${rooms.replace("|", "-")}`,
        { path: `^src/(${rooms})/` },
        { path: above },
        "Nothing imports from a floor above."
      )
    ),
    forbidden(
      "floor-doors",
      { path: "^src/[^/]+$" },
      { path: "^src/cli/" },
      "A program stands on the library."
    ),
    forbidden(
      "doors-apart",
      { path: "^src/cli/" },
      { path: "^src/[^/]+/", pathNot: "^src/cli/" },
      "The program goes through the doors, as everybody does."
    ),
    forbidden(
      "services-without-emulator",
      { path: "^src/(services|layers)/" },
      { path: "^src/emulator/" },
      "The other side is not part of the client."
    ),
    forbidden(
      "emulator-through-one-door",
      { path: "^src/(?!testing\\.ts)[^/]+$" },
      { path: "^src/emulator/", reachable: true },
      "Only ./testing carries the emulator."
    ),

    forbidden(
      "no-node-below",
      { path: "^src/(schemas|services)/" },
      { dependencyTypes: ["core"] },
      "Data and capabilities run anywhere."
    ),
    forbidden(
      "protocol-is-pure",
      { path: "^src/protocol/" },
      { dependencyTypes: ["core"], pathNot: "^(node:)?crypto$" },
      "Hashes and nothing else."
    ),

    forbidden(
      "no-import-call",
      { path: "^src/(?!cli/)" },
      { path: "^src/", dynamic: true },
      "esbuild puts it into one file without the initialisers of modules that a door passes on."
    ),
    forbidden(
      "no-barrel",
      { path: "^src/" },
      { path: ["", "[^/]+/"].map((room) => `${npm("(effect|@effect/platform-node)")}dist/${room}index\\.`) },
      "A barrel costs half a second to import; name the module."
    ),
    forbidden(
      "majors-apart",
      { path: "^src/", pathNot: majors.homes },
      { path: majors.modules },
      "Ask the file that stands for it: another major of Effect has it otherwise."
    ),
    forbidden(
      "vendor-sdk",
      { path: "^src/" },
      { path: npm("(@alicloud|@aws-sdk|@aws-crypto|@smithy|aws-sdk)") },
      "The vendors' SDKs are for comparing with, in tests."
    ),
    forbidden(
      "declared",
      { path: "^src/" },
      { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["npm-peer"] },
      "What a user needs is a dependency or a peer."
    ),

    forbidden(
      "platform-node-in-layers",
      { path: "^src/", pathNot: "^src/(layers/|cli/|node\\.ts$)" },
      { path: npm("@effect/platform-node") },
      "Only the door to Node and what stands behind it."
    ),
    forbidden(
      "platform-node-through-one-door",
      { path: "^src/(?!node\\.ts)[^/]+$" },
      { path: npm("@effect/platform-node"), reachable: true },
      "An optional peer that only ./node needs."
    ),
    forbidden(
      "undici-in-layers",
      { path: "^src/", pathNot: "^src/layers/" },
      { path: npm("undici") },
      "An optional peer."
    ),
    forbidden(
      "undici-through-one-door",
      { path: "^src/(?!undici\\.ts)[^/]+$" },
      { path: npm("undici"), reachable: true },
      "An optional peer that only ./undici needs."
    ),
    forbidden(
      "redis-in-layers",
      { path: "^src/", pathNot: "^src/layers/" },
      { path: npm("redis") },
      "An optional peer."
    ),
    forbidden(
      "redis-through-one-door",
      { path: "^src/(?!redis\\.ts)[^/]+$" },
      { path: npm("redis"), reachable: true },
      "An optional peer that only ./redis needs."
    ),
    forbidden(
      "tokens-in-emulator",
      { path: "^src/", pathNot: "^src/emulator/" },
      { path: npm("(jose|xml-crypto|@xmldom/xmldom)") },
      "Optional peers that only ./testing needs."
    )
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "types", "default"]
    }
  }
}
