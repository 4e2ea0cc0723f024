// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * screen.c - see screen.h.
 *
 * Signals that end the process at once write what the terminal needs by themselves: ncurses must
 * not be called there.
 */
#include "out/screen.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

#include "base/pace.h"
#include "base/stop.h"
#include "base/util.h"
#include "out/ncurses.h"
#include "view/top_state.h"

#define ESCAPE_MS 25		  /* what comes later is no part of a key */
#define REPAINT_NS 60000000000ULL /* what others wrote onto the screen goes away by then */

struct screen {
	struct ncurses n;
	SCREEN *terminal;
	FILE *input; /* the terminal, also where standard input is a recording */
	int epoll_fd, event_fd;
	bool ascii, colours, started, repaint;
	unsigned int columns, rows;
	__u64 painted_ns;
	wchar_t row[GRID_COLUMNS + 1];
};

/* What signal handlers need. */
static struct {
	atomic_bool started, resumed;
	int event_fd;
	struct termios modes;
	char leave[256]; /* out of the screen, cursor and colours as they were */
	size_t leave_len;
} state = {.event_fd = -1};

/* ---- signals ---- */

static void leave_now(void)
{
	ssize_t n;

	if (!atomic_exchange(&state.started, false))
		return;
	n = write(STDOUT_FILENO, state.leave, state.leave_len);
	(void)n;
	tcsetattr(STDOUT_FILENO, TCSANOW, &state.modes);
}

static void on_fatal(int sig)
{
	leave_now();
	signal(sig, SIG_DFL);
	raise(sig);
}

static void on_change(int sig)
{
	int saved = errno;

	state.resumed |= sig == SIGCONT;
	eventfd_write(state.event_fd, 1);
	errno = saved;
}

static void catch_signals(void)
{
	static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGQUIT};
	const struct sigaction change = {.sa_handler = on_change, .sa_flags = SA_RESTART};
	const struct sigaction end = {.sa_handler = on_fatal, .sa_flags = SA_RESETHAND};

	for (size_t i = 0; i < ARRAY_SIZE(fatal); i++)
		sigaction(fatal[i], &end, NULL);
	sigaction(SIGWINCH, &change, NULL);
	sigaction(SIGCONT, &change, NULL);
	/* Ncurses has a handler, which needs what is given up. */
	signal(SIGTSTP, SIG_DFL);
}

/* ---- opening ---- */

static bool glyphs_are_narrow(void)
{
	for (unsigned int i = 0; i < GLYPHS; i++)
		if (wcwidth((wchar_t)glyph_code((enum glyph)i, false)) != 1)
			return false;
	return true;
}

static void add_leave(struct screen *s, const char *capability)
{
	const char *text = s->n.tigetstr(capability);

	if (!text || text == (char *)-1 || strlen(text) >= sizeof(state.leave) - state.leave_len)
		return;
	memcpy(state.leave + state.leave_len, text, strlen(text));
	state.leave_len += strlen(text);
}

static int open_events(struct screen *s)
{
	struct epoll_event e = {.events = EPOLLIN};

	s->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	s->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (s->event_fd < 0 || s->epoll_fd < 0)
		return -errno;
	state.event_fd = s->event_fd;
	if (epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, s->event_fd, &e) ||
	    epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, fileno(s->input), &e))
		return -errno;
	return 0;
}

/* Resizes allocate: what the largest screen takes is had, and given back to the heap for later. */
static void set_aside(struct screen *s)
{
	screen_size(s, &s->columns, &s->rows);
	s->n.resizeterm(GRID_ROWS, GRID_COLUMNS);
	s->n.resizeterm((int)s->rows, (int)s->columns);
}

