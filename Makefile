# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
# labyrinth: make, make check, make install. `make help` lists all.

VERSION := 0.1.0
# In the kernel's words.
ARCH_OF = $(shell echo $(1) | sed 's/x86_64/x86/; s/aarch64/arm64/; s/riscv64/riscv/; s/^p.*pc64le/powerpc/')
HOST := $(call ARCH_OF,$(shell uname -m))
# For another machine: CROSS_COMPILE=aarch64-linux-gnu- ARCH=arm64, in a folder of its own; its
# libraries by multiarch, or in SYSROOT, which scripts/sysroot makes.
ARCH := $(if $(CROSS_COMPILE),$(call ARCH_OF,$(firstword $(subst -, ,$(notdir $(CROSS_COMPILE))))),$(HOST))
ifeq ($(ARCH),$(HOST))
OUTPUT := .output
PROGRAM := labyrinth
else
OUTPUT := .output/$(ARCH)
PROGRAM := $(OUTPUT)/labyrinth
endif
PREFIX ?= /usr/local
SBINDIR ?= $(PREFIX)/sbin
MANDIR ?= $(PREFIX)/share/man
BASHDIR ?= $(PREFIX)/share/bash-completion/completions
DATADIR ?= $(PREFIX)/share/labyrinth
UNITDIR ?= $(PREFIX)/lib/systemd/system
ifeq ($(origin CC),default) # make has one of its own
CC := $(CROSS_COMPILE)gcc
endif
CLANG ?= clang
LLVM_STRIP ?= $(firstword $(shell command -v llvm-strip) $(wildcard /usr/bin/llvm-strip-*))
BPFTOOL ?= $(firstword $(shell command -v bpftool) /usr/sbin/bpftool)
INSTALL ?= install

WARN := -Wall -Wextra -Werror
CFLAGS ?= -O2 -g
ALL_CFLAGS := -std=gnu11 -D_GNU_SOURCE -DLAB_VERSION='"$(VERSION)"' $(WARN) $(CFLAGS) \
	      -Isrc -I$(OUTPUT) $(if $(SYSROOT),--sysroot=$(SYSROOT))
BPF_CFLAGS := -g -O2 $(WARN) -target bpf -mcpu=v3 -D__TARGET_ARCH_$(ARCH) -Ivmlinux -Isrc \
	      -ffile-prefix-map=$(CURDIR)=.
LIBS := -lbpf -lelf -lz -lzstd -ljansson -lcap-ng -lseccomp -lm

# What compilers and linker are given: what they make is made anew when it changes, and not
# otherwise. As a file it is written by its rule, so that make -n writes nothing.
FLAGS_cc = $(strip $(CC) $(ALL_CFLAGS))
FLAGS_bpf = $(strip $(CLANG) $(BPF_CFLAGS) $(LLVM_STRIP))
FLAGS_link = $(strip $(CC) $(ALL_CFLAGS) $(LDFLAGS) $(LIBS))
flags_in = $(strip $(file <$(OUTPUT)/$(1).flags))
differ = $(subst x$(1),,x$(2))$(subst x$(2),,x$(1))
CHANGED := $(foreach kind,cc bpf link,$(if $(call differ,$(call flags_in,$(kind)),$(FLAGS_$(kind))),$(kind)))

SOURCES := $(sort $(filter-out %.bpf.c,$(wildcard src/*.c src/*/*.c)))
OBJECTS := $(SOURCES:src/%.c=$(OUTPUT)/%.o)

ifeq ($(V),1)
Q :=
msg = @:
else
Q := @
msg = @printf '  %-8s %s\n' "$(1)" "$(2)"
MAKEFLAGS += --no-print-directory
endif

.PHONY: FORCE all schema check vm-check bench lint install native uninstall deb clean help
.DELETE_ON_ERROR:
.SECONDARY:

##@ Build
all: $(PROGRAM) ## build ./labyrinth

$(PROGRAM): $(OBJECTS) $(OUTPUT)/link.flags
	$(call msg,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $(OBJECTS) $(LIBS) -o $@

$(OUTPUT):
	$(Q)mkdir -p $@

# What is not installed is said by its package, before a compiler says it in its own way. Looked
# for again when the flags change.
HEADERS := bpf/libbpf.h:libbpf-dev gelf.h:libelf-dev zlib.h:zlib1g-dev zstd.h:libzstd-dev \
	   jansson.h:libjansson-dev cap-ng.h:libcap-ng-dev seccomp.h:libseccomp-dev \
	   curses.h:libncurses-dev

$(OUTPUT)/headers: $(OUTPUT)/cc.flags
	$(Q)for header in $(HEADERS); do \
		printf '#include <%s>\n' "$${header%:*}" | $(CC) $(ALL_CFLAGS) -E -x c -o /dev/null - 2>/dev/null || \
		{ echo "$${header%:*} is missing: install $${header#*:} (scripts/setup)" >&2; exit 1; }; \
	done
	$(Q)touch $@

$(CHANGED:%=$(OUTPUT)/%.flags): FORCE

$(OUTPUT)/%.flags: | $(OUTPUT)
	$(Q)printf '%s\n' '$(subst ','\'',$(FLAGS_$*))' > $@

