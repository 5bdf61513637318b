/**
 * Commands that leave a process running when they return. A RUN's processes end with it, so
 * what comes after such a command in the same RUN runs beside the daemon.
 *
 * `program` is the command's name; `argument`, where given, is a word that has to be among
 * its arguments. Sources: each program's manual page, section on daemon or background mode.
 */
export interface Daemon {
  readonly program: RegExp;
  readonly argument?: RegExp;
}

export const daemons: readonly Daemon[] = [
  // service(8), systemctl(1), rc-service(8), invoke-rc.d(8) and init scripts.
  {
    program: /^(service|systemctl|rc-service|invoke-rc\.d|initctl|supervisorctl)$/,
    argument: /^(start|restart|reload|force-reload)$/,
  },
  { program: /^start-stop-daemon$/, argument: /^(-S|--start)$/ },
  // An init script, /etc/init.d/mysql start, and control scripts such as apachectl(8).
  {
    program: /^(apachectl|apache2ctl|catalina\.sh|pg_ctl|pg_ctlcluster|rabbitmqctl)$/,
    argument: /^(-k|start|restart)$/,
  },
  {
    program: /^(startup\.sh|mysqld_multi|supervisord|dockerd|containerd|crond?|rpcbind)$/,
  },
  {
    program:
      /^(mysqld|mysqld_safe|mariadbd|mariadbd-safe|slapd|nginx|httpd|apache2|sshd)$/,
  },
  { program: /^mongod$/, argument: /^--fork$/ },
  { program: /^redis-server$/, argument: /^--daemonize$/ },
  {
    program:
      /^(Xvfb|Xvnc|Xorg|vncserver|pulseaudio|memcached|squid|named|dnsmasq|rsyslogd)$/,
  },
  { program: /^(dbus-daemon|dbus-launch|ssh-agent|gpg-agent|avahi-daemon)$/ },
  // Build servers that outlive the command: their manuals call it the daemon or the server.
  { program: /^adb$/, argument: /^start-server$/ },
  { program: /^emacs$/, argument: /^--(bg-)?daemon/ },
];

/** `script` is the path as written: an init script is known by its folder alone. */
export function startsDaemon(
  program: string,
  script: string,
  args: readonly string[],
): boolean {
  if (/(^|\/)init\.d\/[^/]+$/.test(script))
    return args.some((arg) => /^(start|restart)$/.test(arg));
  return daemons.some(
    (daemon) =>
      daemon.program.test(program) &&
      (daemon.argument === undefined ||
        args.some((arg) => daemon.argument?.test(arg) ?? false)),
  );
}