static int open_terminal(struct screen *s, const char **why)
{
	const char *term = getenv("TERM");

	s->terminal = s->n.newterm((char *)term, stdout, s->input);
	if (!s->terminal) {
		*why = "the terminal's description (TERM) is not known";
		return -ENOENT;
	}
	/* Newterm() set modes; the terminal is not ours yet. */
	tcsetattr(STDOUT_FILENO, TCSANOW, &state.modes);
	s->n.set_escdelay(ESCAPE_MS);
	s->n.typeahead(-1);
	s->colours = s->colours && s->n.has_colors();
	if (s->colours && s->n.start_color() == OK) {
		s->n.use_default_colors();
		s->n.init_pair(1, COLOR_WHITE, COLOR_RED);
		s->n.init_pair(2, COLOR_BLACK, COLOR_YELLOW);
	}
	add_leave(s, "rmkx");
	add_leave(s, "sgr0");
	add_leave(s, "cnorm");
	add_leave(s, "rmcup");
	set_aside(s);
	return 0;
}

int screen_open(struct screen **ret, bool colours, const char **why)
{
	struct screen *s = calloc(1, sizeof(*s));
	int r;

	*why = "";
	if (!s)
		return -ENOMEM;
	s->epoll_fd = s->event_fd = -1;
	s->colours = colours;
	setlocale(LC_CTYPE, "");
	s->ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0 || !glyphs_are_narrow();
	s->input = isatty(STDIN_FILENO) ? stdin : fopen("/dev/tty", "r+e");
	r = s->input && !tcgetattr(STDOUT_FILENO, &state.modes) ? 0 : -errno;
	r = r ?: ncurses_load(&s->n, why);
	r = r ?: open_events(s);
	r = r ?: open_terminal(s, why);
	if (r) {
		screen_close(s);
		return r;
	}
	*ret = s;
	return 0;
}

int screen_start(struct screen *s)
{
	struct termios modes;
	WINDOW *w = *s->n.window;

	catch_signals();
	s->n.reset_prog_mode();
	s->n.cbreak();
	s->n.noecho();
	s->n.nonl();
	s->n.keypad(w, true);
	s->n.nodelay(w, true);
	/* Ctrl-Z comes as a key, so that the terminal is given back before the process stops. */
	if (tcgetattr(fileno(s->input), &modes))
		return -errno;
	modes.c_cc[VSUSP] = _POSIX_VDISABLE;
	if (tcsetattr(fileno(s->input), TCSADRAIN, &modes))
		return -errno;
	s->n.def_prog_mode();
	s->n.curs_set(0);
	s->started = true;
	state.started = true;
	stop_before_death(leave_now);
	log_hold(isatty(STDERR_FILENO));
	return 0;
}

void screen_leave(struct screen *s)
{
	if (s->started && atomic_exchange(&state.started, false)) {
		s->n.curs_set(1);
		s->n.endwin();
		tcsetattr(STDOUT_FILENO, TCSANOW, &state.modes);
	}
	log_hold(false);
}

void screen_close(struct screen *s)
{
	if (!s)
		return;
	screen_leave(s);
	if (s->terminal)
		s->n.delscreen(s->terminal);
	if (s->input && s->input != stdin)
		fclose(s->input);
	closep(&s->epoll_fd);
	closep(&s->event_fd);
	free(s);
}

/* ---- what it is ---- */

bool screen_ascii(const struct screen *s)
{
	return s->ascii;
}

int screen_fd(const struct screen *s)
{
	return s->epoll_fd;
}

void screen_size(const struct screen *s, unsigned int *columns, unsigned int *rows)
{
	struct winsize size = {0};

	(void)s;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col || !size.ws_row)
		size = (struct winsize){.ws_row = 24, .ws_col = 80};
	*columns = size.ws_col < GRID_COLUMNS ? size.ws_col : GRID_COLUMNS;
	*rows = size.ws_row < GRID_ROWS ? size.ws_row : GRID_ROWS;
}

/* ---- keys ---- */