$(OUTPUT)/%.bpf.o: src/%.bpf.c $(OUTPUT)/bpf.flags Makefile | $(OUTPUT)
	$(call msg,BPF,$@)
	$(Q)$(CLANG) $(BPF_CFLAGS) -MMD -MP -c $< -o $@
	$(Q)$(if $(LLVM_STRIP),$(LLVM_STRIP) -g $@)

$(OUTPUT)/%.skel.h: $(OUTPUT)/%.bpf.o
	$(call msg,SKEL,$@)
	$(Q)$(BPFTOOL) gen skeleton $< name $*_bpf > $@

$(OUTPUT)/%.o: src/%.c $(OUTPUT)/cc.flags Makefile | $(OUTPUT) $(OUTPUT)/headers
	$(call msg,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

# Only the room live/ knows the skeleton.
$(filter $(OUTPUT)/live/%,$(OBJECTS)): $(OUTPUT)/labyrinth.skel.h

-include $(wildcard $(OUTPUT)/*.d $(OUTPUT)/*/*.d)

##@ Test; tests/run does all of it, and tests/run PART... what is named
check: labyrinth ## unit tests and golden files; no root, no network
	$(Q)tests/run unit golden

vm-check: labyrinth ## compare all counts with the maze and ftrace in guests; no root
	$(Q)tests/run matrix

bench: labyrinth ## what tracing costs, compared with other tools; KERNELS="6.1 7.3", 6.12 by default
	$(Q)tests/bench/requests $(KERNELS)
	$(Q)tests/bench/storm $(KERNELS)
	$(Q)tests/bench/growth
	$(Q)tests/bench/here

schema: labyrinth ## write docs/*.schema.json from the tables in src/
	$(Q)./labyrinth --schema >docs/labyrinth.schema.json
	$(Q)./labyrinth explain --schema >docs/explain.schema.json

lint: ## format, shell scripts, static analysis, rooms
	$(Q)tests/lint

##@ Install
# What installs asks the program for its words, so one that runs here.
native:
ifneq ($(ARCH),$(HOST))
	$(Q)$(MAKE) CROSS_COMPILE= ARCH=$(HOST) SYSROOT= CC=gcc CFLAGS="-O2 -g" LDFLAGS= labyrinth
endif

MONITORING := labyrinth.rules.yml dashboard.json
UNITS := labyrinth-exporter.service labyrinth-exporter.socket

install: $(PROGRAM) ## install to DESTDIR, below PREFIX (/usr/local)
	$(call msg,INSTALL,$(DESTDIR)$(SBINDIR)/labyrinth)
	$(Q)$(INSTALL) -D -m 755 $(PROGRAM) $(DESTDIR)$(SBINDIR)/labyrinth
	$(Q)$(INSTALL) -D -m 644 docs/labyrinth.8 $(DESTDIR)$(MANDIR)/man8/labyrinth.8
	$(Q)$(INSTALL) -D -m 644 docs/labyrinth.schema.json $(DESTDIR)$(DATADIR)/labyrinth.schema.json
	$(Q)$(INSTALL) -D -m 644 docs/explain.schema.json $(DESTDIR)$(DATADIR)/explain.schema.json
	$(Q)$(INSTALL) -d $(DESTDIR)$(BASHDIR)
	$(Q)./labyrinth completion bash >$(DESTDIR)$(BASHDIR)/labyrinth
	$(Q)$(INSTALL) -d $(DESTDIR)$(DATADIR)/monitoring $(DESTDIR)$(UNITDIR)
	$(Q)$(INSTALL) -m 644 $(MONITORING:%=monitoring/%) $(DESTDIR)$(DATADIR)/monitoring
	$(Q)$(INSTALL) -m 644 $(UNITS:%=monitoring/%) $(DESTDIR)$(UNITDIR)
	$(Q)sed -i 's#/usr/sbin/#$(SBINDIR)/#' $(DESTDIR)$(UNITDIR)/labyrinth-exporter.service

uninstall: ## remove what install put there
	$(call msg,REMOVE,$(DESTDIR)$(SBINDIR)/labyrinth)
	$(Q)rm -f $(DESTDIR)$(SBINDIR)/labyrinth $(DESTDIR)$(MANDIR)/man8/labyrinth.8
	$(Q)rm -f $(DESTDIR)$(DATADIR)/labyrinth.schema.json
	$(Q)rm -f $(DESTDIR)$(DATADIR)/explain.schema.json $(DESTDIR)$(BASHDIR)/labyrinth
	$(Q)rm -f $(MONITORING:%=$(DESTDIR)$(DATADIR)/monitoring/%) $(UNITS:%=$(DESTDIR)$(UNITDIR)/%)
	$(Q)rmdir $(DESTDIR)$(DATADIR)/monitoring 2>/dev/null || :
	$(Q)rmdir $(DESTDIR)$(DATADIR) 2>/dev/null || :

deb: ## Debian packages, in .output/deb; needs debhelper
	$(Q)scripts/deb $(OUTPUT)/deb

##@ Other
clean: ## remove what was built
	$(Q)rm -rf .output labyrinth

help: ## this list
	@awk -F ':.*## ' '/^##@ / { print (n++ ? "\n" : "") substr($$0, 5) ":" } \
		/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@printf '\nV=1 shows the commands. CC, CLANG, CFLAGS, LDFLAGS, PREFIX and DESTDIR can be set.\n'
