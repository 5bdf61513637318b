/**
 * Commands that leave a process running when they return. A RUN's processes end with it, so
 * what comes after such a command in the same RUN runs beside the daemon. Sources: each
 * program's manual page, on its daemon or background mode.
 */

const start = /^(start|restart|reload|force-reload)$/;
const always = /^/;

/** Program name to the argument with which it goes to the background. */
const daemons: ReadonlyMap<string, RegExp> = new Map([
  // service(8), systemctl(1), rc-service(8), invoke-rc.d(8), initctl(8).
  ["service", start],
  ["systemctl", start],
  ["rc-service", start],
  ["invoke-rc.d", start],
  ["initctl", start],
  ["start-stop-daemon", /^(-S|--start)$/],
  // Control scripts such as apachectl(8), pg_ctl(1) and Tomcat's catalina.sh.
  ["apachectl", start],
  ["apache2ctl", start],
  ["catalina.sh", start],
  ["pg_ctl", start],
  ["pg_ctlcluster", start],
  ["rabbitmq-server", /^-detached$/],
  ["supervisorctl", start],
  ["startup.sh", always],
  // Servers that fork into the background unless told otherwise.
  ...[
    "apache2",
    "avahi-daemon",
    "containerd",
    "cron",
    "crond",
    "dbus-daemon",
    "dbus-launch",
    "dnsmasq",
    "dockerd",
    "elasticsearch",
    "cassandra",
    "gpg-agent",
    "haproxy",
    "httpd",
    "lighttpd",
    "mysqld_multi",
    "mysqld_safe",
    "mariadbd-safe",
    "named",
    "neo4j",
    "nginx",
    "php-fpm",
    "pm2",
    "pulseaudio",
    "rpcbind",
    "rsyslogd",
    "slapd",
    "squid",
    "ssh-agent",
    "sshd",
    "supervisord",
    "vncserver",
  ].map((program): [string, RegExp] => [program, always]),
  ["mongod", /^--fork$/],
  ["memcached", /^-d$/],
  ["mysqld", /^(--daemonize|-D)$/],
  ["redis-server", /^--daemonize$/],
  // Build servers that outlive the command that started them.
  ["adb", /^start-server$/],
  ["bazel", /^(build|run|test)$/],
  ["emacs", /^--(bg-)?daemon/],
  ["tmux", always],
  ["screen", /^-[a-zA-Z]*d/],
]);

/** An argument that sends most programs to the background. */
const toBackground = /^--?(daemon|daemonize|detach)$|^start-(domain|server)$/;

/** Programs that run what they start in the foreground. */
const foreground: ReadonlySet<string> = new Set(["npm", "pnpm", "yarn", "bun", "docker"]);

/** Gradle's daemon outlives a build unless it is told not to (Gradle's user manual). */
const gradle = /^gradlew?$/;
const noGradleDaemon =
  /^--no-daemon$|^-Dorg\.gradle\.daemon=false$|^--(version|status|stop)$/;

/** `script` is the path as written: an init script is known by its folder alone. */
export function startsDaemon(
  program: string,
  script: string,
  args: readonly string[],
): boolean {
  const argument = daemons.get(program);
  if (argument) return argument === always || args.some((arg) => argument.test(arg));
  if (gradle.test(program)) return !args.some((arg) => noGradleDaemon.test(arg));
  if (args.some((arg) => toBackground.test(arg))) return true;
  if (args.includes("start") && !foreground.has(program)) return true;
  return /(^|\/)init\.d\/[^/]+$/.test(script) && args.some((arg) => start.test(arg));
}