static unsigned int key_of(int c)
{
	static const struct {
		int curses;
		unsigned int key;
	} keys[] = {
		{KEY_UP, KEY_OF_UP},	     {KEY_DOWN, KEY_OF_DOWN},
		{KEY_LEFT, KEY_OF_LEFT},     {KEY_RIGHT, KEY_OF_RIGHT},
		{KEY_HOME, KEY_OF_HOME},     {KEY_END, KEY_OF_END},
		{KEY_ENTER, '\r'},	     {KEY_BACKSPACE, KEY_OF_RUBOUT},
		{KEY_PPAGE, KEY_OF_PAGE_UP}, {KEY_NPAGE, KEY_OF_PAGE_DOWN},
	};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (keys[i].curses == c)
			return keys[i].key;
	return c < KEY_MIN ? (unsigned int)c : SCREEN_NO_KEY;
}

/* Readable, and nothing is there to be read: it was hung up. */
static bool is_gone(const struct screen *s)
{
	struct pollfd p = {.fd = fileno(s->input), .events = POLLIN};

	return poll(&p, 1, 0) > 0;
}

/* After a size, or a stop, that somebody else gave. */
static void take_change(struct screen *s)
{
	if (atomic_exchange(&state.resumed, false) && s->started) {
		s->n.reset_prog_mode();
		s->repaint = true;
	}
}

unsigned int screen_key(struct screen *s)
{
	eventfd_t changes;
	bool changed = eventfd_read(s->event_fd, &changes) == 0;
	int c;

	if (changed)
		take_change(s);
	c = s->n.wgetch(*s->n.window);
	if (c != ERR)
		return key_of(c) ?: screen_key(s);
	return changed || !is_gone(s) ? SCREEN_NO_KEY : SCREEN_GONE;
}

/* ---- showing ---- */

static void set_mark(struct screen *s, WINDOW *w, unsigned int mark)
{
	static const struct {
		attr_t with, without; /* colours */
		short pair;
	} marks[MARKS] = {
		[MARK_PLAIN] = {0, 0, 0},
		[MARK_BOLD] = {A_BOLD, A_BOLD, 0},
		[MARK_LOUD] = {A_BOLD, A_BOLD | A_REVERSE, 1},
		[MARK_NEAR] = {0, A_REVERSE, 2},
		[MARK_CHOSEN] = {A_REVERSE, A_REVERSE, 0},
	};

	s->n.wattr_set(w, s->colours ? marks[mark].with : marks[mark].without,
		       s->colours ? marks[mark].pair : 0, NULL);
}

static void show_row(struct screen *s, WINDOW *w, const struct grid *g, unsigned int y)
{
	unsigned int x = 0;

	while (x < g->columns) {
		unsigned int mark = g->cell[y][x].mark, from = x, n = 0;

		for (; x < g->columns && g->cell[y][x].mark == mark; x++)
			s->row[n++] = (wchar_t)g->cell[y][x].code;
		set_mark(s, w, mark);
		s->n.wmove(w, (int)y, (int)from);
		s->n.waddnwstr(w, s->row, (int)n);
	}
}

void screen_show(struct screen *s, const struct grid *g)
{
	__u64 now = clock_ns(CLOCK_MONOTONIC);
	WINDOW *w;

	if (g->columns != s->columns || g->rows != s->rows)
		s->n.resizeterm((int)g->rows, (int)g->columns);
	s->columns = g->columns;
	s->rows = g->rows;
	w = *s->n.window;
	set_mark(s, w, MARK_PLAIN);
	s->n.werase(w);
	for (unsigned int y = 0; y < g->rows; y++)
		show_row(s, w, g, y);
	if (s->repaint || now - s->painted_ns > REPAINT_NS) {
		s->n.redrawwin(w);
		s->painted_ns = now;
		s->repaint = false;
	}
	s->n.wnoutrefresh(w);
	s->n.doupdate();
}

void screen_repaint(struct screen *s)
{
	s->repaint = true;
}

void screen_stop(struct screen *s)
{
	s->n.endwin();
	state.started = false;
	tcsetattr(STDOUT_FILENO, TCSANOW, &state.modes);
	raise(SIGTSTP);
	state.started = true;
	s->n.reset_prog_mode();
	s->repaint = true;
}
