// One module for all commands, because they share the transforms and with them the engine.
export { explainText } from "./explain.ts";
export { explainSplit } from "./explain-split.ts";
export { fixCommand, type FixCommandOptions } from "./fix.ts";
export { initConfig } from "./init.ts";
export { listText } from "./list.ts";
export { unknownTransform } from "./transform-ids.ts";
