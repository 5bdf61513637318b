/** Folders in which images, or other programs, have something of their own. */
export const systemFolders: ReadonlySet<string> = new Set(
  (
    "/ /bin /etc /home /lib /lib64 /opt /root /sbin /usr /usr/bin /usr/include /usr/lib " +
    "/usr/lib64 /usr/local /usr/local/bin /usr/local/etc /usr/local/include /usr/local/lib " +
    "/usr/local/lib64 /usr/local/sbin /usr/local/share /usr/sbin /usr/share /var /var/lib"
  ).split(" "),
);
