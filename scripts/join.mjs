// @ts-check

/**
 * Joins what each door loads into few files, for Node: two hundred modules take it longer to find and read than to run.
 * Bundlers get the modules as they are (`module` in the package's exports), since they leave out what nobody uses.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

/**
 * Joins the doors that a package's exports name, and tells which they are.
 *
 * @param {string} home the folder of the package.json
 * @param {string} from the folder of the doors
 * @param {string} extension what their files' names end in
 * @param {string} outdir
 */
export const joinDoors = async (home, from, extension, outdir) => {
  /** @type {{ exports: Record<string, { types: string } | string> }} */
  const { exports } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"))
  const doors = Object.values(exports).flatMap((door) =>
    typeof door === "string" ? [] : (/(\w+)\.d\.ts$/.exec(door.types)?.[1] ?? [])
  )
  const { metafile } = await build({
    absWorkingDir: home,
    entryPoints: doors.map((door) => join(from, `${door}.${extension}`)),
    outdir,
    bundle: true,
    splitting: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    tsconfigRaw: "{}",
    metafile: true
  })
  return { doors, files: Object.keys(metafile.outputs).length }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await joinDoors(process.cwd(), "dist", "js", "dist/joined")
}
