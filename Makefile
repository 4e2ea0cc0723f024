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
DOCDIR ?= $(PREFIX)/share/doc/labyrinth
ifeq ($(origin CC),default) # make has one of its own
CC := $(CROSS_COMPILE)gcc
endif
CLANG ?= clang
LLVM_STRIP ?= $(firstword $(shell command -v llvm-strip) $(wildcard /usr/bin/llvm-strip-*))
BPFTOOL ?= $(firstword $(shell command -v bpftool) /usr/sbin/bpftool)
INSTALL ?= install

WARN := -Wall -Wextra -Werror
CFLAGS ?= -O2 -g
# No folder's name gets into what is built, so that it is the same wherever it is built.
HERE := -ffile-prefix-map=$(CURDIR)=.
ALL_CFLAGS := -std=gnu11 -D_GNU_SOURCE -DLAB_VERSION='"$(VERSION)"' $(WARN) $(CFLAGS) \
	      -Isrc -I$(OUTPUT) $(HERE) $(if $(SYSROOT),--sysroot=$(SYSROOT))
BPF_CFLAGS := -g -O2 $(WARN) -target bpf -mcpu=v3 -D__TARGET_ARCH_$(ARCH) -Ivmlinux -Isrc $(HERE)
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

.PHONY: FORCE all schema check vm-check bench lint install native uninstall deb rpm dist-binary \
	clean help
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

MONITORING := labyrinth.rules.yml dashboard.json labyrinth-exporter.default
UNITS := labyrinth-exporter.service labyrinth-exporter.socket
DOCS := README.md CHANGELOG.md $(wildcard docs/*.md)
# Recordings and a kernel log, to be read by those who have no failures.
EXAMPLES := $(addprefix tests/,golden/healthy.json golden/events-burst.json golden/why-sites.json \
	    cases/x86-6.6-two-nodes-mlx5.log)
# Folder, and what is in it; install makes it, and uninstall removes it.
INSTALLED = $(MANDIR)/man8:docs/labyrinth.8 \
	    $(DATADIR):docs/labyrinth.schema.json $(DATADIR):docs/explain.schema.json \
	    $(MONITORING:%=$(DATADIR)/monitoring:monitoring/%) $(UNITS:%=$(UNITDIR):monitoring/%) \
	    $(DOCS:%=$(DOCDIR):%) $(EXAMPLES:%=$(DOCDIR)/examples:%)
OWN_FOLDERS = $(DATADIR)/monitoring $(DATADIR) $(DOCDIR)/examples $(DOCDIR)

install: $(PROGRAM) ## install to DESTDIR, below PREFIX (/usr/local)
	$(call msg,INSTALL,$(DESTDIR)$(SBINDIR)/labyrinth)
	$(Q)$(INSTALL) -D -m 755 $(PROGRAM) $(DESTDIR)$(SBINDIR)/labyrinth
	$(Q)for file in $(INSTALLED); do \
		$(INSTALL) -D -m 644 "$${file##*:}" "$(DESTDIR)$${file%:*}/$$(basename "$$file")" || exit; \
	done
	$(Q)$(INSTALL) -d $(DESTDIR)$(BASHDIR)
	$(Q)./labyrinth completion bash >$(DESTDIR)$(BASHDIR)/labyrinth
	$(Q)sed -i 's#/usr/sbin/#$(SBINDIR)/#' $(DESTDIR)$(UNITDIR)/labyrinth-exporter.service

uninstall: ## remove what install put there
	$(call msg,REMOVE,$(DESTDIR)$(SBINDIR)/labyrinth)
	$(Q)rm -f $(DESTDIR)$(SBINDIR)/labyrinth $(DESTDIR)$(BASHDIR)/labyrinth
	$(Q)for file in $(INSTALLED); do rm -f "$(DESTDIR)$${file%:*}/$$(basename "$$file")"; done
	$(Q)rmdir $(OWN_FOLDERS:%=$(DESTDIR)%) 2>/dev/null || :

deb: ## Debian packages, in .output/deb; needs debhelper
	$(Q)scripts/deb $(OUTPUT)/deb

rpm: ## RPM packages, in .output/rpm; needs rpmbuild
	$(Q)scripts/rpm $(OUTPUT)/rpm

# One file to copy to a machine that has none of the libraries. libc is not in it: it loads what serve
# and top need, where that is installed.
MACHINE := $(if $(CROSS_COMPILE),$(firstword $(subst -, ,$(notdir $(CROSS_COMPILE)))),$(shell uname -m))
READELF = $(CROSS_COMPILE)readelf
DIST := $(OUTPUT)/dist/labyrinth-$(VERSION)-$(MACHINE)

dist-binary: $(DIST) ## one file in .output/dist that needs a libc alone

$(DIST): $(OBJECTS) $(OUTPUT)/link.flags
	$(call msg,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -s $(OBJECTS) -static-libgcc -Wl,-Bstatic $(filter-out -lm,$(LIBS)) \
		-Wl,-Bdynamic -lm -o $@
	$(call msg,NEEDS,$$($(READELF) -d $@ | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | xargs) $$($(READELF) -V $@ | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -n 1))

##@ Other
clean: ## remove what was built
	$(Q)rm -rf .output labyrinth

help: ## this list
	@awk -F ':.*## ' '/^##@ / { print (n++ ? "\n" : "") substr($$0, 5) ":" } \
		/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@printf '\nV=1 shows the commands. CC, CLANG, CFLAGS, LDFLAGS, PREFIX and DESTDIR can be set.\n'
