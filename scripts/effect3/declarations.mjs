// @ts-check

/** Programs of TypeScript, and what an Effect declares, read from its own declarations. */
import { realpathSync } from "node:fs"
import { join } from "node:path"
import ts from "typescript"

/**
 * Declarations of packages, which programs have in common and none changes.
 *
 * @type {Map<string, ts.SourceFile | undefined>}
 */
const parsed = new Map()

/**
 * @param {string} root the folder with tsconfig.json
 * @param {ReadonlyArray<string>} files
 * @param {Readonly<Record<string, string>>} [texts] by path
 */
export const programOf = (root, files, texts = {}) => {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, root)
  const host = ts.createCompilerHost(options, true)
  const { fileExists, getSourceFile, readFile } = host
  host.fileExists = (path) => path in texts || fileExists(path)
  host.readFile = (path) => texts[path] ?? readFile(path)
  host.getSourceFile = (path, target, ...rest) => {
    const text = texts[path]
    if (text !== undefined) return ts.createSourceFile(path, text, target, true)
    if (!path.endsWith(".d.ts")) return getSourceFile(path, target, ...rest)
    const key = `${root} ${path}`
    if (!parsed.has(key)) parsed.set(key, getSourceFile(path, target, ...rest))
    return parsed.get(key)
  }
  return ts.createProgram([...files], { ...options, noEmit: true }, host)
}

/**
 * The specifier under which a file of a package is imported: `effect/http/Headers`.
 *
 * @param {string} file
 */
export const moduleOf = (file) => {
  const [, name, path] =
    /.*\/node_modules\/(effect|@effect\/[^/]+)\/dist\/(?:dts\/)?(.+)\.d\.ts$/.exec(file) ?? []
  return name === undefined || path === undefined ? undefined : path === "index" ? name : `${name}/${path}`
}

/** @typedef {ReturnType<typeof declarations>} Declarations */

/**
 * @param {string} root the folder with tsconfig.json
 * @param {string} home the folder whose node_modules hold that Effect
 * @param {Iterable<string>} modules
 */
export const declarations = (root, home, modules) => {
  const entry = join(home, "modules.ts")
  const names = [...modules]
  const text = names.map((module, index) => `import * as m${index} from "${module}"\n`).join("")
  const program = programOf(root, [entry], { [entry]: text })
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(entry)
  const packages = realpathSync(join(home, "node_modules"))
  /** @type {Map<string, ts.Symbol>} */
  const found = new Map()
  source?.statements.forEach((statement, index) => {
    if (!ts.isImportDeclaration(statement)) return
    const symbol = checker.getSymbolAtLocation(statement.moduleSpecifier)
    const path = symbol?.declarations?.[0]?.getSourceFile().fileName
    // What this Effect has not may be found in a folder above, where another one is.
    if (symbol !== undefined && path?.startsWith(packages)) found.set(names[index] ?? "", symbol)
  })

  /** @param {ts.Symbol} symbol */
  const target = (symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol)

  /**
   * @param {string} module
   * @param {string} path names with dots between
   */
  const find = (module, path) => {
    let symbol = found.get(module)
    for (const name of path.split(".")) {
      symbol = symbol && checker.getExportsOfModule(symbol).find((one) => one.name === name)
      symbol = symbol && target(symbol)
    }
    return symbol
  }

  return {
    /** @param {string} module */
    hasModule: (module) => found.has(module),
    /**
     * @param {string} module
     * @param {string} path
     * @param {boolean} value used as a value, not as a type
     */
    has: (module, path, value) => {
      const flags = find(module, path)?.flags ?? 0
      return (flags & (value ? ts.SymbolFlags.Value : ts.SymbolFlags.Type | ts.SymbolFlags.Namespace)) !== 0
    },
    /**
     * Whether the values of a type have a member.
     *
     * @param {string} module
     * @param {string} type
     * @param {string} member
     */
    hasMember: (module, type, member) => {
      const symbol = find(module, type)
      return (
        symbol !== undefined &&
        checker.getPropertyOfType(checker.getDeclaredTypeOfSymbol(symbol), member) !== undefined
      )
    }
  }
}
