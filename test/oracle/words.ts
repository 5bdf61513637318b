/**
 * Words and variables of Dockerfile instructions (not of the shell), after BuildKit's
 * frontend/dockerfile/shell/lex.go.
 */

/** Splits at white space outside of quotes and keeps quotes and escapes as written. */
export function splitRawWords(text: string, escape: string): string[] {
  const words: string[] = [];
  let word = "";
  let quote = "";
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (quote === "" && /\s/.test(char)) {
      if (word !== "") words.push(word);
      word = "";
      continue;
    }
    word += char;
    if (char === escape && quote !== "'" && i + 1 < text.length) {
      i++;
      word += text.charAt(i);
    } else if (quote === "" && (char === "'" || char === '"')) {
      quote = char;
    } else if (char === quote) {
      quote = "";
    }
  }
  if (word !== "") words.push(word);
  return words;
}

export type Variables = ReadonlyMap<string, string>;

/** Replaces variables and removes quotes, as ENV, WORKDIR, COPY and others do. */
export function expand(text: string, variables: Variables, escape: string): string {
  let result = "";
  let quote = "";
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (quote === "'") {
      if (char === "'") quote = "";
      else result += char;
    } else if (char === escape && i + 1 < text.length) {
      const next = text.charAt(++i);
      // Between double quotes the escape stays unless what follows is special there.
      if (quote === '"' && next !== '"' && next !== "$" && next !== escape)
        result += char;
      result += next;
    } else if (char === '"') {
      quote = quote === '"' ? "" : '"';
    } else if (char === "'" && quote === "") {
      quote = "'";
    } else if (char === "$") {
      const reference = variableAt(text, i);
      if (reference === undefined) {
        result += char;
      } else {
        result += valueOf(reference, variables, escape);
        i = reference.end - 1;
      }
    } else {
      result += char;
    }
  }
  return result;
}

interface Reference {
  readonly name: string;
  readonly operator: string;
  readonly operand: string;
  readonly end: number;
}

function variableAt(text: string, start: number): Reference | undefined {
  const plain = /^\$([A-Za-z_][A-Za-z0-9_]*)/.exec(text.slice(start));
  if (plain)
    return {
      name: plain[1] ?? "",
      operator: "",
      operand: "",
      end: start + plain[0].length,
    };
  const braced = /^\$\{([A-Za-z_][A-Za-z0-9_]*)/.exec(text.slice(start));
  if (!braced) return undefined;
  let depth = 1;
  let end = start + braced[0].length;
  const from = end;
  for (; end < text.length && depth > 0; end++) {
    if (text.startsWith("${", end)) depth++;
    if (text.charAt(end) === "}") depth--;
  }
  if (depth > 0) return undefined;
  const modifier = text.slice(from, end - 1);
  const operator = /^(:[-+?]|[-+?]|##|#|%%|%|\/\/|\/)/.exec(modifier)?.[0] ?? "";
  return {
    name: braced[1] ?? "",
    operator,
    operand: modifier.slice(operator.length),
    end,
  };
}

function valueOf(reference: Reference, variables: Variables, escape: string): string {
  const value = variables.get(reference.name);
  const operand = () => expand(reference.operand, variables, escape);
  switch (reference.operator) {
    case "":
    case "?":
    case ":?":
      return value ?? "";
    case "-":
      return value ?? operand();
    case ":-":
      return value !== undefined && value !== "" ? value : operand();
    case "+":
      return value === undefined ? "" : operand();
    case ":+":
      return value === undefined || value === "" ? "" : operand();
    default:
      // Pattern operators are kept as a mark: the oracle compares, it needs no exact value.
      return `{${value ?? ""}${reference.operator}${reference.operand}}`;
  }
}

/** Words with variables replaced; one word of the text stays one word. */
export function expandWords(
  text: string,
  variables: Variables,
  escape: string,
): string[] {
  return splitRawWords(text, escape).map((word) => expand(word, variables, escape));
}

/** `a=b c="d e"` or the old form `a b c`, as ENV, LABEL and ARG have them. */
export function pairs(
  text: string,
  variables: Variables,
  escape: string,
): [name: string, value: string][] {
  const words = splitRawWords(text, escape);
  if (!(words[0] ?? "").includes("=")) {
    const old = /^(\S+)\s+([\s\S]*)$/.exec(text.trim());
    return old ? [[old[1] ?? "", expand(old[2] ?? "", variables, escape)]] : [];
  }
  return words.map((word) => {
    const equals = word.indexOf("=");
    const name = equals < 0 ? word : word.slice(0, equals);
    const value = equals < 0 ? "" : word.slice(equals + 1);
    return [expand(name, variables, escape), expand(value, variables, escape)];
  });
}
