// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* interval.c - see interval.h. */
#include "out/interval.h"

#include <math.h>

/* The 0.975 quantile of the normal distribution. */
#define Z 1.959963984540054

#define PI 3.14159265358979323846

/*
 * G. W. Hill, Algorithm 396: Student's t-quantiles (1970), for a two-tail probability of 0.05.
 * Exact for 1 and 2; six digits and more from 3 on.
 */
static double hill(double n)
{
	const double p = 0.05;
	double a = 1 / (n - 0.5), b = 48 / (a * a);
	double c = ((20700 * a / b - 98) * a - 16) * a + 96.36;
	double d = ((94.5 / (b + c) - 3) / b + 1) * sqrt(a * PI / 2) * n;
	double x = d * p, y = pow(x, 2 / n);

	if (y > 0.05 + a) {
		x = -Z;
		y = x * x;
		if (n < 5)
			c += 0.3 * (n - 4.5) * (x + 0.6);
		c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c;
		y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x;
		y = expm1(a * y * y);
	} else {
		y = ((1 / (((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3) + 0.5 / (n + 4)) *
			     y -
		     1) * (n + 1) /
			    (n + 2) +
		    1 / y;
	}
	return sqrt(n * y);
}

double interval_t(double degrees)
{
	if (degrees <= 1)
		return tan(PI / 2 * 0.95);
	if (degrees < 2) /* between the two, on the safe side */
		return tan(PI / 2 * 0.95);
	if (degrees < 3)
		return sqrt(2 / (0.05 * (2 - 0.05)) - 2);
	return hill(degrees);
}

static double weighted(const struct block *block, unsigned int blocks)
{
	double value = 0, weight = 0;

	for (unsigned int i = 0; i < blocks; i++) {
		value += block[i].value;
		weight += block[i].weight;
	}
	return weight > 0 ? value / weight : 0;
}

struct estimate interval_ratio(const struct block *block, unsigned int blocks)
{
	struct estimate e = {.figure = weighted(block, blocks), .blocks = blocks};
	double weight = 0, sum = 0;

	for (unsigned int i = 0; i < blocks; i++) {
		double rest = block[i].value - e.figure * block[i].weight;

		weight += block[i].weight;
		sum += rest * rest;
	}
	if (blocks > 1 && weight > 0)
		e.variance = sum * blocks / (blocks - 1) / (weight * weight);
	return e;
}

struct estimate interval_of_blocks(double figure, const double *value, unsigned int blocks)
{
	struct estimate e = {.figure = figure, .blocks = blocks};
	double mean = 0, sum = 0;

	for (unsigned int i = 0; i < blocks; i++)
		mean += value[i] / blocks;
	for (unsigned int i = 0; i < blocks; i++)
		sum += (value[i] - mean) * (value[i] - mean);
	if (blocks > 1)
		e.variance = sum / (blocks - 1) / blocks;
	return e;
}

/* Welch and Satterthwaite. */
static double degrees_of(const struct estimate *a, const struct estimate *b)
{
	double sum = a->variance + b->variance;
	double rest = a->variance * a->variance / (a->blocks - 1) +
		      b->variance * b->variance / (b->blocks - 1);

	return rest > 0 ? sum * sum / rest : 1e9;
}

struct difference interval_difference(const struct estimate *before, const struct estimate *after)
{
	struct difference d = {
		.before = before->figure,
		.after = after->figure,
		.change = after->figure - before->figure,
	};
	double half;

	if (before->blocks < 2 || after->blocks < 2)
		return d;
	half = interval_t(degrees_of(before, after)) * sqrt(before->variance + after->variance);
	d.known = true;
	d.low = d.change - half;
	d.high = d.change + half;
	d.exceeds = d.low > 0 || d.high < 0;
	return d;
}
