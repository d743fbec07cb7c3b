// @ts-check

/**
 * One file while it is derived. A node's text is written anew from that of its children, so that everything between them,
 * comments and line breaks, stays as it is.
 */
import ts from "typescript"
import { moduleOf } from "./declarations.mjs"
import { importsOf } from "./imports.mjs"

/** @typedef {ReturnType<typeof sourceOf>} Source */

/**
 * @param {ts.SourceFile} file
 * @param {ts.TypeChecker} checker
 * @param {(node: ts.Node, source: any) => string | undefined} rewrite what a node becomes; undefined: what its children become
 */
export const sourceOf = (file, checker, rewrite) => {
  const imports = importsOf(file)

  /**
   * @param {number} start
   * @param {number} end
   * @param {ReadonlyArray<Node>} nodes those in between
   * @param {(node: Node) => string | undefined} [each] what becomes of one; undefined: what it is anyway
   * @template {ts.Node} Node
   */
  const between = (start, end, nodes, each = render) => {
    let text = ""
    let at = start
    for (const node of [...nodes].sort((one, other) => one.pos - other.pos)) {
      text += file.text.slice(at, node.getStart(file)) + (each(node) ?? render(node))
      at = node.getEnd()
    }
    return text + file.text.slice(at, end)
  }

  /**
   * @param {ts.Node} node
   * @returns {string}
   */
  const render = (node) => rewrite(node, source) ?? inside(node)

  /** @param {ts.Node} node */
  const inside = (node) => {
    /** @type {Array<ts.Node>} */
    const children = []
    ts.forEachChild(node, (child) => {
      children.push(child)
    })
    return between(node.getStart(file), node.getEnd(), children)
  }

  /**
   * The module and the name that an expression or a type reads: `Schema.Struct.Type` is Struct.Type of effect/Schema.
   *
   * @param {ts.Node | undefined} node
   * @returns {{ module: string, path: string } | undefined}
   */
  const api = (node) => {
    if (node === undefined) return undefined
    if (ts.isIdentifier(node)) {
      const named = imports.names.get(node.text)
      return named !== undefined && isImport(node) ? named : undefined
    }
    const [left, right] = ts.isPropertyAccessExpression(node)
      ? [node.expression, node.name]
      : ts.isQualifiedName(node)
        ? [node.left, node.right]
        : []
    if (left === undefined || right === undefined) return undefined
    if (ts.isIdentifier(left) && imports.namespaces.has(left.text) && isImport(left)) {
      return { module: imports.namespaces.get(left.text)?.module ?? "", path: right.text }
    }
    // Of values, only types are in namespaces within namespaces.
    const outer = ts.isQualifiedName(node) ? api(left) : undefined
    return outer && { module: outer.module, path: `${outer.path}.${right.text}` }
  }

  /** @param {ts.Identifier} node */
  const isImport = (node) => {
    const declaration = checker.getSymbolAtLocation(node)?.declarations?.[0]
    return (
      declaration !== undefined && (ts.isNamespaceImport(declaration) || ts.isImportSpecifier(declaration))
    )
  }

  const source = {
    file,
    checker,
    imports,
    between,
    render,
    inside,
    api,
    /** @param {ts.Identifier} node */
    isNamespace: (node) =>
      imports.namespaces.has(node.text) &&
      !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) &&
      isImport(node),
    /**
     * What stands in the brackets of a list.
     *
     * @template {ts.Node} Node
     * @param {ts.NodeArray<Node>} nodes
     * @param {(node: Node) => string | undefined} [each]
     */
    list: (nodes, each) => between(nodes.pos, endOf(nodes), nodes, each),
    /**
     * @param {ts.ObjectLiteralExpression} node
     * @param {(property: ts.ObjectLiteralElementLike) => string | undefined} each
     */
    object: (node, each) => between(node.getStart(file), node.getEnd(), node.properties, each),
    /**
     * Whether a node reads that name of that module.
     *
     * @param {ts.Node | undefined} node
     * @param {string} module
     * @param {ReadonlyArray<string>} paths
     */
    is: (node, module, ...paths) => {
      const last = node && ts.isPropertyAccessExpression(node) ? node.name.text : undefined
      if (last !== undefined && !paths.some((path) => path.endsWith(last))) return false
      const found = api(node)
      return found !== undefined && found.module === module && paths.includes(found.path)
    },
    /**
     * Whether an effect, or the one that a function answers, wants a scope; a type that is not known may.
     *
     * @param {ts.Node} node
     */
    wantsScope: (node) => {
      const type = checker.getTypeAtLocation(node)
      const answer = type.getCallSignatures()[0]?.getReturnType() ?? type
      const wanted =
        answer.aliasTypeArguments?.[2] ??
        checker.getTypeArguments(/** @type {ts.TypeReference} */ (answer))[2]
      const parts = wanted?.isUnion() ? wanted.types : [wanted]
      return parts.some(
        (one) =>
          one === undefined ||
          (one.flags & (ts.TypeFlags.Instantiable | ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0 ||
          (one.symbol !== undefined && ownersOf(one.symbol).includes("effect/Scope.Scope"))
      )
    },
    /** @param {ts.Node} node */
    isFunction: (node) => checker.getTypeAtLocation(node).getCallSignatures().length > 0,
    /** @param {ts.Node} node */
    place: (node) => {
      const { character, line } = file.getLineAndCharacterOfPosition(node.getStart(file))
      return `${file.fileName}:${line + 1}:${character + 1}`
    },
    /**
     * The names of the types of Effect that a value may have, as `effect/Result.Success`.
     *
     * @param {ts.Node} node
     */
    types: (node) => {
      const type = checker.getTypeAtLocation(node)
      const bound = type.flags & ts.TypeFlags.TypeParameter ? checker.getBaseConstraintOfType(type) : type
      const parts = bound === undefined ? [] : bound.isUnion() ? bound.types : [bound]
      return parts.flatMap((part) => (part.symbol === undefined ? [] : ownersOf(part.symbol)))
    }
  }
  return source
}

/**
 * Where the closing bracket of a list is: comments may stand before it.
 *
 * @param {ts.NodeArray<ts.Node>} nodes
 */
const endOf = (nodes) => {
  const parent = nodes[0]?.parent
  const isWhole =
    parent !== undefined &&
    ((ts.isCallExpression(parent) && parent.arguments === nodes) ||
      (ts.isArrayLiteralExpression(parent) && parent.elements === nodes))
  return isWhole ? parent.getEnd() - 1 : nodes.end
}

/**
 * Where Effect declares a type, as `effect/Result.Success`.
 *
 * @param {ts.Symbol} symbol
 */
const ownersOf = (symbol) =>
  (symbol.declarations ?? []).flatMap((declaration) => {
    const module = moduleOf(declaration.getSourceFile().fileName)
    return module === undefined ? [] : [`${module}.${symbol.name}`]
  })

/**
 * Whether a node stands where only types do.
 *
 * @param {ts.Node} node
 */
export const isType = (node) => {
  for (let one = node; one !== undefined && !ts.isStatement(one); one = one.parent) {
    if (ts.isTypeQueryNode(one)) return false
    if (ts.isExpressionWithTypeArguments(one)) {
      return (
        !ts.isHeritageClause(one.parent) ||
        one.parent.token !== ts.SyntaxKind.ExtendsKeyword ||
        ts.isInterfaceDeclaration(one.parent.parent)
      )
    }
    if (ts.isTypeNode(one)) return true
    if (ts.isExpression(one) && one !== node && !ts.isPropertyAccessExpression(one)) return false
  }
  return false
}
