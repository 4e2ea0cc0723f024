# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# labyrinth: make, make check, make install. `make help` lists all.

VERSION := 0.1.0
OUTPUT := .output
PREFIX ?= /usr/local
SBINDIR ?= $(PREFIX)/sbin
MANDIR ?= $(PREFIX)/share/man
DATADIR ?= $(PREFIX)/share/labyrinth
CC ?= gcc
CLANG ?= clang
LLVM_STRIP ?= $(firstword $(shell command -v llvm-strip) $(wildcard /usr/bin/llvm-strip-*))
BPFTOOL ?= $(firstword $(shell command -v bpftool) /usr/sbin/bpftool)
INSTALL ?= install

ARCH := $(shell uname -m | sed 's/x86_64/x86/; s/aarch64/arm64/')
WARN := -Wall -Wextra -Werror
CFLAGS ?= -O2 -g
ALL_CFLAGS := -std=gnu11 -D_GNU_SOURCE -DLAB_VERSION='"$(VERSION)"' $(WARN) $(CFLAGS) \
	      -Isrc -I$(OUTPUT)
BPF_CFLAGS := -g -O2 $(WARN) -target bpf -mcpu=v3 -D__TARGET_ARCH_$(ARCH) -Ivmlinux -Isrc
LIBS := -lbpf -lelf -lz -ljansson

SOURCES := $(sort $(filter-out %.bpf.c,$(wildcard src/*.c)))
OBJECTS := $(SOURCES:src/%.c=$(OUTPUT)/%.o)

ifeq ($(V),1)
Q :=
msg = @:
else
Q := @
msg = @printf '  %-8s %s\n' "$(1)" "$(2)"
MAKEFLAGS += --no-print-directory
endif

.PHONY: all check vm-check bench lint install uninstall clean help
.DELETE_ON_ERROR:
.SECONDARY:

all: labyrinth ## build ./labyrinth

labyrinth: $(OBJECTS)
	$(call msg,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(LIBS) -o $@

$(OUTPUT):
	$(Q)mkdir -p $@

$(OUTPUT)/%.bpf.o: src/%.bpf.c Makefile | $(OUTPUT)
	$(call msg,BPF,$@)
	$(Q)$(CLANG) $(BPF_CFLAGS) -MMD -MP -c $< -o $@
	$(Q)$(if $(LLVM_STRIP),$(LLVM_STRIP) -g $@)

$(OUTPUT)/%.skel.h: $(OUTPUT)/%.bpf.o
	$(call msg,SKEL,$@)
	$(Q)$(BPFTOOL) gen skeleton $< name $*_bpf > $@

$(OUTPUT)/%.o: src/%.c Makefile | $(OUTPUT)
	$(call msg,CC,$@)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

# Only the hooks' and the reader's rooms know the skeleton.
$(OUTPUT)/live_calibrate.o $(OUTPUT)/live_gate.o $(OUTPUT)/live_hooks.o $(OUTPUT)/live_load.o \
	$(OUTPUT)/live_read.o $(OUTPUT)/live_ring.o $(OUTPUT)/live_tallies.o: $(OUTPUT)/labyrinth.skel.h

-include $(wildcard $(OUTPUT)/*.d)

check: labyrinth ## unit tests and golden files; no root, no network
	$(Q)tests/run unit golden

vm-check: labyrinth ## the proof, in guests with the kernels of the matrix; no root
	$(Q)tests/run matrix

bench: labyrinth ## what being seen costs, beside others; KERNELS="6.1 7.3", 6.12 by default
	$(Q)tests/bench/requests $(KERNELS)
	$(Q)tests/bench/storm $(KERNELS)
	$(Q)tests/bench/growth
	$(Q)tests/bench/here

lint: ## format, shell scripts, static analysis, layers
	$(Q)tests/lint

install: labyrinth ## to DESTDIR, below PREFIX (/usr/local)
	$(call msg,INSTALL,$(DESTDIR)$(SBINDIR)/labyrinth)
	$(Q)$(INSTALL) -D -m 755 labyrinth $(DESTDIR)$(SBINDIR)/labyrinth
	$(Q)$(INSTALL) -D -m 644 docs/labyrinth.8 $(DESTDIR)$(MANDIR)/man8/labyrinth.8
	$(Q)$(INSTALL) -D -m 644 docs/labyrinth.schema.json $(DESTDIR)$(DATADIR)/labyrinth.schema.json

uninstall: ## what install put there
	$(call msg,REMOVE,$(DESTDIR)$(SBINDIR)/labyrinth)
	$(Q)rm -f $(DESTDIR)$(SBINDIR)/labyrinth $(DESTDIR)$(MANDIR)/man8/labyrinth.8
	$(Q)rm -f $(DESTDIR)$(DATADIR)/labyrinth.schema.json
	$(Q)rmdir $(DESTDIR)$(DATADIR) 2>/dev/null || :

clean: ## remove what was built
	$(Q)rm -rf $(OUTPUT) labyrinth

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14
