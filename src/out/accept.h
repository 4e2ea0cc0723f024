/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* accept.h - what a client says it takes: Accept and Accept-Encoding, by their q-values. Pure. */
#ifndef LAB_OUT_ACCEPT_H
#define LAB_OUT_ACCEPT_H

#include "out/expo.h"

/* The format for this Accept; NULL: there was none. What suits nobody is the older text. */
enum expo_format accept_format(const char *accept);

/* Does this Accept-Encoding allow gzip? NULL: no. */
bool accept_gzip(const char *encodings);

#endif
