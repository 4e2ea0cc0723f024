// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* http.c - see http.h. */
#include "out/http.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "base/exits.h"
#include "base/pace.h"
#include "base/util.h"
#include "out/accept.h"
#include "out/mhd.h"

#define CONNECTIONS 16
#define CONNECTIONS_OF_ONE 8
#define CONNECTION_BYTES 16384 /* of a request's header: what is longer is refused */
#define CONNECTION_SECONDS 10  /* without a byte */
/* And whatever it sends or reads, drop by drop: request and answer are over by then. */
#define CONNECTION_NS (10 * 1000000000ULL)

/* A connection that is open. */
struct connection {
	int fd; /* -1: the place is free */
	__u64 since_ns;
};

struct http {
	struct mhd mhd;
	struct MHD_Daemon *daemon;
	const struct http_ops *ops;
	void *arg;
	struct connection connection[CONNECTIONS];
	/* Of this reading; NULL: not asked for yet. A client that reads slowly keeps its own. */
	struct MHD_Response *made[EXPO_FORMATS][2];
	z_stream gzip;
};

/* ---- answers ---- */

static void add_headers(struct http *h, struct MHD_Response *r, const char *type)
{
	h->mhd.add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	h->mhd.add_response_header(r, "X-Content-Type-Options", "nosniff");
	h->mhd.add_response_header(r, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	/* No connection is kept to be found idle later: a scrape is one in many seconds. */
	h->mhd.add_response_header(r, MHD_HTTP_HEADER_CONNECTION, "close");
}

/* NULL: no memory. */
static struct MHD_Response *response(struct http *h, const char *text, size_t len, const char *type)
{
	struct MHD_Response *r =
		h->mhd.create_response_from_buffer(len, (void *)text, MHD_RESPMEM_MUST_COPY);

	if (r)
		add_headers(h, r, type);
	return r;
}

static enum MHD_Result answer(struct http *h, struct MHD_Connection *c, unsigned int status,
			      const char *text)
{
	struct MHD_Response *r = response(h, text, strlen(text), "text/plain; charset=utf-8");
	enum MHD_Result result;

	if (!r)
		return MHD_NO;
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		h->mhd.add_response_header(r, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
	if (status == MHD_HTTP_SERVICE_UNAVAILABLE)
		h->mhd.add_response_header(r, MHD_HTTP_HEADER_RETRY_AFTER, "1");
	result = h->mhd.queue_response(c, status, r);
	h->mhd.destroy_response(r);
	return result;
}

/* ---- metrics ---- */

static struct MHD_Response *compressed(struct http *h, const struct http_text *text,
				       enum expo_format format)
{
	size_t most = deflateBound(&h->gzip, text->len);
	struct MHD_Response *r = NULL;
	Bytef *buf = malloc(most);

	if (!buf)
		return NULL;
	h->gzip.next_in = (Bytef *)text->text;
	h->gzip.avail_in = (uInt)text->len;
	h->gzip.next_out = buf;
	h->gzip.avail_out = (uInt)most;
	if (deflateReset(&h->gzip) == Z_OK && deflate(&h->gzip, Z_FINISH) == Z_STREAM_END)
		r = response(h, (char *)buf, most - h->gzip.avail_out, expo_content_type(format));
	free(buf);
	if (r)
		h->mhd.add_response_header(r, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
	return r;
}

static struct MHD_Response *make(struct http *h, enum expo_format format, bool gzip)
{
	struct MHD_Response *r;
	struct http_text text;

	if (!h->ops->metrics(h->arg, format, &text))
		return NULL;
	r = gzip ? compressed(h, &text, format)
		 : response(h, text.text, text.len, expo_content_type(format));
	if (r)
		h->mhd.add_response_header(r, MHD_HTTP_HEADER_VARY, "Accept, Accept-Encoding");
	return r;
}

static const char *header(struct http *h, struct MHD_Connection *c, const char *name)
{
	return h->mhd.lookup_connection_value(c, MHD_HEADER_KIND, name);
}

static enum MHD_Result answer_metrics(struct http *h, struct MHD_Connection *c)
{
	enum expo_format format = accept_format(header(h, c, MHD_HTTP_HEADER_ACCEPT));
	bool gzip = accept_gzip(header(h, c, MHD_HTTP_HEADER_ACCEPT_ENCODING));
	struct MHD_Response **made = &h->made[format][gzip];

	if (!*made)
		*made = make(h, format, gzip);
	if (!*made)
		return answer(h, c, MHD_HTTP_SERVICE_UNAVAILABLE, "no reading yet, or no memory\n");
	return h->mhd.queue_response(c, MHD_HTTP_OK, *made);
}

static enum MHD_Result answer_health(struct http *h, struct MHD_Connection *c)
{
	char buf[4096];
	bool well = h->ops->health(h->arg, buf, sizeof(buf));

	return answer(h, c, well ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE, buf);
}

static enum MHD_Result answer_root(struct http *h, struct MHD_Connection *c)
{
	static const char page[] =
		"<!DOCTYPE html>\n<html lang=\"en\"><head><title>labyrinth</title></head><body>"
		"<h1>labyrinth</h1><ul><li><a href=\"/metrics\">/metrics</a></li>"
		"<li><a href=\"/healthz\">/healthz</a></li></ul></body></html>\n";
	struct MHD_Response *r = response(h, page, sizeof(page) - 1, "text/html; charset=utf-8");
	enum MHD_Result result;

	if (!r)
		return MHD_NO;
	result = h->mhd.queue_response(c, MHD_HTTP_OK, r);
	h->mhd.destroy_response(r);
	return result;
}

/* The library gives no answer of its own to what a request says of a body: there is none to have.
 */
static bool has_body(struct http *h, struct MHD_Connection *c)
{
	const char *length = header(h, c, MHD_HTTP_HEADER_CONTENT_LENGTH);

	return header(h, c, MHD_HTTP_HEADER_TRANSFER_ENCODING) ||
	       (length && strcmp(length, "0") != 0);
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *c, const char *url,
				  const char *method, const char *version, const char *data,
				  size_t *data_size, void **state)
{
	struct http *h = arg;

	(void)version;
	(void)data;
	(void)data_size;
	(void)state;
	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
		return answer(h, c, MHD_HTTP_METHOD_NOT_ALLOWED, "GET and HEAD only\n");
	if (has_body(h, c))
		return answer(h, c, MHD_HTTP_BAD_REQUEST, "a request here has no body\n");
	if (strcmp(url, "/metrics") == 0)
		return answer_metrics(h, c);
	if (strcmp(url, "/healthz") == 0)
		return answer_health(h, c);
	if (strcmp(url, "/") == 0)
		return answer_root(h, c);
	return answer(h, c, MHD_HTTP_NOT_FOUND, "there are /metrics and /healthz\n");
}

/* ---- connections ---- */

static int socket_of(struct http *h, struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info =
		h->mhd.get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);

	return info ? info->connect_fd : -1;
}

static void on_connection(void *arg, struct MHD_Connection *c, void **place,
			  enum MHD_ConnectionNotificationCode code)
{
	struct http *h = arg;
	struct connection *p = *place;

	if (code == MHD_CONNECTION_NOTIFY_CLOSED && p)
		p->fd = -1;
	if (code != MHD_CONNECTION_NOTIFY_STARTED)
		return;
	for (unsigned int i = 0; i < CONNECTIONS; i++) {
		p = &h->connection[i];
		if (p->fd >= 0)
			continue;
		*p = (struct connection){socket_of(h, c), clock_ns(CLOCK_MONOTONIC)};
		*place = p;
		return;
	}
}

/* The library then finds it at its end. */
static void end_late(struct http *h)
{
	__u64 now = clock_ns(CLOCK_MONOTONIC);

	for (unsigned int i = 0; i < CONNECTIONS; i++)
		if (h->connection[i].fd >= 0 && now > h->connection[i].since_ns + CONNECTION_NS)
			shutdown(h->connection[i].fd, SHUT_RDWR);
}

/* ---- interface ---- */

static void __attribute__((format(printf, 2, 0))) on_log(void *arg, const char *fmt, va_list ap)
{
	char line[256];
	int n = vsnprintf(line, sizeof(line), fmt, ap);

	(void)arg;
	if (n > 0)
		line[strcspn(line, "\n")] = '\0';
	log_debug(1, "http: %s", line);
}

static struct MHD_Daemon *start(struct http *h, int fd)
{
	return h->mhd.start_daemon(
		MHD_USE_EPOLL | MHD_USE_ERROR_LOG, 0, NULL, NULL, on_request, h,
		MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL, MHD_OPTION_LISTEN_SOCKET, (MHD_socket)fd,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned int)CONNECTIONS,
		MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned int)CONNECTIONS_OF_ONE,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int)CONNECTION_SECONDS,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
		MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_CONNECTION, on_connection, h,
		MHD_OPTION_END);
}

