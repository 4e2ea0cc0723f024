// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_gfp_names.c - masks in words: compounds, bits, what has no common name, short buffers. */
#include "model/names.h"
#include "test.h"

static const struct {
	__u32 gfp;
	const char *text;
} masks[] = {
	{0, "none"},
	{0x820, "GFP_ATOMIC"},
	{0xa20, "GFP_ATOMIC"},
	{0x2820, "GFP_ATOMIC|__GFP_NOWARN"},
	{0x12a20, "GFP_ATOMIC|__GFP_NOWARN|__GFP_NORETRY"},
	{0x92820, "GFP_ATOMIC|__GFP_NOWARN|__GFP_NORETRY|__GFP_NOMEMALLOC"},
	{0x62820, "GFP_ATOMIC|__GFP_NOWARN|__GFP_MEMALLOC|__GFP_COMP"},
	{0x800, "GFP_NOWAIT"},
	{0x2800, "GFP_NOWAIT|__GFP_NOWARN"},
	{0x400, "__GFP_DIRECT_RECLAIM"},
	{0x20, "__GFP_HIGH"},
	{0x220, "__GFP_HIGH|__GFP_ATOMIC"},
	{0xc00, "GFP_NOIO"},
	{0xc40, "GFP_NOFS"},
	{0xcc0, "GFP_KERNEL"},
	{0xdc0, "GFP_KERNEL|__GFP_ZERO"},
	{0xce0, "GFP_KERNEL|__GFP_HIGH"},
	{0x400cc0, "GFP_KERNEL_ACCOUNT"},
	{0x100cc0, "GFP_USER"},
	{0x500cc0, "GFP_USER|__GFP_ACCOUNT"},
	{0x100cc2, "GFP_HIGHUSER"},
	{0x100cca, "GFP_HIGHUSER_MOVABLE"},
	{0x100dca, "GFP_HIGHUSER_MOVABLE|__GFP_ZERO"},
	{0x1c20ca, "GFP_TRANSHUGE_LIGHT"},
	{0x1c24ca, "GFP_TRANSHUGE"},
	{0x821, "GFP_ATOMIC|GFP_DMA"},
	{0x824, "GFP_ATOMIC|GFP_DMA32"},
	{0x200820, "GFP_ATOMIC|__GFP_THISNODE"},
	{0x1000820, "GFP_ATOMIC|0x1000000"},
	{0x800000, "0x800000"},
};

static void words(void)
{
	char buf[GFP_NAMES_TEXT];

	for (size_t i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
		CHECK(gfp_names(buf, sizeof(buf), masks[i].gfp) == buf);
		CHECK_MSG(strcmp(buf, masks[i].text) == 0, "0x%x: \"%s\", not \"%s\"",
			  (unsigned int)masks[i].gfp, buf, masks[i].text);
	}
}

/* Every mask fits, and every bit is told once. */
static void any_mask(void)
{
	char buf[GFP_NAMES_TEXT];
	__u64 seed = 3;

	gfp_names(buf, sizeof(buf), ~0U);
	CHECK(strlen(buf) + 1 < sizeof(buf) && strstr(buf, "|0xff800000"));
	for (int bit = 0; bit < 32; bit++) {
		gfp_names(buf, sizeof(buf), 1U << bit);
		CHECK_MSG(strchr(buf, '|') == NULL && buf[0], "bit %d: \"%s\"", bit, buf);
	}
	for (int i = 0; i < 20000; i++) {
		gfp_names(buf, sizeof(buf), (__u32)(test_random(&seed) >> 20));
		CHECK(strlen(buf) + 1 < sizeof(buf));
	}
}

static void short_buffers(void)
{
	char buf[16];

	for (size_t size = 1; size <= sizeof(buf); size++) {
		memset(buf, '#', sizeof(buf));
		gfp_names(buf, size, 0x92820);
		CHECK_EQ(strlen(buf), size - 1);
		CHECK(memcmp(buf, "GFP_ATOMIC|__GFP", size - 1) == 0);
	}
	buf[0] = '#';
	gfp_names(buf, 0, 0x820);
	CHECK_EQ(buf[0], '#');
}

/* Without the bits that the allocator changes no name may claim that they were not asked for. */
static void kinds(void)
{
	char buf[GFP_NAMES_TEXT];

	CHECK(strcmp(gfp_kind_names(buf, sizeof(buf), 0xc00), "__GFP_RECLAIM") == 0);
	CHECK(strcmp(gfp_kind_names(buf, sizeof(buf), 0x400d00),
		     "__GFP_RECLAIM|__GFP_ZERO|__GFP_ACCOUNT") == 0);
	CHECK(strcmp(gfp_kind_names(buf, sizeof(buf), 0x400), "__GFP_DIRECT_RECLAIM") == 0);
	CHECK(strcmp(gfp_kind_names(buf, sizeof(buf), 0x2820), "GFP_ATOMIC|__GFP_NOWARN") == 0);
	CHECK(strcmp(gfp_kind_names(buf, 8, 0xc00), "__GFP_R") == 0);
	gfp_kind_names(buf, sizeof(buf), ~0U);
	CHECK(strlen(buf) + 1 < sizeof(buf) && strstr(buf, "|0xff800000"));
}

static const struct test_case cases[] = {
	{"words", words},
	{"any-mask", any_mask},
	{"short-buffers", short_buffers},
	{"kinds", kinds},
};

TEST_MAIN("gfp_names", cases)
