/* Visitors of a news server who connect, read the greeting, say QUIT and wait for the end; light enough that the server
 * is what is measured.
 *   visitors PORT COUNT AT-ONCE
 * Prints the seconds that it took. Linux: epoll(7). */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { most_at_once = 64, patience_ms = 20000 };

struct visitor {
  int socket;
  /* QUIT is sent; its answer has come. */
  int said, answered;
};

static int poller;
static struct sockaddr_in server;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

static void come(struct visitor *one) {
  struct epoll_event wanted = {.events = EPOLLIN, .data.ptr = one};
  one->said = one->answered = 0;
  one->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (one->socket < 0) fail("socket");
  if (connect(one->socket, (struct sockaddr *)&server, sizeof server) < 0 && errno != EINPROGRESS) fail("connect");
  if (epoll_ctl(poller, EPOLL_CTL_ADD, one->socket, &wanted) < 0) fail("epoll_ctl");
}

/* 1 where the server has closed the connection. */
static int go_on(struct visitor *one) {
  static const char quit[] = "QUIT\r\n";
  char octets[4096];
  ssize_t got = read(one->socket, octets, sizeof octets);
  if (got < 0 && errno == EAGAIN) return 0;
  if (got < 0) fail("read");
  if (got == 0) {
    if (!one->answered) exit((fprintf(stderr, "closed without an answer\n"), 1));
    close(one->socket);
    return 1;
  }
  if (octets[got - 1] != '\n') return 0;
  if (one->said) one->answered = 1;
  else if (write(one->socket, quit, sizeof quit - 1) != sizeof quit - 1) fail("write");
  one->said = 1;
  return 0;
}

int main(int count, char **words) {
  struct visitor visitors[most_at_once];
  struct epoll_event ready[most_at_once];
  if (count != 4) return fprintf(stderr, "usage: visitors PORT COUNT AT-ONCE\n"), 64;
  long to_come = atol(words[2]), to_go = to_come;
  int at_once = atoi(words[3]);
  if (at_once < 1 || at_once > most_at_once || to_come < at_once) return 64;
  server.sin_family = AF_INET;
  server.sin_port = htons(atoi(words[1]));
  server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  poller = epoll_create1(0);
  double begun = seconds();
  for (int at = 0; at < at_once; at++, to_come--) come(&visitors[at]);
  while (to_go > 0) {
    int many = epoll_wait(poller, ready, most_at_once, patience_ms);
    if (many <= 0) fail("epoll_wait");
    for (int at = 0; at < many; at++) {
      struct visitor *one = ready[at].data.ptr;
      if (!go_on(one)) continue;
      to_go--;
      if (to_come-- > 0) come(one);
    }
  }
  printf("%.6f\n", seconds() - begun);
  return 0;
}
