// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * test_site_table.c - what a frame is by its name, where lists of names fit more than once; and
 * sites that hang on it.
 */
#include "model/site.h"
#include "model/site_names.h"
#include "test.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* The longer entry of the tables wins, the name itself before any pattern. */
static void kinds(void)
{
	static const struct {
		const char *symbol;
		enum frame_kind kind;
	} names[] = {
		{"__alloc_pages", FRAME_INNER},
		{"__alloc_pages_noprof", FRAME_INNER},
		{"new_slab.isra.0", FRAME_INNER},
		{"kmalloc_reserve", FRAME_HELPER},
		{"___kmalloc_node", FRAME_HELPER},
		{"usb_alloc_urb", FRAME_LIBRARY},
		{"usb_alloc_urbs", FRAME_SITE}, /* the whole name, and no more than it */
		{"hcd_buffer_alloc_pages", FRAME_LIBRARY},
		{"napi_alloc_skb", FRAME_HELPER}, /* napi_* is less of it */
		{"napi_gro_receive", FRAME_RECEIVE},
		{"skb_copy_expand", FRAME_HELPER},
		{"skb_checksum_help", FRAME_RECEIVE},
		{"asm_common_interrupt", FRAME_BOUNDARY},
		{"kthread", FRAME_BOUNDARY},
		{"kthreadd", FRAME_SITE},
		{"net_rx_action", FRAME_BOUNDARY},
		{"tcp_sendmsg", FRAME_SITE},
		{"", FRAME_SITE},
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		CHECK_MSG(frame_kind_of(names[i].symbol) == names[i].kind, "%s is %d",
			  names[i].symbol, (int)frame_kind_of(names[i].symbol));
}

static void subsystems(void)
{
	static const struct {
		const char *symbol, *subsystem;
	} names[] = {
		{"tcp_sendmsg", "[net]"},
		{"page_pool_alloc", "[net]"}, /* page_* is of [mm] */
		{"page_add_rmap", "[mm]"},    /* and this is no pool */
		{"sock_map_update", "[bpf]"}, /* sock* is of [net] */
		{"sg_common_write", "[scsi]"},
		{"usb_submit_urb", "[usb]"},
		{"ext4_map_blocks", "[fs]"},
		{"submit_bio_wait", "[block]"},
		{"no_such_function", "[kernel]"},
		{"", "[kernel]"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		CHECK_MSG(strcmp(frame_subsystem(names[i].symbol), names[i].subsystem) == 0,
			  "%s is of %s", names[i].symbol, frame_subsystem(names[i].symbol));
}

static void base_names(void)
{
	static const struct {
		const char *symbol;
		bool underscores;
		const char *name;
	} names[] = {
		{"__alloc_pages_noprof", true, "__alloc_pages"},
		{"__alloc_pages_noprof", false, "alloc_pages"},
		{"new_slab.isra.0", true, "new_slab"},
		{"f_noprof.constprop.0", true, "f"},
		{"_noprof", true, "_noprof"}, /* all of a name is no suffix */
		{"x_noprof", true, "x"},
		{".fun", true, ".fun"},
		{".fun.part.1", true, ".fun"},
		{"___", false, ""},
		{"", true, ""},
	};
	char longest[FRAME_NAME + 8], name[FRAME_NAME];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		frame_base_name(names[i].symbol, names[i].underscores, name);
		CHECK_MSG(strcmp(name, names[i].name) == 0, "%s is %s", names[i].symbol, name);
	}
	/* Cut where a name ends: one that just fits, and one of a character more. */
	memset(longest, 'x', sizeof(longest));
	for (size_t len = FRAME_NAME - 2; len < FRAME_NAME + 8; len++) {
		longest[len] = '\0';
		frame_base_name(longest, true, name);
		CHECK_EQ(strlen(name), len < FRAME_NAME ? len : FRAME_NAME - 1);
		longest[len] = 'x';
	}
}

/* ---- stacks: "name" or "name[module]", innermost first ---- */

static struct event_frame frame[LAB_EVENT_FRAMES];

static unsigned int set_stack(const char *stack)
{
	char copy[1024];
	unsigned int n = 0;

	memset(frame, 0, sizeof(frame));
	snprintf(copy, sizeof(copy), "%s", stack);
	for (char *w = strtok(copy, " "); w && n < LAB_EVENT_FRAMES; w = strtok(NULL, " "), n++) {
		char *bracket = strchr(w, '[');

		frame[n].address = 0xffffffff81000000 + n;
		if (bracket) {
			bool generated =
				strcmp(bracket, "[bpf]") == 0 || strcmp(bracket, "[ftrace]") == 0;

			snprintf(frame[n].module, EVENT_MODULE, "%.*s",
				 (int)strlen(bracket) - (generated ? 0 : 2), bracket + !generated);
			*bracket = '\0';
		}
		if (w[0] != '?')
			snprintf(frame[n].symbol, EVENT_SYMBOL, "%s", w);
	}
	return n;
}

static const struct {
	const char *stack, *site, *driver, *via;
} stacks[] = {
	/* usbcore built in: its library functions are helpers all the same. */
	{"__alloc_pages kmem_cache_alloc_trace usb_alloc_urb rx_alloc_submit[usbnet] usbnet_bh",
	 "rx_alloc_submit", "usbnet", "kmem_cache_alloc_trace < usb_alloc_urb"},
	{"__alloc_pages kmalloc_trace usb_alloc_urb usb_stor_msg_common do_syscall_64",
	 "usb_stor_msg_common", "[usb]", "kmalloc_trace < usb_alloc_urb"},
	{"__alloc_pages hcd_buffer_alloc usb_alloc_coherent[usbcore] uvc_alloc[uvcvideo] kthread",
	 "uvc_alloc", "uvcvideo", "hcd_buffer_alloc < usb_alloc_coherent"},
	/* A module's copy of a helper, and its own function of such a name. */
	{"__alloc_pages kmalloc_array.constprop.0[maze] take[maze] kthread", "take", "maze",
	 "kmalloc_array"},
	{"__alloc_pages kmalloc_array.constprop.0[maze] bpf_trampoline_12 take[maze] kthread",
	 "take", "maze", "kmalloc_array"},
	{"__alloc_pages kmalloc_own[maze] take[other] kthread", "kmalloc_own", "maze",
	 "__alloc_pages"},
	{"__alloc_pages kmalloc_own[maze]", "kmalloc_own", "maze", "__alloc_pages"},
	/* Library functions of a module: helpers, whoever calls. */
	{"__alloc_pages usb_alloc_urb[usbcore] hub_probe[usbcore] kthread", "hub_probe", "usbcore",
	 "usb_alloc_urb"},
	/* Unknown code within the allocator, and beyond it. */
	{"__alloc_pages ? take[maze] kthread", "", "", ""},
	{"__alloc_pages ? kmalloc_trace take[maze] kthread", "take", "maze", "kmalloc_trace"},
	{"? __alloc_pages take[maze] kthread", "take", "maze", "__alloc_pages"},
	/* A program that asks for memory, and one that only watches. */
	{"__alloc_pages kmalloc_trace bpf_prog_0123456789abcdef_taker[bpf] kthread",
	 "bpf_prog_0123456789abcdef_taker", "[bpf]", "kmalloc_trace"},
	{"bpf_prog_0123456789abcdef_watch[bpf] __alloc_pages take[maze] kthread", "take", "maze",
	 "__alloc_pages"},
	/* Not the tag of a program: 15 digits, 17, another letter behind it. */
	{"__alloc_pages kmalloc_trace bpf_prog_0123456789abcde_x kthread",
	 "bpf_prog_0123456789abcde_x", "[bpf]", "kmalloc_trace"},
	{"__alloc_pages kmalloc_trace bpf_prog_load kthread", "bpf_prog_load", "[bpf]",
	 "kmalloc_trace"},
	/* Helpers that a thread's own machinery called are the site. */
	{"__alloc_pages pcpu_populate_chunk process_one_work kthread", "pcpu_populate_chunk",
	 "[mm]", "__alloc_pages"},
	/* A driver hands its packet to the core: the driver, and not what called that. */
	{"__alloc_pages napi_gro_receive e1000_clean[e1000] __napi_poll net_rx_action",
	 "e1000_clean", "e1000", "napi_gro_receive"},
	{"__alloc_pages skb_checksum_help ip_output tcp_sendmsg do_syscall_64", "skb_checksum_help",
	 "[net]", "__alloc_pages"},
	{"__alloc_pages skb_checksum_help ? e1000_clean[e1000] net_rx_action", "skb_checksum_help",
	 "[net]", "__alloc_pages"},
	{"__alloc_pages skb_checksum_help", "skb_checksum_help", "[net]", "__alloc_pages"},
	{"__alloc_pages kmalloc_trace", "", "", ""},
	{"", "", "", ""},
};

static void sites(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(stacks); i++) {
		unsigned int frames = set_stack(stacks[i].stack);
		struct site s;

		site_find(frame, frames, &s);
		CHECK_MSG(strcmp(s.site, stacks[i].site) == 0, "%s: site %s", stacks[i].stack,
			  s.site);
		CHECK_MSG(strcmp(s.driver, stacks[i].driver) == 0, "%s: driver %s", stacks[i].stack,
			  s.driver);
		CHECK_MSG(strcmp(s.via, stacks[i].via) == 0, "%s: via %s", stacks[i].stack, s.via);
		CHECK_MSG((s.frame == frames) == !s.site[0], "%s: frame %u", stacks[i].stack,
			  s.frame);
	}
}

/* What lies below the allocator is taken off, and nothing else. */
static void stripped(void)
{
	unsigned int frames = set_stack("bpf_prog_0123456789abcdef_x[bpf] bpf_trampoline_1 "
					"__alloc_pages take[maze] kthread");

	CHECK_EQ(site_strip_probes(frame, frames), 3);
	CHECK(strcmp(frame[0].symbol, "__alloc_pages") == 0);
	CHECK(strcmp(frame[2].symbol, "kthread") == 0);
	frames = set_stack("bpf_trampoline_1 kmalloc_trace take[maze]");
	CHECK_EQ(site_strip_probes(frame, frames), 2);
	CHECK(strcmp(frame[0].symbol, "kmalloc_trace") == 0);
	frames = set_stack("bpf_trampoline_1 usb_alloc_urb[usbcore] take[maze]");
	CHECK_EQ(site_strip_probes(frame, frames), 2);
	frames = set_stack("take[maze] kthread");
	CHECK_EQ(site_strip_probes(frame, frames), 2);
	CHECK(strcmp(frame[0].symbol, "take") == 0);
	CHECK_EQ(site_strip_probes(frame, 0), 0);
}

static const struct test_case cases[] = {
	{"kinds", kinds}, {"subsystems", subsystems}, {"base_names", base_names},
	{"sites", sites}, {"stripped", stripped},
};

TEST_MAIN("site_table", cases)
