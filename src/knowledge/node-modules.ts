/**
 * npm packages with an install script that need nothing in the final image besides what Node's
 * slim image has: they download or compile something that brings its libraries along, or only
 * print (the packages' repositories).
 */
const selfContained =
  /^(@nestjs\/core|@parcel\/watcher|@prisma\/(client|engines)|@scarf\/scarf|@swc\/core|argon2|bcrypt|better-sqlite3|bufferutil|core-js(-pure)?|cpu-features|es5-ext|esbuild|fsevents|lmdb|msgpackr-extract|msw|node-sass|nx|protobufjs|re2|sharp|sqlite3|ssh2|unrs-resolver|utf-8-validate|vue-demi)$/;

/** Packages that call programs, or load libraries, of which the full image may have some. */
const demanding =
  /^(canvas|child_process|chokidar-cli|dockerode-.*|electron.*|gm|ibm_db|imagemagick.*|kerberos|node-gyp|node-rdkafka|nodegit|node-pty|oracledb|pg-native|pidusage|playwright.*|ps-list|ps-node|puppeteer.*|python-shell|serialport|simple-git|systeminformation|usb|wkhtmltopdf)$/;

/** @param hasScript whether its package.json has an install script */
export function isModuleDemanding(name: string, hasScript: boolean): boolean {
  return demanding.test(name) || (hasScript && !selfContained.test(name));
}