static int no_memory(void)
{
	return log_err(FAIL(LAB_EXIT_RUNTIME), "out of memory");
}

/* 16 above its bits: gzip's header (zlib.h). What it works in is its own from here on. */
static int start_gzip(struct http *h)
{
	return deflateInit2(&h->gzip, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) ==
			       Z_OK
		       ? 0
		       : no_memory();
}

int http_open(struct http **ret, int fd, const struct http_ops *ops, void *arg)
{
	struct http *h = calloc(1, sizeof(*h));
	int r;

	*ret = h;
	if (!h)
		return no_memory();
	h->ops = ops;
	h->arg = arg;
	for (unsigned int i = 0; i < CONNECTIONS; i++)
		h->connection[i].fd = -1;
	r = mhd_load(&h->mhd) ?: start_gzip(h);
	if (r)
		return r;
	h->daemon = start(h, fd);
	return h->daemon ? 0
			 : log_err(FAIL(LAB_EXIT_RUNTIME), "cannot serve HTTP: libmicrohttpd: %s",
				   strerror(errno));
}

int http_fd(const struct http *h)
{
	const union MHD_DaemonInfo *info =
		h->mhd.get_daemon_info(h->daemon, MHD_DAEMON_INFO_EPOLL_FD);

	return info ? info->epoll_fd : -1;
}

void http_run(struct http *h)
{
	h->mhd.run(h->daemon);
}

static void forget(struct http *h)
{
	for (unsigned int f = 0; f < EXPO_FORMATS; f++)
		for (unsigned int gzip = 0; gzip < 2; gzip++) {
			if (h->made[f][gzip])
				h->mhd.destroy_response(h->made[f][gzip]);
			h->made[f][gzip] = NULL;
		}
}

void http_renew(struct http *h)
{
	forget(h);
	end_late(h);
	http_run(h);
}

void http_close(struct http *h)
{
	if (!h)
		return;
	forget(h);
	if (h->daemon)
		h->mhd.stop_daemon(h->daemon);
	deflateEnd(&h->gzip);
	free(h);
}
