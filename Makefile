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
LLVM_STRIP ?= $(firstword $(wildcard /usr/bin/llvm-strip /usr/bin/llvm-strip-*))
BPFTOOL ?= $(firstword $(shell command -v bpftool) /usr/sbin/bpftool)
PKG_CONFIG ?= pkg-config

ARCH := $(shell uname -m | sed 's/x86_64/x86/; s/aarch64/arm64/')
WARN := -Wall -Wextra -Werror
CFLAGS ?= -O2 -g
ALL_CFLAGS := -std=gnu11 -D_GNU_SOURCE -DLAB_VERSION='"$(VERSION)"' $(WARN) $(CFLAGS) \
	      -Isrc -I$(OUTPUT)
BPF_CFLAGS := -g -O2 $(WARN) -target bpf -mcpu=v2 -D__TARGET_ARCH_$(ARCH) -Ivmlinux -Isrc
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

.PHONY: all check vm-check lint install clean help
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
$(OUTPUT)/live_hooks.o $(OUTPUT)/live_read.o: $(OUTPUT)/labyrinth.skel.h

-include $(wildcard $(OUTPUT)/*.d)

clean: ## remove what was built
	$(Q)rm -rf $(OUTPUT) labyrinth

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14
