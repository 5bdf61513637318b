/* tcpwait HOST PORT [SECONDS]: wait until a TCP port takes connections (status 0) or time is up (1). */
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int try_connect(const char *host, const char *port)
{
    struct addrinfo hints, *found, *a;
    int connected = 0;

    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_STREAM;
    if (getaddrinfo(host, port, &hints, &found) != 0)
        return 0;
    for (a = found; a != NULL && !connected; a = a->ai_next) {
        int fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
        if (fd < 0)
            continue;
        connected = connect(fd, a->ai_addr, a->ai_addrlen) == 0;
        close(fd);
    }
    freeaddrinfo(found);
    return connected;
}

int main(int argc, char **argv)
{
    if (argc < 3 || argc > 4) {
        fprintf(stderr, "usage: tcpwait HOST PORT [SECONDS]\n");
        return 2;
    }
    time_t end = time(NULL) + (argc == 4 ? atoi(argv[3]) : 30);
    for (;;) {
        if (try_connect(argv[1], argv[2]))
            return 0;
        if (time(NULL) >= end)
            return 1;
        sleep(1);
    }
}
